"""Do the books add up: gaps, duplicates and numbers out of order, for `flask numbers verify`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from saraban.domain.register import BookKind, EntryState
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import books, entries

# A clerk's moment is taken before the book is locked, and a lock may be waited for; only more than that is disorder.
WAIT_FOR_A_NUMBER = timedelta(minutes=2)
MOST_FAULTS = 1_000


@dataclass(frozen=True)
class BookReport:
    """One book and what is wrong with it. `gaps`: numbers below the last one without a line; `duplicates`: numbers with
    two lines, or whose letter number stands twice in the agency's year; `out_of_order`: numbers that were entered
    before a smaller one, and numbers above the book's last. At most 1,000 faults of a sort are told."""

    agency: str
    kind: BookKind
    keeper: str
    year: int
    first: int | None
    last: int
    used: int
    reserved: int
    void: int
    gaps: list[int] = field(default_factory=list)
    duplicates: list[int] = field(default_factory=list)
    out_of_order: list[int] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """True when nothing is wrong."""
        return not (self.gaps or self.duplicates or self.out_of_order)


def number_report(reader: Connection, agency_id: UUID | None = None) -> list[BookReport]:
    """A report on each book of the agency, or of all agencies, by agency, year and kind."""
    statement = select(
        books,
        agencies.c.name.label("agency"),
        agencies.c.code,
        units.c.name.label("unit_name"),
        units.c.code.label("unit_code"),
    ).select_from(
        books.join(agencies, agencies.c.id == books.c.agency_id).outerjoin(units, units.c.id == books.c.keeper_id)
    )
    if agency_id is not None:
        statement = statement.where(books.c.agency_id == agency_id)
    found = sorted(
        reader.execute(statement).all(), key=lambda b: (b.code, b.year, b.kind.value, b.unit_code or "")
    )
    twice = _numbers_given_twice(reader, agency_id)
    return [_report(reader, book, twice) for book in found]


def _report(reader: Connection, book: Any, twice: set[tuple[UUID, int]]) -> BookReport:
    lines = reader.execute(
        select(entries.c.serial, entries.c.state, entries.c.at)
        .where(entries.c.book_id == book.id)
        .order_by(entries.c.serial)
    ).all()
    states = Counter(line.state for line in lines)
    serials = Counter(line.serial for line in lines)
    doubled = {n for n, times in serials.items() if times > 1} | {n for where, n in twice if where == book.id}
    return BookReport(
        agency=book.agency,
        kind=book.kind,
        keeper=book.unit_name or book.agency,
        year=book.year,
        first=lines[0].serial if lines else None,
        last=book.last,
        used=states[EntryState.USED],
        reserved=states[EntryState.RESERVED],
        void=states[EntryState.VOID],
        gaps=_gaps(serials, book.last),
        duplicates=sorted(doubled)[:MOST_FAULTS],
        out_of_order=_out_of_order(((line.serial, line.at) for line in lines), book.last),
    )


def _gaps(present: Counter[int], last: int) -> list[int]:
    missing: list[int] = []
    for number in range(1, last + 1):
        if number not in present:
            missing.append(number)
            if len(missing) == MOST_FAULTS:
                break
    return missing


def _out_of_order(lines: Iterable[tuple[int, datetime]], last: int) -> list[int]:
    wrong: list[int] = []
    latest: datetime | None = None
    for number, at in lines:
        if number > last or number < 1 or (latest is not None and at < latest - WAIT_FOR_A_NUMBER):
            wrong.append(number)
        latest = at if latest is None else max(latest, at)
    return wrong[:MOST_FAULTS]


def _numbers_given_twice(reader: Connection, agency_id: UUID | None) -> set[tuple[UUID, int]]:
    """Book and serial of lines of sending books whose letter number stands twice in the agency's year."""
    again = (
        select(entries.c.agency_id, entries.c.year, entries.c.number)
        .where(entries.c.kind == BookKind.SENDING, entries.c.number != "")
        .group_by(entries.c.agency_id, entries.c.year, entries.c.number)
        .having(func.count() > 1)
    )
    if agency_id is not None:
        again = again.where(entries.c.agency_id == agency_id)
    doubled = again.subquery()
    rows = reader.execute(
        select(entries.c.book_id, entries.c.serial)
        .join(
            doubled,
            (doubled.c.agency_id == entries.c.agency_id)
            & (doubled.c.year == entries.c.year)
            & (doubled.c.number == entries.c.number),
        )
        .where(entries.c.kind == BookKind.SENDING)
    )
    return {(row.book_id, row.serial) for row in rows}
