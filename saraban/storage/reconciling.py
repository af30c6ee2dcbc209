"""Comparisons with other agencies on the shelf, and the two lists that they compare (docs/wire-reconcile.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, select, update

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import BANGKOK
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.numbering import arabic_digits
from saraban.domain.reconciliation import ReceivingNumber, ReconcileItem, taken_in_as
from saraban.storage.leases import Queue
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.closing import reconciliations
from saraban.storage.tables.exchange import dispatches
from saraban.storage.tables.letters import incoming, letters
from saraban.usecases.registry import Reconciliation

_shelf: Shelf[Reconciliation] = plain_shelf(reconciliations, Reconciliation)
_OWING = Queue(reconciliations, reconciliations.c.owes != "", reconciliations.c.asked_at)
_PAID = (
    update(reconciliations)
    .where(reconciliations.c.id == bindparam("one"), reconciliations.c.owes == bindparam("owed"))
    .values(owes="", leased_until=None)
)
_ASKED = select(reconciliations.c.asked_at, reconciliations.c.repeats).where(
    reconciliations.c.agency_id == bindparam("agency"),
    reconciliations.c.other_code == bindparam("other"),
    reconciliations.c.ours == bindparam("by_us"),
)
_SILENT = (
    select(reconciliations)
    .where(
        reconciliations.c.ours,
        reconciliations.c.answered_at.is_(None),
        reconciliations.c.owes == "",
        reconciliations.c.asked_at < bindparam("before"),
        reconciliations.c.repeats == [],
    )
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_NO_MANIFEST = ("", Digest.of(b"").hex)

# The manifest is issued when the letter is, whenever its envelope is made.
_ISSUED = func.coalesce(letters.c.issued_at, dispatches.c.created_at)
_SENT = (
    select(
        dispatches.c.id.label("dispatch"),
        dispatches.c.manifest_sha256,
        dispatches.c.state,
        dispatches.c.register_number,
        dispatches.c.register_year,
        letters.c.number,
        letters.c.number_date,
        letters.c.secrecy,
        letters.c.issued_at,
        dispatches.c.created_at.label("otherwise_at"),
    )
    .join(letters, letters.c.id == dispatches.c.letter_id)
    .where(
        dispatches.c.agency_id == bindparam("agency"),
        dispatches.c.to_code == bindparam("other"),
        bindparam("first") <= _ISSUED,
        bindparam("after") > _ISSUED,
    )
)
_ARRIVED = func.coalesce(incoming.c.issued_at, incoming.c.received_at)
_OF_OTHER = (
    incoming.c.agency_id == bindparam("agency"),
    incoming.c.from_code == bindparam("other"),
    incoming.c.dispatch_id.is_not(None),
)
_RECEIVED = select(
    incoming.c.dispatch_id.label("dispatch"),
    incoming.c.manifest_sha256,
    incoming.c.state,
    incoming.c.register_number,
    incoming.c.register_year,
    incoming.c.number,
    incoming.c.number_date,
    incoming.c.secrecy,
    incoming.c.issued_at,
    incoming.c.received_at.label("otherwise_at"),
    incoming.c.accepted_key,
).where(
    *_OF_OTHER,
    incoming.c.dispatch_id.in_(
        select(incoming.c.dispatch_id).where(*_OF_OTHER, bindparam("first") <= _ARRIVED, bindparam("after") > _ARRIVED)
    ),
)


class ReconciliationBooks:
    """Reconciliations on the shelf (usecases.registry.Reconciliations)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Reconciliation) -> None:
        """Put a new one down."""
        _shelf.add(self._connection, one)

    def get(self, agency_id: AgencyId, reconciliation_id: UUID) -> Reconciliation:
        """One of the agency's; NotFound otherwise."""
        found = self._held(
            select(reconciliations).where(
                reconciliations.c.id == reconciliation_id, reconciliations.c.agency_id == agency_id
            )
        )
        if found is None:
            raise NotFound
        return found

    def find(self, agency_id: AgencyId, other_code: str, request_id: UUID) -> Reconciliation | None:
        """The one of a request."""
        return self._held(
            select(reconciliations).where(
                reconciliations.c.agency_id == agency_id,
                reconciliations.c.other_code == other_code,
                reconciliations.c.request_id == request_id,
            )
        )

    def save(self, one: Reconciliation) -> None:
        """Write it back."""
        _shelf.save(self._connection, one)

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Reconciliation]:
        """Lease those that owe a message."""
        return _shelf.read(_OWING.claim(self._connection, now, lease, limit))

    def paid(self, one: Reconciliation) -> bool:
        """What it owes is sealed now, by this worker or by another before."""
        return self._connection.execute(_PAID, {"one": one.id, "owed": one.owes}).rowcount == 1

    def times_asked(self, agency_id: AgencyId, other_code: str, *, ours: bool, after: datetime) -> int:
        """How often it was asked after that moment."""
        rows = self._connection.execute(_ASKED, {"agency": agency_id, "other": other_code, "by_us": ours})
        moments = [m for row in rows for m in (row.asked_at, *map(datetime.fromisoformat, row.repeats))]
        return sum(moment > after for moment in moments)

    def silent(self, asked_before: datetime, limit: int) -> Sequence[Reconciliation]:
        """Requests of ours without an answer, sent once."""
        return _shelf.find(self._connection, _SILENT, {"before": asked_before, "most": limit})

    def sent_to(self, agency_id: AgencyId, other_code: str, since: date, until: date) -> Sequence[ReconcileItem]:
        """Dispatches of the agency to the other, the oldest first."""
        rows = self._connection.execute(_SENT, _of(agency_id, other_code, since, until))
        return sorted((_item(row, row.state.value) for row in rows), key=_order)

    def received_from(self, agency_id: AgencyId, other_code: str, since: date, until: date) -> Sequence[ReconcileItem]:
        """Letters that came from the other, the oldest first. Of several copies of one dispatch the one that was
        accepted counts, otherwise the last; it decides whether the dispatch is in the period."""
        values = _of(agency_id, other_code, since, until)
        counting: dict[UUID, Any] = {}
        for row in self._connection.execute(_RECEIVED, values):
            before = counting.get(row.dispatch)
            if before is None or _weight(row) > _weight(before):
                counting[row.dispatch] = row
        items = [_item(row, taken_in_as(row.state)) for row in counting.values()]
        return sorted((item for item in items if values["first"] <= item.at < values["after"]), key=_order)

    def _held(self, statement: Select[Any]) -> Reconciliation | None:
        found = _shelf.find(self._connection, statement.with_for_update())
        return found[0] if found else None


def _of(agency_id: AgencyId, other_code: str, since: date, until: date) -> dict[str, Any]:
    """The values of a list: the moments between which the days of the office lie."""
    first = datetime.combine(since, time(), BANGKOK).astimezone(UTC)
    after = datetime.combine(until + timedelta(days=1), time(), BANGKOK).astimezone(UTC)
    return {"agency": agency_id, "other": other_code, "first": first, "after": after}


def _item(row: Any, state: str) -> ReconcileItem:
    """A row as the wire tells it; of a classified letter neither number nor date leaves the house."""
    is_open = row.secrecy.is_open
    register = None
    if row.register_number and row.register_year:
        register = ReceivingNumber(arabic_digits(str(row.register_number)), row.register_year)
    return ReconcileItem(
        dispatch=row.dispatch,
        manifest_sha256="" if row.manifest_sha256 in _NO_MANIFEST else row.manifest_sha256,
        number=(row.number or "") if is_open else "",
        date=row.number_date if is_open else None,
        state=state,
        at=(row.issued_at or row.otherwise_at).replace(microsecond=0),
        register=register,
    )


def _weight(row: Any) -> tuple[bool, bool, datetime]:
    return row.accepted_key is not None, row.state is IncomingState.REFUSED, row.otherwise_at


def _order(item: ReconcileItem) -> tuple[datetime, UUID]:
    return item.at, item.dispatch
