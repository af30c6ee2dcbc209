"""The legal books as screens show them (forms 13 and 14 of the regulation)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, select

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.permissions import may_read_registers, require
from saraban.domain.register import BookKind, EntryState, Origin
from saraban.reading.lines import as_seen, lines_as_seen
from saraban.reading.paging import Page, page_size, read_cursor, serial, write_cursor
from saraban.reading.register_filters import Filters
from saraban.reading.register_search import Found, Piece, Searched, find
from saraban.storage.tables.letters import files
from saraban.storage.tables.people import units
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
    void_authority: str
    origin: Origin
    received_at: datetime | None
    corrected: int
    unit_id: UUID | None
    masked: bool

    @property
    def is_late(self) -> bool:
        """True when it was entered on a later day of the office than it came or went."""
        return self.received_at is not None and office_date(self.received_at) < office_date(self.at)


_BOOK = select(book_table).where(
    book_table.c.keeper_id == bindparam("keeper"),
    book_table.c.kind == bindparam("of_kind"),
    book_table.c.year == bindparam("of_year"),
    book_table.c.agency_id == bindparam("agency"),
)
_ALL_BOOKS = (
    select(book_table)
    .where(book_table.c.agency_id == bindparam("agency"))
    .order_by(book_table.c.year.desc(), book_table.c.last.desc(), book_table.c.id)
)
_UNIT = select(units.c.id).where(units.c.agency_id == bindparam("agency"), units.c.code == bindparam("of_code"))
_LARGEST_YEAR = 9999


def entries(
    reader: Connection,
    actor: Actor,
    *,
    kind: BookKind,
    year: int,
    unit_code: str | None = None,
    q: str = "",
    filters: Filters | None = None,
    cursor: str | None = None,
    back: str | None = None,
    limit: int = 50,
    newest_first: bool = True,
) -> Page[EntryRow]:
    """Lines of one book of the actor's agency, by number. `unit_code` names the unit that keeps a book of its own
    (NotFound for a unit that does not exist); without it the agency's central book. `cursor` goes on after a page,
    `back` to the page before one.

    `q` finds open lines by number, subject, agencies, practice and note, beside what `filters` ask for. Classified
    lines show masked to those who may not know them, and are found by no filter of theirs. `total` is the book's last
    number, and None when anything is asked for.
    """
    require(may_read_registers(actor))
    limit = page_size(limit)
    asked = replace(filters or Filters(), q=q.strip()) if q.strip() else filters or Filters()
    after = read_cursor(cursor, serial)[0] if cursor else None
    before = read_cursor(back, serial)[0] if back else None
    book = _book(reader, actor, kind, year, unit_code)
    if book is None:
        return Page([], None, None if asked.on else 0)
    if not asked.on and before is None:
        rows, found = _unfiltered(reader, actor, book.id, after, limit + 1, newest_first), None
    else:
        piece = _piece(book, asked, after, before, newest_first)
        found = find(reader, actor, _searched(book), asked, piece, limit + 1)
        rows = _rows(reader, actor, book.id, found.serials)
    page = _page(rows, limit, found, back=before is not None, newest_first=newest_first, began=after is None)
    return replace(page, total=None if asked.on else book.last)


def newest_with(reader: Connection, actor: Actor, q: str, most: int) -> list[EntryRow]:
    """Open lines of all the agency's books in which the words occur, the newest year first and in it the newest
    numbers, from one book after another until there are enough."""
    require(may_read_registers(actor))
    asked, found = Filters(q=q), list[EntryRow]()
    for book in reader.execute(_ALL_BOOKS, {"agency": actor.agency_id}):
        if len(found) >= most:
            break
        if not book.kind.secret:
            piece = _piece(book, asked, None, None, newest_first=True)
            serials = find(reader, actor, _searched(book), asked, piece, most).serials
            found += map(entry_row, _rows(reader, actor, book.id, serials))
    return [row for row in found if row.secrecy.is_open]


def with_files(reader: Connection, rows: Iterable[EntryRow]) -> set[UUID]:
    """Of these lines those that have a scan or another file, as far as their words may be known."""
    ids = [row.id for row in rows if not row.masked]
    if not ids:
        return set()
    return set(reader.execute(select(files.c.owner_id).where(files.c.owner_id.in_(ids)).distinct()).scalars())


def _page(
    rows: list[Any], limit: int, found: Found | None, *, back: bool, newest_first: bool, began: bool
) -> Page[EntryRow]:
    """The page of at most limit + 1 rows that were found in the direction of looking."""
    more, kept = len(rows) > limit, rows[:limit]
    if back:
        kept = kept[::-1]
    items = [entry_row(row) for row in kept]
    stopped = found.stopped if found else None
    first = write_cursor(items[0].serial) if items else None
    last = write_cursor(items[-1].serial) if items else None
    onward = write_cursor(stopped) if stopped is not None else None
    if back:
        return Page(items, next=last, previous=first if more else onward, stopped=stopped)
    return Page(items, next=last if more else onward, previous=None if began else first, stopped=stopped)


def _piece(book: Any, asked: Filters, after: int | None, before: int | None, newest_first: bool) -> Piece:
    """The part of the book in which a page lies: between the numbers that are asked for, on its side of the cursor.
    Letters from before the system stand below the number with which the book began here."""
    since, until = max(1, asked.since or 1), book.last if asked.until is None else min(book.last, asked.until)
    if before is not None:
        newest_first, after = not newest_first, before
    if after is not None:
        since, until = (since, min(until, after - 1)) if newest_first else (max(since, after + 1), until)
    return Piece(since, until, newest_first)


def _book(reader: Connection, actor: Actor, kind: BookKind, year: int, unit_code: str | None) -> Any:
    keeper = _keeper(reader, actor, unit_code)
    if not 0 < year <= _LARGEST_YEAR:
        return None
    values = {"keeper": keeper, "of_kind": kind, "of_year": year, "agency": actor.agency_id}
    return reader.execute(_BOOK, values).first()


def _searched(book: Any) -> Searched:
    return Searched(book.id, book.place, book.agency_id, book.kind)


def _unfiltered(
    reader: Connection, actor: Actor, book_id: UUID, after: int | None, most: int, newest_first: bool
) -> list[Any]:
    values = {"book": book_id, "most": most}
    if after is not None:
        values["after"] = after
    return list(reader.execute(_lines(actor, newest_first, after is not None), values))


def _rows(reader: Connection, actor: Actor, book_id: UUID, serials: list[int]) -> list[Any]:
    """The rows of these numbers, in the order of the numbers as they are given."""
    if not serials:
        return []
    rows = {row.serial: row for row in reader.execute(_numbered(actor), {"book": book_id, "serials": serials})}
    return [rows[number] for number in serials if number in rows]


@lru_cache(maxsize=1024)
def _as_seen(actor: Actor) -> Select[Any]:
    """Lines with the sign that says whether the actor may know their words; built once for each actor."""
    return lines_as_seen(EntryRow, actor)


@lru_cache(maxsize=1024)
def _numbered(actor: Actor) -> Select[Any]:
    """The lines of a `book` with certain `serials`."""
    in_serials = entry_table.c.serial.in_(bindparam("serials", expanding=True))
    return _as_seen(actor).where(entry_table.c.book_id == bindparam("book"), in_serials)


@lru_cache(maxsize=1024)
def _lines(actor: Actor, newest_first: bool, continued: bool) -> Select[Any]:
    """The lines of a `book` as the actor sees them, at `most` so many, from the start or `after` a number."""
    number = entry_table.c.serial
    statement = (
        _as_seen(actor)
        .where(entry_table.c.book_id == bindparam("book"))
        .order_by(number.desc() if newest_first else number)
        .limit(bindparam("most"))
    )
    if continued:
        statement = statement.where(number < bindparam("after") if newest_first else number > bindparam("after"))
    return statement


def entry_row(row: Any) -> EntryRow:
    """The line of a row with its `masked` column."""
    return as_seen(EntryRow, row)


def _keeper(reader: Connection, actor: Actor, unit_code: str | None) -> UUID:
    if not unit_code:
        return actor.agency_id
    unit = reader.execute(_UNIT, {"agency": actor.agency_id, "of_code": unit_code}).scalar()
    if unit is None:
        raise NotFound("ไม่พบหน่วยงานนี้ในส่วนราชการ")
    found: UUID = unit
    return found
