"""What happens to groups of receivers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class GroupKept(DomainEvent):
    """A group of receivers was made or changed; how many are in it now."""

    name = "group.kept"
    thing_id: UUID
    called: str
    members: int


@dataclass(frozen=True, kw_only=True)
class GroupRetired(DomainEvent):
    """A group of receivers was taken away."""

    name = "group.retired"
    thing_id: UUID
    called: str
