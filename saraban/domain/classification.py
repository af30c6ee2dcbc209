"""Forms, urgency and secrecy: closed lists of the regulation with the words that are printed."""

from __future__ import annotations

from enum import Enum


class Form(str, Enum):
    """The forms of the regulation's annex; values as in the manifest's `form`."""

    EXTERNAL = "external"
    MEMORANDUM = "memorandum"
    STAMPED = "stamped"
    ORDER = "order"
    RULE = "rule"
    REGULATION = "regulation"
    ANNOUNCEMENT = "announcement"
    STATEMENT = "statement"
    NEWS = "news"
    CERTIFICATE = "certificate"
    MINUTES = "minutes"
    RECORD = "record"
    OTHER = "other"

    @property
    def thai(self) -> str:
        """The form's name as the regulation writes it."""
        return _FORM_THAI[self]


class Urgency(str, Enum):
    """Speed classes (clause 28)."""

    NORMAL = "normal"
    URGENT = "urgent"
    VERY_URGENT = "very-urgent"
    MOST_URGENT = "most-urgent"

    @property
    def thai(self) -> str:
        """The word printed on the letter; empty for normal speed, which is not printed."""
        return _URGENCY_THAI[self]

    @property
    def rank(self) -> int:
        """0 for normal up to 3 for the most urgent."""
        return list(Urgency).index(self)


class Secrecy(str, Enum):
    """Secrecy classes (Rule on Official Secrets, B.E. 2544). ลับที่สุด never travels electronically; it cannot be
    chosen."""

    OPEN = "open"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"

    @property
    def thai(self) -> str:
        """The word printed on the letter; empty for open letters."""
        return _SECRECY_THAI[self]

    @property
    def is_open(self) -> bool:
        """True when anybody with a right to the register may read it."""
        return self is Secrecy.OPEN


class Digits(str, Enum):
    """The digits in which an agency writes its documents: Thai by the resolution of the cabinet, or Arabic."""

    THAI = "thai"
    ARABIC = "arabic"

    @property
    def thai(self) -> str:
        """The word on screens."""
        return "เลขไทย" if self is Digits.THAI else "เลขอารบิก"


_FORM_THAI = {
    Form.EXTERNAL: "หนังสือภายนอก",
    Form.MEMORANDUM: "หนังสือภายใน",
    Form.STAMPED: "หนังสือประทับตรา",
    Form.ORDER: "คำสั่ง",
    Form.RULE: "ระเบียบ",
    Form.REGULATION: "ข้อบังคับ",
    Form.ANNOUNCEMENT: "ประกาศ",
    Form.STATEMENT: "แถลงการณ์",
    Form.NEWS: "ข่าว",
    Form.CERTIFICATE: "หนังสือรับรอง",
    Form.MINUTES: "รายงานการประชุม",
    Form.RECORD: "บันทึก",
    Form.OTHER: "หนังสืออื่น",
}
_URGENCY_THAI = {
    Urgency.NORMAL: "",
    Urgency.URGENT: "ด่วน",
    Urgency.VERY_URGENT: "ด่วนมาก",
    Urgency.MOST_URGENT: "ด่วนที่สุด",
}
_SECRECY_THAI = {Secrecy.OPEN: "", Secrecy.CONFIDENTIAL: "ลับ", Secrecy.SECRET: "ลับมาก"}
