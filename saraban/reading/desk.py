"""The officer's desk: what waits for a post, the most urgent first and then what has waited longest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, false, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.route import StepKind
from saraban.reading.directory import names
from saraban.reading.organisation import owner_name
from saraban.reading.paging import Page, cut, moment, page_size, read_cursor, serial, write_cursor
from saraban.reading.scope import MASKED_SUBJECT, within_order
from saraban.reading.unread import DESK, unread
from saraban.storage.tables.desk import turns
from saraban.storage.tables.letters import letters

NAMES_SHOWN = 3
_SHOWN = ("id", "version", "form", "subject", "addressed_to", "recipients", "urgency", "secrecy", "response_due")


@dataclass(frozen=True)
class DeskRow:
    """A letter on a desk. `kind` is what is asked of the officer, `since` when it came before him, `version` what lies
    there now,
    `asked` the day by which the letter asks for an answer. `unread`: he has not seen it
    since. The words of a classified letter are not shown in a list."""

    id: UUID
    version: int
    kind: StepKind
    form: Form
    subject: str
    addressed_to: str
    recipients: tuple[str, ...]
    recipient_count: int
    urgency: Urgency
    secrecy: Secrecy
    unit_name: str
    since: datetime
    asked: date | None = None
    unread: bool = False


@dataclass(frozen=True)
class Place:
    """Where a letter lies in its pile, from 1, and its neighbours."""

    number: int
    before: UUID | None
    after: UUID | None


def on_desk(actor: Actor) -> ColumnElement[bool]:
    """The condition over `turns` that the letter waits for the actor; who acts for a position has what the order
    reaches. For what is for information nothing waits."""
    if actor.position_id is None:
        return false()
    mine = and_(
        turns.c.position_id == actor.position_id,
        turns.c.agency_id == actor.agency_id,
        turns.c.kind != StepKind.INFORM,
    )
    if actor.acting is None:
        return mine
    reach = within_order(actor.acting, letters.c.unit_id, letters.c.secrecy, letters.c.form)
    return and_(mine, exists().where(letters.c.id == turns.c.letter_id, reach))


def count(reader: Connection, actor: Actor, kind: StepKind | None = None) -> int:
    """How many letters wait."""
    statement = select(func.count()).select_from(turns).where(on_desk(actor), *_of_kind(kind))
    return reader.execute(statement).scalar_one()


def pile(
    reader: Connection, actor: Actor, *, kind: StepKind | None = None, cursor: str | None = None, limit: int = 50
) -> Page[DeskRow]:
    """A page of the pile with its total, in four statements at most however much lies there."""
    limit = page_size(limit)
    wanted = select(turns).where(on_desk(actor), *_of_kind(kind))
    if cursor:
        wanted = wanted.where(_after(*read_cursor(cursor, serial, moment, UUID)))
    rows = _rows(reader, actor, _in_order(wanted).limit(limit + 1))
    kept, following = cut(rows, limit, _cursor)
    return Page(_desk_rows(reader, actor, kept), following, count(reader, actor, kind))


def around(reader: Connection, actor: Actor, letter_id: UUID, *, limit: int = 30) -> Page[DeskRow]:
    """The part of the pile in which a letter lies, with a few above it; its top when it is not there."""
    limit = page_size(limit)
    at = _key_of(reader, actor, letter_id)
    if at is None:
        return pile(reader, actor, limit=limit)
    above = reader.execute(_backwards(select(turns).where(on_desk(actor), _before(*at))).limit(_ABOVE)).all()
    start = _key(above[-1]) if above else at
    wanted = select(turns).where(on_desk(actor), or_(_after(*start), turns.c.letter_id == start[2]))
    rows = _rows(reader, actor, _in_order(wanted).limit(limit + 1))
    kept, following = cut(rows, limit, _cursor)
    return Page(_desk_rows(reader, actor, kept), following, count(reader, actor))


def place(reader: Connection, actor: Actor, letter_id: UUID) -> Place | None:
    """Where the letter lies in the pile; None when it does not wait for the actor."""
    at = _key_of(reader, actor, letter_id)
    if at is None:
        return None
    mine = on_desk(actor)
    above = select(func.count()).select_from(turns).where(mine, _before(*at)).scalar_subquery()
    before = _backwards(select(turns.c.letter_id).where(mine, _before(*at))).limit(1).scalar_subquery()
    after = _in_order(select(turns.c.letter_id).where(mine, _after(*at))).limit(1).scalar_subquery()
    row = reader.execute(select(above.label("above"), before.label("before"), after.label("after"))).one()
    return Place(row.above + 1, row.before, row.after)


def top(reader: Connection, actor: Actor) -> UUID | None:
    """The letter on top of the pile."""
    return reader.execute(_in_order(select(turns.c.letter_id).where(on_desk(actor))).limit(1)).scalar()


_ABOVE = 5
_Key = tuple[int, datetime, UUID]


def _of_kind(kind: StepKind | None) -> list[ColumnElement[bool]]:
    return [] if kind is None else [turns.c.kind == kind]


def _in_order(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(turns.c.haste, turns.c.since, turns.c.letter_id)


def _backwards(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(turns.c.haste.desc(), turns.c.since.desc(), turns.c.letter_id.desc())


def _after(haste: int, since: datetime, letter_id: UUID) -> ColumnElement[bool]:
    later = or_(turns.c.since > since, and_(turns.c.since == since, turns.c.letter_id > letter_id))
    return and_(turns.c.haste >= haste, or_(turns.c.haste > haste, later))


def _before(haste: int, since: datetime, letter_id: UUID) -> ColumnElement[bool]:
    sooner = or_(turns.c.since < since, and_(turns.c.since == since, turns.c.letter_id < letter_id))
    return and_(turns.c.haste <= haste, or_(turns.c.haste < haste, sooner))


def _key_of(reader: Connection, actor: Actor, letter_id: UUID) -> _Key | None:
    row = reader.execute(select(turns).where(on_desk(actor), turns.c.letter_id == letter_id)).first()
    return _key(row) if row is not None else None


def _key(row: Any) -> _Key:
    return row.haste, row.since, row.letter_id


def _cursor(row: Any) -> str:
    return write_cursor(*_key(row))


def _rows(reader: Connection, actor: Actor, wanted: Select[Any]) -> Sequence[Any]:
    """The letters of these turns: the turns are cut out first, so that only letters that are shown are looked up."""
    found = wanted.subquery("found")
    columns = (*(letters.c[name] for name in _SHOWN), owner_name(actor).label("unit_name"))
    new = unread(actor, DESK, found.c.letter_id, found.c.since)
    statement = (
        select(found, *columns, new.label("unread"))
        .select_from(found.join(letters, letters.c.id == found.c.letter_id))
        .order_by(found.c.haste, found.c.since, found.c.letter_id)
    )
    return reader.execute(statement).all()


def _desk_rows(reader: Connection, actor: Actor, rows: Sequence[Any]) -> list[DeskRow]:
    named = names(reader, (code for row in rows for code in row.recipients[:NAMES_SHOWN]), actor.agency_id)
    return [_desk_row(row, named) for row in rows]


def _desk_row(row: Any, named: dict[str, str]) -> DeskRow:
    shown = row.secrecy.is_open
    return DeskRow(
        id=row.id,
        version=row.version,
        kind=row.kind,
        form=row.form,
        subject=row.subject if shown else MASKED_SUBJECT,
        addressed_to=row.addressed_to if shown else "",
        recipients=tuple(named.get(code, code) for code in row.recipients[:NAMES_SHOWN]) if shown else (),
        recipient_count=len(row.recipients) if shown else 0,
        urgency=row.urgency,
        secrecy=row.secrecy,
        unit_name=row.unit_name,
        since=row.since,
        asked=row.response_due,
        unread=row.unread,
    )
