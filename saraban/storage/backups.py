"""What was done with backups, in its table."""

from __future__ import annotations

from sqlalchemy import Connection

from saraban.domain.backups import BackupTrace
from saraban.storage.shelves import plain_shelf
from saraban.storage.tables.backups import backup_traces

_traces = plain_shelf(backup_traces, BackupTrace)


class BackupBooks:
    """Traces on the shelf (usecases.safekeeping.BackupTraces)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, trace: BackupTrace) -> None:
        """Write it down."""
        _traces.add(self._connection, trace)
