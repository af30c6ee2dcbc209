"""The legal books as screens show them (forms 13 and 14 of the regulation)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, select, text

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.permissions import may_read_registers, require
from saraban.domain.register import BookKind, EntryState
from saraban.reading.matching import entries_match, query_words
from saraban.reading.paging import Page, cut, page_size, read_cursor, serial, write_cursor
from saraban.reading.scope import MASKED, MASKED_SUBJECT, register_masked
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import NOT_USED
from saraban.storage.tables.registers import books as book_table
from saraban.storage.tables.registers import entries as entry_table


@dataclass(frozen=True)
class EntryRow:
    """A line of a register. `masked`: it is classified and its words are not for the reader, so they were replaced."""

    id: UUID
    serial: int
    state: EntryState
    number: str
    letter_date: date | None
    sender: str
    addressee: str
    subject: str
    practice: str
    note: str
    urgency: Urgency
    secrecy: Secrecy
    at: datetime
    entered_by: str
    subject_of: UUID | None
    void_reason: str
    masked: bool


@dataclass(frozen=True)
class Book:
    """One book: its keeper (the agency, or a unit with its own), its first and last number and how its lines stand."""

    id: UUID
    kind: BookKind
    year: int
    keeper: str
    unit_code: str | None
    first: int | None
    last: int
    used: int
    reserved: int
    void: int


_COLUMNS = tuple(
    entry_table.c[name]
    for name in (
        "id",
        "serial",
        "state",
        "number",
        "letter_date",
        "sender",
        "addressee",
        "subject",
        "practice",
        "note",
        "urgency",
        "secrecy",
        "at",
        "entered_by",
        "subject_of",
        "void_reason",
    )
)
_BOOK = select(book_table.c.id, book_table.c.last).where(
    book_table.c.keeper_id == bindparam("keeper"),
    book_table.c.kind == bindparam("of_kind"),
    book_table.c.year == bindparam("of_year"),
    book_table.c.agency_id == bindparam("agency"),
)
_UNIT = select(units.c.id).where(units.c.agency_id == bindparam("agency"), units.c.code == bindparam("of_code"))
_LARGEST_YEAR = 9999


def _of_book(*columns: Any, state: EntryState | None = None) -> Any:
    """A value over the lines of the book at hand; with a state, by the partial index of lines that are not used."""
    lines = select(*columns).where(entry_table.c.book_id == book_table.c.id).select_from(entry_table)
    if state is not None:
        lines = lines.where(text(NOT_USED), entry_table.c.state == state)
    return lines.correlate(book_table).scalar_subquery()


_BOOKS = (
    select(
        book_table.c.id,
        book_table.c.kind,
        book_table.c.year,
        book_table.c.last,
        func.coalesce(units.c.name, agencies.c.name).label("keeper"),
        units.c.code.label("unit_code"),
        _of_book(func.min(entry_table.c.serial)).label("first"),
        _of_book(func.count()).label("lines"),
        _of_book(func.count(), state=EntryState.RESERVED).label("reserved"),
        _of_book(func.count(), state=EntryState.VOID).label("void"),
    )
    .select_from(
        book_table.join(agencies, agencies.c.id == book_table.c.agency_id)
        .outerjoin(units, units.c.id == book_table.c.keeper_id)
    )
    .where(book_table.c.agency_id == bindparam("agency"))
)
_YEARS = (
    select(book_table.c.year)
    .where(book_table.c.agency_id == bindparam("agency"), book_table.c.kind == bindparam("of_kind"))
    .distinct()
    .order_by(book_table.c.year.desc())
)


def entries(
    reader: Connection,
    actor: Actor,
    *,
    kind: BookKind,
    year: int,
    unit_code: str | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int = 50,
    newest_first: bool = True,
) -> Page[EntryRow]:
    """Lines of one book of the actor's agency, by number. `unit_code` names the unit that keeps a book of its own
    (NotFound for a unit that does not exist); without it the agency's central book.

    `q` finds open lines by number, subject and agencies; classified lines are found by no search and show masked to
    those who may not know them. `total` is the book's last number, and None for a search.
    """
    require(may_read_registers(actor))
    limit, words = page_size(limit), query_words(q)
    keeper = _keeper(reader, actor, unit_code)
    book = None
    if 0 < year <= _LARGEST_YEAR:
        values = {"keeper": keeper, "of_kind": kind, "of_year": year, "agency": actor.agency_id}
        book = reader.execute(_BOOK, values).first()
    after = read_cursor(cursor, serial)[0] if cursor else None
    if book is None:
        return Page([], None, None if words else 0)
    values = {"book": book.id, "most": limit + 1}
    if after is not None:
        values["after"] = after
    statement = _lines(actor, newest_first, after is not None)
    if words:
        statement = statement.where(entries_match(words))
    kept, following = cut(reader.execute(statement, values).all(), limit, lambda row: write_cursor(row.serial))
    return Page([entry_row(row) for row in kept], following, None if words else book.last)


@lru_cache(maxsize=1024)
def _lines(actor: Actor, newest_first: bool, continued: bool) -> Select[Any]:
    """The lines of a `book` as the actor sees them, at `most` so many, from the start or `after` a number; built once
    for each actor."""
    number = entry_table.c.serial
    statement = (
        select(*_COLUMNS, register_masked(actor).label("masked"))
        .where(entry_table.c.book_id == bindparam("book"))
        .order_by(number.desc() if newest_first else number)
        .limit(bindparam("most"))
    )
    if continued:
        statement = statement.where(number < bindparam("after") if newest_first else number > bindparam("after"))
    return statement


def entry(reader: Connection, actor: Actor, entry_id: UUID) -> EntryRow:
    """One line of a register of the actor's agency; NotFound when there is none."""
    require(may_read_registers(actor))
    row = reader.execute(
        select(*_COLUMNS, register_masked(actor).label("masked")).where(
            entry_table.c.id == entry_id, entry_table.c.agency_id == actor.agency_id
        )
    ).first()
    if row is None:
        raise NotFound
    return entry_row(row)


def books(reader: Connection, actor: Actor) -> list[Book]:
    """The agency's books, the newest year first, the central book before those of units."""
    require(may_read_registers(actor))
    order = list(BookKind)
    rows = sorted(
        reader.execute(_BOOKS, {"agency": actor.agency_id}),
        key=lambda r: (-r.year, order.index(r.kind), r.unit_code or ""),
    )
    return [
        Book(
            id=row.id,
            kind=row.kind,
            year=row.year,
            keeper=row.keeper,
            unit_code=row.unit_code,
            first=row.first,
            last=row.last,
            used=row.lines - row.reserved - row.void,
            reserved=row.reserved,
            void=row.void,
        )
        for row in rows
    ]


def keepers(reader: Connection, actor: Actor, kind: BookKind) -> dict[str, str]:
    """The units of the agency that keep, or kept, such a book of their own: code to name."""
    require(may_read_registers(actor))
    rows = reader.execute(
        select(units.c.code, units.c.name)
        .join(book_table, book_table.c.unit_id == units.c.id)
        .where(book_table.c.agency_id == actor.agency_id, book_table.c.kind == kind)
        .distinct()
        .order_by(units.c.code)
    )
    return {row.code: row.name for row in rows}


def years(reader: Connection, actor: Actor, kind: BookKind) -> list[int]:
    """The Buddhist years in which the agency kept such a book, the newest first."""
    require(may_read_registers(actor))
    return list(reader.execute(_YEARS, {"agency": actor.agency_id, "of_kind": kind}).scalars())


def entry_row(row: Any) -> EntryRow:
    """The line of a row with its `masked` column; what must not show is replaced here and goes no further."""
    line = EntryRow(**{**row._mapping, "masked": bool(row.masked)})
    if not line.masked:
        return line
    return replace(
        line,
        number=MASKED,
        sender=MASKED,
        addressee=MASKED,
        subject=MASKED_SUBJECT,
        practice="",
        note="",
        subject_of=None,
        void_reason="",
    )


def _keeper(reader: Connection, actor: Actor, unit_code: str | None) -> UUID:
    if not unit_code:
        return actor.agency_id
    unit = reader.execute(_UNIT, {"agency": actor.agency_id, "of_code": unit_code}).scalar()
    if unit is None:
        raise NotFound("ไม่พบหน่วยงานนี้ในส่วนราชการ")
    found: UUID = unit
    return found
