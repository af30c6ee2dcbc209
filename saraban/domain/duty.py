"""The daily duty of the keepers of the central mailbox: looked into in the morning and in the afternoon of each working
day, and what became of yesterday's letters looked at (regulation, annex 7; every time a letter was sent)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.calendar import office_time
from saraban.domain.workdays import CLOSES, NOON, WorkCalendar


class Duty(str, Enum):
    """One of the three things that a working day asks for."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    RESULTS = "results"

    @property
    def thai(self) -> str:
        """The duty in words."""
        return _THAI[self]

    @classmethod
    def half(cls, moment: datetime) -> Duty:
        """The half of the office's day in which the moment lies: before noon, or after."""
        return cls.MORNING if office_time(moment).time() < NOON else cls.AFTERNOON


_THAI = {
    Duty.MORNING: "เปิดกล่องช่วงเช้า",
    Duty.AFTERNOON: "เปิดกล่องช่วงบ่าย",
    Duty.RESULTS: "ตรวจผลการส่ง",
}


@dataclass(frozen=True)
class Results:
    """What became of the letters sent on a day, as it stood when somebody looked: how many went out, how many of them
    were answered, how many are in trouble."""

    sent: int = 0
    answered: int = 0
    trouble: int = 0


@dataclass(frozen=True)
class DutyDone:
    """That a person did a duty of a day. `day` is the day of the office on which the mailbox was opened or, for the
    results, the day whose letters were looked at. `mailbox_read_at` is when the gateway had last read the mailbox:
    opening a box that was not read proves little, and the inspector sees it."""

    agency_id: AgencyId
    day: date
    duty: Duty
    person_id: PersonId
    person_name: str
    at: datetime
    mailbox_read_at: datetime | None = None
    results: Results = Results()


def overdue(calendar: WorkCalendar, now: datetime, done: Collection[tuple[date, Duty]]) -> int:
    """For how many half-days in a row, the running one not counted, nobody looked into the mailbox; at most 4. `done`
    are the days and halves on which somebody did, over the last ten days at least."""
    here = office_time(now)
    day, halves = here.date(), []
    if calendar.is_working(day):
        if here.time() >= CLOSES:
            halves.append((day, Duty.AFTERNOON))
        if here.time() >= NOON:
            halves.append((day, Duty.MORNING))
        if (day, Duty.half(now)) in done:
            return 0
    while len(halves) < _MOST_HALVES:
        day = calendar.previous(day)
        halves += [(day, Duty.AFTERNOON), (day, Duty.MORNING)]
    missed = 0
    for half in halves[:_MOST_HALVES]:
        if half in done:
            break
        missed += 1
    return missed


_MOST_HALVES = 4
