"""Time of the office: Asia/Bangkok, Buddhist years. Moments inside the program are aware UTC datetimes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")
BUDDHIST_OFFSET = 543
MONTHS = (
    *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"),
    *("กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"),
)

WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
"""Of `date.weekday()`."""


def long_date(day: date) -> str:
    """A day as letters write it, with Arabic digits: "22 พฤศจิกายน 2569"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + BUDDHIST_OFFSET}"


def office_time(moment: datetime) -> datetime:
    """The same moment on the clock of the office (UTC+7)."""
    return moment.astimezone(BANGKOK)


def office_date(moment: datetime) -> date:
    """The day of the office in which the moment lies."""
    return office_time(moment).date()


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def aware_utc(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValueError for a datetime without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


@dataclass(frozen=True, order=True)
class RegisterYear:
    """A year of the register in the Buddhist era, 1 January to 31 December of the office (regulation, clause 43.1)."""

    buddhist: int

    @classmethod
    def containing(cls, moment: datetime) -> RegisterYear:
        """The register year of a moment; the new year begins at midnight in Bangkok."""
        return cls(office_time(moment).year + BUDDHIST_OFFSET)
