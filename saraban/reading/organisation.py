"""The units of an agency by their names of every day, as names and as a tree with its posts and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Date, bindparam, func, literal, select

from saraban.domain.actor import Actor
from saraban.storage.tables.letters import letters
from saraban.storage.tables.organisation import unit_name, unit_periods
from saraban.storage.tables.people import units

_NAMES = (
    select(units.c.id, units.c.code, units.c.central, unit_periods.c.since, unit_periods.c.name)
    .join(unit_periods, unit_periods.c.unit_id == units.c.id)
    .where(units.c.agency_id == bindparam("agency"))
    .order_by(units.c.central.desc(), units.c.code, unit_periods.c.since)
)


@dataclass(frozen=True)
class UnitNames:
    """What every unit of an agency, also one that has ended, was called from which day on."""

    rows: Sequence[Any]

    def on(self, unit_id: UUID | None, day: date | None) -> str:
        """The name of a unit on a day, the last one known for None; empty for no unit or another agency's."""
        names = [row.name for row in self.rows if row.id == unit_id and (day is None or row.since <= day)]
        return names[-1] if names else ""

    def code(self, unit_id: UUID | None) -> str:
        """The unit's code; empty for no unit or another agency's."""
        return next((row.code for row in self.rows if row.id == unit_id), "")

    def by_code(self, day: date | None) -> dict[str, str]:
        """The name of every unit on a day by its code, the central one first."""
        return {row.code: row.name for row in self.rows if day is None or row.since <= day}


def unit_names(reader: Connection, agency_id: UUID) -> UnitNames:
    """The names of all units of an agency."""
    return UnitNames(reader.execute(_NAMES, {"agency": agency_id}).all())


def owner_name(actor: Actor) -> ColumnElement[Any]:
    """What the unit of a letter was called on the date of the letter; of one that has none yet, what it is called on
    the actor's day."""
    return unit_name(letters.c.unit_id, func.coalesce(letters.c.number_date, literal(actor.on or date.max, Date)))
