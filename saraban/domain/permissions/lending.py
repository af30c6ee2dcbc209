"""Rights over borrowing and depositing letters (clauses 60 and 62 to 65)."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionRole, UnitId
from saraban.domain.classification import Secrecy
from saraban.domain.loan import Loan
from saraban.domain.permissions.archive import may_keep
from saraban.domain.permissions.refusal import HIDDEN, Refusal
from saraban.domain.permissions.registers import cleared_for


def may_borrow(actor: Actor, secrecy: Secrecy) -> Refusal | None:
    """May the actor ask for a letter? Officers of the agency may; outsiders never (clause 65). What is classified only
    who is cleared for it."""
    if actor.role is None or actor.person_id is None:
        return HIDDEN
    if not secrecy.is_open and not cleared_for(actor, secrecy):
        return Refusal("ยืมหนังสือชั้นความลับได้เฉพาะเจ้าหน้าที่ที่ได้รับแต่งตั้งให้เข้าถึงชั้นความลับ")
    return None


def may_borrow_for_agency(actor: Actor) -> Refusal | None:
    """May the actor write down that another agency asks for a letter (clause 62.3)?"""
    if actor.role is PositionRole.RECORDS or (actor.role is PositionRole.CLERK and actor.central):
        return None
    return Refusal("บันทึกคำขอยืมของส่วนราชการอื่นได้เฉพาะนายทะเบียนหรือสารบรรณกลาง")


def may_permit_loan(
    actor: Actor, unit_id: UnitId | None, secrecy: Secrecy, borrower_id: PersonId | None
) -> Refusal | None:
    """May the actor let it be borrowed (clauses 62.3 and 62.4)? The director of the unit whose letter it is, and the
    head of the agency, who alone does for what is classified; nobody for himself."""
    if actor.role is PositionRole.HEAD or (
        actor.role is PositionRole.DIRECTOR and actor.unit_id == unit_id and secrecy.is_open
    ):
        if borrower_id is not None and actor.person_id == borrower_id:
            return Refusal("ผู้อนุญาตต้องไม่ใช่ผู้ยืม ให้ผู้อำนวยการหรือหัวหน้าส่วนราชการท่านอื่นอนุญาต")
        if not secrecy.is_open and actor.acting is not None and not actor.acting.covers(secrecy):
            return Refusal("คำสั่งรักษาราชการแทนไม่รวมหนังสือชั้นความลับนี้ อนุญาตได้เฉพาะหัวหน้าส่วนราชการ")
        return None
    if not secrecy.is_open:
        return Refusal("อนุญาตให้ยืมหนังสือชั้นความลับได้เฉพาะหัวหน้าส่วนราชการ")
    return Refusal("อนุญาตให้ยืมได้เฉพาะผู้อำนวยการของหน่วยงานเจ้าของเรื่องหรือหัวหน้าส่วนราชการ")


def may_lend(actor: Actor, unit_id: UnitId | None, secrecy: Secrecy, *, stored: bool) -> Refusal | None:
    """May the actor give it out, ask for it and take it back? The records officer, for what is in the store; the clerks
    who keep it, for what is still with its unit (clause 64); what is classified only who is cleared for it."""
    if not secrecy.is_open:
        if may_keep(actor, unit_id) is None and cleared_for(actor, secrecy):
            return None
        return Refusal("จ่ายและรับคืนหนังสือชั้นความลับได้เฉพาะเจ้าหน้าที่ผู้เก็บที่ได้รับแต่งตั้งให้เข้าถึงชั้นความลับ")
    if actor.role is PositionRole.RECORDS or (not stored and may_keep(actor, unit_id) is None):
        return None
    return Refusal("จ่ายและรับคืนหนังสือได้เฉพาะนายทะเบียน หรือเจ้าหน้าที่สารบรรณเมื่อหนังสือยังอยู่ที่หน่วยงาน")


def may_see_loan(actor: Actor, loan: Loan) -> Refusal | None:
    """May the actor open the page of a loan? Who borrows or asked, the unit whose letter it is, and who keeps."""
    if actor.agency_id != loan.agency_id or actor.role is None:
        return HIDDEN
    mine = actor.person_id is not None and actor.person_id in (loan.borrower_id, loan.asker_id)
    if mine or sees_all_loans(actor) or (loan.unit_id is not None and actor.unit_id == loan.unit_id):
        return None
    return HIDDEN


def sees_all_loans(actor: Actor) -> bool:
    """Does the actor see every loan and deposit of the agency?"""
    return actor.role in (PositionRole.RECORDS, PositionRole.HEAD) or (
        actor.role is PositionRole.CLERK and actor.central
    )


def may_withdraw_loan(actor: Actor, loan: Loan) -> Refusal | None:
    """May the actor give up asking? Who borrows and who asked for him may."""
    if actor.person_id is not None and actor.person_id in (loan.borrower_id, loan.asker_id):
        return None
    return Refusal("ยกเลิกคำขอได้เฉพาะผู้ยืมหรือเจ้าหน้าที่ที่ขอยืมแทน")


def may_deposit(actor: Actor, unit_id: UnitId | None) -> Refusal | None:
    """May the actor deposit letters of this unit, and take them back? They stay the depositor's (clause 60)."""
    if may_keep(actor, unit_id) is None:
        return None
    return Refusal("ฝากและขอคืนหนังสือได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงานผู้ฝาก สารบรรณกลาง หรือนายทะเบียน")


def may_accept_deposit(actor: Actor) -> Refusal | None:
    """May the actor take letters in that are deposited, or write down that the National Archives did?"""
    if actor.role is PositionRole.RECORDS:
        return None
    return Refusal("บันทึกการรับฝากได้เฉพาะนายทะเบียน")
