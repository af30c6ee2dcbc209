"""A letter on paper as it is typed: into the fields of fast entry, into a grid, or in the columns of a sheet.

One reader for all three, so that a date, an urgency or a class is understood everywhere in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Protocol, TypeVar

from saraban.domain.calendar import BANGKOK, aware_utc, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import Matter, Origin
from saraban.doorway.dates import read_clock, read_day, without_time

T = TypeVar("T")

FIELDS = (
    "sender", "number", "letter_date", "subject", "addressee", "practice", "urgency", "secrecy", "note", "received_day",
    "received_time", "origin", "serial", "year",
)  # fmt: skip
"""The names of the fields, in the order in which a clerk goes through them."""

CAPTIONS = {
    "sender": "จาก",
    "number": "ที่",
    "letter_date": "ลงวันที่",
    "subject": "เรื่อง",
    "addressee": "ถึง",
    "practice": "ส่งให้ / การปฏิบัติ",
    "urgency": "ชั้นความเร็ว",
    "secrecy": "ชั้นความลับ",
    "note": "หมายเหตุ",
    "received_day": "วันที่รับจริง",
    "received_time": "เวลาที่รับจริง",
    "received_at": "วันที่รับจริง",
    "origin": "ช่องทาง",
    "serial": "เลขเดิม",
    "year": "ปีของเลขเดิม",
    "file": "ไฟล์",
}
URGENCIES = [(one.value, one.thai or "ปกติ") for one in Urgency]
SECRECIES = [(one.value, one.thai or "ไม่มี") for one in Secrecy]
ORIGINS = [(one.value, one.thai) for one in (Origin.PAPER, Origin.COUNTER, Origin.BEFORE)]

_DAY_AND_TIME = re.compile(r"(.+?)[\sT]+(\d{1,2}\s*[.:]\s*\d{2}(?:[.:]\d{2})?|\d{3,4}(?=\s*น))\s*(?:น\.?)?")
_NOTHING = frozenset({"", "-", "ปกติ", "ธรรมดา", "ไม่มี", "ทั่วไป", "ปกปิดไม่", "เปิดเผย"})


class _Reader(Protocol):
    """Reads a field; what cannot be read is written down, and `otherwise` stands for it."""

    def __call__(self, field: str, how: Callable[[str], T], otherwise: T) -> T: ...


def read_matter(words: Mapping[str, str], now: datetime) -> tuple[Matter, dict[str, str]]:
    """What was typed, as far as it can be read, and by field what cannot be. `received_at`, as sheets have it, may hold
    day and time in one."""
    wrong: dict[str, str] = {}
    today = office_date(now)

    def read(field: str, how: Callable[[str], T], otherwise: T) -> T:
        try:
            return how(words.get(field, ""))
        except ValueError as error:
            wrong[field] = str(error)
            return otherwise

    matter = Matter(
        number=_line(words.get("number", "")),
        letter_date=read("letter_date", lambda text: read_day(text, today), None),
        sender=_line(words.get("sender", "")),
        addressee=_line(words.get("addressee", "")),
        subject=_line(words.get("subject", "")),
        practice=words.get("practice", "").replace("\r\n", "\n"),
        note=words.get("note", "").replace("\r\n", "\n"),
        urgency=read("urgency", read_urgency, Urgency.NORMAL),
        secrecy=read("secrecy", read_secrecy, Secrecy.OPEN),
        received_at=_received(words, now, read),
    )
    return matter, wrong


def read_urgency(text: str) -> Urgency:
    """The class of speed by its word, its name in programs, or 0 to 3. Raises ValueError in Thai."""
    plain = "".join(arabic_digits(text).split())
    if plain in _NOTHING or plain == "0":
        return Urgency.NORMAL
    for one in Urgency:
        if plain in (one.value, one.thai, str(one.rank)):
            return one
    raise ValueError("ไม่รู้จักชั้นความเร็วนี้ ใช้ ด่วน ด่วนมาก หรือ ด่วนที่สุด")


def read_secrecy(text: str) -> Secrecy:
    """The class of secrecy by its word or its name in programs. Raises ValueError in Thai."""
    plain = "".join(text.split())
    if plain in _NOTHING:
        return Secrecy.OPEN
    for one in Secrecy:
        if plain in (one.value, one.thai):
            return one
    if plain == "ลับที่สุด":
        raise ValueError("ชั้นลับที่สุดลงในระบบไม่ได้ ลงในทะเบียนที่เป็นเล่มตามระเบียบว่าด้วยการรักษาความลับของทางราชการ")
    raise ValueError("ไม่รู้จักชั้นความลับนี้ ใช้ ลับ หรือ ลับมาก")


def read_serial(text: str) -> int | None:
    """An old number in Thai or Arabic digits; None for none. Raises ValueError in Thai."""
    plain = arabic_digits(text).strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 8):
        raise ValueError("ใส่เลขทะเบียนเดิมเป็นตัวเลข เช่น ๓๑๗")
    return int(plain)


def _received(words: Mapping[str, str], now: datetime, read: _Reader) -> datetime | None:
    today = office_date(now)
    if words.get("received_at", "").strip():
        return read("received_at", lambda text: _moment(text, now), None)
    clock = words.get("received_time", "")
    if clock.strip() and not words.get("received_day", "").strip():
        return read("received_time", lambda text: _at(today, text, now), None)
    day = read("received_day", lambda text: _at(read_day(text, today), "", now), None)
    if day is None or not clock.strip():
        return day
    return read("received_time", lambda text: _at(office_date(day), text, now), None)


def _moment(text: str, now: datetime) -> datetime | None:
    plain = arabic_digits(text).strip()
    found = _DAY_AND_TIME.fullmatch(plain)
    if found is None:
        return _at(read_day(plain, office_date(now)), "", now)
    return _at(read_day(found[1], office_date(now)), found[2], now)


def _at(day: date | None, clock: str, now: datetime) -> datetime | None:
    if day is None:
        return None
    at = read_clock(clock)
    if at is None:
        return aware_utc(without_time(day, now))
    return aware_utc(datetime.combine(day, at, BANGKOK))


def _line(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())
