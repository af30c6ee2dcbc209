"""What happens when a letter is passed round to be read."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class LetterCirculated(DomainEvent):
    """A letter, outgoing or incoming, was sent to people of the agency to be read: to what was chosen, so many."""

    name = "circulation.begun"
    letter_id: UUID | None
    incoming_id: UUID | None
    circulation_id: UUID
    asks: str
    to: tuple[str, ...]
    readers: int
    note: str


@dataclass(frozen=True, kw_only=True)
class ReaderNoted(DomainEvent):
    """A reader noted the letter. It stands in the list of readers (`thing_id`), not among what happened to the letter:
    hundreds of them would hide the rest."""

    name = "circulation.noted"
    thing_id: UUID
    about_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReadersReminded(DomainEvent):
    """So many who had not noted it were reminded."""

    name = "circulation.reminded"
    letter_id: UUID | None
    incoming_id: UUID | None
    circulation_id: UUID
    readers: int


@dataclass(frozen=True, kw_only=True)
class CirculationStopped(DomainEvent):
    """The sender took it back from so many who had not opened it."""

    name = "circulation.stopped"
    letter_id: UUID | None
    incoming_id: UUID | None
    circulation_id: UUID
    readers: int


@dataclass(frozen=True, kw_only=True)
class ReadersExported(DomainEvent):
    """The list of who has read a letter was taken out as a table."""

    name = "circulation.exported"
    letter_id: UUID | None
    incoming_id: UUID | None
    readers: int


@dataclass(frozen=True, kw_only=True)
class ReaderGroupKept(DomainEvent):
    """A group of readers was made or changed."""

    name = "reader-group.kept"
    thing_id: UUID
    called: str
    words: int


@dataclass(frozen=True, kw_only=True)
class ReaderGroupRetired(DomainEvent):
    """A group of readers was taken away."""

    name = "reader-group.retired"
    thing_id: UUID
    called: str
