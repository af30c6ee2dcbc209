"""Notices to people: that something came before them, was sent back, runs late. Words are made when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from saraban.domain.agency import AgencyId, PersonId


class NoticeKind(str, Enum):
    """What a notice tells."""

    STEP = "step"
    INFORM = "inform"
    ARRIVED = "arrived"
    TASK = "task"
    RETURNED = "returned"
    NEAR = "near"
    TODAY = "today"
    LATE = "late"
    ESCALATED = "escalated"
    READ = "read"
    READ_AGAIN = "read-again"
    ORDER = "order"
    ANSWERED = "answered"
    RECALL = "recall"
    BATCH = "batch"
    LOAN = "loan"
    LOAN_ANSWERED = "loan-answered"
    LOAN_CALLED = "loan-called"
    ISSUED_APPROVE = "issued-approve"
    ISSUED_SIGN = "issued-sign"
    ISSUED_RETURNED = "issued-returned"
    HOLDER_RETURNED = "holder-returned"
    DISPOSAL = "disposal"
    SURVEY = "survey"
    HANDOVER = "handover"
    VISIT = "visit"
    VISIT_ANSWERED = "visit-answered"
    LOOKUP_ASKED = "lookup-asked"
    LOOKUP_ANSWERED = "lookup-answered"
    MEETING_FILE = "meeting-file"
    MEETING_FILE_REMOVED = "meeting-file-removed"

    @property
    def thai(self) -> str:
        """What happened, in words."""
        return _THAI[self]

    @property
    def presses(self) -> bool:
        """Is something to be done at once?"""
        return self in (
            NoticeKind.TODAY,
            NoticeKind.LATE,
            NoticeKind.ESCALATED,
            NoticeKind.RECALL,
            NoticeKind.LOAN_CALLED,
        )

    @property
    def arrives(self) -> bool:
        """Did something come before the person?"""
        return self in _ARRIVE


_THAI = {
    NoticeKind.STEP: "หนังสือเข้าแฟ้มของท่าน",
    NoticeKind.INFORM: "หนังสือเพื่อทราบ",
    NoticeKind.ARRIVED: "หนังสือรอลงรับ",
    NoticeKind.TASK: "ได้รับมอบงาน",
    NoticeKind.RETURNED: "ส่งคืนให้แก้",
    NoticeKind.NEAR: "ใกล้ครบกำหนด",
    NoticeKind.TODAY: "ครบกำหนดวันนี้",
    NoticeKind.LATE: "เกินกำหนด",
    NoticeKind.ESCALATED: "เรื่องในบังคับบัญชาเกินกำหนด",
    NoticeKind.READ: "หนังสือเวียนให้ทราบ",
    NoticeKind.READ_AGAIN: "เตือนให้รับทราบหนังสือเวียน",
    NoticeKind.ORDER: "งานตามการมอบหมายล่วงหน้า",
    NoticeKind.ANSWERED: "มีหนังสือตอบ",
    NoticeKind.RECALL: "ผู้ส่งขอเรียกหนังสือคืน",
    NoticeKind.BATCH: "ทำเป็นชุดเสร็จแล้ว",
    NoticeKind.LOAN: "ขอยืมหนังสือ รอท่าน",
    NoticeKind.LOAN_ANSWERED: "ผลการขอยืมหนังสือ",
    NoticeKind.LOAN_CALLED: "ทวงถามหนังสือที่ยืม",
    NoticeKind.ISSUED_APPROVE: "เอกสารรออนุมัติ",
    NoticeKind.ISSUED_SIGN: "เอกสารรอลงนาม",
    NoticeKind.ISSUED_RETURNED: "เอกสารถูกส่งคืนให้แก้",
    NoticeKind.HOLDER_RETURNED: "อีเมลส่งไม่ถึงผู้ถือเอกสาร",
    NoticeKind.DISPOSAL: "การทำลายหนังสือ รอท่าน",
    NoticeKind.SURVEY: "ถึงเวลาสำรวจหนังสือที่ครบอายุการเก็บ",
    NoticeKind.HANDOVER: "บัญชีรอส่งหอจดหมายเหตุแห่งชาติ",
    NoticeKind.VISIT: "บุคคลภายนอกขอดูหนังสือ",
    NoticeKind.VISIT_ANSWERED: "ผลคำขอดูหนังสือ",
    NoticeKind.LOOKUP_ASKED: "คำขอตรวจเอกสาร รอท่านตอบ",
    NoticeKind.LOOKUP_ANSWERED: "ผู้ออกเอกสารตอบแล้ว",
    NoticeKind.MEETING_FILE: "ผู้เข้าประชุมส่งไฟล์ รอท่านรับ",
    NoticeKind.MEETING_FILE_REMOVED: "ไฟล์ที่ใส่ในชุดเอกสารไม่ผ่านการตรวจ",
}

_ARRIVE = (
    *(NoticeKind.STEP, NoticeKind.INFORM, NoticeKind.ARRIVED),
    *(NoticeKind.TASK, NoticeKind.ORDER, NoticeKind.READ, NoticeKind.RECALL),
)

OF_A_TURN = (NoticeKind.STEP, NoticeKind.INFORM, NoticeKind.NEAR, NoticeKind.TODAY, NoticeKind.LATE)
"""What is told to who has a turn at a letter: it is over when his turn is."""
OF_A_TASK = (NoticeKind.TASK, NoticeKind.ORDER, NoticeKind.NEAR, NoticeKind.TODAY, NoticeKind.LATE)
"""What is told to who has something to do about a letter that came in."""


OF_A_LOAN = (NoticeKind.LOAN, NoticeKind.LOAN_CALLED, NoticeKind.NEAR, NoticeKind.TODAY, NoticeKind.LATE)
"""What is told about a letter that is borrowed, and is over when it is back."""
OF_A_VISIT = (NoticeKind.VISIT, NoticeKind.VISIT_ANSWERED, NoticeKind.NEAR, NoticeKind.TODAY, NoticeKind.LATE)
"""What is told about an outsider who wants to look at a letter, and is over when he did."""

_DEADLINE = (NoticeKind.NEAR, NoticeKind.TODAY, NoticeKind.LATE, NoticeKind.ESCALATED)
OF_A_SURVEY = (NoticeKind.SURVEY, *_DEADLINE)
"""What is told about the survey of a year, and is over when all that is due stands on lists of form 25."""
OF_A_HANDOVER = (NoticeKind.HANDOVER, *_DEADLINE)
"""What is told about a list of form 21 or 22, and is over when it went."""


class About(str, Enum):
    """What kind of thing a notice is about."""

    LETTER = "letter"
    INCOMING = "incoming"
    BATCH = "batch"
    LOAN = "loan"
    ISSUED = "issued"
    ISSUED_KIND = "issued-kind"
    DISPOSAL = "disposal"
    SURVEY = "survey"
    HANDOVER = "handover"
    VISIT = "visit"
    LOOKUP = "lookup"
    MEETING = "meeting"


@dataclass(eq=False)
class Notice:
    """A notice to one person about one thing. `occasion` tells two of a kind apart: the version of the letter, the day
    of a deadline; the same person hears of one occasion once. `told` are values for the words, `pressing` that it
    is about something most urgent. `mailed_at`: it went out with a mail."""

    agency_id: AgencyId
    person_id: PersonId
    kind: NoticeKind
    about: About
    about_id: UUID
    occasion: str
    at: datetime
    told: Mapping[str, Any] = field(default_factory=dict)
    pressing: bool = False
    id: UUID = field(default_factory=uuid4)
    read_at: datetime | None = None
    mailed_at: datetime | None = None
