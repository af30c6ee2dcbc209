"""The reading log: who opened, downloaded, printed or took away what, when and from where.

What stands out is marked, so that an auditor finds it; a mark says what was unusual and accuses nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.calendar import BANGKOK, office_date
from saraban.domain.events import DomainEvent
from saraban.domain.workdays import CLOSES, OPENS, WorkCalendar

MANY_THINGS, MANY_WITHIN = 40, timedelta(minutes=10)
"""So many different letters in so short a time are more than a person reads."""


class ReadingDeed(str, Enum):
    """What was done."""

    OPEN = "open"
    DOWNLOAD = "download"
    PRINT = "print"
    EXPORT = "export"
    SIGN_IN = "sign-in"

    @property
    def thai(self) -> str:
        """The word for people."""
        return _DEEDS[self]


class Mark(str, Enum):
    """What was unusual about it."""

    MANY = "many"
    OFF_HOURS = "off-hours"
    OTHER_UNIT = "other-unit"

    @property
    def thai(self) -> str:
        """The words for people."""
        return _MARKS[self]


_DEEDS = {
    ReadingDeed.OPEN: "เปิดอ่าน",
    ReadingDeed.DOWNLOAD: "ดาวน์โหลด",
    ReadingDeed.PRINT: "พิมพ์",
    ReadingDeed.EXPORT: "ส่งออก",
    ReadingDeed.SIGN_IN: "เข้าสู่ระบบ",
}
_MARKS = {Mark.MANY: "จำนวนมากในเวลาสั้น", Mark.OFF_HOURS: "นอกเวลาราชการ", Mark.OTHER_UNIT: "ต่างหน่วยงาน"}


@dataclass(frozen=True)
class Reading:
    """One thing that was read: by whom, in which post and unit (`central` for a clerk of the central one, who reads all
    units' letters by office), what was done with which letter or line (none for a sign-in or a print of many), the name
    of the file or paper, and the address of the machine."""

    id: UUID
    agency_id: AgencyId
    at: datetime
    person_id: PersonId
    name: str
    title: str
    unit_id: UnitId | None
    central: bool
    deed: ReadingDeed
    subject_id: UUID | None
    what: str
    address: str

    def leaf(self) -> bytes:
        """What is hashed when a day of the log is tied into the journal."""
        parts = (
            self.id,
            self.at.isoformat(),
            self.person_id,
            self.deed.value,
            self.subject_id or "",
            self.what,
            self.address,
        )
        return "|".join(str(part) for part in parts).encode()


@dataclass(frozen=True, kw_only=True)
class ReadingsSealed(DomainEvent):
    """A day of the reading log was tied into the journal: how many lines, and the root over them (RFC 9162)."""

    name = "readings.sealed"
    day: str
    lines: int
    root: str


def marks_of(
    reading: Reading,
    *,
    owner: UnitId | None,
    others: Sequence[tuple[UUID, datetime]],
    calendar: WorkCalendar,
) -> tuple[Mark, ...]:
    """What is unusual about a reading. `owner` is the unit whose letter it is, `others` what the person read besides,
    with its moment. A sign-in is never unusual by its number or unit."""
    marks = []
    if reading.subject_id is not None:
        since = reading.at - MANY_WITHIN
        things = {subject for subject, at in others if since <= at <= reading.at} | {reading.subject_id}
        if len(things) >= MANY_THINGS:
            marks.append(Mark.MANY)
    here = reading.at.astimezone(BANGKOK)
    if not calendar.is_working(office_date(reading.at)) or not OPENS <= here.time() < CLOSES:
        marks.append(Mark.OFF_HOURS)
    if owner is not None and reading.unit_id != owner and not reading.central:
        marks.append(Mark.OTHER_UNIT)
    return tuple(marks)
