"""The work in the background that a person ordered, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from saraban.domain.actor import Actor
from saraban.storage.tables.closing import errands

MOST = 50


@dataclass(frozen=True)
class ErrandRow:
    """An errand: `state` is waiting, running, done or failed; `has_result` when there is a file to fetch;
    `book` and `unit` name the register that it is about, `letter` the letter whose receivers, `run` the documents
    for people that were begun together; empty for none."""

    id: UUID
    kind: str
    title: str
    state: str
    done: int
    total: int
    problem: str
    file_name: str
    has_result: bool
    made_at: datetime
    ended_at: datetime | None
    book: str = ""
    unit: str = ""
    letter: str = ""
    run: str = ""


_OWN = (
    select(errands)
    .where(errands.c.agency_id == bindparam("agency"), errands.c.person_id == bindparam("person"))
    .order_by(errands.c.made_at.desc())
    .limit(MOST)
)


def own(reader: Connection, actor: Actor, errand_id: UUID | None = None) -> list[ErrandRow]:
    """The newest errands of the person, or the one with this id (an empty list when it is somebody else's)."""
    statement = _OWN if errand_id is None else _OWN.where(errands.c.id == errand_id)
    rows = reader.execute(statement, {"agency": actor.agency_id, "person": actor.person_id})
    return [
        ErrandRow(
            r.id,
            r.kind,
            r.title,
            r.state,
            r.done,
            r.total,
            r.problem,
            r.file_name,
            r.result is not None,
            r.made_at,
            r.ended_at,
            str(r.order.get("book", "")),
            str(r.order.get("unit", "")),
            str(r.order.get("letter", "")),
            str(r.id if r.order.get("deed") == "begin" and r.kind == "issued-run" else r.order.get("run", "")),
        )
        for r in rows
    ]
