"""The legal books: numbers are taken by one locking statement in the transaction that enters the line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Date, bindparam, exists, false, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.book import book_not_open
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.register import Book, BookId, BookKind, Correction, EntryId, EntryState, RegisterEntry
from saraban.domain.similarity import same_sender
from saraban.storage import likeness, phrases
from saraban.storage.files import files_of, write_files
from saraban.storage.search import entry_text, number_key
from saraban.storage.shelves import Row, Shelf, plain_shelf
from saraban.storage.tables.letters import letters
from saraban.storage.tables.people import units
from saraban.storage.tables.registers import books, corrections, entries, stamp_places
from saraban.usecases.registry import ComparedLine, Phrase

NEXT_NUMBER = (
    update(books)
    .where(
        books.c.keeper_id == bindparam("keeper"),
        books.c.kind == bindparam("of_kind"),
        books.c.year == bindparam("of_year"),
        books.c.closed_at.is_(None),
    )
    .values(last=books.c.last + bindparam("how_many"))
    .returning(books.c.id, books.c.last)
)
_BOOK = select(books).where(
    books.c.keeper_id == bindparam("keeper"), books.c.kind == bindparam("of_kind"), books.c.year == bindparam("of_year")
)
_UNIT_GONE = func.coalesce(units.c.until < bindparam("day", type_=Date), false())
_NEWEST = (
    select(or_(books.c.ended, _UNIT_GONE))
    .select_from(books.outerjoin(units, units.c.id == books.c.unit_id))
    .where(books.c.keeper_id == bindparam("keeper"), books.c.kind == bindparam("of_kind"))
    .order_by(books.c.year.desc())
    .limit(1)
)
_LATEST = (
    select(books)
    .where(books.c.keeper_id == bindparam("keeper"), books.c.kind == bindparam("of_kind"))
    .order_by(books.c.year.desc())
    .limit(1)
)
_EARLIER = _NEWEST.where(books.c.year < bindparam("of_year"))
_OF_YEAR = select(books).where(books.c.agency_id == bindparam("agency"), books.c.year == bindparam("of_year"))
# A line has no version: whoever means to change it holds its row (PostgreSQL; SQLite has one writer at a time).
_BY_ID = (
    select(entries)
    .where(entries.c.id == bindparam("entry"), entries.c.agency_id == bindparam("agency"))
    .with_for_update()
)
_BY_SERIAL = (
    select(entries)
    .where(entries.c.book_id == bindparam("book"), entries.c.serial == bindparam("number"))
    .with_for_update()
)
_BY_SERIALS = select(entries).where(
    entries.c.book_id == bindparam("book"), entries.c.serial.in_(bindparam("numbers", expanding=True))
)
_SUBJECT = (
    select(entries)
    .where(
        entries.c.agency_id == bindparam("agency"),
        entries.c.subject_of == bindparam("subject"),
        entries.c.state == bindparam("in_state"),
    )
    .with_for_update()
)
_RESERVED = (
    select(entries)
    .where(
        entries.c.state == EntryState.RESERVED,
        entries.c.subject_of.is_not(None),
        entries.c.at < bindparam("before"),
        # A page that some have signed keeps its number and its date until the others have, too.
        ~exists().where(letters.c.id == entries.c.subject_of, letters.c.part_signed.is_not(None)),
    )
    .order_by(entries.c.at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_NUMBERS = (
    select(entries.c.serial, entries.c.number)
    .where(entries.c.book_id == bindparam("book"))
    .order_by(entries.c.serial.desc())
    .execution_options(yield_per=500)
)
_CORRECTED = select(func.count()).select_from(corrections).where(corrections.c.entry_id == bindparam("entry"))
_PLACE = select(stamp_places).where(stamp_places.c.entry_id == bindparam("entry"))
_DERIVED = ("search_text", "number_key")
_FIELDS = [c.name for c in entries.c if c.name not in _DERIVED]


def _row(entry: RegisterEntry) -> dict[str, object]:
    row = {name: getattr(entry, name) for name in _FIELDS}
    shown = entry.secrecy.is_open and not entry.kind.secret
    row["number_key"] = number_key(entry.number) if shown else ""
    row["search_text"] = _words_of(entry) if shown else ""
    return row


def _words_of(entry: RegisterEntry) -> str:
    said = (entry.subject, entry.sender, entry.addressee, str(entry.serial), entry.practice, entry.note)
    return entry_text(entry.number, *said)


def entry_of(row: Row) -> RegisterEntry:
    """The line of a row of `entries`, without its files."""
    return RegisterEntry(**{name: row[name] for name in _FIELDS})


_entries: Shelf[RegisterEntry] = Shelf(entries, to_row=_row, from_row=entry_of)
_books: Shelf[Book] = plain_shelf(books, Book)


class RegisterBooks:
    """Registers on the shelf (usecases.registry.Registers)."""

    def __init__(self, connection: Connection, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._now = now
        self._insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert
        self._read_files: dict[UUID, int] = {}

    def take(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None, year: int) -> tuple[BookId, int]:
        """The next number; the book's row stays locked until the transaction ends, so no number is lost or doubled."""
        return self.take_block(agency_id, kind, unit_id, year, 1)

    def take_block(
        self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None, year: int, count: int
    ) -> tuple[BookId, int]:
        """The first of `count` numbers in a row."""
        keeper: UUID = unit_id or agency_id
        values = {"keeper": keeper, "of_kind": kind, "of_year": year, "how_many": count}
        row = self._connection.execute(NEXT_NUMBER, values).first()
        if row is None:
            self._open_by_itself(agency_id, kind, unit_id, year)
            row = self._connection.execute(NEXT_NUMBER, values).first()
        if row is None:
            raise RuleBroken(f"{kind.thai} ปี {year} ปิดแล้ว ออกเลขไม่ได้", code="book-closed")
        return BookId(row.id), row.last - count + 1

    def keeps(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None) -> bool:
        """True when the keeper's newest book of the kind was not ended, and the unit is still there."""
        values = {"keeper": unit_id or agency_id, "of_kind": kind, "day": office_date(self._now())}
        ended = self._connection.execute(_NEWEST, values).scalar()
        return (kind.opens_by_itself and unit_id is None) if ended is None else not ended

    def open(self, book: Book) -> None:
        """Put a new book on the shelf."""
        row = {**vars(book), "keeper_id": book.keeper_id, "ended": False}
        self._connection.execute(insert(books), row)

    def book(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None, year: int) -> Book | None:
        """The keeper's book of a year."""
        values = {"keeper": unit_id or agency_id, "of_kind": kind, "of_year": year}
        found = _books.find(self._connection, _BOOK, values)
        return found[0] if found and found[0].agency_id == agency_id else None

    def newest(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None) -> Book | None:
        """The keeper's book of the latest year."""
        found = _books.find(self._connection, _LATEST, {"keeper": unit_id or agency_id, "of_kind": kind})
        return found[0] if found and found[0].agency_id == agency_id else None

    def book_of(self, entry: RegisterEntry) -> Book:
        """The book in which a line stands."""
        return _books.get(self._connection, entry.book_id)

    def books_of(self, agency_id: AgencyId, year: int) -> Sequence[Book]:
        """Every book of the agency of that year, by kind and keeper."""
        found = _books.find(self._connection, _OF_YEAR, {"agency": agency_id, "of_year": year})
        order = list(BookKind)
        return sorted(found, key=lambda b: (order.index(b.kind), b.unit_id is not None, str(b.unit_id)))

    def end(self, book: Book, at: datetime, *, for_good: bool) -> None:
        """Close a book, if it is not closed yet; `for_good` when none follows it."""
        book.closed_at = book.closed_at or at
        statement = update(books).where(books.c.id == book.id)
        self._connection.execute(statement.values(closed_at=book.closed_at, ended=for_good))

    def reopen(self, book: Book) -> None:
        """It is neither closed nor ended any more."""
        book.closed_at = None
        self._connection.execute(update(books).where(books.c.id == book.id).values(closed_at=None, ended=False))

    def letter_numbers(self, book: Book) -> Iterator[tuple[int, str]]:
        """The numbers of a book's lines with what is written on their letters, the highest first; a few are read at a
        time."""
        with self._connection.execute(_NUMBERS, {"book": book.id}) as rows:
            for row in rows:
                yield row.serial, row.number

    def get(self, agency_id: AgencyId, entry_id: EntryId) -> RegisterEntry:
        """A line with its files, held until commit."""
        found = _entries.find(self._connection, _BY_ID, {"entry": entry_id, "agency": agency_id})
        if not found:
            raise NotFound
        return self._with_files(found[0])

    def by_serial(self, book_id: BookId, serial: int) -> RegisterEntry | None:
        """The line of a number, with its files, held until commit."""
        found = _entries.find(self._connection, _BY_SERIAL, {"book": book_id, "number": serial})
        return self._with_files(found[0]) if found else None

    def by_serials(self, book_id: BookId, serials: Sequence[int]) -> Sequence[RegisterEntry]:
        """The lines of these numbers, without their files and not held."""
        return _entries.find(self._connection, _BY_SERIALS, {"book": book_id, "numbers": list(serials)})

    def enter(self, *lines: RegisterEntry) -> None:
        """Write lines."""
        _entries.add(self._connection, *lines)
        for entry in lines:
            if entry.files:
                write_files(self._connection, entry.agency_id, entry.id, entry.files)

    def save(self, entry: RegisterEntry) -> None:
        """Write a line back (its number never changes); files that were added are added."""
        _entries.save(self._connection, entry)
        known = self._read_files.get(entry.id, 0)
        if len(entry.files) > known:
            write_files(self._connection, entry.agency_id, entry.id, entry.files, since=known)
            self._read_files[entry.id] = len(entry.files)

    def correct(self, made: Sequence[Correction]) -> None:
        """Keep what columns said before."""
        if not made:
            return
        known = self._connection.execute(_CORRECTED, {"entry": made[0].entry_id}).scalar_one()
        rows = [{**vars(c), "ordinal": known + place} for place, c in enumerate(made)]
        self._connection.execute(insert(corrections), rows)

    def of_subject(self, agency_id: AgencyId, subject: UUID, state: EntryState) -> RegisterEntry | None:
        """The line of a letter in that state, if there is one. Lines of letters in the system have no files."""
        found = _entries.find(self._connection, _SUBJECT, {"agency": agency_id, "subject": subject, "in_state": state})
        return found[0] if found else None

    def reserved_before(self, moment: datetime, limit: int) -> Sequence[RegisterEntry]:
        """Lines reserved for a letter of the system before that moment and still without their page."""
        return _entries.find(self._connection, _RESERVED, {"before": moment, "most": limit})

    def same_letter(
        self, agency_id: AgencyId, kind: BookKind, number: str, sender: str, year: int | None
    ) -> Sequence[RegisterEntry]:
        """Lines of such books with the same number and sender whose letters are dated in the same year (CE)."""
        return [
            entry
            for entry in self.of_numbers(agency_id, kind, [number])
            if same_sender(entry.sender, sender)
            and (year is None or entry.letter_date is None or entry.letter_date.year == year)
        ]

    def of_numbers(self, agency_id: AgencyId, kind: BookKind, numbers: Sequence[str]) -> Sequence[RegisterEntry]:
        """Open lines of such books with one of these letter numbers, the newest first."""
        return _entries.read(likeness.by_number(self._connection, agency_id, kind, numbers))

    def of_subjects(
        self, agency_id: AgencyId, kind: BookKind, day: date | None, subjects: Sequence[str]
    ) -> Sequence[RegisterEntry]:
        """Open lines of letters of that day with one of these subjects."""
        return _entries.read(likeness.by_subject(self._connection, agency_id, kind, day, subjects)) if day else []

    def of_files(self, agency_id: AgencyId, digests: Sequence[Digest]) -> Sequence[RegisterEntry]:
        """Open lines whose scans or whose letter's files have one of these digests."""
        return _entries.read(likeness.by_files(self._connection, agency_id, digests))

    def about(
        self, agency_id: AgencyId, kind: BookKind, day: date | None, *, unnumbered: bool = False
    ) -> Sequence[ComparedLine]:
        """Open lines of letters dated about that day; the newest for None."""
        return likeness.compared(self._connection, agency_id, kind, day, unnumbered=unnumbered)

    def place_stamp(self, entry_id: EntryId, left_mm: float, top_mm: float) -> None:
        """Where the receiving stamp of a line stands on its page; a copy sealed with it elsewhere is forgotten."""
        self._put_stamp(entry_id, {"left_mm": left_mm, "top_mm": top_mm, "sealed": None})

    def stamp_place(self, entry_id: EntryId) -> tuple[float, float] | None:
        """Where the clerk put the stamp, if anywhere."""
        row = self._connection.execute(_PLACE, {"entry": entry_id}).first()
        return (row.left_mm, row.top_mm) if row is not None else None

    def keep_sealed(self, entry_id: EntryId, left_mm: float, top_mm: float, sealed: Digest) -> None:
        """Keep the copy that the agency sealed inside, and where its stamp stands."""
        self._put_stamp(entry_id, {"left_mm": left_mm, "top_mm": top_mm, "sealed": sealed})

    def sealed_copy(self, entry_id: EntryId) -> Digest | None:
        """The copy that the agency sealed inside, if one was made with the stamp where it stands now."""
        row = self._connection.execute(_PLACE, {"entry": entry_id}).first()
        return row.sealed if row is not None else None

    def _put_stamp(self, entry_id: EntryId, row: dict[str, object]) -> None:
        statement = self._insert(stamp_places).values(entry_id=entry_id, **row)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["entry_id"], set_=row))

    def learn(self, agency_id: AgencyId, said: Sequence[Phrase], at: datetime) -> None:
        """Count phrases up."""
        phrases.learn(self._connection, agency_id, said, at)

    def unlearn(self, agency_id: AgencyId, said: Sequence[Phrase]) -> None:
        """Count phrases down, and forget those that nobody else wrote."""
        phrases.unlearn(self._connection, agency_id, said)

    def _open_by_itself(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None, year: int) -> None:
        keeper = unit_id or agency_id
        if self._connection.execute(_BOOK, {"keeper": keeper, "of_kind": kind, "of_year": year}).first() is not None:
            return  # it is there and closed
        before = self._connection.execute(
            _EARLIER, {"keeper": keeper, "of_kind": kind, "of_year": year, "day": office_date(self._now())}
        ).scalar()
        always = kind.opens_by_itself and unit_id is None
        if before or (before is None and not always):
            raise book_not_open(kind)
        row = {
            "id": uuid4(),
            "agency_id": agency_id,
            "kind": kind,
            "keeper_id": keeper,
            "unit_id": unit_id,
            "year": year,
            "first": 1,
            "last": 0,
            "opened_at": self._now(),
            "opened_by": "ระบบ",
            "ended": False,
        }
        self._connection.execute(self._insert(books).on_conflict_do_nothing(), row)

    def _with_files(self, entry: RegisterEntry) -> RegisterEntry:
        entry.files = files_of(self._connection, entry.id)
        self._read_files[entry.id] = len(entry.files)
        return entry
