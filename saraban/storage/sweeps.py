"""What nothing names, and what was swept, in their tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.attachment import Digest
from saraban.domain.store import SweepTrace
from saraban.storage.shelves import batched, plain_shelf
from saraban.storage.tables.store import store_sweeps, unnamed_files

_traces = plain_shelf(store_sweeps, SweepTrace)
_c = unnamed_files.c
_MARK = {
    "sqlite": sqlite.insert(unnamed_files).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(unnamed_files).on_conflict_do_nothing(),
}


class SweepBooks:
    """Marks and traces on the shelf (usecases.store_books.Sweeps)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self) -> Mapping[Digest, datetime]:
        """The marked files with their moments."""
        return {row.sha256: row.since for row in self._connection.execute(select(_c.sha256, _c.since))}

    def mark(self, found: Mapping[Digest, int], at: datetime) -> None:
        """Mark them; in one order for all, so that two who do it at once wait for each other and not in a ring."""
        rows = [
            {"sha256": digest, "since": at, "size": found[digest], "going": False} for digest in sorted(found, key=str)
        ]
        if rows:
            self._connection.execute(_MARK[self._connection.dialect.name], rows)

    def unmark(self, digests: Collection[Digest]) -> None:
        """Take the marks away."""
        for some in batched(sorted(digests, key=str)):
            self._connection.execute(delete(unnamed_files).where(_c.sha256.in_(some)))

    def going(self) -> Mapping[Digest, int]:
        """Those whose removal was begun."""
        rows = self._connection.execute(select(_c.sha256, _c.size).where(_c.going.is_(True)))
        return {row.sha256: row.size for row in rows}

    def begin(self, digests: Collection[Digest]) -> None:
        """Their removal begins."""
        for some in batched(sorted(digests, key=str)):
            self._connection.execute(update(unnamed_files).where(_c.sha256.in_(some)).values(going=True))

    def end(self, digests: Collection[Digest]) -> tuple[int, int]:
        """They are gone."""
        sizes: list[int] = []
        for some in batched(sorted(digests, key=str)):
            gone = delete(unnamed_files).where(_c.sha256.in_(some)).returning(_c.size)
            sizes += self._connection.execute(gone).scalars()
        return len(sizes), sum(sizes)

    def note(self, trace: SweepTrace) -> None:
        """Write it down."""
        _traces.add(self._connection, trace)

    def last(self, now: datetime) -> SweepTrace | None:
        """The newest until now."""
        at = store_sweeps.c.at
        newest = select(store_sweeps).where(at <= now).order_by(at.desc(), store_sweeps.c.id).limit(1)
        return next(iter(_traces.find(self._connection, newest)), None)
