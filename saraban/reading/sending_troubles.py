"""Letters that do not get to their receivers, or whose receivers contradict themselves: which need a person, and the
ways out of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, exists, func, or_, select, text

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.dispatch import CONTRADICTABLE, REPLIED, WAITING, WARNING, DispatchState, came_damaged
from saraban.domain.receipt import ReasonCode
from saraban.exchange.thai import thai_digits
from saraban.reading.scope import visible_letters
from saraban.reading.trouble_kinds import ProblemCard
from saraban.storage.planning import of_found
from saraban.storage.tables.exchange import TROUBLE, dispatches, evidence
from saraban.storage.tables.letters import letters

_ANSWERED_BADLY = (DispatchState.INVALID, DispatchState.REFUSED)
_BAD = (*_ANSWERED_BADLY, DispatchState.UNDELIVERED)
_ENDS = (DispatchState.REFUSED, DispatchState.FORWARDED, DispatchState.RECALLED)
_STATE_THAI = {
    DispatchState.INVALID: "ผู้รับแจ้งว่าซองใช้ไม่ได้",
    DispatchState.UNDELIVERED: "ส่งไม่ถึงผู้รับ",
    DispatchState.REFUSED: "ผู้รับส่งคืน",
}


def in_trouble(actor: Actor) -> ColumnElement[bool]:
    """The condition over `dispatches` that one needs a person and that the actor may read its letter. The literal text
    is that of the partial index, by which a database knows that it may use it; the letter is looked up for the few
    that are left, because SQLite would walk all letters if the two tables were joined."""
    return and_(
        dispatches.c.agency_id == actor.agency_id,
        text(f"({TROUBLE})"),
        or_(
            dispatches.c.state.in_((*_BAD, *WAITING)),
            and_(dispatches.c.state.in_(CONTRADICTABLE), dispatches.c.problem != ""),
        ),
        exists().where(letters.c.id == dispatches.c.letter_id, visible_letters(actor)),
    )


def retries(reader: Connection, actor: Actor, _now: datetime, _most: int) -> Iterator[ProblemCard]:
    """Letters that a relay put off, as one card: a relay that is away puts off everything. One whose time runs out has
    a card of its own."""
    columns = (func.count(), func.min(dispatches.c.created_at), func.max(dispatches.c.problem))
    count, since, problem = reader.execute(select(*columns).where(in_trouble(actor), of_found(RETRIED))).one()
    if count:
        title = f"{thai_digits(str(count))} ซองรอส่งอีกครั้ง"
        yield ProblemCard("retries", "retries", None, None, title, "", "", problem, "", since)


def sendings(reader: Connection, actor: Actor, _now: datetime, most: int) -> Iterator[ProblemCard]:
    """A card for each letter to a receiver that needs a person by itself, the newest first."""
    statement = (
        select(dispatches)
        .add_columns(
            *(_of_letter(letters.c[name]).label(f"letter_{name}") for name in ("subject", "number", "unit_id")),
            _SAID.label("said"),
        )
        .where(in_trouble(actor), ~RETRIED)
        .order_by(dispatches.c.created_at.desc(), dispatches.c.id)
        .limit(most)
    )
    for r in reader.execute(statement):
        yield ProblemCard(
            key=f"dispatch:{r.id}",
            kind=_kind_of(r),
            id=r.id,
            letter_id=r.letter_id,
            title=r.letter_subject,
            number=r.letter_number or "",
            party=r.to_name,
            why=r.problem or _failure(r.failure) or " ".join(filter(None, (_STATE_THAI.get(r.state), r.said))),
            state=r.state.value,
            at=r.settled_at or r.created_at,
            ways=_ways_of(actor, r),
            advice=_advice_about(r),
        )


RETRIED = and_(
    dispatches.c.state == DispatchState.QUEUED,
    dispatches.c.composed,
    dispatches.c.failure == "",
    ~dispatches.c.problem.contains(WARNING),
    ~dispatches.c.problem.contains(REPLIED),
)
"""A relay has put it off, and there is nothing to be done about it alone."""
_SAID = (
    select(evidence.c.text)
    .where(evidence.c.agency_id == dispatches.c.agency_id, evidence.c.dispatch_id == dispatches.c.id)
    .where(evidence.c.step == cast(dispatches.c.state, Text), evidence.c.counts)
    .order_by(evidence.c.at.desc(), evidence.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
"""What the receiver said when it put the dispatch where it stands."""


def _advice_about(row: Any) -> str:
    """The ways out of a dispatch whose receiver has spoken, and what the gateway does by itself meanwhile."""
    if row.state in CONTRADICTABLE and row.problem and row.number_disputed_at is not None:
        return "แจ้งผู้รับแล้วว่าเลขไม่ตรง รอใบตอบรับใหม่ หรือโทรสอบถาม แล้วปิดเรื่องพร้อมเหตุผล"
    if row.state is DispatchState.INVALID and row.resends:
        return "ระบบส่งซองเดิมให้ใหม่แล้ว รอใบตอบรับ ถ้าเสียหายระหว่างทาง แก้เหตุแล้วส่งอีกครั้ง ถ้าเหตุอยู่ที่หนังสือ ร่างฉบับแก้ไขแล้วส่งแทน"
    return "อ่านเหตุผลของผู้รับ แล้วร่างฉบับแก้ไขส่งแทน หรือปิดเรื่องพร้อมเหตุผล" if row.state in _ANSWERED_BADLY else ""


def _kind_of(row: Any) -> str:
    if row.state in CONTRADICTABLE and row.problem:
        return "contradiction"
    if row.state in WAITING and REPLIED in row.problem:
        return "reply"
    return "expiry" if row.state in WAITING and not row.failure and WARNING in row.problem else "dispatch"


def _ways_of(actor: Actor, row: Any) -> tuple[str, ...]:
    if actor.role is not PositionRole.CLERK or not (actor.central or actor.unit_id == row.letter_unit_id):
        return ()
    ways = []
    if _kind_of(row) == "contradiction":
        told = row.number_disputed_at is not None or row.state in _ENDS or not row.speaks_saraban
        return ("close",) if told else ("number-wrong", "close")
    failed = row.state is DispatchState.UNDELIVERED or (row.state in WAITING and row.failure)
    if row.composed and (failed or came_damaged(row)):
        ways.append("send-again")
    if row.state in WAITING or row.state in _BAD:
        ways += ("correct", "close") if row.state in _ANSWERED_BADLY else ("stop",)
    return tuple(ways)


def _of_letter(column: ColumnElement[Any]) -> Any:
    return select(column).where(letters.c.id == dispatches.c.letter_id).scalar_subquery()


def _failure(code: str) -> str:
    if not code:
        return ""
    try:
        return ReasonCode(code).thai
    except ValueError:
        return code
