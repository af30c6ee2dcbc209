"""Groups of receivers: whom a draft's `recipients` may name with one word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from saraban import doorway
from saraban.api import forms, showing
from saraban.api import shapes as s
from saraban.api.answers_received import page_of
from saraban.api.fields import Form, Items, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once, once_gone
from saraban.domain.calendar import office_date
from saraban.domain.group import MOST_MEMBERS, MOST_NAME, GroupId
from saraban.reading import groups as rows
from saraban.usecases import groups
from saraban.usecases.ports import Services

api = section("groups", "กลุ่มผู้รับ: รายชื่อที่ใช้เป็นผู้รับของหนังสือได้ทั้งกลุ่ม")


class GroupForm(Form):
    """A group and its first members: codes, names or addresses."""

    name = Text(most=MOST_NAME, required=True, metadata={"example": "สำนักงานจังหวัดทุกแห่ง"})
    members = Items(Text(most=300), most=MOST_MEMBERS, load_default=list, metadata={"example": ["XC0001"]})
    for_all = fields.Boolean(load_default=False, metadata={"description": "ใช้ทั้งส่วนราชการ"})


class GroupChangeForm(Form):
    """What changes in a group."""

    name = Text(most=MOST_NAME, metadata={"example": "สำนักงานจังหวัดทุกแห่ง"})
    add = Items(Text(most=300), most=MOST_MEMBERS, load_default=list, metadata={"example": ["XC0001"]})
    remove = Items(Text(most=300), most=MOST_MEMBERS, load_default=list, metadata={"description": "รหัสที่เอาออก"})


class ChoiceShape(Schema):
    """A group that may stand in `recipients`."""

    token = s.text("group:all", description="คำที่ใส่ใน recipients ของร่าง")
    name = s.text("ทั้งทำเนียบ")
    count = s.whole(77)


class GroupShape(Schema):
    """A group with its members; `not_found` are the names of the request that nobody, or several, are called by."""

    id = s.identity()
    token = s.text("group:6a0c1f0e-0f0e-4a52-9a57-0f6f0a8f9c11")
    name = s.text("สำนักงานจังหวัดทุกแห่ง")
    personal = s.true("ของผู้เรียกเองคนเดียว")
    members = s.texts("รหัสส่วนราชการ หรือที่อยู่ของผู้รับนอกทำเนียบ")
    not_found = s.texts("รายการที่ส่งมาแล้วไม่พบ")


@api.get("/groups")
@told("กลุ่มผู้รับที่เลือกได้", "กลุ่มที่เก็บไว้ ทั้งทำเนียบ และส่วนราชการในสังกัด ร่างที่มี token ได้สมาชิกของวันที่เสนอ")
@api.gives(200, page_of(ChoiceShape))
def index() -> Json:
    """List the groups that a draft may name."""
    on = office_date(doorway.services().clock.now())
    found = rows.choices(doorway.reader(), doorway.actor(), on)
    return showing.whole_list(found, lambda c: {"token": c.token, "name": c.name, "count": c.count})


@api.post("/groups")
@told("ทำกลุ่มผู้รับ", "members เป็นรหัส ชื่อ ชื่อย่อ หรือที่อยู่ ที่ไม่พบอยู่ใน not_found")
@api.takes(GroupForm, example={"name": "สำนักงานจังหวัดทุกแห่ง", "members": ["XC0001"], "for_all": False})
@api.gives(201, GroupShape)
def make(sent: Json) -> Any:
    """Make a group."""

    def work(office: Services) -> Json:
        made, pasted = groups.keep_group(
            office, actor=doorway.actor(), name=sent["name"], add=sent["members"], for_all=sent["for_all"]
        )
        doorway.refresh_reader()
        return _shown(made.id, pasted.not_found)

    answer, headers = once(work, _shown)
    return answer, 201, headers


@api.get("/groups/<uuid:group_id>")
@told("กลุ่มผู้รับหนึ่งกลุ่ม")
@api.gives(200, GroupShape)
def show(group_id: UUID) -> Json:
    """Show a group and its members."""
    return _shown(group_id)


@api.patch("/groups/<uuid:group_id>")
@told("แก้กลุ่มผู้รับ", "เปลี่ยนชื่อ เพิ่ม หรือเอาสมาชิกออก")
@api.takes(GroupChangeForm, example={"add": ["XC0001"], "remove": []})
@api.gives(200, GroupShape)
def change(sent: Json, group_id: UUID) -> Json:
    """Change a group."""
    found = rows.group(doorway.reader(), doorway.actor(), group_id)
    _, pasted = groups.keep_group(
        doorway.services(),
        actor=doorway.actor(),
        group_id=GroupId(group_id),
        name=sent.get("name", found.name),
        add=sent["add"],
        drop=sent["remove"],
    )
    doorway.refresh_reader()
    return _shown(group_id, pasted.not_found)


@api.post("/groups/<uuid:group_id>/retire")
@told("เอากลุ่มผู้รับออก", "หนังสือที่เคยส่งไม่เปลี่ยน ร่างที่เลือกไว้ต้องเลือกใหม่")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, s.GoneShape)
def retire(_sent: Json, group_id: UUID) -> Any:
    """Take a group away."""
    who = doorway.actor()
    return once_gone(lambda office: groups.retire_group(office, actor=who, group_id=GroupId(group_id)), group_id)


def _shown(group_id: UUID, not_found: tuple[str, ...] = ()) -> Json:
    row = rows.group(doorway.reader(), doorway.actor(), group_id)
    return {
        "id": str(row.id),
        "token": row.token,
        "name": row.name,
        "personal": row.personal,
        "members": list(row.members),
        "not_found": list(not_found),
    }
