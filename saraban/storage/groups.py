"""Groups of receivers, each of one agency."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, or_, select

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.errors import NotFound
from saraban.domain.group import GroupId, ReceiverGroup
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.people import receiver_groups as t

_groups: Shelf[ReceiverGroup] = plain_shelf(t, ReceiverGroup, members=tuple)
_SEEN = (
    select(t)
    .where(
        t.c.agency_id == bindparam("agency"),
        t.c.active,
        or_(t.c.owner_id.is_(None), t.c.owner_id == bindparam("person")),
    )
    .order_by(t.c.name)
)


class GroupBooks:
    """The groups on the shelf (usecases.roll.Groups)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, group: ReceiverGroup) -> None:
        """Keep a new one."""
        _groups.add(self._connection, group)

    def save(self, group: ReceiverGroup) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        _groups.save(self._connection, group)

    def get(self, agency_id: AgencyId, group_id: GroupId) -> ReceiverGroup:
        """The group; NotFound when it is another agency's."""
        group = _groups.get(self._connection, group_id)
        if group.agency_id != agency_id:
            raise NotFound
        return group

    def seen_by(self, agency_id: AgencyId, person_id: PersonId | None) -> Sequence[ReceiverGroup]:
        """The agency's groups and the person's own, by name."""
        return _groups.find(self._connection, _SEEN, {"agency": agency_id, "person": person_id})
