"""Rights over the registers and their books."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole, UnitId
from saraban.domain.classification import Secrecy
from saraban.domain.permissions.delegations import beyond_order
from saraban.domain.permissions.reading import reads
from saraban.domain.permissions.refusal import HIDDEN, Refusal
from saraban.domain.register import BookKind, RegisterEntry


def may_read_registers(actor: Actor) -> Refusal | None:
    """Everybody of the agency reads its registers; classified lines are masked for those who are not cleared."""
    return None if actor.role is not None else HIDDEN


def _keeps_book(actor: Actor, keeper: UnitId | None) -> bool:
    """The clerks of a book: those of the central unit for all books, those of a unit for its own."""
    return actor.role is PositionRole.CLERK and (actor.central or (keeper is not None and actor.unit_id == keeper))


def may_enter(actor: Actor, kind: BookKind, keeper: UnitId | None, secrecy: Secrecy) -> Refusal | None:
    """May the actor enter letters into such a book of the agency (None) or of that unit, or reserve numbers in it?"""
    if not _keeps_book(actor, keeper):
        return Refusal("ลงทะเบียนได้เฉพาะเจ้าหน้าที่สารบรรณกลาง หรือของหน่วยงานที่เก็บทะเบียนเล่มนี้")
    if (kind.secret or not secrecy.is_open) and not cleared_for(actor, secrecy):
        return Refusal("ลงทะเบียนหนังสือชั้นความลับได้เฉพาะนายทะเบียนข้อมูลข่าวสารลับหรือผู้ที่ได้รับแต่งตั้ง")
    return None


def cleared_for(actor: Actor, secrecy: Secrecy) -> bool:
    """Is the actor cleared for this class? Who acts for another, only as far as the order reaches."""
    return actor.clearance and (actor.acting is None or actor.acting.covers(secrecy))


def may_amend(actor: Actor, entry: RegisterEntry, keeper: UnitId | None) -> Refusal | None:
    """May the actor void, rectify or complete this line? The clerks of the book and the records officer; classified
    lines only who is cleared."""
    if actor.agency_id != entry.agency_id:
        return HIDDEN
    if not entry.secrecy.is_open and not cleared_for(actor, entry.secrecy):
        return Refusal("แก้ไขรายการชั้นความลับได้เฉพาะนายทะเบียนข้อมูลข่าวสารลับหรือผู้ที่ได้รับแต่งตั้ง")
    if _keeps_book(actor, keeper) or actor.role is PositionRole.RECORDS:
        return None
    return Refusal("แก้ไขหรือยกเลิกได้เฉพาะเจ้าหน้าที่สารบรรณของทะเบียนเล่มนี้หรือนายทะเบียน")


def may_open_scan(actor: Actor, entry: RegisterEntry) -> Refusal | None:
    """May the actor open the files of a letter on paper? Who may read such a letter of the system may: its unit and the
    central clerk, and cleared clerks alone when it is classified. The records officer, who keeps the papers and
    destroys them by the book, opens those that are not. Nobody else finds a line by what its files say."""
    if actor.agency_id != entry.agency_id:
        return HIDDEN
    unit = actor.unit_id == entry.unit_id
    kept = actor.role is PositionRole.RECORDS and entry.secrecy.is_open
    if kept or reads(actor, agency=True, unit=unit, on_route=False, drafter=False, secrecy=entry.secrecy):
        return beyond_order(actor, unit_id=entry.unit_id, secrecy=entry.secrecy, form=None)
    if not entry.secrecy.is_open:
        return Refusal("เปิดไฟล์ชั้นความลับได้เฉพาะผู้ได้รับอนุญาต ติดต่อนายทะเบียนข้อมูลข่าวสารลับ")
    return Refusal("เปิดไฟล์ได้เฉพาะเจ้าหน้าที่ของหน่วยงานเจ้าของเรื่อง สารบรรณกลาง และนายทะเบียน")


def may_close_year(actor: Actor) -> Refusal | None:
    """May the actor close the books of a year with a statement?"""
    if actor.role in (PositionRole.RECORDS, PositionRole.ADMIN):
        return None
    return Refusal("ปิดทะเบียนประจำปีได้เฉพาะนายทะเบียนหรือผู้ดูแลระบบ")


def may_reconcile(actor: Actor) -> Refusal | None:
    """May the actor compare the registers with another agency?"""
    if actor.role is PositionRole.RECORDS or (actor.role is PositionRole.CLERK and actor.central):
        return None
    return Refusal("เทียบทะเบียนกับส่วนราชการอื่นได้เฉพาะเจ้าหน้าที่สารบรรณกลางหรือนายทะเบียน")


def may_look_up(actor: Actor) -> Refusal | None:
    """May the actor ask the issuer of a document, in place of asking the citizen for a copy? Every officer with a post
    may, but for who only keeps the settings."""
    if actor.person_id is not None and actor.role not in (None, PositionRole.ADMIN):
        return None
    return Refusal("ขอตรวจเอกสารกับผู้ออกได้เฉพาะเจ้าหน้าที่ที่มีตำแหน่งในหน่วยงาน ไม่ใช่ผู้ดูแลระบบ")


def may_see_lookup(actor: Actor, unit_id: UnitId | None) -> Refusal | None:
    """May the actor see a question of an officer of this unit, and what was answered? The unit itself, and the records
    officer, who answers for what was asked in the agency's name; not who only keeps the settings. Who audits sees the
    list, without the holder."""
    if actor.role is PositionRole.RECORDS:
        return None
    works_here = actor.role not in (None, PositionRole.ADMIN) and unit_id is not None and actor.unit_id == unit_id
    return None if works_here else HIDDEN


def may_audit(actor: Actor) -> Refusal | None:
    """May the actor see the checks of the registers and their closes? Everybody of the agency may: a register that
    only its keeper can check proves nothing."""
    return None if actor.role is not None else HIDDEN


def may_export_journal(actor: Actor) -> Refusal | None:
    """May the actor take a part of the journal away, to a court or an officer who asks for it by law?"""
    if actor.role in (PositionRole.RECORDS, PositionRole.ADMIN):
        return None
    return Refusal("ส่งออกบันทึกเหตุการณ์ได้เฉพาะนายทะเบียนหรือผู้ดูแลระบบ")


def may_see_readings(actor: Actor) -> Refusal | None:
    """May the actor see who read what in the whole agency? Who has read the letters of his own unit everybody sees."""
    if actor.role in (PositionRole.RECORDS, PositionRole.ADMIN):
        return None
    return Refusal("ดูบันทึกการอ่านของทั้งส่วนราชการได้เฉพาะนายทะเบียนหรือผู้ดูแลระบบ")


def may_tie(actor: Actor) -> Refusal | None:
    """May the actor say which letters belong to one matter?"""
    if actor.role in (PositionRole.CLERK, PositionRole.RECORDS):
        return None
    return Refusal("รวมหรือแยกหนังสือในเรื่องได้เฉพาะเจ้าหน้าที่สารบรรณหรือนายทะเบียน")
