"""What the figures of a board are made of: conditions over steps, turns and letters by whose work is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true, union_all

from saraban.domain.actor import Actor
from saraban.domain.board import Asked, BoardScope, Flow, Waits
from saraban.domain.calendar import BANGKOK
from saraban.domain.classification import Urgency
from saraban.domain.deadline import DueClock, Gap, gaps_between
from saraban.domain.incoming import IncomingState
from saraban.domain.letter_state import LetterState
from saraban.domain.route import StepKind, StepState
from saraban.domain.workdays import CLOSES
from saraban.reading.deadlines import due_clock
from saraban.reading.letters import WAITS_TO_GO
from saraban.storage.days import day_begins
from saraban.storage.tables.delegations import delegations
from saraban.storage.tables.desk import turns
from saraban.storage.tables.letters import incoming, letters, route_steps
from saraban.storage.tables.organisation import in_force, position_periods
from saraban.storage.tables.people import holdings, positions
from saraban.storage.tables.petitions import petitions

STEPS = tuple(kind for kind in StepKind if kind is not StepKind.INFORM)
"""The steps that somebody waits for, in their order."""
_LONGEST = 400
Cutoffs = Mapping[Urgency, datetime]


@dataclass(frozen=True)
class Lateness:
    """Since when what waits is late, by speed class; the clocks of posts that were vacant have gone slower."""

    today: date
    plain: Cutoffs
    slower: Mapping[UUID, Cutoffs]

    def of_turns(self) -> ColumnElement[bool]:
        """The condition over `turns` and `letters` that a letter waits there longer than it may."""
        own = [and_(turns.c.position_id == post, _before(turns.c.since, letters.c.urgency, cut))
               for post, cut in self.slower.items()]  # fmt: skip
        others = turns.c.position_id.not_in(list(self.slower)) if self.slower else true()
        plain = and_(others, _before(turns.c.since, letters.c.urgency, self.plain))
        return or_(plain, *own, and_(letters.c.response_due.is_not(None), letters.c.response_due < self.today))

    def of_incoming(self) -> ColumnElement[bool]:
        """The condition over `incoming` that a letter waits longer to be registered than it may; one from the public
        has until the day of its answer."""
        duty = select(petitions.c.due_on).where(petitions.c.incoming_id == incoming.c.id).correlate(incoming)
        days = duty.scalar_subquery()
        plain = and_(days.is_(None), _before(incoming.c.received_at, incoming.c.urgency, self.plain))
        return or_(plain, days < self.today)


def lateness(reader: Connection, actor: Actor, asked: Asked, now: datetime) -> tuple[DueClock, Lateness]:
    """The agency's clock, and what is late by it for the posts of a board; four statements. The clock of a post goes on
    while somebody acts for it by an order."""
    clock = due_clock(reader, actor, now)
    since = {
        row.position_id: row.since
        for row in reader.execute(
            select(turns.c.position_id, func.min(turns.c.since).label("since"))
            .where(of_turns(actor, asked))
            .group_by(turns.c.position_id)
        )
    }
    held: dict[UUID, list[tuple[date, date | None]]] = {post: [] for post in since}
    acted = delegations.c.agency_id == actor.agency_id
    kept = union_all(
        select(holdings.c.position_id, holdings.c.since, holdings.c.until)
        .join(positions, positions.c.id == holdings.c.position_id)
        .where(positions.c.agency_id == actor.agency_id, of_posts(actor, asked, holdings.c.position_id)),
        select(delegations.c.position_id, delegations.c.since, delegations.c.until).where(
            acted, delegations.c.revoked_at.is_(None), of_posts(actor, asked, delegations.c.position_id)
        ),
    )
    for row in reader.execute(kept):
        if row.position_id in held:
            held[row.position_id].append((row.since, row.until))
    slower = {}
    for post, first in since.items():
        oldest = max(first.date(), clock.today - timedelta(days=_LONGEST))
        if gaps := gaps_between(held[post], oldest, clock.today):
            slower[post] = _cutoffs(clock, gaps)
    return clock, Lateness(clock.today, _cutoffs(clock, []), slower)


def of_posts(actor: Actor, asked: Asked, position: ColumnElement[UUID]) -> ColumnElement[bool]:
    """The condition that a column names a post whose work the board shows."""
    if asked.scope is BoardScope.ME:
        return position == actor.position_id
    if asked.scope is BoardScope.AGENCY:
        return true()
    stood = position_periods.alias()
    of_unit = select(stood.c.position_id).where(stood.c.unit_id == asked.unit_id, in_force(stood, actor.on or date.max))
    return position.in_(of_unit)


def of_turns(actor: Actor, asked: Asked) -> ColumnElement[bool]:
    """The condition over `turns` that a letter waits before a post of the board."""
    mine = and_(turns.c.agency_id == actor.agency_id, turns.c.kind != StepKind.INFORM)
    return and_(mine, of_posts(actor, asked, turns.c.position_id))


def of_done(actor: Actor, asked: Asked, now: datetime) -> ColumnElement[bool]:
    """The condition over `route_steps` that somebody of the board has done a step in its weeks."""
    whose = of_posts(actor, asked, route_steps.c.position_id)
    if asked.scope is BoardScope.ME:
        whose = route_steps.c.person_id == actor.person_id
    return and_(
        route_steps.c.agency_id == actor.agency_id,
        route_steps.c.at >= begins(asked, now),
        route_steps.c.state == StepState.DONE,
        route_steps.c.kind != StepKind.INFORM,
        whose,
    )


def of_waits(actor: Actor, asked: Asked, what: Waits) -> ColumnElement[bool]:
    """The condition that a letter waits for something else than an officer: over `incoming` what is to be registered or
    looked at, over `letters` what came back or is to be sent."""
    conditions: dict[Waits, ColumnElement[bool]] = {
        Waits.REGISTER: incoming.c.state == IncomingState.NEW,
        Waits.HELD: incoming.c.state == IncomingState.HELD,
        Waits.RETURNED: letters.c.state == LetterState.RETURNED,
        Waits.GO: WAITS_TO_GO,
    }
    table = incoming if what in (Waits.REGISTER, Waits.HELD) else letters
    return and_(table.c.agency_id == actor.agency_id, conditions[what], _of_unit(actor, asked, table))


def waits_of(asked: Asked) -> tuple[Waits, ...]:
    """What else waits on a board, besides the steps of routes. Who registers is the unit, nobody in it."""
    return (Waits.RETURNED, Waits.GO) if asked.scope is BoardScope.ME else tuple(Waits)


def moment_of(flow: Flow) -> ColumnElement[Any]:
    """The column that tells when."""
    return {
        Flow.RECEIVED: incoming.c.received_at,
        Flow.DRAFTED: letters.c.created_at,
        Flow.DONE: route_steps.c.at,
        Flow.ISSUED: letters.c.issued_at,
        Flow.CLOSED: incoming.c.completed_at,
    }[flow]


def of_flow(actor: Actor, asked: Asked, flow: Flow, now: datetime) -> ColumnElement[bool]:
    """The condition over the table of a flow that it happened in the weeks of the board."""
    if flow is Flow.DONE:
        return of_done(actor, asked, now)
    table = incoming if flow in (Flow.RECEIVED, Flow.CLOSED) else letters
    since = begins(asked, now)
    return and_(table.c.agency_id == actor.agency_id, moment_of(flow) >= since, _of_unit(actor, asked, table))


def begins(asked: Asked, now: datetime) -> datetime:
    """The moment at which the weeks of a board begin."""
    return day_begins(asked.weeks_until(now)[0])


def _of_unit(actor: Actor, asked: Asked, table: Any) -> ColumnElement[bool]:
    if asked.scope is BoardScope.AGENCY:
        return true()
    if asked.scope is BoardScope.ME:
        return letters.c.drafter_id == actor.person_id
    whose: ColumnElement[bool] = table.c.unit_id == asked.unit_id
    return whose


def _before(since: ColumnElement[datetime], urgency: ColumnElement[Urgency], cut: Cutoffs) -> ColumnElement[bool]:
    return or_(*(and_(urgency == each, since < moment) for each, moment in cut.items()))


def _cutoffs(clock: DueClock, gaps: list[Gap]) -> dict[Urgency, datetime]:
    """For each class the close of the last day whose letters are late by now: what came before it is late, too."""
    return {
        urgency: datetime.combine(day, CLOSES, BANGKOK) for urgency, day in clock.late_since(gaps, _LONGEST).items()
    }
