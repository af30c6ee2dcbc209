"""The lines of a register on their way to paper or into a sheet: a book in the order of its numbers, as the person who
ordered it may see it. Lines are read in pages, so that a book of any length takes the memory of one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, func, select

from saraban.domain.actor import Actor
from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.permissions import may_read_registers, require
from saraban.domain.register import BookKind, EntryState, caption
from saraban.reading.lines import as_seen, lines_as_seen
from saraban.reading.register_filters import Filters
from saraban.reading.registers import EntryRow
from saraban.storage.tables.organisation import unit_name_in_year
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import books, corrections, entries
from saraban.usecases.papers import RegisterHead, RegisterLine
from saraban.usecases.printing import Printout

LINES_AT_ONCE = 500
_RESERVED_WORDS = "จองเลข"
_LOWEST = select(func.min(entries.c.serial)).where(entries.c.book_id == books.c.id).scalar_subquery()


@dataclass(frozen=True)
class PrintedBook:
    """A book that can be printed: what its head says, and its lowest and last number."""

    id: UUID
    kind: BookKind
    year: int
    agency_name: str
    keeper: str
    lowest: int
    last: int


@contextmanager
def open_printout(engine: Engine, actor: Actor, order: Mapping[str, Any]) -> Iterator[Printout]:
    """The lines that the order asks for: `book` (its kind), `year`, `unit` (the code of the unit that keeps it, or
    nothing) and `filters` as their `written()` says. Raises NotFound without such a book."""
    filters = Filters.read(order.get("filters") or {})
    with engine.connect() as reader:
        book = printed_book(reader, actor, BookKind(order["book"]), int(order["year"]), str(order.get("unit") or ""))
        conditions = [entries.c.book_id == book.id, *filters.conditions(actor, secret=book.kind.secret)]
        total = reader.execute(select(func.count()).select_from(entries).where(*conditions)).scalar_one()
        yield Printout(register_head(book, filters), total, _lines(reader, actor, book.kind, conditions))


def printed_book(reader: Connection, actor: Actor, kind: BookKind, year: int, unit_code: str) -> PrintedBook:
    """A book of the actor's agency; NotFound when there is none."""
    require(may_read_registers(actor))
    found = reader.execute(
        select(
            books.c.id,
            func.coalesce(_LOWEST, books.c.first).label("lowest"),
            books.c.last,
            agencies.c.name.label("agency_name"),
            func.coalesce(unit_name_in_year(books.c.unit_id, books.c.year, actor.on), agencies.c.name).label("keeper"),
        )
        .select_from(
            books.join(agencies, agencies.c.id == books.c.agency_id).outerjoin(units, units.c.id == books.c.unit_id)
        )
        .where(
            books.c.agency_id == actor.agency_id,
            books.c.kind == kind,
            books.c.year == year,
            units.c.code == unit_code if unit_code else books.c.unit_id.is_(None),
        )
    ).first()
    if found is None:
        raise NotFound("ยังไม่มีทะเบียนเล่มนี้")
    return PrintedBook(found.id, kind, year, found.agency_name, found.keeper, found.lowest, found.last)


def anything_to_print(reader: Connection, actor: Actor, book: PrintedBook, filters: Filters) -> bool:
    """Does any line of the book answer to the filters?"""
    conditions = filters.conditions(actor, secret=book.kind.secret)
    found = select(entries.c.id).where(entries.c.book_id == book.id, *conditions).limit(1)
    return reader.execute(found).first() is not None


def register_head(book: PrintedBook, filters: Filters) -> RegisterHead:
    """What stands over the printed lines."""
    return RegisterHead(
        title=book.kind.thai,
        form=book.kind.form,
        serial_caption=book.kind.serial_caption,
        agency_name=book.agency_name,
        keeper=book.keeper,
        year=book.year,
        since=filters.entered_from,
        until=filters.entered_to,
        secrecy=Secrecy.CONFIDENTIAL if book.kind.secret else Secrecy.OPEN,
    )


def _lines(
    reader: Connection, actor: Actor, kind: BookKind, conditions: Sequence[ColumnElement[bool]]
) -> Iterator[RegisterLine]:
    statement = lines_as_seen(EntryRow, actor).where(*conditions).order_by(entries.c.serial).limit(LINES_AT_ONCE)
    after = 0
    while rows := reader.execute(statement.where(entries.c.serial > after)).all():
        lines = [as_seen(EntryRow, row) for row in rows]
        told = _corrections(reader, [line.id for line in lines if line.corrected and not line.masked])
        for line in lines:
            yield _line(line, kind, told.get(line.id, []))
        after = lines[-1].serial


def _line(line: EntryRow, kind: BookKind, corrected: list[str]) -> RegisterLine:
    """A line as the form has it."""
    return RegisterLine(
        serial=line.serial,
        state=line.state,
        day=office_date(line.at),
        number=line.number,
        letter_date=line.letter_date,
        sender=line.sender,
        addressee=line.addressee,
        subject=line.subject,
        practice=line.practice,
        remark="\n".join(_remarks(line, kind, corrected)),
        urgency=line.urgency,
        secrecy=line.secrecy,
    )


def _remarks(line: EntryRow, kind: BookKind, corrected: list[str]) -> list[str]:
    """What stands under หมายเหตุ: void with reason and authority, reserved, the note, late entry, corrections."""
    found = []
    if line.state is EntryState.VOID:
        reason = f": {line.void_reason}" if line.void_reason else ""
        authority = f" ({line.void_authority})" if line.void_authority else ""
        found.append(f"ยกเลิก{reason}{authority}")
    if line.state is EntryState.RESERVED and not line.note.startswith(_RESERVED_WORDS):
        found.append("จองไว้")
    if line.note:
        found.append(line.note)
    if line.received_at is not None and line.is_late:
        found.append(f"{'รับจริง' if kind.incoming else 'ส่งจริง'} {_day(office_date(line.received_at))}")
    return found + corrected


def _corrections(reader: Connection, ids: list[UUID]) -> dict[UUID, list[str]]:
    """What rectified lines said before, by line."""
    found: dict[UUID, list[str]] = {}
    if ids:
        statement = select(corrections).where(corrections.c.entry_id.in_(ids))
        for row in reader.execute(statement.order_by(corrections.c.entry_id, corrections.c.ordinal)):
            old = _said(row.field, row.old)
            before = f"เดิม “{old}”" if old else "เดิมว่าง"
            said = f"แก้{caption(row.field)} {before} {_day(office_date(row.at))}"
            found.setdefault(row.entry_id, []).append(said)
    return found


def _said(field: str, old: str) -> str:
    """A value as it was kept, in the words of the form."""
    if field == "urgency":
        return Urgency(old).thai or "ปกติ"
    if field == "secrecy":
        return Secrecy(old).thai or "ปกติ"
    if field == "letter_date" and old:
        return _day(date.fromisoformat(old))
    if field == "received_at" and old:
        return _day(office_date(datetime.fromisoformat(old)))
    return old


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year + BUDDHIST_OFFSET}"
