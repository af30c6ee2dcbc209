"""The reading log in its tables (usecases.reading_log.Readings), and the check of the days that were tied into the
journal."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, exists, insert, select

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.closing import merkle_root
from saraban.domain.reading_log import Mark, Reading, ReadingsSealed
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.reading_log import reading_days, readings
from saraban.storage.tables.registers import entries
from saraban.usecases.proofs import JournalBreak
from saraban.usecases.reading_log import Owner

_AT_ONCE = 500
_FIELDS = tuple(Reading.__dataclass_fields__)


class ReadingBooks:
    """The log on the shelf."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, ids: Collection[UUID]) -> set[UUID]:
        """Which of these lines are there."""
        found: set[UUID] = set()
        for some in _in_pieces(ids):
            found |= set(self._connection.scalars(select(readings.c.id).where(readings.c.id.in_(some))))
        return found

    def owners(self, subjects: Collection[UUID]) -> Mapping[UUID, Owner]:
        """Whose they are."""
        found: dict[UUID, Owner] = {}
        for some in _in_pieces(subjects):
            for table in (letters, incoming, entries):
                rows = self._connection.execute(select(table.c.id, table.c.unit_id).where(table.c.id.in_(some)))
                found |= {row.id: Owner(row.unit_id) for row in rows}
        return found

    def recent(self, person_id: PersonId, since: datetime) -> Sequence[tuple[UUID, datetime]]:
        """What a person read since then."""
        one = (readings.c.person_id == person_id, readings.c.at >= since, readings.c.subject_id.is_not(None))
        return [(r.subject_id, r.at) for r in self._connection.execute(select(readings).where(*one))]

    def add(self, rows: Sequence[tuple[Reading, Owner | None, tuple[Mark, ...]]], today: date) -> None:
        """Add lines, late ones to today."""
        made = [_row(*row) for row in rows]
        days = {row["day"] for row in made}
        of_days = select(reading_days.c.agency_id, reading_days.c.day).where(reading_days.c.day.in_(days))
        tied = {(row.agency_id, row.day) for row in self._connection.execute(of_days)}
        for row in made:
            if (row["agency_id"], row["day"]) in tied:
                row["day"] = today
        if made:
            self._connection.execute(insert(readings), made)

    def open_day(self, agency_id: AgencyId, before: date) -> date | None:
        """The oldest day that is not tied in."""
        tied = exists().where(reading_days.c.agency_id == agency_id, reading_days.c.day == readings.c.day)
        waiting = select(readings.c.day).where(readings.c.agency_id == agency_id, readings.c.day < before, ~tied)
        return self._connection.scalars(waiting.order_by(readings.c.day).limit(1)).first()

    def day(self, agency_id: AgencyId, day: date) -> tuple[int, Digest]:
        """How many lines, and their root."""
        return root_of_day(self._connection, agency_id, day)

    def seal(self, agency_id: AgencyId, day: date, lines: int, root: Digest) -> None:
        """Keep that the day is tied in."""
        row = {"agency_id": agency_id, "day": day, "lines": lines, "root": root}
        self._connection.execute(insert(reading_days), row)


def root_of_day(connection: Connection, agency_id: AgencyId, day: date) -> tuple[int, Digest]:
    """How many lines of the log a day has, and the root over them in the order of their ids."""
    lines = 0

    def leaves() -> Iterator[bytes]:
        nonlocal lines
        of_day = select(readings).where(readings.c.agency_id == agency_id, readings.c.day == day)
        rows = connection.execute(of_day.order_by(readings.c.id).execution_options(yield_per=1000))
        for row in rows:
            lines += 1
            yield _read(row).leaf()

    root = merkle_root(leaves())
    return lines, root


def log_of_days(connection: Connection, agency_id: AgencyId, since: date, until: date) -> Iterator[tuple[Reading, str]]:
    """The lines of these days, both inclusive, the oldest first, each with what was unusual about it."""
    of_days = select(readings).where(readings.c.agency_id == agency_id, readings.c.day.between(since, until))
    rows = connection.execute(of_days.order_by(readings.c.at, readings.c.id).execution_options(yield_per=1000))
    for row in rows:
        yield _read(row), ", ".join(mark.thai for mark in Mark if f",{mark.value}," in row.marks)


def _read(row: Any) -> Reading:
    return Reading(**{name: getattr(row, name) for name in _FIELDS})


def day_faults(connection: Connection, agency_id: AgencyId) -> Iterator[JournalBreak]:
    """Days of the log that are no longer what the journal says of them."""
    told = select(journal.c.seq, journal.c.text).where(
        journal.c.agency_id == agency_id, journal.c.name == ReadingsSealed.name
    )
    for row in connection.execute(told.order_by(journal.c.seq)).all():
        try:
            values = json.loads(row.text)["values"]
            day, lines, root = date.fromisoformat(values["day"]), values["lines"], values["root"]
        except (KeyError, TypeError, ValueError):
            continue  # the chain's own check tells of it
        now, root_now = root_of_day(connection, agency_id, day)
        if (now, root_now.hex) != (lines, root):
            words = f"บันทึกการอ่านของวันที่ {day.isoformat()} ถูกแก้ไขภายหลัง (เดิม {lines} รายการ ขณะนี้ {now})"
            yield JournalBreak(row.seq, words)


def _row(reading: Reading, owner: Owner | None, marks: tuple[Mark, ...]) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in _FIELDS} | {
        "day": office_date(reading.at),
        "owner_unit_id": owner.unit_id if owner is not None else None,
        "marks": "".join(f",{mark.value}," for mark in marks),
    }


def _in_pieces(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    left = iter(ids)
    while some := list(islice(left, _AT_ONCE)):
        yield some
