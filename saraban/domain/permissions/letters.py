"""Rights over outgoing letters: to draft, to endorse, to sign, to send, to ask back."""

from __future__ import annotations

from collections.abc import Sequence

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.errors import RuleBroken
from saraban.domain.forms import RULES
from saraban.domain.joining import joined
from saraban.domain.letter import Letter
from saraban.domain.permissions.reading import reads
from saraban.domain.permissions.refusal import HIDDEN, Refusal
from saraban.domain.route import StepKind


def may_read_letter(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor open this outgoing letter?"""
    seen = reads(
        actor,
        agency=actor.agency_id == letter.agency_id,
        unit=actor.unit_id == letter.unit_id,
        on_route=any(step.position_id == actor.position_id for step in letter.route),
        drafter=actor.person_id == letter.drafter_id,
        secrecy=letter.content.secrecy,
    )
    return None if seen else HIDDEN


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


def may_see_tracking(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor follow the letter's dispatches?"""
    return may_read_letter(actor, letter)


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
