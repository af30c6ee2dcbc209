"""Boards: what waits, how long steps take and what came and went, of a person, a unit or the whole agency.

How long is told in the hours of the office (8:30 to 12:00 and 13:00 to 16:30 on working days), so that a weekend makes
nobody slow. A person's figures are that person's and the director's; whole agencies are compared by unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from statistics import median

from saraban.domain.agency import UnitId
from saraban.domain.calendar import BANGKOK, office_date, office_time
from saraban.domain.workdays import CLOSES, NOON, OPENS, WorkCalendar

PERIODS = (4, 12, 26)
"""For how many weeks a board is drawn, the present one included."""
OFFICE_DAY = 420
"""The minutes of a working day."""
_HALVES = ((OPENS, NOON), (time(13, 0), CLOSES))


class BoardScope(str, Enum):
    """Whose work a board shows."""

    ME = "me"
    UNIT = "unit"
    AGENCY = "agency"

    @property
    def thai(self) -> str:
        """The scope in words."""
        return {"me": "ของฉัน", "unit": "หน่วยงาน", "agency": "ส่วนราชการ"}[self.value]


class Flow(str, Enum):
    """What comes and goes: letters that arrived, were drafted, numbered or closed, and steps that were done."""

    RECEIVED = "received"
    DRAFTED = "drafted"
    DONE = "done"
    ISSUED = "issued"
    CLOSED = "closed"

    @property
    def thai(self) -> str:
        """The flow in words."""
        return {
            "received": "มาถึง",
            "drafted": "เริ่มร่าง",
            "done": "พิจารณาเสร็จ",
            "issued": "ลงนามออกเลข",
            "closed": "เสร็จเรื่อง",
        }[self.value]


class Waits(str, Enum):
    """What a letter waits for where no officer's step is asked."""

    REGISTER = "register"
    HELD = "held"
    RETURNED = "returned"
    GO = "go"

    @property
    def thai(self) -> str:
        """What is waited for, in words."""
        return {"register": "รอลงรับ", "held": "ต้องตรวจด้วยคน", "returned": "ส่งคืนให้แก้", "go": "รอส่งออก"}[self.value]


@dataclass(frozen=True)
class Asked:
    """Which board: whose, of which unit, over how many weeks."""

    scope: BoardScope
    unit_id: UnitId | None = None
    weeks: int = 12

    def weeks_until(self, now: datetime) -> list[date]:
        """The Mondays of its weeks, the oldest first."""
        today = office_date(now)
        monday = today - timedelta(days=today.weekday())
        return [monday - timedelta(weeks=n) for n in reversed(range(self.weeks))]


def office_minutes(calendar: WorkCalendar, since: datetime, until: datetime) -> int:
    """How many minutes of office hours lie between two moments."""
    begin, end = office_time(since), office_time(until)
    found = timedelta()
    for n in range((end.date() - begin.date()).days + 1):
        day = begin.date() + timedelta(days=n)
        if not calendar.is_working(day):
            continue
        for opens, closes in _HALVES:
            first = max(begin, datetime.combine(day, opens, BANGKOK))
            last = min(end, datetime.combine(day, closes, BANGKOK))
            found += max(last - first, timedelta())
    return int(found.total_seconds() // 60)


def middle(minutes: list[int]) -> int | None:
    """The median; None of nothing."""
    return round(median(minutes)) if minutes else None
