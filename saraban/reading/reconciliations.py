"""Comparisons with other agencies: the list of them, and of one what it found with what has become of it since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.reconciliation import (
    Difference,
)
from saraban.exchange.reconcile import laid_side_by_side
from saraban.reading.paging import Page, newest_first
from saraban.storage.tables.closing import reconciliations
from saraban.storage.tables.exchange import outbox


@dataclass(frozen=True)
class ComparisonRow:
    """A comparison in the list. `ours`: we asked; `owes` and `outbox_state` tell how far its message is, `differences`
    how many there were on the day of the answer, `repeats` how often it was asked once more."""

    id: UUID
    other_code: str
    other_name: str
    ours: bool
    since: date
    until: date
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None
    differences: int | None
    repeats: int
    owes: str
    outbox_state: str
    last_reply: str


@dataclass(frozen=True)
class Comparison:
    """One comparison with all that it found. `truncated`: the other side could not list everything; `sent_again` and
    `asked_for` are the dispatches that were sent, or asked to be sent, once more with it."""

    row: ComparisonRow
    differences: list[Difference] = field(default_factory=list)
    truncated: bool = False
    asked_for: tuple[UUID, ...] = ()
    sent_again: tuple[UUID, ...] = ()


_ROW = (
    *(
        reconciliations.c[name]
        for name in (
            "id",
            "other_code",
            "other_name",
            "ours",
            "since",
            "until",
            "asked_at",
            "asked_by",
            "answered_at",
            "differences",
            "repeats",
            "owes",
        )
    ),
    outbox.c.state.label("outbox_state"),
    outbox.c.last_reply,
)
_WITH_OUTBOX = reconciliations.outerjoin(
    outbox,
    (outbox.c.agency_id == reconciliations.c.agency_id)
    & (outbox.c.ref == reconciliations.c.request_id)
    & reconciliations.c.ours,
)


def comparisons(
    reader: Connection, actor: Actor, *, ours: bool = True, cursor: str | None = None, limit: int = 50
) -> Page[ComparisonRow]:
    """Comparisons that the agency asked for, or that others asked of it, the newest first."""
    c = reconciliations.c
    statement = select(*_ROW).select_from(_WITH_OUTBOX).where(c.agency_id == actor.agency_id, c.ours == ours)
    return newest_first(reader, statement, (c.asked_at, c.id), _row, cursor=cursor, limit=limit)


def comparison(reader: Connection, actor: Actor, reconciliation_id: UUID) -> Comparison:
    """One comparison of the agency; NotFound otherwise."""
    statement = (
        select(*_ROW, reconciliations.c.request, reconciliations.c.answer, reconciliations.c.own)
        .select_from(_WITH_OUTBOX)
        .where(reconciliations.c.id == reconciliation_id, reconciliations.c.agency_id == actor.agency_id)
    )
    found = reader.execute(statement).first()
    if found is None:
        raise NotFound
    answer = found.answer or {}
    return Comparison(
        row=_row(found),
        differences=laid_side_by_side(found.answer, found.own),
        truncated=bool(answer.get("truncated")),
        asked_for=tuple(UUID(one) for one in found.request.get("send_again", ())),
        sent_again=tuple(UUID(one) for one in answer.get("sent_again", ())),
    )


def _row(r: Any) -> ComparisonRow:
    return ComparisonRow(
        id=r.id,
        other_code=r.other_code,
        other_name=r.other_name,
        ours=r.ours,
        since=r.since,
        until=r.until,
        asked_at=r.asked_at,
        asked_by=r.asked_by,
        answered_at=r.answered_at,
        differences=r.differences,
        repeats=len(r.repeats),
        owes=r.owes,
        outbox_state=r.outbox_state or "",
        last_reply=r.last_reply or "",
    )
