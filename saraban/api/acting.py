"""Acting for another position: in which capacities the token's person may act, and the orders that say so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.answers_received import page_of
from saraban.api.fields import Choice, Day, Flag, Form, Identity, Items, Text, Whole
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.api.showing import moment
from saraban.domain.agency import PersonId, PositionId, UnitId
from saraban.domain.calendar import office_date
from saraban.domain.capacity import Capacity, Limits
from saraban.domain.classification import Form as LetterForm
from saraban.domain.classification import Secrecy
from saraban.domain.delegation import MOST_NUMBER, MOST_REASON, DelegationId, Standing
from saraban.doorway.acting import HEADER, capacities
from saraban.reading import acting as capacities_read
from saraban.reading import delegations as rows
from saraban.usecases import delegating
from saraban.usecases.ports import Services

api = section("acting", "การทำหน้าที่แทน: ตำแหน่งและคำสั่งที่โปรแกรมเลือกใช้ได้ และคำสั่งของส่วนราชการ")


class CapacityShape(Schema):
    """A capacity in which the token's person may act."""

    key = s.text("6a0c1f0e-0f0e-4a52-9a57-0f6f0a8f9c11", description=f"ค่าของหัวคำขอ {HEADER}")
    position = s.identity()
    title = s.text("รองอธิบดี รักษาราชการแทนอธิบดี")
    lines = s.texts("บรรทัดใต้ชื่อผู้ลงนาม")
    acting = s.text("deputy", description="ทำหน้าที่โดย ว่างคือตำแหน่งของตนเอง", none=True)
    holder = s.text("นางปราณี มีสุข", description="ผู้ดำรงตำแหน่งที่ทำแทน ว่างคือตำแหน่งว่าง", none=True)
    order = s.text("คำสั่งกรม ที่ ๑๒/๒๕๖๙ ลงวันที่ ๑ ตุลาคม ๒๕๖๙", none=True)
    until = s.day(none=True)
    waiting = s.whole(3)
    current = s.true("ใช้อยู่ในคำขอนี้")


class DelegationShape(Schema):
    """An order."""

    id = s.identity()
    position = s.text("อธิบดีกรมตัวอย่าง")
    position_id = s.identity()
    holder = s.text("นางปราณี มีสุข", description="ว่างคือตำแหน่งว่าง")
    delegate = s.text("นายสมชาย ดีมาก")
    delegate_title = s.text("รองอธิบดี", description="เมื่อคำสั่งให้ผู้ดำรงตำแหน่งทำแทน")
    capacity = s.one_of(Capacity)
    since = s.day()
    until = s.day(none=True)
    standing = s.one_of(Standing)
    document = s.text("คำสั่งกรม ที่ ๑๒/๒๕๖๙ ลงวันที่ ๑ ตุลาคม ๒๕๖๙")
    forms = s.texts("แบบหนังสือที่รวม ว่างคือทุกแบบ")
    units = s.texts("รหัสหน่วยงานที่รวม ว่างคือทุกหน่วยงาน")
    ceiling = s.one_of(Secrecy)
    incoming = s.true("รวมหนังสือรับ")
    may_hand_on = s.true("มอบช่วงต่อได้")
    entered_at = s.moment()
    entered_by = s.text("นายทวี จดไว้")
    revoked_at = s.moment(none=True)
    revoke_reason = s.text("")
    version = s.whole(1)
    cautions = s.texts("สิ่งที่ควรดู แม้คำสั่งมีผล")


class DelegationForm(Form):
    """An order that is entered."""

    position = Identity(required=True)
    person = Identity(load_default=None, allow_none=True)
    to_position = Identity(load_default=None, allow_none=True)
    capacity = Choice(Capacity, required=True)
    since = Day(required=True)
    until = Day(load_default=None, allow_none=True)
    number = Text(most=MOST_NUMBER, required=True)
    dated = Day(required=True)
    forms = Items(Choice(LetterForm), most=20, load_default=list)
    units = Items(Identity(), most=500, load_default=list)
    ceiling = Choice(Secrecy, load_default="open")
    incoming = Flag(load_default=True)
    may_hand_on = Flag(load_default=False)


class RevokeForm(Form):
    """Why an order ends before its day."""

    reason = Text(most=MOST_REASON, required=True, metadata={"example": "ผู้ดำรงตำแหน่งกลับมาปฏิบัติราชการ"})
    version = Whole(load_default=None, allow_none=True)


_EXAMPLE = {
    "position": "6a0c1f0e-0f0e-4a52-9a57-0f6f0a8f9c11",
    "person": "1f0c1f0e-0f0e-4a52-9a57-0f6f0a8f9c22",
    "capacity": "deputy",
    "since": "2026-12-01",
    "until": "2026-12-15",
    "number": "คำสั่งกรม ที่ 12/2569",
    "dated": "2026-11-23",
}


@api.get("/capacities")
@told("ตำแหน่งที่ทำหน้าที่ได้ในวันนี้", f"ตำแหน่งของตนเองก่อน แล้วตามคำสั่ง ส่ง key ในหัวคำขอ {HEADER} เพื่อทำรายการในตำแหน่งนั้น")
@api.gives(200, page_of(CapacityShape))
def index() -> Json:
    """List the capacities in which the token's person may act."""
    found = capacities()
    now = doorway.actor().key
    waiting = capacities_read.waiting_in(doorway.reader(), found)
    items = [
        {
            "key": one.key,
            "position": str(one.position_id),
            "title": one.title,
            "lines": list(one.lines),
            "acting": one.acting.capacity.value if one.acting is not None else None,
            "holder": one.acting.for_name if one.acting is not None else None,
            "order": one.acting.order if one.acting is not None else None,
            "until": one.acting.until.isoformat() if one.acting is not None and one.acting.until else None,
            "waiting": number,
            "current": one.key == now,
        }
        for one, number in zip(found, waiting, strict=True)
    ]
    return {"items": items, "next": None}


@api.get("/delegations")
@told("คำสั่งให้ทำหน้าที่แทน", "ของส่วนราชการสำหรับหัวหน้าส่วนราชการ นายทะเบียน และผู้ดูแลระบบ ของตนเองสำหรับผู้อื่น")
@api.gives(200, page_of(DelegationShape))
def orders() -> Json:
    """List orders, those entered last first."""
    found = rows.orders(doorway.reader(), doorway.actor(), _today(), cursor=request.args.get("cursor") or None)
    return {"items": [_shown(row) for row in found.items], "next": found.next}


@api.post("/delegations")
@told("บันทึกคำสั่งให้ทำหน้าที่แทน", "person หรือ to_position อย่างใดอย่างหนึ่ง คำสั่งที่ซ้อน วน หรือเกินอำนาจถูกปฏิเสธพร้อมเหตุ")
@api.takes(DelegationForm, example=_EXAMPLE)
@api.gives(201, DelegationShape)
def enter(sent: Json) -> Any:
    """Enter an order."""

    def work(office: Services) -> Json:
        order = delegating.Order(
            position_id=PositionId(sent["position"]),
            capacity=Capacity(sent["capacity"]),
            since=sent["since"],
            until=sent["until"],
            number=sent["number"],
            dated=sent["dated"],
            person_id=PersonId(sent["person"]) if sent["person"] else None,
            to_position_id=PositionId(sent["to_position"]) if sent["to_position"] and not sent["person"] else None,
            limits=Limits(
                tuple(LetterForm(one) for one in sent["forms"]),
                tuple(UnitId(one) for one in sent["units"]),
                Secrecy(sent["ceiling"]),
                sent["incoming"],
            ),
            may_hand_on=sent["may_hand_on"],
        )
        entered = delegating.enter_delegation(office, actor=doorway.actor(), order=order)
        doorway.refresh_reader()
        return _found(entered.id) | {"cautions": list(entered.cautions)}

    answer, headers = once(work, _found)
    return answer, 201, headers


@api.get("/delegations/<uuid:delegation_id>")
@told("คำสั่งหนึ่งฉบับ")
@api.gives(200, DelegationShape)
def show(delegation_id: UUID) -> Json:
    """Show one order."""
    return _found(delegation_id)


@api.post("/delegations/<uuid:delegation_id>/revoke")
@told("ยกเลิกคำสั่งก่อนกำหนด", "มีผลทันที สิ่งที่ทำแทนไปแล้วไม่เปลี่ยน")
@api.takes(RevokeForm, example={"reason": "ผู้ดำรงตำแหน่งกลับมาปฏิบัติราชการ"})
@api.gives(200, DelegationShape)
def revoke(sent: Json, delegation_id: UUID) -> Any:
    """End an order before its day."""

    def work(office: Services) -> Json:
        delegating.revoke_delegation(
            office,
            actor=doorway.actor(),
            delegation_id=DelegationId(delegation_id),
            reason=sent["reason"],
            version=sent["version"],
        )
        doorway.refresh_reader()
        return _found(delegation_id)

    answer, headers = once(work, _found)
    return answer, 200, headers


def _today() -> Any:
    return office_date(doorway.services().clock.now())


def _found(delegation_id: UUID) -> Json:
    return _shown(rows.order(doorway.reader(), doorway.actor(), delegation_id, _today()))


def _shown(row: rows.DelegationRow) -> Json:
    return {
        "id": str(row.id),
        "position": row.position,
        "position_id": str(row.position_id),
        "holder": row.holder,
        "delegate": row.delegate,
        "delegate_title": row.delegate_title,
        "capacity": row.capacity.value,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "standing": row.standing.value,
        "document": row.document,
        "forms": [form.value for form in row.forms],
        "units": [str(unit) for unit in row.units],
        "ceiling": row.ceiling.value,
        "incoming": row.incoming,
        "may_hand_on": row.may_hand_on,
        "entered_at": moment(row.entered_at),
        "entered_by": row.entered_by,
        "revoked_at": moment(row.revoked_at) if row.revoked_at else None,
        "revoke_reason": row.revoke_reason,
        "version": row.version,
        "cautions": [],
    }
