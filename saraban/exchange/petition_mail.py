"""Letters from the public as mail: the record of what was sent through the form, which is kept like a mail that came,
and what the agency tells the sender. Nothing that a stranger typed is repeated in these: a form must not carry
anybody's words to an address that somebody else named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from enum import Enum
from uuid import UUID

from saraban.domain.calendar import office_time
from saraban.domain.held_files import HeldFile
from saraban.domain.petition import TakenFile, Written
from saraban.domain.verification import TYPED_LETTERS, grouped
from saraban.exchange import headers
from saraban.exchange.entity import Frame, attachment, enclose, entity, leaf, multipart, readable
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.exchange.thai import thai_date, thai_digits, thai_moment

_NOBODY = "no-address@public-form.invalid"
_BOUNDARY = "=_saraban_{}_petition"


class Occasion(str, Enum):
    """What the sender of a letter is told of."""

    RECEIVED = "received"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    ENDED = "ended"
    FILE_REMOVED = "file-removed"


@dataclass(frozen=True)
class Told:
    """What a mail to the sender says. `code` is told with the receipt only; `address` is that of the page on which the
    letter is followed, empty where the installation has none; `to_agency` is responsible instead, and `words` are those
    of our clerk; `file` the answer, when it is small enough; `held` files wait for the virus scanner."""

    occasion: Occasion
    number: str
    address: str = ""
    code: str = ""
    arrived_at: datetime | None = None
    deemed_at: datetime | None = None
    due_on: date | None = None
    to_agency: str = ""
    words: str = ""
    file: tuple[str, bytes] | None = None
    held: int = 0


def contact_words(written: Written) -> str:
    """Who wrote and how he is reached, below the words of the letter."""
    return "\n".join(["— ข้อมูลผู้ยื่น —", *(f"{label}: {words}" for label, words in contact_rows(written))])


def contact_rows(written: Written) -> list[tuple[str, str]]:
    """The same in pairs."""
    rows = (("ชื่อ", written.name), ("อีเมล", written.mailbox), ("โทรศัพท์", written.phone), ("ที่อยู่", written.address))
    return [(label, words) for label, words in rows if words]


def record_of(
    written: Written,
    files: Sequence[TakenFile],
    *,
    record_id: UUID,
    agency: tuple[str, str],
    at: datetime,
    held: Sequence[HeldFile] = (),
) -> bytes:
    """What was sent through the form, as a mail: who wrote what to whom, when it entered the system, and the files byte
    for byte; of those that are `held` for the virus scanner the names and digests, so that this can always be opened.
    `agency` is a name and a mailbox."""
    lines = [
        headers.mailbox("From", written.name, written.mailbox or _NOBODY),
        headers.mailbox("To", *agency),
        headers.unstructured("Subject", written.subject),
        headers.plain("Message-ID", headers.message_id(record_id, agency[1])),
        headers.plain("Date", format_datetime(office_time(at).replace(microsecond=0))),
        headers.plain("Saraban-Received-By", "public-form"),
        "MIME-Version: 1.0\r\n",
    ]
    apart = "".join(f"{one.name} SHA-256 {one.digest}\n" for one in held)
    apart = apart and f"\n— ไฟล์ที่เก็บแยกไว้รอตรวจไวรัส —\n{apart}"
    words = readable(f"{written.text}\n\n{contact_words(written)}\n{apart}")
    parts = [words, *(leaf(headers.media_type(f.media_type), f.data, attachment(f.name)) for f in files)]
    body = multipart("multipart/mixed", _BOUNDARY.format(record_id.hex), parts) if files else words
    return "".join(lines).encode("ascii") + entity(body).to_bytes(lambda digest: b"")


def told_by_mail(told: Told, own: UUID, agency: tuple[str, str], to: str, at: datetime) -> Envelope:
    """The mail to the sender: plain words, from the empty address, so that no program answers it (RFC 3834)."""
    message_id = headers.message_id(own, agency[1])
    lines = [
        headers.mailbox("From", *agency),
        headers.mailbox("To", "", to),
        headers.unstructured("Subject", _SUBJECTS[told.occasion].format(thai_digits(told.number))),
        headers.plain("Message-ID", message_id),
        headers.plain("Date", format_datetime(office_time(at).replace(microsecond=0))),
        headers.plain("Auto-Submitted", "auto-generated"),
    ]
    frame = Frame(message_id, "", to, OutboxKind.ANSWER, "".join(lines), fallback_from=agency[1])
    words = readable(_words(told, agency[0]))
    if told.file is None:
        return enclose(frame, words, lambda digest: b"")
    name, data = told.file
    parts = [words, leaf("application/pdf", data, attachment(name))]
    return enclose(frame, multipart("multipart/mixed", _BOUNDARY.format(own.hex), parts), lambda digest: b"")


def following_words(number: str, code: str, address: str) -> str:
    """By what a letter is followed, in lines: the number, the code where it is told, and the page."""
    lines = [f"เลขรับเรื่อง {thai_digits(number)}"]
    if code:
        lines.append(f"รหัสติดตาม {grouped(code[:TYPED_LETTERS])}")
    if address:
        lines.append(
            f"ติดตามได้ที่ {address}/w/f/{code}" if code else f"ติดตามได้ที่ {address}/w/follow ด้วยเลขรับเรื่องและรหัสติดตาม"
        )
    return "\n".join(lines) + "\n"


_SUBJECTS = {
    Occasion.RECEIVED: "ได้รับเรื่องของท่านแล้ว เลขรับเรื่อง {}",
    Occasion.ANSWERED: "มีคำตอบแล้ว เลขรับเรื่อง {}",
    Occasion.FORWARDED: "ส่งต่อเรื่องของท่านแล้ว เลขรับเรื่อง {}",
    Occasion.ENDED: "ส่งคืนเรื่องของท่าน เลขรับเรื่อง {}",
    Occasion.FILE_REMOVED: "ไฟล์แนบไม่ผ่านการตรวจ เลขรับเรื่อง {}",
}


def _words(told: Told, agency: str) -> str:
    first = {
        Occasion.RECEIVED: f"{agency} ได้รับเรื่องที่ท่านส่งผ่านแบบฟอร์มแล้ว",
        Occasion.ANSWERED: f"{agency} ตอบเรื่องของท่านแล้ว" + (" ไฟล์คำตอบแนบมานี้" if told.file else ""),
        Occasion.FORWARDED: f"เรื่องของท่านอยู่ในหน้าที่ของ{told.to_agency} {agency} ส่งต่อให้แล้ว หน่วยงานนั้นเป็นผู้รับผิดชอบต่อไป",
        Occasion.ENDED: f"{agency} ส่งคืนเรื่องของท่าน ดูเหตุได้ที่หน้าติดตาม"
        + (f"\nหน่วยงานที่รับผิดชอบเรื่องนี้คือ {told.to_agency} ยื่นต่อหน่วยงานนั้นได้โดยตรง" if told.to_agency else "")
        + (f"\nคำชี้แจง: {told.words}" if told.words else ""),
        Occasion.FILE_REMOVED: (
            f"ไฟล์ที่แนบมากับเรื่องของท่านถึง{agency}ไม่ผ่านการตรวจ ระบบไม่รับไว้ ดูชื่อไฟล์และเหตุได้ที่หน้าติดตาม "
            "ตัวเรื่องยังดำเนินการตามปกติ ถ้าต้องใช้ไฟล์นั้น แก้ไฟล์แล้วส่งเป็นเรื่องใหม่โดยอ้างเลขรับเรื่องนี้"
        ),
    }[told.occasion]
    times = []
    if told.arrived_at is not None:
        times.append(f"เข้าสู่ระบบ {thai_moment(told.arrived_at)}")
    if told.deemed_at is not None:
        times.append(f"ถือว่าได้รับ {thai_moment(told.deemed_at)}")
    if told.due_on is not None:
        times.append(f"กำหนดตอบภายใน {thai_date(told.due_on)}")
    if told.held:
        times.append(f"ไฟล์แนบ {thai_digits(str(told.held))} ไฟล์รอตรวจไวรัส ไม่ต้องส่งใหม่ ผลดูได้ที่หน้าติดตาม")
    last = "อย่าส่งรหัสติดตามให้ผู้อื่น ผู้มีเลขและรหัสเปิดดูคำตอบได้\n" if told.code else ""
    return (
        f"{first}\n\n{following_words(told.number, told.code, told.address)}"
        + "".join(f"{line}\n" for line in times)
        + f"\n{last}ระบบสารบรรณอิเล็กทรอนิกส์ส่งข้อความนี้เอง ไม่ต้องตอบกลับ ถ้าท่านไม่ได้ส่งเรื่อง ไม่ต้องทำอะไร\n"
    )
