"""The form of a letter: what the drafter types, to and from the letter's content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from flask import request
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField

from saraban.domain.agency import PositionId
from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.content import most_cosigners
from saraban.domain.enclosures import EnclosureLine
from saraban.domain.errors import BadInput
from saraban.domain.forms import RULES, FormRule
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.letter import Contact, Content, Letter, Reference
from saraban.domain.numbering import arabic_digits
from saraban.doorway.dates import NotADate, read_date, write_date
from saraban.web.filters import letter_number
from saraban.web.forms.details import read_details, typed_details, written_details
from saraban.web.forms.guarded import GuardedForm

URGENCIES = [(one.value, one.thai or "ปกติ") for one in Urgency]
SECRECIES = [(one.value, one.thai or "ไม่มี") for one in Secrecy]
PURPOSES = [("action", "เพื่อดำเนินการ"), ("information", "เพื่อทราบ")]
DIGITS = [("", "ตามที่ส่วนราชการตั้งไว้"), *((one.value, one.thai) for one in Digits)]
T = TypeVar("T", Urgency, Secrecy, Digits)
_MOST_REFERENCES = 20
_MOST_ENCLOSURES = 50
_LEAST_ROWS = 2


@dataclass(frozen=True)
class ReferenceLine:
    """A line under อ้างถึง as it was typed."""

    number: str = ""
    date: str = ""
    sender: str = ""

    @property
    def empty(self) -> bool:
        """True when nothing was typed."""
        return not (self.number.strip() or self.date.strip() or self.sender.strip())


class LetterForm(GuardedForm):
    """A draft's fields. What is right about them, the use cases say."""

    form = HiddenField("แบบหนังสือ")
    unit = StringField("ในนามหน่วยงาน")
    addressed_to = StringField("คำขึ้นต้นและผู้รับ")
    recipients = SelectMultipleField("ส่งถึงส่วนราชการ", validate_choice=False)
    subject = StringField("เรื่อง")
    body = TextAreaField("ข้อความ")
    urgency = StringField("ชั้นความเร็ว")
    secrecy = StringField("ชั้นความลับ")
    response_due = StringField("ขอให้ตอบภายในวันที่")
    purpose = StringField("ส่งเพื่อ")
    closing = StringField("คำลงท้าย")
    circular = BooleanField("หนังสือเวียน ออกเลขด้วย ว")
    digits = StringField("ตัวเลข")
    contact_unit = StringField("หน่วยงานเจ้าของเรื่อง")
    contact_phone = StringField("โทรศัพท์")
    contact_email = StringField("ไปรษณีย์อิเล็กทรอนิกส์")
    typist = StringField("ผู้พิมพ์")
    version = HiddenField()
    idempotency_key = HiddenField()
    answers = HiddenField()

    lines: Sequence[ReferenceLine] = ()
    cosigners: Sequence[str] = ()
    details: Mapping[str, str] = {}
    enclosures: Sequence[EnclosureLine] = ()
    urgencies = URGENCIES
    secrecies = SECRECIES
    purposes = PURPOSES
    digit_choices = DIGITS

    @classmethod
    def typed(cls) -> LetterForm:
        """The form as it was sent."""
        form = cls()
        columns = (request.form.getlist(f"reference_{name}") for name in ("number", "date", "sender"))
        form.lines = [ReferenceLine(*row) for row in zip(*columns, strict=False)][:_MOST_REFERENCES]
        form.details = typed_details(form.rule, request.form)
        form.cosigners = _moved([one for one in request.form.getlist("cosigners") if one], request.form.get("up", ""))
        form.enclosures = _typed_enclosures()
        return form

    @classmethod
    def blank(cls, kind: Form, key: str) -> LetterForm:
        """The form of a document that begins. `key` lets a repeated send make one draft only."""
        form = cls(formdata=None, form=kind.value, urgency="normal", secrecy="open", purpose="action")
        form.idempotency_key.data = key
        return form

    @classmethod
    def answering(cls, letter: IncomingLetter, key: str) -> LetterForm:
        """The form of a letter that answers this one: it goes to its sender and refers to it."""
        signatory = letter.details.get("signatory") or {}
        to = str(signatory.get("position") or letter.from_name)
        number = letter.number or "(ไม่มีเลขที่)"
        form = cls.of_content(
            Content(
                subject=letter.subject,
                addressed_to=f"เรียน {to}",
                recipients=(letter.from_code,) if letter.from_code else (),
                references=(Reference(number, letter.number_date, letter.from_name),),
                urgency=letter.urgency,
                secrecy=letter.secrecy,
            )
        )
        form.idempotency_key.data, form.answers.data = key, str(letter.id)
        return form

    @classmethod
    def correcting(cls, letter: Letter, to: str, key: str) -> LetterForm:
        """The form of a letter that says to one receiver what this one should have said."""
        form = cls.of_content(letter.content)
        form.recipients.data = [to]
        form.idempotency_key.data = key
        return form

    @property
    def answered(self) -> IncomingId | None:
        """The letter that came in and is answered; None for any other letter."""
        try:
            return IncomingId(UUID(self.answers.data or ""))
        except ValueError:
            return None

    @classmethod
    def of(cls, letter: Letter) -> LetterForm:
        """The form of a draft that is there."""
        form = cls.of_content(letter.content)
        form.version.data = str(letter.version)
        return form

    @classmethod
    def of_content(cls, content: Content) -> LetterForm:
        """The form of what was written."""
        form = cls(
            formdata=None,
            form=content.form.value,
            addressed_to=content.addressed_to,
            recipients=list(content.chosen),
            subject=content.subject,
            body=content.body,
            urgency=content.urgency.value,
            secrecy=content.secrecy.value,
            response_due=write_date(content.response_due),
            purpose=content.purpose,
            closing=content.closing,
            circular=content.circular,
            digits=content.digits.value if content.digits is not None else "",
            contact_unit=content.contact.unit,
            contact_phone=content.contact.phone,
            contact_email=content.contact.email,
            typist=content.typist,
        )
        form.lines = [ReferenceLine(letter_number(r.number), write_date(r.date), r.sender) for r in content.references]
        form.details = written_details(form.rule, content.details)
        form.cosigners = [str(one) for one in content.cosigners]
        form.enclosures = content.enclosures
        return form

    @property
    def rule(self) -> FormRule:
        """The rule of the form that is being written; of an external letter when none was named."""
        return RULES[form_named(self.form.data) or Form.EXTERNAL]

    @property
    def shown_lines(self) -> list[ReferenceLine]:
        """The lines that were typed, and one more to type into."""
        kept = [line for line in self.lines if not line.empty]
        return [*kept, *[ReferenceLine()] * max(1, _LEAST_ROWS - len(kept))]

    @property
    def most_cosigners(self) -> int:
        """How many may sign besides the signatory."""
        return most_cosigners(self.rule.form) if self.rule.has("cosigners") else 0

    @property
    def shown_cosigners(self) -> list[str]:
        """Those who were chosen, and places for more."""
        return [*self.cosigners, "", ""][: max(self.most_cosigners, len(self.cosigners))]

    @property
    def titles(self) -> dict[str, EnclosureLine]:
        """How files are listed, by their digests."""
        return {line.sha256.hex: line for line in self.enclosures}

    @property
    def version_seen(self) -> int | None:
        """The version that the person looked at; None when the form does not say."""
        # "over" is pressed to save over a version that was shown beside what was typed.
        text = request.form.get("over") or self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    @property
    def routed(self) -> Content:
        """As much of what was typed as decides on the route."""
        chosen = _positions(self.cosigners, {})
        content = Content(form=self.rule.form, recipients=tuple(self.recipients.data or ()), cosigners=chosen)
        return content.as_form(self.rule.form)

    def content(self, today: date) -> Content:
        """What was typed, as content. Raises BadInput by field for dates and choices that cannot be read."""
        content, wrong = self.read(today)
        if wrong:
            raise BadInput(wrong)
        return content

    def read(self, today: date) -> tuple[Content, dict[str, str]]:
        """What was typed, as far as it can be read, and by field what cannot be read."""
        wrong: dict[str, str] = {}
        due = _date(self.response_due.data, today, "response_due", wrong)
        references = []
        for line in self.lines:
            if line.empty:
                continue
            if not line.number.strip():
                wrong["references"] = "ใส่เลขที่หนังสือที่อ้างถึง หรือลบวันที่และผู้ส่งในบรรทัดนั้นออก"
            day = _date(line.date, today, "references", wrong)
            number = " ".join(arabic_digits(line.number).replace("\u00a0", " ").split())
            references.append(Reference(number, day, " ".join(line.sender.split())))
        if self.form.data and form_named(self.form.data) is None:
            wrong["form"] = "เลือกแบบหนังสือจากรายการ"
        details = read_details(self.rule, self.details, today, wrong)
        urgency = _choice(Urgency, self.urgency.data, "urgency", wrong)
        secrecy = _choice(Secrecy, self.secrecy.data, "secrecy", wrong)
        content = Content(
            form=self.rule.form,
            subject=_line(self.subject.data),
            addressed_to=_line(self.addressed_to.data),
            body=(self.body.data or "").replace("\r\n", "\n").strip(),
            recipients=tuple(self.recipients.data or ()),
            references=tuple(references),
            enclosures=tuple(line for line in self.enclosures if line.title or line.amount),
            urgency=urgency,
            secrecy=secrecy,
            contact=Contact(
                _line(self.contact_unit.data), _line(self.contact_phone.data), _line(self.contact_email.data)
            ),
            response_due=due,
            purpose=self.purpose.data or "action",
            closing=_line(self.closing.data) or Content.closing,
            circular=bool(self.circular.data),
            digits=_choice(Digits, self.digits.data, "digits", wrong) if self.digits.data else None,
            details=details,
            cosigners=_positions(self.cosigners, wrong),
            typist=_line(self.typist.data),
        )
        return content.as_form(self.rule.form), wrong


def _typed_enclosures() -> list[EnclosureLine]:
    """How the files are listed, as it was typed; a digest that is none is of no file."""
    columns = (request.form.getlist(f"enclosure_{name}") for name in ("sha256", "title", "amount"))
    out = []
    for sha256, title, amount in list(zip(*columns, strict=False))[:_MOST_ENCLOSURES]:
        with suppress(ValueError):
            out.append(EnclosureLine(Digest(sha256), " ".join(title.split()), " ".join(amount.split())))
    return out


def form_named(code: str | None) -> Form | None:
    """The form with this code, when it can be drafted."""
    return next((form for form in RULES if form.value == code), None)


def _moved(chosen: list[str], up: str) -> list[str]:
    """Those who were chosen, one of them a place further up when that button was pressed."""
    at = int(up) if up.isascii() and up.isdigit() and len(up) < 3 else 0
    if 0 < at < len(chosen):
        chosen[at - 1 : at + 1] = [chosen[at], chosen[at - 1]]
    return chosen


def _positions(chosen: Sequence[str], wrong: dict[str, str]) -> tuple[PositionId, ...]:
    try:
        return tuple(PositionId(UUID(one)) for one in chosen)
    except ValueError:
        wrong["cosigners"] = "เลือกผู้ลงนามร่วมจากรายการ"
        return ()


def _line(text: str | None) -> str:
    return (text or "").strip()


def _date(text: str | None, today: date, field: str, wrong: dict[str, str]) -> date | None:
    try:
        return read_date(text or "", today)
    except NotADate as error:
        wrong[field] = str(error)
        return None


def _choice(kind: type[T], value: str | None, field: str, wrong: dict[str, str]) -> T:
    try:
        return kind(value or next(iter(kind)).value)
    except ValueError:
        wrong[field] = "เลือกจากรายการ"
        return next(iter(kind))
