"""Templates of documents: listed, opened, made and changed by programs. Letters begin from one by POST /letters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from saraban import doorway
from saraban.api import answers, showing
from saraban.api import shapes as s
from saraban.api.drafts import content_of
from saraban.api.fields import Choice, Flag, Form, Group, Items, Text, Whole
from saraban.api.forms import ContentForm
from saraban.api.gate import ADDRESS, section, told
from saraban.api.repeating import Json, once
from saraban.domain import classification as closed
from saraban.domain.content import Content
from saraban.domain.templates import MOST_CHOICES, MOST_ENCLOSURES, MOST_FIELDS, FieldKind, TemplateField, TemplateText
from saraban.reading import templates as reading
from saraban.usecases import keeping_templates as keeping
from saraban.usecases.ports import Services

api = section("templates", "แบบหนังสือ: หนังสือที่เขียนบ่อย พร้อมช่องที่ต้องเติม")
_BLANKS = "{{ชื่อฟิลด์}} ในช่องข้อความใดก็ได้คือช่องที่ถามเมื่อเริ่มร่าง"
_EXAMPLE = {
    "name": "คำสั่งแต่งตั้งคณะทำงาน",
    "content": {"form": "order", "subject": "แต่งตั้ง{{ชื่อคณะทำงาน}}", "body": "จึงแต่งตั้ง{{ชื่อคณะทำงาน}} ดังนี้"},
    "fields": [{"name": "ชื่อคณะทำงาน", "hint": "เช่น คณะทำงานพัฒนาระบบ"}],
}
_OF_CONTENT = (
    *("form", "subject", "addressed_to", "body", "recipients", "references", "urgency", "secrecy", "contact"),
    *("purpose", "closing", "circular", "digits", "details"),
)


class FieldForm(Form):
    """How a field is filled in; one that is not described is a line, a day or a number by its name."""

    name = Text(most=60, required=True)
    kind = Choice(FieldKind, metadata={"description": "ไม่ส่งคือ line"})
    required = Flag(metadata={"description": "false คือเว้นว่างได้ ไม่ส่งคือ true"})
    hint = Text(most=200)
    choices = Items(Text(most=500), most=MOST_CHOICES, metadata={"description": "เฉพาะ kind choice"})


class TemplateTextForm(Form):
    """The parts of a template that may be changed."""

    name = Text(most=100)
    about = Text(most=300, metadata={"description": "ใช้เมื่อใด"})
    content = Group(ContentForm, metadata={"description": _BLANKS})
    fields_ = Items(Group(FieldForm), most=MOST_FIELDS, data_key="fields", attribute="fields")
    enclosures = Items(Text(most=500), most=MOST_ENCLOSURES, metadata={"description": "ชื่อสิ่งที่ส่งมาด้วยที่มักแนบ"})


class TemplateMaking(TemplateTextForm):
    """A new template."""

    name = Text(most=100, required=True)
    content = Group(ContentForm, required=True, metadata={"description": _BLANKS})
    unit = Text(most=100, metadata={"description": "รหัสหน่วยงาน ไม่ส่งคือทั้งส่วนราชการ"})


class TemplateChange(TemplateTextForm):
    """A change of a template: only what is sent. Another text is another edition."""

    edition = Whole(least=1, allow_none=True, metadata={"description": "ฉบับที่ผู้เรียกเห็น ไม่ส่งคือไม่ตรวจ"})
    active = Flag(metadata={"description": "false คือปิดใช้"})


class TemplatesQuery(Form):
    """Words of name, purpose, form or unit."""

    q = Text(most=200, load_default="")


class TemplateLine(Schema):
    """A template in a list: favourites first, then the most used."""

    id = s.identity()
    name = s.text("หนังสือเชิญประชุม")
    about = s.text("เชิญส่วนราชการอื่นเข้าประชุม")
    form = s.one_of(closed.Form)
    unit = s.text("", "หน่วยงาน ว่างคือทั้งส่วนราชการ")
    edition = s.whole(2)
    active = s.true()
    uses = s.whole(12)
    favourite = s.true()


class TemplatesShape(Schema):
    """Templates that the caller may see."""

    items = s.many(TemplateLine)


class FieldShape(Schema):
    """A field that is asked for."""

    name = s.text("วันที่ประชุม")
    kind = s.one_of(FieldKind)
    required = s.true()
    hint = s.text()
    choices = s.texts()


class TemplateContentShape(Schema):
    """The document of a template, with its blanks."""

    form = s.one_of(closed.Form)
    subject = s.text("ขอเชิญประชุม{{ชื่อการประชุม}}")
    addressed_to = s.text("เรียน {{ผู้รับ}}")
    body = s.text()
    recipients = s.texts("รหัสส่วนราชการ")
    references = s.many(answers.ReferenceShape)
    urgency = s.one_of(closed.Urgency)
    secrecy = s.one_of(closed.Secrecy)
    contact = s.group(answers.ContactShape)
    purpose = s.text("action")
    closing = s.text("ขอแสดงความนับถือ")
    circular = s.true()
    digits = s.text(none=True)
    details = s.texts_by_key("ช่องที่มีเฉพาะบางแบบ")


class EditionShape(Schema):
    """A text that the template has or had."""

    number = s.whole(2)
    at = s.moment()
    person = s.text("นางสาวสมหญิง ใจตัวอย่าง")


class TemplateShape(Schema):
    """A template with all its parts."""

    id = s.identity()
    name = s.text("หนังสือเชิญประชุม")
    about = s.text()
    active = s.true()
    edition = s.whole(2)
    content = s.group(TemplateContentShape)
    fields_ = fields.List(fields.Nested(FieldShape), required=True, attribute="fields", data_key="fields")
    enclosures = s.texts()
    editions = s.many(EditionShape)
    may_change = s.may()


@api.get("/templates")
@told("รายการแบบหนังสือ", "แบบโปรดของผู้เรียกก่อน แล้วแบบที่ใช้มาก")
@api.takes(TemplatesQuery, location="query")
@api.gives(200, TemplatesShape)
def index(query: Json) -> Json:
    """List the templates that the caller may see."""
    found = reading.kept(doorway.reader(), doorway.actor(), query["q"])
    names = ("name", "about", "unit", "edition", "active", "uses", "favourite")
    return {
        "items": [
            {"id": str(row.id), "form": row.form.value, **{name: getattr(row, name) for name in names}} for row in found
        ]
    }


@api.get("/templates/<uuid:template_id>")
@told("แบบหนังสือหนึ่งแบบ", "เนื้อความ ฟิลด์ และฉบับของแบบ")
@api.gives(200, TemplateShape)
def show(template_id: UUID) -> Json:
    """Show a template with its fields."""
    return _shown(template_id)


@api.post("/templates")
@told("ทำแบบหนังสือ", f"{_BLANKS} fields บอกว่าเติมด้วยอะไร เริ่มร่างด้วย POST /letters ส่ง template และ fields")
@api.takes(TemplateMaking, example=_EXAMPLE)
@api.gives(201, TemplateShape)
def make(sent: Json) -> Any:
    """Make a template."""

    def work(office: Services) -> Json:
        text = _text(sent, TemplateText("", Content()))
        return _shown(keeping.make_template(office, actor=doorway.actor(), text=text, unit_code=sent.get("unit")))

    answer, headers = once(work, _shown)
    return answer, 201, {**headers, "Location": f"{ADDRESS}/templates/{answer['id']}"}


@api.patch("/templates/<uuid:template_id>")
@told("แก้แบบหนังสือ", "แก้เฉพาะที่ส่งมา ได้ฉบับใหม่ หนังสือที่ร่างจากแบบไปแล้วไม่เปลี่ยน active เปิดหรือปิดใช้")
@api.takes(TemplateChange, example={"edition": 1, "active": True, "about": "ใช้ภายในกอง"})
@api.gives(200, TemplateShape)
def change(sent: Json, template_id: UUID) -> Json:
    """Change the parts that were sent."""
    office, actor = doorway.services(), doorway.actor()
    before = keeping.open_template(office, actor=actor, template_id=template_id).template.text
    text = _text(sent, before)
    keeping.change_template(office, actor=actor, template_id=template_id, text=text, edition=sent.get("edition"))
    if "active" in sent:
        keeping.switch_template(office, actor=actor, template_id=template_id, active=sent["active"])
    return _shown(template_id)


def _text(sent: Json, before: TemplateText) -> TemplateText:
    content = content_of(sent.get("content", {}), before.content)
    text = replace(
        before,
        content=replace(content, response_due=None, typist=""),
        name=sent.get("name", before.name).strip(),
        about=sent.get("about", before.about).strip(),
        enclosures=tuple(sent.get("enclosures", before.enclosures)),
    )
    described = {one.name: one for one in before.fields}
    if "fields" in sent:
        described = {f["name"]: _field(f) for f in sent["fields"]}
    return text.with_fields(described)


def _field(sent: Json) -> TemplateField:
    return TemplateField(
        sent["name"],
        FieldKind(sent["kind"]) if "kind" in sent else FieldKind.LINE,
        sent.get("required", True),
        sent.get("hint", ""),
        tuple(sent.get("choices", ())),
    )


def _shown(template_id: UUID) -> Json:
    opened = keeping.open_template(doorway.services(), actor=doorway.actor(), template_id=template_id)
    template, text = opened.template, opened.template.text
    content = showing.content(text.content)
    return {
        "id": str(template.id),
        "name": text.name,
        "about": text.about,
        "active": template.active,
        "edition": template.edition,
        "content": {name: content[name] for name in _OF_CONTENT},
        "fields": text.as_dict()["fields"],
        "enclosures": list(text.enclosures),
        "editions": [{"number": e.number, "at": showing.moment(e.at), "person": e.person} for e in opened.editions],
        "may_change": opened.why_not_change or True,
    }
