"""Mails to participants of a meeting: their own link, word that it is at another time or place or not held, that its
minutes lie in the pack, and one-time codes for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from saraban.domain.calendar import office_time
from saraban.exchange import headers
from saraban.exchange.entity import Frame, enclose, readable
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.exchange.thai import thai_digits, thai_moment


@dataclass(frozen=True)
class MeetingMail:
    """Whom it goes to and of which meeting. `cancelled`: why it is not held; `was`: when and where it
    had been called, of one that was changed; `minutes`: they lie in the pack. A mail with links has none of these."""

    id: UUID
    agency: str
    mailbox: str
    to_name: str
    to_mailbox: str
    meeting: str
    mark: str
    place: str
    begins_at: datetime
    own: str
    pack: str
    until: datetime
    cancelled: str = ""
    was: str = ""
    minutes: bool = False


@dataclass(frozen=True)
class MeetingNumber:
    """A one-time code for the pack of a meeting."""

    id: UUID
    agency: str
    mailbox: str
    to_name: str
    to_mailbox: str
    meeting: str
    number: str


def meeting_mail(told: MeetingMail, at: datetime) -> Envelope:
    """The mail with a participant's own link, with what was changed, the minutes, or that the meeting is not held. A
    reply to it comes to the central mailbox with the mark of the meeting in its subject."""
    about, words = "เอกสารประชุม", _links
    if told.cancelled:
        about, words = "ยกเลิกการประชุม", _cancelled
    elif told.minutes:
        about, words = "รายงานการประชุม", _minutes
    elif told.was:
        about, words = "เปลี่ยนเวลาหรือสถานที่ประชุม", _changed
    return _mail(told, f"{told.mark} {about} {thai_digits(told.meeting)}", words(told), at)


def number_mail(told: MeetingNumber, at: datetime) -> Envelope:
    """The mail with a one-time code. It names no link: who asked for the code has the page open."""
    meeting = thai_digits(told.meeting)
    words = (
        f"เรียน {told.to_name}\n\nรหัสเปิดเอกสาร {meeting}\n\n{told.number}\n\n"
        "ใช้ได้ครั้งเดียวภายใน ๑๐ นาที อย่าบอกรหัสนี้แก่ผู้ใด ถ้าท่านไม่ได้ขอ ไม่ต้องทำอะไร\n"
        f"One-time code for the meeting papers. It can be used once within 10 minutes.\n\n{told.agency}\n"
    )
    return _mail(told, f"รหัสเปิดเอกสารประชุม {meeting}", words, at)


def _mail(told: MeetingMail | MeetingNumber, subject: str, words: str, at: datetime) -> Envelope:
    message_id = headers.message_id(told.id, told.mailbox)
    lines = [
        headers.mailbox("From", told.agency, told.mailbox),
        headers.mailbox("To", told.to_name, told.to_mailbox),
        headers.unstructured("Subject", subject[:300]),
        headers.plain("Message-ID", message_id),
        headers.plain("Date", format_datetime(office_time(at).replace(microsecond=0))),
        headers.plain("Auto-Submitted", "auto-generated"),
    ]
    frame = Frame(message_id, told.mailbox, told.to_mailbox, OutboxKind.MEETING, "".join(lines))
    return enclose(frame, readable(words), lambda digest: b"")


def _links(told: MeetingMail) -> str:
    return (
        f"เรียน {told.to_name}\n\n{told.agency} เชิญประชุม {thai_digits(told.meeting)}\n"
        f"วันที่ {thai_moment(told.begins_at)}\nสถานที่ {told.place}\n\n"
        f"เอกสารประกอบการประชุม (งดแจกเอกสารเป็นกระดาษ ขอให้อ่านบนโทรศัพท์ แท็บเล็ต หรือคอมพิวเตอร์)\n{told.pack}\n\n"
        f"ลิงก์เฉพาะของท่าน สำหรับส่งไฟล์และลงชื่อเข้าประชุม อย่าส่งต่อ\n{told.own}\n\n"
        f"ส่งไฟล์ได้ถึง {thai_moment(told.until)} ทางลิงก์นี้ หรือตอบไปรษณีย์นี้พร้อมแนบไฟล์ "
        f"โดยคงข้อความ {told.mark} ไว้ในชื่อเรื่อง\n\n"
        "Your own link is for handing in files and signing in. Please do not pass it on.\n"
    )


def _cancelled(told: MeetingMail) -> str:
    return (
        f"เรียน {told.to_name}\n\n{told.agency} ขอยกเลิกการประชุม {thai_digits(told.meeting)} "
        f"ที่นัดไว้ {thai_moment(told.begins_at)}\nเหตุผล {told.cancelled}\n\nลิงก์ของการประชุมนี้ใช้ไม่ได้แล้ว\n"
    )


def _changed(told: MeetingMail) -> str:
    return (
        f"เรียน {told.to_name}\n\n{told.agency} ขอเปลี่ยนกำหนดการประชุม {thai_digits(told.meeting)}\n"
        f"เดิม {told.was}\nเป็น {when_and_where(told.begins_at, told.place)}\n\n"
        f"เอกสารประกอบการประชุม\n{told.pack}\n\nลิงก์เฉพาะของท่านเหมือนเดิม อย่าส่งต่อ\n{told.own}\n\n"
        "The meeting was moved. Your own link stays the same.\n"
    )


def _minutes(told: MeetingMail) -> str:
    return (
        f"เรียน {told.to_name}\n\n{told.agency} ส่งรายงานการประชุม {thai_digits(told.meeting)} ที่ลงนามแล้ว "
        f"อยู่ในชุดเอกสารของการประชุม เปิดอ่านได้ที่\n{told.pack}\n\nลิงก์เฉพาะของท่าน อย่าส่งต่อ\n{told.own}\n\n"
        "ถ้าประสงค์จะแก้ไข โปรดแจ้งฝ่ายเลขานุการก่อนการประชุมครั้งต่อไป\n"
    )


def when_and_where(begins_at: datetime, place: str) -> str:
    """The moment and the place in a line."""
    return f"{thai_moment(begins_at)} ณ {place}"
