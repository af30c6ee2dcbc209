"""The forms of what is done to lines and numbers. They read what was typed; what is right, the use cases say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from saraban.domain.calendar import BANGKOK, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import Matter, Origin
from saraban.doorway.dates import NotADate, NotATime, read_clock, read_day, without_time, write_date
from saraban.reading.entry_page import EntryPage
from saraban.web.filters import letter_number, thai_digits, thai_time
from saraban.web.forms.guarded import GuardedForm

T = TypeVar("T", bound=Enum)
_TEXTS = ("number", "sender", "addressee", "subject", "practice", "note")
ORIGINS = {one.value: one.thai for one in (Origin.PAPER, Origin.COUNTER)}


class VoidForm(GuardedForm):
    """Strike a number, or give reserved ones back: why, and by whose order."""

    reason = TextAreaField("เหตุผล")
    authority = StringField("ผู้สั่งหรือคำสั่งที่ให้ยกเลิก")


class PracticeForm(GuardedForm):
    """What was done about the letter."""

    practice = TextAreaField("การปฏิบัติ")
    seen = HiddenField()


class MatterForm(GuardedForm):
    """The columns of a line (forms 13 and 14)."""

    number = StringField("ที่")
    letter_date = StringField("ลงวันที่")
    sender = StringField("จาก")
    addressee = StringField("ถึง")
    subject = StringField("เรื่อง")
    practice = StringField("การปฏิบัติ")
    note = TextAreaField("หมายเหตุ")
    urgency = SelectField(
        "ชั้นความเร็ว", choices={u.value: u.thai or "ปกติ" for u in Urgency}, validate_choice=False, default="normal"
    )
    secrecy = SelectField(
        "ชั้นความลับ", choices={s.value: s.thai or "ไม่มี" for s in Secrecy}, validate_choice=False, default="open"
    )
    received_date = StringField("วันที่รับหรือส่งจริง")
    received_time = StringField("เวลา")

    def matter(self, now: datetime) -> Matter:
        """What was typed. Raises BadInput by field for dates, times and choices that cannot be read."""
        wrong: dict[str, str] = {}
        today = office_date(now)
        matter = Matter(
            **{name: (self[name].data or "").replace("\r\n", "\n") for name in _TEXTS},
            letter_date=_day(self.letter_date.data, today, "letter_date", wrong),
            urgency=_choice(Urgency, self.urgency.data, "urgency", wrong),
            secrecy=_choice(Secrecy, self.secrecy.data, "secrecy", wrong),
            received_at=self._received_at(now, wrong),
        )
        if wrong:
            raise BadInput(wrong)
        return matter

    def _received_at(self, now: datetime, wrong: dict[str, str]) -> datetime | None:
        today = office_date(now)
        day = _day(self.received_date.data, today, "received_date", wrong)
        try:
            at = read_clock(self.received_time.data or "")
        except NotATime as error:
            wrong["received_time"] = str(error)
            return None
        if at is None:
            return without_time(day, now) if day is not None else None
        return datetime.combine(day or today, at, BANGKOK)


class RectifyForm(MatterForm):
    """Put columns of a line right: what they should say, why, and by whose order. `seen` is what the person saw."""

    reason = StringField("เหตุผลที่แก้ไข")
    authority = StringField("ผู้สั่งหรือคำสั่งที่ให้แก้ไข")
    seen = HiddenField()

    @classmethod
    def of(cls, line: EntryPage) -> RectifyForm:
        """The form with what the line says."""
        return cls(
            formdata=None,
            number=letter_number(line.number),
            letter_date=write_date(line.letter_date),
            sender=line.sender,
            addressee=line.addressee,
            subject=line.subject,
            practice=line.practice,
            note=line.note,
            urgency=line.urgency.value,
            secrecy=line.secrecy.value,
            received_date=write_date(line.received_at.astimezone(BANGKOK).date() if line.received_at else None),
            received_time=thai_time(line.received_at),
            seen=line.seen,
        )

    def changes(self, line: EntryPage, now: datetime) -> dict[str, Any]:
        """The columns that were typed otherwise than they stand. The clock of the form has no seconds: a moment that
        was left as it was shown is no change."""
        matter, before = self.matter(now).tidied(), RectifyForm.of(line).matter(now).tidied()
        names = (*_TEXTS, "letter_date", "urgency", "secrecy", "received_at")
        return {name: getattr(matter, name) for name in names if getattr(matter, name) != getattr(before, name)}


class BindForm(MatterForm):
    """The letter on paper that got a reserved number."""

    origin = SelectField("ได้รับทาง", choices=ORIGINS, validate_choice=False, default=Origin.PAPER.value)
    idempotency_key = HiddenField()

    def came(self) -> Origin:
        """How the letter came. Raises BadInput for a way that is not offered."""
        wrong: dict[str, str] = {}
        found = _choice(Origin, self.origin.data, "origin", wrong)
        if wrong:
            raise BadInput(wrong)
        return found


class ReserveForm(GuardedForm):
    """Set numbers aside: in which book ("kind" or "kind:unit"), how many, why, and by whose order."""

    book = SelectField("ทะเบียน", validate_choice=False)
    count = StringField("จำนวนเลข", default="1")
    reason = StringField("เหตุผลที่จอง")
    authority = StringField("ผู้สั่งหรือคำสั่งที่ให้จอง")
    idempotency_key = HiddenField()

    def how_many(self) -> int:
        """The count. Raises BadInput for what is no number."""
        return whole_number(self.count.data, "count", "จำนวนเลขต้องเป็นตัวเลข เช่น ๒๐")


class OpenBookForm(GuardedForm):
    """Open a register: which, whose, of which year, and with which number it begins."""

    kind = SelectField("ทะเบียน", validate_choice=False)
    unit = SelectField("เก็บที่", validate_choice=False)
    year = SelectField("ปี", validate_choice=False)
    first = StringField("เลขเริ่มต้น", default="๑")


def whole_number(text: str | None, field: str, words: str) -> int:
    """A whole number with Thai or Arabic digits. Raises BadInput for the field with these words."""
    plain = arabic_digits(text or "").replace(",", "").strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9):
        raise BadInput({field: words})
    return int(plain)


def show_errors(form: GuardedForm, fields: Mapping[str, str], own_field: str) -> None:
    """Put words beside their fields; those of no field of the form go beside `own_field`."""
    for name, words in fields.items():
        place = "received_date" if name == "received_at" else name
        getattr(form, place if place in form else own_field).errors = [thai_digits(words)]


def _day(text: str | None, today: date, field: str, wrong: dict[str, str]) -> date | None:
    try:
        return read_day(text or "", today)
    except NotADate as error:
        wrong[field] = str(error)
        return None


def _choice(kind: type[T], value: str | None, field: str, wrong: dict[str, str]) -> T:
    try:
        return kind(value or "")
    except ValueError:
        wrong[field] = "เลือกจากรายการ"
        return next(iter(kind))
