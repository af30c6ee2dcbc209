"""What happens to the books, and what an agency decides for itself."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class BookOpened(DomainEvent):
    """A register was opened with its first number."""

    name = "book.opened"
    thing_id: UUID
    kind: str
    keeper: str
    year: int
    first: int


@dataclass(frozen=True, kw_only=True)
class BookClosed(DomainEvent):
    """A register gives no more numbers."""

    name = "book.closed"
    thing_id: UUID
    kind: str
    keeper: str
    year: int
    last: int


@dataclass(frozen=True, kw_only=True)
class BookReopened(DomainEvent):
    """A register that was ended by mistake gives numbers again, after the last it gave."""

    name = "book.reopened"
    thing_id: UUID
    kind: str
    keeper: str
    year: int
    last: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OptionsSet(DomainEvent):
    """The agency decided something that the regulation leaves to it."""

    name = "agency.options-set"
    thing_id: UUID
    seal_in_file: bool
    postage_permit: str
