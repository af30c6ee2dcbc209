"""Work about incoming letters: what waits for the actor, for his unit, and what became of what he gave to others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput
from saraban.domain.incoming import IncomingLetter
from saraban.domain.letter import LetterState
from saraban.domain.permissions import REGISTERS_ONLY
from saraban.domain.task import IN_HAND, Purpose, TaskState
from saraban.reading.organisation import unit_names
from saraban.reading.paging import Page, newest_first
from saraban.reading.scope import require_incoming, visible_incoming, visible_letters
from saraban.reading.unread import TASKS, unread
from saraban.storage.planning import few, of_found
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.tasks import endorsements, replies, standing_orders, tasks

WHOSE = ("mine", "unit", "given")
"""Whose tasks: the actor's own, those of his unit, those that he gave to others."""
STATES = ("open", "due", "done")
"""Tasks in hand; those of them whose day is over or comes within three days; those that ended."""
SOON = timedelta(days=3)
_SHORT_NOTE = 120
_OWN_NOTES = 6
_LAST, _LEAST = 4, 2


@dataclass(frozen=True)
class TaskRow:
    """A task with its letter. `overdue` by the day that was asked about; `unread`: the actor has not seen the letter
    since it was given."""

    id: UUID
    incoming_id: UUID
    subject: str
    number: str
    from_name: str
    register_number: int | None
    register_year: int | None
    urgency: Urgency
    secrecy: Secrecy
    purpose: Purpose
    state: TaskState
    to_name: str
    unit_name: str
    given_by: str
    given_title: str
    given_at: datetime
    due: date | None
    taker_name: str
    ended_at: datetime | None
    result: str
    overdue: bool
    unread: bool = False

    @property
    def in_hand(self) -> bool:
        """Is it still to be done?"""
        return self.state in IN_HAND


@dataclass(frozen=True)
class TaskCounts:
    """How many tasks stand open: the actor's own, those that nobody of his unit has taken, and how many of both are
    late."""

    mine: int
    unit: int
    late: int


@dataclass(frozen=True)
class Suggestion:
    """Where the last letters of a sender went: `count` of `of` to this unit."""

    unit_id: UUID
    unit_name: str
    count: int
    of: int


@dataclass(frozen=True)
class OrderRow:
    """A standing order in force."""

    id: UUID
    words: str
    sender_name: str
    form: str
    unit_name: str
    purpose: Purpose
    note: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class ReplyRow:
    """A letter of ours that answers one that came in."""

    id: UUID
    state: LetterState
    number: str
    number_date: date | None
    subject: str
    readable: bool


@dataclass(frozen=True)
class AnswerRow:
    """A letter that came in and answers one of ours; its subject and address only for who may read it."""

    id: UUID
    number: str
    number_date: date | None
    from_name: str
    subject: str
    received_at: datetime
    readable: bool


def mine(actor: Actor) -> ColumnElement[bool]:
    """The condition over `tasks` of what the actor has to do: given to him or his position and not taken by another, or
    taken by him."""
    ways = []
    if actor.person_id is not None:
        untaken = or_(tasks.c.taker_id.is_(None), tasks.c.taker_id == actor.person_id)
        ways.append(tasks.c.taker_id == actor.person_id)
        ways.append(and_(tasks.c.person_id == actor.person_id, untaken))
        if actor.position_id is not None:
            ways.append(and_(tasks.c.person_id.is_(None), tasks.c.position_id == actor.position_id, untaken))
    return or_(*ways) if ways else false()


def of_unit(actor: Actor) -> ColumnElement[bool]:
    """The condition over `tasks` of what was given to the actor's unit."""
    if not _has_unit(actor):
        return false()
    return and_(tasks.c.unit_id == actor.unit_id, tasks.c.position_id.is_(None), tasks.c.person_id.is_(None))


def waiting(actor: Actor) -> ColumnElement[bool]:
    """The condition over `tasks` of what waits for the actor: his own, and what nobody of his unit has taken."""
    return or_(*_open(actor), _came_back(actor))


def tasks_of(
    reader: Connection,
    actor: Actor,
    today: date,
    *,
    whose: str = "mine",
    state: str = "open",
    cursor: str | None = None,
    limit: int = 80,
) -> Page[TaskRow]:
    """Tasks about letters that the actor may read, those that were given last first. Raises BadInput for another word
    of WHOSE or STATES."""
    if whose not in WHOSE:
        raise BadInput({"whose": "ใช้ mine, unit หรือ given"})
    if state not in STATES:
        raise BadInput({"state": "ใช้ open, due หรือ done"})
    statement = _select(actor).where(_whose(actor, whose), _in_state(actor, state, whose, today))
    by = (tasks.c.given_at, tasks.c.id)
    return newest_first(reader, statement, by, lambda row: _row(row, today), cursor=cursor, limit=limit)


def waiting_tasks(reader: Connection, actor: Actor, today: date, *, most: int = 200) -> list[TaskRow]:
    """What waits for the actor, the oldest first."""
    statement = _select(actor).where(waiting(actor)).order_by(tasks.c.given_at, tasks.c.id).limit(most)
    return [_row(row, today) for row in reader.execute(statement)]


def counts(reader: Connection, actor: Actor, today: date) -> TaskCounts:
    """How many stand open, in one statement."""
    own, *units = _open(actor)
    late = and_(tasks.c.due < today, or_(own, *units))
    counted = [_count(actor, own), *(_count(actor, one) for one in units), _count(actor, late)]
    found = reader.execute(select(*counted)).one()
    return TaskCounts(found[0], found[1] if units else 0, found[-1])


def count_waiting(actor: Actor) -> Any:
    """What waits for the actor, counted as a subquery."""
    return _count(actor, waiting(actor))


def own_notes(reader: Connection, actor: Actor) -> list[str]:
    """What the actor writes most often when he endorses, to be written again with one press."""
    if actor.person_id is None:
        return []
    last = (
        select(endorsements.c.note)
        .where(
            endorsements.c.agency_id == actor.agency_id,
            endorsements.c.person_id == actor.person_id,
            endorsements.c.note != "",
            endorsements.c.under == "",
            func.length(endorsements.c.note) <= _SHORT_NOTE,
        )
        .order_by(endorsements.c.at.desc())
        .limit(200)
        .subquery()
    )
    often = select(last.c.note).group_by(last.c.note).order_by(func.count().desc(), last.c.note).limit(_OWN_NOTES)
    return list(reader.execute(often).scalars())


def suggestion(reader: Connection, actor: Actor, letter: IncomingLetter) -> Suggestion | None:
    """Where a letter of this sender goes most often; None for a classified one, for a sender whose letters went nowhere
    yet, and where they go now here, now there."""
    if not letter.secrecy.is_open or not (letter.from_code or letter.from_mailbox):
        return None
    same = (
        incoming.c.from_code == letter.from_code
        if letter.from_code
        else and_(incoming.c.from_code == "", incoming.c.from_mailbox == letter.from_mailbox)
    )
    statement = (
        select(tasks.c.unit_id, tasks.c.unit_name)
        .join(incoming, incoming.c.id == tasks.c.incoming_id)
        .where(
            incoming.c.agency_id == actor.agency_id,
            same,
            incoming.c.id != letter.id,
            tasks.c.parent_id.is_(None),
            tasks.c.position_id.is_(None),
            tasks.c.person_id.is_(None),
            tasks.c.purpose == Purpose.ACTION,
            tasks.c.state != TaskState.TAKEN_BACK,
            tasks.c.state != TaskState.RETURNED,
        )
        .order_by(tasks.c.given_at.desc(), tasks.c.id)
        .limit(_LAST)
    )
    last = reader.execute(statement).all()
    if len(last) < _LEAST:
        return None
    (unit_id, count), *_ = Counter(row.unit_id for row in last).most_common(1)
    if count * 2 <= len(last):
        return None
    return Suggestion(unit_id, next(row.unit_name for row in last if row.unit_id == unit_id), count, len(last))


def orders(reader: Connection, actor: Actor, today: date) -> list[OrderRow]:
    """The standing orders of the agency in force, the oldest first, with their units as they are called today."""
    statement = (
        select(standing_orders)
        .where(standing_orders.c.agency_id == actor.agency_id, standing_orders.c.active)
        .order_by(standing_orders.c.changed_at, standing_orders.c.id)
    )
    named = unit_names(reader, actor.agency_id)
    return [
        OrderRow(
            id=r.id,
            words=r.words,
            sender_name=r.sender_name,
            form=r.form,
            unit_name=named.on(r.unit_id, today),
            purpose=r.purpose,
            note=r.note,
            changed_by=r.changed_by,
            changed_at=r.changed_at,
        )
        for r in reader.execute(statement)
    ]


def replies_to(reader: Connection, actor: Actor, incoming_id: UUID) -> list[ReplyRow]:
    """The letters that answer this one, begun or sent; what the actor may not read is told without its subject.
    Withdrawn drafts are left out. NotFound when the actor may not read the letter itself."""
    require_incoming(reader, actor, incoming_id)
    statement = (
        select(letters, visible_letters(actor).label("readable"))
        .join(replies, replies.c.letter_id == letters.c.id)
        .where(replies.c.incoming_id == incoming_id, letters.c.state != LetterState.WITHDRAWN)
        .order_by(letters.c.created_at)
    )
    return [
        ReplyRow(r.id, r.state, r.number or "", r.number_date, r.subject if r.readable else "", bool(r.readable))
        for r in reader.execute(statement)
    ]


def answers_to(reader: Connection, actor: Actor, letter_id: UUID) -> list[AnswerRow]:
    """The letters that came in and answer this outgoing one; whether that one may be read is asked by the caller."""
    statement = (
        select(incoming, visible_incoming(actor).label("readable"))
        .where(incoming.c.answers == letter_id, incoming.c.agency_id == actor.agency_id)
        .order_by(incoming.c.received_at)
    )
    return [
        AnswerRow(
            r.id, r.number, r.number_date, r.from_name, r.subject if r.readable else "", r.received_at, bool(r.readable)
        )
        for r in reader.execute(statement)
        if r.readable or r.secrecy is Secrecy.OPEN
    ]


def answered(reader: Connection, actor: Actor, letter_id: UUID) -> UUID | None:
    """The letter that came in and that this outgoing one answers, as far as the actor may read it."""
    found: UUID | None = reader.execute(
        select(incoming.c.id)
        .join(replies, replies.c.incoming_id == incoming.c.id)
        .where(replies.c.letter_id == letter_id, visible_incoming(actor))
    ).scalar()
    return found


def _has_unit(actor: Actor) -> bool:
    return actor.unit_id is not None and actor.role not in REGISTERS_ONLY


def _open(actor: Actor) -> list[ColumnElement[bool]]:
    """The actor's own in hand, then, when he has a unit, what nobody of it has taken. (Not `false`, for which SQLite
    would read all tasks where it stands beside others.)"""
    ways = [and_(mine(actor), few(tasks.c.state.in_(IN_HAND)))]
    if _has_unit(actor):
        ways.append(and_(of_unit(actor), few(tasks.c.state == TaskState.OPEN)))
    return ways


def _came_back(actor: Actor) -> ColumnElement[bool]:
    """What the actor gave and got back, and has not given to others."""
    if actor.person_id is None:
        return false()
    unheard = and_(few(tasks.c.state == TaskState.RETURNED), tasks.c.heard.is_(False))
    return and_(unheard, tasks.c.giver_id == actor.person_id, incoming.c.completed_at.is_(None))


def _whose(actor: Actor, whose: str) -> ColumnElement[bool]:
    if whose == "mine":
        return mine(actor)
    if whose == "unit":
        return of_unit(actor)
    return false() if actor.person_id is None else tasks.c.giver_id == actor.person_id


def _in_state(actor: Actor, state: str, whose: str, today: date) -> ColumnElement[bool]:
    if state == "done":
        return tasks.c.state.in_((TaskState.DONE, TaskState.HANDED_OVER, TaskState.RETURNED, TaskState.TAKEN_BACK))
    in_hand: ColumnElement[bool] = few(tasks.c.state.in_(IN_HAND))
    if state == "due":
        return and_(in_hand, tasks.c.due <= today + SOON)
    return or_(and_(_whose(actor, whose), in_hand), _came_back(actor)) if whose == "given" else in_hand


def _count(actor: Actor, condition: ColumnElement[bool]) -> Any:
    joined = tasks.join(incoming, incoming.c.id == tasks.c.incoming_id)
    counted = select(func.count(tasks.c.id)).select_from(joined)
    return counted.where(condition, of_found(visible_incoming(actor))).scalar_subquery()


def _select(actor: Actor) -> Select[Any]:
    letter = ("subject", "number", "from_name", "register_number", "register_year", "urgency", "secrecy")
    new = unread(actor, TASKS, tasks.c.incoming_id, tasks.c.given_at)
    return (
        select(tasks, *(incoming.c[name] for name in letter), new.label("unread"))
        .join(incoming, incoming.c.id == tasks.c.incoming_id)
        .where(of_found(and_(tasks.c.agency_id == actor.agency_id, visible_incoming(actor))))
    )


def _row(row: Any, today: date) -> TaskRow:
    return TaskRow(
        id=row.id,
        incoming_id=row.incoming_id,
        subject=row.subject,
        number=row.number,
        from_name=row.from_name,
        register_number=row.register_number,
        register_year=row.register_year,
        urgency=row.urgency,
        secrecy=row.secrecy,
        purpose=row.purpose,
        state=row.state,
        to_name=row.to_name,
        unit_name=row.unit_name,
        given_by=row.given_by,
        given_title=row.given_title,
        given_at=row.given_at,
        due=row.due,
        taker_name=row.taker_name,
        ended_at=row.ended_at,
        result=row.result,
        overdue=row.due is not None and row.due < today and row.state in IN_HAND,
        unread=row.unread,
    )
