"""The mail that answers somebody from outside who wants to look at a kept letter: whether he may, when and where. What
the letter is about is not in it: mail is read by others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from uuid import UUID

from saraban.domain.calendar import long_date, office_time
from saraban.exchange import headers
from saraban.exchange.entity import Frame, enclose, readable
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.exchange.thai import thai_digits


@dataclass(frozen=True)
class VisitAnswer:
    """What the mail tells: who is answered, about which letter, and what. `reason` is why not; empty when he may."""

    id: UUID
    agency: str
    mailbox: str
    to_name: str
    to_mailbox: str
    letter: str
    asked_on: date
    copies: bool
    comes_on: date | None
    reason: str


def visit_answer(told: VisitAnswer, at: datetime) -> Envelope:
    """The message. Its Message-ID comes from the visit's id: a visit is answered once."""
    message_id = headers.message_id(told.id, told.mailbox)
    lines = [
        headers.mailbox("From", told.agency, told.mailbox),
        headers.mailbox("To", told.to_name, told.to_mailbox),
        headers.unstructured("Subject", f"ผลคำขอดูหนังสือ {told.agency}"[:300]),
        headers.plain("Message-ID", message_id),
        headers.plain("Date", format_datetime(office_time(at).replace(microsecond=0))),
        headers.plain("Auto-Submitted", "auto-generated"),
    ]
    frame = Frame(message_id, told.mailbox, told.to_mailbox, OutboxKind.VISIT, "".join(lines))
    return enclose(frame, readable(_words(told)), lambda digest: b"")


def _words(told: VisitAnswer) -> str:
    asked = f"เรียน {told.to_name}\n\nตามที่ท่านขอดูหนังสือ {thai_digits(told.letter)} เมื่อวันที่ {_day(told.asked_on)}\n"
    if told.reason:
        return f"{asked}{told.agency} ไม่อาจอนุญาตได้\nเหตุผล {told.reason}\n\n{told.agency} {told.mailbox}\n"
    may = "ให้ดูและคัดลอกได้" if told.copies else "ให้ดูได้"
    day = f"วันที่ท่านนัดมาดู {_day(told.comes_on)}" if told.comes_on else "โปรดนัดวันกับเจ้าหน้าที่ก่อนมา"
    return (
        f"{asked}{told.agency} อนุญาต{may} ณ ที่เก็บ ต่อหน้าเจ้าหน้าที่ในเวลาราชการ\n{day}\n"
        "โปรดนำหลักฐานที่แสดงตนมาด้วย การดูไม่เสียค่าใช้จ่าย หนังสือนำออกจากที่เก็บไม่ได้\n\n"
        f"{told.agency} {told.mailbox}\n"
    )


def _day(day: date) -> str:
    return thai_digits(long_date(day))
