"""Lines against their ledger, the ledger against the journal, days against their sealed roots: the port Ledgers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, and_, exists, func, select

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Attachment, Digest
from saraban.domain.closing import DayClose, LedgerLine, merkle_root
from saraban.storage.closing import uncovered
from saraban.storage.registers import entry_of
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.closing import day_closes
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import files
from saraban.storage.tables.registers import books, entries, ledger
from saraban.usecases.registry import LedgerFault

MOST_FAULTS = 1_000
_days: Shelf[DayClose] = plain_shelf(day_closes, DayClose)


class LedgerAudit:
    """Checks over a reading engine (usecases.registry.Ledgers)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def faults(self, agency_id: AgencyId) -> Sequence[LedgerFault]:
        """Everything that does not hold, at most 1,000 of a sort."""
        with self._engine.connect() as connection:
            names = _book_names(connection, agency_id)
            found: list[LedgerFault] = []
            for check in (_lines_without_ledger, _altered_lines, _altered_ledger, _altered_days):
                found += _at_most(check(connection, agency_id, names))
            return found


def _at_most(faults: Iterator[LedgerFault]) -> Iterator[LedgerFault]:
    for fault, _ in zip(faults, range(MOST_FAULTS), strict=False):
        yield fault


def _book_names(connection: Connection, agency_id: AgencyId) -> dict[UUID, str]:
    rows = connection.execute(select(books.c.id, books.c.kind, books.c.year).where(books.c.agency_id == agency_id))
    return {r.id: f"{r.kind.thai} ปี {r.year}" for r in rows}


def _lines_without_ledger(connection: Connection, agency_id: AgencyId, names: dict[UUID, str]) -> Iterator[LedgerFault]:
    told = exists().where(ledger.c.entry_id == entries.c.id)
    rows = connection.execute(
        select(entries.c.book_id, entries.c.serial).where(entries.c.agency_id == agency_id, ~told).limit(MOST_FAULTS)
    )
    for r in rows:
        yield LedgerFault(names.get(r.book_id, ""), r.serial, "มีรายการในทะเบียนแต่ไม่มีในบัญชีเลข")
    there = exists().where(entries.c.id == ledger.c.entry_id)
    rows = connection.execute(
        select(ledger.c.book_id, ledger.c.serial, ledger.c.day)
        .where(ledger.c.agency_id == agency_id, ~there)
        .limit(MOST_FAULTS)
    )
    for r in rows:
        yield LedgerFault(names.get(r.book_id, ""), r.serial, "มีในบัญชีเลขแต่รายการในทะเบียนหายไป", r.day)


def _altered_lines(connection: Connection, agency_id: AgencyId, names: dict[UUID, str]) -> Iterator[LedgerFault]:
    """Every line is hashed again and compared with the newest line of its ledger."""
    attached: dict[UUID, list[Attachment]] = defaultdict(list)
    scans = (
        select(files)
        .join(entries, entries.c.id == files.c.owner_id)
        .where(files.c.agency_id == agency_id)
        .order_by(files.c.owner_id, files.c.ordinal)
    )
    for f in connection.execute(scans):
        attached[f.owner_id].append(Attachment(f.name, f.role, f.media_type, f.size, f.sha256))
    newest = (
        select(ledger.c.entry_id, func.max(ledger.c.seq).label("seq"))
        .where(ledger.c.agency_id == agency_id)
        .group_by(ledger.c.entry_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            entries,
            ledger.c.line,
            ledger.c.day,
            ledger.c.serial.label("told_serial"),
            ledger.c.book_id.label("told"),
        )
        .join(newest, newest.c.entry_id == entries.c.id)
        .join(ledger, and_(ledger.c.agency_id == agency_id, ledger.c.seq == newest.c.seq))
        .where(entries.c.agency_id == agency_id)
        .order_by(entries.c.book_id, entries.c.serial)
        .execution_options(yield_per=1000)
    )
    for row in rows.mappings():
        entry = entry_of(row)
        entry.files = attached.get(entry.id, [])
        if entry.digest() != row["line"] or entry.serial != row["told_serial"] or entry.book_id != row["told"]:
            reason = "รายการถูกแก้ไขนอกระบบ ข้อความไม่ตรงกับบัญชีเลข"
            yield LedgerFault(names.get(entry.book_id, ""), entry.serial, reason, row["day"])


def _altered_ledger(connection: Connection, agency_id: AgencyId, names: dict[UUID, str]) -> Iterator[LedgerFault]:
    """Every line of the ledger must say what the journal's line says, whose chain is checked by `flask journal`."""
    rows = connection.execute(
        select(ledger, journal.c.text, journal.c.name.label("event"))
        .outerjoin(journal, and_(journal.c.agency_id == ledger.c.agency_id, journal.c.seq == ledger.c.seq))
        .where(ledger.c.agency_id == agency_id)
        .order_by(ledger.c.seq)
        .execution_options(yield_per=1000)
    )
    for r in rows:
        if not _agrees(r):
            yield LedgerFault(names.get(r.book_id, ""), r.serial, "บัญชีเลขไม่ตรงกับบันทึกเหตุการณ์", r.day)
    missing = (
        select(journal.c.seq)
        .outerjoin(ledger, and_(journal.c.agency_id == ledger.c.agency_id, journal.c.seq == ledger.c.seq))
        .where(journal.c.agency_id == agency_id, journal.c.name.like("number.%"), ledger.c.seq.is_(None))
        .limit(MOST_FAULTS)
    )
    for seq in connection.scalars(missing):
        yield LedgerFault("", 0, f"บันทึกเหตุการณ์ลำดับ {seq} ไม่มีในบัญชีเลข")


def _agrees(row: Any) -> bool:
    try:
        values = json.loads(row.text)["values"]
    except (TypeError, ValueError, KeyError):
        return False
    return bool(
        row.event == row.name
        and values.get("line") == row.line.hex
        and values.get("serial") == row.serial
        and values.get("entry_id") == str(row.entry_id)
        and values.get("book_id") == str(row.book_id)
    )


def _altered_days(connection: Connection, agency_id: AgencyId, names: dict[UUID, str]) -> Iterator[LedgerFault]:
    """Each day's root is made again from the ledger and compared with its sealed statement."""
    before: DayClose | None = None
    statement = select(day_closes).where(day_closes.c.agency_id == agency_id).order_by(day_closes.c.day)
    for close in _days.find(connection, statement):
        rows = connection.execute(
            select(ledger)
            .where(
                ledger.c.agency_id == agency_id,
                ledger.c.day <= close.day,
                ledger.c.seq <= close.until_seq,
                uncovered(before),
            )
            .order_by(ledger.c.seq)
        )
        lines = [LedgerLine(r.seq, r.book_id, r.entry_id, r.serial, r.name, r.line) for r in rows]
        yield from _compared(close, lines, names, before)
        before = close


def _compared(
    close: DayClose, lines: list[LedgerLine], names: dict[UUID, str], before: DayClose | None
) -> Iterator[LedgerFault]:
    try:
        told = json.loads(close.statement)
        roots = {UUID(b["id"]): b["root"] for b in told["books"]}
        agrees = told["root"] == close.root.hex and told["day"] == close.day.isoformat()
        previous = told.get("previous")
    except (ValueError, KeyError, TypeError):
        yield LedgerFault("", 0, "ถ้อยแถลงปิดวันอ่านไม่ได้", close.day)
        return
    if not agrees:
        yield LedgerFault("", 0, "ถ้อยแถลงปิดวันไม่ตรงกับแถวของวัน", close.day)
    if previous != (before.root.hex if before is not None else None):
        yield LedgerFault("", 0, "ถ้อยแถลงปิดวันไม่ต่อจากวันก่อนหน้า", close.day)
    by_book = {
        book: merkle_root([line.leaf() for line in group])
        for book, group in groupby(sorted(lines, key=lambda x: (str(x.book_id), x.seq)), key=lambda x: x.book_id)
    }
    for book in {*roots, *by_book}:
        if by_book.get(book, Digest.of(b"")).hex != roots.get(book):
            yield LedgerFault(names.get(book, ""), 0, "รายการของวันไม่ตรงกับรากที่ลงตราไว้", close.day)
