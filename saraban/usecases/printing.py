"""Registers on paper and as sheets, made in the background; slips, envelopes and cards at once (forms 13 to 18)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, cast
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.attachment import safe_name
from saraban.domain.calendar import BUDDHIST_OFFSET
from saraban.domain.errors import BadInput
from saraban.domain.events import RegisterPrinted
from saraban.usecases.papers import (
    CardLine,
    DeliveryLine,
    EnvelopeFace,
    EnvelopeSize,
    ReceiptSlip,
    ReceivingStamp,
    RegisterHead,
    RegisterLine,
)
from saraban.usecases.ports import Doer, Made, Services, Step
from saraban.usecases.registry import Errand

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SLIPS = 500
_LARGEST = 500_000_000
_IN_MEMORY = 8_000_000
_WIDTHS = (10, 18, 12, 24, 24, 42, 18, 30, 11, 11, 9, 12, 8)
"""Of the columns of an exported register, in characters."""


@dataclass(frozen=True)
class Printout:
    """What is to be printed: the head, how many lines there will be, and the lines in the order of the book."""

    head: RegisterHead
    total: int
    lines: Iterator[RegisterLine]


LineSource = Callable[[Actor, Mapping[str, Any]], AbstractContextManager[Printout]]
"""Opens the lines that a person may see for an order: the book, its year and keeper, and the filters of the list."""


def register_printer(source: LineSource) -> Doer:
    """The doer that prints a register as its form asks, as PDF."""

    def work(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        with source(actor, errand.order) as found, tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            out = cast(BinaryIO, file)
            office.papers.register(found.head, found.lines, out, lambda done: step(done, found.total))
            return _kept(office, errand, actor, out, found, "pdf", PDF)

    return work


def register_exporter(source: LineSource) -> Doer:
    """The doer that writes a register as a sheet: XLSX, or CSV when the order says so."""

    def work(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        with source(actor, errand.order) as found, tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            out = cast(BinaryIO, file)
            rows = _counted(found, step)
            if errand.order.get("format") == "csv":
                in_words = ([_day(cell) if isinstance(cell, date) else cell for cell in row] for row in rows)
                for piece in office.spreadsheets.write_csv(sheet_columns(found.head), in_words):
                    out.write(piece)
                return _kept(office, errand, actor, out, found, "csv", "text/csv; charset=utf-8")
            office.spreadsheets.write_xlsx(
                found.head.title,
                sheet_columns(found.head),
                rows,
                out,
                heading=_heading(found.head),
                widths=_WIDTHS,
            )
            return _kept(office, errand, actor, out, found, "xlsx", XLSX)

    return work


def sheet_columns(head: RegisterHead) -> list[str]:
    """The headings of an exported register: the form's columns, and what the form has no place for."""
    return [
        head.serial_caption,
        head.number_caption,
        "ลงวันที่",
        "จาก",
        "ถึง",
        "เรื่อง",
        "การปฏิบัติ",
        "หมายเหตุ",
        "ชั้นความเร็ว",
        "ชั้นความลับ",
        "สถานะ",
        "วันที่ลงทะเบียน",
        "ปี พ.ศ.",
    ]


def _heading(head: RegisterHead) -> list[str]:
    """What stands over the form: the register, whose it is, and its year or days."""
    form = f" (แบบที่ {head.form})" if head.form.isdigit() else f" ({head.form})" if head.form else ""
    keeper = "" if head.keeper == head.agency_name else f" {head.keeper}"
    since = f" ตั้งแต่วันที่ {_day(head.since)}" if head.since else ""
    until = f" ถึงวันที่ {_day(head.until)}" if head.until else ""
    return [
        f"{head.title}{form} {head.secrecy.thai}".rstrip(),
        f"{head.agency_name}{keeper}",
        f"ประจำปี พ.ศ. {head.year}{since}{until}",
    ]


def envelopes(office: Services, *, size: EnvelopeSize, faces: Sequence[EnvelopeFace]) -> bytes:
    """Envelopes to be printed (form 15)."""
    return office.papers.envelopes(size, _some(faces))


def receipt_slips(office: Services, *, slips: Sequence[ReceiptSlip]) -> bytes:
    """ใบรับหนังสือ (form 17), one page each."""
    return office.papers.receipt_slips(_some(slips))


def delivery_book(office: Services, *, agency_name: str, day: date, lines: Sequence[DeliveryLine]) -> bytes:
    """สมุดส่งหนังสือ (form 16) of a day."""
    return office.papers.delivery_book(agency_name, day, _some(lines))


def search_card(office: Services, *, subject: str, code: str, lines: Sequence[CardLine]) -> bytes:
    """บัตรตรวจค้น (form 18) of a subject."""
    return office.papers.search_card(subject, code, _some(lines))


def reserved_block(
    office: Services, *, head: RegisterHead, serials: Sequence[int], numbers: Sequence[str], reason: str
) -> bytes:
    """The sheet with reserved numbers, to be filled in by hand while the system is out."""
    return office.papers.reserved_block(head, _some(serials), numbers, reason)


def sticker(office: Services, *, stamp: ReceivingStamp) -> bytes:
    """The receiving stamp of a letter on paper, to be stuck on (form 12)."""
    return office.papers.sticker(stamp)


def _some(items: Sequence[Any]) -> Sequence[Any]:
    if not items:
        raise BadInput({"entries": "เลือกรายการที่จะพิมพ์ก่อน"})
    if len(items) > MOST_SLIPS:
        raise BadInput({"entries": f"พิมพ์ได้ครั้งละไม่เกิน {MOST_SLIPS} รายการ"})
    return items


def _counted(found: Printout, step: Step) -> Iterator[Sequence[object]]:
    for done, line in enumerate(found.lines, start=1):
        if done % 500 == 0:
            step(done, found.total)
        yield _cells(found.head, line)


def _cells(head: RegisterHead, line: RegisterLine) -> Sequence[object]:
    return [
        line.serial,
        line.number,
        line.letter_date,
        line.sender,
        line.addressee,
        line.subject,
        line.practice,
        line.remark.replace("\n", "; "),
        line.urgency.thai,
        line.secrecy.thai,
        {"used": "ใช้แล้ว", "reserved": "จอง", "void": "ยกเลิก"}[line.state.value],
        line.day,
        head.year,
    ]


def _day(day: date) -> str:
    """A day as clerks write it in sheets: 23/11/2569."""
    return f"{day.day:02}/{day.month:02}/{day.year + BUDDHIST_OFFSET}"


def _kept(
    office: Services, errand: Errand, actor: Actor, out: BinaryIO, found: Printout, ending: str, media_type: str
) -> Made:
    out.seek(0)
    digest, _ = office.blobs.keep_stream(out, _LARGEST)
    with office.uow() as uow:
        uow.record(RegisterPrinted(at=office.clock.now(), by=actor, thing_id=uuid4(), title=errand.title))
        uow.commit()
    name = safe_name(f"{found.head.title} {found.head.year}.{ending}")
    return Made(found.total, name, media_type, digest)
