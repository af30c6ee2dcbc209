"""Do the numbers of the books add up: gaps, duplicates and numbers out of order. Each book is read once, line by line,
as it lies in the database: a column that somebody spoiled is a finding, not an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, func, select, type_coerce

from saraban.domain.agency import AgencyId
from saraban.domain.book import NUMBERED_TOGETHER
from saraban.domain.calendar import office_date
from saraban.domain.register import BookKind, EntryState, Origin
from saraban.storage.tables.organisation import unit_name_in_year
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import books, entries, ledger
from saraban.usecases.registry import BookCheck

# A clerk's moment is taken before the book is locked, and a lock may be waited for; only more than that is disorder.
WAIT_FOR_A_NUMBER = timedelta(minutes=2)
MOST_FAULTS = 1_000

_UNIT = unit_name_in_year(books.c.unit_id, books.c.year, None).label("unit")
_BOOKS = select(
    books,
    agencies.c.name.label("agency"),
    unit_name_in_year(books.c.unit_id, books.c.year, None).label("unit"),
    units.c.code,
).select_from(books.join(agencies, agencies.c.id == books.c.agency_id).outerjoin(units, units.c.id == books.c.unit_id))
# The moment of the number's first line in the ledger: a reserved number is bound to its letter much later.
_TAKEN_AT = select(func.min(type_coerce(ledger.c.at, Text))).where(ledger.c.entry_id == entries.c.id).scalar_subquery()
_LINES = select(
    entries.c.serial,
    type_coerce(entries.c.state, Text).label("state"),
    type_coerce(entries.c.origin, Text).label("origin"),
    entries.c.corrected,
    type_coerce(entries.c.at, Text).label("at"),
    type_coerce(entries.c.received_at, Text).label("received_at"),
    _TAKEN_AT.label("taken_at"),
).order_by(entries.c.serial)


def check_books(connection: Connection, agency_id: AgencyId, year: int | None = None) -> list[BookCheck]:
    """A report on each book of the agency (of one year), by year, kind and keeper."""
    statement = _BOOKS.where(books.c.agency_id == agency_id)
    if year is not None:
        statement = statement.where(books.c.year == year)
    order = list(BookKind)
    found = sorted(connection.execute(statement).all(), key=lambda b: (b.year, order.index(b.kind), b.code or ""))
    twice = _numbers_given_twice(connection, agency_id)
    return [_check(connection, book, twice.get(book.id, set())) for book in found]


@dataclass
class _Count:
    """What is known of a book so far, line after line."""

    begins: int
    last: int
    doubled: set[int]
    first: int | None = None
    previous: int | None = None
    latest: datetime | None = None
    states: dict[str, int] = field(default_factory=dict)
    before: int = 0
    corrected: int = 0
    late: int = 0
    gaps: list[int] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)

    def take(self, row: Any) -> None:
        """Count one line; lines come in the order of their numbers."""
        self.states[row.state] = self.states.get(row.state, 0) + 1
        self.corrected += bool(row.corrected)
        entered, came = moment_in(row.at), moment_in(row.received_at)
        self.late += came is not None and entered is not None and office_date(came) < office_date(entered)
        if self.first is None:
            self.first = row.serial
        if row.serial == self.previous:
            self.doubled.add(row.serial)
            return
        if row.serial < self.begins:
            self._take_from_before(row)
        else:
            self._take_in_order(row)
        self.previous = row.serial

    def _take_from_before(self, row: Any) -> None:
        if row.origin == Origin.BEFORE.value and row.serial > 0:
            self.before += 1
        else:
            self._put(self.wrong, row.serial)

    def _take_in_order(self, row: Any) -> None:
        self.miss(row.serial)
        taken = moment_in(row.taken_at) or moment_in(row.at)
        early = taken is not None and self.latest is not None and taken < self.latest - WAIT_FOR_A_NUMBER
        if row.serial > self.last or taken is None or early:
            self._put(self.wrong, row.serial)
        if taken is not None:
            self.latest = taken if self.latest is None else max(self.latest, taken)

    def miss(self, serial: int) -> None:
        """Note the numbers that are missing before this one and not above the book's last."""
        expected = self.begins if self.previous is None else max(self.previous + 1, self.begins)
        for number in range(expected, min(serial, self.last + 1)):
            if not self._put(self.gaps, number):
                break

    def _put(self, faults: list[int], number: int) -> bool:
        if len(faults) < MOST_FAULTS:
            faults.append(number)
        return len(faults) < MOST_FAULTS


def _check(connection: Connection, book: Any, doubled: set[int]) -> BookCheck:
    count = _Count(book.first, book.last, doubled)
    for row in connection.execute(_LINES.where(entries.c.book_id == book.id).execution_options(yield_per=2000)):
        count.take(row)
    count.miss(book.last + 1)
    return BookCheck(
        book_id=book.id,
        kind=book.kind,
        keeper=book.unit or book.agency,
        year=book.year,
        begins=book.first,
        first=count.first,
        last=book.last,
        used=count.states.get(EntryState.USED.value, 0),
        reserved=count.states.get(EntryState.RESERVED.value, 0),
        void=count.states.get(EntryState.VOID.value, 0),
        before=count.before,
        corrected=count.corrected,
        late=count.late,
        gaps=count.gaps,
        duplicates=sorted(count.doubled)[:MOST_FAULTS],
        out_of_order=count.wrong,
    )


def moment_in(value: Any) -> datetime | None:
    """A moment as it lies in a column, or None for what is none."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _numbers_given_twice(connection: Connection, agency_id: AgencyId) -> dict[UUID, set[int]]:
    """By book, the serials of lines whose letter number stands twice in the agency's year."""
    again = _given(select(entries.c.year, entries.c.number), agency_id)
    doubled = again.group_by(entries.c.year, entries.c.number).having(func.count() > 1).subquery()
    rows = connection.execute(
        _given(select(entries.c.book_id, entries.c.serial), agency_id).join(
            doubled, (doubled.c.year == entries.c.year) & (doubled.c.number == entries.c.number)
        )
    )
    found: dict[UUID, set[int]] = {}
    for row in rows:
        found.setdefault(row.book_id, set()).add(row.serial)
    return found


def _given(statement: Any, agency_id: AgencyId) -> Any:
    return statement.where(
        entries.c.agency_id == agency_id, entries.c.kind.in_(NUMBERED_TOGETHER), entries.c.number != ""
    )
