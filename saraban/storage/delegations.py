"""Orders by which one acts for another, each of one agency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId, UnitId
from saraban.domain.capacity import Limits
from saraban.domain.classification import Form
from saraban.domain.delegation import Authority, Delegation, DelegationId
from saraban.domain.errors import NotFound
from saraban.storage.capacities import capacities_of_person, held, in_force
from saraban.storage.shelves import Row, Shelf
from saraban.storage.tables.delegations import delegations as t
from saraban.storage.tables.people import holdings, people

_PLAIN = (
    *("id", "agency_id", "position_id", "capacity", "person_id", "to_position_id", "since", "until"),
    *("entered_at", "entered_by", "may_hand_on", "under", "revoked_at", "revoked_by", "revoke_reason", "version"),
)


def limits_of(row: Row) -> Limits:
    """The limits of an order's row."""
    forms, units = (Form(one) for one in row["forms"]), (UnitId(UUID(one)) for one in row["units"])
    return Limits(tuple(forms), tuple(units), row["ceiling"], row["incoming"])


def _to_row(one: Delegation) -> dict[str, object]:
    return {name: getattr(one, name) for name in _PLAIN} | {
        "forms": [form.value for form in one.limits.forms],
        "units": [str(unit) for unit in one.limits.units],
        "ceiling": one.limits.ceiling,
        "incoming": one.limits.incoming,
        "number": one.document.number,
        "dated": one.document.date,
        "file": one.document.file,
        "file_name": one.document.file_name,
    }


def _from_row(row: Row) -> Delegation:
    return Delegation(
        **{name: row[name] for name in _PLAIN},
        limits=limits_of(row),
        document=Authority(row["number"], row["dated"], row["file"], row["file_name"]),
    )


_shelf: Shelf[Delegation] = Shelf(t, to_row=_to_row, from_row=_from_row)
_DAY = bindparam("day", type_=t.c.since.type)
_LIVE = (
    select(t)
    .where(t.c.agency_id == bindparam("agency"), t.c.revoked_at.is_(None), or_(t.c.until.is_(None), t.c.until >= _DAY))
    .order_by(t.c.since, t.c.id)
)
_DELEGATES = (
    select(t.c.person_id.label("named"), people.c.id.label("holding"))
    .select_from(
        t.outerjoin(holdings, (holdings.c.position_id == t.c.to_position_id) & held()).outerjoin(
            people, (people.c.id == holdings.c.person_id) & people.c.active
        )
    )
    .where(t.c.agency_id == bindparam("agency"), t.c.position_id == bindparam("position"), in_force(t))
    .order_by(t.c.since, t.c.id)
)
_ACTED_FOR = select(t.c.position_id).where(t.c.agency_id == bindparam("agency"), in_force(t)).distinct()
_HOLDINGS = select(holdings.c.person_id, holdings.c.position_id).join(people, people.c.id == holdings.c.person_id)


class DelegationBooks:
    """The orders on the shelf (usecases.delegations.Delegations)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Delegation) -> None:
        """Keep a new one."""
        _shelf.add(self._connection, one)

    def save(self, one: Delegation) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        _shelf.save(self._connection, one)

    def get(self, agency_id: AgencyId, delegation_id: DelegationId) -> Delegation:
        """The order; NotFound when it is another agency's."""
        one = _shelf.get(self._connection, delegation_id)
        if one.agency_id != agency_id:
            raise NotFound
        return one

    def live(self, agency_id: AgencyId, on: date) -> Sequence[Delegation]:
        """Those that count that day or will yet."""
        return _shelf.find(self._connection, _LIVE, {"agency": agency_id, "day": on})

    def deputies(self, agency_id: AgencyId, position_id: PositionId, on: date) -> Sequence[Actor]:
        """Who may act for the position that day, as actors, in the order in which the orders begin."""
        values = {"agency": agency_id, "position": position_id, "day": on}
        who = {row.named or row.holding: None for row in self._connection.execute(_DELEGATES, values)}
        found = [
            one for person in who if person is not None for one in capacities_of_person(self._connection, person, on)
        ]
        return [one for one in found if one.acting is not None and one.position_id == position_id]

    def acted_for(self, agency_id: AgencyId, on: date) -> set[PositionId]:
        """The positions for which an order names somebody that day."""
        return set(self._connection.execute(_ACTED_FOR, {"agency": agency_id, "day": on}).scalars())

    def capacities(self, person_id: PersonId, on: date) -> Sequence[Actor]:
        """Everything that the person may act as that day, the own posts first."""
        return capacities_of_person(self._connection, person_id, on)

    def held_by(self, agency_id: AgencyId, on: date) -> dict[PersonId, set[PositionId]]:
        """Which positions each person of the agency holds that day."""
        found: dict[PersonId, set[PositionId]] = {}
        statement = _HOLDINGS.where(people.c.agency_id == agency_id, people.c.active, held())
        for row in self._connection.execute(statement, {"day": on}):
            found.setdefault(PersonId(row.person_id), set()).add(PositionId(row.position_id))
        return found
