"""Keeping standing orders (มอบหมายล่วงหน้า): make one, change it, end it."""

from __future__ import annotations

from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.permissions import may_keep_orders, require
from saraban.domain.standing_order import StandingOrder, StandingOrderId
from saraban.domain.task import Purpose
from saraban.domain.task_events import OrderEnded, OrderStands
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services


def keep_order(
    office: Services,
    *,
    actor: Actor,
    unit_id: UUID | None,
    words: str = "",
    sender_code: str = "",
    form: str = "",
    purpose: Purpose = Purpose.ACTION,
    note: str = "",
) -> StandingOrderId:
    """Make an order: letters whose subject has these words, from this sender, of this form go to the unit. Raises
    BadInput by field."""
    require(may_keep_orders(actor))
    now = office.clock.now()
    with office.uow() as uow:
        unit = _unit_name(uow, actor, unit_id)
        sender = uow.directory.by_code(sender_code) if sender_code else None
        if sender_code and sender is None:
            raise BadInput({"sender_code": "ไม่พบส่วนราชการนี้ในทำเนียบ"})
        order = StandingOrder(
            id=StandingOrderId(uuid4()),
            agency_id=actor.agency_id,
            words=" ".join(words.split()),
            sender_code=sender_code,
            sender_name=sender.name if sender is not None else "",
            form=form,
            unit_id=unit[0],
            purpose=purpose,
            note=note.replace("\r\n", "\n").strip(),
            changed_at=now,
            changed_by=actor.name,
        )
        order.expect_whole()
        uow.standing_orders.add(order)
        uow.record(OrderStands(at=now, by=actor, thing_id=order.id, called=order.called, to=unit[1]))
        uow.commit()
    return order.id


def end_order(office: Services, *, actor: Actor, order_id: StandingOrderId) -> None:
    """End an order: letters that went by it stay where they are."""
    now = office.clock.now()
    with office.uow() as uow:
        order = uow.standing_orders.get(actor.agency_id, order_id)
        require(may_keep_orders(actor))
        if not order.active:
            return
        order.active, order.changed_at, order.changed_by = False, now, actor.name
        uow.standing_orders.save(order)
        uow.record(OrderEnded(at=now, by=actor, thing_id=order.id, called=order.called))
        uow.commit()


def _unit_name(uow: UnitOfWork, actor: Actor, unit_id: UUID | None) -> tuple[UnitId, str]:
    if unit_id is None:
        raise BadInput({"unit": "เลือกหน่วยงานที่รับเรื่อง"})
    try:
        unit = uow.agencies.unit(actor.agency_id, UnitId(unit_id))
    except NotFound:
        raise BadInput({"unit": "เลือกหน่วยงานจากรายการ"}) from None
    return unit.id, unit.name
