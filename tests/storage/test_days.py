"""Days, months and minutes of the office in SQL: the last microsecond of each still belongs to it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, bindparam, select

from saraban.domain.calendar import BANGKOK
from saraban.storage.days import minutes_between, office_day, office_month
from saraban.storage.types import UtcDateTime

FIRST = datetime(2026, 12, 1, tzinfo=BANGKOK)
LAST = FIRST - timedelta(microseconds=1)


@pytest.mark.parametrize(("moment", "day"), [(LAST, "2026-11-30"), (FIRST, "2026-12-01")])
def test_a_moment_belongs_to_its_day_and_month_to_the_last_microsecond(
    engine: Engine, moment: datetime, day: str
) -> None:
    when = bindparam("when", moment, type_=UtcDateTime())
    with engine.connect() as connection:
        told = connection.execute(select(office_day(when), office_month(when))).one()

    assert tuple(told) == (day, day[:7])


@pytest.mark.parametrize(("passed", "minutes"), [(timedelta(seconds=60), 1), (timedelta(microseconds=59_999_999), 0)])
def test_minutes_that_have_not_passed_whole_do_not_count(engine: Engine, passed: timedelta, minutes: int) -> None:
    since, until = (bindparam(name, at, type_=UtcDateTime()) for name, at in (("a", FIRST), ("b", FIRST + passed)))
    with engine.connect() as connection:
        assert connection.scalar(select(minutes_between(since, until))) == minutes
