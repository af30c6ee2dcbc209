"""The forecast of a mailbox that fills."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from saraban.domain.growth import Outlook, Reading, outlook, per_day

DAY = date(2026, 11, 26)
MB = 1_000_000


def readings(*used: int) -> list[Reading]:
    """One a day, the last of them today."""
    return [Reading(DAY - timedelta(days=len(used) - 1 - n), one) for n, one in enumerate(used)]


def test_what_grows_evenly_is_full_when_the_line_reaches_the_top() -> None:
    found = outlook(readings(*(100 * MB + n * 10 * MB for n in range(11))), 1000 * MB)

    assert found is not None and found.a_day == pytest.approx(10 * MB)
    assert found.full_on == DAY + timedelta(days=80)
    assert (found.percent, found.level) == (20, 0)


@pytest.mark.parametrize(("used", "level"), [(79, 0), (80, 80), (89, 80), (90, 90), (95, 95), (100, 95), (130, 95)])
def test_the_levels_of_warning(used: int, level: int) -> None:
    found = outlook(readings(used), 100)

    assert found is not None and found.level == level
    assert found.percent == min(used, 100)


def test_a_full_one_is_full_today() -> None:
    assert outlook(readings(90, 100), 100) == Outlook(100, 95, None, DAY)


def test_too_few_days_tell_no_growth() -> None:
    found = outlook(readings(1, 2, 3), 100)

    assert found is not None and (found.a_day, found.full_on) == (None, None)


def test_what_shrinks_or_hardly_grows_is_never_full() -> None:
    shrinking, still = outlook(readings(9, 7, 5, 3, 1), 100), outlook(readings(5, 5, 5, 5, 5), 100)
    slow = outlook(readings(0, 0, 0, 0, 1), 1000 * MB)

    assert shrinking is not None and shrinking.a_day == pytest.approx(-2) and shrinking.full_on is None
    assert still is not None and still.full_on is None
    assert slow is not None and slow.full_on is None


def test_only_the_last_sixty_days_count() -> None:
    old = [Reading(DAY - timedelta(days=400 - n), n * 50 * MB) for n in range(10)]

    assert outlook([*old, *readings(10, 20, 30, 40)], 100) == outlook(readings(10, 20, 30, 40), 100)


def test_without_readings_or_quota_there_is_no_outlook() -> None:
    assert outlook([], 100) is None
    assert outlook(readings(1), 0) is None


@pytest.mark.parametrize(
    ("used", "a_day", "presses"),
    [(60, 2, True), (60, 1, False), (40, 10, False), (85, 0, True), (50, 0, False)],
)
def test_what_is_half_full_and_will_be_full_soon_is_told_before_any_level(used: int, a_day: int, presses: bool) -> None:
    found = outlook(readings(*(used - a_day * back for back in reversed(range(4)))), 100)

    assert found is not None and found.presses(DAY) is presses


def test_what_has_no_limit_grows_by_the_day() -> None:
    assert per_day(readings(10, 12, 14, 16)) == pytest.approx(2)
    assert per_day(readings(10, 12)) is None and per_day([]) is None
