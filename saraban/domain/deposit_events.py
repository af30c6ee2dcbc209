"""What happens to letters that are deposited elsewhere (clause 60)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class DepositDrawn(DomainEvent):
    """A unit wants letters kept elsewhere, by form 23."""

    name = "deposit.drawn"
    thing_id: UUID
    keeper: str
    items: int


@dataclass(frozen=True, kw_only=True)
class DepositAccepted(DomainEvent):
    """The keeper took them in and signed."""

    name = "deposit.accepted"
    thing_id: UUID
    acceptor: str


@dataclass(frozen=True, kw_only=True)
class DepositRefused(DomainEvent):
    """They stay where they were, and why."""

    name = "deposit.refused"
    thing_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterDeposited(DomainEvent):
    """A letter is kept there from now on, and still its owner's."""

    name = "deposit.letter-left"
    entry_id: UUID
    list_id: UUID
    keeper: str


@dataclass(frozen=True, kw_only=True)
class LetterTakenBack(DomainEvent):
    """Its owner has it again, by this evidence."""

    name = "deposit.letter-back"
    entry_id: UUID
    list_id: UUID
    evidence: str
