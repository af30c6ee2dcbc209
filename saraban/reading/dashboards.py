"""What the frame of every page counts, and what the home page shows first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select, text

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.dispatch import DispatchState
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.permissions import may_attend
from saraban.domain.receipt import ReasonCode
from saraban.reading.duty import missed_halves
from saraban.reading.incoming import waiting
from saraban.reading.letters import TABS, WAITS_TO_GO, at_turn, urgency_rank
from saraban.reading.mailboxes import in_use, troubles
from saraban.reading.scope import visible_incoming, visible_letters
from saraban.storage.tables.closing import register_checks
from saraban.storage.tables.exchange import TROUBLE, dispatches, mailboxes
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.people import units

_BAD = (DispatchState.INVALID, DispatchState.UNDELIVERED, DispatchState.REFUSED)
_WITHOUT_ANSWER = (DispatchState.QUEUED, DispatchState.SENT, DispatchState.RELAYED)
_CARDS, _QUEUE = 50, 200
_ALARM_AFTER = 2
_HALVES = ("ครึ่งวันทำการสองครั้งติดกัน", "ครึ่งวันทำการสามครั้งติดกัน", "สองวันทำการแล้วหรือนานกว่า")


@dataclass(frozen=True)
class Nav:
    """The counts beside the menu, of what the actor may read. `mailbox_checked_at` is when the agency's mailboxes were
    last read (the one that was read the longest ago); `mailbox_problem` Thai words when one cannot be read."""

    incoming_new: int
    incoming_held: int
    desk_waiting: int
    drafts: int
    outgoing_trouble: int
    mailbox_checked_at: datetime | None
    mailbox_problem: str


@dataclass(frozen=True)
class ProblemCard:
    """Something that needs a person. `kind` is "held" (`id` an incoming letter), "dispatch" (`id` a dispatch,
    `letter_id` its letter), "mailbox" or "disk" (no id; `title` is its address; with "-soon" behind it when mail still
    flows) or "check" (no id; the check of the registers that found something). `why` is Thai; `state` the state it is
    in."""

    kind: str
    id: UUID | None
    letter_id: UUID | None
    title: str
    number: str
    party: str
    why: str
    state: str
    at: datetime | None


@dataclass(frozen=True)
class QueueRow:
    """Work that waits for the actor. `kind` is "incoming" (to be registered), "desk" (to be endorsed or signed),
    "returned" (a draft that came back) or "issued" (to be sent out)."""

    kind: str
    id: UUID
    number: str
    subject: str
    party: str
    urgency: Urgency
    secrecy: Secrecy
    at: datetime


@dataclass(frozen=True)
class Home:
    """The home page: problems first, then the work, the most urgent first and then the oldest."""

    problems: list[ProblemCard]
    queue: list[QueueRow]


def nav(reader: Connection, actor: Actor) -> Nav:
    """All counts in one statement."""
    row = reader.execute(_counts(actor)).one()
    return Nav(row.new, row.held, row.desk, row.drafts, row.trouble, row.checked_at, row.problem or "")


@lru_cache(maxsize=1024)
def _counts(actor: Actor) -> Select[Any]:
    """The statement of `nav`, which stands on every page: building it costs more than running it, so it is built once
    for each actor (an actor who gets another post is another one)."""
    read = visible_letters(actor)
    box = and_(mailboxes.c.agency_id == actor.agency_id, in_use())
    return select(
        _count(incoming.c.id, visible_incoming(actor), incoming.c.state == IncomingState.NEW).label("new"),
        _count(incoming.c.id, visible_incoming(actor), incoming.c.state == IncomingState.HELD).label("held"),
        _count(letters.c.id, letters.c.agency_id == actor.agency_id, at_turn(actor)).label("desk"),
        _count(letters.c.id, read, TABS["drafts"]).label("drafts"),
        _count(dispatches.c.id, _in_trouble(actor)).label("trouble"),
        select(func.min(mailboxes.c.checked_at)).where(box).scalar_subquery().label("checked_at"),
        select(func.max(mailboxes.c.problem)).where(box).scalar_subquery().label("problem"),
    )


def home(reader: Connection, actor: Actor, now: datetime) -> Home:
    """What is wrong and what waits, for this actor."""
    problems = [
        *_check(reader, actor),
        *_mailboxes(reader, actor),
        *_duty(reader, actor, now),
        *_held(reader, actor),
        *_dispatches(reader, actor),
    ]
    queue = [*_incoming(reader, actor), *_own_letters(reader, actor)]
    queue.sort(key=lambda row: (-row.urgency.rank, row.at, row.id))
    return Home(problems, queue[:_QUEUE])


def _count(column: ColumnElement[UUID], *conditions: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(*conditions).scalar_subquery()


def _in_trouble(actor: Actor) -> ColumnElement[bool]:
    """The condition over `dispatches` that one needs a person and that the actor may read its letter. The literal text
    is that of the partial index, by which a database knows that it may use it; the letter is looked up for the few
    that are left, because SQLite would walk all letters if the two tables were joined."""
    return and_(
        dispatches.c.agency_id == actor.agency_id,
        text(f"({TROUBLE})"),
        dispatches.c.state.in_(_BAD + _WITHOUT_ANSWER),
        exists().where(letters.c.id == dispatches.c.letter_id, visible_letters(actor)),
    )


def _of_letter(column: ColumnElement[Any]) -> Any:
    return select(column).where(letters.c.id == dispatches.c.letter_id).scalar_subquery()


def _mailboxes(reader: Connection, actor: Actor) -> Iterator[ProblemCard]:
    """Mail that does not flow, for everybody; what fills, for those who can do something about it."""
    administers = actor.role is PositionRole.ADMIN
    looks_after = administers or actor.role is PositionRole.CLERK
    for t in troubles(reader, actor, fills_too=looks_after, disk_too=administers):
        yield ProblemCard(t.kind, None, None, t.title, "", "", t.why, "", t.at)


def _duty(reader: Connection, actor: Actor, now: datetime) -> Iterator[ProblemCard]:
    """Two half-days in a row in which nobody looked into the mailbox, for those who keep it or answer for it."""
    keeps = may_attend(actor) is None
    if not keeps and actor.role not in (PositionRole.HEAD, PositionRole.ADMIN):
        return
    missed = missed_halves(reader, actor, now)
    if missed >= _ALARM_AFTER:
        why = "เปิดหน้าหนังสือรับวันทำการละสองครั้ง เช้าและบ่าย"
        words = f"ไม่มีเจ้าหน้าที่สารบรรณกลางเปิดกล่องมา{_HALVES[min(missed, len(_HALVES) + 1) - _ALARM_AFTER]}"
        yield ProblemCard("duty", None, None, words, "", "", why, "", now)


def _check(reader: Connection, actor: Actor) -> Iterator[ProblemCard]:
    """What the last check of the registers found, for those who answer for them."""
    if actor.role not in (PositionRole.RECORDS, PositionRole.ADMIN):
        return
    statement = select(register_checks.c.faults, register_checks.c.began_at).where(
        register_checks.c.agency_id == actor.agency_id, register_checks.c.faults > 0
    )
    for r in reader.execute(statement):
        why = f"การตรวจล่าสุดพบสิ่งที่ไม่ถูกต้อง {r.faults} แห่ง"
        yield ProblemCard("check", None, None, "ทะเบียนไม่ครบถ้วน", "", "", why, "", r.began_at)


def _held(reader: Connection, actor: Actor) -> Iterator[ProblemCard]:
    for r in waiting(reader, actor, IncomingState.HELD, most=_CARDS):
        why = " · ".join(str(reason.get("thai", "")) for reason in r.reasons)
        party = r.from_name or r.from_mailbox
        yield ProblemCard("held", r.id, None, r.subject, r.number, party, why, r.state.value, r.received_at)


def _dispatches(reader: Connection, actor: Actor) -> Iterator[ProblemCard]:
    statement = (
        select(dispatches, _of_letter(letters.c.subject).label("subject"), _of_letter(letters.c.number).label("number"))
        .where(_in_trouble(actor))
        .order_by(dispatches.c.created_at.desc(), dispatches.c.id)
        .limit(_CARDS)
    )
    for r in reader.execute(statement):
        why = r.problem or _failure(r.failure) or _STATE_THAI.get(r.state, "")
        at = r.settled_at or r.created_at
        yield ProblemCard("dispatch", r.id, r.letter_id, r.subject, r.number or "", r.to_name, why, r.state.value, at)


def _incoming(reader: Connection, actor: Actor) -> Iterator[QueueRow]:
    if actor.role is not PositionRole.CLERK:
        return
    for r in waiting(reader, actor, IncomingState.NEW, most=_QUEUE):
        party = r.from_name or r.from_mailbox
        yield QueueRow("incoming", r.id, r.number, r.subject, party, r.urgency, r.secrecy, r.received_at)


def _own_letters(reader: Connection, actor: Actor) -> Iterator[QueueRow]:
    mine: dict[str, ColumnElement[bool]] = {
        "desk": (letters.c.agency_id == actor.agency_id) & at_turn(actor),
    }
    if actor.role is PositionRole.CLERK:
        mine["returned"] = visible_letters(actor) & (letters.c.state == LetterState.RETURNED)
        mine["issued"] = visible_letters(actor) & WAITS_TO_GO
    for kind, condition in mine.items():
        statement = (
            select(letters, units.c.name.label("unit_name"))
            .select_from(letters.join(units, units.c.id == letters.c.unit_id))
            .where(condition)
            .order_by(urgency_rank(letters.c.urgency).desc(), letters.c.updated_at, letters.c.id)
            .limit(_QUEUE)
        )
        for r in reader.execute(statement):
            yield QueueRow(kind, r.id, r.number or "", r.subject, r.unit_name, r.urgency, r.secrecy, r.updated_at)


_STATE_THAI = {
    DispatchState.INVALID: "ผู้รับแจ้งว่าซองใช้ไม่ได้",
    DispatchState.UNDELIVERED: "ส่งไม่ถึงผู้รับ",
    DispatchState.REFUSED: "ผู้รับส่งคืน",
}


def _failure(code: str) -> str:
    if not code:
        return ""
    try:
        return ReasonCode(code).thai
    except ValueError:
        return code
