"""Closes of days and years, and who can prove them: roots that we gave to others and roots that others gave to us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.events import DayClosed
from saraban.domain.register import BookKind, EntryState
from saraban.reading.late_stamps import day_trouble
from saraban.storage.days import day_begins, office_day
from saraban.storage.tables.closing import close_troubles, day_closes, witnesses, year_closes
from saraban.storage.tables.journal import journal
from saraban.storage.tables.people import agencies, directory
from saraban.storage.tables.registers import books, entries, ledger


@dataclass(frozen=True)
class DayShown:
    """A closed day. `given_to` are the agencies that hold its root; `proven_by` those that can prove it by a later
    root, which takes this one in."""

    day: date
    lines: int
    root: Digest
    at: datetime
    stamped: bool
    given_to: Sequence[str] = ()
    proven_by: Sequence[str] = ()


@dataclass(frozen=True)
class YearShown:
    """A closed year."""

    year: int
    by: str
    at: datetime


@dataclass(frozen=True)
class CountShown:
    """What a year's statement says of one book."""

    title: str
    keeper: str
    first: int
    last: int
    used: int
    void: int
    corrected: int
    late: int


@dataclass(frozen=True)
class LaterChange:
    """Something that happened to a line after the statement of its year was sealed; `name` is that of the event."""

    entry_id: UUID
    kind: BookKind
    serial: int
    name: str
    at: datetime


@dataclass(frozen=True)
class YearStatementShown:
    """A closed year, what its statement says of each book, and the lines that changed since: how many and the first of
    what happened to them."""

    id: UUID
    year: int
    by: str
    at: datetime
    root: Digest
    counts: Sequence[CountShown]
    changed_lines: int
    changes: Sequence[LaterChange]


@dataclass(frozen=True)
class OpenYear:
    """A year that is over and has no statement; `reserved` numbers still wait for their letters."""

    year: int
    reserved: int


@dataclass(frozen=True)
class KeptRoot:
    """A root of another agency that we keep and can hold it to."""

    other_code: str
    other_name: str
    day: date
    root: Digest
    at: datetime


@dataclass(frozen=True)
class Contradiction:
    """Roots of another agency that cannot all be true of one register."""

    other_code: str
    other_name: str
    day: date
    roots: Sequence[Digest]
    reason: str


@dataclass(frozen=True)
class WitnessReport:
    """An agency's days with those who can prove them, and what it can prove of others."""

    code: str
    name: str
    days: Sequence[DayShown]
    kept: Sequence[KeptRoot]
    contradictions: Sequence[Contradiction] = field(default_factory=list)


def last_days(reader: Connection, actor: Actor, limit: int = 30) -> list[DayShown]:
    """The newest closed days of the actor's agency."""
    return _days(reader, actor.agency_id, limit)


def day(reader: Connection, actor: Actor, wanted: date) -> DayShown | None:
    """One closed day of the actor's agency."""
    return closed_days(reader, actor, [wanted]).get(wanted)


def closed_days(reader: Connection, actor: Actor, wanted: Sequence[date]) -> dict[date, DayShown]:
    """Those of these days that are closed, for the heads of days in a book."""
    return {one.day: one for one in _days(reader, actor.agency_id, None, *wanted)} if wanted else {}


def years(reader: Connection, actor: Actor) -> list[YearShown]:
    """The closed years of the actor's agency, the newest first."""
    statement = select(year_closes).where(year_closes.c.agency_id == actor.agency_id)
    return [YearShown(r.year, r.by, r.at) for r in reader.execute(statement.order_by(year_closes.c.year.desc()))]


def year_statement(reader: Connection, actor: Actor, year: int, most: int = 100) -> YearStatementShown | None:
    """The statement of a year as it was sealed, and what happened to the year's lines afterwards; None while there is
    no statement. Registers of classified information are for those who are cleared."""
    found = reader.execute(
        select(year_closes).where(year_closes.c.agency_id == actor.agency_id, year_closes.c.year == year)
    ).first()
    if found is None:
        return None
    shown = [kind for kind in BookKind if actor.clearance or not kind.secret]
    # The first of its lines: another tells of a time-stamp that came later.
    sealed = select(func.min(journal.c.seq)).where(
        journal.c.agency_id == actor.agency_id, journal.c.subject == found.id
    )
    of_year = select(books.c.id).where(
        books.c.agency_id == actor.agency_id, books.c.year == year, books.c.kind.in_(shown)
    )
    later = (
        ledger.c.agency_id == actor.agency_id,
        ledger.c.seq > sealed.scalar_subquery(),
        ledger.c.book_id.in_(of_year),
    )
    lines = reader.execute(select(func.count(ledger.c.entry_id.distinct())).where(*later)).scalar_one()
    rows = reader.execute(
        select(ledger.c.entry_id, books.c.kind, ledger.c.serial, ledger.c.name, ledger.c.at)
        .join(books, books.c.id == ledger.c.book_id)
        .where(*later)
        .order_by(ledger.c.seq)
        .limit(most)
    )
    return YearStatementShown(
        id=found.id,
        year=year,
        by=found.by,
        at=found.at,
        root=found.root,
        counts=[_count(one) for one in found.counts if BookKind(one["kind"]) in shown],
        changed_lines=lines,
        changes=[LaterChange(**row._mapping) for row in rows] if lines else [],
    )


def open_years(reader: Connection, actor: Actor, before: int) -> list[OpenYear]:
    """Years before this one that have books and no statement, the newest first."""
    closed = select(year_closes.c.year).where(year_closes.c.agency_id == actor.agency_id)
    waiting = (entries.c.book_id == books.c.id) & (entries.c.state == EntryState.RESERVED)
    found = (
        select(books.c.year, func.count(entries.c.id).label("reserved"))
        .outerjoin(entries, waiting)
        .where(books.c.agency_id == actor.agency_id, books.c.year < before, books.c.year.not_in(closed))
        .group_by(books.c.year)
        .order_by(books.c.year.desc())
    )
    return [OpenYear(row.year, row.reserved) for row in reader.execute(found)]


def open_days(reader: Connection, actor: Actor, today: date) -> int:
    """How many past days after the last close have lines, of registers or of the journal, and are not closed."""
    closed = select(day_closes.c.day, day_closes.c.until_seq).where(day_closes.c.agency_id == actor.agency_id)
    last = reader.execute(closed.order_by(day_closes.c.day.desc()).limit(1)).first()
    after = last.day if last is not None else date.min
    numbers = select(ledger.c.day).where(
        ledger.c.agency_id == actor.agency_id, ledger.c.day < today, ledger.c.day > after
    )
    told = select(office_day(journal.c.at)).where(
        journal.c.agency_id == actor.agency_id,
        journal.c.seq > (last.until_seq if last is not None else 0),
        journal.c.at < day_begins(today),
        journal.c.name != DayClosed.name,
    )
    days = {*reader.scalars(numbers.distinct()), *map(date.fromisoformat, reader.scalars(told.distinct()))}
    return sum(day > after for day in days)


def trouble(reader: Connection, actor: Actor) -> tuple[str, datetime] | None:
    """Why days could not be closed or stamped at the last try."""
    row = reader.execute(select(close_troubles).where(close_troubles.c.agency_id == actor.agency_id)).first()
    return (row.reason, row.at) if row is not None else day_trouble(reader, actor.agency_id)


def kept_roots(reader: Connection, actor: Actor, limit: int = 50) -> list[KeptRoot]:
    """Roots of others that the actor's agency keeps, the newest days first."""
    return _kept(reader, actor.agency_id, limit)


def contradictions(reader: Connection, agency_id: UUID) -> list[Contradiction]:
    """Roots of others that contradict each other: two for one day, or a day that does not follow the day before. Where
    the other agency is hosted here, its own close of that day must be the root that it gave."""
    kept = _kept(reader, agency_id, None)
    previous = {
        (r.other_code, r.day, r.root): r.previous
        for r in reader.execute(select(witnesses).where(witnesses.c.agency_id == agency_id, ~witnesses.c.given))
    }
    by_day: dict[tuple[str, date], list[KeptRoot]] = {}
    for one in kept:
        by_day.setdefault((one.other_code, one.day), []).append(one)
    found = []
    for (code, on), roots in sorted(by_day.items()):
        name = roots[0].other_name
        if len(roots) > 1:
            found.append(Contradiction(code, name, on, [r.root for r in roots], "ให้รากของวันเดียวกันไว้ไม่ตรงกัน"))
        before = {r.root for r in by_day.get((code, on - timedelta(days=1)), ())}
        told = {previous[(code, on, r.root)] for r in roots} - {None}
        if before and told and not told & before:
            both = sorted({*told, *before}, key=str)
            found.append(Contradiction(code, name, on, both, "รากก่อนหน้าไม่ใช่รากของวันก่อนที่เคยให้ไว้"))
    return found


def witness_reports(reader: Connection) -> list[WitnessReport]:
    """For each hosted agency, by code."""
    hosted = reader.execute(select(agencies.c.id, agencies.c.code, agencies.c.name).order_by(agencies.c.code)).all()
    return [
        WitnessReport(
            row.code,
            row.name,
            _days(reader, row.id, None),
            _kept(reader, row.id, None),
            [*contradictions(reader, row.id), *_denied(reader, row.id)],
        )
        for row in hosted
    ]


def _count(kept: Mapping[str, Any]) -> CountShown:
    return CountShown(**{name: kept[name] for name in CountShown.__dataclass_fields__})


def _denied(reader: Connection, agency_id: UUID) -> list[Contradiction]:
    """Roots that we keep of agencies hosted here whose own close of that day is another, or is gone."""
    now = day_closes.c.root.label("now")
    rows = reader.execute(
        select(witnesses.c.other_code, witnesses.c.day, witnesses.c.root, agencies.c.name, now)
        .join(agencies, agencies.c.code == witnesses.c.other_code)
        .outerjoin(day_closes, (day_closes.c.agency_id == agencies.c.id) & (day_closes.c.day == witnesses.c.day))
        .where(witnesses.c.agency_id == agency_id, ~witnesses.c.given)
        .order_by(witnesses.c.other_code, witnesses.c.day)
    )
    return [
        Contradiction(
            r.other_code,
            r.name,
            r.day,
            [r.root, *([r.now] if r.now is not None else [])],
            "การปิดวันในระบบตอนนี้ไม่ใช่รากที่เคยให้ไว้",
        )
        for r in rows
        if r.now != r.root
    ]


def _days(reader: Connection, agency_id: UUID, limit: int | None, *wanted: date) -> list[DayShown]:
    statement = select(
        day_closes.c.day,
        day_closes.c.lines,
        day_closes.c.root,
        day_closes.c.at,
        day_closes.c.time_stamp.is_not(None).label("stamped"),
    ).where(day_closes.c.agency_id == agency_id)
    if wanted:
        statement = statement.where(day_closes.c.day.in_(wanted))
    rows = reader.execute(statement.order_by(day_closes.c.day.desc()).limit(limit)).all()
    given: dict[tuple[date, Digest], list[str]] = {}
    reach: dict[str, date] = {}
    for r in reader.execute(select(witnesses).where(witnesses.c.agency_id == agency_id, witnesses.c.given)):
        given.setdefault((r.day, r.root), []).append(r.other_code)
        reach[r.other_code] = max(r.day, reach.get(r.other_code, r.day))
    return [
        DayShown(
            r.day,
            r.lines,
            r.root,
            r.at,
            r.stamped,
            sorted(given.get((r.day, r.root), [])),
            sorted(_later(reach.items(), r.day, given.get((r.day, r.root), []))),
        )
        for r in rows
    ]


def _later(reach: Iterable[tuple[str, date]], on: date, direct: Sequence[str]) -> list[str]:
    return [code for code, newest in reach if newest > on and code not in direct]


def _kept(reader: Connection, agency_id: UUID, limit: int | None) -> list[KeptRoot]:
    statement: Select[tuple[object, ...]] = (
        select(witnesses, directory.c.name)
        .outerjoin(directory, directory.c.code == witnesses.c.other_code)
        .where(witnesses.c.agency_id == agency_id, ~witnesses.c.given)
        .order_by(witnesses.c.day.desc(), witnesses.c.other_code, witnesses.c.at)
        .limit(limit)
    )
    return [KeptRoot(r.other_code, r.name or r.other_code, r.day, r.root, r.at) for r in reader.execute(statement)]
