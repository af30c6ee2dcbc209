"""Which registers an agency keeps, in which years, and how their lines stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Date, bindparam, func, select, text

from saraban.domain.actor import Actor
from saraban.domain.permissions import may_read_registers, require
from saraban.domain.register import BookKind, EntryState
from saraban.reading.bookkeeping import KeptBook, kept_books
from saraban.storage.tables.closing import day_closes
from saraban.storage.tables.organisation import unit_name, unit_name_in_year
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import NOT_USED
from saraban.storage.tables.registers import books as book_table
from saraban.storage.tables.registers import entries as entry_table


@dataclass(frozen=True)
class Book:
    """One book: its keeper (the agency, or a unit with its own), the number it began with, its lowest and last number
    and how its lines stand. `id` is None for a book that opens by itself with its first number. `gaps` counts numbers
    without a line, `earlier` letters from before the system below the first number."""

    id: UUID | None
    kind: BookKind
    year: int
    keeper: str
    unit_id: UUID | None
    unit_code: str | None
    first: int
    lowest: int
    last: int
    used: int
    reserved: int
    void: int
    gaps: int
    earlier: int
    closed_at: datetime | None
    ended: bool

    @property
    def has_lines(self) -> bool:
        """True when a number stands in it."""
        return self.lowest <= self.last


@dataclass(frozen=True)
class Span:
    """The number that a book began with, its lowest (letters from before the system stand below the first) and its last
    (`first` - 1 before the first), and when it was closed."""

    first: int
    lowest: int
    last: int
    closed_at: datetime | None


@dataclass(frozen=True)
class DaySeal:
    """When a day was closed under the agency's seal, and whether a time-stamp was set on it."""

    at: datetime
    stamped: bool


_LARGEST_YEAR = 9999
_CLOSES = select(day_closes.c.day, day_closes.c.at, day_closes.c.time_stamp.is_not(None).label("stamped")).where(
    day_closes.c.agency_id == bindparam("agency"), day_closes.c.day.in_(bindparam("of_days", expanding=True))
)
_unit_id = (
    select(units.c.id)
    .where(units.c.agency_id == bindparam("agency"), units.c.code == bindparam("of_code"))
    .scalar_subquery()
)


def _of_book(*columns: Any, state: EntryState | None = None, beginning: Any = None) -> Any:
    """A value over the lines of the book at hand; with a state, by the partial index of lines that are not used; with a
    beginning, over those that stand below it."""
    lines = select(*columns).where(entry_table.c.book_id == book_table.c.id).select_from(entry_table)
    if state is not None:
        lines = lines.where(text(NOT_USED), entry_table.c.state == state)
    if beginning is not None:
        lines = lines.where(entry_table.c.serial < beginning)
    return lines.correlate(book_table).scalar_subquery()


_LOWEST = func.coalesce(_of_book(func.min(entry_table.c.serial)), book_table.c.first).label("lowest")
_BOOKS = (
    select(
        book_table.c.id,
        book_table.c.kind,
        book_table.c.year,
        book_table.c.last,
        book_table.c.first,
        book_table.c.unit_id,
        book_table.c.closed_at,
        book_table.c.ended,
        func.coalesce(
            unit_name_in_year(book_table.c.unit_id, book_table.c.year, bindparam("day", type_=Date)), agencies.c.name
        ).label("keeper"),
        units.c.code.label("unit_code"),
        _LOWEST,
        _of_book(func.count()).label("lines"),
        _of_book(func.count(), beginning=book_table.c.first).label("earlier"),
        _of_book(func.count(), state=EntryState.RESERVED).label("reserved"),
        _of_book(func.count(), state=EntryState.VOID).label("void"),
    )
    .select_from(
        book_table.join(agencies, agencies.c.id == book_table.c.agency_id).outerjoin(
            units, units.c.id == book_table.c.keeper_id
        )
    )
    .where(book_table.c.agency_id == bindparam("agency"), book_table.c.year == bindparam("of_year"))
)
_YEARS = (
    select(book_table.c.year)
    .where(book_table.c.agency_id == bindparam("agency"))
    .distinct()
    .order_by(book_table.c.year.desc())
)
_ONE = select(book_table.c.first, _LOWEST, book_table.c.last, book_table.c.closed_at).where(
    book_table.c.keeper_id == func.coalesce(_unit_id, bindparam("agency")),
    book_table.c.kind == bindparam("of_kind"),
    book_table.c.year == bindparam("of_year"),
    book_table.c.agency_id == bindparam("agency"),
)


def books(reader: Connection, actor: Actor, year: int, *, this_year: int | None = None) -> list[Book]:
    """The agency's books of a year, the central book before those of units; in this year also those that open by
    themselves with their first number."""
    require(may_read_registers(actor))
    order = list(BookKind)
    if not 0 < year <= _LARGEST_YEAR:
        return []
    rows = reader.execute(_BOOKS, {"agency": actor.agency_id, "of_year": year, "day": actor.on or date.max})
    found = [
        Book(
            id=row.id,
            kind=row.kind,
            year=row.year,
            keeper=row.keeper,
            unit_id=row.unit_id,
            unit_code=row.unit_code,
            first=row.first,
            lowest=row.lowest,
            last=row.last,
            used=row.lines - row.reserved - row.void,
            reserved=row.reserved,
            void=row.void,
            gaps=row.last - row.first + 1 - (row.lines - row.earlier),
            earlier=row.earlier,
            closed_at=row.closed_at,
            ended=row.ended,
        )
        for row in rows
    ]
    if year == this_year:
        found += [_to_come(one) for one in kept_books(reader, actor, year, this_year=year) if one.id is None]
    return sorted(found, key=lambda one: (order.index(one.kind), one.unit_code or ""))


def span(reader: Connection, actor: Actor, kind: BookKind, year: int, unit_code: str | None = None) -> Span | None:
    """The numbers of one book, without counting its lines; None when there is no such book."""
    require(may_read_registers(actor))
    if not 0 < year <= _LARGEST_YEAR:
        return None
    values = {"agency": actor.agency_id, "of_kind": kind, "of_year": year, "of_code": unit_code}
    row = reader.execute(_ONE, values).first()
    return Span(row.first, row.lowest, row.last, row.closed_at) if row is not None else None


def _to_come(kept: KeptBook) -> Book:
    return Book(
        id=None,
        kind=kept.kind,
        year=kept.year,
        keeper=kept.keeper,
        unit_id=kept.unit_id,
        unit_code=kept.unit_code or None,
        first=kept.first,
        lowest=kept.first,
        last=kept.last,
        used=0,
        reserved=0,
        void=0,
        gaps=0,
        earlier=0,
        closed_at=None,
        ended=False,
    )


def closed_days(reader: Connection, actor: Actor, days: Sequence[date]) -> dict[date, DaySeal]:
    """Of these days of the office those that were closed under the agency's seal."""
    if not days:
        return {}
    found = reader.execute(_CLOSES, {"agency": actor.agency_id, "of_days": list(days)})
    return {row.day: DaySeal(row.at, row.stamped) for row in found}


def keepers(reader: Connection, actor: Actor, kind: BookKind) -> dict[str, str]:
    """The units of the agency that keep, or kept, such a book of their own: code to name."""
    require(may_read_registers(actor))
    rows = reader.execute(
        select(units.c.code, unit_name(units.c.id, actor.on).label("name"))
        .join(book_table, book_table.c.unit_id == units.c.id)
        .where(book_table.c.agency_id == actor.agency_id, book_table.c.kind == kind)
        .distinct()
        .order_by(units.c.code)
    )
    return {row.code: row.name for row in rows}


def years(reader: Connection, actor: Actor, kind: BookKind | None = None) -> list[int]:
    """The Buddhist years in which the agency kept such a book, or any, the newest first."""
    require(may_read_registers(actor))
    statement = _YEARS if kind is None else _YEARS.where(book_table.c.kind == kind)
    return list(reader.execute(statement, {"agency": actor.agency_id}).scalars())
