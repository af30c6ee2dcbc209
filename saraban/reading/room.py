"""The room that the installation takes: disk, database, files and mailboxes by day, with what is to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.growth import WINDOW, Reading, per_day
from saraban.domain.permissions import may_administer, require
from saraban.reading.mailboxes import BoxRow, Fill, boxes, disk
from saraban.storage.tables.mail import fill_levels
from saraban.usecases.connections import DATABASE, DISK, FILES

SHOWN_DAYS = 60
YEAR = 365


@dataclass(frozen=True)
class Grown:
    """Something without a limit of its own: octets now, and by how many it grows in a day (None while that cannot be
    told)."""

    used: int
    a_day: float | None
    on: date

    @property
    def in_a_year(self) -> int | None:
        """Octets in a year if it goes on like this."""
        return None if self.a_day is None else max(self.used, round(self.used + YEAR * self.a_day))


@dataclass(frozen=True)
class DayOfRoom:
    """What was measured on a day, in octets; None for what was not."""

    day: date
    disk: int | None
    database: int | None
    files: int | None


@dataclass(frozen=True)
class Room:
    """The whole: the disk with its outlook, database and files, mailboxes, and the days, oldest first. `days_left`:
    until the disk is full; None when it does not fill."""

    disk: Fill | None
    database: Grown | None
    files: Grown | None
    boxes: Sequence[BoxRow]
    days: Sequence[DayOfRoom]

    @property
    def days_left(self) -> int | None:
        """How many days the disk will do, counted from the last that was measured."""
        if self.disk is None or self.disk.outlook is None or self.disk.outlook.full_on is None or not self.days:
            return None
        return max(0, (self.disk.outlook.full_on - self.days[-1].day).days)


def room(reader: Connection, actor: Actor, today: date) -> Room:
    """For the administrator. Raises NotPermitted."""
    require(may_administer(actor))
    since = today - max(WINDOW, timedelta(days=SHOWN_DAYS))
    rows = reader.execute(
        select(fill_levels.c.place, fill_levels.c.day, fill_levels.c.used)
        .where(fill_levels.c.place.in_((DISK, DATABASE, FILES)), fill_levels.c.day > since)
        .order_by(fill_levels.c.day)
    ).all()
    of = {
        place: [Reading(row.day, row.used) for row in rows if row.place == place and row.used is not None]
        for place in (DISK, DATABASE, FILES)
    }
    by_day = {place: {one.day: one.used for one in readings} for place, readings in of.items()}
    days = sorted({row.day for row in rows})
    return Room(
        disk=disk(reader),
        database=_grown(of[DATABASE]),
        files=_grown(of[FILES]),
        boxes=boxes(reader, actor),
        days=[DayOfRoom(day, *(by_day[place].get(day) for place in (DISK, DATABASE, FILES))) for day in days],
    )


def _grown(readings: Sequence[Reading]) -> Grown | None:
    if not readings:
        return None
    return Grown(readings[-1].used, per_day(readings), readings[-1].day)
