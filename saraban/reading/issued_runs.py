"""Documents that were begun from sheets, as screens show them: runs with their counts, and what became of each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, func, select

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.issued import IssuedState
from saraban.domain.permissions import may_see_issued
from saraban.reading.issued import kinds
from saraban.storage.tables.issued import issued_documents as documents
from saraban.storage.tables.issued_runs import holder_links, issued_run_lines, issued_runs

MOST_RUNS, MOST_LINES = 50, 200


@dataclass(frozen=True)
class RunRow:
    """A run with how many of its documents stand where, how many failed at the last try, how many lines have a mailbox
    and of how many a link went out. `is_held`: it is being signed now; `is_left`: whoever signed it was cut off."""

    id: UUID
    kind_id: UUID
    kind_name: str
    title: str
    made_by: str
    made_at: datetime
    documents: int
    counts: Mapping[IssuedState, int]
    failed: int
    mailboxes: int
    mailed: int
    is_held: bool
    is_left: bool

    def count(self, *states: str) -> int:
        """How many stand in one of these states."""
        return sum(self.counts.get(IssuedState(one), 0) for one in states)

    @property
    def out(self) -> int:
        """How many were issued, whatever became of them."""
        return sum(many for state, many in self.counts.items() if state.is_out)


@dataclass(frozen=True)
class RunLineRow:
    """A line of a run with its document."""

    ordinal: int
    document_id: UUID
    holder_name: str
    number: str
    state: IssuedState
    code: str
    why: str
    mail: str


def runs(reader: Connection, actor: Actor, now: datetime) -> list[RunRow]:
    """The newest runs of kinds whose documents the actor may see."""
    seen = _kinds(reader, actor, now)
    c = issued_runs.c
    statement = select(issued_runs).where(c.agency_id == actor.agency_id, c.kind_id.in_(list(seen)))
    rows = reader.execute(statement.order_by(c.made_at.desc(), c.id).limit(MOST_RUNS)).mappings().all()
    counts = _counts(reader, [row["id"] for row in rows])
    return [_row(row, seen[row["kind_id"]], counts, now) for row in rows]


def run(reader: Connection, actor: Actor, run_id: UUID, now: datetime) -> RunRow:
    """One run; NotFound when the actor may not see its documents."""
    c = issued_runs.c
    statement = select(issued_runs).where(c.agency_id == actor.agency_id, c.id == run_id)
    row, seen = reader.execute(statement).mappings().first(), _kinds(reader, actor, now)
    if row is None or row["kind_id"] not in seen:
        raise NotFound
    return _row(row, seen[row["kind_id"]], _counts(reader, [run_id]), now)


def lines(reader: Connection, run_id: UUID, most: int | None = MOST_LINES) -> list[RunLineRow]:
    """The lines of a run that was looked at before: those that failed first, then those that are not out yet, in the
    order of the sheet; all of them in that order for `most` None."""
    c, d = issued_run_lines.c, documents.c
    statement = (
        select(c.ordinal, c.document_id, d.holder_name, d.number, d.state, d.code, c.why, c.mail)
        .join(documents, d.id == c.document_id)
        .where(c.run_id == run_id)
    )
    if most is None:
        statement = statement.order_by(c.ordinal)
    else:
        statement = statement.order_by(c.why == "", case((d.signed_at.is_(None), 0), else_=1), c.ordinal).limit(most)
    return [RunLineRow(**row) for row in reader.execute(statement).mappings()]


def waiting_for(reader: Connection, run_id: UUID, turns: Sequence[int]) -> int:
    """How many documents of the run wait for an approval after one of these numbers of approvals."""
    c, d = issued_run_lines.c, documents.c
    statement = select(func.count()).select_from(issued_run_lines.join(documents, d.id == c.document_id))
    which = (c.run_id == run_id, d.state == IssuedState.WAITING, d.passed.in_(turns))
    return int(reader.execute(statement.where(*which)).scalar_one())


def _kinds(reader: Connection, actor: Actor, now: datetime) -> dict[UUID, str]:
    found = (line.kind for line in kinds(reader, actor, now.date()))
    return {one.id: one.name_th for one in found if may_see_issued(actor, one) is None}


_Counts = dict[UUID, dict[str, Any]]


def _counts(reader: Connection, run_ids: list[UUID]) -> _Counts:
    c, d = issued_run_lines.c, documents.c
    found: _Counts = {one: {"states": {}, "failed": 0, "mailboxes": 0, "mailed": 0} for one in run_ids}
    by_state = (
        select(c.run_id, d.state, func.count().label("many"), func.sum(case((c.why != "", 1), else_=0)).label("failed"),
               func.sum(case((c.mail != "", 1), else_=0)).label("mailboxes"))
        .join(documents, d.id == c.document_id)
        .where(c.run_id.in_(run_ids))
        .group_by(c.run_id, d.state)
    )  # fmt: skip
    for row in reader.execute(by_state):
        one = found[row.run_id]
        one["states"][row.state] = row.many
        one["failed"] += row.failed
        one["mailboxes"] += row.mailboxes
    mailed = (
        select(c.run_id, func.count(c.document_id.distinct()).label("many"))
        .join(holder_links, holder_links.c.document_id == c.document_id)
        .where(c.run_id.in_(run_ids), holder_links.c.mail != "", holder_links.c.withdrawn_at.is_(None))
        .group_by(c.run_id)
    )
    for row in reader.execute(mailed):
        found[row.run_id]["mailed"] = row.many
    return found


def _row(row: Any, kind_name: str, counts: _Counts, now: datetime) -> RunRow:
    of, held = counts[row["id"]], row["runner"] is not None
    is_alive = held and row["leased_until"] is not None and row["leased_until"] > now
    return RunRow(
        id=row["id"],
        kind_id=row["kind_id"],
        kind_name=kind_name,
        title=row["title"],
        made_by=row["made_by"],
        made_at=row["made_at"],
        documents=row["documents"],
        counts=of["states"],
        failed=of["failed"],
        mailboxes=of["mailboxes"],
        mailed=of["mailed"],
        is_held=is_alive,
        is_left=held and not is_alive,
    )
