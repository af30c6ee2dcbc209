"""Work in the background on the shelf."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, select, update

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound
from saraban.storage.leases import Queue
from saraban.storage.shelves import Shelf, batched, plain_shelf
from saraban.storage.tables.closing import errands
from saraban.usecases.registry import Errand

_errands: Shelf[Errand] = plain_shelf(errands, Errand)
_UNDONE = Queue(
    errands,
    errands.c.state.in_(("waiting", "running")),
    errands.c.made_at,
    state="running",
    attempts=errands.c.attempts + 1,
)


class ErrandBooks:
    """Errands on the shelf (usecases.registry.Errands)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, errand: Errand) -> None:
        """Put a new one down."""
        _errands.add(self._connection, errand)

    def get(self, agency_id: AgencyId, errand_id: UUID) -> Errand:
        """An errand of the agency; NotFound when it is another's."""
        found = _errands.get(self._connection, errand_id)
        if found.agency_id != agency_id:
            raise NotFound
        return found

    def claim(self, now: datetime, lease: timedelta) -> Errand | None:
        """Lease the oldest that waits, or that a worker left behind."""
        return next(iter(_errands.read(_UNDONE.claim(self._connection, now, lease, 1))), None)

    def progress(self, errand: Errand, now: datetime, lease: timedelta) -> None:
        """Write how far it is and keep the lease."""
        statement = update(errands).where(errands.c.id == errand.id)
        self._connection.execute(statement.values(done=errand.done, total=errand.total, leased_until=now + lease))

    def with_results(
        self, ended_before: datetime | None, most: int | None, *, agency_id: AgencyId | None = None, kind: str = ""
    ) -> Sequence[Errand]:
        """Errands that have a file, the oldest first."""
        c = errands.c
        statement = select(errands).where(c.result.is_not(None))
        if ended_before is not None:
            statement = statement.where(c.ended_at < ended_before)
        if agency_id is not None:
            statement = statement.where(c.agency_id == agency_id)
        if kind:
            statement = statement.where(c.kind == kind)
        return _errands.find(self._connection, statement.order_by(c.made_at, c.id).limit(most))

    def lose(self, results: Collection[Digest]) -> None:
        """They have no file any more."""
        for some in batched(sorted(results, key=str)):
            self._connection.execute(update(errands).where(errands.c.result.in_(some)).values(result=None))

    def note(self, errand: Errand) -> None:
        """Write down what its order holds now."""
        self._connection.execute(update(errands).where(errands.c.id == errand.id).values(order=errand.order))

    def save(self, errand: Errand) -> None:
        """Write it back."""
        _errands.save(self._connection, errand)
