"""The answer to a letter that came in ordinary mail: plain words with the receiving number, to a person who reads them.

The guideline of the OPDC on sending by mail asks a receiver to tell its receiving number. RFC 3834 says whom a program
may answer, and how: once, from the empty address, and marked so that no program answers it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from saraban.domain.calendar import office_time
from saraban.exchange import headers
from saraban.exchange.entity import Frame, enclose, readable
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.exchange.parse import InboundMessage
from saraban.exchange.thai import thai_digits, thai_moment

WHY_NOT = {
    "automatic": "ไปรษณีย์นี้เครื่องส่งมาเอง จึงไม่ตอบ",
    "list": "ไปรษณีย์นี้มาจากรายชื่อไปรษณีย์ (mailing list) จึงไม่ตอบ",
    "no-reply": "ที่อยู่ผู้ส่งไม่รับคำตอบ (no-reply) จึงไม่ตอบ",
    "no-address": "ไม่มีที่อยู่ผู้ส่งที่ตอบได้",
}
_NO_REPLY = re.compile(
    r"(?i)^(?:(?:do[-_.]?)?not?[-_.]?reply|mailer-?daemon|postmaster|bounces?|notifications?|notify|alerts?|newsletter|news"
    r"|listserv|majordomo|.*-(?:request|owner|bounces?)|owner-.*|.*no-?reply.*)(?:[+._=-].*)?@"
)


@dataclass(frozen=True)
class Answered:
    """What the answer tells: whose letter it was, and what it is called in our register; `following` are the lines by
    which somebody of the public follows it."""

    id: UUID
    agency: str
    mailbox: str
    to_name: str
    to_mailbox: str
    of: str
    subject: str
    number: str
    register_number: int
    year: int
    received_at: datetime
    registered_at: datetime
    following: str = ""


def why_no_answer(message: InboundMessage) -> str:
    """A key of WHY_NOT when nobody may be answered (RFC 3834, section 2); empty when a person may."""
    if not headers.is_address(message.from_address):
        return "no-address"
    if _NO_REPLY.match(message.from_address):
        return "no-reply"
    if message.from_list:
        return "list"
    if message.is_auto_reply or message.null_sender or message.bounce is not None or message.report is not None:
        return "automatic"
    return ""


def plain_answer(told: Answered, at: datetime) -> Envelope:
    """The message. Its Message-ID comes from the letter, so that one letter is answered once."""
    message_id = headers.message_id(told.id, told.mailbox)
    number = f"{thai_digits(str(told.register_number))}/{thai_digits(str(told.year))}"
    lines = [
        headers.mailbox("From", told.agency, told.mailbox),
        headers.mailbox("To", told.to_name, told.to_mailbox),
        headers.unstructured("Subject", f"ลงทะเบียนรับแล้ว เลขรับ {number}: {told.subject}"[:300]),
        headers.plain("Message-ID", message_id),
        headers.plain("Date", format_datetime(office_time(at).replace(microsecond=0))),
        headers.plain("Auto-Submitted", "auto-replied"),
    ]
    if headers.is_message_id(told.of):
        lines += [headers.plain("In-Reply-To", told.of), headers.plain("References", told.of)]
    frame = Frame(message_id, "", told.to_mailbox, OutboxKind.ANSWER, "".join(lines), fallback_from=told.mailbox)
    return enclose(frame, readable(_words(told, number)), lambda digest: b"")


def _words(told: Answered, number: str) -> str:
    called = f"ที่ {thai_digits(told.number)} " if told.number else ""
    return (
        f"{told.agency} ได้ลงทะเบียนรับหนังสือ{called}เรื่อง {told.subject} แล้ว\n\n"
        f"เลขทะเบียนรับ {number}\n"
        f"มาถึงกล่องไปรษณีย์ {thai_moment(told.received_at)}\n"
        f"ลงทะเบียน {thai_moment(told.registered_at)}\n\n"
        f"{told.following and told.following + chr(10)}"
        "ไม่ต้องส่งเอกสารฉบับกระดาษตามมา\n"
        "ระบบสารบรรณอิเล็กทรอนิกส์ส่งข้อความนี้เมื่อเจ้าหน้าที่ลงทะเบียนรับ ข้อความนี้ไม่ได้ลงตราอิเล็กทรอนิกส์\n"
    )
