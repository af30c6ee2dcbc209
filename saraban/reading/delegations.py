"""Orders by which one acts for another, as the screens list them; and who stands in a position today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionId, PositionRole
from saraban.domain.capacity import Capacity, order_words
from saraban.domain.classification import Form, Secrecy
from saraban.domain.delegation import Standing
from saraban.domain.errors import NotFound
from saraban.domain.letter import Letter, LetterState
from saraban.domain.permissions import may_delegate, may_see_delegations, words_of
from saraban.domain.route import StepKind, StepState
from saraban.reading.paging import Page, rows_newest_first
from saraban.reading.people import PostRow, posts
from saraban.storage.tables.delegations import delegations as t
from saraban.storage.tables.desk import turns
from saraban.storage.tables.organisation import in_force, position_periods, unit_name
from saraban.storage.tables.people import holdings, people, positions, units


@dataclass(frozen=True)
class DelegationRow:
    """An order: for which position (with its holder today, empty while it is vacant), who acts, how it stands on the
    day of asking, and its limits in words. `why_not_revoke` is empty for who may end it."""

    id: UUID
    position_id: UUID
    position: str
    holder: str
    delegate: str
    delegate_title: str
    capacity: Capacity
    since: date
    until: date | None
    standing: Standing
    document: str
    file_name: str
    limits: tuple[str, ...]
    forms: tuple[Form, ...]
    units: tuple[UUID, ...]
    ceiling: Secrecy
    incoming: bool
    may_hand_on: bool
    entered_at: datetime
    entered_by: str
    revoked_at: datetime | None
    revoked_by: str
    revoke_reason: str
    version: int
    why_not_revoke: str


@dataclass(frozen=True)
class PositionRow:
    """A position with who holds it, empty while it is vacant."""

    id: PositionId
    title: str
    unit: str
    holder: str
    role: PositionRole


def orders(
    reader: Connection, actor: Actor, on: date, *, mine: bool = False, cursor: str | None = None, limit: int = 50
) -> Page[DelegationRow]:
    """The agency's orders, those entered last first: all for who may see them, else those that concern the actor; two
    statements, or four with the names of units."""
    statement = _select(on).where(t.c.agency_id == actor.agency_id)
    if mine or may_see_delegations(actor) is not None:
        statement = statement.where(_concerns(actor, on))
    page = rows_newest_first(reader, statement, (t.c.entered_at, t.c.id), cursor=cursor, limit=limit)
    named = _unit_names(reader, actor, on) if any(row.units for row in page.items) else {}
    return Page([_row(row, actor, on, named) for row in page.items], page.next)


def order(reader: Connection, actor: Actor, delegation_id: UUID, on: date) -> DelegationRow:
    """One that the actor may see; NotFound for any other."""
    statement = _select(on).where(t.c.agency_id == actor.agency_id, t.c.id == delegation_id)
    if may_see_delegations(actor) is not None:
        statement = statement.where(_concerns(actor, on))
    row = reader.execute(statement).first()
    if row is None:
        raise NotFound
    return _row(row, actor, on, _unit_names(reader, actor, on) if row.units else {})


def positions_of_agency(reader: Connection, agency_id: UUID, on: date) -> list[PositionRow]:
    """Every position of the agency with its holder, heads and directors first, by unit and title."""
    rows = reader.execute(
        select(
            positions.c.id,
            position_periods.c.title,
            unit_name(position_periods.c.unit_id, on).label("unit"),
            units.c.code,
            positions.c.role,
            _holder(positions.c.id, on).label("holder"),
        )
        .select_from(
            positions.join(
                position_periods,
                and_(position_periods.c.position_id == positions.c.id, in_force(position_periods, on)),
            ).join(units, units.c.id == position_periods.c.unit_id)
        )
        .where(positions.c.agency_id == agency_id)
    ).all()
    first = [PositionRole.HEAD, PositionRole.DIRECTOR]
    rows = sorted(rows, key=lambda r: (first.index(r.role) if r.role in first else 9, r.code, r.title))
    return [PositionRow(PositionId(r.id), r.title, r.unit, r.holder or "", r.role) for r in rows]


def posts_to_ask(reader: Connection, agency_id: UUID, on: date) -> list[PostRow]:
    """The positions that somebody holds that day, then the vacant ones in which somebody acts with their whole power,
    under the name of who acts."""
    acting: dict[UUID, Any] = {}
    whole = [one for one in Capacity if one.is_whole]
    statement = _select(on).add_columns(_holder(t.c.to_position_id, on, people.c.id).label("to_holder_id"))
    statement = statement.where(t.c.agency_id == agency_id, t.c.capacity.in_(whole), _counts(on))
    for row in reader.execute(statement.order_by(t.c.since, t.c.id)):
        if not row.holder and (row.delegate or row.to_holder):
            acting.setdefault(row.position_id, row)
    found = posts(reader, agency_id, on)
    if acting:
        for place in positions_of_agency(reader, agency_id, on):
            if (one := acting.get(place.id)) is not None:
                words = f"{one.delegate or one.to_holder} {one.capacity.thai}"
                found.append(PostRow(place.id, place.title, place.unit, words, one.person_id or one.to_holder_id))
    return found


def vacant(agency_id: UUID, on: date) -> Select[Any]:
    """The positions of the agency that nobody holds that day and for which nobody acts, as a part of a statement."""
    held = select(holdings.c.position_id).join(people, people.c.id == holdings.c.person_id)
    acted = select(t.c.position_id).where(t.c.agency_id == agency_id, _counts(on))
    return select(positions.c.id).where(
        positions.c.agency_id == agency_id,
        ~exists(held.where(holdings.c.position_id == positions.c.id, in_force(holdings, on), people.c.active)),
        positions.c.id.not_in(acted),
    )


def vacant_ahead(reader: Connection, letter: Letter, on: date) -> frozenset[PositionId]:
    """Whose turn at the letter will come though nobody holds the position and nobody acts for it."""
    ahead = {step.position_id for step in letter.route if step.state is StepState.WAITING and step.kind.decides}
    if letter.state is not LetterState.SUBMITTED or not ahead:
        return frozenset()
    found = reader.execute(vacant(letter.agency_id, on).where(positions.c.id.in_(ahead)))
    return frozenset(PositionId(row.id) for row in found)


def stuck(reader: Connection, agency_id: UUID, on: date) -> dict[UUID, int]:
    """How many letters wait for each vacant position; the numbers alone, which who keeps the posts may know."""
    statement = (
        select(turns.c.position_id, func.count().label("letters"))
        .where(turns.c.position_id.in_(vacant(agency_id, on)), turns.c.kind != StepKind.INFORM)
        .group_by(turns.c.position_id)
    )
    return {row.position_id: row.letters for row in reader.execute(statement)}


def stands_in(reader: Connection, agency_id: UUID, position_id: UUID, on: date) -> tuple[str, list[tuple[str, str]]]:
    """Who holds the position that day (empty while it is vacant), and who may act for it: name and capacity."""
    holder = reader.execute(select(_holder(positions.c.id, on)).where(positions.c.id == position_id)).scalar() or ""
    statement = _select(on).where(t.c.agency_id == agency_id, t.c.position_id == position_id, _counts(on))
    rows = reader.execute(statement.order_by(t.c.since, t.c.id))
    return holder, [(row.delegate or row.to_holder or row.to_title or "", row.capacity.thai) for row in rows]


def _counts(on: date) -> ColumnElement[bool]:
    return and_(t.c.revoked_at.is_(None), in_force(t, on))


def _concerns(actor: Actor, on: date) -> ColumnElement[bool]:
    """The orders by which the actor acts, and those for his own positions."""
    own = select(holdings.c.position_id).where(holdings.c.person_id == actor.person_id, in_force(holdings, on))
    return or_(t.c.person_id == actor.person_id, t.c.to_position_id.in_(own), t.c.position_id.in_(own))


def _holder(position: ColumnElement[Any], on: date, what: ColumnElement[Any] = people.c.name) -> Any:
    return (
        select(what)
        .join(holdings, holdings.c.person_id == people.c.id)
        .where(holdings.c.position_id == position, in_force(holdings, on), people.c.active)
        .order_by(holdings.c.since.desc())
        .limit(1)
        .scalar_subquery()
    )


def _title(position: ColumnElement[Any], on: date) -> Any:
    named = position_periods.alias()
    return select(named.c.title).where(named.c.position_id == position, in_force(named, on)).scalar_subquery()


def _select(on: date) -> Select[Any]:
    named = people.alias("named")
    return select(
        t,
        _title(t.c.position_id, on).label("position"),
        _holder(t.c.position_id, on).label("holder"),
        named.c.name.label("delegate"),
        _title(t.c.to_position_id, on).label("to_title"),
        _holder(t.c.to_position_id, on).label("to_holder"),
    ).select_from(t.outerjoin(named, named.c.id == t.c.person_id))


def _unit_names(reader: Connection, actor: Actor, on: date) -> dict[str, str]:
    rows = reader.execute(
        select(units.c.id, unit_name(units.c.id, on).label("name")).where(units.c.agency_id == actor.agency_id)
    )
    return {str(row.id): row.name for row in rows}


def _row(row: Any, actor: Actor, on: date, named: dict[str, str]) -> DelegationRow:
    standing = Standing.IN_FORCE
    if row.revoked_at is not None:
        standing = Standing.REVOKED
    elif on < row.since:
        standing = Standing.COMING
    elif row.until is not None and on > row.until:
        standing = Standing.ENDED
    forms = tuple(Form(one) for one in row.forms)
    ended = standing in (Standing.ENDED, Standing.REVOKED)
    return DelegationRow(
        id=row.id,
        position_id=row.position_id,
        position=row.position or "",
        holder=row.holder or "",
        delegate=(row.to_holder or "") if row.to_position_id else row.delegate or "",
        delegate_title=row.to_title or "",
        capacity=row.capacity,
        since=row.since,
        until=row.until,
        standing=standing,
        document=order_words(row.number, row.dated),
        file_name=row.file_name,
        limits=_limits(forms, [named.get(one, "") for one in row.units], row.ceiling, row.incoming),
        forms=forms,
        units=tuple(UUID(one) for one in row.units),
        ceiling=row.ceiling,
        incoming=row.incoming,
        may_hand_on=row.may_hand_on,
        entered_at=row.entered_at,
        entered_by=row.entered_by,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        revoke_reason=row.revoke_reason,
        version=row.version,
        why_not_revoke="คำสั่งสิ้นสุดแล้ว" if ended else words_of(may_delegate(actor, row.position_id)),
    )


def _limits(forms: tuple[Form, ...], of_units: list[str], ceiling: Secrecy, incoming: bool) -> tuple[str, ...]:
    """The limits in words, each a phrase."""
    told = ["หนังสือทุกแบบ" if not forms else "เฉพาะ" + " ".join(form.thai for form in forms)]
    told.append("ทุกหน่วยงาน" if not of_units else "ของ" + " ".join(of_units))
    told.append("ไม่มีชั้นความลับ" if ceiling.is_open else f"ถึงชั้น{ceiling.thai}")
    if not incoming:
        told.append("ไม่รวมหนังสือรับ")
    return tuple(told)
