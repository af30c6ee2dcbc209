"""Working days of offices, and when half-days went by without anybody at the mailbox."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId
from saraban.domain.calendar import BANGKOK
from saraban.domain.duty import Duty, overdue
from saraban.domain.workdays import ANNOUNCED, DayChange, WorkCalendar

AGENCY = AgencyId(uuid4())
PLAIN = WorkCalendar()


def at(text: str) -> datetime:
    """A moment on the clock of the office."""
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("moment", "office"),
    [
        ("2026-11-27 16:31", "2026-11-30 08:30"),  # Friday after closing
        ("2026-04-12 09:00", "2026-04-16 08:30"),  # Sunday before Songkran
        ("2025-12-31 17:00", "2026-01-05 08:30"),  # New Year, the special day, a weekend
        ("2026-12-04 17:00", "2026-12-08 08:30"),  # 5 December on a Saturday is made up on Monday
        ("2026-11-26 10:00", "2026-11-26 10:00"),
        ("2026-11-26 07:10", "2026-11-26 08:30"),
    ],
)
def test_what_comes_outside_of_hours_comes_at_the_next_opening(moment: str, office: str) -> None:
    assert PLAIN.office_moment(at(moment)) == at(office)


def test_holidays_are_those_of_government_offices() -> None:
    labour_day, ploughing, childrens_day = date(2026, 5, 1), date(2026, 5, 13), date(2027, 1, 9)

    assert PLAIN.is_working(labour_day) and labour_day not in ANNOUNCED and childrens_day not in ANNOUNCED
    assert not PLAIN.is_working(ploughing) and PLAIN.holiday(ploughing) == "วันพระราชพิธีพืชมงคล"


def test_an_agency_changes_days_both_ways() -> None:
    extra, saturday, songkran = date(2026, 11, 27), date(2026, 11, 28), date(2026, 4, 13)
    calendar = WorkCalendar.of(
        [
            DayChange(AGENCY, extra, True, "วันหยุดพิเศษ"),
            DayChange(AGENCY, saturday, False, ""),
            DayChange(AGENCY, songkran, False, ""),
        ]
    )

    assert not calendar.is_working(extra) and calendar.holiday(extra) == "วันหยุดพิเศษ"
    assert calendar.is_working(saturday) and calendar.is_working(songkran) and calendar.holiday(songkran) == ""
    assert calendar.next(date(2026, 11, 26)) == saturday and PLAIN.next(date(2026, 11, 26)) == extra
    assert PLAIN.previous(date(2026, 4, 16)) == date(2026, 4, 10)


def test_noon_divides_the_day() -> None:
    assert Duty.half(at("2026-11-26 11:59")) is Duty.MORNING
    assert Duty.half(at("2026-11-26 12:00")) is Duty.AFTERNOON


THURSDAY, WEDNESDAY, FRIDAY_BEFORE = date(2026, 11, 26), date(2026, 11, 25), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("now", "done", "missed"),
    [
        ("2026-11-26 09:00", {(WEDNESDAY, Duty.AFTERNOON)}, 0),
        ("2026-11-26 09:00", {(WEDNESDAY, Duty.MORNING)}, 1),
        ("2026-11-26 13:00", {(WEDNESDAY, Duty.MORNING)}, 2),
        ("2026-11-26 16:45", {(WEDNESDAY, Duty.AFTERNOON)}, 2),
        ("2026-11-26 13:00", {(THURSDAY, Duty.AFTERNOON)}, 0),
        ("2026-11-23 09:00", {(FRIDAY_BEFORE, Duty.AFTERNOON)}, 0),  # the weekend asks for nothing
        ("2026-11-22 09:00", {(FRIDAY_BEFORE, Duty.AFTERNOON)}, 0),
        ("2026-11-26 09:00", set(), 4),
    ],
)
def test_half_days_without_anybody_are_counted_backwards(now: str, done: set[tuple[date, Duty]], missed: int) -> None:
    assert overdue(PLAIN, at(now), done) == missed
