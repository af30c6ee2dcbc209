"""Questions about documents on the shelf (docs/wire-lookup.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, select, update

from saraban.domain.agency import AgencyId
from saraban.domain.errors import NotFound
from saraban.domain.lookup import Lookup
from saraban.storage.leases import Queue
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.lookups import document_lookups as t

_plain: Shelf[Lookup] = plain_shelf(t, Lookup)
_shelf: Shelf[Lookup] = Shelf(
    t, to_row=lambda one: {**_plain.row(one), "asked_on": one.asked_on}, from_row=lambda row: _plain.read([row])[0]
)
_OWING = Queue(t, t.c.owes != "", t.c.asked_at)
_PAID = update(t).where(t.c.id == bindparam("one"), t.c.owes == bindparam("owed")).values(owes="", leased_until=None)
_SILENT = (
    select(t)
    .where(
        t.c.ours,
        t.c.outcome.is_(None),
        t.c.owes == "",
        t.c.asked_at < bindparam("before"),
        t.c.repeats == [],
        t.c.forgotten_at.is_(None),
    )
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_OVER = (
    select(t)
    .where(t.c.forgotten_at.is_(None), t.c.keep_until < bindparam("today"))
    .order_by(t.c.keep_until, t.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


class LookupBooks:
    """Questions on the shelf (usecases.lookup_books.DocumentLookups)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Lookup) -> None:
        """Put a new one down."""
        _shelf.add(self._connection, one)

    def get(self, agency_id: AgencyId, lookup_id: UUID) -> Lookup:
        """One of the agency's, held until commit; NotFound otherwise."""
        found = self._held(select(t).where(t.c.id == lookup_id, t.c.agency_id == agency_id))
        if found is None:
            raise NotFound
        return found

    def find(self, agency_id: AgencyId, other_code: str, request_id: UUID, *, ours: bool) -> Lookup | None:
        """The one of a request, held until commit."""
        return self._held(
            select(t).where(
                t.c.agency_id == agency_id,
                t.c.ours == ours,
                t.c.other_code == other_code,
                t.c.request_id == request_id,
            )
        )

    def save(self, one: Lookup) -> None:
        """Write it back."""
        _shelf.save(self._connection, one)

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Lookup]:
        """Lease those that owe a message."""
        return _shelf.read(_OWING.claim(self._connection, now, lease, limit))

    def paid(self, one: Lookup) -> bool:
        """The message that it owes is sealed; False when another worker did so before, or another is owed by now."""
        return self._connection.execute(_PAID, {"one": one.id, "owed": one.owes}).rowcount == 1

    def times_asked(self, agency_id: AgencyId, other_code: str, *, after: datetime) -> int:
        """How many questions the other has asked us after that moment."""
        statement = (
            select(func.count())
            .select_from(t)
            .where(t.c.agency_id == agency_id, ~t.c.ours, t.c.other_code == other_code, t.c.asked_at > after)
        )
        return int(self._connection.execute(statement).scalar_one())

    def silent(self, asked_before: datetime, limit: int) -> Sequence[Lookup]:
        """Questions of ours from before that moment without any answer, sent once."""
        return _shelf.find(self._connection, _SILENT, {"before": asked_before, "most": limit})

    def over(self, today: date, limit: int) -> Sequence[Lookup]:
        """Those whose time to be kept is over and that are not forgotten yet."""
        return _shelf.find(self._connection, _OVER, {"today": today, "most": limit})

    def _held(self, statement: Select[Any]) -> Lookup | None:
        found = _shelf.find(self._connection, statement.with_for_update())
        return found[0] if found else None
