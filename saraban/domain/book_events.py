"""What happens to the books, and what an agency decides for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saraban.domain.attachment import Digest
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
    salutations: str
    seal_issued: bool
    certifiers: str
    arabic_digits: bool
    verifiable: bool
    unmarked_forms: str
    verify_subject: bool
    answer_mail: bool
    tell_completed: bool
    due_most_urgent: int
    due_very_urgent: int
    due_urgent: int
    due_normal: int
    near_days: int
    escalate_days: int
    digest: bool
    digest_at: str
    urgent_mail: bool
    link_hosts: str
    petitions: bool
    petition_days: int
    number_marks: str
    lookup_keep_days: int
    lookup_wait_days: int
    lookup_most_a_day: int
    ministry: str


@dataclass(frozen=True, kw_only=True)
class EmblemSet(DomainEvent):
    """The agency's emblem was put in place: `sha256` of what is printed, `original` of what was brought."""

    name = "agency.emblem-set"
    thing_id: UUID
    file_name: str
    original: Digest
    sha256: Digest


@dataclass(frozen=True, kw_only=True)
class EmblemRemoved(DomainEvent):
    """The agency's emblem was taken away; the stand-in is printed again."""

    name = "agency.emblem-removed"
    thing_id: UUID
    sha256: Digest


@dataclass(frozen=True, kw_only=True)
class AddressSet(DomainEvent):
    """The agency's address, as its letters have it from now on."""

    name = "agency.address-set"
    thing_id: UUID
    address: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UnitReached(DomainEvent):
    """A unit has another telephone or mail address."""

    name = "unit.reached"
    thing_id: UUID
    unit: str
    phone: str
    email: str


@dataclass(frozen=True, kw_only=True)
class JournalExported(DomainEvent):
    """A part of the journal was taken away: the days, both inclusive, and how many lines."""

    name = "journal.exported"
    since: date
    until: date
    lines: int
