"""Standing orders (มอบหมายล่วงหน้า): which incoming letters go to which unit by themselves once they are registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, ConcurrentEdit
from saraban.domain.incoming import IncomingLetter
from saraban.domain.task import Purpose

StandingOrderId = NewType("StandingOrderId", UUID)
MOST_WORDS, MOST_NOTE = 200, 500


@dataclass(eq=False)
class StandingOrder:
    """Letters whose subject has all of these `words`, from this sender, of this form: what is empty does not matter,
    but something must be said. They go to the unit for this purpose, with the note."""

    id: StandingOrderId
    agency_id: AgencyId
    words: str
    sender_code: str
    sender_name: str
    form: str
    unit_id: UnitId
    purpose: Purpose
    note: str
    changed_at: datetime
    changed_by: str
    active: bool = True
    version: int = 1

    @property
    def called(self) -> str:
        """What it is about, in words."""
        parts = [f"เรื่องมีคำว่า {self.words}" if self.words else "", f"จาก{self.sender_name}" if self.sender_code else ""]
        parts.append(Form(self.form).thai if self.form else "")
        return " · ".join(part for part in parts if part)

    def expect_version(self, version: int | None) -> None:
        """Raise ConcurrentEdit when the caller looked at another version (None: the caller does not care)."""
        if version is not None and version != self.version:
            raise ConcurrentEdit

    def expect_whole(self) -> None:
        """Raise BadInput by field for what is missing or too long."""
        wrong: dict[str, str] = {}
        if not (self.words or self.sender_code or self.form):
            wrong["words"] = "ระบุคำในเรื่อง ผู้ส่ง หรือชนิดของหนังสืออย่างน้อยหนึ่งอย่าง"
        if len(self.words) > MOST_WORDS:
            wrong["words"] = "คำในเรื่องยาวเกิน ๒๐๐ ตัวอักษร"
        if self.form and self.form not in {one.value for one in Form}:
            wrong["form"] = "เลือกชนิดของหนังสือจากรายการ"
        if len(self.note) > MOST_NOTE:
            wrong["note"] = "คำสั่งยาวเกิน ๕๐๐ ตัวอักษร"
        if wrong:
            raise BadInput(wrong)

    def covers(self, letter: IncomingLetter) -> bool:
        """Does the letter go by this order? No classified letter ever does: a person decides who may read it."""
        if not self.active or not letter.secrecy.is_open or letter.about is not None:
            return False
        if self.sender_code and self.sender_code != letter.from_code:
            return False
        if self.form and self.form != letter.form.value:
            return False
        subject = letter.subject.casefold()
        return all(word in subject for word in self.words.casefold().split())

    @property
    def weight(self) -> tuple[int, int]:
        """How much it says: of two orders that cover a letter the one that says more holds."""
        return (bool(self.words) + bool(self.sender_code) + bool(self.form), len(self.words))
