"""Receivers outside the directory, and what receivers said without a seal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import answers, forms, showing
from saraban.api import shapes as s
from saraban.api.answers_received import page_of
from saraban.api.fields import Choice, Day, Form, Moment, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once, once_done, once_gone, once_made
from saraban.domain.confirmation import MOST_NAME, MOST_NOTE, MOST_NUMBER, MOST_PHONE, MOST_POSITION
from saraban.domain.dispatch import DispatchId, EvidenceKind
from saraban.domain.errors import NotFound
from saraban.domain.outsider import MOST_ADDRESS, OutsiderId
from saraban.reading import directory
from saraban.reading import tracking as reading
from saraban.usecases import confirming, outsiders, readdressing
from saraban.usecases.ports import Services

api = section("outsiders", "ผู้รับนอกทำเนียบ และการยืนยันของผู้รับที่ไม่มีใบตอบรับลงตรา")


class OutsiderForm(Form):
    """A receiver with nothing but a mail address."""

    name = Text(most=MOST_NAME, required=True, metadata={"example": "โรงเรียนบ้านสวน"})
    mailbox = Text(most=MOST_ADDRESS, required=True, metadata={"example": "office@school.example"})


class ConfirmationForm(Form):
    """What a receiver said: on the telephone, or in a reply that came."""

    kind = Choice(("phone", "reply"), required=True, metadata={"example": "phone"})
    name = Text(most=MOST_NAME, required=True, metadata={"example": "นายรับสาย ใจดี"})
    position = Text(most=MOST_POSITION, load_default="", metadata={"example": "ธุรการ"})
    phone = Text(most=MOST_PHONE, load_default="", metadata={"example": "0 2555 0100"})
    at = Moment(load_default=None, metadata={"example": "2026-11-26T10:00:00+07:00"})
    number = Text(most=MOST_NUMBER, load_default="", metadata={"example": "45"})
    day = Day(load_default=None, metadata={"example": "2026-11-26"})
    note = Text(most=MOST_NOTE, line=False, load_default="", metadata={"example": "จะส่งหนังสือตอบสัปดาห์หน้า"})


class OutsiderShape(Schema):
    """A receiver outside the directory; `code` is what stands in `recipients` of a letter."""

    id = s.identity()
    code = s.text("office@school.example")
    name = s.text("โรงเรียนบ้านสวน")
    mailbox = s.text("office@school.example")


@api.get("/outsiders")
@told("ผู้รับนอกทำเนียบ", "รายการของส่วนราชการเอง ผู้รับที่มีแต่ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์")
@api.gives(200, page_of(OutsiderShape))
def index() -> Json:
    """List the receivers outside the directory."""
    rows = directory.outsiders(doorway.reader(), doorway.actor())
    return showing.whole_list(rows, lambda row: _shown(row.id, row.name, row.mailbox))


@api.post("/outsiders")
@told("เพิ่มผู้รับนอกทำเนียบ", "code ที่ได้ใช้เป็นผู้รับใน recipients ของหนังสือ ที่อยู่เดิมได้ชื่อใหม่ตามที่ส่งมา")
@api.takes(OutsiderForm, example={"name": "โรงเรียนบ้านสวน", "mailbox": "office@school.example"})
@api.gives(201, OutsiderShape)
def add(sent: Json) -> Any:
    """Put a receiver onto the list."""

    def work(office: Services) -> Json:
        made = outsiders.add_outsider(office, actor=doorway.actor(), name=sent["name"], mailbox=sent["mailbox"])
        return _shown(made.id, made.name, made.mailbox)

    def again(outsider_id: UUID) -> Json:
        rows = directory.outsiders(doorway.reader(), doorway.actor())
        row = next((one for one in rows if one.id == outsider_id), None)
        if row is None:
            raise NotFound
        return _shown(row.id, row.name, row.mailbox)

    answer, headers = once(work, again)
    return answer, 201, headers


@api.post("/outsiders/<uuid:outsider_id>/retire")
@told("เอาผู้รับนอกทำเนียบออก", "หนังสือที่เคยส่งไม่เปลี่ยน ร่างที่เลือกไว้ต้องเลือกผู้รับใหม่")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, s.GoneShape)
def retire(_sent: Json, outsider_id: UUID) -> Any:
    """Take a receiver off the list."""
    who, gone = doorway.actor(), OutsiderId(outsider_id)
    return once_gone(lambda office: outsiders.retire_outsider(office, actor=who, outsider_id=gone), outsider_id)


@api.post("/dispatches/<uuid:dispatch_id>/confirmations")
@told(
    "บันทึกการยืนยันของผู้รับ",
    "ผู้รับยืนยันทางโทรศัพท์ หรือในอีเมลตอบที่มาถึงแล้ว เป็นหลักฐานชั้น phone หรือ reply ที่ไม่มีลายมือชื่อ มีเลขทะเบียนรับถือว่าลงทะเบียน",
)
@api.takes(ConfirmationForm, example={"kind": "phone", "name": "นายรับสาย ใจดี", "phone": "0 2555 0100", "number": "45"})
@api.gives(201, answers.DispatchShape)
def confirm(sent: Json, dispatch_id: UUID) -> Any:
    """Write down what a receiver said."""
    values = {**sent, "kind": EvidenceKind(sent["kind"]), "dispatch_id": DispatchId(dispatch_id)}
    return once_done(
        lambda office: confirming.confirm_by_hand(office, actor=doorway.actor(), **values), dispatch_id, _dispatch, 201
    )


@api.post("/dispatches/<uuid:dispatch_id>/address")
@told(
    "แก้ที่อยู่แล้วส่งใหม่",
    "เมื่อส่งไม่ถึงผู้รับนอกทำเนียบ หนังสือฉบับเดิมส่งไปที่อยู่ที่แก้แล้ว ตอบด้วยการส่งใหม่ การส่งเดิมปิดและเก็บไว้เป็นหลักฐาน",
)
@api.takes(OutsiderForm, example={"name": "โรงเรียนบ้านสวน", "mailbox": "office@school.example"})
@api.gives(201, answers.DispatchShape)
def correct_address(sent: Json, dispatch_id: UUID) -> Any:
    """Send the letter to the right address."""
    values = {**sent, "dispatch_id": DispatchId(dispatch_id)}
    return once_made(lambda office: readdressing.correct_address(office, actor=doorway.actor(), **values).id, _dispatch)


def _dispatch(dispatch_id: UUID) -> Json:
    reader, actor = doorway.reader(), doorway.actor()
    row = reading.dispatch(reader, actor, dispatch_id)
    return showing.dispatch(row, reading.timeline(reader, actor, dispatch_id))


def _shown(id_: UUID, name: str, mailbox: str) -> Json:
    return {"id": str(id_), "code": mailbox, "name": name, "mailbox": mailbox}
