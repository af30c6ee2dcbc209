"""What a drafter writes: the words of a letter and what goes with them, and who signs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionId
from saraban.domain.attachment import Digest
from saraban.domain.blanks import unfilled
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.enclosures import EnclosureLine, fault_of
from saraban.domain.forms import RULES, FormRule
from saraban.domain.group import GroupUse
from saraban.domain.numbering import thai_digits
from saraban.domain.ready import ReadyPage
from saraban.domain.salutations import Salutation, unsaluted


@dataclass(frozen=True)
class Reference:
    """A letter that this one refers to (อ้างถึง, clause 11.6). `number` with Arabic digits."""

    number: str
    date: date | None = None
    sender: str = ""


@dataclass(frozen=True)
class Contact:
    """The owner unit's lines at the foot of the page (clauses 11.12 and 11.13)."""

    unit: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Signatory:
    """Who signed, in which position and capacity (annex 3). `lines` are those below the name, empty when the position
    is the only one."""

    name: str
    position: str
    capacity: str = "self"
    lines: tuple[str, ...] = ()

    @classmethod
    def of(cls, signer: Actor) -> Signatory:
        """The signer in the capacity in which he acts now."""
        if signer.acting is None:
            return cls(signer.name, signer.title)
        return cls(signer.name, signer.title, signer.acting.capacity.wire, signer.lines)

    @property
    def titles(self) -> tuple[str, ...]:
        """What is printed below the name."""
        return self.lines or (self.position,)


@dataclass(frozen=True)
class Content:
    """What the drafter writes: everything on the page but number, date and signature. `circular`: a letter of one
    text to many (หนังสือเวียน, clause 32), numbered with ว. `ready` is a PDF that stands in the place of the text;
    `digits` those of this letter, None for the agency's choice. `cosigners` are the positions whose holders sign before
    the signatory of the route, in their order; `typist` is who typed it, when that was not the drafter (clause 30).
    `enclosures` says how the files are listed; `photo` is the picture of the holder of a certificate (clause 24.7).
    `groups` are those whose members stand at the end of `recipients` since the letter was submitted."""

    form: Form = Form.EXTERNAL
    subject: str = ""
    addressed_to: str = ""
    body: str = ""
    recipients: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    secrecy: Secrecy = Secrecy.OPEN
    contact: Contact = Contact()
    response_due: date | None = None
    purpose: str = "action"
    closing: str = "ขอแสดงความนับถือ"
    circular: bool = False
    details: Mapping[str, str] = field(default_factory=dict)
    ready: ReadyPage | None = None
    digits: Digits | None = None
    cosigners: tuple[PositionId, ...] = ()
    typist: str = ""
    enclosures: tuple[EnclosureLine, ...] = ()
    photo: Digest | None = None
    groups: tuple[GroupUse, ...] = ()

    def missing(self, table: Sequence[Salutation] = ()) -> dict[str, str]:
        """What has to be filled in before the letter can be submitted: field name to Thai words. By the agency's table
        of salutations the line of the addressee is looked at, too, where it is printed."""
        lacking, rule = {}, RULES[self.form]
        if not self.subject.strip():
            lacking["subject"] = "ใส่เรื่องก่อนเสนอ" if rule.subject == "เรื่อง" else f"ใส่ช่อง “{rule.subject}” ก่อนเสนอ"
        if rule.has("addressed_to") and not self.addressed_to.strip():
            lacking["addressed_to"] = (
                "ใส่ส่วนราชการหรือบุคคลที่ส่งถึง เช่น ถึง กรมการปกครอง"
                if self.form is Form.STAMPED
                else "ใส่คำขึ้นต้นและตำแหน่งผู้รับ เช่น เรียน อธิบดีกรมการปกครอง"
            )
        elif self.ready is None:
            lacking |= unsaluted(table, self.form, self.addressed_to)
        if self.ready is None and not self.body.strip():
            lacking["body"] = "ใส่ข้อความก่อนเสนอ"
        if rule.correspondence and not self.recipients:
            lacking["recipients"] = "เลือกผู้รับอย่างน้อยหนึ่งแห่ง จากทำเนียบ หรือเพิ่มผู้รับนอกทำเนียบด้วยอีเมล"
        lacking |= rule.lacking(self.details)
        if self.form is Form.MINUTES and self.cosigners:
            lacking.pop("details.recorder", None)
        if self.photo is not None and not self.details.get("holder", "").strip():
            lacking["details.holder"] = "ใส่ชื่อผู้ได้รับการรับรองที่จะพิมพ์ใต้รูปถ่าย หรือเอารูปถ่ายออก"
        return lacking | unfilled(self.texts())

    def texts(self) -> dict[str, str]:
        """Everything that is typed, by field, in the order in which it is read."""
        contact = self.contact
        return {
            "subject": self.subject,
            "addressed_to": self.addressed_to,
            "references": "\n".join(f"{one.number} {one.sender}" for one in self.references),
            **{f"details.{key}": text for key, text in self.details.items()},
            "body": self.body if self.ready is None else "",
            "enclosures": "\n".join(f"{one.title} {one.amount}" for one in self.enclosures),
            "typist": self.typist,
            "contact": "\n".join((contact.unit, contact.phone, contact.email)),
        }

    def out_of_form(self) -> dict[str, str]:
        """What is written in places that its form does not have, and what does not fit its details, by field."""
        rule = RULES[self.form]
        wrong = {
            part: f"{self.form.thai}ไม่มีช่องนี้ เว้นว่างไว้"
            for part in _PARTS
            if not _has(rule, part) and getattr(self, part) != getattr(_BLANK, part)
        }
        if "cosigners" not in wrong and len(self.cosigners) > (most := most_cosigners(self.form)):
            wrong["cosigners"] = thai_digits(
                "รายงานการประชุมมีผู้ลงนามร่วมได้คนเดียว คือผู้จดรายงานการประชุม"
                if self.form is Form.MINUTES
                else f"เลือกผู้ลงนามร่วมได้ไม่เกิน {most} คน"
            )
        elif len(set(self.cosigners)) != len(self.cosigners):
            wrong["cosigners"] = "เลือกผู้ลงนามร่วมซ้ำ"
        if "enclosures" not in wrong and (fault := fault_of(self.enclosures)):
            wrong["enclosures"] = thai_digits(fault)
        return wrong | rule.faults(self.details)

    def as_form(self, form: Form) -> Content:
        """The same words as a document of another form: what that form does not have is emptied."""
        rule = RULES[form]
        emptied: dict[str, Any] = {part: getattr(_BLANK, part) for part in _PARTS if not _has(rule, part)}
        kept = {d.key: self.details[d.key] for d in rule.details if d.key in self.details}
        return replace(self, form=form, details=kept, **emptied)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The recipients as they were chosen: codes, and the words of groups in the place of their members."""
        given = sum(one.count for one in self.groups)
        own = self.recipients[: len(self.recipients) - given]
        return (*own, *(one.token for one in self.groups))

    @property
    def route_form(self) -> Form:
        """The form whose route it takes: a memorandum that stays inside the agency goes the way of a record, which an
        officer below the head signs (clause 26)."""
        return Form.RECORD if self.form is Form.MEMORANDUM and not self.recipients else self.form


def _has(rule: FormRule, part: str) -> bool:
    return rule.has("recipients" if part == "groups" else part)


_BLANK = Content()
_PARTS = (
    "addressed_to",
    "references",
    "closing",
    "recipients",
    "groups",
    "contact",
    "purpose",
    "response_due",
    "circular",
    "cosigners",
    "enclosures",
    "photo",
)
MOST_COSIGNERS = 5


def most_cosigners(form: Form) -> int:
    """How many officers may sign a document of this form besides its signatory: the recorder alone signs minutes with
    the one who checked them (clause 25.8)."""
    return 1 if form is Form.MINUTES else MOST_COSIGNERS
