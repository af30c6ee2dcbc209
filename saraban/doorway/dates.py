"""Dates as officers write them: 20, 20/11, 20/11/2569, ๒๐ พ.ย. ๒๕๖๙, 2026-11-20."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from saraban.domain.calendar import BANGKOK, BUDDHIST_OFFSET, MONTHS, office_date
from saraban.domain.errors import BadInput
from saraban.domain.numbering import arabic_digits, thai_digits
from saraban.domain.progress import SHORT_MONTHS

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})(?:\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{2}|\d{4}))?)?")
_WORDS = re.compile(r"(\d{1,2})\s*([ก-๙.]+?)\s*(\d{2}|\d{4})?")
_CLOCK = re.compile(r"(\d{1,2})\s*[.:]\s*(\d{2})(?:\s*[.:]\s*\d{2})?")
_CLOCK_IN_ONE = re.compile(r"(\d{1,2})(\d{2})")
_YESTERDAY = "-"
_DAY = re.compile(r"\d{1,2}")
_DAY_AND_MONTH = re.compile(r"\d{1,2}\s*[/.\-]\s*\d{1,2}")
_FIRST_BUDDHIST = 2300
_OPENING = time(8, 30)


class NotADate(ValueError):
    """The words for the person who typed it."""


class NotATime(ValueError):
    """The words for the person who typed it."""


def read_date(text: str, today: date) -> date | None:
    """The day that was typed, in the Buddhist or the common era; what is left out is this month and this year. None for
    an empty text. Raises NotADate in Thai."""
    plain = arabic_digits(text).replace("\u00a0", " ").strip()
    if not plain:
        return None
    if found := _ISO.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _NUMBERS.fullmatch(plain):
        day = int(found[1])
        month = int(found[2]) if found[2] else today.month
        year = _year(found[3], today)
    elif (found := _WORDS.fullmatch(plain)) and (named := _month(found[2])):
        day, month, year = int(found[1]), named, _year(found[3], today)
    else:
        raise NotADate("อ่านวันที่ไม่ออก พิมพ์ ๒๐ หรือ ๒๐/๑๑ หรือ ๒๐ พ.ย. ๒๕๖๙")
    if year >= _FIRST_BUDDHIST:
        year -= BUDDHIST_OFFSET
    if not 1 <= month <= 12:
        raise NotADate(f"ไม่มีเดือนที่ {thai_digits(month)}")
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADate(f"วันที่ {thai_digits(day)} {MONTHS[month - 1]} ไม่มีในปฏิทิน") from None


def read_day(text: str, today: date) -> date | None:
    """A day as clerks type it: 20, 20/11, 20/11/69, "-" for yesterday; Thai digits too. A day or a month that would lie
    ahead is the last one that was. Raises NotADate in Thai."""
    plain = arabic_digits(text).strip()
    if plain == _YESTERDAY:
        return today - timedelta(days=1)
    if _DAY.fullmatch(plain):
        return _last(plain, today)
    found = read_date(plain, today)
    if found is not None and found > today and _DAY_AND_MONTH.fullmatch(plain):
        return read_date(f"{plain}/{found.year - 1 + 543}", today)
    return found


def told_day(text: str, today: date, how: Callable[[str, date], date | None]) -> dict[str, str]:
    """How a day is read, for the person who types it: "says" in full, with what may surprise; or what is "wrong"."""
    try:
        day = how(text, today)
    except NotADate as error:
        return {"says": "", "wrong": str(error)}
    if day is None:
        return {"says": "", "wrong": ""}
    years = today.year - day.year
    note = {0: "เมื่อวาน" if day == today - timedelta(days=1) else "", 1: "ปีที่แล้ว"}.get(years, "")
    if years > 1:
        note = f"{thai_digits(years)} ปีก่อน"
    elif day > today:
        note = "ยังไม่ถึง"
    return {"says": " · ".join(part for part in (write_date(day), note) if part), "wrong": ""}


def read_clock(text: str) -> time | None:
    """A time of day as clerks type it: 9.30, 14:05, 0930, 930, with น. or without, in Thai digits too; None for an
    empty text. Raises NotATime in Thai."""
    plain = arabic_digits(text).replace("\u00a0", " ").strip().removesuffix(".").removesuffix("น").strip()
    if not plain:
        return None
    found = _CLOCK.fullmatch(plain) or _CLOCK_IN_ONE.fullmatch(plain)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise NotATime("อ่านเวลาไม่ออก พิมพ์ ๙.๓๐ หรือ ๐๙๓๐ หรือ ๑๔:๐๕")
    return time(int(found[1]), int(found[2]))


def without_time(day: date, now: datetime) -> datetime:
    """The moment for which a day stands that was typed without a time: the opening of the office, 08.30; before it has
    opened today, this minute."""
    opening = datetime.combine(day, _OPENING, BANGKOK)
    return min(opening, now.replace(second=0, microsecond=0)) if day == office_date(now) else opening


def write_date(day: date | None) -> str:
    """The day as it stands in a field, ๒๐ พ.ย. ๒๕๖๙; empty for none."""
    if day is None:
        return ""
    return thai_digits(f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year + BUDDHIST_OFFSET}")


def _year(text: str | None, today: date) -> int:
    if not text:
        return today.year
    return int(text) if len(text) == 4 else 2500 + int(text)


def _month(text: str) -> int | None:
    bare = text.replace(".", "")
    for at, (short, long) in enumerate(zip(SHORT_MONTHS, MONTHS, strict=True), start=1):
        if bare == short.replace(".", "") or bare == long:
            return at
    return None


def _last(day: str, today: date) -> date | None:
    """The last day with this number, this month or the one before."""
    if int(day) <= today.day:
        return read_date(day, today)
    before = today.replace(day=1) - timedelta(days=1)
    try:
        return read_date(f"{day}/{before.month}/{before.year + 543}", today)
    except NotADate:
        return read_date(day, today)


def read_period(since: str, until: str, today: date) -> tuple[date, date]:
    """The first and the last day of a period that was typed. Raises BadInput beside the fields that must be mended."""
    read: dict[str, date] = {}
    wrong: dict[str, str] = {}
    for name, text in (("since", since), ("until", until)):
        try:
            day = read_date(text, today)
            if day is None:
                raise NotADate("ใส่วันที่ หรือเลือกช่วงสำเร็จรูปด้านบน")
            read[name] = day
        except NotADate as error:
            wrong[name] = str(error)
    if wrong:
        raise BadInput(wrong)
    return read["since"], read["until"]
