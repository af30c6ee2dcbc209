"""The mail that reminds a receiver of a letter which it has not registered: plain words that answer the letter.

It is a person's act at the sender, so that it says nothing of being automatic (RFC 3834); it carries no manifest and
moves nothing. In-Reply-To names the letter, so that any mail program shows both together (RFC 5322, section 3.6.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from uuid import UUID, uuid5

from saraban.domain.calendar import office_time
from saraban.exchange import headers
from saraban.exchange.compose import REFERENCE
from saraban.exchange.entity import Frame, enclose, readable
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.exchange.parse import InboundMessage
from saraban.exchange.replies import answers
from saraban.exchange.thai import thai_date, thai_digits


@dataclass(frozen=True)
class Reminder:
    """Whom it goes to, and of which letter: `of` is the dispatch, `subject` empty where it may not be told; `received`
    when the receiver's system answered that it has the letter."""

    id: UUID
    of: UUID
    agency: str
    mailbox: str
    to_name: str
    to_mailbox: str
    number: str
    letter_date: date | None
    subject: str
    sent_on: date
    received: bool
    response_due: date | None = None


_MOST_TIMES = 50


def reminder_id(dispatch: UUID, time: int) -> UUID:
    """The id of the reminder of a dispatch for the first, second … time: it is the left part of its Message-ID, by
    which a receiver knows the mail for what it is."""
    return uuid5(dispatch, f"reminder {time}")


def reminds(message: InboundMessage) -> tuple[UUID, int] | None:
    """The dispatch of which a mail reminds, and for which time; None for any other mail."""
    own = message.message_id.strip("<>").rpartition("@")[0]
    for dispatch, by_program in answers(message):
        for time in range(1, _MOST_TIMES + 1) if by_program else ():
            if own == str(reminder_id(dispatch, time)):
                return dispatch, time
    return None


def reminder_mail(told: Reminder, at: datetime) -> Envelope:
    """The message. Its Message-ID comes from the reminder, so that the same reminder is one mail."""
    letter = headers.message_id(told.of, told.mailbox)
    message_id = headers.message_id(told.id, told.mailbox)
    about = f"ที่ {told.number} {told.subject}".strip()
    lines = [
        headers.mailbox("From", told.agency, told.mailbox),
        headers.mailbox("To", told.to_name, told.to_mailbox),
        headers.unstructured("Subject", f"ขอให้ลงทะเบียนรับหนังสือ {about}"[:300]),
        headers.plain("Message-ID", message_id),
        headers.plain("Date", format_datetime(office_time(at).replace(microsecond=0))),
        headers.plain("In-Reply-To", letter),
        headers.plain("References", letter),
    ]
    frame = Frame(message_id, told.mailbox, told.to_mailbox, OutboxKind.REMINDER, "".join(lines))
    return enclose(frame, readable(_words(told)), lambda digest: b"")


def _words(told: Reminder) -> str:
    day = f" ลงวันที่ {thai_date(told.letter_date)}" if told.letter_date is not None else ""
    subject = f"\nเรื่อง {told.subject}" if told.subject else ""
    state = "ระบบของท่านแจ้งว่าได้รับหนังสือแล้ว แต่ยังไม่มีเลขทะเบียนรับ" if told.received else "ยังไม่มีคำตอบว่าได้รับหนังสือฉบับนี้"
    due = f"\nขอให้ตอบภายในวันที่ {thai_date(told.response_due)}" if told.response_due is not None else ""
    return (
        f"เรียน เจ้าหน้าที่สารบรรณ {told.to_name}\n\n"
        f"{told.agency} ส่งหนังสือที่ {thai_digits(told.number)}{day} ถึงท่านเมื่อวันที่ {thai_date(told.sent_on)}{subject}\n\n"
        f"{state} ขอให้ลงทะเบียนรับ หรือแจ้งกลับหากหนังสือนี้ไม่ใช่ของท่าน{due}\n\n"
        "ท่านที่ลงทะเบียนรับแล้วตอบไปรษณีย์นี้พร้อมเลขทะเบียนรับได้\n\n"
        f"{REFERENCE} {told.of}\n"
    )
