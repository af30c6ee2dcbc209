"""Lists of letters that are kept, page by page: what is in work, what waits for the store or may be deposited, ทะเบียน
หนังสือเก็บ, holds, and the lists of forms 19 and 25."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, not_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.disposal import DisposalList, disposal_of
from saraban.domain.keeping import KeepingState
from saraban.domain.permissions import may_see_archive, require
from saraban.domain.register import BookKind, EntryState
from saraban.domain.storing import StoringList, StoringState, storing_list_of
from saraban.reading.archive import SHOWN, KeptLine, keeps, kept_lines, kept_of, lines_of
from saraban.reading.organisation import unit_names
from saraban.reading.paging import (
    Page,
    cut,
    newest_first,
    read_cursor,
    rows_newest_first,
    serial,
    waiting_first,
    write_cursor,
)
from saraban.storage.tables import archive as t
from saraban.storage.tables.registers import entries

_CAN_BE_STORED = (KeepingState.FINISHED, KeepingState.CHECKING)
_BY_DATE = (entries.c.letter_date, entries.c.year, entries.c.serial, entries.c.id)


class Waiting(str, Enum):
    """For what finished letters wait: to go into the store, or for whoever wants to deposit them."""

    STORE = "store"
    DEPOSIT = "deposit"


@dataclass(frozen=True)
class UnitWaiting:
    """A unit and how many of its letters wait."""

    id: UUID
    name: str
    count: int


def in_work(
    reader: Connection, actor: Actor, kind: BookKind, year: int, page: int, *, limit: int = SHOWN
) -> Page[KeptLine]:
    """Letters of such books of a year that are not finished, of the units for which the actor keeps, the newest
    first."""
    return _page(reader, actor, _works(actor, kind, year), (entries.c.serial.desc(), entries.c.id), page, limit)


def all_in_work(reader: Connection, actor: Actor, kind: BookKind, year: int) -> list[UUID]:
    """Every one of them, by the id of its line."""
    require(may_see_archive(actor))
    which = [entries.c.agency_id == actor.agency_id, *_works(actor, kind, year)]
    return list(reader.execute(select(entries.c.id).where(*which).order_by(entries.c.serial)).scalars())


def waiting(
    reader: Connection, actor: Actor, for_what: Waiting, page: int, *, unit: UUID | None = None, limit: int = SHOWN
) -> Page[KeptLine]:
    """Letters that wait, of the units for which the actor keeps or of one of them, the oldest first."""
    return _page(reader, actor, _waits(actor, for_what, unit), _BY_DATE, page, limit)


def all_waiting(reader: Connection, actor: Actor, for_what: Waiting, *, unit: UUID | None = None) -> list[UUID]:
    """Every one of them, the oldest first, by the id of its line."""
    require(may_see_archive(actor))
    which = _waits(actor, for_what, unit)
    return list(reader.execute(select(entries.c.id).where(*which).order_by(*_BY_DATE)).scalars())


def units_waiting(reader: Connection, actor: Actor, for_what: Waiting) -> list[UnitWaiting]:
    """The units of these letters, by name."""
    require(may_see_archive(actor))
    counted = select(entries.c.unit_id, func.count()).where(
        *_waits(actor, for_what, None), entries.c.unit_id.is_not(None)
    )
    found = reader.execute(counted.group_by(entries.c.unit_id)).all()
    names = unit_names(reader, actor.agency_id)
    return sorted((UnitWaiting(unit, names.on(unit, None), number) for unit, number in found), key=lambda one: one.name)


def register(reader: Connection, actor: Actor, year: int) -> list[KeptLine]:
    """ทะเบียนหนังสือเก็บ (form 20) of a Buddhist year as a whole, in its order."""
    require(may_see_archive(actor))
    stored = select(t.kept_items.c.entry_id).where(*_stored(actor, year))
    found = kept_of(reader, actor, lines_of(actor).where(entries.c.id.in_(stored)))
    return sorted(found, key=lambda one: one.item.store_serial or 0 if one.item else 0)


def register_page(
    reader: Connection, actor: Actor, year: int, cursor: str | None = None, limit: int = SHOWN
) -> Page[KeptLine]:
    """A page of it."""
    require(may_see_archive(actor))
    item, which = t.kept_items.c, _stored(actor, year)
    total = reader.execute(select(func.count()).select_from(t.kept_items).where(*which)).scalar_one()
    if cursor:
        which.append(item.store_serial > read_cursor(cursor, serial)[0])
    statement = select(item.entry_id, item.store_serial).where(*which).order_by(item.store_serial)
    rows, following = cut(
        reader.execute(statement.limit(limit + 1)).all(), limit, lambda row: write_cursor(row.store_serial)
    )
    return Page(_in_this_order(reader, actor, [row.entry_id for row in rows]), following, total=int(total))


def all_stored(reader: Connection, actor: Actor, year: int) -> list[UUID]:
    """Every letter of it that is still in the store, by the id of its line."""
    require(may_see_archive(actor))
    item = t.kept_items.c
    which = [*_stored(actor, year), item.state == KeepingState.STORED]
    return list(reader.execute(select(item.entry_id).where(*which).order_by(item.store_serial)).scalars())


def register_years(reader: Connection, actor: Actor) -> list[int]:
    """The years of ทะเบียนหนังสือเก็บ, the newest first."""
    years = select(t.kept_items.c.store_year).where(
        t.kept_items.c.agency_id == actor.agency_id, t.kept_items.c.store_year.is_not(None)
    )
    return sorted(reader.execute(years.distinct()).scalars(), reverse=True)


def held(reader: Connection, actor: Actor, cursor: str | None = None, limit: int = SHOWN) -> Page[KeptLine]:
    """Letters whose disposal is stopped, the last stopped first."""
    require(may_see_archive(actor))
    item, hold = t.kept_items.c, t.legal_holds.c
    statement = select(item.entry_id, hold.placed_at, hold.id).join(t.legal_holds, hold.id == item.held_by)
    statement = statement.where(item.agency_id == actor.agency_id)
    page = rows_newest_first(reader, statement, (hold.placed_at, hold.id), cursor=cursor, limit=limit)
    return Page(_in_this_order(reader, actor, [row.entry_id for row in page.items]), page.next)


def storing_lists(reader: Connection, actor: Actor, cursor: str | None = None, limit: int = SHOWN) -> Page[StoringList]:
    """Lists of form 19: of the unit, or of all for who receives them; those that wait first, the newest first."""
    require(may_see_archive(actor))
    c = t.storing_lists.c
    statement = select(t.storing_lists).where(c.agency_id == actor.agency_id)
    if not (actor.central or actor.role in (PositionRole.RECORDS, PositionRole.ADMIN, PositionRole.HEAD)):
        statement = statement.where(c.unit_id == actor.unit_id)
    settled = c.state != StoringState.DRAWN
    if cursor:
        statement = statement.where(waiting_first(settled, c.made_at, c.id, cursor))
    ordered = statement.order_by(settled, c.made_at.desc(), c.id.desc()).limit(limit + 1)
    rows, following = cut(reader.execute(ordered).mappings().all(), limit, _waited)
    return Page([storing_list_of(dict(row)) for row in rows], following)


def disposals(reader: Connection, actor: Actor, cursor: str | None = None, limit: int = SHOWN) -> Page[DisposalList]:
    """Lists for destruction, the newest first."""
    require(may_see_archive(actor))
    c = t.disposal_lists.c
    statement = select(t.disposal_lists).where(c.agency_id == actor.agency_id)
    by = (c.proposed_at, c.id)
    return newest_first(reader, statement, by, lambda row: disposal_of(dict(row._mapping)), cursor=cursor, limit=limit)


def _waited(row: Any) -> str:
    return write_cursor(int(row["state"] is not StoringState.DRAWN), row["made_at"], row["id"])


def _works(actor: Actor, kind: BookKind, year: int) -> list[ColumnElement[bool]]:
    begun = select(t.kept_items.c.entry_id).where(
        t.kept_items.c.entry_id == entries.c.id, t.kept_items.c.state != KeepingState.WORKING
    )
    which = [entries.c.kind == kind, entries.c.year == year, entries.c.state == EntryState.USED]
    return [*which, not_(begun.exists()), keeps(actor)]


def _stored(actor: Actor, year: int) -> list[ColumnElement[bool]]:
    return [t.kept_items.c.agency_id == actor.agency_id, t.kept_items.c.store_year == year]


def _waits(actor: Actor, for_what: Waiting, unit: UUID | None) -> list[ColumnElement[bool]]:
    item = t.kept_items.c
    on_no_list = and_(item.deposit_id.is_(None), item.disposal_id.is_(None))
    state: ColumnElement[bool] = item.state.in_(_CAN_BE_STORED)
    if for_what is Waiting.DEPOSIT:
        free = and_(item.loan_id.is_(None), item.handover_id.is_(None))
        state = and_(item.state.in_((*_CAN_BE_STORED, KeepingState.STORED)), free)
    can = select(item.entry_id).where(item.agency_id == actor.agency_id, state, on_no_list)
    return [entries.c.id.in_(can), keeps(actor), *([entries.c.unit_id == unit] if unit is not None else [])]


def _in_this_order(reader: Connection, actor: Actor, ids: Sequence[UUID]) -> list[KeptLine]:
    found = kept_lines(reader, actor, ids) if ids else {}
    return [found[one] for one in ids if one in found]


def _page(
    reader: Connection, actor: Actor, which: Sequence[ColumnElement[bool]], order: Sequence[Any], page: int, limit: int
) -> Page[KeptLine]:
    require(may_see_archive(actor))
    total = int(
        reader.execute(
            select(func.count()).select_from(entries).where(entries.c.agency_id == actor.agency_id, *which)
        ).scalar_one()
    )
    page = max(1, min(page, -(-total // limit)))
    before = limit * (page - 1)
    found = kept_of(reader, actor, lines_of(actor).where(*which).order_by(*order).limit(limit).offset(before))
    following = str(page + 1) if before + limit < total else None
    return Page(found, following, total, str(page - 1) if page > 1 else None, before=before)
