"""Rights over outsiders who look at kept letters (clause 65)."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.classification import Secrecy
from saraban.domain.permissions.lending import may_borrow_for_agency, may_lend, may_permit_loan, sees_all_loans
from saraban.domain.permissions.refusal import HIDDEN, Refusal
from saraban.domain.visit import Visit


def may_ask_for_visitor(actor: Actor, secrecy: Secrecy) -> Refusal | None:
    """May the actor write down that an outsider wants to look at a letter? Nobody may for what is classified."""
    if not secrecy.is_open:
        return Refusal("หนังสือชั้นความลับไม่มีผู้ใดอนุญาตให้บุคคลภายนอกดูได้")
    if may_borrow_for_agency(actor) is None:
        return None
    return Refusal("บันทึกคำขอดูของบุคคลภายนอกได้เฉพาะนายทะเบียนหรือสารบรรณกลาง")


def may_permit_visit(actor: Actor, unit_id: UnitId | None, secrecy: Secrecy) -> Refusal | None:
    """May the actor let it be looked at? The director of the unit whose letter it is, and the head of the agency."""
    if secrecy.is_open and may_permit_loan(actor, unit_id, secrecy, None) is None:
        return None
    return Refusal("อนุญาตให้บุคคลภายนอกดูได้เฉพาะผู้อำนวยการของหน่วยงานเจ้าของเรื่องหรือหัวหน้าส่วนราชการ")


def may_show_to_visitor(actor: Actor, unit_id: UnitId | None, secrecy: Secrecy, *, stored: bool) -> Refusal | None:
    """May the actor show it, and be there? Who would give it out on loan."""
    if secrecy.is_open and may_lend(actor, unit_id, secrecy, stored=stored) is None:
        return None
    return Refusal("ให้ดูและบันทึกการดูได้เฉพาะนายทะเบียน หรือเจ้าหน้าที่สารบรรณเมื่อหนังสือยังอยู่ที่หน่วยงาน")


def may_see_visit(actor: Actor, visit: Visit) -> Refusal | None:
    """May the actor open the page of a visit? The unit whose letter it is, and who keeps."""
    if actor.agency_id != visit.agency_id or actor.role is None:
        return HIDDEN
    if sees_all_loans(actor) or (visit.unit_id is not None and actor.unit_id == visit.unit_id):
        return None
    return HIDDEN
