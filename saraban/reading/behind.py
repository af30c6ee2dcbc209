"""The letters behind a figure of a board, by the rights of reading: of those that the actor may not read it is told how
many there are, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, null, or_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.board import Asked, BoardScope, Flow, Waits
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput
from saraban.domain.permissions import may_see_board, require
from saraban.domain.route import StepKind
from saraban.domain.task import Purpose
from saraban.reading import board_parts as parts
from saraban.reading import board_tasks
from saraban.reading.paging import Page, cut, moment, page_size, read_cursor, write_cursor
from saraban.reading.scope import MASKED_SUBJECT, visible_incoming, visible_letters
from saraban.storage.days import day_begins
from saraban.storage.tables.desk import turns
from saraban.storage.tables.letters import incoming, letters, route_steps
from saraban.storage.tables.organisation import in_force, position_periods
from saraban.storage.tables.tasks import tasks

TASKS = ("tasks", "tasks-late", "tasks-done")
"""Figures of tasks: in hand, late, done."""
WHATS = ("waiting", "late", "done", "flow", *TASKS)
_WEEKDAYS = 7
_HOURS = 24


@dataclass(frozen=True)
class Figure:
    """Which number of a board: what waits or is late, which steps were done, what came and went, or tasks. `kind` is
    the kind of step, what else is waited for, the flow, or the purpose of tasks (empty: all steps, all tasks); `week`
    a Monday; `weekday` and `hour` a place in the heat of the week; `part` a post of the unit or a unit of the agency,
    of tasks a person of the unit, or the unit itself for those that nobody has taken."""

    what: str
    kind: str = ""
    week: date | None = None
    weekday: int | None = None
    hour: int | None = None
    part: UUID | None = None


@dataclass(frozen=True)
class BehindRow:
    """A letter behind a figure: `received` when it came in; `at` since when it waits, or when it happened; `post` whose
    step it is, or who has the task; `due` the day of a task. The words of a classified letter are not shown in a
    list."""

    id: UUID
    received: bool
    number: str
    subject: str
    urgency: Urgency
    secrecy: Secrecy
    at: datetime
    post: str
    due: date | None = None


@dataclass(frozen=True)
class Behind:
    """The letters that the actor may read, a page of them; `total` tells the figure itself."""

    page: Page[BehindRow]
    total: int

    @property
    def hidden(self) -> int:
        """How many the actor may not read."""
        return self.total - (self.page.total or 0)


def behind(
    reader: Connection,
    actor: Actor,
    asked: Asked,
    figure: Figure,
    now: datetime,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Behind:
    """The letters of a figure, the newest first. Raises BadInput for a figure that no board has."""
    require(may_see_board(actor, asked))
    source, table, at, place, conditions = _of(reader, actor, asked, figure, now)
    seen = visible_incoming(actor) if table is incoming else visible_letters(actor)
    counted = reader.execute(
        select(func.count().label("all"), func.sum(case((seen, 1), else_=0)).label("seen"))
        .select_from(source)
        .where(*conditions)
    ).one()
    limit = page_size(limit)
    post: ColumnElement[Any] = literal("") if source is table else route_steps.c.title
    due: ColumnElement[Any] = null()
    if source is not table and at is turns.c.since:
        post = _title_of(actor)
    if figure.what in TASKS:
        post = case((tasks.c.taker_name != "", tasks.c.taker_name), else_=tasks.c.to_name)
        due = tasks.c.due
    statement = select(
        table.c.id, table.c.number, table.c.subject, table.c.urgency, table.c.secrecy,
        at.label("at"), place.label("place"), post.label("post"), due.label("due"),
    ).select_from(source).where(*conditions, seen)  # fmt: skip
    if cursor:
        last_at, last_id, last_place = read_cursor(cursor, moment, UUID, UUID)
        same = and_(at == last_at, or_(table.c.id < last_id, and_(table.c.id == last_id, place < last_place)))
        statement = statement.where(or_(at < last_at, same))
    statement = statement.order_by(at.desc(), table.c.id.desc(), place.desc())
    rows, following = cut(reader.execute(statement.limit(limit + 1)).all(), limit, _cursor)
    found = [_row(row, table is incoming) for row in rows]
    return Behind(Page(found, following, int(counted.seen or 0)), counted.all)


def _row(row: Any, received: bool) -> BehindRow:
    subject = row.subject if row.secrecy.is_open else MASKED_SUBJECT
    number, post = row.number or "", row.post or ""
    return BehindRow(row.id, received, number, subject, row.urgency, row.secrecy, row.at, post, row.due)


def _cursor(row: Any) -> str:
    return write_cursor(row.at, row.id, row.place)


def _title_of(actor: Actor) -> ColumnElement[Any]:
    return (
        select(position_periods.c.title)
        .where(
            position_periods.c.position_id == turns.c.position_id,
            in_force(position_periods, actor.on or date.max),
        )
        .limit(1)
        .scalar_subquery()
    )


def _of(
    reader: Connection, actor: Actor, asked: Asked, figure: Figure, now: datetime
) -> tuple[Any, Any, ColumnElement[datetime], ColumnElement[UUID], list[ColumnElement[bool]]]:
    """Where the rows of a figure come from: the source, the table of its letters, the moment, what tells two rows of
    one letter apart, the conditions."""
    what, kind = figure.what, figure.kind
    if what in TASKS and kind in _PURPOSES:
        ended = what == "tasks-done"
        found = [board_tasks.done(actor, asked, now) if ended else board_tasks.in_hand(actor, asked)]
        found += [board_tasks.is_late(now)] if what == "tasks-late" else []
        found += [tasks.c.purpose == Purpose(kind)] if kind else []
        found += [board_tasks.part_of(actor, asked) == figure.part] if figure.part is not None else []
        joined = tasks.join(incoming, incoming.c.id == tasks.c.incoming_id)
        return joined, incoming, tasks.c.ended_at if ended else tasks.c.given_at, tasks.c.id, found
    if what in ("waiting", "late") and kind in {each.value for each in parts.waits_of(asked)}:
        waits = Waits(kind)
        table = incoming if waits in (Waits.REGISTER, Waits.HELD) else letters
        at: Any = incoming.c.received_at if table is incoming else letters.c.updated_at
        found = [parts.of_waits(actor, asked, waits)]
        if what == "late":
            if waits is not Waits.REGISTER:
                raise _no_such()
            found.append(parts.lateness(reader, actor, asked, now)[1].of_incoming())
        return table, table, at, table.c.id, found
    if what in ("waiting", "late") and kind in _STEPS:
        found = [parts.of_turns(actor, asked), *_part(actor, asked, figure, turns)]
        found += [turns.c.kind == StepKind(kind)] if kind else []
        if what == "late":
            found.append(parts.lateness(reader, actor, asked, now)[1].of_turns())
        joined = turns.join(letters, letters.c.id == turns.c.letter_id)
        return joined, letters, turns.c.since, turns.c.position_id, found
    if what == "done" and kind in _STEPS:
        found = [parts.of_done(actor, asked, now), *_part(actor, asked, figure, route_steps)]
        found += [route_steps.c.kind == StepKind(kind)] if kind else []
    elif what == "flow" and kind in {flow.value for flow in Flow}:
        flow = Flow(kind)
        found = [parts.of_flow(actor, asked, flow, now), *_when(asked, figure, parts.moment_of(flow), now)]
        if asked.scope is BoardScope.ME and flow in (Flow.RECEIVED, Flow.CLOSED):
            raise _no_such()
        if flow is not Flow.DONE:
            table = incoming if flow in (Flow.RECEIVED, Flow.CLOSED) else letters
            return table, table, parts.moment_of(flow), table.c.id, found
    else:
        raise _no_such()
    joined = route_steps.join(letters, letters.c.id == route_steps.c.letter_id)
    return joined, letters, route_steps.c.at, route_steps.c.position_id, found


_STEPS = {"", *(kind.value for kind in parts.STEPS)}
_PURPOSES = {"", *(purpose.value for purpose in Purpose)}


def _no_such() -> BadInput:
    return BadInput({"kind": "ภาพรวมงานไม่มีตัวเลขนี้ เปิดจากหน้าภาพรวมงาน"})


def _part(actor: Actor, asked: Asked, figure: Figure, table: Any) -> list[ColumnElement[bool]]:
    if figure.part is None:
        return []
    if asked.scope is BoardScope.AGENCY:
        inner = Asked(BoardScope.UNIT, UnitId(figure.part), asked.weeks)
        return [parts.of_posts(actor, inner, table.c.position_id)]
    return [table.c.position_id == figure.part]


def _when(asked: Asked, figure: Figure, at: ColumnElement[datetime], now: datetime) -> list[ColumnElement[bool]]:
    """The week, or the same hour of every week."""
    found: list[ColumnElement[bool]] = []
    weeks = asked.weeks_until(now)
    if figure.week is not None:
        if figure.week not in weeks:
            raise _no_such()
        begin = day_begins(figure.week)
        found.append(and_(at >= begin, at < begin + timedelta(weeks=1)))
    if figure.weekday is not None and figure.hour is not None:
        if not (0 <= figure.weekday < _WEEKDAYS and 0 <= figure.hour < _HOURS):
            raise _no_such()
        hours = [day_begins(week) + timedelta(days=figure.weekday, hours=figure.hour) for week in weeks]
        found.append(or_(*(and_(at >= hour, at < hour + timedelta(hours=1)) for hour in hours)))
    return found
