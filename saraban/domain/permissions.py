"""Who may do what. Each function answers None (yes) or a Refusal that says why and who can.

These are the rights of the spine: one reads the letters of one's unit, those on one's route and, as central clerk, all
open ones of the agency; records officers and administrators read the registers. What is not open is read only on its
route and by cleared clerks. The SQL of the screens (`reading/scope.py`) says the same and is tested against this page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionRole, UnitId
from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound, NotPermitted, RuleBroken
from saraban.domain.forms import RULES
from saraban.domain.group import ReceiverGroup
from saraban.domain.incoming import IncomingLetter
from saraban.domain.joining import joined
from saraban.domain.letter import Letter
from saraban.domain.register import BookKind, RegisterEntry
from saraban.domain.route import StepKind
from saraban.domain.templates import Template


@dataclass(frozen=True)
class Refusal:
    """Why not, in Thai; `hidden` when even the existence must not show."""

    thai: str
    hidden: bool = False


def require(refusal: Refusal | None) -> None:
    """Raise NotPermitted (or NotFound, when it must not show) for a refusal."""
    if refusal is None:
        return
    if refusal.hidden:
        raise NotFound
    raise NotPermitted(refusal.thai)


_HIDDEN = Refusal("", hidden=True)


REGISTERS_ONLY = frozenset({PositionRole.RECORDS, PositionRole.ADMIN})
"""Roles that read the registers and no letters, save those that they drafted or that lie on their route."""


def _reads(actor: Actor, *, agency: bool, unit: bool, on_route: bool, secrecy: Secrecy, drafter: bool) -> bool:
    if not agency:
        return False
    if on_route or drafter:
        return True
    if not secrecy.is_open:
        return actor.role is PositionRole.CLERK and actor.clearance and (unit or actor.central)
    if actor.role in REGISTERS_ONLY:
        return False
    return unit or (actor.central and actor.role is PositionRole.CLERK)


def may_read_letter(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor open this outgoing letter?"""
    reads = _reads(
        actor,
        agency=actor.agency_id == letter.agency_id,
        unit=actor.unit_id == letter.unit_id,
        on_route=any(step.position_id == actor.position_id for step in letter.route),
        drafter=actor.person_id == letter.drafter_id,
        secrecy=letter.content.secrecy,
    )
    return None if reads else _HIDDEN


def may_read_incoming(actor: Actor, letter: IncomingLetter) -> Refusal | None:
    """May the actor open this incoming letter?"""
    reads = _reads(
        actor,
        agency=actor.agency_id == letter.agency_id,
        unit=actor.unit_id == letter.unit_id,
        on_route=False,
        drafter=False,
        secrecy=letter.secrecy,
    )
    return None if reads else _HIDDEN


def may_draft(actor: Actor) -> Refusal | None:
    """May the actor begin a letter?"""
    if actor.role is PositionRole.CLERK:
        return None
    return Refusal("ร่างหนังสือได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงาน")


def may_draft_for(actor: Actor, unit_id: object) -> Refusal | None:
    """May the actor draft for this unit? The central clerk drafts for any."""
    if actor.unit_id == unit_id or actor.central:
        return may_draft(actor)
    return Refusal("ร่างหนังสือได้เฉพาะในนามหน่วยงานของท่าน หรือติดต่อหน่วยงานสารบรรณกลาง")


def may_revise(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor change, submit or withdraw this draft?"""
    if hidden := may_read_letter(actor, letter):
        return hidden
    if actor.role is PositionRole.CLERK and (actor.unit_id == letter.unit_id or actor.person_id == letter.drafter_id):
        return None
    return Refusal("แก้ไขและเสนอได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงานเจ้าของเรื่อง")


def _at_step(actor: Actor, letter: Letter, kind: StepKind | None) -> Refusal | None:
    if hidden := may_read_letter(actor, letter):
        return hidden
    step = letter.current_step()
    if step is not None and step.position_id != actor.position_id:
        return Refusal(joined("ขณะนี้หนังสือรอ", step.title))
    if step is None and not any(s.position_id == actor.position_id for s in letter.route):
        return Refusal("ท่านไม่ได้อยู่ในเส้นทางเสนอของหนังสือนี้")
    if step is not None and kind is not None and step.kind is not kind:
        return Refusal(f"ลำดับนี้ให้{step.kind.thai}")
    return None


def may_endorse(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor endorse the letter now?"""
    return _at_step(actor, letter, StepKind.ENDORSE)


def may_return(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor send the letter back to its drafter now?"""
    return _at_step(actor, letter, None)


def may_sign(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor sign the letter now?"""
    return _at_step(actor, letter, StepKind.SIGN)


def may_dispatch(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor send the issued letter out?"""
    if hidden := may_read_letter(actor, letter):
        return hidden
    if actor.role is PositionRole.CLERK and (actor.central or actor.unit_id == letter.unit_id):
        return None
    return Refusal("ส่งหนังสือออกได้เฉพาะเจ้าหน้าที่สารบรรณ")


def may_attend(actor: Actor) -> Refusal | None:
    """Does the actor keep the central mailbox? What he opens is then the daily duty done."""
    if actor.role is PositionRole.CLERK and actor.central and actor.person_id is not None:
        return None
    return Refusal("การตรวจกล่องประจำวันบันทึกได้เฉพาะเจ้าหน้าที่สารบรรณกลาง")


def may_mind(actor: Actor) -> Refusal | None:
    """May the actor say who sees to a trouble that he is shown? Every person of the agency may."""
    return None if actor.person_id is not None and actor.role is not None else Refusal("รับเรื่องได้เฉพาะบุคคลของส่วนราชการ")


def may_keep_outsiders(actor: Actor) -> Refusal | None:
    """May the actor keep the agency's list of receivers outside the directory?"""
    if actor.role in (PositionRole.CLERK, PositionRole.ADMIN):
        return None
    return Refusal("เพิ่มหรือเอาผู้รับนอกทำเนียบออกได้เฉพาะเจ้าหน้าที่สารบรรณหรือผู้ดูแลระบบ")


def may_keep_group(actor: Actor, owner_id: PersonId | None) -> Refusal | None:
    """May the actor make and change a group of receivers: one of the agency (None), or that of this person?"""
    if owner_id is None:
        if actor.role is PositionRole.ADMIN or (actor.role is PositionRole.CLERK and actor.central):
            return None
        return Refusal("กลุ่มที่ใช้ร่วมกันแก้ได้เฉพาะผู้ดูแลระบบหรือเจ้าหน้าที่สารบรรณกลาง ทำเป็นกลุ่มของท่านเองได้")
    if actor.person_id == owner_id and actor.role is not None:
        return None
    return _HIDDEN


def may_see_group(actor: Actor, group: ReceiverGroup) -> Refusal | None:
    """May the actor see the group? Those of the agency everybody of it may, a personal one its owner."""
    if actor.agency_id == group.agency_id and group.owner_id in (None, actor.person_id):
        return None
    return _HIDDEN


def may_confirm(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor write down that a receiver of the letter confirmed it by telephone or in a reply?"""
    if hidden := may_read_letter(actor, letter):
        return hidden
    if actor.role is PositionRole.CLERK and (actor.central or actor.unit_id == letter.unit_id):
        return None
    return Refusal("บันทึกการยืนยันของผู้รับได้เฉพาะเจ้าหน้าที่สารบรรณ")


def may_ask_back(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor stop dispatches of the letter, or ask it back from its receivers? Who may send it out may."""
    refusal = may_dispatch(actor, letter)
    if refusal is None or refusal.hidden:
        return refusal
    return Refusal("เรียกหนังสือคืนได้เฉพาะเจ้าหน้าที่สารบรรณ")


def forbid_dispatch(letter: Letter) -> None:
    """Raise RuleBroken when the letter cannot leave by mail, whoever asks: it has no recipients and ends as issued, or
    it is classified, for there is no encryption for its receivers yet."""
    form = letter.content.form
    if not letter.content.recipients:
        inside = RULES[form].has("recipients")
        to_none = "ฉบับนี้ไม่มีผู้รับในทำเนียบ จึงใช้ภายในส่วนราชการ" if inside else "ไม่มีผู้รับทางไปรษณีย์อิเล็กทรอนิกส์"
        raise RuleBroken(f"{form.thai}{to_none} ลงนามและออกเลขแล้วถือว่าเสร็จ", code="no-receivers")
    if not letter.content.secrecy.is_open:
        raise RuleBroken(
            f"หนังสือชั้น{letter.content.secrecy.thai}ยังส่งทางไปรษณีย์อิเล็กทรอนิกส์ไม่ได้ "
            "เพราะยังไม่มีการเข้ารหัสถึงผู้รับ ส่งด้วยมือตามระเบียบว่าด้วยการรักษาความลับของทางราชการ",
            code="secrecy-not-allowed",
        )


def may_work_incoming(actor: Actor, letter: IncomingLetter) -> Refusal | None:
    """May the actor register, refuse or release this incoming letter?"""
    if hidden := may_read_incoming(actor, letter):
        return hidden
    if actor.role is PositionRole.CLERK and (actor.central or actor.unit_id == letter.unit_id):
        return None
    return Refusal("ลงรับ ส่งคืน หรือปล่อยหนังสือได้เฉพาะเจ้าหน้าที่สารบรรณกลาง")


def may_tell_number(actor: Actor, question: IncomingLetter) -> Refusal | None:
    """May the actor answer this question about a receiving number with a receipt that names the true one?"""
    refusal = may_work_incoming(actor, question)
    if refusal is None or refusal.hidden:
        return refusal
    return Refusal("แจ้งเลขทะเบียนอีกครั้งได้เฉพาะเจ้าหน้าที่สารบรรณกลาง หรือของหน่วยงานที่รับหนังสือนั้น")


def may_see_tracking(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor follow the letter's dispatches?"""
    return may_read_letter(actor, letter)


def may_read_registers(actor: Actor) -> Refusal | None:
    """Everybody of the agency reads its registers; classified lines are masked for those who are not cleared."""
    return None if actor.role is not None else _HIDDEN


def _keeps_book(actor: Actor, keeper: UnitId | None) -> bool:
    """The clerks of a book: those of the central unit for all books, those of a unit for its own."""
    return actor.role is PositionRole.CLERK and (actor.central or (keeper is not None and actor.unit_id == keeper))


def may_enter(actor: Actor, kind: BookKind, keeper: UnitId | None, secrecy: Secrecy) -> Refusal | None:
    """May the actor enter letters into such a book of the agency (None) or of that unit, or reserve numbers in it?"""
    if not _keeps_book(actor, keeper):
        return Refusal("ลงทะเบียนได้เฉพาะเจ้าหน้าที่สารบรรณกลาง หรือของหน่วยงานที่เก็บทะเบียนเล่มนี้")
    if (kind.secret or not secrecy.is_open) and not actor.clearance:
        return Refusal("ลงทะเบียนหนังสือชั้นความลับได้เฉพาะนายทะเบียนข้อมูลข่าวสารลับหรือผู้ที่ได้รับแต่งตั้ง")
    return None


def may_amend(actor: Actor, entry: RegisterEntry, keeper: UnitId | None) -> Refusal | None:
    """May the actor void, rectify or complete this line? The clerks of the book and the records officer; classified
    lines only who is cleared."""
    if actor.agency_id != entry.agency_id:
        return _HIDDEN
    if not entry.secrecy.is_open and not actor.clearance:
        return Refusal("แก้ไขรายการชั้นความลับได้เฉพาะนายทะเบียนข้อมูลข่าวสารลับหรือผู้ที่ได้รับแต่งตั้ง")
    if _keeps_book(actor, keeper) or actor.role is PositionRole.RECORDS:
        return None
    return Refusal("แก้ไขหรือยกเลิกได้เฉพาะเจ้าหน้าที่สารบรรณของทะเบียนเล่มนี้หรือนายทะเบียน")


def may_open_scan(actor: Actor, entry: RegisterEntry) -> Refusal | None:
    """May the actor open the files of a letter on paper? Who may read such a letter of the system may: its unit and the
    central clerk, and cleared clerks alone when it is classified."""
    if actor.agency_id != entry.agency_id:
        return _HIDDEN
    if _reads(
        actor, agency=True, unit=actor.unit_id == entry.unit_id, on_route=False, drafter=False, secrecy=entry.secrecy
    ):
        return None
    if not entry.secrecy.is_open:
        return Refusal("เปิดไฟล์ชั้นความลับได้เฉพาะผู้ได้รับอนุญาต ติดต่อนายทะเบียนข้อมูลข่าวสารลับ")
    return Refusal("เปิดไฟล์ได้เฉพาะเจ้าหน้าที่ของหน่วยงานเจ้าของเรื่องและสารบรรณกลาง")


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


def may_certify(actor: Actor, certifiers: Sequence[str]) -> Refusal | None:
    """May the actor certify copies (clause 31)? Directors and heads may, and whoever holds a position whose title ends
    with one of these words or has it in brackets."""
    if actor.role in (PositionRole.DIRECTOR, PositionRole.HEAD):
        return None
    if any(actor.title.endswith(word) or f"({word})" in actor.title for word in certifiers):
        return None
    return Refusal(
        "รับรองสำเนาได้เฉพาะผู้ที่ส่วนราชการกำหนด ตามระเบียบคือประเภทวิชาการระดับปฏิบัติการขึ้นไป "
        "ประเภททั่วไประดับชำนาญงานขึ้นไป หรือพนักงานราชการ"
    )


def may_audit(actor: Actor) -> Refusal | None:
    """May the actor see the checks of the registers and their closes? Everybody of the agency may: a register that
    only its keeper can check proves nothing."""
    return None if actor.role is not None else _HIDDEN


def may_keep_template(actor: Actor, unit_id: UnitId | None) -> Refusal | None:
    """May the actor make, change and switch templates of the agency (None) or of that unit? The administrator all; the
    central clerk those of the agency; clerks, directors and heads those of their unit."""
    if actor.role is PositionRole.ADMIN:
        return None
    if unit_id is None:
        if actor.role is PositionRole.CLERK and actor.central:
            return None
        return Refusal("ทำแบบของส่วนราชการได้เฉพาะผู้ดูแลระบบหรือเจ้าหน้าที่สารบรรณกลาง")
    writes = (PositionRole.CLERK, PositionRole.DIRECTOR, PositionRole.HEAD)
    if actor.unit_id == unit_id and actor.role in writes:
        return None
    return Refusal("ทำแบบของหน่วยงานได้เฉพาะเจ้าหน้าที่สารบรรณและผู้อำนวยการของหน่วยงานนั้น หรือผู้ดูแลระบบ")


def may_see_template(actor: Actor, template: Template) -> Refusal | None:
    """May the actor see the template and, when he may draft, begin letters from it? Those of the agency everybody of it
    may, those of a unit its people and who may keep it."""
    if actor.agency_id != template.agency_id or actor.role is None:
        return _HIDDEN
    if template.unit_id in (None, actor.unit_id) or (actor.central and actor.role is PositionRole.CLERK):
        return None
    return None if may_keep_template(actor, template.unit_id) is None else _HIDDEN


def may_administer(actor: Actor) -> Refusal | None:
    """May the actor look after the installation's settings for the agency?"""
    return None if actor.role is PositionRole.ADMIN else Refusal("ทำได้เฉพาะผู้ดูแลระบบ")
