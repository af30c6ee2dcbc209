"""In which capacities a person may act on a day: the posts that he holds, those for which orders let him act, and those
for which he acts because he acts for the position that an order names. Asked at every request, so it is one statement,
built beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    FromClause,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.attachment import Digest
from saraban.domain.capacity import Acting, Capacity, Limits, order_words
from saraban.domain.classification import Form
from saraban.storage.planning import planned_once
from saraban.storage.tables.delegations import delegations as t
from saraban.storage.tables.organisation import clearances, position_periods, unit_periods
from saraban.storage.tables.organisation import in_force as holds
from saraban.storage.tables.people import holdings, people, positions, tokens, units

_DAY: ColumnElement[date] = bindparam("day", type_=Date())
_OF_ORDER = (
    *("capacity", "since", "until", "forms", "units", "ceiling", "incoming"),
    *("number", "dated", "may_hand_on", "to_position_id"),
)


_CLEARED = select(clearances.c.person_id).where(clearances.c.person_id == people.c.id, holds(clearances, _DAY)).exists()


def in_force(table: Any) -> ColumnElement[bool]:
    """The condition that an order counts on the day `day`."""
    return and_(table.c.revoked_at.is_(None), holds(table, _DAY))


def held() -> ColumnElement[bool]:
    """The condition that a holding counts on the day `day`."""
    return holds(holdings, _DAY)


def _post(*more: Any, of: FromClause, position: Any) -> Select[Any]:
    """The post with its unit and the person, who has to be active."""
    return select(
        people.c.agency_id,
        people.c.id.label("person_id"),
        people.c.name,
        positions.c.id.label("position_id"),
        position_periods.c.title,
        positions.c.role,
        or_(positions.c.clearance, _CLEARED).label("clearance"),
        units.c.id.label("unit_id"),
        unit_periods.c.name.label("unit_name"),
        units.c.central,
        *more,
    ).select_from(
        people.join(of, literal(True))
        .join(positions, positions.c.id == position)
        .join(position_periods, and_(position_periods.c.position_id == positions.c.id, holds(position_periods, _DAY)))
        .join(units, units.c.id == position_periods.c.unit_id)
        .join(unit_periods, and_(unit_periods.c.unit_id == units.c.id, holds(unit_periods, _DAY)))
    )


def _statement(who: ColumnElement[UUID]) -> CompoundSelect[Any]:
    """Everything that this person may act as: his own posts (0), orders for him (1), and orders for a position in which
    he acts by another order (2)."""
    own = select(holdings.c.position_id).where(holdings.c.person_id == who, held())
    mine = and_(in_force(t), or_(t.c.person_id == who, t.c.to_position_id.in_(own)))
    first, second = t.alias("first"), t.alias("second")
    mine_first = and_(in_force(first), or_(first.c.person_id == who, first.c.to_position_id.in_(own)))
    holder = (
        select(people.c.name)
        .join(holdings, holdings.c.person_id == people.c.id)
        .where(holdings.c.position_id == positions.c.id, held(), people.c.active)
        .order_by(holdings.c.since.desc())
        .limit(1)
    )
    holder_name = holder.correlate(positions).scalar_subquery().label("holder")
    named = and_(people.c.id == who, people.c.active)
    posts = _post(
        literal(0, Integer).label("kind"),
        holdings.c.since.label("from_day"),
        cast(null(), Uuid).label("order_id"),
        cast(null(), Uuid).label("via_id"),
        cast(null(), people.c.name.type).label("holder"),
        *(cast(null(), t.c[name].type).label(f"order_{name}") for name in _OF_ORDER),
        of=holdings,
        position=holdings.c.position_id,
    ).where(named, holdings.c.person_id == who, held())
    direct = _post(
        literal(1, Integer).label("kind"),
        t.c.since.label("from_day"),
        t.c.id.label("order_id"),
        cast(null(), Uuid).label("via_id"),
        holder_name,
        *(t.c[name].label(f"order_{name}") for name in _OF_ORDER),
        of=t,
        position=t.c.position_id,
    ).where(named, mine)
    further = _post(
        literal(2, Integer).label("kind"),
        second.c.since.label("from_day"),
        second.c.id.label("order_id"),
        first.c.id.label("via_id"),
        holder_name,
        *(second.c[name].label(f"order_{name}") for name in _OF_ORDER),
        of=first.join(second, second.c.to_position_id == first.c.position_id),
        position=second.c.position_id,
    ).where(
        named,
        mine_first,
        in_force(second),
        or_(first.c.capacity != Capacity.ON_BEHALF, second.c.may_hand_on),
        or_(second.c.person_id.is_(None), second.c.person_id != who),
    )
    return union_all(posts, direct, further)


_BY_PERSON = _statement(bindparam("person", type_=Uuid()))
_BY_TOKEN = _statement(
    select(tokens.c.person_id)
    .where(tokens.c.sha256 == bindparam("digest", type_=tokens.c.sha256.type), tokens.c.revoked_at.is_(None))
    .scalar_subquery()
)


def capacities_of_person(connection: Connection, person_id: UUID, on: date) -> list[Actor]:
    """Everything that the person may act as on that day: the newest own post first, then the others, then orders.
    Nothing for an account that is closed or holds no post."""
    with planned_once(connection):
        found = connection.execute(_BY_PERSON, {"person": person_id, "day": on}).all()
    return _actors(found, on)


def capacities_of_token(connection: Connection, sha256: Digest, on: date) -> list[Actor]:
    """The same of the person for whom a program speaks, by the digest of its token."""
    with planned_once(connection):
        found = connection.execute(_BY_TOKEN, {"digest": sha256, "day": on}).all()
    return _actors(found, on)


def chosen(capacities: Sequence[Actor], key: str) -> Actor | None:
    """The one with this key; the first for an empty key; None when there is no such."""
    return next((one for one in capacities if not key or one.key == key), None)


def _actors(rows: Sequence[Any], on: date) -> list[Actor]:
    posts = sorted((r for r in rows if r.kind == 0), key=lambda r: (-r.from_day.toordinal(), str(r.position_id)))
    if not posts:
        return []
    own = {r.position_id: r.title for r in posts}
    found = [_actor(r, None, on) for r in posts]
    orders = sorted((r for r in rows if r.kind > 0), key=lambda r: (r.kind, r.from_day, str(r.order_id)))
    by_order: dict[UUID, Acting] = {}
    for row in orders:
        via = by_order.get(row.via_id) if row.kind == 2 else None
        if row.position_id in own or (row.kind == 2 and via is None):
            continue  # who holds the position acts for himself
        acting = _acting(row, own.get(row.order_to_position_id, posts[0].title), via)
        if row.kind == 1:
            by_order[row.order_id] = acting
        found.append(_actor(row, acting, on))
    return found


def _acting(row: Any, own_title: str, via: Acting | None) -> Acting:
    limits = Limits(
        tuple(Form(one) for one in row.order_forms),
        tuple(UnitId(UUID(one)) for one in row.order_units),
        row.order_ceiling,
        row.order_incoming,
    )
    ends = [day for day in (row.order_until, via.until if via is not None else None) if day is not None]
    return Acting(
        key=str(row.order_id) if via is None else f"{via.key}.{row.order_id}",
        delegation_id=row.order_id,
        capacity=row.order_capacity,
        own_lines=(own_title,) if via is None else via.lines,
        for_title=row.title,
        for_name=row.holder or "",
        order=order_words(row.order_number, row.order_dated),
        limits=(limits,) if via is None else (limits, *via.limits),
        until=min(ends, default=None),
        may_hand_on=row.order_may_hand_on,
    )


def _actor(row: Any, acting: Acting | None, on: date) -> Actor:
    cleared = bool(row.clearance) and (acting is None or all(not one.ceiling.is_open for one in acting.limits))
    return Actor(
        agency_id=row.agency_id,
        name=row.name,
        person_id=row.person_id,
        position_id=row.position_id,
        unit_id=row.unit_id,
        title=row.title if acting is None else acting.title,
        unit_name=row.unit_name,
        role=row.role,
        central=row.central,
        clearance=cleared,
        on=on,
        acting=acting,
    )
