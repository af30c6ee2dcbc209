"""How a mailbox or a disk fills: growth a day, and about when it will be full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LEVELS = (80, 90, 95)
"""Per cent at which a person is warned, each time in stronger words."""
WINDOW = timedelta(days=60)
LEAST_DAYS = 3
"""With fewer days between first and last there is no telling how it grows."""
SOON = timedelta(days=30)
HALF = 50
"""What is half full and will be full by then is told, whatever level it has reached."""
_FARTHEST = 3650


@dataclass(frozen=True)
class Reading:
    """How many octets were used on a day."""

    day: date
    used: int


@dataclass(frozen=True)
class Outlook:
    """How full (per cent, rounded down), the level of warning that is reached (0, 80, 90 or 95), octets a day (None
    while it cannot be told), and the day on which it will be full if it goes on like this (None when it does not grow
    or not within ten years)."""

    percent: int
    level: int
    a_day: float | None
    full_on: date | None

    def presses(self, today: date) -> bool:
        """Must somebody be told: is a level of warning reached, or will a place that is half full be full soon?"""
        if self.level:
            return True
        return self.percent >= HALF and self.full_on is not None and self.full_on - today <= SOON


def outlook(readings: Sequence[Reading], allowed: int) -> Outlook | None:
    """Judge the readings of one place, the last of which is today's; None without any, or when nothing is allowed.

    The growth is the slope of the straight line through the last sixty days (least squares), so that one day of
    clearing up or of many letters does not turn the forecast over.
    """
    if not readings or allowed <= 0:
        return None
    last = readings[-1]
    percent = min(100, 100 * last.used // allowed)
    level = max((one for one in LEVELS if percent >= one), default=0)
    recent = [one for one in readings if last.day - one.day <= WINDOW]
    a_day = _slope(recent)
    full_on = None
    if last.used >= allowed:
        full_on = last.day
    elif a_day is not None and a_day > 0:
        days = (allowed - last.used) / a_day
        full_on = last.day + timedelta(days=int(days)) if days <= _FARTHEST else None
    return Outlook(percent, level, a_day, full_on)


def per_day(readings: Sequence[Reading]) -> float | None:
    """By how many octets a place without a limit grows in a day; None while it cannot be told."""
    recent = [one for one in readings if readings[-1].day - one.day <= WINDOW]
    return _slope(recent) if recent else None


def _slope(readings: Sequence[Reading]) -> float | None:
    if (readings[-1].day - readings[0].day).days < LEAST_DAYS:
        return None
    days = [(one.day - readings[0].day).days for one in readings]
    middle, level = sum(days) / len(days), sum(one.used for one in readings) / len(readings)
    spread = sum((day - middle) ** 2 for day in days)
    return sum((day - middle) * (one.used - level) for day, one in zip(days, readings, strict=True)) / spread
