"""What happens to a batch of an officer's desk; what happens to each letter of it is told of the letter."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class BatchPrepared(DomainEvent):
    """An officer ticked letters of his desk, to sign or endorse them one after the other."""

    name = "desk.batch-prepared"
    thing_id: UUID
    deed: str
    letters: int


@dataclass(frozen=True, kw_only=True)
class BatchBegun(DomainEvent):
    """An officer let a list of letters be signed or endorsed one after the other, or let it go on."""

    name = "desk.batch-begun"
    thing_id: UUID
    deed: str
    letters: int
