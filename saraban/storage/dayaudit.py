"""Closes against what they closed: each day's roots are made again from the ledger and compared with what was sealed,
with the journal, and with what other agencies were given."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, select, type_coerce

from saraban.domain.agency import AgencyId
from saraban.domain.closing import DayClose, DaySummary
from saraban.exchange.closes import DayStatement, read_day_statement
from saraban.exchange.wirejson import Malformed
from saraban.storage.closing import DAYS, roots_of_day
from saraban.storage.tables.closing import day_closes, witnesses, year_closes
from saraban.storage.tables.journal import journal
from saraban.usecases.registry import LedgerFault

_UNREADABLE = (ValueError, TypeError, LookupError)


def altered_days(connection: Connection, agency_id: AgencyId, names: Mapping[UUID, str]) -> Iterator[LedgerFault]:
    """Closes that do not hold: gone, added, altered, or over other lines than the ledger has now."""
    told = _told(connection, agency_id, "day.closed")
    before: DayClose | None = None
    ids = select(day_closes.c.id, day_closes.c.day).where(day_closes.c.agency_id == agency_id)
    for row in connection.execute(ids.order_by(day_closes.c.day)).all():
        event = told.pop(str(row.id), {})
        try:
            close = DAYS.get(connection, row.id)
            statement = read_day_statement(close.statement)
        except (*_UNREADABLE, Malformed):
            yield LedgerFault("", 0, "ถ้อยแถลงปิดวันอ่านไม่ได้ ถูกแก้ไขนอกระบบ", row.day)
            continue
        said = (event.get("root"), event.get("day"), event.get("lines"))
        if said != (close.root.hex, close.day.isoformat(), close.lines):
            yield LedgerFault("", 0, "การปิดวันไม่ตรงกับบันทึกเหตุการณ์", close.day)
        for reason in _disagreements(connection, close, statement, before):
            yield LedgerFault("", 0, reason, close.day)
        yield from _roots(connection, close, statement, before, names)
        before = close
    for event in told.values():
        yield LedgerFault("", 0, f"การปิดวัน {event.get('day')} ที่ลงตราไว้หายไป")


def altered_years(connection: Connection, agency_id: AgencyId) -> Iterator[LedgerFault]:
    """Statements of years that are gone, added, or another page than was sealed."""
    told = {(v.get("year"), v.get("statement")) for v in _told(connection, agency_id, "year.closed").values()}
    rows = connection.execute(
        select(year_closes.c.year, type_coerce(year_closes.c.page, Text).label("page")).where(
            year_closes.c.agency_id == agency_id
        )
    )
    for year, _ in told.symmetric_difference({(row.year, row.page) for row in rows}):
        yield LedgerFault("", 0, f"รายงานปิดปี {year} ไม่ตรงกับบันทึกเหตุการณ์")


def given_roots(connection: Connection, agency_id: AgencyId) -> Iterator[LedgerFault]:
    """Roots that other agencies were given and that are no longer those of their days."""
    rows = connection.execute(
        select(witnesses.c.other_code, witnesses.c.day, type_coerce(day_closes.c.root, Text).label("now"))
        .outerjoin(
            day_closes, (day_closes.c.agency_id == witnesses.c.agency_id) & (day_closes.c.day == witnesses.c.day)
        )
        .where(
            witnesses.c.agency_id == agency_id,
            witnesses.c.given,
            day_closes.c.root.is_(None) | (type_coerce(day_closes.c.root, Text) != type_coerce(witnesses.c.root, Text)),
        )
        .order_by(witnesses.c.day, witnesses.c.other_code)
    )
    for row in rows:
        yield LedgerFault("", 0, f"รากของวันไม่ตรงกับที่เคยส่งให้ {row.other_code} ไว้กับใบตอบรับ", row.day)


def _told(connection: Connection, agency_id: AgencyId, name: str) -> dict[str, dict[str, Any]]:
    """The values of the journal's events of this name, by the id of what they are about."""
    texts = select(journal.c.text).where(journal.c.agency_id == agency_id, journal.c.name == name)
    found: dict[str, dict[str, Any]] = {}
    for text in connection.scalars(texts):
        try:
            values = json.loads(text)["values"]
            found[str(values["thing_id"])] = values
        except _UNREADABLE:
            continue  # the journal's own check tells of it
    return found


def _disagreements(
    connection: Connection, close: DayClose, statement: DayStatement, before: DayClose | None
) -> Iterator[str]:
    row = (close.root, close.day, close.until_seq, close.at.replace(microsecond=0))
    if row != (statement.root, statement.day, statement.until_seq, statement.at):
        yield "ถ้อยแถลงปิดวันไม่ตรงกับแถวของวัน"
    if statement.previous != (before.root if before is not None else None):
        yield "ถ้อยแถลงปิดวันไม่ต่อจากวันก่อนหน้า"
    head = connection.execute(
        select(type_coerce(journal.c.digest, Text)).where(
            journal.c.agency_id == close.agency_id, journal.c.seq == statement.until_seq
        )
    ).scalar()
    if head != statement.head.hex:
        yield "บันทึกเหตุการณ์ไม่ตรงกับหัวที่ลงตราไว้ในวันนั้น"


def _roots(
    connection: Connection,
    close: DayClose,
    statement: DayStatement,
    before: DayClose | None,
    names: Mapping[UUID, str],
) -> Iterator[LedgerFault]:
    try:
        books = roots_of_day(connection, close.agency_id, day=close.day, until_seq=close.until_seq, after=before)
    except _UNREADABLE:
        yield LedgerFault("", 0, "บัญชีเลขของวันอ่านไม่ได้", close.day)
        return
    now = {book.book_id: book.root for book in books}
    differing = [book for book in {**now, **statement.books} if now.get(book) != statement.books.get(book)]
    for book in differing:
        yield LedgerFault(names.get(book, ""), 0, "รายการของวันไม่ตรงกับรากที่ลงตราไว้", close.day, book_id=book)
    again = DaySummary(close.day, statement.previous, statement.until_seq, statement.head, books)
    if not differing and again.root != statement.root:
        yield LedgerFault("", 0, "รากของวันไม่ตรงกับถ้อยแถลงที่ลงตราไว้", close.day)
