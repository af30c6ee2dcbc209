"""The course of units and posts: periods follow one another without a gap, and what was planned can be taken back."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.domain.agency import AgencyId, Unit, UnitId
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.organisation import BEGINNING, UnitPeriod, check_parent, close_unit, on_day, then, undone

FIRST = date(2026, 1, 1)
DAY = timedelta(days=1)


def a_unit(code: str = "plan", **more: Any) -> Unit:
    """A unit."""
    return Unit(UnitId(uuid4()), AgencyId(uuid4()), code, code, "1201", **more)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 400), st.text(min_size=1, max_size=3)), max_size=8))
def test_a_course_has_no_gaps_and_every_day_has_one_name(changes: list[tuple[int, str]]) -> None:
    course = [UnitPeriod(UnitId(uuid4()), BEGINNING, "เดิม")]
    names = {BEGINNING: "เดิม"}
    for after, name in changes:
        since = FIRST + after * DAY
        if since < course[-1].since:
            with pytest.raises(RuleBroken):
                then(course, since, "คำสั่ง", name=name)
            continue
        course, names[since] = then(course, since, "คำสั่ง", name=name), name

    assert course[0].since == BEGINNING and course[-1].until is None
    for before, after_it in pairwise(course):
        assert before.until is not None and before.until + DAY == after_it.since
    for day in (one + step * DAY for one in list(names)[1:] for step in (-1, 0, 1)):
        assert on_day(course, day).name == names[max(since for since in names if since <= day)]


def test_only_what_has_not_begun_is_taken_back() -> None:
    course = then([UnitPeriod(UnitId(uuid4()), BEGINNING, "เดิม")], FIRST, "คำสั่ง", name="ใหม่")

    assert [one.name for one in undone(course, FIRST - DAY)] == ["เดิม"] and undone(course, FIRST - DAY)[0].until is None
    for today, periods in ((FIRST, course), (FIRST - DAY, course[:1])):
        with pytest.raises(RuleBroken):
            undone(periods, today)


def test_a_unit_stands_under_what_is_there_and_not_under_itself() -> None:
    top, below, gone = a_unit("top"), a_unit("below"), a_unit("gone", until=FIRST)
    check_parent(below, top, FIRST, {below.id: None, top.id: None})
    check_parent(below, None, FIRST, {})
    for unit, parent in ((top, below), (top, top), (below, gone)):
        with pytest.raises(BadInput):
            check_parent(unit, parent, FIRST, {below.id: top.id, top.id: None, gone.id: None})


def test_a_unit_ends_once_and_only_when_it_is_empty() -> None:
    unit = a_unit(since=FIRST)
    for below, posts in ((["กลุ่ม"], []), ([], ["นักวิเคราะห์"])):
        with pytest.raises(RuleBroken, match=(below + posts)[0]):
            close_unit(unit, FIRST, below, posts)
    with pytest.raises(BadInput):
        close_unit(unit, FIRST - DAY, [], [])
    close_unit(unit, FIRST, [], [])
    assert unit.until == FIRST
    with pytest.raises(RuleBroken):
        close_unit(unit, FIRST, [], [])
