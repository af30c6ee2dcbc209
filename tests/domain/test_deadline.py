"""Deadlines in working days: by speed class, by the letter's own date, and while nobody holds the post."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId, AgencyOptions
from saraban.domain.calendar import BANGKOK
from saraban.domain.classification import Urgency
from saraban.domain.deadline import DeadlineRules, DueClock, Gap, Source, Standing, gaps_between
from saraban.domain.errors import BadInput
from saraban.domain.workdays import DayChange, WorkCalendar

THURSDAY = datetime(2026, 11, 26, 10, 0, tzinfo=BANGKOK)


def clock(day: str, *changes: DayChange, **rules: Any) -> DueClock:
    """The clock of an agency on a day."""
    return DueClock(date.fromisoformat(day), DeadlineRules(**rules), WorkCalendar.of(changes))


@pytest.mark.parametrize(
    ("urgency", "due"),
    [
        (Urgency.MOST_URGENT, "2026-11-26"),
        (Urgency.VERY_URGENT, "2026-11-27"),
        (Urgency.URGENT, "2026-12-01"),
        (Urgency.NORMAL, "2026-12-08"),  # over a weekend, and over Monday 7 December, which makes up for the fifth
    ],
)
def test_each_speed_class_has_its_working_days(urgency: Urgency, due: str) -> None:
    assert clock("2026-11-26").of(urgency, THURSDAY).day == date.fromisoformat(due)


def test_songkran_does_not_count() -> None:
    friday_evening = datetime(2026, 4, 10, 17, 0, tzinfo=BANGKOK)
    today = clock("2026-04-10")

    assert today.of(Urgency.MOST_URGENT, friday_evening).day == date(2026, 4, 16)
    assert today.of(Urgency.URGENT, datetime(2026, 4, 9, 9, 0, tzinfo=BANGKOK)).day == date(2026, 4, 17)


def test_days_that_the_agency_changed_are_counted_as_it_says() -> None:
    agency = AgencyId(uuid4())
    off, worked = (
        DayChange(agency, date(2026, 11, 27), True, "วันหยุดพิเศษ"),
        DayChange(agency, date(2026, 11, 28), False, ""),
    )

    assert clock("2026-11-26", off).of(Urgency.VERY_URGENT, THURSDAY).day == date(2026, 11, 30)
    assert clock("2026-11-26", off, worked).of(Urgency.VERY_URGENT, THURSDAY).day == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("today", "standing", "days"),
    [
        ("2026-11-26", Standing.COMFORTABLE, 3),
        ("2026-11-30", Standing.NEAR, 1),
        ("2026-12-01", Standing.TODAY, 0),
        ("2026-12-02", Standing.LATE, 1),
        ("2026-12-06", Standing.LATE, 3),  # a Sunday: Wednesday to Friday went by
    ],
)
def test_a_deadline_is_comfortable_near_due_today_or_late(today: str, standing: Standing, days: int) -> None:
    due = clock(today).of(Urgency.URGENT, THURSDAY)

    assert (due.standing, due.days) == (standing, days)


def test_what_is_near_is_the_agencys_decision() -> None:
    assert clock("2026-11-26", near=3).of(Urgency.URGENT, THURSDAY).standing is Standing.NEAR


def test_a_deadline_on_a_weekend_is_due_on_the_last_day_of_work_before_it() -> None:
    assert clock("2026-11-27").on(date(2026, 11, 29)).standing is Standing.TODAY


def test_the_earliest_of_class_letter_and_order_is_the_deadline() -> None:
    today = clock("2026-11-26")
    asked, ordered = date(2026, 12, 4), date(2026, 12, 2)

    both = today.of(Urgency.NORMAL, THURSDAY, asked=asked, ordered=ordered)
    letter = today.of(Urgency.NORMAL, THURSDAY, asked=asked)
    speed = today.of(Urgency.URGENT, THURSDAY, asked=asked)

    assert [(d.day, d.source) for d in (both, letter, speed)] == [
        (ordered, Source.ENDORSER),
        (asked, Source.LETTER),
        (date(2026, 12, 1), Source.SPEED),
    ]


def test_the_clock_stands_while_nobody_holds_the_post() -> None:
    over = Gap(date(2026, 11, 27), date(2026, 11, 30))  # Friday and Monday
    still = Gap(date(2026, 11, 27))

    assert clock("2026-12-01").of(Urgency.VERY_URGENT, THURSDAY, gaps=[over]).day == date(2026, 12, 1)
    waiting = clock("2026-12-09").of(Urgency.VERY_URGENT, THURSDAY, gaps=[still])
    assert waiting.stopped and waiting.standing is Standing.COMFORTABLE


def test_the_letters_own_day_does_not_wait_for_a_deputy() -> None:
    still, asked = Gap(date(2026, 11, 27)), date(2026, 12, 1)

    due = clock("2026-12-02").of(Urgency.URGENT, THURSDAY, asked=asked, gaps=[still])

    assert due.standing is Standing.LATE and not due.stopped


def test_gaps_are_the_days_between_those_who_held_a_post() -> None:
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    held = [(date(2026, 11, 10), date(2026, 11, 15)), (date(2020, 1, 1), date(2026, 11, 5))]

    assert gaps_between(held, first, last) == [Gap(date(2026, 11, 6), date(2026, 11, 9)), Gap(date(2026, 11, 16))]
    assert gaps_between([*held, (date(2026, 11, 16), None)], first, last) == [Gap(date(2026, 11, 6), date(2026, 11, 9))]
    assert gaps_between([(date(2020, 1, 1), None)], first, last) == []


def test_days_that_cannot_be_counted_are_refused_by_field() -> None:
    assert DeadlineRules.of(AgencyOptions()) == DeadlineRules()
    with pytest.raises(BadInput) as refused:
        DeadlineRules.of(AgencyOptions(due_urgent=-1, near_days=400))
    assert list(refused.value.fields) == ["due_urgent", "near_days"]


@pytest.mark.parametrize("today", ["2026-11-26", "2026-12-07", "2026-11-22"])
@pytest.mark.parametrize(
    "gaps",
    [
        [],
        [Gap(date(2026, 11, 10), date(2026, 11, 20))],
        [Gap(date(2026, 10, 1), date(2026, 10, 23)), Gap(date(2026, 11, 24))],
    ],
)
def test_what_is_late_by_class_is_what_the_clock_itself_finds_late(today: str, gaps: list[Gap]) -> None:
    now, longest = clock(today), 120
    found = now.late_since(gaps, longest)

    for urgency in Urgency:
        days = [now.today - timedelta(days=n) for n in range(longest)]
        noons = [datetime(day.year, day.month, day.day, 12, 0, tzinfo=BANGKOK) for day in days]
        late = {noon.date() for noon in noons if now.of(urgency, noon, gaps=gaps).standing is Standing.LATE}
        assert late == {day for day in days if day <= found[urgency]} and late


def test_nothing_is_late_while_nobody_held_the_post() -> None:
    vacant = [Gap(date(2025, 1, 1))]

    assert set(clock("2026-11-26").late_since(vacant, 100).values()) == {date(2026, 8, 18)}
