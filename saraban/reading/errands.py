"""The work in the background that a person ordered, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.reading.paging import Page, newest_first
from saraban.storage.tables.closing import errands

SHOWN = 50


@dataclass(frozen=True)
class ErrandRow:
    """An errand: `state` is waiting, running, done or failed; `faults` how much a person must mend after it was done;
    `has_result` when there is a file to fetch; `book` and `unit` name the register that it is about, `letter` the
    letter whose receivers, `run` the documents for people that were begun together, `handover` the list whose package;
    empty for none."""

    id: UUID
    kind: str
    title: str
    state: str
    done: int
    total: int
    faults: int
    problem: str
    file_name: str
    has_result: bool
    made_at: datetime
    ended_at: datetime | None
    book: str = ""
    unit: str = ""
    letter: str = ""
    run: str = ""
    handover: str = ""
    leased_until: datetime | None = None

    @property
    def result_gone(self) -> bool:
        """Was the file that it made taken away?"""
        return self.state == "done" and bool(self.file_name) and not self.has_result

    def silent(self, now: datetime, lease: timedelta) -> bool:
        """Has the worker that does it said nothing for half of the time for which it has it? It may be gone: then
        another begins it again when that time is over."""
        return self.state == "running" and self.leased_until is not None and self.leased_until - now < lease / 2


def own(
    reader: Connection,
    actor: Actor,
    *,
    kind: str = "",
    going: bool = False,
    cursor: str | None = None,
    limit: int = SHOWN,
) -> Page[ErrandRow]:
    """What the person ordered, of one kind alone, or only what has not ended."""
    c = errands.c
    statement = select(errands).where(c.agency_id == actor.agency_id, c.person_id == actor.person_id)
    if kind:
        statement = statement.where(c.kind == kind)
    if going:
        statement = statement.where(c.state.in_(("waiting", "running")))
    return newest_first(reader, statement, (c.made_at, c.id), _row, cursor=cursor, limit=limit)


def one(reader: Connection, actor: Actor, errand_id: UUID) -> ErrandRow:
    """An errand of the person. Raises NotFound for anybody else's."""
    c = errands.c
    which = (c.id == errand_id, c.agency_id == actor.agency_id, c.person_id == actor.person_id)
    row = reader.execute(select(errands).where(*which)).first()
    if row is None:
        raise NotFound
    return _row(row)


def _row(row: Row[Any]) -> ErrandRow:
    order = row.order
    begun = order.get("deed") == "begin" and row.kind == "issued-run"
    return ErrandRow(
        id=row.id,
        kind=row.kind,
        title=row.title,
        state=row.state,
        done=row.done,
        total=row.total,
        faults=row.faults,
        problem=row.problem,
        file_name=row.file_name,
        has_result=row.result is not None,
        made_at=row.made_at,
        ended_at=row.ended_at,
        book=str(order.get("book", "")),
        unit=str(order.get("unit", "")),
        letter=str(order.get("letter", "")),
        run=str(row.id if begun else order.get("run", "")),
        handover=str(order["list"]) if row.kind == "transfer-package" else "",
        leased_until=row.leased_until,
    )
