"""Who acts, in which position, for which unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from saraban.domain.agency import AgencyId, PersonId, PositionId, PositionRole, UnitId


@dataclass(frozen=True)
class Actor:
    """A person in a position, as known at the moment of the act. `person_id` is None for the gateway itself. `on` is
    the day on which that is so: units are shown by their names of that day."""

    agency_id: AgencyId
    name: str
    person_id: PersonId | None = None
    position_id: PositionId | None = None
    unit_id: UnitId | None = None
    title: str = ""
    unit_name: str = ""
    role: PositionRole | None = None
    central: bool = False
    clearance: bool = False
    on: date | None = field(default=None, compare=False)

    @classmethod
    def gateway(cls, agency_id: AgencyId) -> Actor:
        """The installation acting by itself for an agency."""
        return cls(agency_id=agency_id, name="ระบบ")
