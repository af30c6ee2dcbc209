"""Boards: what waits and is late, how long steps take, what came and went by week and by the hours of the week; tasks
are told in `board_tasks`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, case, func, select

from saraban.domain.actor import Actor
from saraban.domain.board import Asked, BoardScope, Flow, OfficeHours, Waits, middle
from saraban.domain.calendar import office_time
from saraban.domain.errors import NotFound
from saraban.domain.permissions import may_see_board, require
from saraban.domain.route import StepKind
from saraban.reading import board_parts as parts
from saraban.reading.board_tasks import TaskBoard, task_board
from saraban.reading.organisation import UnitNames, unit_names
from saraban.storage.days import whole_hour
from saraban.storage.tables.desk import turns
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import incoming, letters, route_steps
from saraban.storage.tables.organisation import in_force, position_periods
from saraban.storage.tables.people import holdings, people, positions

SAMPLE = 2_000
"""The median of a step is that of so many of the steps that were done last."""
_TREND = {BoardScope.ME: (Flow.DRAFTED, Flow.DONE, Flow.ISSUED)}
_HEAT = {BoardScope.ME: (Flow.DONE,)}


@dataclass(frozen=True)
class WaitingRow:
    """How many wait for one thing; `late` is None where nothing has a deadline, `since` when the oldest came."""

    code: str
    thai: str
    count: int
    late: int | None
    since: datetime | None


@dataclass(frozen=True)
class StepRow:
    """How many steps of a kind were done, and the median of how long they took, in minutes of office hours."""

    kind: StepKind
    done: int
    minutes: int | None


@dataclass(frozen=True)
class PartRow:
    """A post of a unit with who holds it, or a unit of the agency."""

    id: UUID
    name: str
    holder: str
    waiting: int
    late: int
    done: int


@dataclass(frozen=True)
class Board:
    """The figures of a board. `trend` has a number for each flow in each week, `heat` for each hour (0 to 23) of each
    weekday (Monday is 0)."""

    asked: Asked
    unit_name: str
    weeks: list[date]
    waiting: list[WaitingRow]
    steps: list[StepRow]
    parts: list[PartRow]
    trend: dict[Flow, list[int]]
    heat: dict[Flow, list[list[int]]]
    tasks: TaskBoard

    @property
    def count(self) -> int:
        """How many wait in all."""
        return sum(row.count for row in self.waiting)

    @property
    def late(self) -> int:
        """How many of them are late."""
        return sum(row.late or 0 for row in self.waiting)

    @property
    def done(self) -> int:
        """How many steps were done."""
        return sum(row.done for row in self.steps)

    @property
    def hours(self) -> range:
        """The hours that are worth showing: those of the office, and others in which something happened."""
        busy = [hour for table in self.heat.values() for day in table for hour, number in enumerate(day) if number]
        return range(min([8, *busy]), max([16, *busy]) + 1)


def board(reader: Connection, actor: Actor, asked: Asked, now: datetime) -> Board:
    """The figures, in a fixed number of statements. Raises NotPermitted with its reason, NotFound for a unit that the
    agency does not have."""
    require(may_see_board(actor, asked))
    named = unit_names(reader, actor.agency_id)
    if asked.scope is BoardScope.UNIT and not named.code(asked.unit_id):
        raise NotFound
    clock, late = parts.lateness(reader, actor, asked, now)
    before = _turns(reader, actor, asked, late)
    done = _done(reader, actor, asked, now)
    office = OfficeHours(clock.calendar)
    medians = _medians(reader, actor, asked, now, office)
    weeks = asked.weeks_until(now)
    trend = _TREND.get(asked.scope, (Flow.RECEIVED, Flow.ISSUED, Flow.CLOSED))
    heat = _HEAT.get(asked.scope, (Flow.RECEIVED, Flow.DONE))
    hours = {flow: _hours(reader, actor, asked, flow, now) for flow in dict.fromkeys((*trend, *heat))}
    return Board(
        asked=asked,
        unit_name=named.on(asked.unit_id, actor.on),
        weeks=weeks,
        waiting=[*_waiting_steps(before), *_waiting_else(reader, actor, asked, late)],
        steps=[StepRow(kind, sum(n for _, k, n in done if k is kind), medians.get(kind)) for kind in parts.STEPS],
        parts=_parts(reader, actor, asked, named, before, done),
        trend={flow: _by_week(weeks, hours[flow]) for flow in trend},
        heat={flow: _by_hour(hours[flow]) for flow in heat},
        tasks=task_board(reader, actor, asked, now, office=office, named=named),
    )


def units_to_see(reader: Connection, actor: Actor) -> list[tuple[UUID, str]]:
    """The agency's units of the actor's day, by name."""
    named = unit_names(reader, actor.agency_id)
    return [(unit_id, named.on(unit_id, actor.on)) for unit_id in dict.fromkeys(row.id for row in named.rows)]


def _turns(reader: Connection, actor: Actor, asked: Asked, late: parts.Lateness) -> Sequence[Any]:
    counted = func.sum(case((late.of_turns(), 1), else_=0))
    return reader.execute(
        select(
            turns.c.position_id,
            turns.c.kind,
            func.count().label("number"),
            counted.label("late"),
            func.min(turns.c.since).label("since"),
        )
        .join(letters, letters.c.id == turns.c.letter_id)
        .where(parts.of_turns(actor, asked))
        .group_by(turns.c.position_id, turns.c.kind)
    ).all()


def _waiting_steps(rows: Sequence[Any]) -> list[WaitingRow]:
    found = []
    for kind in parts.STEPS:
        own = [row for row in rows if row.kind is kind]
        since = min((row.since for row in own), default=None)
        number, late = sum(row.number for row in own), sum(row.late for row in own)
        found.append(WaitingRow(kind.value, f"รอ{kind.thai}", number, late, since))
    return found


def _waiting_else(reader: Connection, actor: Actor, asked: Asked, late: parts.Lateness) -> list[WaitingRow]:
    found = []
    for what in parts.waits_of(asked):
        table, at = (letters, letters.c.updated_at)
        is_late = None
        if what in (Waits.REGISTER, Waits.HELD):
            table, at = incoming, incoming.c.received_at
        if what is Waits.REGISTER:
            is_late = func.sum(case((late.of_incoming(), 1), else_=0)).label("late")
        columns = [func.count().label("number"), func.min(at).label("since"), *([] if is_late is None else [is_late])]
        row = reader.execute(select(*columns).select_from(table).where(parts.of_waits(actor, asked, what))).one()
        told = None if is_late is None else int(row.late or 0)
        found.append(WaitingRow(what.value, what.thai, row.number, told, row.since))
    return found


def _done(reader: Connection, actor: Actor, asked: Asked, now: datetime) -> list[tuple[UUID, StepKind, int]]:
    rows = reader.execute(
        select(route_steps.c.position_id, route_steps.c.kind, func.count().label("number"))
        .where(parts.of_done(actor, asked, now))
        .group_by(route_steps.c.position_id, route_steps.c.kind)
    )
    return [(row.position_id, row.kind, row.number) for row in rows]


def _medians(
    reader: Connection, actor: Actor, asked: Asked, now: datetime, office: OfficeHours
) -> dict[StepKind, int | None]:
    """A step begins when the stage before it was done; the first, when the letter was submitted."""
    before = route_steps.alias()
    earlier = (
        select(func.max(before.c.at))
        .where(
            before.c.letter_id == route_steps.c.letter_id,
            before.c.stage < route_steps.c.stage,
            before.c.kind != StepKind.INFORM,
            before.c.at <= route_steps.c.at,
        )
        .scalar_subquery()
    )
    submitted = (
        select(func.max(journal.c.at))
        .where(
            journal.c.agency_id == actor.agency_id,
            journal.c.subject == route_steps.c.letter_id,
            journal.c.name == "letter.submitted",
            journal.c.at <= route_steps.c.at,
        )
        .scalar_subquery()
    )
    begun = func.coalesce(earlier, submitted, type_=route_steps.c.at.type)
    rows = reader.execute(
        select(route_steps.c.kind, route_steps.c.at, begun.label("begun"))
        .where(parts.of_done(actor, asked, now))
        .order_by(route_steps.c.at.desc())
        .limit(SAMPLE)
    )
    took: dict[StepKind, list[int]] = defaultdict(list)
    for row in rows:
        if row.begun is not None:
            took[row.kind].append(office.minutes(row.begun, row.at))
    return {kind: middle(minutes) for kind, minutes in took.items()}


def _hours(
    reader: Connection, actor: Actor, asked: Asked, flow: Flow, now: datetime
) -> list[tuple[date, int, int]]:  # fmt: skip
    """How many in each hour: the day, the hour, the number."""
    hour = whole_hour(parts.moment_of(flow)).label("hour")
    rows = reader.execute(
        select(hour, func.count().label("number")).where(parts.of_flow(actor, asked, flow, now)).group_by(hour)
    )
    return [((here := office_time(row.hour)).date(), here.hour, row.number) for row in rows]


def _by_week(weeks: list[date], hours: Iterable[tuple[date, int, int]]) -> list[int]:
    numbers = dict.fromkeys(weeks, 0)
    for day, _, number in hours:
        monday = day - timedelta(days=day.weekday())
        if monday in numbers:
            numbers[monday] += number
    return list(numbers.values())


def _by_hour(hours: Iterable[tuple[date, int, int]]) -> list[list[int]]:
    table = [[0] * 24 for _ in range(7)]
    for day, hour, number in hours:
        table[day.weekday()][hour] += number
    return table


def _parts(
    reader: Connection,
    actor: Actor,
    asked: Asked,
    named: UnitNames,
    before: Sequence[Any],
    done: Sequence[tuple[UUID, StepKind, int]],
) -> list[PartRow]:
    """The posts of a unit, or the units of an agency; nothing for a person."""
    if asked.scope is BoardScope.ME:
        return []
    day = actor.on or date.max
    held = and_(holdings.c.position_id == positions.c.id, in_force(holdings, day))
    posts = reader.execute(
        select(positions.c.id, position_periods.c.title, position_periods.c.unit_id, people.c.name)
        .join(position_periods, and_(position_periods.c.position_id == positions.c.id, in_force(position_periods, day)))
        .outerjoin(holdings, held)
        .outerjoin(people, people.c.id == holdings.c.person_id)
        .where(positions.c.agency_id == actor.agency_id, parts.of_posts(actor, asked, positions.c.id))
        .order_by(positions.c.code, position_periods.c.title, positions.c.id)
    ).all()
    whole = asked.scope is BoardScope.AGENCY
    figures: dict[UUID, list[int]] = {}
    names: dict[UUID, tuple[str, str]] = {}
    of_post: dict[UUID, UUID] = {}
    for post in posts:
        key = of_post[post.id] = post.unit_id if whole else post.id
        figures.setdefault(key, [0, 0, 0])
        names.setdefault(key, (named.on(key, actor.on), "") if whole else (post.title, post.name or ""))
    for row in before:
        if (key := of_post.get(row.position_id)) is not None:
            figures[key][0] += row.number
            figures[key][1] += row.late
    for position_id, _, number in done:
        if (key := of_post.get(position_id)) is not None:
            figures[key][2] += number
    return [PartRow(key, *names[key], *numbers) for key, numbers in figures.items() if any(numbers) or whole]
