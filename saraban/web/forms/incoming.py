"""The forms beside an incoming letter. They only carry what was typed; the use cases decide what is right."""

from __future__ import annotations

from datetime import date

from flask import request
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from saraban.domain.attachment import Digest
from saraban.domain.classification import Urgency
from saraban.domain.errors import BadInput
from saraban.domain.incoming import IncomingLetter, MailLetter
from saraban.domain.numbering import arabic_digits
from saraban.domain.receipt import ReasonCode
from saraban.doorway.dates import NotADate, read_day, write_date
from saraban.web.filters import letter_number
from saraban.web.forms.guarded import GuardedForm

_BY_PEOPLE = (
    ReasonCode.NOT_ADDRESSEE,
    ReasonCode.UNKNOWN_UNIT,
    ReasonCode.UNREADABLE,
    ReasonCode.FILE_MISSING,
    ReasonCode.FILE_DAMAGED,
    ReasonCode.SIGNATURE_MISSING,
    ReasonCode.SIGNATURE_BROKEN,
    ReasonCode.SIGNER_UNTRUSTED,
    ReasonCode.TYPE_NOT_ACCEPTED,
    ReasonCode.TOO_LARGE,
    ReasonCode.INFECTED,
    ReasonCode.DUPLICATE_CONTENT,
    ReasonCode.SECRECY_NOT_ALLOWED,
    ReasonCode.EXPIRED,
    ReasonCode.OTHER,
)


class RefuseForm(GuardedForm):
    """Send a letter back: a reason of the wire, and words for the sender."""

    code = SelectField(
        "เหตุผล",
        choices={"": "เลือกเหตุผล"} | {code.value: code.thai for code in _BY_PEOPLE},
        validate_choice=False,
    )
    text = TextAreaField("คำอธิบายถึงผู้ส่ง")
    responsible = StringField("หน่วยงานที่รับผิดชอบ")


class ReleaseForm(GuardedForm):
    """Take a held letter in after all: why."""

    reason = TextAreaField("เหตุผลที่ปล่อยเข้าระบบ")


class MailLetterForm(GuardedForm):
    """What a letter in ordinary mail is called, and which of its files belong to it."""

    number = StringField("เลขที่หนังสือ")
    day = StringField("ลงวันที่")
    sender = StringField("จาก")
    subject = StringField("เรื่อง")
    addressed_to = StringField("ถึง")
    urgency = SelectField("ชั้นความเร็ว", choices={one.value: one.thai or "ปกติ" for one in Urgency}, validate_choice=False)
    answer = BooleanField("ตอบเลขทะเบียนรับให้ผู้ส่งทางไปรษณีย์ธรรมดา")

    chosen: frozenset[str] = frozenset()

    @classmethod
    def proposed(cls, letter: IncomingLetter) -> MailLetterForm:
        """The form with what was read from the mail and from its page."""
        said = letter.details.get("suggested") or {}
        form = cls(
            formdata=None,
            number=letter_number(said.get("number", "")),
            day=write_date(date.fromisoformat(said["day"])) if said.get("day") else "",
            sender=letter.from_name if letter.from_code else said.get("sender") or letter.from_name,
            subject=said.get("subject") or letter.subject,
            addressed_to=said.get("addressed_to", ""),
            urgency=letter.urgency.value,
            answer=True,
        )
        form.chosen = frozenset(file.sha256.hex for file in letter.files)
        return form

    @classmethod
    def typed(cls) -> MailLetterForm:
        """The form as it was sent."""
        form = cls()
        form.chosen = frozenset(request.form.getlist("files"))
        return form

    def named(self, letter: IncomingLetter, today: date) -> MailLetter:
        """What was typed, with the chosen files in the order of the mail. Raises BadInput by field."""
        try:
            day = read_day(self.day.data or "", today)
            urgency = Urgency(self.urgency.data or Urgency.NORMAL.value)
        except NotADate as error:
            raise BadInput({"day": str(error)}) from None
        except ValueError:
            raise BadInput({"urgency": "เลือกจากรายการ"}) from None
        files = dict.fromkeys(file.sha256 for file in letter.files if file.sha256.hex in self.chosen)
        return MailLetter(
            number=_line(arabic_digits(self.number.data or "")),
            day=day,
            sender=_line(self.sender.data),
            subject=_line(self.subject.data),
            addressed_to=_line(self.addressed_to.data),
            urgency=urgency,
            files=tuple[Digest, ...](files),
        )


class SetAsideForm(GuardedForm):
    """Say that a mail is no letter: why."""

    reason = TextAreaField("เหตุผล")


class ForwardForm(GuardedForm):
    """Send a letter on: to whom, and why."""

    to = SelectField("หน่วยงานที่เกี่ยวข้อง", choices=[], validate_choice=False)
    reason = TextAreaField("เหตุผลที่ส่งต่อ")


class RecallAnswerForm(GuardedForm):
    """Why a letter is not given back."""

    reason = TextAreaField("เหตุผลที่ไม่คืน")


def _line(text: str | None) -> str:
    return " ".join((text or "").replace("\u00a0", " ").split())
