"""Standing orders: which letters go to which unit by themselves once they are registered."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import forms, showing
from saraban.api import shapes as s
from saraban.api.fields import Choice, Form, Identity, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain import classification
from saraban.domain.calendar import office_date
from saraban.domain.standing_order import MOST_NOTE, MOST_WORDS, StandingOrderId
from saraban.domain.task import Purpose
from saraban.reading import tasks as reading
from saraban.usecases import standing
from saraban.usecases.ports import Services

api = section("standing-orders", "มอบหมายล่วงหน้า: หนังสือใดไปที่หน่วยงานใดทันทีที่ลงรับ หนังสือชั้นความลับไม่ส่งเอง")


class StandingOrderForm(Form):
    """Which letters, and where they go."""

    words = Text(most=MOST_WORDS, load_default="", metadata={"description": "คำในเรื่อง ต้องมีครบทุกคำ"})
    sender = Text(most=254, load_default="", metadata={"description": "รหัสส่วนราชการผู้ส่ง", "example": "XC0001"})
    form = Choice(classification.Form)
    unit = Identity(required=True)
    purpose = Choice(Purpose, load_default=Purpose.ACTION.value)
    note = Text(most=MOST_NOTE, line=False, load_default="")


class StandingOrderShape(Schema):
    """An order in force."""

    id = s.identity()
    words = s.text("รายงานประจำปี")
    sender = s.text("กรมการปกครอง")
    form = s.text("external")
    unit = s.text("กองคลัง")
    purpose = s.one_of(Purpose)
    note = s.text("เพื่อดำเนินการ")
    changed_by = s.text("นางสาวสมใจ ใจดี")
    changed_at = s.moment()


class StandingOrdersShape(Schema):
    """All of them."""

    items = s.many(StandingOrderShape)
    next = s.text(description="ว่างเสมอ ได้ทั้งรายการในคราวเดียว", none=True)


class OrderDoneShape(Schema):
    """The id of an order that was made or ended."""

    id = s.identity()


@api.get("/standing-orders")
@told("การมอบหมายล่วงหน้าที่ใช้อยู่")
@api.gives(200, StandingOrdersShape)
def index() -> Json:
    """List the orders in force."""
    found = reading.orders(doorway.reader(), doorway.actor(), _today())
    return {"items": [_shown(row) for row in found], "next": None}


@api.post("/standing-orders")
@told("ตั้งการมอบหมายล่วงหน้า", "เฉพาะเจ้าหน้าที่สารบรรณกลางหรือผู้ดูแลระบบ ระบุ words sender หรือ form อย่างน้อยหนึ่งอย่าง")
@api.takes(StandingOrderForm, example={"words": "รายงานประจำปี", "unit": "6a0c1f0e-0f0e-4a52-9a57-0f6f0a8f9c11"})
@api.gives(201, OrderDoneShape)
def make(sent: Json) -> Any:
    """Make an order."""

    def work(office: Services) -> Json:
        made = standing.keep_order(
            office,
            actor=doorway.actor(),
            unit_id=sent["unit"],
            words=sent["words"],
            sender_code=sent["sender"],
            form=sent.get("form", ""),
            purpose=Purpose(sent["purpose"]),
            note=sent["note"],
        )
        return {"id": str(made)}

    answer, headers = once(work, lambda made: {"id": str(made)})
    return answer, 201, headers


@api.post("/standing-orders/<uuid:order_id>/end")
@told("เลิกการมอบหมายล่วงหน้า", "หนังสือที่ไปแล้วไม่เปลี่ยน")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, OrderDoneShape)
def end(_sent: Json, order_id: UUID) -> Any:
    """End an order."""

    def work(office: Services) -> Json:
        standing.end_order(office, actor=doorway.actor(), order_id=StandingOrderId(order_id))
        return {"id": str(order_id)}

    answer, headers = once(work, lambda _: {"id": str(order_id)})
    return answer, 200, headers


def _shown(row: reading.OrderRow) -> Json:
    return {
        "id": str(row.id),
        "words": row.words,
        "sender": row.sender_name,
        "form": row.form,
        "unit": row.unit_name,
        "purpose": row.purpose.value,
        "note": row.note,
        "changed_by": row.changed_by,
        "changed_at": showing.moment(row.changed_at),
    }


def _today() -> date:
    return office_date(doorway.services().clock.now())
