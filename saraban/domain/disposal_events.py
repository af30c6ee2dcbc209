"""What happens on the way of a list of letters that are to be destroyed (clauses 66 to 70)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class DisposalProposed(DomainEvent):
    """What is due was surveyed and put on a list of form 25."""

    name = "disposal.proposed"
    thing_id: UUID
    year: int
    items: int
    electronic: bool


@dataclass(frozen=True, kw_only=True)
class CommitteeAppointed(DomainEvent):
    """The head appointed the committee, the chair first."""

    name = "disposal.committee-appointed"
    thing_id: UUID
    members: tuple[str, ...]
    order: str


@dataclass(frozen=True, kw_only=True)
class ItemConsidered(DomainEvent):
    """The committee considered a letter: destroy it, or keep it longer."""

    name = "disposal.item-considered"
    thing_id: UUID
    about: UUID
    verdict: str
    until: int | None
    forever: bool


@dataclass(frozen=True, kw_only=True)
class MemberDissented(DomainEvent):
    """A member of the committee is of another mind, and why."""

    name = "disposal.dissented"
    thing_id: UUID
    about: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class MemberAgreed(DomainEvent):
    """A member of the committee stands by what it found; so many of its members do now."""

    name = "disposal.member-agreed"
    thing_id: UUID
    agreed: int
    members: int


@dataclass(frozen=True, kw_only=True)
class CommitteeReported(DomainEvent):
    """The committee laid its report before the head."""

    name = "disposal.reported"
    thing_id: UUID
    destroy: int
    extend: int
    dissents: int


@dataclass(frozen=True, kw_only=True)
class DisposalDecided(DomainEvent):
    """The head decided: so many may be destroyed, the others wait for the next survey."""

    name = "disposal.decided"
    thing_id: UUID
    destroy: int
    kept: int
    exempt: str


@dataclass(frozen=True, kw_only=True)
class SentToArchives(DomainEvent):
    """The list went to the National Archives."""

    name = "disposal.sent"
    thing_id: UUID
    on: date
    number: str


@dataclass(frozen=True, kw_only=True)
class ArchivesSaid(DomainEvent):
    """What the National Archives want done with one letter was written down."""

    name = "disposal.archives-said"
    thing_id: UUID
    about: UUID
    verdict: str
    until: int | None
    forever: bool


@dataclass(frozen=True, kw_only=True)
class ArchivesAnswered(DomainEvent):
    """The National Archives answered."""

    name = "disposal.answered"
    thing_id: UUID
    on: date
    number: str
    agreed: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class OfficersNamed(DomainEvent):
    """Who carries the destruction out."""

    name = "disposal.officers-named"
    thing_id: UUID
    officers: tuple[str, ...]
    way: str


@dataclass(frozen=True, kw_only=True)
class DestructionConfirmed(DomainEvent):
    """One of them confirmed it."""

    name = "disposal.confirmed"
    thing_id: UUID
    left: int


@dataclass(frozen=True, kw_only=True)
class DisposalCarriedOut(DomainEvent):
    """The letters were destroyed; what was on hold stayed."""

    name = "disposal.carried-out"
    thing_id: UUID
    destroyed: int
    held: int


@dataclass(frozen=True, kw_only=True)
class DisposalCancelled(DomainEvent):
    """The list was given up before anything was decided."""

    name = "disposal.cancelled"
    thing_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterDestroyed(DomainEvent):
    """A letter was destroyed by this list: its line of the register stays."""

    name = "keeping.destroyed"
    entry_id: UUID
    list_id: UUID
    files: int


@dataclass(frozen=True, kw_only=True)
class PaperDestroyed(DomainEvent):
    """What was printed of an electronic letter was destroyed by this list; the letter stays."""

    name = "keeping.paper-destroyed"
    entry_id: UUID
    list_id: UUID
    place: str
