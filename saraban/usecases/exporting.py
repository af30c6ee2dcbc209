"""The receivers of a letter are taken away as a sheet: their states, times, numbers and the class of the evidence."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.attachment import safe_name
from saraban.domain.calendar import BUDDHIST_OFFSET, office_time
from saraban.domain.dispatch import DispatchState, EvidenceKind
from saraban.domain.dispatch_events import ReceiversExported
from saraban.usecases.ports import Doer, Made, Services, Step
from saraban.usecases.registry import Errand

ERRAND = "receivers-sheet"
_IN_MEMORY, _LARGEST = 8_000_000, 500_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    *("ลำดับ", "รหัส", "ส่วนราชการผู้รับ", "ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์", "สถานะ", "ส่งเมื่อ", "ได้รับเมื่อ", "ลงรับเมื่อ"),
    *("เลขทะเบียนรับ", "ปี พ.ศ.", "หลักฐาน", "เตือนแล้ว (ครั้ง)", "เตือนล่าสุด", "ปัญหา"),
)
_WIDTHS = (8, 14, 40, 32, 16, 18, 18, 18, 14, 9, 22, 12, 18, 40)
STATES = {
    DispatchState.QUEUED: "รอส่ง",
    DispatchState.SENT: "ส่งแล้ว",
    DispatchState.RELAYED: "ถึงเครื่องปลายทาง",
    DispatchState.RECEIVED: "ได้รับแล้ว รอลงรับ",
    DispatchState.INVALID: "ไฟล์ไม่สมบูรณ์",
    DispatchState.UNDELIVERED: "ไม่มีหลักฐานการรับ",
    DispatchState.REFUSED: "ส่งคืน",
    DispatchState.FORWARDED: "ส่งต่อแล้ว",
    DispatchState.RECALLED: "เรียกคืนแล้ว",
    DispatchState.REGISTERED: "ลงรับแล้ว",
    DispatchState.COMPLETED: "ดำเนินการเสร็จ",
}
PROOFS = {
    EvidenceKind.RECEIPT: "ใบตอบรับลงตรา",
    EvidenceKind.SMTP_REPLY: "คำตอบของเครื่องส่ง",
    EvidenceKind.DSN: "ใบแจ้งผลของเครื่องปลายทาง",
    EvidenceKind.LINK: "ผู้รับกดลิงก์ (ไม่มีลายมือชื่อ)",
    EvidenceKind.REPLY: "อีเมลตอบ (ไม่มีลายมือชื่อ)",
    EvidenceKind.PHONE: "โทรศัพท์ (ไม่มีลายมือชื่อ)",
}


@dataclass(frozen=True)
class ReceiverLine:
    """A receiver as a line of the sheet."""

    code: str
    name: str
    mailbox: str
    state: DispatchState
    sent_at: datetime | None
    received_at: datetime | None
    registered_at: datetime | None
    register_number: str
    register_year: int | None
    proved_by: EvidenceKind | None
    reminders: int
    reminded_at: datetime | None
    problem: str


@dataclass(frozen=True)
class ReceiverSheet:
    """What is to be written: the letter, how many lines there will be, and the lines."""

    letter_id: UUID
    number: str
    subject: str
    total: int
    lines: Iterator[ReceiverLine]


ReceiverSource = Callable[[Actor, Mapping[str, Any]], AbstractContextManager[ReceiverSheet]]
"""Opens the receivers that a person may see for an order: the letter, a group and words."""


def receivers_exporter(source: ReceiverSource) -> Doer:
    """The doer that writes the receivers of a letter as a sheet: XLSX, or CSV when the order says so."""

    def work(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        with source(actor, errand.order) as found, tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            out = cast(BinaryIO, file)
            rows = _rows(found, step)
            csv = errand.order.get("format") == "csv"
            if csv:
                for piece in office.spreadsheets.write_csv(COLUMNS, rows):
                    out.write(piece)
            else:
                heading = [f"ผู้รับหนังสือที่ {found.number}", f"เรื่อง {found.subject}"]
                office.spreadsheets.write_xlsx("ผู้รับ", COLUMNS, rows, out, heading=heading, widths=_WIDTHS)
            out.seek(0)
            digest, _ = office.blobs.keep_stream(out, _LARGEST)
            with office.uow() as uow:
                at = office.clock.now()
                uow.record(ReceiversExported(at=at, by=actor, letter_id=found.letter_id, count=found.total))
                uow.commit()
            name = safe_name(f"ผู้รับ {found.number}.{'csv' if csv else 'xlsx'}")
            return Made(found.total, name, "text/csv; charset=utf-8" if csv else XLSX, digest)

    return work


def _rows(found: ReceiverSheet, step: Step) -> Iterator[Sequence[object]]:
    for place, line in enumerate(found.lines, start=1):
        if place % 500 == 0:
            step(place, found.total)
        yield [
            place,
            line.code,
            line.name,
            line.mailbox,
            STATES[line.state],
            _moment(line.sent_at),
            _moment(line.received_at),
            _moment(line.registered_at),
            line.register_number,
            line.register_year,
            _proof(line),
            line.reminders,
            _moment(line.reminded_at),
            line.problem,
        ]


def _proof(line: ReceiverLine) -> str:
    """What the state stands on; that nothing came back in time is said by ourselves."""
    if line.state is DispatchState.UNDELIVERED:
        return "ถ้อยแถลงลงตราของผู้ส่งเอง"
    return PROOFS[line.proved_by] if line.proved_by is not None else ""


def _moment(value: datetime | None) -> str:
    """A moment as clerks write it in sheets: 23/11/2569 09.30."""
    if value is None:
        return ""
    there = office_time(value)
    return f"{there.day:02}/{there.month:02}/{there.year + BUDDHIST_OFFSET} {there:%H.%M}"
