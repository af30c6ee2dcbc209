"""Receipts: the steps of wire.md section 4 and the rank in which they count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NewType
from uuid import UUID

ReceiptId = NewType("ReceiptId", UUID)


class Step(str, Enum):
    """What a statement says."""

    RECEIVED = "received"
    REGISTERED = "registered"
    REFUSED = "refused"
    INVALID = "invalid"
    NUMBER_WRONG = "number-wrong"
    FORWARDED = "forwarded"
    RECALL_REQUESTED = "recall-requested"
    RECALLED = "recalled"
    RECALL_REFUSED = "recall-refused"
    COMPLETED = "completed"
    UNDELIVERED = "undelivered"

    @property
    def is_notice(self) -> bool:
        """Notices are shown and move nothing."""
        return self in (Step.NUMBER_WRONG, Step.RECALL_REQUESTED, Step.RECALL_REFUSED)


NEEDS_REASON = {Step.REFUSED, Step.INVALID, Step.NUMBER_WRONG, Step.RECALL_REFUSED, Step.UNDELIVERED}
MAY_HAVE_REASON = {Step.RECALL_REQUESTED}


class ReasonCode(str, Enum):
    """The reason codes of the wire; `thai` is what a person reads."""

    RELAY_REFUSED = "relay-refused"
    BOUNCED = "bounced"
    NOT_ADDRESSEE = "not-addressee"
    UNKNOWN_UNIT = "unknown-unit"
    UNREADABLE = "unreadable"
    FILE_MISSING = "file-missing"
    FILE_DAMAGED = "file-damaged"
    SIGNATURE_MISSING = "signature-missing"
    SIGNATURE_BROKEN = "signature-broken"
    SIGNER_UNTRUSTED = "signer-untrusted"
    SIGNER_EXPIRED = "signer-expired"
    MANIFEST_INVALID = "manifest-invalid"
    TOO_LARGE = "too-large"
    TYPE_NOT_ACCEPTED = "type-not-accepted"
    INFECTED = "infected"
    DUPLICATE_CONTENT = "duplicate-content"
    SECRECY_NOT_ALLOWED = "secrecy-not-allowed"
    EXPIRED = "expired"
    OTHER = "other"

    @property
    def thai(self) -> str:
        """The reason in a few words."""
        return _REASON_THAI[self]


_REASON_THAI = {
    ReasonCode.RELAY_REFUSED: "เครื่องส่งไปรษณีย์ปฏิเสธ",
    ReasonCode.BOUNCED: "ไปรษณีย์ตีกลับ",
    ReasonCode.NOT_ADDRESSEE: "ไม่ใช่หนังสือถึงหน่วยงานนี้",
    ReasonCode.UNKNOWN_UNIT: "ไม่พบหน่วยงานผู้รับ",
    ReasonCode.UNREADABLE: "เปิดอ่านไม่ได้",
    ReasonCode.FILE_MISSING: "ไฟล์ในซองไม่ครบตามบัญชีแนบซอง",
    ReasonCode.FILE_DAMAGED: "ไฟล์ในซองไม่ตรงกับบัญชีแนบซอง",
    ReasonCode.SIGNATURE_MISSING: "ไม่มีตราประทับอิเล็กทรอนิกส์",
    ReasonCode.SIGNATURE_BROKEN: "ตราประทับอิเล็กทรอนิกส์ไม่ถูกต้อง",
    ReasonCode.SIGNER_UNTRUSTED: "ตราประทับไม่ใช่ของส่วนราชการในทำเนียบ",
    ReasonCode.SIGNER_EXPIRED: "ใบรับรองของตราประทับหมดอายุ",
    ReasonCode.MANIFEST_INVALID: "บัญชีแนบซองอ่านไม่ได้",
    ReasonCode.TOO_LARGE: "ใหญ่เกินกำหนด",
    ReasonCode.TYPE_NOT_ACCEPTED: "ชนิดไฟล์ไม่เป็นที่ยอมรับ",
    ReasonCode.INFECTED: "พบไวรัส",
    ReasonCode.DUPLICATE_CONTENT: "เลขอ้างอิงเดียวกันแต่เนื้อหาต่างกัน",
    ReasonCode.SECRECY_NOT_ALLOWED: "ยังรับหนังสือชั้นความลับทางนี้ไม่ได้",
    ReasonCode.EXPIRED: "พ้นกำหนดเวลาของซอง",
    ReasonCode.OTHER: "เหตุอื่น",
}


@dataclass(frozen=True)
class Reason:
    """Why not: a code of the wire and words."""

    code: ReasonCode
    text: str = ""


@dataclass(frozen=True)
class RegisteredAs:
    """The receiver's register entry, as its statement says it. `year` is Buddhist."""

    number: str
    year: int
    at: datetime
    unit: str = ""
    by: str = ""


@dataclass(frozen=True)
class Witness:
    """The last daily close of the sender's registers: its day, its root, and the root of the close before it, both
    SHA-256 in hexadecimal. `previous` is empty for the first close of all."""

    day: date
    root: str
    previous: str = ""


@dataclass(frozen=True)
class Receipt:
    """A statement about one dispatch, read from or to be written to the wire. `witness` is what the sender's registers
    were when it was made; a receiver keeps it and can hold the sender to it later."""

    id: ReceiptId
    of: UUID
    manifest_sha256: str
    step: Step
    from_code: str
    from_mailbox: str
    to_code: str
    to_mailbox: str
    at: datetime
    register: RegisteredAs | None = None
    reason: Reason | None = None
    forwarded_to: tuple[str, str] | None = None
    witness: Witness | None = None
