"""Templates: documents that an agency writes often. A template is a document of one of the forms in whose words stand
blanks ({{ชื่อฟิลด์}}); each blank is a field that is asked for when a letter is begun from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, NewType
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PositionId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.blanks import LONGEST_NAME, blanks_in, fill, only_blank
from saraban.domain.calendar import long_date
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.content import Contact, Content, Reference
from saraban.domain.errors import BadInput, ConcurrentEdit
from saraban.domain.forms import RULES, DetailKind
from saraban.domain.numbering import arabic_digits
from saraban.domain.template_events import TemplateChanged, TemplateMade, TemplateSwitched

TemplateId = NewType("TemplateId", UUID)
MOST_FIELDS = 40
MOST_CHOICES = 30
MOST_ENCLOSURES = 20
_NAME, _ABOUT, _HINT, _LINE, _TEXT = 100, 300, 200, 500, 10_000
_NUMBER = re.compile(r"-?[0-9]{1,3}(?:,?[0-9]{3})*(?:\.[0-9]+)?|-?[0-9]+(?:\.[0-9]+)?")
_SIGNS = re.compile(r"([\\*|])")
_MANY_LINE_ENDS = re.compile(r"\n[ \t]*\n[ \t]*(?:\n[ \t]*)+")


class FieldKind(str, Enum):
    """How a field is filled in: one line, some paragraphs, a day, a number, or one of a few words."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    CHOICE = "choice"

    @property
    def thai(self) -> str:
        """The word on screens."""
        return _KIND_THAI[self]

    @classmethod
    def guessed(cls, name: str) -> FieldKind:
        """What a field of this name is likely to be, until its keeper says."""
        return cls.DAY if name.startswith("วันที่") else cls.NUMBER if name.startswith("จำนวน") else cls.LINE


_KIND_THAI = {
    FieldKind.LINE: "ข้อความหนึ่งบรรทัด",
    FieldKind.TEXT: "ข้อความยาว",
    FieldKind.DAY: "วันที่",
    FieldKind.NUMBER: "จำนวน",
    FieldKind.CHOICE: "เลือกหนึ่งอย่าง",
}


@dataclass(frozen=True)
class TemplateField:
    """A field that is asked for. One that is not `required` and left open leaves nothing behind; a required one stays
    as a blank in the draft, which cannot be submitted so."""

    name: str
    kind: FieldKind = FieldKind.LINE
    required: bool = True
    hint: str = ""
    choices: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The name under which screens, the API and refusals speak of it."""
        return f"fields.{self.name}"

    def fault(self, value: str) -> str:
        """What is wrong with a value, in Thai; empty when it fits. Days are given as "2026-11-26"."""
        if self.kind is FieldKind.DAY:
            return "" if _day(value) is not None else "วันที่ต้องเป็นวันในปฏิทิน เช่น 2026-11-26"
        if self.kind is FieldKind.NUMBER:
            return "" if _NUMBER.fullmatch(arabic_digits(value).strip()) else "ใส่ตัวเลข เช่น 12 หรือ 1,500.50"
        if self.kind is FieldKind.CHOICE:
            return "" if value in self.choices else "เลือกจาก " + ", ".join(self.choices)
        most = _TEXT if self.kind is FieldKind.TEXT else _LINE
        return f"ยาวเกิน {most:,} ตัวอักษร" if len(value) > most else ""

    def written(self, value: str) -> str:
        """The value as it stands in the text."""
        if self.kind is FieldKind.DAY:
            day = _day(value)
            return long_date(day) if day is not None else value
        if self.kind is FieldKind.TEXT:
            return value.replace("\r\n", "\n").strip()
        return " ".join((arabic_digits(value) if self.kind is FieldKind.NUMBER else value).split())


@dataclass(frozen=True)
class TemplateText:
    """What a keeper writes: the name and for what it is (`about`), the document with its blanks, the fields in the
    order of the blanks, and the names of what usually goes along (`enclosures`)."""

    name: str
    content: Content
    about: str = ""
    fields: tuple[TemplateField, ...] = ()
    enclosures: tuple[str, ...] = ()

    def with_fields(self, described: Mapping[str, TemplateField]) -> TemplateText:
        """The same with a field for each blank: as it is described, or as its name tells."""
        names = fields_of(self.content)
        return replace(
            self, fields=tuple(described.get(name) or TemplateField(name, FieldKind.guessed(name)) for name in names)
        )

    def faults(self) -> dict[str, str]:
        """What is wrong with name and fields, by field; the document is checked by what checks drafts."""
        wrong = {}
        if not self.name.strip():
            wrong["name"] = "ตั้งชื่อแบบ เช่น หนังสือเชิญประชุม"
        elif len(self.name) > _NAME:
            wrong["name"] = f"ชื่อแบบยาวเกิน {_NAME} ตัวอักษร"
        if len(self.about) > _ABOUT:
            wrong["about"] = f"ยาวเกิน {_ABOUT} ตัวอักษร"
        if len(self.enclosures) > MOST_ENCLOSURES or any(len(one) > _LINE for one in self.enclosures):
            wrong["enclosures"] = f"สิ่งที่ส่งมาด้วยใส่ได้ไม่เกิน {MOST_ENCLOSURES} บรรทัด บรรทัดละไม่เกิน {_LINE} ตัวอักษร"
        if len(self.fields) > MOST_FIELDS:
            wrong["body"] = f"มีฟิลด์ได้ไม่เกิน {MOST_FIELDS} ช่อง"
        for one in self.fields:
            if words := _fault_of(one):
                wrong[one.field] = words
        return wrong

    def sample(self) -> Content:
        """The document with something in place of blanks that are a whole day or time, so that it can be checked."""
        rule = RULES.get(self.content.form)
        kinds = {detail.key: detail.kind for detail in rule.details} if rule is not None else {}
        samples = {DetailKind.DAY: "2026-01-01", DetailKind.TIME: "00.00"}
        details = {
            key: samples.get(kinds[key], text) if key in kinds and only_blank(text) is not None else text
            for key, text in self.content.details.items()
        }
        return replace(self.content, details=details)

    def filled(self, values: Mapping[str, str]) -> Content:
        """The document with the values in place of the blanks. Raises BadInput by "fields.ชื่อ" for a value that does
        not fit and for a field that the template does not have."""
        fields = {one.name: one for one in self.fields}
        given = {name: value.strip() for name, value in values.items() if value.strip()}
        wrong = {f"fields.{name}": "แบบนี้ไม่มีช่องชื่อนี้" for name in values if name not in fields}
        for name, value in given.items():
            if name in fields and (words := fields[name].fault(value)):
                wrong[fields[name].field] = words
        if wrong:
            raise BadInput(wrong)

        def word_for(name: str) -> str | None:
            if name in given:
                return fields[name].written(given[name])
            return None if name not in fields or fields[name].required else ""

        def line(text: str) -> str:
            return " ".join(fill(text, word_for).split())

        def marked(name: str) -> str | None:
            word = word_for(name)
            return word if word is None or fields[name].kind is FieldKind.TEXT else _SIGNS.sub(r"\\\1", word)

        content = self.content
        return replace(
            content,
            subject=line(content.subject),
            addressed_to=line(content.addressed_to),
            body=_MANY_LINE_ENDS.sub("\n\n", fill(content.body, marked)).strip(),
            references=tuple(replace(r, number=line(r.number), sender=line(r.sender)) for r in content.references),
            contact=Contact(*map(line, (content.contact.unit, content.contact.phone, content.contact.email))),
            details=_details(content, given, fields, word_for),
        )

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        c = self.content
        return {
            "name": self.name,
            "about": self.about,
            "enclosures": list(self.enclosures),
            "fields": [
                {"name": f.name, "kind": f.kind.value, "required": f.required}
                | {"hint": f.hint, "choices": list(f.choices)}
                for f in self.fields
            ],
            "content": {
                "form": c.form.value,
                "subject": c.subject,
                "addressed_to": c.addressed_to,
                "body": c.body,
                "recipients": list(c.chosen),
                "references": [[r.number, r.date.isoformat() if r.date else None, r.sender] for r in c.references],
                "urgency": c.urgency.value,
                "secrecy": c.secrecy.value,
                "contact": [c.contact.unit, c.contact.phone, c.contact.email],
                "purpose": c.purpose,
                "closing": c.closing,
                "circular": c.circular,
                "details": dict(c.details),
                "digits": c.digits.value if c.digits is not None else None,
                "cosigners": [str(one) for one in c.cosigners],
            },
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> TemplateText:
        """What `as_dict` wrote."""
        c = kept["content"]
        plain = ("subject", "addressed_to", "body", "purpose", "closing", "circular", "details")
        return cls(
            name=kept["name"],
            about=kept["about"],
            enclosures=tuple(kept["enclosures"]),
            fields=tuple(
                TemplateField(f["name"], FieldKind(f["kind"]), f["required"], f["hint"], tuple(f["choices"]))
                for f in kept["fields"]
            ),
            content=Content(
                **{name: c[name] for name in plain},
                form=Form(c["form"]),
                recipients=tuple(c["recipients"]),
                references=tuple(
                    Reference(number, date.fromisoformat(day) if day else None, sender)
                    for number, day, sender in c["references"]
                ),
                urgency=Urgency(c["urgency"]),
                secrecy=Secrecy(c["secrecy"]),
                contact=Contact(*c["contact"]),
                digits=Digits(c["digits"]) if c["digits"] else None,
                cosigners=tuple(PositionId(UUID(one)) for one in c["cosigners"]),
            ),
        )


@dataclass(eq=False)
class Template:
    """A template of the agency (`unit_id` None) or of one of its units. `edition` counts its texts, which are all kept;
    `version` guards against two people at once. `picture` is its first page and `picture_of` says what was drawn."""

    id: TemplateId
    agency_id: AgencyId
    unit_id: UnitId | None
    text: TemplateText
    made_at: datetime
    changed_at: datetime
    changed_by: str
    active: bool = True
    edition: int = 1
    version: int = 1
    picture: Digest | None = None
    picture_of: str = ""

    def made(self, *, by: Actor) -> TemplateMade:
        """The event that it was made."""
        return TemplateMade(at=self.made_at, by=by, thing_id=self.id, title=self.text.name, form=self._form)

    def expect_edition(self, edition: int | None) -> None:
        """Raise ConcurrentEdit when the caller looked at another edition (None: the caller does not care)."""
        if edition is not None and edition != self.edition:
            raise ConcurrentEdit

    def change(self, text: TemplateText, *, by: Actor, at: datetime) -> TemplateChanged:
        """Give it another text: letters that were begun from the one before are not touched."""
        self.text, self.edition = text, self.edition + 1
        self.changed_at, self.changed_by = at, by.name
        return TemplateChanged(at=at, by=by, thing_id=self.id, title=text.name, form=self._form, edition=self.edition)

    def switch(self, *, active: bool, by: Actor, at: datetime) -> TemplateSwitched:
        """Offer it to those who write, or no more."""
        self.active = active
        return TemplateSwitched(at=at, by=by, thing_id=self.id, title=self.text.name, active=active)

    @property
    def _form(self) -> str:
        return self.text.content.form.value


def fields_of(content: Content) -> tuple[str, ...]:
    """The names of the blanks of a document, in the order in which they are read."""
    return blanks_in(*content.texts().values())


def _fault_of(one: TemplateField) -> str:
    if not one.name or len(one.name) > LONGEST_NAME:
        return f"ชื่อฟิลด์ต้องมี 1 ถึง {LONGEST_NAME} ตัวอักษร"
    if len(one.hint) > _HINT:
        return f"คำแนะนำยาวเกิน {_HINT} ตัวอักษร"
    if one.kind is not FieldKind.CHOICE:
        return ""
    if len(set(one.choices)) < 2:
        return "ใส่ตัวเลือกอย่างน้อย 2 อย่าง"
    return f"ตัวเลือกมีได้ไม่เกิน {MOST_CHOICES} อย่าง" if len(one.choices) > MOST_CHOICES else ""


def _details(
    content: Content, given: Mapping[str, str], fields: Mapping[str, TemplateField], word_for: Any
) -> dict[str, str]:
    """The details, filled in; a day or a time that nobody gave is left empty, since no blank can stand there."""
    out = {}
    for detail in RULES[content.form].details:
        text = content.details.get(detail.key, "")
        name = only_blank(text)
        if detail.kind in (DetailKind.DAY, DetailKind.TIME) and name is not None:
            text = given.get(name, "")
            if detail.kind is DetailKind.TIME:
                text = _time(text)
        elif detail.kind is DetailKind.LINES:
            text = fill(text, word_for).strip()
        else:
            text = " ".join(fill(text, word_for).split())
        if text:
            out[detail.key] = text
    return out


def _time(text: str) -> str:
    found = re.fullmatch(r"([0-9]{1,2})\s*[.:]\s*([0-9]{2})(?:\s*น\.?)?", arabic_digits(text))
    return f"{int(found[1]):02}.{found[2]}" if found is not None else text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
