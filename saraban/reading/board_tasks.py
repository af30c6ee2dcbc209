"""What boards tell of tasks about incoming letters: what is in hand and late, what was done, and how long it took."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal_column, select

from saraban.domain.actor import Actor
from saraban.domain.board import Asked, BoardScope, OfficeHours, middle
from saraban.domain.calendar import office_date
from saraban.domain.task import Purpose, TaskState
from saraban.reading.board_parts import begins
from saraban.reading.organisation import UnitNames
from saraban.reading.tasks import mine
from saraban.storage.tables.organisation import in_force
from saraban.storage.tables.people import holdings, people
from saraban.storage.tables.tasks import tasks

SAMPLE = 2_000
"""The median of a purpose is that of so many of the tasks that were done last."""


@dataclass(frozen=True)
class TaskFigures:
    """Of the tasks for one purpose: how many are in hand, how many of them late and since when the oldest was given,
    how many were done, and the median of how long they took, in minutes of office hours."""

    purpose: Purpose
    waiting: int
    late: int
    since: datetime | None
    done: int
    minutes: int | None


@dataclass(frozen=True)
class TaskPart:
    """The tasks of a person of a unit (the unit itself: those that nobody has taken), or of a unit of the agency."""

    id: UUID
    name: str
    untaken: bool
    waiting: int
    late: int
    done: int
    minutes: int | None


@dataclass(frozen=True)
class TaskBoard:
    """The tasks of a board, by purpose and by whose they are."""

    purposes: list[TaskFigures]
    parts: list[TaskPart]

    @property
    def waiting(self) -> int:
        """How many are in hand."""
        return sum(row.waiting for row in self.purposes)

    @property
    def late(self) -> int:
        """How many of them are late."""
        return sum(row.late for row in self.purposes)


def of_tasks(actor: Actor, asked: Asked) -> ColumnElement[bool]:
    """The condition over `tasks` that they are those of the board."""
    whose: dict[BoardScope, ColumnElement[bool]] = {
        BoardScope.ME: mine(actor),
        BoardScope.UNIT: tasks.c.unit_id == asked.unit_id,
    }
    own = tasks.c.agency_id == actor.agency_id
    return and_(own, whose[asked.scope]) if asked.scope in whose else own


def in_hand(actor: Actor, asked: Asked) -> ColumnElement[bool]:
    """The condition over `tasks` that somebody of the board still has to do it, in the words of its index."""
    return and_(of_tasks(actor, asked), tasks.c.state.in_([literal_column("'open'"), literal_column("'taken'")]))


def is_late(now: datetime) -> ColumnElement[bool]:
    """The condition over tasks in hand that their day is over."""
    return and_(tasks.c.due.is_not(None), tasks.c.due < office_date(now))


def done(actor: Actor, asked: Asked, now: datetime) -> ColumnElement[bool]:
    """The condition over `tasks` that somebody of the board has done it in the board's weeks."""
    return and_(of_tasks(actor, asked), tasks.c.ended_at >= begins(asked, now), tasks.c.state == TaskState.DONE)


def part_of(actor: Actor, asked: Asked) -> ColumnElement[UUID]:
    """Whose a task is: for an agency its unit's, for a unit the person's who took it or to whom or to whose post it
    was given, else the unit's own."""
    if asked.scope is not BoardScope.UNIT:
        return tasks.c.unit_id
    holder = (
        select(holdings.c.person_id)
        .where(holdings.c.position_id == tasks.c.position_id, in_force(holdings, actor.on or date.max))
        .order_by(holdings.c.since.desc(), holdings.c.person_id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(tasks.c.taker_id, tasks.c.person_id, holder, tasks.c.unit_id, type_=tasks.c.unit_id.type)


def task_board(
    reader: Connection, actor: Actor, asked: Asked, now: datetime, *, office: OfficeHours, named: UnitNames
) -> TaskBoard:
    """The figures, in four statements; a person's board has no parts."""
    part = part_of(actor, asked) if asked.scope is not BoardScope.ME else literal_column("NULL", tasks.c.unit_id.type)
    key = part.label("part")
    waits = _grouped(
        reader,
        in_hand(actor, asked),
        key,
        func.sum(case((is_late(now), 1), else_=0)).label("late"),
        func.min(tasks.c.given_at).label("since"),
    )
    ended = _grouped(reader, done(actor, asked, now), key)
    took = _took(reader, done(actor, asked, now), key, office)
    purposes = []
    for purpose in Purpose:
        own = [row for row in waits if row.purpose is purpose]
        purposes.append(
            TaskFigures(
                purpose,
                sum(row.number for row in own),
                sum(row.late for row in own),
                min((row.since for row in own), default=None),
                sum(row.number for row in ended if row.purpose is purpose),
                middle([minutes for one, _, minutes in took if one is purpose]),
            )
        )
    return TaskBoard(purposes, _parts(reader, actor, asked, named, waits, ended, took))


_Took = list[tuple[Purpose, UUID | None, int]]


def _grouped(reader: Connection, condition: ColumnElement[bool], key: Any, *more: Any) -> list[Any]:
    """How many of each purpose and part; by its name, because to PostgreSQL the same words with parameters of their own
    are two expressions."""
    counted = select(tasks.c.purpose, key, func.count().label("number"), *more).where(condition)
    return list(reader.execute(counted.group_by(tasks.c.purpose, "part")))


def _took(reader: Connection, condition: ColumnElement[bool], key: Any, office: OfficeHours) -> _Took:
    """How long each of the tasks took that were done last."""
    statement = (
        select(tasks.c.purpose, key, tasks.c.given_at, tasks.c.ended_at)
        .where(condition)
        .order_by(tasks.c.ended_at.desc())
        .limit(SAMPLE)
    )
    return [(row.purpose, row.part, office.minutes(row.given_at, row.ended_at)) for row in reader.execute(statement)]


def _parts(
    reader: Connection,
    actor: Actor,
    asked: Asked,
    named: UnitNames,
    waits: list[Any],
    ended: list[Any],
    took: _Took,
) -> list[TaskPart]:
    keys = {row.part for row in (*waits, *ended) if row.part is not None}
    names = {
        row.id: row.name
        for row in reader.execute(
            select(people.c.id, people.c.name).where(people.c.agency_id == actor.agency_id, people.c.id.in_(keys))
        )
    }
    minutes = defaultdict(list)
    for _, key, one in took:
        minutes[key].append(one)
    untaken = {key for key in keys if asked.scope is BoardScope.UNIT and key == asked.unit_id}
    found = [
        TaskPart(
            key,
            names.get(key) or named.on(key, actor.on),
            key in untaken,
            sum(row.number for row in waits if row.part == key),
            sum(row.late for row in waits if row.part == key),
            sum(row.number for row in ended if row.part == key),
            middle(minutes[key]),
        )
        for key in keys
    ]
    return sorted(found, key=lambda one: (not one.untaken, -one.late, -one.waiting, one.name, one.id))
