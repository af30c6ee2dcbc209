"""The daily duty as screens show it: today, a month of it for the inspector, and the agency's working days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date, office_time
from saraban.domain.duty import Duty, overdue
from saraban.domain.workdays import CLOSES, NOON, DayChange, WorkCalendar
from saraban.storage.tables.duty import day_changes, duties

_LOOKED_BACK = timedelta(days=21)


@dataclass(frozen=True)
class DoneRow:
    """That somebody did a duty: who, when, when the mailbox had been read before, and the results as they stood."""

    duty: Duty
    person_name: str
    at: datetime
    mailbox_read_at: datetime | None
    sent: int
    answered: int
    trouble: int


@dataclass(frozen=True)
class DayRow:
    """A day of the month: whether it is worked, its holiday's name, and what was done of each duty. `due` are the
    duties that the day asks for and nobody did, once their time is over."""

    day: date
    working: bool
    holiday: str
    done: dict[Duty, list[DoneRow]]
    due: tuple[Duty, ...]


@dataclass(frozen=True)
class Month:
    """A month of the duty: its days, and over its working days so far how many duties were asked for and done. `began`
    is the day on which the duty was first kept."""

    days: list[DayRow]
    asked: int
    done: int
    began: date | None


def work_calendar(reader: Connection, actor: Actor) -> WorkCalendar:
    """The agency's working days."""
    return WorkCalendar.of(changed_days(reader, actor))


def changed_days(reader: Connection, actor: Actor) -> list[DayChange]:
    """What the agency itself said about days, in their order."""
    rows = reader.execute(
        select(day_changes).where(day_changes.c.agency_id == actor.agency_id).order_by(day_changes.c.day)
    )
    return [DayChange(r.agency_id, r.day, r.off, r.title, r.source) for r in rows]


def has_opened(reader: Connection, actor: Actor, now: datetime) -> bool:
    """Did the actor look into the mailbox in this half of the day before?"""
    found = reader.execute(
        select(duties.c.at).where(
            duties.c.agency_id == actor.agency_id,
            duties.c.day == office_date(now),
            duties.c.duty == Duty.half(now),
            duties.c.person_id == actor.person_id,
        )
    ).first()
    return found is not None


def missed_halves(reader: Connection, actor: Actor, now: datetime) -> int:
    """For how many half-days in a row nobody looked into the mailbox; 0 before the first time that anybody did."""
    today = office_date(now)
    if _began(reader, actor) is None:
        return 0
    rows = reader.execute(
        select(duties.c.day, duties.c.duty)
        .where(duties.c.agency_id == actor.agency_id, duties.c.day >= today - _LOOKED_BACK)
        .distinct()
    )
    return overdue(work_calendar(reader, actor), now, {(r.day, r.duty) for r in rows})


def month(reader: Connection, actor: Actor, year: int, number: int, now: datetime) -> Month:
    """The month (CE year, 1 to 12) day by day. Days before the duty was first kept are asked for nothing."""
    first = date(year, number, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    calendar = work_calendar(reader, actor)
    began = _began(reader, actor)
    done = _done(reader, actor, first, last)
    days = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        worked = calendar.is_working(day)
        asked = _asked(calendar, day, now, began) if worked else ()
        of_day = done.get(day, {})
        due = tuple(duty for duty in asked if duty not in of_day)
        days.append(DayRow(day, worked, calendar.holiday(day), of_day, due))
    kept = sum(len(row.done) for row in days if row.working)
    first_kept = office_date(began) if began is not None else None
    return Month(days, kept + sum(len(row.due) for row in days), kept, first_kept)


def _began(reader: Connection, actor: Actor) -> datetime | None:
    """When the duty was first kept: nothing is asked for before."""
    first: datetime | None = reader.execute(
        select(func.min(duties.c.at)).where(duties.c.agency_id == actor.agency_id)
    ).scalar()
    return first


def _asked(calendar: WorkCalendar, day: date, now: datetime, began: datetime | None) -> Sequence[Duty]:
    """What a working day asks for whose time is over: a half-day when it has passed, its results when the working day
    after it has."""
    here = office_time(now)
    if began is None or not office_date(began) <= day <= here.date():
        return ()
    first = day == office_date(began)
    over = {
        Duty.MORNING: day < here.date() or here.time() >= NOON,
        Duty.AFTERNOON: day < here.date() or here.time() >= CLOSES,
        Duty.RESULTS: calendar.next(day) < here.date(),
    }
    return [
        duty for duty in Duty if over[duty] and not (first and duty is Duty.MORNING and Duty.half(began) is not duty)
    ]


def _done(reader: Connection, actor: Actor, first: date, last: date) -> dict[date, dict[Duty, list[DoneRow]]]:
    rows = reader.execute(
        select(duties)
        .where(duties.c.agency_id == actor.agency_id, duties.c.day >= first, duties.c.day <= last)
        .order_by(duties.c.day, duties.c.at)
    )
    found: dict[date, dict[Duty, list[DoneRow]]] = {}
    for r in rows:
        one = DoneRow(r.duty, r.person_name, r.at, r.mailbox_read_at, r.sent, r.answered, r.trouble)
        found.setdefault(r.day, {}).setdefault(r.duty, []).append(one)
    return found
