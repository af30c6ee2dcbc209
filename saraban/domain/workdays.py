"""Working days of government offices: Monday to Friday but for the holidays that the cabinet announces each year.

Lunar days and special days cannot be computed; the days below are those that were announced or are expected, each an
agency may change. Labour Day and Children's Day are none of them, the Ploughing Ceremony is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from saraban.domain.agency import AgencyId
from saraban.domain.calendar import BANGKOK, office_time

OPENS, NOON, CLOSES = time(8, 30), time(12, 0), time(16, 30)
_SATURDAY = 5
_LONGEST_BREAK = 60


@dataclass(frozen=True)
class DayChange:
    """What an agency decided about a day: off with a name, or (`off` False) a working day after all."""

    agency_id: AgencyId
    day: date
    off: bool
    title: str
    source: str = ""


@dataclass(frozen=True)
class WorkCalendar:
    """Which days an agency works. `changes` are its own, over the days announced for everybody."""

    changes: Mapping[date, DayChange] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Iterable[DayChange]) -> WorkCalendar:
        """The calendar with these changes."""
        return cls({change.day: change for change in changes})

    def holiday(self, day: date) -> str:
        """The name of the holiday on this day; empty when there is none (a weekend has no name)."""
        change = self.changes.get(day)
        if change is not None:
            return change.title if change.off else ""
        return ANNOUNCED.get(day, "")

    def is_working(self, day: date) -> bool:
        """Does the agency work on this day? A weekend that the agency declared a working day is one."""
        change = self.changes.get(day)
        if change is not None:
            return not change.off
        return day.weekday() < _SATURDAY and day not in ANNOUNCED

    def previous(self, day: date) -> date:
        """The last working day before this one."""
        return self._walk(day, -1)

    def next(self, day: date) -> date:
        """The first working day after this one."""
        return self._walk(day, 1)

    def office_moment(self, moment: datetime) -> datetime:
        """When the office has it, on its clock: the moment itself within hours, else the next opening (08:30)."""
        here = office_time(moment)
        if self.is_working(here.date()):
            if here.time() < OPENS:
                return datetime.combine(here.date(), OPENS, BANGKOK)
            if here.time() < CLOSES:
                return here
        return datetime.combine(self.next(here.date()), OPENS, BANGKOK)

    def _walk(self, day: date, step: int) -> date:
        for _ in range(_LONGEST_BREAK):
            day += timedelta(days=step)
            if self.is_working(day):
                return day
        return day


def known_years() -> frozenset[int]:
    """The years (CE) whose holidays are in the list."""
    return frozenset(day.year for day in ANNOUNCED)


def _year(year: int, days: Mapping[tuple[int, int], str]) -> dict[date, str]:
    return {date(year, month, day): title for (month, day), title in days.items()}


_NEW_YEAR, _SONGKRAN, _LAST_DAY = "วันขึ้นปีใหม่", "วันสงกรานต์", "วันสิ้นปี"
_KING, _MOTHER, _FATHER = "วันเฉลิมพระชนมพรรษาพระบาทสมเด็จพระเจ้าอยู่หัว", "วันแม่แห่งชาติ", "วันพ่อแห่งชาติ"
_QUEEN = "วันเฉลิมพระชนมพรรษาสมเด็จพระนางเจ้า ฯ พระบรมราชินี"
ANNOUNCED: Mapping[date, str] = {
    **_year(
        2026,
        {
            (1, 1): _NEW_YEAR,
            (1, 2): "วันหยุดพิเศษ (มติคณะรัฐมนตรี)",
            (3, 3): "วันมาฆบูชา",
            (4, 6): "วันจักรี",
            (4, 13): _SONGKRAN,
            (4, 14): _SONGKRAN,
            (4, 15): _SONGKRAN,
            (5, 4): "วันฉัตรมงคล",
            (5, 13): "วันพระราชพิธีพืชมงคล",
            (5, 31): "วันวิสาขบูชา",
            (6, 1): "ชดเชยวันวิสาขบูชา",
            (6, 3): _QUEEN,
            (7, 28): _KING,
            (7, 29): "วันอาสาฬหบูชา",
            (7, 30): "วันเข้าพรรษา",
            (8, 12): _MOTHER,
            (10, 13): "วันนวมินทรมหาราช",
            (10, 23): "วันปิยมหาราช",
            (12, 5): _FATHER,
            (12, 7): f"ชดเชย{_FATHER}",
            (12, 10): "วันรัฐธรรมนูญ",
            (12, 31): _LAST_DAY,
        },
    ),
    **_year(
        2027,
        {
            (1, 1): _NEW_YEAR,
            (2, 21): "วันมาฆบูชา",
            (2, 22): "ชดเชยวันมาฆบูชา",
            (4, 6): "วันจักรี",
            (4, 13): _SONGKRAN,
            (4, 14): _SONGKRAN,
            (4, 15): _SONGKRAN,
            (5, 4): "วันฉัตรมงคล",
            (5, 20): "วันวิสาขบูชา",
            (6, 3): _QUEEN,
            (7, 18): "วันอาสาฬหบูชา",
            (7, 19): "วันเข้าพรรษา",
            (7, 20): "ชดเชยวันอาสาฬหบูชา",
            (7, 28): _KING,
            (8, 12): _MOTHER,
            (10, 13): "วันนวมินทรมหาราช",
            (10, 23): "วันปิยมหาราช",
            (10, 25): "ชดเชยวันปิยมหาราช",
            (12, 5): _FATHER,
            (12, 6): f"ชดเชย{_FATHER}",
            (12, 10): "วันรัฐธรรมนูญ",
            (12, 31): _LAST_DAY,
        },
    ),
}
"""Holidays of government offices, 2569 and 2570 (the latter as far as they can be foreseen: the cabinet's announcement
goes before, and each agency writes it in on its own page). Computed with the package `holidays` 0.109, filtered by
hand; the special day of 2 January 2569 from the announcement."""
