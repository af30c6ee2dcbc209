"""What a clerk sees before a letter on paper is entered: which books are open to them, the next number, and what was
entered last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.calendar import RegisterYear
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.permissions import may_enter, may_read_registers, require
from saraban.domain.register import BookKind, EntryState, Origin
from saraban.reading.lines import as_seen, lines_as_seen
from saraban.storage.tables.organisation import in_force, unit_name
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import books, entries

LAST_SHOWN = 6


@dataclass(frozen=True)
class Keeper:
    """Who keeps a book: the agency ("" as its code) or one of its units."""

    code: str
    name: str
    id: UnitId | None = None


@dataclass(frozen=True)
class Desk:
    """A book that lies before a clerk. `next` is the number that comes next as things stand, None when the book is not
    open: `why` then says so. `first` is where it began here; `keepers` are those whose books the clerk may choose."""

    kind: BookKind
    year: int
    keeper: Keeper
    keepers: tuple[Keeper, ...]
    agency_code: str
    next: int | None
    first: int = 1
    why: str = ""


@dataclass(frozen=True)
class LastLine:
    """A line that was entered a moment ago. Of a classified one that the reader may not know only the number shows."""

    id: UUID
    kind: BookKind
    serial: int
    year: int
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
    origin: Origin
    at: datetime
    received_at: datetime | None
    entered_by: str
    masked: bool


def desk(reader: Connection, actor: Actor, *, kind: BookKind, unit_code: str | None, now: datetime) -> Desk:
    """The book of this kind. Without a unit's code the one that the clerk keeps: the central one, or that of the
    clerk's own unit. Raises NotPermitted with the reason, NotFound for a unit that keeps none."""
    require(may_read_registers(actor))
    year = RegisterYear.containing(now).buddhist
    agency = reader.execute(select(agencies.c.name, agencies.c.code).where(agencies.c.id == actor.agency_id)).one()
    keepers = [Keeper("", agency.name), *_units(reader, actor, kind)]
    own = tuple(k for k in keepers if may_enter(actor, kind, k.id, Secrecy.OPEN) is None)
    if unit_code is None:
        keeper = next((k for k in own if k.id == actor.unit_id), None) or next(iter(own), keepers[0])
        keeper = keepers[0] if actor.central else keeper
    else:
        found = next((k for k in keepers if k.code == unit_code), None)
        if found is None:
            raise NotFound("หน่วยงานนี้ไม่ได้เก็บทะเบียนเล่มนี้ของตนเอง")
        keeper = found
    secrecy = Secrecy.CONFIDENTIAL if kind.secret else Secrecy.OPEN
    require(may_enter(actor, kind, keeper.id, secrecy))
    row = reader.execute(
        select(books.c.first, books.c.last, books.c.closed_at).where(
            books.c.keeper_id == (keeper.id or actor.agency_id), books.c.kind == kind, books.c.year == year
        )
    ).first()
    following = row.last + 1 if row is not None else 1
    why = ""
    if row is not None and row.closed_at is not None:
        why = f"{kind.thai} ปี {year} เลิกเก็บแล้ว ผู้ดูแลระบบเปิดอีกครั้งได้ที่หน้าเล่มทะเบียน"
    elif row is None and not _opens(reader, actor, kind, keeper):
        why = f"ยังไม่ได้เปิด{kind.thai} ปี {year} ผู้ดูแลระบบเปิดได้ที่หน้าเล่มทะเบียน"
    return Desk(
        kind, year, keeper, own, agency.code, None if why else following, row.first if row is not None else 1, why
    )


def enters(reader: Connection, actor: Actor) -> bool:
    """Does the actor enter letters on paper that came in: into the agency's book, or into one that his unit keeps?"""
    if may_enter(actor, BookKind.RECEIVING, None, Secrecy.OPEN) is None:
        return True
    if may_enter(actor, BookKind.RECEIVING, actor.unit_id, Secrecy.OPEN) is not None:
        return False
    return any(one.id == actor.unit_id for one in _units(reader, actor, BookKind.RECEIVING))


def last_lines(reader: Connection, actor: Actor, here: Desk) -> list[LastLine]:
    """The newest six lines of the book, as the actor may see them."""
    book = (
        select(books.c.id)
        .where(
            books.c.keeper_id == (here.keeper.id or actor.agency_id),
            books.c.agency_id == actor.agency_id,
            books.c.kind == here.kind,
            books.c.year == here.year,
        )
        .scalar_subquery()
    )
    statement = _shown(actor).where(entries.c.book_id == book).order_by(entries.c.serial.desc()).limit(LAST_SHOWN)
    return [as_seen(LastLine, row) for row in reader.execute(statement)]


def line(reader: Connection, actor: Actor, entry_id: UUID) -> LastLine:
    """One line of the agency; NotFound when there is none."""
    require(may_read_registers(actor))
    row = reader.execute(_shown(actor).where(entries.c.id == entry_id)).first()
    if row is None:
        raise NotFound
    return as_seen(LastLine, row)


def _shown(actor: Actor) -> Select[Any]:
    return lines_as_seen(LastLine, actor).where(entries.c.agency_id == actor.agency_id)


def _units(reader: Connection, actor: Actor, kind: BookKind) -> list[Keeper]:
    rows = reader.execute(
        select(units.c.code, unit_name(units.c.id, actor.on).label("name"), units.c.id)
        .join(books, books.c.unit_id == units.c.id)
        .where(books.c.agency_id == actor.agency_id, books.c.kind == kind, in_force(units, actor.on or date.max))
        .distinct()
        .order_by(units.c.code)
    )
    return [Keeper(row.code, row.name, row.id) for row in rows]


def _opens(reader: Connection, actor: Actor, kind: BookKind, keeper: Keeper) -> bool:
    """Will the first number of this year open the book?"""
    newest = (
        select(books.c.ended)
        .where(books.c.keeper_id == (keeper.id or actor.agency_id), books.c.kind == kind)
        .order_by(books.c.year.desc())
        .limit(1)
    )
    ended = reader.execute(newest).scalar()
    return (kind.opens_by_itself and keeper.id is None) if ended is None else not ended
