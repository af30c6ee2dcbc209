"""Groups of readers: to whom letters are passed round again and again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.circulating import TO_WORDS, api
from saraban.api.fields import Form, Items, Text
from saraban.api.gate import told
from saraban.api.repeating import Json, once, once_gone
from saraban.domain.circulation import MOST_WORDS, ReaderGroupId
from saraban.domain.group import MOST_NAME
from saraban.reading import circulation as rows
from saraban.usecases import circulating
from saraban.usecases.ports import Services

__all__ = ["api"]


class ReaderGroupForm(Form):
    """A group of readers."""

    name = Text(most=MOST_NAME, required=True, metadata={"example": "ผู้อำนวยการทุกกอง"})
    to = Items(Text(most=100), most=MOST_WORDS, required=True, metadata={"description": TO_WORDS})
    for_all = fields.Boolean(load_default=False, metadata={"description": "ใช้ทั้งส่วนราชการ (ใช้เมื่อสร้างเท่านั้น)"})


class ReaderGroupShape(Schema):
    """A group of readers; its token stands among those to whom a letter is passed round."""

    id = s.identity()
    token = s.text("group:6a0c1f0e-0f0e-4a52-9a57-0f6f0a8f9c11")
    name = s.text("ผู้อำนวยการทุกกอง")
    to = s.texts("คำของผู้อ่าน")
    personal = s.true("ของผู้เรียกเองคนเดียว")


class ReaderGroupsShape(Schema):
    """The groups that the caller may use."""

    items = s.many(ReaderGroupShape)


@api.get("/reader-groups")
@told("กลุ่มผู้อ่าน", "ของส่วนราชการและของผู้เรียกเอง")
@api.gives(200, ReaderGroupsShape)
def groups() -> Json:
    """List the groups of readers."""
    return {"items": [_group(one) for one in rows.groups(doorway.reader(), doorway.actor())]}


@api.post("/reader-groups")
@told("ทำกลุ่มผู้อ่าน")
@api.takes(ReaderGroupForm)
@api.gives(201, ReaderGroupShape)
def make_group(sent: Json) -> Any:
    """Make a group of readers."""
    who = doorway.actor()

    def work(office: Services) -> Json:
        made = circulating.keep_reader_group(
            office, actor=who, name=sent["name"], to=sent["to"], for_all=sent["for_all"]
        )
        return _shown_group(made.id)

    answer, headers = once(work, _shown_group)
    return answer, 201, headers


@api.patch("/reader-groups/<uuid:group_id>")
@told("แก้กลุ่มผู้อ่าน", "ชื่อและผู้อ่านทั้งหมดแทนของเดิม")
@api.takes(ReaderGroupForm)
@api.gives(200, ReaderGroupShape)
def change_group(sent: Json, group_id: UUID) -> Any:
    """Change a group of readers."""
    who, one = doorway.actor(), ReaderGroupId(group_id)

    def work(office: Services) -> Json:
        circulating.keep_reader_group(office, actor=who, group_id=one, name=sent["name"], to=sent["to"])
        return _shown_group(group_id)

    answer, headers = once(work, _shown_group)
    return answer, 200, headers


@api.delete("/reader-groups/<uuid:group_id>")
@told("เอากลุ่มผู้อ่านออก", "หนังสือที่เวียนไปแล้วไม่เปลี่ยน")
@api.gives(200, s.GoneShape)
def retire_group(group_id: UUID) -> Any:
    """Take a group of readers away."""
    who, one = doorway.actor(), ReaderGroupId(group_id)
    return once_gone(lambda office: circulating.retire_reader_group(office, actor=who, group_id=one), group_id)


def _shown_group(group_id: UUID) -> Json:
    doorway.refresh_reader()
    return _group(rows.group(doorway.reader(), doorway.actor(), group_id))


def _group(one: rows.GroupRow) -> Json:
    return {
        "id": str(one.id),
        "token": one.token,
        "name": one.name,
        "to": list(one.words),
        "personal": one.personal,
    }
