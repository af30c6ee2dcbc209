"""Who looks: accounts and tokens as actors, asked at every request, so each is one statement built beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Date, Select, and_, bindparam, or_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions, PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound
from saraban.domain.salutations import Salutation, table_of
from saraban.storage.tables.organisation import clearances, in_force, position_periods, unit_periods
from saraban.storage.tables.people import agencies, holdings, people, positions, tokens
from saraban.storage.tables.people import units as unit_table

_DAY = bindparam("day", type_=Date)
_TITLED = and_(position_periods.c.position_id == positions.c.id, in_force(position_periods, _DAY))
_NAMED = and_(unit_periods.c.unit_id == unit_table.c.id, in_force(unit_periods, _DAY))
_CLEARED = (
    select(clearances.c.person_id).where(clearances.c.person_id == people.c.id, in_force(clearances, _DAY)).exists()
)


def _actor_select() -> Select[Any]:
    """The posts that an active person holds on the day `day`, the newest first."""
    return (
        select(
            people.c.agency_id,
            people.c.id.label("person_id"),
            people.c.name,
            positions.c.id.label("position_id"),
            position_periods.c.title,
            positions.c.role,
            or_(positions.c.clearance, _CLEARED).label("clearance"),
            unit_table.c.id.label("unit_id"),
            unit_periods.c.name.label("unit_name"),
            unit_table.c.central,
        )
        .select_from(
            people.join(holdings, holdings.c.person_id == people.c.id)
            .join(positions, positions.c.id == holdings.c.position_id)
            .join(position_periods, _TITLED)
            .join(unit_table, unit_table.c.id == position_periods.c.unit_id)
            .join(unit_periods, _NAMED)
        )
        .where(people.c.active, in_force(holdings, _DAY))
        .order_by(holdings.c.since.desc(), positions.c.id)
        .limit(1)
    )


_POSTS = (
    select(
        positions.c.id.label("position_id"),
        position_periods.c.title,
        positions.c.role,
        people.c.name,
        people.c.id.label("person_id"),
        unit_periods.c.name.label("unit_name"),
        unit_table.c.code.label("unit_code"),
    )
    .select_from(
        positions.join(holdings, holdings.c.position_id == positions.c.id)
        .join(people, people.c.id == holdings.c.person_id)
        .join(position_periods, _TITLED)
        .join(unit_table, unit_table.c.id == position_periods.c.unit_id)
        .join(unit_periods, _NAMED)
    )
    .where(positions.c.agency_id == bindparam("agency"), people.c.active, in_force(holdings, _DAY))
)
_BY_PERSON = _actor_select().where(people.c.id == bindparam("person"))
_BY_TOKEN = (
    _actor_select()
    .join(tokens, tokens.c.person_id == people.c.id)
    .where(tokens.c.sha256 == bindparam("digest"), tokens.c.revoked_at.is_(None))
)
_AGENCY = select(agencies).where(agencies.c.id == bindparam("agency"))
_UNITS = (
    select(unit_table, unit_periods.c.name)
    .select_from(unit_table.join(unit_periods, _NAMED))
    .where(unit_table.c.agency_id == bindparam("agency"), in_force(unit_table, _DAY))
    .order_by(unit_table.c.central.desc(), unit_table.c.code)
)


class Colleague(NamedTuple):
    """A person of the agency, with the title of a post that he holds."""

    id: UUID
    name: str
    title: str


@dataclass(frozen=True)
class AgencyRow:
    """A hosted agency."""

    id: UUID
    code: str
    name: str
    mailbox: str
    abbr: str
    series: str


@dataclass(frozen=True)
class UnitRow:
    """A unit of a hosted agency."""

    id: UUID
    code: str
    name: str
    series: str
    central: bool


@dataclass(frozen=True)
class PostRow:
    """A position of an agency, with who holds it."""

    position_id: UUID
    title: str
    unit_name: str
    person: str
    person_id: UUID


def posts(reader: Connection, agency_id: UUID, on: date) -> list[PostRow]:
    """The positions of the agency that somebody holds on that day: heads first, then directors and the others, by their
    unit and title."""
    order = [PositionRole.HEAD, PositionRole.DIRECTOR]
    rows = reader.execute(_POSTS, {"agency": agency_id, "day": on}).all()
    rows = sorted(rows, key=lambda r: (order.index(r.role) if r.role in order else 9, r.unit_code, r.title, r.name))
    return [PostRow(r.position_id, r.title, r.unit_name, r.name, r.person_id) for r in rows]


def colleagues(reader: Connection, agency_id: UUID, on: date) -> list[Colleague]:
    """The people of the agency who hold a post on that day, by their unit and name, each once."""
    rows = sorted(reader.execute(_POSTS, {"agency": agency_id, "day": on}), key=lambda r: (r.unit_code, r.name))
    return list({r.person_id: Colleague(r.person_id, r.name, r.title) for r in reversed(rows)}.values())[::-1]


def actor_by_person(reader: Connection, person_id: UUID, on: date) -> Actor | None:
    """The person in the post held on that day; None for an account that is closed or holds none."""
    return _actor(reader.execute(_BY_PERSON, {"person": person_id, "day": on}).first(), on)


def actor_by_token(reader: Connection, sha256: Digest, on: date) -> Actor | None:
    """The person for whom a program speaks, by the digest of its token; None when it is revoked or unknown, or the
    account is closed."""
    return _actor(reader.execute(_BY_TOKEN, {"digest": sha256, "day": on}).first(), on)


def agency(reader: Connection, agency_id: UUID) -> AgencyRow:
    """The hosted agency; NotFound when there is none."""
    row = reader.execute(_AGENCY, {"agency": agency_id}).first()
    if row is None:
        raise NotFound
    return AgencyRow(row.id, row.code, row.name, row.mailbox, row.abbr, row.series)


def salutations(reader: Connection, agency_id: UUID) -> tuple[Salutation, ...]:
    """The agency's table of salutations and closings."""
    kept = reader.execute(_AGENCY, {"agency": agency_id}).one().options
    return table_of(AgencyOptions(**kept).salutations)


def answers_mail(reader: Connection, agency_id: UUID) -> bool:
    """Does the agency tell senders of ordinary mail their receiving number?"""
    kept = reader.execute(_AGENCY, {"agency": agency_id}).one().options
    return AgencyOptions(**kept).answer_mail


def units(reader: Connection, agency_id: UUID, on: date | None) -> list[UnitRow]:
    """The agency's units of a day by their names of that day, the central one first; for None as they are known to
    stand in the end."""
    rows = reader.execute(_UNITS, {"agency": agency_id, "day": on or date.max})
    return [UnitRow(r.id, r.code, r.name, r.series, r.central) for r in rows]


def _actor(row: Any, on: date) -> Actor | None:
    if row is None:
        return None
    return Actor(
        agency_id=row.agency_id,
        name=row.name,
        person_id=row.person_id,
        position_id=row.position_id,
        unit_id=row.unit_id,
        title=row.title,
        unit_name=row.unit_name,
        role=row.role,
        central=row.central,
        clearance=bool(row.clearance),
        on=on,
    )
