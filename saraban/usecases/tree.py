"""The tree of an agency's units, read once in a transaction: shared by single deeds and by sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from saraban.domain.actor import Actor
from saraban.domain.agency import Position, Unit, UnitId
from saraban.domain.errors import BadInput
from saraban.domain.organisation import BEGINNING, PositionPeriod, UnitPeriod, is_there, on_day, then
from saraban.usecases.books import UnitOfWork


class Tree:
    """The units and posts of an agency with their courses, read once in a transaction."""

    def __init__(self, uow: UnitOfWork, actor: Actor) -> None:
        self._uow = uow
        self.agency_id = actor.agency_id
        self.units: dict[UnitId, Unit] = {unit.id: unit for unit in uow.agencies.all_units(actor.agency_id)}
        self.courses: dict[UnitId, Sequence[UnitPeriod]] = dict(uow.agencies.unit_courses(actor.agency_id))

    def unit(self, code: str, field: str = "unit") -> Unit:
        """The unit with this code. Raises BadInput under the field."""
        found = next((unit for unit in self.units.values() if unit.code == code), None)
        if found is None:
            raise BadInput({field: f"ไม่พบหน่วยงานรหัส “{code}”"})
        return found

    def add(self, unit: Unit) -> None:
        """A unit that was just set up belongs to it."""
        self.units[unit.id] = unit
        self.courses[unit.id] = [UnitPeriod(unit.id, BEGINNING, unit.name, unit.parent_id)]

    def parents(self, day: date) -> dict[UnitId, UnitId | None]:
        """Under which unit each stands on a day."""
        return {unit_id: on_day(course, day).parent_id for unit_id, course in self.courses.items()}

    def below(self, unit: Unit, day: date) -> list[Unit]:
        """The units that stand directly under it on a day, or are to stand there later."""
        return [
            self.units[unit_id]
            for unit_id, course in self.courses.items()
            if is_there(self.units[unit_id], day)
            and any(one.parent_id == unit.id and (one.until is None or one.until >= day) for one in course)
        ]

    def posts(self, unit: Unit, day: date) -> list[tuple[Position, Sequence[PositionPeriod]]]:
        """The posts that the unit has on a day, or is to have later, with their courses."""
        courses = self._uow.agencies.position_courses(self.agency_id)
        return [
            (position, courses[position.id])
            for position in self._uow.agencies.all_positions(self.agency_id)
            if is_there(position, day)
            and any(one.unit_id == unit.id and (one.until is None or one.until >= day) for one in courses[position.id])
        ]

    def check_name(self, name: str, since: date, besides: UnitId | None = None) -> None:
        """Raises BadInput ("name") when another unit is called so on that day."""
        for unit_id, course in self.courses.items():
            if unit_id != besides and is_there(self.units[unit_id], since) and on_day(course, since).name == name:
                raise BadInput({"name": f"มีหน่วยงานชื่อ “{name}” อยู่แล้ว (รหัส {self.units[unit_id].code})"})

    def change(self, unit: Unit, since: date, authority: str, **changes: object) -> None:
        """Write a change of the unit down."""
        periods = then(self.courses[unit.id], since, authority, **changes)
        self.courses[unit.id] = periods
        self._uow.agencies.set_unit_course(unit.id, periods)
