"""Held files on the shelf."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, literal_column, select, update
from sqlalchemy import text as sql

from saraban.domain.held_files import HeldFile
from saraban.domain.incoming import IncomingId
from saraban.storage.leases import Queue
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.held_files import WAITS
from saraban.storage.tables.held_files import held_files as t

_shelf: Shelf[HeldFile] = plain_shelf(t, HeldFile)
_FIELDS = [field.name for field in dataclasses.fields(HeldFile)]
# Not a parameter: the index was made for this very word.
_WAITING = Queue(t, t.c.state == literal_column("'waiting'"), t.c.since)
_OF_LETTER = select(t).where(t.c.incoming_id == bindparam("letter")).order_by(t.c.since, t.c.id)
_PUT_OFF = (
    update(t)
    .where(t.c.id == bindparam("file"), sql(WAITS))
    .values(why=bindparam("told"), leased_until=bindparam("until"))
)


class HeldFileBooks:
    """Held files (usecases.held_books.HeldFiles)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *files: HeldFile) -> None:
        """Keep new ones."""
        _shelf.add(self._connection, *files)

    def save(self, file: HeldFile) -> None:
        """Write one back."""
        _shelf.save(self._connection, file)

    def of_letter(self, incoming_id: IncomingId) -> Sequence[HeldFile]:
        """Those that came with a letter, also what became of them."""
        return _shelf.find(self._connection, _OF_LETTER, {"letter": incoming_id})

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[HeldFile]:
        """Lease files that wait, the oldest first."""
        rows = _WAITING.claim(self._connection, now, lease, limit)
        return [HeldFile(**{name: row[name] for name in _FIELDS}) for row in rows]

    def put_off(self, file_id: UUID, why: str, until: datetime) -> None:
        """Not before that moment."""
        self._connection.execute(_PUT_OFF, {"file": file_id, "told": why, "until": until})
