"""What the frame of every page counts, and what the home page shows first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, func, select

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.incoming import IncomingState
from saraban.domain.issued import IssuedState
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.letter import LetterState
from saraban.domain.route import StepKind, StepState
from saraban.exchange.thai import thai_digits
from saraban.reading import circulation, desk, issued, notices
from saraban.reading.delegations import vacant
from saraban.reading.desk import on_desk
from saraban.reading.incoming import waiting
from saraban.reading.letters import TABS, WAITS_TO_GO, urgency_rank
from saraban.reading.lookups import waiting_questions
from saraban.reading.mailboxes import in_use
from saraban.reading.organisation import owner_name
from saraban.reading.our_kinds import OurKinds, our_kinds
from saraban.reading.problems import problems
from saraban.reading.scope import visible_incoming, visible_letters
from saraban.reading.sending_troubles import in_trouble
from saraban.reading.tasks import count_waiting, waiting_tasks
from saraban.reading.trouble_kinds import ProblemCard
from saraban.reading.troubles import count_of
from saraban.storage.planning import few, of_found, planned_once, spelt_out
from saraban.storage.tables.desk import turns
from saraban.storage.tables.exchange import dispatches, mailboxes
from saraban.storage.tables.letters import incoming, letters, route_steps
from saraban.storage.tables.notices import notices as notice_table
from saraban.storage.tables.organisation import in_force, position_periods

_QUEUE = 200
_NOW: ColumnElement[datetime] = bindparam("now", type_=dispatches.c.warn_at.type)


@dataclass(frozen=True)
class Nav:
    """The counts beside the menu, of what the actor may read. `mailbox_checked_at` is when the agency's mailboxes were
    last read (the one that was read the longest ago); `mailbox_problem` which cannot be read and why, in Thai;
    `problems` how many cards are in the inbox of troubles, `tasks` how many about incoming letters wait,
    `notices` how many the person has not read, `to_read` how many letters that were passed round wait for his note."""

    incoming_new: int
    incoming_held: int
    desk_waiting: int
    drafts: int
    outgoing_trouble: int
    mailbox_checked_at: datetime | None
    mailbox_problem: str
    problems: int = 0
    tasks: int = 0
    notices: int = 0
    to_read: int = 0


@dataclass(frozen=True)
class QueueRow:
    """Work that waits for the actor. `kind` is "incoming" (to be registered), "desk" (to be endorsed or signed),
    "returned" (a draft that came back), "stuck" (it waits for a vacant position, the `party`), "ahead" (it will, at a
    later step), "issued" (to be sent out), "task" (about an incoming letter), "approve" or "sign" (documents for people
    of a kind, which `id` is), or "lookup" (questions of other agencies that wait for a clerk); `asked` the day by which
    a letter asks for an answer, one from the public is to have it, or the task was ordered."""

    kind: str
    id: UUID
    number: str
    subject: str
    party: str
    urgency: Urgency
    secrecy: Secrecy
    at: datetime
    asked: date | None = None


@dataclass(frozen=True)
class Home:
    """The home page: problems first, then the work, the most urgent first and then the oldest."""

    problems: list[ProblemCard]
    queue: list[QueueRow]


def nav(reader: Connection, actor: Actor, now: datetime) -> Nav:
    """All counts in one statement."""
    with planned_once(reader):
        row = reader.execute(_counts(actor), {"now": now}).one()
    return Nav(
        row.new,
        row.held,
        row.desk,
        row.drafts,
        row.trouble,
        row.checked_at,
        row.problem or "",
        row.problems,
        row.tasks,
        row.notices,
        row.to_read,
    )


@lru_cache(maxsize=1024)
def _counts(actor: Actor) -> Select[Any]:
    """The statement of `nav`, which stands on every page: building it costs more than running it, so it is built once
    for each actor (an actor who gets another post is another one)."""
    read = visible_letters(actor)
    box = and_(mailboxes.c.agency_id == actor.agency_id, in_use())
    counts = select(
        _count(incoming.c.id, visible_incoming(actor), few(incoming.c.state == IncomingState.NEW)).label("new"),
        _count(incoming.c.id, visible_incoming(actor), few(incoming.c.state == IncomingState.HELD)).label("held"),
        _count(turns.c.letter_id, on_desk(actor)).label("desk"),
        _count(letters.c.id, read, TABS["drafts"]).label("drafts"),
        _count(dispatches.c.id, in_trouble(actor)).label("trouble"),
        count_of(actor, _NOW).label("problems"),
        count_waiting(actor).label("tasks"),
        _count(notice_table.c.id, notices.own(actor), notices.is_unread()).label("notices"),
        circulation.count_waiting(actor).label("to_read"),
        select(func.min(mailboxes.c.checked_at)).where(box).scalar_subquery().label("checked_at"),
        select(func.max(mailboxes.c.address + ": " + mailboxes.c.problem))
        .where(box, mailboxes.c.problem != "")
        .scalar_subquery()
        .label("problem"),
    )
    return spelt_out(counts)


def home(reader: Connection, actor: Actor, now: datetime) -> Home:
    """What is wrong and what waits, for this actor."""
    today = office_date(now)
    queue = [*_incoming(reader, actor), *_own_letters(reader, actor, today), *_tasks(reader, actor, today)]
    kinds = issued.kinds_of_agency(reader, actor)
    queue += [*_documents(reader, actor, kinds), *_questions(reader, actor, our_kinds(reader, actor, now, kinds))]
    queue.sort(key=lambda row: (-row.urgency.rank, row.at, row.id))
    return Home(problems(reader, actor, now), queue[:_QUEUE])


def _count(column: ColumnElement[UUID], *conditions: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(*conditions).scalar_subquery()


def _incoming(reader: Connection, actor: Actor) -> Iterator[QueueRow]:
    if actor.role is not PositionRole.CLERK:
        return
    for r in waiting(reader, actor, IncomingState.NEW, most=_QUEUE):
        party = r.from_name or r.from_mailbox
        yield QueueRow("incoming", r.id, r.number, r.subject, party, r.urgency, r.secrecy, r.received_at, r.duty_on)


def _tasks(reader: Connection, actor: Actor, today: date) -> Iterator[QueueRow]:
    for r in waiting_tasks(reader, actor, today, most=_QUEUE):
        yield QueueRow("task", r.incoming_id, r.number, r.subject, r.from_name, r.urgency, r.secrecy, r.given_at, r.due)


def _documents(reader: Connection, actor: Actor, kinds: Sequence[IssuedKind]) -> Iterator[QueueRow]:
    """Documents for people that wait for the actor, one row for all of a kind."""
    for one in issued.piles(reader, actor, kinds):
        kind = "sign" if one.state is IssuedState.APPROVED else "approve"
        words = thai_digits(f"{one.many:,} ฉบับ {one.name}")
        yield QueueRow(kind, one.kind_id, "", words, "", Urgency.NORMAL, Secrecy.OPEN, one.since)


def _questions(reader: Connection, actor: Actor, kinds: OurKinds) -> Iterator[QueueRow]:
    """What other agencies ask about our documents, one row for all that waits for a clerk."""
    many, since = waiting_questions(reader, actor, kinds)
    if since is not None:
        words = thai_digits(f"{many:,} คำขอรอตอบ")
        yield QueueRow("lookup", actor.agency_id, "", words, "ส่วนราชการอื่น", Urgency.NORMAL, Secrecy.OPEN, since)


def _stuck(reader: Connection, actor: Actor, today: date) -> Iterator[QueueRow]:
    """Letters of the clerk's unit that wait for a position which nobody holds and for which nobody acts."""
    statement = (
        select(letters, turns.c.since, position_periods.c.title)
        .join(turns, turns.c.letter_id == letters.c.id)
        .join(
            position_periods,
            and_(position_periods.c.position_id == turns.c.position_id, in_force(position_periods, today)),
        )
        .where(
            of_found(visible_letters(actor)),
            letters.c.unit_id == actor.unit_id,
            turns.c.kind != StepKind.INFORM,
            turns.c.position_id.in_(vacant(actor.agency_id, today)),
        )
        .order_by(turns.c.haste, turns.c.since, letters.c.id)
        .limit(_QUEUE)
    )
    for r in reader.execute(statement):
        yield QueueRow("stuck", r.id, r.number or "", r.subject, r.title, r.urgency, r.secrecy, r.since)


def _ahead(reader: Connection, actor: Actor, today: date) -> Iterator[QueueRow]:
    """Letters of the clerk's unit on their way to a position which nobody holds and for which nobody acts, told while
    there is time to appoint somebody or to change the route."""
    turn = exists().where(turns.c.letter_id == letters.c.id, turns.c.position_id == route_steps.c.position_id)
    statement = (
        select(letters, position_periods.c.title)
        .join(route_steps, route_steps.c.letter_id == letters.c.id)
        .join(
            position_periods,
            and_(position_periods.c.position_id == route_steps.c.position_id, in_force(position_periods, today)),
        )
        .where(
            visible_letters(actor),
            letters.c.unit_id == actor.unit_id,
            letters.c.state == LetterState.SUBMITTED,
            route_steps.c.state == StepState.WAITING,
            route_steps.c.kind != StepKind.INFORM,
            route_steps.c.position_id.in_(vacant(actor.agency_id, today)),
            ~turn,
        )
        .order_by(urgency_rank(letters.c.urgency).desc(), letters.c.updated_at, letters.c.id, route_steps.c.ordinal)
        .limit(_QUEUE)
    )
    told = set[UUID]()
    for r in reader.execute(statement):
        if r.id not in told:
            told.add(r.id)
            yield QueueRow("ahead", r.id, r.number or "", r.subject, r.title, r.urgency, r.secrecy, r.updated_at)


def _own_letters(reader: Connection, actor: Actor, today: date) -> Iterator[QueueRow]:
    for one in desk.pile(reader, actor, limit=_QUEUE).items:
        yield QueueRow("desk", one.id, "", one.subject, one.unit_name, one.urgency, one.secrecy, one.since, one.asked)
    mine: dict[str, ColumnElement[bool]] = {}
    if actor.role is PositionRole.CLERK:
        yield from _stuck(reader, actor, today)
        yield from _ahead(reader, actor, today)
        mine["returned"] = visible_letters(actor) & (letters.c.state == LetterState.RETURNED)
        mine["issued"] = visible_letters(actor) & WAITS_TO_GO
    for kind, condition in mine.items():
        statement = (
            select(letters, owner_name(actor).label("unit_name"))
            .where(condition)
            .order_by(urgency_rank(letters.c.urgency).desc(), letters.c.updated_at, letters.c.id)
            .limit(_QUEUE)
        )
        for r in reader.execute(statement):
            yield QueueRow(kind, r.id, r.number or "", r.subject, r.unit_name, r.urgency, r.secrecy, r.updated_at)
