"""The office's clock: Bangkok's midnight decides, also about the year of the register."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from saraban.domain.calendar import RegisterYear, aware_utc, office_date, office_time

LAST_SECOND = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


def test_the_register_year_ends_with_the_last_second_of_the_year_in_bangkok() -> None:
    assert RegisterYear.containing(LAST_SECOND) == RegisterYear(2569)
    assert office_date(LAST_SECOND) == date(2026, 12, 31)


def test_the_new_register_year_begins_at_midnight_in_bangkok_while_it_is_still_the_old_one_in_london() -> None:
    assert RegisterYear.containing(MIDNIGHT) == RegisterYear(2570)
    assert office_date(MIDNIGHT) == date(2027, 1, 1)


def test_the_zone_in_which_a_moment_is_told_does_not_matter() -> None:
    told_elsewhere = MIDNIGHT.astimezone(timezone(timedelta(hours=-8)))

    assert RegisterYear.containing(told_elsewhere) == RegisterYear(2570)


def test_office_time_is_seven_hours_ahead_and_the_same_moment() -> None:
    assert office_time(MIDNIGHT).isoformat() == "2027-01-01T00:00:00+07:00"
    assert office_time(MIDNIGHT) == MIDNIGHT


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        aware_utc(datetime(2026, 1, 1))  # noqa: DTZ001
