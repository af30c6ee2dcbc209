"""Receivers outside the directory, each on the list of one agency."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from saraban.domain.agency import AgencyId
from saraban.domain.errors import NotFound
from saraban.domain.outsider import Outsider, OutsiderId
from saraban.storage.shelves import Shelf, batched, plain_shelf
from saraban.storage.tables.people import outsiders

_outsiders: Shelf[Outsider] = plain_shelf(outsiders, Outsider)
_BY_MAILBOX = select(outsiders).where(
    outsiders.c.agency_id == bindparam("agency"), outsiders.c.mailbox == bindparam("address")
)
_LISTED = (
    select(outsiders).where(outsiders.c.agency_id == bindparam("agency"), outsiders.c.active).order_by(outsiders.c.name)
)
_BY_MAILBOXES = select(outsiders).where(
    outsiders.c.agency_id == bindparam("agency"), outsiders.c.mailbox.in_(bindparam("addresses", expanding=True))
)


class OutsiderBooks:
    """The agencies' own lists on the shelf (usecases.outsiders.Outsiders)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, outsider: Outsider) -> None:
        """Put one onto the list."""
        _outsiders.add(self._connection, outsider)

    def save(self, outsider: Outsider) -> None:
        """Write it back."""
        _outsiders.save(self._connection, outsider)

    def get(self, agency_id: AgencyId, outsider_id: OutsiderId) -> Outsider:
        """The receiver; NotFound when it is on another agency's list."""
        outsider = _outsiders.get(self._connection, outsider_id)
        if outsider.agency_id != agency_id:
            raise NotFound
        return outsider

    def by_mailboxes(self, agency_id: AgencyId, mailboxes: Sequence[str]) -> Sequence[Outsider]:
        """The agency's receivers with these addresses, on the list or off it."""
        found: list[Outsider] = []
        for some in batched(mailboxes):
            found += _outsiders.find(self._connection, _BY_MAILBOXES, {"agency": agency_id, "addresses": some})
        return found

    def listed(self, agency_id: AgencyId) -> Sequence[Outsider]:
        """All that are on the agency's list."""
        return _outsiders.find(self._connection, _LISTED, {"agency": agency_id})

    def by_mailbox(self, agency_id: AgencyId, mailbox: str) -> Outsider | None:
        """The agency's receiver with this address, upper and lower case alike, whether on the list or off it."""
        values = {"agency": agency_id, "address": mailbox.strip().lower()}
        found = _outsiders.find(self._connection, _BY_MAILBOX, values)
        return found[0] if found else None
