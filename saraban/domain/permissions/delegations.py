"""Rights over orders by which one acts for another, and what such an order lets its delegate reach."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionId, PositionRole, UnitId
from saraban.domain.classification import Form, Secrecy
from saraban.domain.permissions.refusal import Refusal

_KEEPERS = (PositionRole.HEAD, PositionRole.RECORDS, PositionRole.ADMIN)


def may_delegate(actor: Actor, position_id: PositionId | None = None) -> Refusal | None:
    """May the actor enter and revoke orders for this position (for some, when none is named)? The head, the records
    officer and the administrator for all, everybody for his own. Who acts for a position may for that one only, and the
    order has to let him."""
    if actor.person_id is None or actor.role is None:
        return Refusal("บันทึกคำสั่งได้เฉพาะบุคคลที่ดำรงตำแหน่งในส่วนราชการ ผู้ดูแลระบบกำหนดตำแหน่งให้ได้")
    if actor.acting is not None:
        if position_id not in (None, actor.position_id):
            return Refusal("ท่านทำหน้าที่แทนอยู่ จึงมอบช่วงได้เฉพาะตำแหน่งที่ทำแทน เปลี่ยนเป็นตำแหน่งของท่านเองก่อน")
        return (
            None if actor.acting.may_hand_on else Refusal(f"{actor.acting.order} ไม่ให้มอบช่วงต่อ ผู้ดำรงตำแหน่งต้องออกคำสั่งเอง")
        )
    if actor.role in _KEEPERS or position_id in (None, actor.position_id):
        return None
    return Refusal("บันทึกคำสั่งของตำแหน่งอื่นได้เฉพาะหัวหน้าส่วนราชการ นายทะเบียน หรือผู้ดูแลระบบ")


def may_see_delegations(actor: Actor) -> Refusal | None:
    """May the actor see all orders of the agency? Others see those that concern them."""
    if actor.role in _KEEPERS and actor.acting is None:
        return None
    return Refusal("ดูคำสั่งทั้งหมดได้เฉพาะหัวหน้าส่วนราชการ นายทะเบียน หรือผู้ดูแลระบบ")


def beyond_order(actor: Actor, *, unit_id: UnitId | None, secrecy: Secrecy, form: Form | None) -> Refusal | None:
    """Why the order by which the actor acts does not reach this letter; None when it does, and for who acts for
    himself. `form` is None for a letter that came in."""
    if actor.acting is None:
        return None
    told = actor.acting.beyond(unit_id=unit_id, secrecy=secrecy, form=form)
    return Refusal(f"{told} ผู้ดำรงตำแหน่งหรือผู้ออกคำสั่งขยายได้") if told else None
