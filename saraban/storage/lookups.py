"""Looking up who somebody is, outside of any transaction (usecases.ports.Lookups)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from saraban.domain.agency import AgencyId, Correspondent
from saraban.storage.connections import ConnectionBooks
from saraban.storage.people import AgencyBooks, DirectoryBooks
from saraban.usecases.ports import Standing


class SqlLookups:
    """Single SELECTs: on PostgreSQL without a transaction around them, on SQLite without the lock of the writers."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        """`engine` is one for reading."""
        self._engine, self._now = engine, now

    def sender_at(self, mailbox: str) -> Correspondent | None:
        """The agency with this central mailbox."""
        with self._engine.connect() as connection:
            return DirectoryBooks(connection).by_mailbox(mailbox)

    def sender_of(self, code: str) -> Correspondent | None:
        """The agency with this code."""
        with self._engine.connect() as connection:
            return DirectoryBooks(connection).by_code(code)

    def standing(self, agency_id: AgencyId, address: str) -> Standing:
        """Agency, unit and connected mailboxes."""
        with self._engine.connect() as connection:
            agencies = AgencyBooks(connection, self._now)
            mailboxes = ConnectionBooks(connection).of(agency_id)
            unit_id = next((box.unit_id for box in mailboxes if box.address == address), None)
            unit = agencies.central_unit(agency_id) if unit_id is None else agencies.unit(agency_id, unit_id)
            return Standing(agencies.get(agency_id), unit, frozenset(box.address for box in mailboxes))
