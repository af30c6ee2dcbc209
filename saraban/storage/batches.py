"""Batches of officers' desks on the shelf, and the phrases that officers keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.batch import Batch, BatchId, BatchLine, BatchState
from saraban.domain.errors import ConcurrentEdit, NotFound
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.desk import batch_lines, batches, own_phrases

_batches: Shelf[Batch] = plain_shelf(batches, Batch)
_LINE = ("ordinal", "letter_id", "seen_version", "content", "page", "state", "number", "why", "at")
_LINES = select(batch_lines).where(batch_lines.c.batch_id == bindparam("batch")).order_by(batch_lines.c.ordinal)
_ADD_LINES = insert(batch_lines)
_DROP_LINES = delete(batch_lines).where(batch_lines.c.batch_id == bindparam("batch"))
_MARK = (
    update(batch_lines)
    .where(batch_lines.c.batch_id == bindparam("batch"), batch_lines.c.ordinal == bindparam("of_line"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "number", "why", "at")})
)
_HOLD = (
    update(batches)
    .where(
        batches.c.id == bindparam("batch"),
        batches.c.runner == bindparam("held_by"),
        batches.c.state == BatchState.RUNNING,
    )
    .values(leased_until=bindparam("until"))
)


class BatchBooks:
    """Batches on the shelf (usecases.batches.Batches)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, batch: Batch) -> None:
        """Put a new one down with its letters."""
        _batches.add(self._connection, batch)
        self._connection.execute(_ADD_LINES, [_line_row(batch.id, line) for line in batch.lines])

    def get(self, agency_id: AgencyId, batch_id: BatchId) -> Batch:
        """A batch of the agency with its letters; NotFound when it is another's."""
        batch = _batches.get(self._connection, batch_id)
        if batch.agency_id != agency_id:
            raise NotFound
        rows = self._connection.execute(_LINES, {"batch": batch_id})
        batch.lines = [BatchLine(**{name: getattr(row, name) for name in _LINE}) for row in rows]
        return batch

    def save(self, batch: Batch) -> None:
        """Write the batch back, without its letters; ConcurrentEdit when somebody was faster."""
        _batches.save(self._connection, batch)

    def save_lines(self, batch: Batch) -> None:
        """Write its letters anew."""
        self._connection.execute(_DROP_LINES, {"batch": batch.id})
        self._connection.execute(_ADD_LINES, [_line_row(batch.id, line) for line in batch.lines])

    def mark(self, batch_id: BatchId, line: BatchLine) -> None:
        """Write what became of a letter."""
        values = {f"new_{name}": getattr(line, name) for name in ("state", "number", "why", "at")}
        self._connection.execute(_MARK, {"batch": batch_id, "of_line": line.ordinal, **values})

    def hold(self, batch_id: BatchId, runner: UUID, until: datetime) -> None:
        """Go on holding it; ConcurrentEdit when it was stopped or another goes through it."""
        values = {"batch": batch_id, "held_by": runner, "until": until}
        if self._connection.execute(_HOLD, values).rowcount != 1:
            raise ConcurrentEdit

    def phrases(self, person_id: PersonId, kind: str) -> tuple[str, ...] | None:
        """The phrases that a person keeps; None for one who never changed them."""
        statement = select(own_phrases.c.phrases).where(
            own_phrases.c.person_id == person_id, own_phrases.c.kind == kind
        )
        found = self._connection.execute(statement).scalar()
        return tuple(found) if found is not None else None

    def keep_phrases(self, person_id: PersonId, kind: str, phrases: Sequence[str]) -> None:
        """Keep them in the place of those before."""
        mine = (own_phrases.c.person_id == person_id, own_phrases.c.kind == kind)
        self._connection.execute(delete(own_phrases).where(*mine))
        row = {"person_id": person_id, "kind": kind, "phrases": list(phrases)}
        self._connection.execute(insert(own_phrases), row)


def _line_row(batch_id: BatchId, line: BatchLine) -> dict[str, Any]:
    return {"batch_id": batch_id, **{name: getattr(line, name) for name in _LINE}}
