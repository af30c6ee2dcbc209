"""The audit of the registers: lines against their ledger, the ledger against the journal; days are in `dayaudit.py`,
numbers in `bookcheck.py`. Together they fill the port Ledgers.

Everything is read in one snapshot, page by page, and as it lies in the database: what somebody spoiled is a finding.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Text, and_, exists, select, type_coerce

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Attachment
from saraban.domain.calendar import office_date
from saraban.domain.closing import DayClose
from saraban.domain.register import BookKind, RegisterEntry
from saraban.storage.bookcheck import check_books, moment_in
from saraban.storage.closing import DAYS
from saraban.storage.database import one_moment
from saraban.storage.dayaudit import altered_days, altered_years, given_roots
from saraban.storage.registers import entry_of
from saraban.storage.tables.closing import day_closes
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import files
from saraban.storage.tables.organisation import unit_name_in_year
from saraban.storage.tables.registers import books, corrections, entries, ledger
from saraban.usecases.registry import BookCheck, LedgerFault

MOST_FAULTS = 1_000
PAGE = 1_000
_UNREADABLE = (ValueError, TypeError, LookupError)
Told = Callable[[int], None]


def _raw(column: Any) -> Any:
    return type_coerce(column, Text).label(column.name)


_LEDGER_COLUMNS = [_raw(c) for c in ledger.c if c.name not in ("agency_id", "seq", "serial")]
_LEDGER = select(ledger.c.seq, ledger.c.serial, *_LEDGER_COLUMNS)


@dataclass(frozen=True)
class _Book:
    """What a fault says about a book, and what its lines are held against."""

    id: UUID
    name: str
    kind: BookKind
    year: int
    first: int

    def fault(self, serial: int, reason: str, day: object = None, entry_id: UUID | None = None) -> LedgerFault:
        """A fault in this book."""
        return LedgerFault(self.name, serial, reason, _day(day), entry_id, self.kind.secret, self.id)


@dataclass
class _Progress:
    """How many lines were read; who listens hears it page by page, also while the ledger is read."""

    told: Told | None
    done: int = 0

    def step(self, lines: int) -> None:
        """So many more."""
        self.done += lines
        if self.told is not None:
            self.told(self.done)


class LedgerAudit:
    """Checks over a reading engine (usecases.registry.Ledgers)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def books(self, agency_id: AgencyId, year: int | None = None) -> Sequence[BookCheck]:
        """Each book of the agency (of one year)."""
        with one_moment(self._engine) as connection:
            return check_books(connection, agency_id, year)

    def lines(self, agency_id: AgencyId) -> int:
        """How many lines there are, from the books' own ends: counting would take as long as reading."""
        with self._engine.connect() as connection:
            ends = select(books.c.first, books.c.last).where(books.c.agency_id == agency_id)
            return sum(row.last - row.first + 1 for row in connection.execute(ends))

    def faults(self, agency_id: AgencyId, told: Told | None = None) -> Sequence[LedgerFault]:
        """Everything that does not hold, at most 1,000 of a sort."""
        with one_moment(self._engine) as connection:
            known, progress = _books(connection, agency_id), _Progress(told)
            checks = (
                _altered_books(connection, agency_id, known),
                _altered_lines(connection, agency_id, known, progress),
                _lost_lines(connection, agency_id, known),
                _altered_ledger(connection, agency_id, known, progress),
                _lost_ledger(connection, agency_id, known),
                altered_days(connection, agency_id, {book.id: book.name for book in known.values()}),
                altered_years(connection, agency_id),
                given_roots(connection, agency_id),
            )
            return [fault for check in checks for fault in islice(check, MOST_FAULTS)]

    def days(self, agency_id: AgencyId) -> Iterator[DayClose]:
        """Every close of a day that can be read, the oldest first."""
        with self._engine.connect() as connection:
            order = select(day_closes.c.id).where(day_closes.c.agency_id == agency_id).order_by(day_closes.c.day)
            for close_id in connection.scalars(order).all():
                try:
                    yield DAYS.get(connection, close_id)
                except _UNREADABLE:
                    continue


def _books(connection: Connection, agency_id: AgencyId) -> dict[UUID, _Book]:
    rows = connection.execute(
        select(books, unit_name_in_year(books.c.unit_id, books.c.year, None).label("unit"))
        .where(books.c.agency_id == agency_id)
        .order_by(books.c.year, books.c.kind)
    )
    names = ((r, f"{r.kind.thai} {r.unit or ''}".strip()) for r in rows)
    return {r.id: _Book(r.id, f"{name} พ.ศ. {r.year}", r.kind, r.year, r.first) for r, name in names}


def _altered_books(connection: Connection, agency_id: AgencyId, known: dict[UUID, _Book]) -> Iterator[LedgerFault]:
    """A book says what was said when it was opened; one that opened by itself began with number 1."""
    texts = select(journal.c.text).where(journal.c.agency_id == agency_id, journal.c.name == "book.opened")
    opened = {value.get("thing_id"): value for value in map(_values, connection.scalars(texts))}
    for book in known.values():
        said = opened.pop(str(book.id), {"kind": book.kind.value, "year": book.year, "first": 1})
        if (said.get("kind"), said.get("year"), said.get("first")) != (book.kind.value, book.year, book.first):
            yield book.fault(0, "ชนิด ปี หรือเลขเริ่มต้นของเล่มไม่ตรงกับตอนเปิดทะเบียน")
    for said in opened.values():
        yield LedgerFault("", 0, f"ทะเบียนที่เคยเปิดหายไป: {said.get('kind')} ปี {said.get('year')} ของ{said.get('keeper')}")


def _altered_lines(
    connection: Connection, agency_id: AgencyId, known: dict[UUID, _Book], progress: _Progress
) -> Iterator[LedgerFault]:
    """Every line is hashed again and compared with the newest line of its ledger."""
    for book in known.values():
        misplaced = False
        for serials in _pages(connection, book):
            lines = _lines(connection, book, serials)
            for serial, line in lines:
                if line is None:
                    yield book.fault(serial, "รายการอ่านไม่ได้ ถูกแก้ไขนอกระบบ")
                elif (line.kind, line.year) != (book.kind, book.year) and not misplaced:
                    misplaced = True
                    yield book.fault(0, "ชนิดหรือปีของเล่มไม่ตรงกับรายการในเล่ม")
            page = [line for _, line in lines if line is not None]
            yield from _compared(connection, agency_id, book, page)
            yield from _corrections(connection, agency_id, book, page)
            progress.step(len(serials))


def _pages(connection: Connection, book: _Book) -> Iterator[list[int]]:
    after = -(2**31)
    while True:
        statement = (
            select(entries.c.serial)
            .where(entries.c.book_id == book.id, entries.c.serial > after)
            .order_by(entries.c.serial)
            .limit(PAGE)
        )
        serials = list(connection.scalars(statement))
        if not serials:
            return
        yield serials
        after = serials[-1]


def _lines(connection: Connection, book: _Book, serials: Sequence[int]) -> list[tuple[int, RegisterEntry | None]]:
    """The lines of these numbers with their files; None for one that cannot be read."""
    try:
        return _read(connection, book, serials)
    except _UNREADABLE:
        if len(serials) == 1:
            return [(serials[0], None)]
        return [line for serial in serials for line in _lines(connection, book, [serial])]


def _read(connection: Connection, book: _Book, serials: Sequence[int]) -> list[tuple[int, RegisterEntry | None]]:
    statement = select(entries).where(entries.c.book_id == book.id, entries.c.serial.in_(serials))
    found = {row["id"]: entry_of(row) for row in connection.execute(statement).mappings()}
    scans = select(files).where(files.c.owner_id.in_(found)).order_by(files.c.owner_id, files.c.ordinal)
    for f in connection.execute(scans):
        found[f.owner_id].files.append(Attachment(f.name, f.role, f.media_type, f.size, f.sha256))
    return sorted(((line.serial, line) for line in found.values()), key=lambda pair: pair[0])


def _compared(
    connection: Connection, agency_id: AgencyId, book: _Book, page: Sequence[RegisterEntry]
) -> Iterator[LedgerFault]:
    of_page = _LEDGER.where(ledger.c.agency_id == agency_id, ledger.c.entry_id.in_([line.id for line in page]))
    newest = {_uuid(row.entry_id): row for row in connection.execute(of_page.order_by(ledger.c.seq))}
    for line in page:
        last = newest.get(line.id)
        if last is None:
            yield book.fault(line.serial, "มีรายการในทะเบียนแต่ไม่มีในบัญชีเลข", entry_id=line.id)
            continue
        same = (line.digest().hex, line.serial, line.book_id) == (last.line, last.serial, _uuid(last.book_id))
        if not same:
            yield book.fault(line.serial, "รายการถูกแก้ไขนอกระบบ ข้อความไม่ตรงกับบัญชีเลข", last.day, line.id)


def _corrections(
    connection: Connection, agency_id: AgencyId, book: _Book, page: Sequence[RegisterEntry]
) -> Iterator[LedgerFault]:
    """What columns said before stands beside the line as it was told to the journal."""
    kept: dict[UUID, list[tuple[str, str]]] = {}
    rows = connection.execute(
        select(corrections)
        .where(corrections.c.entry_id.in_([line.id for line in page]))
        .order_by(corrections.c.entry_id, corrections.c.ordinal)
    )
    for row in rows:
        kept.setdefault(row.entry_id, []).append((f"{row.field}: {row.old} → {row.new}", row.reason))
    told = _rectified(connection, agency_id, list(kept))
    for line in page:
        here, there = kept.get(line.id, []), told.get(line.id)
        if len(here) != line.corrected or (there is not None and here != there):
            yield book.fault(line.serial, "ข้อความเดิมก่อนแก้ไขถูกเปลี่ยนนอกระบบ", entry_id=line.id)


def _rectified(
    connection: Connection, agency_id: AgencyId, ids: list[UUID]
) -> dict[UUID, list[tuple[str, str]] | None]:
    """The changes of these lines as the journal tells them; None for a line of which it does not tell all."""
    if not ids:
        return {}
    rows = connection.execute(
        select(ledger.c.entry_id, journal.c.text)
        .join(journal, and_(journal.c.agency_id == ledger.c.agency_id, journal.c.seq == ledger.c.seq))
        .where(ledger.c.agency_id == agency_id, ledger.c.entry_id.in_(ids), ledger.c.name == "number.rectified")
        .order_by(ledger.c.seq)
    )
    found: dict[UUID, list[tuple[str, str]] | None] = {}
    for row in rows:
        values = _values(row.text)
        changes, before = values.get("changes") or [], found.setdefault(row.entry_id, [])
        if not changes or before is None:
            found[row.entry_id] = None
        else:
            before += [(str(change), str(values.get("reason"))) for change in changes]
    return found


def _lost_lines(connection: Connection, agency_id: AgencyId, known: dict[UUID, _Book]) -> Iterator[LedgerFault]:
    """Lines of which only the ledger still knows, each told once."""
    there = exists().where(entries.c.id == ledger.c.entry_id)
    statement = _LEDGER.where(ledger.c.agency_id == agency_id, ~there).order_by(ledger.c.seq)
    seen: set[object] = set()
    for row in connection.execute(statement.limit(MOST_FAULTS)):
        if row.entry_id not in seen:
            seen.add(row.entry_id)
            yield _fault(known, row.book_id, row.serial, "มีในบัญชีเลขแต่รายการในทะเบียนหายไป", row.day)


def _altered_ledger(
    connection: Connection, agency_id: AgencyId, known: dict[UUID, _Book], progress: _Progress
) -> Iterator[LedgerFault]:
    """Every line of the ledger must say what the journal's line says, whose chain is checked beside this."""
    rows = connection.execute(
        _LEDGER.add_columns(journal.c.text, journal.c.name.label("event"), _raw(journal.c.at).label("told_at"))
        .outerjoin(journal, and_(journal.c.agency_id == ledger.c.agency_id, journal.c.seq == ledger.c.seq))
        .where(ledger.c.agency_id == agency_id)
        .order_by(ledger.c.seq)
        .execution_options(yield_per=PAGE)
    )
    for place, row in enumerate(rows):
        if place % PAGE == 0:
            progress.step(0)
        if not _agrees(row):
            yield _fault(known, row.book_id, row.serial, "บัญชีเลขไม่ตรงกับบันทึกเหตุการณ์", row.day)


def _lost_ledger(connection: Connection, agency_id: AgencyId, known: dict[UUID, _Book]) -> Iterator[LedgerFault]:
    """What the journal tells of numbers must stand in the ledger."""
    missing = (
        select(journal.c.seq, journal.c.text)
        .outerjoin(ledger, and_(journal.c.agency_id == ledger.c.agency_id, journal.c.seq == ledger.c.seq))
        .where(journal.c.agency_id == agency_id, journal.c.name.like("number.%"), ledger.c.seq.is_(None))
        .order_by(journal.c.seq)
        .limit(MOST_FAULTS)
    )
    for row in connection.execute(missing):
        values = _values(row.text)
        serial = values.get("serial")
        reason = f"บันทึกเหตุการณ์ลำดับ {row.seq} ไม่มีในบัญชีเลข"
        yield _fault(known, values.get("book_id"), serial if isinstance(serial, int) else 0, reason)


def _fault(known: dict[UUID, _Book], book_id: object, serial: int, reason: str, day: object = None) -> LedgerFault:
    book = known.get(_uuid(book_id) or UUID(int=0))
    return book.fault(serial, reason, day) if book is not None else LedgerFault("", serial, reason, _day(day))


def _agrees(row: Any) -> bool:
    values = _values(row.text)
    return bool(
        row.event == row.name
        and str(row.at) == str(row.told_at)
        and _day(row.day) == _office_day(row.at)
        and values.get("line") == row.line
        and values.get("serial") == row.serial
        and values.get("entry_id") == str(_uuid(row.entry_id))
        and values.get("book_id") == str(_uuid(row.book_id))
    )


def _values(text: object) -> dict[str, Any]:
    """The values of a line of the journal; none when it cannot be read."""
    try:
        values = json.loads(str(text))["values"]
    except _UNREADABLE:
        return {}
    return values if isinstance(values, dict) else {}


def _office_day(value: object) -> date | None:
    moment = moment_in(value)
    return office_date(moment) if moment is not None else None


def _uuid(value: object) -> UUID | None:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return None


def _day(value: object) -> date | None:
    try:
        return value if isinstance(value, date) or value is None else date.fromisoformat(str(value))
    except ValueError:
        return None
