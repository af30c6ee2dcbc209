"""The roll: who is who. Agencies with their units, people in their positions, the directory, and the agencies' own
lists of receivers outside it, as the use cases need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from saraban.domain.actor import Actor
from saraban.domain.agency import (
    Agency,
    AgencyId,
    Correspondent,
    Holding,
    Person,
    PersonId,
    Position,
    PositionId,
    PositionRole,
    Unit,
    UnitId,
)
from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.group import GroupId, ReceiverGroup
from saraban.domain.organisation import Clearance, PositionPeriod, Succession, UnitPeriod
from saraban.domain.outsider import Outsider, OutsiderId
from saraban.domain.route import Again, RouteTemplate, TemplateStep


@dataclass(frozen=True)
class Post:
    """A position with its unit and present holder, as on a day; `cleared` says that the holder has a clearance of his
    or her own; `deputy` is the name of who acts in it with its whole power, looked up only where it is vacant."""

    position: Position
    unit: Unit
    holder: Person | None = None
    cleared: bool = False
    deputy: str = ""

    @property
    def taken(self) -> bool:
        """Is there somebody who does what falls to it?"""
        return self.holder is not None or bool(self.deputy)


class Agencies(Protocol):
    """Hosted agencies, their units, positions and people."""

    def get(self, agency_id: AgencyId) -> Agency: ...
    def by_code(self, code: str) -> Agency | None: ...
    def all(self) -> Sequence[Agency]: ...
    def add(self, agency: Agency) -> None: ...
    def save(self, agency: Agency) -> None: ...
    def add_unit(self, unit: Unit) -> None: ...
    def save_unit(self, unit: Unit) -> None: ...
    def units(self, agency_id: AgencyId) -> Sequence[Unit]:
        """The units that there are today, the central one first."""
        ...

    def unit(self, agency_id: AgencyId, unit_id: UnitId, on: date | None = None) -> Unit:
        """The unit, also one that has ended, by its name of the day (of today for None)."""
        ...

    def unit_by_code(self, agency_id: AgencyId, code: str) -> Unit | None: ...
    def central_unit(self, agency_id: AgencyId) -> Unit: ...
    def all_units(self, agency_id: AgencyId) -> Sequence[Unit]:
        """Every unit that there ever was or is to be, as today."""
        ...

    def unit_courses(self, agency_id: AgencyId) -> Mapping[UnitId, Sequence[UnitPeriod]]: ...
    def set_unit_course(self, unit_id: UnitId, periods: Sequence[UnitPeriod]) -> None: ...
    def add_succession(self, succession: Succession) -> None: ...
    def add_position(self, position: Position) -> None: ...
    def save_position(self, position: Position) -> None: ...
    def all_positions(self, agency_id: AgencyId) -> Sequence[Position]:
        """Every post that there ever was or is to be, as today."""
        ...

    def position_courses(self, agency_id: AgencyId) -> Mapping[PositionId, Sequence[PositionPeriod]]: ...
    def set_position_course(self, position_id: PositionId, periods: Sequence[PositionPeriod]) -> None: ...
    def posts(self, agency_id: AgencyId, role: PositionRole, on: date) -> Sequence[Post]: ...
    def post(self, agency_id: AgencyId, position_id: PositionId, on: date) -> Post: ...
    def route_template(self, agency_id: AgencyId, form: Form, unit_id: UnitId | None = None) -> RouteTemplate:
        """The unit's own, or else the agency's; without steps where there is none."""
        ...

    def set_route_template(
        self,
        agency_id: AgencyId,
        form: Form,
        steps: Sequence[TemplateStep],
        unit_id: UnitId | None = None,
        again: Again = Again.ALL,
    ) -> None: ...


class People(Protocol):
    """Accounts."""

    def add(self, person: Person) -> None: ...
    def hold(self, holding: Holding) -> None: ...
    def by_username(self, username: str) -> Person | None: ...
    def get(self, person_id: PersonId) -> Person: ...
    def save(self, person: Person) -> None: ...
    def of_agency(self, agency_id: AgencyId) -> Sequence[Person]:
        """Everybody who ever had an account, by name."""
        ...

    def holdings(self, agency_id: AgencyId) -> Sequence[Holding]:
        """Who held which post of the agency, the earliest first."""
        ...

    def save_holding(self, holding: Holding) -> None: ...
    def clearances(self, person_id: PersonId) -> Sequence[Clearance]: ...
    def clear(self, clearance: Clearance) -> None:
        """Write a clearance down, over the one of the same first day."""
        ...

    def actor(self, person_id: PersonId, on: date, key: str = "") -> Actor | None:
        """The person in the position held that day, or in the capacity with this key (Actor.key); None when there is
        none or the account is closed."""
        ...

    def add_token(self, digest: Digest, person_id: PersonId, at: datetime) -> None: ...
    def set_calendar(self, person_id: PersonId, token: Digest | None, at: datetime) -> bool:
        """Let whoever has the token read the person's calendar, and nobody with an older one; for None nobody at all.
        Was there one before?"""
        ...


class Directory(Protocol):
    """The directory of agencies."""

    def by_code(self, code: str) -> Correspondent | None: ...
    def by_codes(self, codes: Sequence[str]) -> Mapping[str, Correspondent]:
        """Those of these codes that it names."""
        ...

    def listed(self, on: date) -> Sequence[Correspondent]:
        """All agencies in force that day by name, without their certificates."""
        ...

    def by_mailbox(self, mailbox: str) -> Correspondent | None: ...
    def replace(self, agencies: Sequence[Correspondent]) -> None: ...


class Outsiders(Protocol):
    """An agency's receivers outside the directory."""

    def add(self, outsider: Outsider) -> None: ...
    def save(self, outsider: Outsider) -> None: ...
    def get(self, agency_id: AgencyId, outsider_id: OutsiderId) -> Outsider: ...
    def by_mailbox(self, agency_id: AgencyId, mailbox: str) -> Outsider | None: ...
    def by_mailboxes(self, agency_id: AgencyId, mailboxes: Sequence[str]) -> Sequence[Outsider]:
        """The agency's receivers with these addresses (in lower case), also those off the list."""
        ...

    def listed(self, agency_id: AgencyId) -> Sequence[Outsider]:
        """All that are on the agency's list."""
        ...


class Groups(Protocol):
    """Groups of receivers."""

    def add(self, group: ReceiverGroup) -> None: ...
    def save(self, group: ReceiverGroup) -> None: ...
    def get(self, agency_id: AgencyId, group_id: GroupId) -> ReceiverGroup: ...
    def seen_by(self, agency_id: AgencyId, person_id: PersonId | None) -> Sequence[ReceiverGroup]:
        """The agency's groups and the person's own that are in use, by name."""
        ...
