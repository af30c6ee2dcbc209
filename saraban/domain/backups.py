"""Backups of the installation: what was done with them, and which of them are kept for how long."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.events import DomainEvent

LATE_DAYS = 2
"""A backup that is older than so many days is told to be late."""


class BackupDeed(str, Enum):
    """What was done."""

    MADE = "made"
    CHECKED = "checked"
    PRUNED = "pruned"
    RESTORED = "restored"

    @property
    def thai(self) -> str:
        """The deed in words."""
        return {"made": "สำรอง", "checked": "ตรวจสำเนา", "pruned": "ลบสำเนาเก่า", "restored": "กู้คืน"}[self.value]


@dataclass(frozen=True)
class BackupTrace:
    """A deed with the backup that it was about: its own moment, how many files with how many octets it has (or were
    removed by pruning), how many were missing or damaged, whether keys went with it, and words about it."""

    id: UUID
    deed: BackupDeed
    at: datetime
    backup: str
    files: int
    octets: int
    faulty: int = 0
    keys: bool = False
    words: str = ""


@dataclass(frozen=True)
class Keep:
    """For how long: the newest backup of each of the last days on which one was made, of the last weeks and months."""

    days: int = 14
    weeks: int = 8
    months: int = 12

    def chosen(self, moments: Collection[datetime]) -> set[datetime]:
        """Those of the backups that are kept; the newest always is."""
        newest_first = sorted(moments, reverse=True)
        kept = set(newest_first[:1])
        for span, count in ((_day, self.days), (_week, self.weeks), (_month, self.months)):
            newest: dict[tuple[int, ...], datetime] = {}
            for moment in newest_first:
                newest.setdefault(span(office_date(moment)), moment)
            kept |= set(list(newest.values())[: max(0, count)])
        return kept


def _day(day: date) -> tuple[int, ...]:
    return (day.toordinal(),)


def _week(day: date) -> tuple[int, ...]:
    return tuple(day.isocalendar()[:2])


def _month(day: date) -> tuple[int, ...]:
    return (day.year, day.month)


@dataclass(frozen=True, kw_only=True)
class BackupMade(DomainEvent):
    """A copy of the whole installation left it: the digests of the copy of the database and of the list of files."""

    name = "backup.made"
    thing_id: UUID
    database: Digest
    listed: Digest
    files: int


@dataclass(frozen=True, kw_only=True)
class BackupRestored(DomainEvent):
    """The installation was put back to what it was at an earlier moment: what happened between is not here."""

    name = "backup.restored"
    thing_id: UUID
    made_at: str
    destroyed: int
