"""What a receiver says about a letter without a seal: on the page of its link, in a reply, on the telephone.

It moves a dispatch to `received`, or to `registered` when a receiving number is said, and is always a class of evidence
of its own (docs/wire.md, section 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.dispatch import Dispatch, DispatchState, EvidenceKind
from saraban.domain.errors import BadInput
from saraban.domain.numbering import arabic_digits, thai_digits

LINK_LIFE = timedelta(days=90)
TOKEN_BYTES = 18
"""144 random bits in the link; the wire asks for 128."""
MOST_NAME, MOST_POSITION, MOST_NUMBER, MOST_PHONE, MOST_NOTE = 200, 200, 40, 60, 1_000


@dataclass(frozen=True)
class Confirmation:
    """Who confirmed, in which position or office, under which receiving number of theirs and of which day (if they said
    so). Of a call also the number that was called and what was noted."""

    name: str
    position: str
    number: str = ""
    day: date | None = None
    phone: str = ""
    note: str = ""

    @property
    def step(self) -> DispatchState:
        """The rung that it is a proof of."""
        return DispatchState.REGISTERED if self.number else DispatchState.RECEIVED

    def as_statement(self, now: datetime) -> dict[str, Any]:
        """As the evidence keeps it; `register` as a receipt has it, so that the ladder reads one like the other."""
        said: dict[str, Any] = {"confirmed_by": {"name": self.name, "position": self.position}}
        if self.phone:
            said["phone"] = self.phone
        if self.note:
            said["note"] = self.note
        if self.number:
            day = self.day or office_date(now)
            said["register"] = {
                "number": self.number,
                "year": day.year + BUDDHIST_OFFSET,
                "day": day.isoformat(),
                "by": self.name,
                "unit": self.position,
            }
        return said

    def words(self) -> str:
        """In a line, in Thai."""
        told = [f"{self.name} {self.position}".strip()]
        if self.number:
            told.append(f"เลขรับ {thai_digits(self.number)}")
        if self.phone:
            told.append(f"โทร. {thai_digits(self.phone)}")
        if self.note:
            told.append(self.note)
        return " · ".join(told)


def read_confirmation(
    kind: EvidenceKind,
    dispatch: Dispatch,
    now: datetime,
    *,
    name: str,
    position: str = "",
    number: str = "",
    day: date | None = None,
    phone: str = "",
    note: str = "",
) -> Confirmation:
    """What was typed, as it is kept. Raises BadInput by field."""
    name, position, phone = (" ".join(text.split()) for text in (name, position, phone))
    number, note = " ".join(arabic_digits(number).split()), note.replace("\r\n", "\n").strip()
    wrong: dict[str, str] = {}
    if not name:
        wrong["name"] = "ใส่ชื่อผู้รับหนังสือ"
    if not position and kind is EvidenceKind.LINK:
        wrong["position"] = "ใส่ตำแหน่งหรือหน่วยงาน"
    if not phone and kind is EvidenceKind.PHONE:
        wrong["phone"] = "ใส่เบอร์ที่โทร"
    for field, text, most in (
        ("name", name, MOST_NAME),
        ("position", position, MOST_POSITION),
        ("number", number, MOST_NUMBER),
        ("phone", phone, MOST_PHONE),
        ("note", note, MOST_NOTE),
    ):
        if len(text) > most:
            wrong[field] = f"ยาวเกิน {thai_digits(most)} ตัวอักษร"
        elif any(not sign.isprintable() and sign != "\n" for sign in text):
            wrong[field] = "มีอักขระที่พิมพ์ไม่ได้ปนอยู่ ลบแล้วพิมพ์ใหม่"
    if day is not None and day > office_date(now):
        wrong["day"] = "วันที่ลงรับยังไม่ถึง"
    elif day is not None and day < office_date(dispatch.created_at):
        wrong["day"] = "วันที่ลงรับอยู่ก่อนวันที่ส่งหนังสือ"
    elif day is not None and not number:
        wrong["number"] = "ใส่เลขทะเบียนรับด้วย หรือลบวันที่ลงรับออก"
    if wrong:
        raise BadInput(wrong)
    return Confirmation(name, position, number, day, phone, note)
