"""Who acts, in which position, for which unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from saraban.domain.agency import AgencyId, PersonId, PositionId, PositionRole, UnitId
from saraban.domain.capacity import Acting


@dataclass(frozen=True)
class Actor:
    """A person in a position, as known at the moment of the act. `person_id` is None for the gateway itself. `on` is
    the day on which that is so: units are shown by their names of that day. With `acting` the position is one for which
    he acts: unit, role and clearance are then those of that position within the order, and the title names his own
    post, the capacity and the position."""

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
    acting: Acting | None = None

    @classmethod
    def gateway(cls, agency_id: AgencyId) -> Actor:
        """The installation acting by itself for an agency."""
        return cls(agency_id=agency_id, name="ระบบ")

    @property
    def key(self) -> str:
        """By which a person with several posts, or who acts for others, chooses this one."""
        return self.acting.key if self.acting is not None else str(self.position_id or "")

    @property
    def lines(self) -> tuple[str, ...]:
        """What is printed below the name (annex 3)."""
        return self.acting.lines if self.acting is not None else (self.title,)
