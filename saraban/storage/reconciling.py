"""Comparisons with other agencies on the shelf, and the two lists that they compare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.agency import AgencyId
from saraban.domain.calendar import BANGKOK
from saraban.domain.errors import NotFound
from saraban.storage.leases import claim_statement
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.closing import reconciliations
from saraban.storage.tables.exchange import dispatches
from saraban.storage.tables.letters import incoming, letters
from saraban.usecases.registry import Reconciliation

_shelf: Shelf[Reconciliation] = plain_shelf(reconciliations, Reconciliation)
_CLAIM = claim_statement(reconciliations, reconciliations.c.owes != "", reconciliations.c.asked_at)


class ReconciliationBooks:
    """Reconciliations on the shelf (usecases.registry.Reconciliations)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Reconciliation) -> None:
        """Put a new one down."""
        _shelf.add(self._connection, one)

    def get(self, agency_id: AgencyId, reconciliation_id: UUID) -> Reconciliation:
        """One of the agency's; NotFound otherwise."""
        found = _shelf.get(self._connection, reconciliation_id)
        if found.agency_id != agency_id:
            raise NotFound
        return found

    def find(self, agency_id: AgencyId, other_code: str, request_id: UUID) -> Reconciliation | None:
        """The one of a request."""
        found = _shelf.find(
            self._connection,
            select(reconciliations).where(
                reconciliations.c.agency_id == agency_id,
                reconciliations.c.other_code == other_code,
                reconciliations.c.request_id == request_id,
            ),
        )
        return found[0] if found else None

    def save(self, one: Reconciliation) -> None:
        """Write it back."""
        _shelf.save(self._connection, one)

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Reconciliation]:
        """Lease those that owe a message."""
        return _shelf.find(self._connection, _CLAIM, {"now": now, "until": now + lease, "most": limit})

    def sent_to(
        self, agency_id: AgencyId, other_code: str, since: date, until: date, limit: int
    ) -> list[dict[str, Any]]:
        """Dispatches of the agency to the other, made in the period, the oldest first."""
        first, after = _period(since, until)
        rows = self._connection.execute(
            select(dispatches, letters.c.number, letters.c.number_date)
            .join(letters, letters.c.id == dispatches.c.letter_id)
            .where(
                dispatches.c.agency_id == agency_id,
                dispatches.c.to_code == other_code,
                dispatches.c.created_at >= first,
                dispatches.c.created_at < after,
            )
            .order_by(dispatches.c.created_at, dispatches.c.id)
            .limit(limit)
        )
        return [
            {
                "dispatch": str(r.id),
                "manifest_sha256": r.manifest_sha256,
                "number": r.number or "",
                "date": r.number_date.isoformat() if r.number_date else None,
                "state": r.state.value,
                "at": r.created_at.isoformat(),
                "register": {"number": r.register_number, "year": r.register_year} if r.register_number else None,
            }
            for r in rows
        ]

    def received_from(
        self, agency_id: AgencyId, other_code: str, since: date, until: date, limit: int
    ) -> list[dict[str, Any]]:
        """Letters that came from the other in the period, the oldest first."""
        first, after = _period(since, until)
        rows = self._connection.execute(
            select(incoming)
            .where(
                incoming.c.agency_id == agency_id,
                incoming.c.from_code == other_code,
                incoming.c.dispatch_id.is_not(None),
                incoming.c.received_at >= first,
                incoming.c.received_at < after,
            )
            .order_by(incoming.c.received_at, incoming.c.id)
            .limit(limit)
        )
        return [
            {
                "dispatch": str(r.dispatch_id),
                "manifest_sha256": r.manifest_sha256,
                "number": r.number,
                "date": r.number_date.isoformat() if r.number_date else None,
                "state": r.state.value,
                "at": r.received_at.isoformat(),
                "register": {"number": str(r.register_number), "year": r.register_year} if r.register_number else None,
            }
            for r in rows
        ]


def _period(since: date, until: date) -> tuple[datetime, datetime]:
    """The moments between which the days of the office lie."""
    first = datetime.combine(since, time(), BANGKOK).astimezone(UTC)
    return first, datetime.combine(until + timedelta(days=1), time(), BANGKOK).astimezone(UTC)
