"""Who looks: accounts as actors, and the posts, units and options of an agency, by statements built beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Date, and_, bindparam, select

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions, ListHead, PositionRole
from saraban.domain.errors import NotFound
from saraban.domain.salutations import Salutation, table_of
from saraban.storage.capacities import capacities_of_person, chosen
from saraban.storage.tables.organisation import in_force, position_periods, unit_periods
from saraban.storage.tables.people import agencies, holdings, people, positions
from saraban.storage.tables.people import units as unit_table

_DAY = bindparam("day", type_=Date)
_TITLED = and_(position_periods.c.position_id == positions.c.id, in_force(position_periods, _DAY))
_NAMED = and_(unit_periods.c.unit_id == unit_table.c.id, in_force(unit_periods, _DAY))
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
    return chosen(capacities_of_person(reader, person_id, on), "")


def agency(reader: Connection, agency_id: UUID) -> AgencyRow:
    """The hosted agency; NotFound when there is none."""
    row = reader.execute(_AGENCY, {"agency": agency_id}).first()
    if row is None:
        raise NotFound
    return AgencyRow(row.id, row.code, row.name, row.mailbox, row.abbr, row.series)


def list_head(reader: Connection, agency_id: UUID, on: date) -> ListHead:
    """The head of the agency's lists of the archive on that day; its part is the central unit, which keeps them.
    NotFound when there is no such agency."""
    row = reader.execute(_AGENCY, {"agency": agency_id}).first()
    if row is None:
        raise NotFound
    central = next((one.name for one in units(reader, agency_id, on) if one.central), "")
    return ListHead(AgencyOptions(**row.options).ministry, row.name, central)


def salutations(reader: Connection, agency_id: UUID) -> tuple[Salutation, ...]:
    """The agency's table of salutations and closings."""
    kept = reader.execute(_AGENCY, {"agency": agency_id}).one().options
    return table_of(AgencyOptions(**kept).salutations)


def keeps_answers(reader: Connection, agency_id: UUID) -> int:
    """For how many days who asks about the agency's documents may keep what it is told, unless a clerk says another
    number."""
    return AgencyOptions(**reader.execute(_AGENCY, {"agency": agency_id}).one().options).lookup_keep_days


def answers_mail(reader: Connection, agency_id: UUID) -> bool:
    """Does the agency tell senders of ordinary mail their receiving number?"""
    kept = reader.execute(_AGENCY, {"agency": agency_id}).one().options
    return AgencyOptions(**kept).answer_mail


def units(reader: Connection, agency_id: UUID, on: date | None) -> list[UnitRow]:
    """The agency's units of a day by their names of that day, the central one first; for None as they are known to
    stand in the end."""
    rows = reader.execute(_UNITS, {"agency": agency_id, "day": on or date.max})
    return [UnitRow(r.id, r.code, r.name, r.series, r.central) for r in rows]
