"""Rights over what is kept: how long, where, on which lists, and what stops or decides disposal (clauses 52 to 70)."""

from __future__ import annotations

from collections.abc import Collection

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionRole, UnitId
from saraban.domain.permissions.refusal import HIDDEN, Refusal


def may_see_archive(actor: Actor) -> Refusal | None:
    """Everybody of the agency sees how its letters are kept, as its registers; classified words stay hidden."""
    return None if actor.role is not None else HIDDEN


def may_keep(actor: Actor, unit_id: UnitId | None) -> Refusal | None:
    """May the actor say how a letter of this unit is kept? Its clerks, the central clerk and the records officer."""
    if actor.role is PositionRole.RECORDS or (
        actor.role is PositionRole.CLERK and (actor.central or actor.unit_id == unit_id)
    ):
        return None
    return Refusal("กำหนดการเก็บได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงานเจ้าของเรื่อง สารบรรณกลาง หรือนายทะเบียน")


def may_store(actor: Actor) -> Refusal | None:
    """May the actor receive letters into the store?"""
    if actor.role is PositionRole.RECORDS:
        return None
    return Refusal("รับหนังสือเข้าเก็บและลงทะเบียนหนังสือเก็บได้เฉพาะนายทะเบียน")


def may_hold(actor: Actor) -> Refusal | None:
    """May the actor stop the disposal of letters, and lift that?"""
    if actor.role in (PositionRole.RECORDS, PositionRole.HEAD):
        return None
    return Refusal("ระงับการทำลายและยกเลิกการระงับได้เฉพาะนายทะเบียนหรือหัวหน้าส่วนราชการ")


def may_propose_disposal(actor: Actor) -> Refusal | None:
    """May the actor survey what is due and keep the list of form 25?"""
    if actor.role is PositionRole.RECORDS:
        return None
    return Refusal("สำรวจและจัดทำบัญชีหนังสือขอทำลายได้เฉพาะนายทะเบียน")


def may_decide_disposal(actor: Actor) -> Refusal | None:
    """May the actor appoint the committee and decide about its report (clauses 67 and 69)?"""
    if actor.role is PositionRole.HEAD:
        return None
    return Refusal("แต่งตั้งคณะกรรมการทำลายหนังสือและสั่งการตามรายงานได้เฉพาะหัวหน้าส่วนราชการ")


def may_consider_disposal(actor: Actor, committee: Collection[PersonId]) -> Refusal | None:
    """May the actor consider what is on the list? The committee may."""
    if actor.person_id in committee:
        return None
    return Refusal("พิจารณาหนังสือในบัญชีได้เฉพาะคณะกรรมการทำลายหนังสือที่หัวหน้าส่วนราชการแต่งตั้ง")


def may_carry_out(actor: Actor, officers: Collection[PersonId]) -> Refusal | None:
    """May the actor confirm the destruction? The named officers may, each for himself."""
    if actor.person_id in officers:
        return None
    return Refusal("ยืนยันการทำลายได้เฉพาะเจ้าหน้าที่ที่กำหนดให้ทำลายหนังสือตามบัญชีนี้")
