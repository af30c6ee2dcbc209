"""The legal books, their closes and what hangs on them, as use cases see them. `storage` implements these Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.closing import DayClose, LedgerLine, YearClose
from saraban.domain.register import Book, BookId, BookKind, Correction, EntryId, EntryState, RegisterEntry


@dataclass(frozen=True)
class Phrase:
    """What a clerk wrote, to be offered again: `field` is "sender", "addressee" or "subject"; a subject stands `beside`
    its sender. `number_head` is the sender's last letter number without its running number."""

    field: str
    text: str
    beside: str = ""
    number_head: str = ""


@dataclass(frozen=True)
class LedgerFault:
    """Something that does not hold in the ledger: the book's name, the number (0 when it is about no single one), the
    day, and Thai words."""

    book: str
    serial: int
    reason: str
    day: date | None = None


class Ledgers(Protocol):
    """Checks lines against their ledger, the ledger against the journal, and days against their sealed roots."""

    def faults(self, agency_id: AgencyId) -> Sequence[LedgerFault]:
        """Everything that does not hold; nothing when all does."""
        ...


class Registers(Protocol):
    """The legal books."""

    def take(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None, year: int) -> tuple[BookId, int]:
        """The next number of the book; locks the book until commit. The receiving and sending books of an agency open
        by themselves, others in the year after one that was kept. Raises RuleBroken (book-not-open, book-closed)."""
        ...

    def take_block(
        self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None, year: int, count: int
    ) -> tuple[BookId, int]:
        """The first of `count` numbers in a row."""
        ...

    def keeps(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None) -> bool:
        """True when the unit (or the agency, for None) keeps such a book: its newest one was not ended."""
        ...

    def open(self, book: Book) -> None: ...
    def book(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None, year: int) -> Book | None: ...
    def book_of(self, entry: RegisterEntry) -> Book: ...
    def books_of(self, agency_id: AgencyId, year: int) -> Sequence[Book]: ...
    def end(self, book: Book, at: datetime, *, for_good: bool) -> None:
        """Close a book; `for_good` when none follows it in the next year."""
        ...

    def get(self, agency_id: AgencyId, entry_id: EntryId) -> RegisterEntry:
        """A line with its files, held until commit; NotFound when it is another agency's."""
        ...

    def by_serial(self, book_id: BookId, serial: int) -> RegisterEntry | None: ...
    def enter(self, *entries: RegisterEntry) -> None: ...
    def save(self, entry: RegisterEntry) -> None: ...
    def correct(self, corrections: Sequence[Correction]) -> None: ...
    def of_subject(self, agency_id: AgencyId, subject: UUID, state: EntryState) -> RegisterEntry | None: ...
    def reserved_before(self, moment: datetime, limit: int) -> Sequence[RegisterEntry]:
        """Lines reserved for a letter of the system before that moment and still without their page."""
        ...

    def same_letter(
        self, agency_id: AgencyId, kind: BookKind, number: str, sender: str, year: int | None
    ) -> Sequence[RegisterEntry]:
        """Lines of such books that name the same number of the same sender, dated in the same year (CE), not void."""
        ...

    def place_stamp(self, entry_id: EntryId, left_mm: float, top_mm: float) -> None: ...
    def stamp_place(self, entry_id: EntryId) -> tuple[float, float] | None: ...
    def learn(self, agency_id: AgencyId, phrases: Sequence[Phrase], at: datetime) -> None:
        """Count phrases up, to be offered as others type."""
        ...


@dataclass(frozen=True)
class OpenDay:
    """What a close has to cover: the day, the ledger's lines in order, and the journal's head that they lie below."""

    day: date
    lines: Sequence[LedgerLine]
    until_seq: int
    head: Digest


class Closes(Protocol):
    """Daily and yearly closes, and the witnesses of them."""

    def add(self, close: DayClose) -> None: ...
    def last(self, agency_id: AgencyId) -> DayClose | None: ...
    def open_days(self, agency_id: AgencyId, until: date) -> Sequence[date]:
        """Days up to `until` with lines of the ledger that no close covers, the oldest first."""
        ...

    def to_cover(self, agency_id: AgencyId, day: date) -> OpenDay:
        """The lines up to that day that no close covers yet."""
        ...

    def unstamped(self, limit: int) -> Sequence[DayClose]: ...
    def stamp(self, close: DayClose, token: bytes) -> None: ...
    def add_year(self, close: YearClose) -> None: ...
    def year(self, agency_id: AgencyId, year: int) -> YearClose | None: ...
    def witness(
        self,
        agency_id: AgencyId,
        other_code: str,
        *,
        given: bool,
        day: date,
        root: Digest,
        receipt_id: UUID,
        raw: Digest,
        at: datetime,
    ) -> bool:
        """Keep that a root went out or came in; False when this very one was kept before."""
        ...


@dataclass(eq=False)
class Reconciliation:
    """A comparison with another agency. `ours`: we asked; `request` and `answer` are the wire's objects; `owes` is what
    the worker still has to seal and send: "request", "answer" or nothing."""

    id: UUID
    agency_id: AgencyId
    other_code: str
    other_name: str
    ours: bool
    request_id: UUID
    since: date
    until: date
    asked_at: datetime
    asked_by: str
    request: dict[str, Any]
    answer: dict[str, Any] | None = None
    answered_at: datetime | None = None
    owes: str = ""
    raw: Digest | None = None


class Reconciliations(Protocol):
    """Comparisons with other agencies."""

    def add(self, one: Reconciliation) -> None: ...
    def get(self, agency_id: AgencyId, reconciliation_id: UUID) -> Reconciliation: ...
    def find(self, agency_id: AgencyId, other_code: str, request_id: UUID) -> Reconciliation | None: ...
    def save(self, one: Reconciliation) -> None: ...
    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Reconciliation]:
        """Lease those that owe a message."""
        ...

    def sent_to(
        self, agency_id: AgencyId, other_code: str, since: date, until: date, limit: int
    ) -> list[dict[str, Any]]:
        """Dispatches of the agency to the other, issued in the period, as items of the wire."""
        ...

    def received_from(
        self, agency_id: AgencyId, other_code: str, since: date, until: date, limit: int
    ) -> list[dict[str, Any]]:
        """Letters that came from the other in the period, as items of the wire."""
        ...


@dataclass(eq=False)
class Errand:
    """A piece of work that the worker does for a person: `kind` names the work and `order` holds what it needs. `state`
    is "waiting", "running", "done" or "failed"; `result` the bytes it made, if any."""

    id: UUID
    agency_id: AgencyId
    person_id: PersonId
    kind: str
    title: str
    order: dict[str, Any]
    made_at: datetime
    state: str = "waiting"
    done: int = 0
    total: int = 0
    problem: str = ""
    file_name: str = ""
    media_type: str = ""
    result: Digest | None = None
    ended_at: datetime | None = None
    attempts: int = 0


class Errands(Protocol):
    """Work in the background."""

    def add(self, errand: Errand) -> None: ...
    def get(self, agency_id: AgencyId, errand_id: UUID) -> Errand: ...
    def claim(self, now: datetime, lease: timedelta) -> Errand | None:
        """Lease the oldest that waits, or that a worker left behind; attempts grows by one."""
        ...

    def progress(self, errand: Errand, now: datetime, lease: timedelta) -> None:
        """Write how far it is and keep the lease."""
        ...

    def save(self, errand: Errand) -> None: ...
