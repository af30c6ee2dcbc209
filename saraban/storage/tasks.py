"""What officers write on incoming letters, what they have to do about them, replies, and standing orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select

from saraban.domain.agency import AgencyId
from saraban.domain.endorsing import Endorsement
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.domain.standing_order import StandingOrder, StandingOrderId
from saraban.domain.task import Task
from saraban.storage.shelves import Row, Shelf, plain_shelf
from saraban.storage.tables import tasks as t
from saraban.storage.telling import settle_task, tell_tasks


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple((purpose, name) for purpose, name in value)


def _endorsement(row: Row) -> Endorsement:
    return Endorsement(**{**row, "to": _pairs(row["to"])})


_tasks: Shelf[Task] = plain_shelf(t.tasks, Task)
_endorsements: Shelf[Endorsement] = Shelf(
    t.endorsements, to_row=lambda one: {**vars(one), "to": [list(pair) for pair in one.to]}, from_row=_endorsement
)
_orders: Shelf[StandingOrder] = plain_shelf(t.standing_orders, StandingOrder)
_OF_LETTER = select(t.tasks).where(t.tasks.c.incoming_id == bindparam("letter")).order_by(t.tasks.c.ordinal)
_WRITTEN = (
    select(t.endorsements)
    .where(t.endorsements.c.incoming_id == bindparam("letter"), t.endorsements.c.agency_id == bindparam("agency"))
    .order_by(t.endorsements.c.ordinal)
)
_REPLY = select(t.replies.c.incoming_id).where(
    t.replies.c.letter_id == bindparam("letter"), t.replies.c.agency_id == bindparam("agency")
)
_ADD_REPLY = insert(t.replies)
_STANDING = (
    select(t.standing_orders)
    .where(t.standing_orders.c.agency_id == bindparam("agency"), t.standing_orders.c.active)
    .order_by(t.standing_orders.c.changed_at, t.standing_orders.c.id)
)


def tasks_of(connection: Connection, incoming_id: UUID) -> list[Task]:
    """The tasks of an incoming letter in the order in which they were given."""
    return _tasks.find(connection, _OF_LETTER, {"letter": incoming_id})


class TaskBooks:
    """Endorsements and tasks on the shelf (usecases.assignments.Tasks)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *tasks: Task, under: str = "") -> None:
        """Keep new ones, and tell those who got them."""
        _tasks.add(self._connection, *tasks)
        tell_tasks(self._connection, tasks, under=under)

    def save(self, task: Task) -> None:
        """Write it back; ConcurrentEdit when somebody was faster. What was told about it is over for all who have
        nothing to do about it any more."""
        _tasks.save(self._connection, task)
        settle_task(self._connection, task)

    def write(self, endorsement: Endorsement) -> None:
        """Keep what an officer wrote."""
        _endorsements.add(self._connection, endorsement)

    def written(self, agency_id: AgencyId, incoming_id: IncomingId) -> Sequence[Endorsement]:
        """What stands on the letter, in the order of writing."""
        return _endorsements.find(self._connection, _WRITTEN, {"letter": incoming_id, "agency": agency_id})

    def note_reply(self, agency_id: AgencyId, letter_id: LetterId, incoming_id: IncomingId) -> None:
        """Keep that an outgoing letter answers this one."""
        row = {"agency_id": agency_id, "letter_id": letter_id, "incoming_id": incoming_id}
        self._connection.execute(_ADD_REPLY, row)

    def answered_by(self, agency_id: AgencyId, letter_id: LetterId) -> IncomingId | None:
        """The letter that this outgoing one answers."""
        found = self._connection.execute(_REPLY, {"letter": letter_id, "agency": agency_id}).scalar()
        return IncomingId(found) if found is not None else None


class StandingOrderBooks:
    """Standing orders on the shelf (usecases.assignments.StandingOrders)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, order: StandingOrder) -> None:
        """Keep a new one."""
        _orders.add(self._connection, order)

    def save(self, order: StandingOrder) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        _orders.save(self._connection, order)

    def get(self, agency_id: AgencyId, order_id: StandingOrderId) -> StandingOrder:
        """The order; NotFound when it is another agency's."""
        order = _orders.get(self._connection, order_id)
        if order.agency_id != agency_id:
            raise NotFound
        return order

    def standing(self, agency_id: AgencyId) -> Sequence[StandingOrder]:
        """Those in force, the oldest first."""
        return _orders.find(self._connection, _STANDING, {"agency": agency_id})
