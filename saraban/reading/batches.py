"""Batches of an officer's desk as screens show them, and the officer's own phrases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, case, func, select

from saraban.domain.actor import Actor
from saraban.domain.batch import OPEN_LINES, BatchDeed, BatchState, LineState
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.own_phrases import DEFAULTS
from saraban.reading.organisation import owner_name
from saraban.reading.scope import MASKED_SUBJECT
from saraban.storage.tables.desk import batch_lines, batches, own_phrases
from saraban.storage.tables.letters import letters

SHOWN = 20


@dataclass(frozen=True)
class BatchRow:
    """A batch: `state` is prepared, running, interrupted (left behind or stopped; it can go on) or ended."""

    id: UUID
    deed: BatchDeed
    note: str
    state: str
    made_at: datetime
    ended_at: datetime | None
    total: int
    done: int
    left: int

    @property
    def remaining(self) -> int:
        """How many are still to be done."""
        return self.total - self.done - self.left


@dataclass(frozen=True)
class LineRow:
    """A letter of a batch, with the number that it has by now; `why` it was left."""

    letter_id: UUID
    ordinal: int
    subject: str
    urgency: Urgency
    secrecy: Secrecy
    unit_name: str
    state: LineState
    number: str
    why: str


def own(reader: Connection, actor: Actor, now: datetime) -> list[BatchRow]:
    """The officer's newest batches."""
    return [_row(row, now) for row in reader.execute(_of(actor).order_by(batches.c.made_at.desc()).limit(SHOWN))]


def unfinished(reader: Connection, actor: Actor, now: datetime) -> list[BatchRow]:
    """Those of the officer's newest batches that are not at their end."""
    return [row for row in own(reader, actor, now) if row.state in ("running", "interrupted")]


def batch(reader: Connection, actor: Actor, batch_id: UUID, now: datetime) -> BatchRow:
    """One batch of the officer; NotFound when it is another's."""
    row = reader.execute(_of(actor).where(batches.c.id == batch_id)).first()
    if row is None:
        raise NotFound
    return _row(row, now)


def lines(reader: Connection, actor: Actor, batch_id: UUID) -> list[LineRow]:
    """The letters of a batch that `batch` gave, in its order."""
    shown = (letters.c[name] for name in ("subject", "urgency", "secrecy"))
    statement = (
        select(batch_lines, *shown, owner_name(actor).label("unit_name"))
        .select_from(batch_lines)
        .join(letters, letters.c.id == batch_lines.c.letter_id)
        .where(batch_lines.c.batch_id == batch_id)
        .order_by(batch_lines.c.ordinal)
    )
    return [
        LineRow(
            row.letter_id,
            row.ordinal,
            row.subject if row.secrecy.is_open else MASKED_SUBJECT,
            row.urgency,
            row.secrecy,
            row.unit_name,
            row.state,
            row.number,
            row.why,
        )
        for row in reader.execute(statement)
    ]


def phrases(reader: Connection, actor: Actor) -> dict[str, tuple[str, ...]]:
    """The officer's own phrases by kind, and what stands there until he writes some."""
    rows = reader.execute(select(own_phrases).where(own_phrases.c.person_id == actor.person_id))
    return {**DEFAULTS, **{row.kind: tuple(row.phrases) for row in rows}}


def _of(actor: Actor) -> Select[Any]:
    counted = (
        func.count().label("total"),
        func.sum(case((batch_lines.c.state == LineState.DONE, 1), else_=0)).label("done"),
        func.sum(case((batch_lines.c.state.not_in((*OPEN_LINES, LineState.DONE)), 1), else_=0)).label("left"),
    )
    of_batch = batch_lines.c.batch_id == batches.c.id
    columns = [
        batches.c[name] for name in ("id", "deed", "note", "state", "made_at", "ended_at", "leased_until", "person_id")
    ]
    return (
        select(*columns, *counted)
        .select_from(batches.join(batch_lines, of_batch))
        .where(and_(batches.c.agency_id == actor.agency_id, batches.c.person_id == actor.person_id))
        .group_by(*columns)
    )


def _row(row: Any, now: datetime) -> BatchRow:
    state = row.state.value
    if row.state is BatchState.STOPPED or (
        row.state is BatchState.RUNNING and (row.leased_until is None or row.leased_until <= now)
    ):
        state = "interrupted"
    return BatchRow(row.id, row.deed, row.note, state, row.made_at, row.ended_at, row.total, row.done, row.left)
