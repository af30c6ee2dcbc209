"""The mail that tells a holder where to fetch a document: plain words with the link, to a person. The document itself
is not in it, and neither is what stands on it: mail is read by others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from saraban.domain.calendar import office_time
from saraban.exchange import headers
from saraban.exchange.entity import Frame, enclose, readable
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.exchange.thai import thai_digits


@dataclass(frozen=True)
class HolderMail:
    """What the mail tells: which agency issued what, and the link."""

    id: UUID
    agency: str
    mailbox: str
    to: str
    kind: str
    number: str
    link: str
    verify: str


def holder_mail(told: HolderMail, at: datetime) -> Envelope:
    """The message. Its Message-ID comes from the link's id, so that one link is one mail."""
    message_id = headers.message_id(told.id, told.mailbox)
    lines = [
        headers.mailbox("From", told.agency, told.mailbox),
        headers.mailbox("To", "", told.to),
        headers.unstructured("Subject", f"{told.agency} ออก{told.kind}ให้ท่านแล้ว"[:300]),
        headers.plain("Message-ID", message_id),
        headers.plain("Date", format_datetime(office_time(at).replace(microsecond=0))),
        headers.plain("Auto-Submitted", "auto-generated"),
    ]
    frame = Frame(message_id, told.mailbox, told.to, OutboxKind.HOLDER, "".join(lines))
    return enclose(frame, readable(_words(told)), lambda digest: b"")


def _words(told: HolderMail) -> str:
    verify = f"ใครก็ตรวจเอกสารนี้ได้ที่ {told.verify}\n" if told.verify else ""
    return (
        f"{told.agency} ออก{told.kind} เลขที่ {thai_digits(told.number)} ให้ท่านแล้ว\n\n"
        f"ดูและดาวน์โหลดเอกสารได้ที่\n{told.link}\n\n"
        f"{verify}"
        "ลิงก์นี้เป็นของท่านคนเดียว ใครมีลิงก์ก็เปิดเอกสารได้ อย่าส่งต่อ หน้านั้นไม่ถามเลขบัตรประชาชน รหัสผ่าน หรือเงิน\n"
        "เอกสารอิเล็กทรอนิกส์นี้ใช้ได้เหมือนฉบับกระดาษ ไม่ต้องขอฉบับกระดาษหรือสำเนาเพิ่ม\n"
    )
