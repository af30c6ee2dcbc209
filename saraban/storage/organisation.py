"""The units and positions of an agency on the shelf, each read as it stands on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, Select, and_, bindparam, delete, insert, select, update

from saraban.domain.agency import AgencyId, Person, Position, PositionId, PositionRole, Unit, UnitId
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.organisation import PositionPeriod, Succession, UnitPeriod
from saraban.storage.shelves import Row
from saraban.storage.tables import people as t
from saraban.storage.tables.organisation import clearances, in_force, position_periods, unit_periods, unit_successions
from saraban.usecases.roll import Post

_DAY = bindparam("day", type_=Date)
_UNIT_COLUMNS = (*t.units.c, unit_periods.c.name, unit_periods.c.parent_id)
_POSITION_COLUMNS = (*t.positions.c, position_periods.c.title, position_periods.c.unit_id)
_NAMED = and_(unit_periods.c.unit_id == t.units.c.id, in_force(unit_periods, _DAY))
_TITLED = and_(position_periods.c.position_id == t.positions.c.id, in_force(position_periods, _DAY))
_CLEARED = (
    select(clearances.c.person_id)
    .where(clearances.c.person_id == t.people.c.id, in_force(clearances, _DAY))
    .exists()
    .label("cleared")
)


def posts_select() -> Select[Any]:
    """The positions with unit and holder as they stand on the day `day`."""
    parts = {"positions": _POSITION_COLUMNS, "units": _UNIT_COLUMNS, "people": tuple(t.people.c)}
    columns = [column.label(f"{name}_{column.name}") for name, listed in parts.items() for column in listed]
    holding = and_(t.holdings.c.position_id == t.positions.c.id, in_force(t.holdings, _DAY))
    return select(*columns, _CLEARED).select_from(
        t.positions.join(position_periods, _TITLED)
        .join(t.units, t.units.c.id == position_periods.c.unit_id)
        .join(unit_periods, _NAMED)
        .outerjoin(t.holdings, holding)
        .outerjoin(t.people, and_(t.people.c.id == t.holdings.c.person_id, t.people.c.active))
    )


_POSTS = posts_select().where(t.positions.c.agency_id == bindparam("agency"))
_POSTS_OF_ROLE = _POSTS.where(t.positions.c.role == bindparam("of_role")).order_by(
    t.units.c.code, position_periods.c.title
)
_POST_BY_ID = _POSTS.where(t.positions.c.id == bindparam("position"))
_ANY_UNIT = (
    select(*_UNIT_COLUMNS)
    .select_from(t.units.join(unit_periods, _NAMED))
    .where(t.units.c.agency_id == bindparam("agency"))
)
_UNIT = _ANY_UNIT.where(t.units.c.id == bindparam("of_id"))
_UNIT_BY_CODE = _ANY_UNIT.where(t.units.c.code == bindparam("of_code"))
_UNITS = _ANY_UNIT.where(in_force(t.units, _DAY)).order_by(t.units.c.central.desc(), t.units.c.code)
_ALL_UNITS = _ANY_UNIT.order_by(t.units.c.central.desc(), t.units.c.code)
_CENTRAL = _ANY_UNIT.where(t.units.c.central)
_SAVE_UNIT = update(t.units).where(t.units.c.id == bindparam("of_id"))

_SAVE_POSITION = update(t.positions).where(t.positions.c.id == bindparam("of_id"))
_ALL_POSITIONS = (
    select(*_POSITION_COLUMNS)
    .select_from(t.positions.join(position_periods, _TITLED))
    .where(t.positions.c.agency_id == bindparam("agency"))
    .order_by(t.positions.c.id)
)
_UNIT_COURSES = (
    select(unit_periods)
    .join(t.units, t.units.c.id == unit_periods.c.unit_id)
    .where(t.units.c.agency_id == bindparam("agency"))
    .order_by(unit_periods.c.unit_id, unit_periods.c.since)
)
_POSITION_COURSES = (
    select(position_periods)
    .join(t.positions, t.positions.c.id == position_periods.c.position_id)
    .where(t.positions.c.agency_id == bindparam("agency"))
    .order_by(position_periods.c.position_id, position_periods.c.since)
)


def post_of(row: Row) -> Post:
    """A row of `posts_select`."""
    person = _part(row, "people")
    return Post(
        position=Position(**_part(row, "positions")),
        unit=Unit(**_part(row, "units")),
        holder=Person(**person) if person["id"] is not None else None,
        cleared=bool(row["cleared"]),
    )


class OrganisationBooks:
    """The units and positions of hosted agencies (a part of usecases.roll.Agencies)."""

    def __init__(self, connection: Connection, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._now = now

    def add_unit(self, unit: Unit) -> None:
        """Add a unit under its first name."""
        self._connection.execute(insert(t.units), _unit_row(unit))
        self._connection.execute(
            insert(unit_periods),
            {"unit_id": unit.id, "since": date.min, "name": unit.name, "parent_id": unit.parent_id, "authority": ""},
        )

    def save_unit(self, unit: Unit) -> None:
        """Write a unit back; not its name and place, which have their dates."""
        row = _unit_row(unit)
        self._connection.execute(_SAVE_UNIT, {"of_id": row.pop("id"), **row})

    def units(self, agency_id: AgencyId) -> Sequence[Unit]:
        """The units that there are today, the central one first."""
        return self._units(_UNITS, agency=agency_id)

    def unit(self, agency_id: AgencyId, unit_id: UnitId, on: date | None = None) -> Unit:
        """The unit as on a day; NotFound when it is another agency's."""
        found = self._units(_UNIT, agency=agency_id, of_id=unit_id, **({"day": on} if on else {}))
        if not found:
            raise NotFound
        return found[0]

    def unit_by_code(self, agency_id: AgencyId, code: str) -> Unit | None:
        """The agency's unit with this code, also one that has ended."""
        found = self._units(_UNIT_BY_CODE, agency=agency_id, of_code=code)
        return found[0] if found else None

    def central_unit(self, agency_id: AgencyId) -> Unit:
        """The unit that receives and sends for the agency (หน่วยงานสารบรรณกลาง)."""
        found = self._units(_CENTRAL, agency=agency_id)
        if not found:
            raise NotFound("ส่วนราชการนี้ยังไม่ได้กำหนดหน่วยงานสารบรรณกลาง")
        return found[0]

    def add_position(self, position: Position) -> None:
        """Add a post under its first title."""
        row = {column.name: getattr(position, column.name) for column in t.positions.c}
        self._connection.execute(insert(t.positions), row)
        first = {"position_id": position.id, "since": date.min, "title": position.title, "unit_id": position.unit_id}
        self._connection.execute(insert(position_periods), {**first, "authority": ""})

    def save_position(self, position: Position) -> None:
        """Write a post back; not its title and unit, which have their dates."""
        row = {column.name: getattr(position, column.name) for column in t.positions.c}
        self._connection.execute(_SAVE_POSITION, {"of_id": row.pop("id"), **row})

    def posts(self, agency_id: AgencyId, role: PositionRole, on: date) -> Sequence[Post]:
        """The posts with this role, with unit and the holder of that day."""
        rows = self._connection.execute(_POSTS_OF_ROLE, {"agency": agency_id, "of_role": role, "day": on})
        return [post_of(row) for row in rows.mappings()]

    def post(self, agency_id: AgencyId, position_id: PositionId, on: date) -> Post:
        """One post with unit and holder."""
        values = {"agency": agency_id, "position": position_id, "day": on}
        row = self._connection.execute(_POST_BY_ID, values).mappings().first()
        if row is None:
            raise NotFound
        return post_of(row)

    def all_units(self, agency_id: AgencyId) -> Sequence[Unit]:
        """Every unit that there ever was or is to be, as today, the central one first."""
        return self._units(_ALL_UNITS, agency=agency_id)

    def unit_courses(self, agency_id: AgencyId) -> Mapping[UnitId, Sequence[UnitPeriod]]:
        """What every unit of the agency was called and under which it stood, the earliest first."""
        found: dict[UnitId, list[UnitPeriod]] = {}
        for row in self._connection.execute(_UNIT_COURSES, {"agency": agency_id}).mappings():
            found.setdefault(row["unit_id"], []).append(UnitPeriod(**row))
        return found

    def set_unit_course(self, unit_id: UnitId, periods: Sequence[UnitPeriod]) -> None:
        """Write the course of a unit anew."""
        self._connection.execute(delete(unit_periods).where(unit_periods.c.unit_id == unit_id))
        self._connection.execute(insert(unit_periods), [vars(period) for period in periods])

    def add_succession(self, succession: Succession) -> None:
        """Write down who carries on a unit's work."""
        self._connection.execute(insert(unit_successions), vars(succession))

    def all_positions(self, agency_id: AgencyId) -> Sequence[Position]:
        """Every post that there ever was or is to be, as today."""
        rows = self._connection.execute(_ALL_POSITIONS, {"agency": agency_id, "day": office_date(self._now())})
        return [Position(**row) for row in rows.mappings()]

    def position_courses(self, agency_id: AgencyId) -> Mapping[PositionId, Sequence[PositionPeriod]]:
        """The titles and units of every post of the agency, the earliest first."""
        found: dict[PositionId, list[PositionPeriod]] = {}
        for row in self._connection.execute(_POSITION_COURSES, {"agency": agency_id}).mappings():
            found.setdefault(row["position_id"], []).append(PositionPeriod(**row))
        return found

    def set_position_course(self, position_id: PositionId, periods: Sequence[PositionPeriod]) -> None:
        """Write the course of a post anew."""
        self._connection.execute(delete(position_periods).where(position_periods.c.position_id == position_id))
        self._connection.execute(insert(position_periods), [vars(period) for period in periods])

    def _units(self, statement: Select[Any], **values: Any) -> list[Unit]:
        rows = self._connection.execute(statement, {"day": office_date(self._now()), **values}).mappings()
        return [Unit(**row) for row in rows]


def _unit_row(unit: Unit) -> dict[str, Any]:
    return {column.name: getattr(unit, column.name) for column in t.units.c}


def _part(row: Row, name: str) -> dict[str, Any]:
    prefix = name + "_"
    return {key[len(prefix) :]: value for key, value in row.items() if key.startswith(prefix)}
