"""Documents that were begun from sheets, as screens show them: runs with their counts, and what became of each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.issued import IssuedState
from saraban.domain.issued_run import Delivery
from saraban.domain.permissions import may_see_issued
from saraban.reading.deliveries import Delivered, deliveries
from saraban.reading.issued import kinds
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.issued import issued_documents as documents
from saraban.storage.tables.issued_runs import (
    UNSENT,
    holder_links,
    is_back,
    is_out,
    issued_run_lines,
    issued_runs,
    was_fetched,
    was_mailed,
)
from saraban.storage.tables.late_stamps import late_stamps

MOST_RUNS, MOST_LINES = 50, 200
_stamped_later = exists().where(
    late_stamps.c.thing_id == documents.c.id,
    late_stamps.c.sha256 == documents.c.digest,
    late_stamps.c.token.is_not(None),
)
_untimed = case((documents.c.untimed == "", ""), (_stamped_later, ""), else_=documents.c.untimed)


@dataclass(frozen=True)
class RunRow:
    """A run with how many of its documents stand where, how many failed at the last try, how many are out without the
    time-stamp that an authority should have given and still have none (`untimed`), how many lines have a mailbox, of
    how many a link went out by mail and did not come back, to how many it can go now (`unsent`), and of how many all
    mail came back. `is_held`: it is being signed now; `is_left`: whoever signed it was cut off."""

    id: UUID
    kind_id: UUID
    kind_name: str
    title: str
    made_by: str
    made_at: datetime
    documents: int
    counts: Mapping[IssuedState, int]
    failed: int
    untimed: int
    mailboxes: int
    mailed: int
    unsent: int
    returned: int
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
    """A line of a run with its document; `untimed` says in Thai why that has no time-stamp though an authority is set
    up, until it got one later."""

    ordinal: int
    document_id: UUID
    holder_name: str
    number: str
    state: IssuedState
    code: str
    why: str
    untimed: str
    mail: str
    delivered: Delivered | None

    @property
    def delivery(self) -> Delivery | None:
        """How far it came to its holder; None before it is issued, and for one that ended before it was on its way."""
        if self.delivered is not None:
            return self.delivered.way
        if self.state is not IssuedState.ISSUED:
            return None
        return Delivery.NOT_YET if self.mail else Delivery.NO_ADDRESS

    @property
    def mailed_to(self) -> str:
        """To which mailbox a link went, or is to go; empty for none."""
        return (self.delivered.mail if self.delivered is not None else "") or self.mail

    @property
    def delivered_at(self) -> datetime | None:
        """Since when it is so."""
        return self.delivered.at if self.delivered is not None else None

    @property
    def why_returned(self) -> str:
        """Why the mail to the holder came back, in Thai."""
        return self.delivered.why if self.delivered is not None else ""


def runs(reader: Connection, actor: Actor, now: datetime) -> list[RunRow]:
    """The newest runs of kinds whose documents the actor may see."""
    seen = _kinds(reader, actor, now)
    c = issued_runs.c
    statement = select(issued_runs).where(c.agency_id == actor.agency_id, c.kind_id.in_(list(seen)))
    rows = reader.execute(statement.order_by(c.made_at.desc(), c.id).limit(MOST_RUNS)).mappings().all()
    counts = _counts(reader, [row["id"] for row in rows], now)
    return [_row(row, seen[row["kind_id"]], counts, now) for row in rows]


def run(reader: Connection, actor: Actor, run_id: UUID, now: datetime) -> RunRow:
    """One run; NotFound when the actor may not see its documents."""
    c = issued_runs.c
    statement = select(issued_runs).where(c.agency_id == actor.agency_id, c.id == run_id)
    row, seen = reader.execute(statement).mappings().first(), _kinds(reader, actor, now)
    if row is None or row["kind_id"] not in seen:
        raise NotFound
    return _row(row, seen[row["kind_id"]], _counts(reader, [run_id], now), now)


def lines(reader: Connection, run_id: UUID, most: int | None = MOST_LINES) -> list[RunLineRow]:
    """The lines of a run that was looked at before: those that failed first, those whose mail came back, those that are
    not out yet, those without a time-stamp, and the others, in the order of the sheet; all of them in that order for
    `most` None."""
    c, d = issued_run_lines.c, documents.c
    statement = (
        select(
            c.ordinal, c.document_id, d.holder_name, d.number, d.state, d.code, c.why, _untimed.label("untimed"), c.mail
        )
        .join(documents, d.id == c.document_id)
        .where(c.run_id == run_id)
    )
    if most is None:
        statement = statement.order_by(c.ordinal)
    else:
        of_line = holder_links.c.document_id == c.document_id
        came_back = and_(exists().where(of_line, is_back), ~exists().where(of_line, or_(is_out, was_fetched)))
        order = (
            case((c.why != "", 0), (came_back, 1), (d.signed_at.is_(None), 2), (_untimed != "", 3), else_=4),
            c.ordinal,
        )
        statement = statement.order_by(*order).limit(most)
    rows = reader.execute(statement).mappings().all()
    of_run = select(c.document_id).where(c.run_id == run_id)
    told = deliveries(reader, holder_links.c.document_id.in_(of_run))
    return [RunLineRow(**row, delivered=told.get(row["document_id"])) for row in rows]


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


def _counts(reader: Connection, run_ids: list[UUID], now: datetime) -> _Counts:
    c, d = issued_run_lines.c, documents.c
    zeros = ("failed", "untimed", "mailboxes", "mailed", "unsent", "returned")
    found: _Counts = {one: {"states": {}, **dict.fromkeys(zeros, 0)} for one in run_ids}
    valid = and_(d.state == IssuedState.ISSUED, or_(d.valid_until.is_(None), d.valid_until >= office_date(now)))
    by_state = (
        select(c.run_id, d.state, func.count().label("many"), func.sum(case((c.why != "", 1), else_=0)).label("failed"),
               func.sum(case((_untimed != "", 1), else_=0)).label("untimed"),
               func.sum(case((c.mail != "", 1), else_=0)).label("mailboxes"),
               func.sum(case((and_(c.mail != "", valid), 1), else_=0)).label("unsent"))
        .join(documents, d.id == c.document_id)
        .where(c.run_id.in_(run_ids))
        .group_by(c.run_id, d.state)
    )  # fmt: skip
    for row in reader.execute(by_state):
        one = found[row.run_id]
        one["states"][row.state] = row.many
        for name in ("failed", "untimed", "mailboxes", "unsent"):
            one[name] += getattr(row, name)
    for row in reader.execute(_mails(run_ids, valid)):
        one = found[row.run_id]
        one["mailed"] += row.mailed
        one["returned"] += row.returned
        one["unsent"] -= row.told
    return found


def _mails(run_ids: list[UUID], valid: ColumnElement[bool]) -> Select[Any]:
    """Of how many documents of these runs mail is out, of how many that are valid all of it came back, and how many of
    those with an address are valid and had any."""
    c, d, h = issued_run_lines.c, documents.c, holder_links.c
    # What `is_out` and `is_back` ask of each link, with the outbox looked into once. One that was handed over counts
    # where it was fetched by it.
    back = or_(h.returned_at.is_not(None), outbox.c.state.in_(UNSENT))
    flags = case((or_(h.withdrawn_at.is_not(None), ~was_mailed), 0), (back, 1), else_=2)

    def any_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.max(case((condition, 1), else_=0))

    each = (
        select(
            c.run_id,
            any_of(flags == 2).label("out"),
            any_of(or_(flags == 2, was_fetched)).label("there"),
            any_of(flags == 1).label("back"),
            any_of(and_(c.mail != "", valid, was_mailed)).label("told"),
            any_of(valid).label("valid"),
        )
        .join(holder_links, h.document_id == c.document_id)
        .join(documents, d.id == c.document_id)
        .outerjoin(outbox, and_(outbox.c.agency_id == h.agency_id, outbox.c.ref == h.id))
        .where(c.run_id.in_(run_ids))
        .group_by(c.run_id, c.document_id)
        .subquery()
    )
    lost = case((and_(each.c.back == 1, each.c.there == 0, each.c.valid == 1), 1), else_=0)
    sums = (func.sum(each.c.out).label("mailed"), func.sum(lost).label("returned"), func.sum(each.c.told).label("told"))
    return select(each.c.run_id, *sums).group_by(each.c.run_id)


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
        untimed=of["untimed"],
        mailboxes=of["mailboxes"],
        mailed=of["mailed"],
        unsent=of["unsent"],
        returned=of["returned"],
        is_held=is_alive,
        is_left=held and not is_alive,
    )
