"""The legal books, their closes and what hangs on them, as use cases see them. `storage` implements these Protocols."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.closing import CloseId, DayClose, DaySummary, YearClose
from saraban.domain.phrases import Phrase as Phrase
from saraban.domain.reconciliation import ReconcileItem
from saraban.domain.register import Book, BookId, BookKind, Correction, EntryId, EntryState, RegisterEntry


@dataclass(frozen=True)
class LedgerFault:
    """Something that does not hold: the book's name, the number (0 when it is about no single one), the day, and Thai
    words. `entry_id` is the line, where it is still there; `secret` marks faults in a register of classified
    information; `book_id` is the book where there is one."""

    book: str
    serial: int
    reason: str
    day: date | None = None
    entry_id: UUID | None = None
    secret: bool = False
    book_id: UUID | None = None


@dataclass(frozen=True)
class BookCheck:
    """One book and whether its numbers add up. `begins` is the number it began with here; `first` and `last` the ends
    of what was given, `first` None when nothing was. `before` counts letters from before the system, `late` those that
    were entered on a later day. `gaps`: numbers from the beginning to the last one without a line; `duplicates`:
    numbers with two lines, or whose letter number stands twice in the agency's year; `out_of_order`: numbers taken
    before a smaller one, above the book's last, or below its beginning without being from before the system. At most
    1,000 faults of a sort are told."""

    book_id: UUID
    kind: BookKind
    keeper: str
    year: int
    begins: int
    first: int | None
    last: int
    used: int
    reserved: int
    void: int
    before: int = 0
    corrected: int = 0
    late: int = 0
    gaps: Sequence[int] = ()
    duplicates: Sequence[int] = ()
    out_of_order: Sequence[int] = ()

    @property
    def sound(self) -> bool:
        """True when nothing is wrong."""
        return not (self.gaps or self.duplicates or self.out_of_order)


class Ledgers(Protocol):
    """Checks books, lines against their ledger, the ledger against the journal, and days against their sealed roots."""

    def books(self, agency_id: AgencyId, year: int | None = None) -> Sequence[BookCheck]:
        """Each book of the agency (of one year), by year, kind and keeper."""
        ...

    def lines(self, agency_id: AgencyId) -> int:
        """How many lines there are to check."""
        ...

    def faults(self, agency_id: AgencyId, told: Callable[[int], None] | None = None) -> Sequence[LedgerFault]:
        """Everything that does not hold; nothing when all does. `told` hears how many lines were read so far."""
        ...

    def days(self, agency_id: AgencyId) -> Iterator[DayClose]:
        """Every close of a day, the oldest first."""
        ...


@dataclass(frozen=True)
class ComparedLine:
    """A line as far as letters are compared with it, to find the same one."""

    id: EntryId
    serial: int
    year: int
    number: str
    sender: str
    letter_date: date | None
    subject: str
    corrected: int


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
    def newest(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None) -> Book | None:
        """The keeper's book of the latest year, ended or not."""
        ...

    def book_of(self, entry: RegisterEntry) -> Book: ...
    def books_of(self, agency_id: AgencyId, year: int) -> Sequence[Book]: ...
    def end(self, book: Book, at: datetime, *, for_good: bool) -> None:
        """Close a book; `for_good` when none follows it in the next year."""
        ...

    def reopen(self, book: Book) -> None:
        """It gives numbers again, and one follows it in the next year."""
        ...

    def letter_numbers(self, book: Book) -> Iterator[tuple[int, str]]:
        """The numbers of a book's lines with what is written on their letters, the highest first."""
        ...

    def get(self, agency_id: AgencyId, entry_id: EntryId) -> RegisterEntry:
        """A line with its files, held until commit; NotFound when it is another agency's."""
        ...

    def by_serial(self, book_id: BookId, serial: int) -> RegisterEntry | None: ...
    def by_serials(self, book_id: BookId, serials: Sequence[int]) -> Sequence[RegisterEntry]:
        """Which of these numbers have lines; they come without their files and are not held."""
        ...

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

    def of_numbers(self, agency_id: AgencyId, kind: BookKind, numbers: Sequence[str]) -> Sequence[RegisterEntry]:
        """Open lines of such books with one of these letter numbers, not void, the newest first."""
        ...

    def of_subjects(
        self, agency_id: AgencyId, kind: BookKind, day: date | None, subjects: Sequence[str]
    ) -> Sequence[RegisterEntry]:
        """Open lines, not void, of letters of that day with one of these subjects to the letter; none for no day."""
        ...

    def of_files(self, agency_id: AgencyId, digests: Sequence[Digest]) -> Sequence[RegisterEntry]:
        """Open lines, not void, whose scans or whose letter's files have one of these digests."""
        ...

    def about(
        self, agency_id: AgencyId, kind: BookKind, day: date | None, *, unnumbered: bool = False
    ) -> Sequence[ComparedLine]:
        """Open lines of letters dated about that day (the newest lines for None), not void; a bounded number. With
        `unnumbered` only those without a letter number."""
        ...

    def place_stamp(self, entry_id: EntryId, left_mm: float, top_mm: float) -> None: ...
    def stamp_place(self, entry_id: EntryId) -> tuple[float, float] | None: ...
    def keep_sealed(self, entry_id: EntryId, left_mm: float, top_mm: float, sealed: Digest) -> None:
        """Keep the copy that the agency sealed inside, and where its stamp stands; another place forgets it."""
        ...

    def sealed_copy(self, entry_id: EntryId) -> Digest | None: ...
    def learn(self, agency_id: AgencyId, phrases: Sequence[Phrase], at: datetime) -> None:
        """Count phrases up, to be offered as others type."""
        ...

    def unlearn(self, agency_id: AgencyId, phrases: Sequence[Phrase]) -> None:
        """Count phrases down: a line no longer says them, or they may no longer be offered. What was written but once
        is forgotten."""
        ...


@dataclass(frozen=True)
class RegistersCheck:
    """A check of everything as it was kept for the screens: who ordered it ("" for the nightly one), how many lines,
    and how many faults; `report` is JSON."""

    agency_id: AgencyId
    began_at: datetime
    ended_at: datetime
    by: str
    lines: int
    faults: int
    report: dict[str, Any]


class Closes(Protocol):
    """Daily and yearly closes, the witnesses of them, and the last check of everything."""

    def add(self, close: DayClose, after: DayClose | None) -> None:
        """Keep a day's close that follows `after`. Raises ConcurrentEdit when somebody has closed a day since."""
        ...

    def last(self, agency_id: AgencyId, until: date | None = None) -> DayClose | None:
        """The newest close (up to a day)."""
        ...

    def day(self, agency_id: AgencyId, day: date) -> DayClose:
        """The close of a day; NotFound when there is none."""
        ...

    def open_days(self, agency_id: AgencyId, until: date) -> Sequence[date]:
        """Days with lines that no close covers, the oldest first; a line written after its day was closed belongs to
        the first day after the last close that is not later than `until`."""
        ...

    def to_cover(self, agency_id: AgencyId, day: date) -> DaySummary:
        """What a close of that day has to say: the books in which something happened that no close covers yet, and the
        journal's head."""
        ...

    def stamp(self, close_id: CloseId, token: bytes) -> None:
        """Add the time-stamp of a day that has none."""
        ...

    def trouble(self, agency_id: AgencyId, reason: str, at: datetime) -> None:
        """Write down in Thai why a day could not be closed or stamped, for the screens; "" when it could."""
        ...

    def counts(self, agency_id: AgencyId, year: int) -> Sequence[BookCheck]:
        """How the lines of each book of that year stand, without a search for faults."""
        ...

    def reserved(self, agency_id: AgencyId, year: int) -> Sequence[tuple[BookKind, int]]:
        """How many reserved numbers of that year wait for their letters, by book."""
        ...

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
        previous: Digest | None,
        receipt_id: UUID,
        raw: Digest,
        at: datetime,
    ) -> bool:
        """Keep that a root went out or came in; False when this very one was kept before."""
        ...

    def keep_check(self, check: RegistersCheck) -> None:
        """Keep the newest check of an agency."""
        ...

    def checked_at(self, agency_id: AgencyId) -> datetime | None:
        """When the newest check began."""
        ...


@dataclass(eq=False)
class Reconciliation:
    """A comparison with another agency. `ours`: we asked; `request` and `answer` are the wire's objects, and
    `request_sha256` is of the request's bytes; `owes` is what the worker still has to seal and send: "request",
    "answer" or nothing. `own` holds our lists ("sent", "received") when the answer came, `differences` how many were
    found, and `repeats` the moments at which it was asked once more. `raw` is the message in which the other's part
    came."""

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
    request_sha256: Digest
    answer: dict[str, Any] | None = None
    answered_at: datetime | None = None
    own: dict[str, Any] | None = None
    differences: int | None = None
    repeats: list[str] = field(default_factory=list)
    owes: str = ""
    raw: Digest | None = None


class Reconciliations(Protocol):
    """Comparisons with other agencies."""

    def add(self, one: Reconciliation) -> None: ...
    def get(self, agency_id: AgencyId, reconciliation_id: UUID) -> Reconciliation:
        """One of the agency's, held until commit; NotFound otherwise."""
        ...

    def find(self, agency_id: AgencyId, other_code: str, request_id: UUID) -> Reconciliation | None:
        """The one of a request, held until commit."""
        ...

    def save(self, one: Reconciliation) -> None: ...
    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Reconciliation]:
        """Lease those that owe a message."""
        ...

    def paid(self, one: Reconciliation) -> bool:
        """The message that it owes is sealed; False when another worker did so before."""
        ...

    def times_asked(self, agency_id: AgencyId, other_code: str, *, ours: bool, after: datetime) -> int:
        """How often we asked the other (or it asked us) after that moment, repeats counted."""
        ...

    def silent(self, asked_before: datetime, limit: int) -> Sequence[Reconciliation]:
        """Requests of ours from before that moment without an answer, sent once."""
        ...

    def sent_to(self, agency_id: AgencyId, other_code: str, since: date, until: date) -> Sequence[ReconcileItem]:
        """Dispatches of the agency to the other, issued in the period, the oldest first."""
        ...

    def received_from(self, agency_id: AgencyId, other_code: str, since: date, until: date) -> Sequence[ReconcileItem]:
        """Letters that came from the other, issued in the period, each dispatch once, the oldest first."""
        ...


@dataclass(eq=False)
class Errand:
    """A piece of work that the worker does for a person: `kind` names the work and `order` holds what it needs. `state`
    is "waiting", "running", "done" or "failed"; `result` the bytes it made, if any, until they are taken away (its
    `file_name` stays); `faults` how much was left for a person to mend."""

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
    faults: int = 0


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

    def with_results(
        self, ended_before: datetime | None, most: int | None, *, agency_id: AgencyId | None = None, kind: str = ""
    ) -> Sequence[Errand]:
        """Errands whose file can be fetched: that ended before a moment, of an agency, of one kind, so many at most."""
        ...

    def lose(self, results: Collection[Digest]) -> None:
        """These files are gone: the errands that made them have none any more."""
        ...

    def note(self, errand: Errand) -> None:
        """Write down what its order holds now, and nothing else of it."""
        ...

    def save(self, errand: Errand) -> None: ...
