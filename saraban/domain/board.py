"""Boards: what waits, how long steps take and what came and went, of a person, a unit or the whole agency.

How long is told in the hours of the office (8:30 to 12:00 and 13:00 to 16:30 on working days), so that a weekend makes
nobody slow. A person's figures are that person's and the director's; whole agencies are compared by unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from statistics import median

from saraban.domain.agency import UnitId
from saraban.domain.calendar import BANGKOK, office_date
from saraban.domain.workdays import WorkCalendar

PERIODS = (4, 12, 26)
"""For how many weeks a board is drawn, the present one included."""
OFFICE_DAY = 420
"""The minutes of a working day."""
_WHOLE_DAY = OFFICE_DAY * 60
_HALVES = ((30_600, 43_200), (46_800, 59_400))
"""Office hours in seconds of the day."""
_EPOCH = datetime(2000, 1, 1, tzinfo=BANGKOK)


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


class OfficeHours:
    """How much of the time between two moments was time of the office. A board asks for thousands, so it is counted in
    whole numbers, and a calendar is asked once for each day."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar
        self._working: dict[int, bool] = {}

    def minutes(self, since: datetime, until: datetime) -> int:
        """How many minutes of office hours lie between two moments."""
        if until <= since:
            return 0
        first, begin = self._place(since)
        last, end = self._place(until)
        return (sum(map(self._works, range(first, last))) * _WHOLE_DAY + end - begin) // 60

    def _place(self, moment: datetime) -> tuple[int, int]:
        """The day of the office, and the seconds of its hours that were over by then."""
        day, clock = divmod(int((moment - _EPOCH).total_seconds()), 86_400)
        over = 0
        if self._works(day):
            for opens, closes in _HALVES:
                over += min(max(clock - opens, 0), closes - opens)
        return day, over

    def _works(self, day: int) -> bool:
        known = self._working.get(day)
        if known is None:
            known = self._working[day] = self._calendar.is_working(_EPOCH.date() + timedelta(days=day))
        return known


def middle(minutes: list[int]) -> int | None:
    """The median; None of nothing."""
    return round(median(minutes)) if minutes else None
