"""What happens when a sender reminds us of a letter."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class IncomingReminded(DomainEvent):
    """The sender of an incoming letter asked by mail that it be registered; for which time, and in its words. The mail
    has no seal and moves nothing."""

    name = "incoming.reminded"
    incoming_id: UUID
    time: int
    text: str
    raw: str
