"""The clock of an agency's deadlines, since when letters wait before their officers, and when posts were vacant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, select, union_all

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions
from saraban.domain.calendar import office_date
from saraban.domain.deadline import DeadlineRules, DueClock, Gap, gaps_between
from saraban.domain.route import StepKind
from saraban.domain.workdays import WorkCalendar
from saraban.reading.duty import changed_days
from saraban.storage.tables.delegations import delegations
from saraban.storage.tables.desk import turns
from saraban.storage.tables.people import agencies, holdings


@dataclass(frozen=True)
class Waiting:
    """A position before which a letter lies, since when."""

    position_id: UUID
    since: datetime


def due_clock(reader: Connection, actor: Actor, now: datetime) -> DueClock:
    """The agency's clock as it stands today, in two statements."""
    kept = reader.execute(select(agencies.c.options).where(agencies.c.id == actor.agency_id)).scalar_one()
    rules = DeadlineRules.of(AgencyOptions(**kept))
    return DueClock(office_date(now), rules, WorkCalendar.of(changed_days(reader, actor)))


def vacancies(reader: Connection, position_id: UUID, since: date, until: date) -> list[Gap]:
    """The days on which nobody held a position or acted for it by an order."""
    held = union_all(
        select(holdings.c.since, holdings.c.until).where(holdings.c.position_id == position_id),
        select(delegations.c.since, delegations.c.until).where(
            delegations.c.position_id == position_id, delegations.c.revoked_at.is_(None)
        ),
    )
    return gaps_between(((row.since, row.until) for row in reader.execute(held)), since, until)


def waiting(reader: Connection, actor: Actor, letter_id: UUID) -> Sequence[Waiting]:
    """Before whom a letter of the agency lies now."""
    statement = select(turns.c.position_id, turns.c.since).where(
        turns.c.letter_id == letter_id, turns.c.agency_id == actor.agency_id, turns.c.kind != StepKind.INFORM
    )
    return [Waiting(row.position_id, row.since) for row in reader.execute(statement)]
