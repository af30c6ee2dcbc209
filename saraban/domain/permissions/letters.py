"""Rights over outgoing letters: to draft, to endorse, to sign, to send, to ask back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from saraban.domain import stages
from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.errors import RuleBroken
from saraban.domain.forms import RULES
from saraban.domain.joining import joined
from saraban.domain.letter import Letter
from saraban.domain.permissions.delegations import beyond_order
from saraban.domain.permissions.reading import reads
from saraban.domain.permissions.refusal import HIDDEN, Refusal
from saraban.domain.route import StepKind, StepState


def may_read_letter(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor open this outgoing letter? Who acts for another, only as far as the order reaches, but always what
    he drafted himself."""
    drafter, content = actor.person_id == letter.drafter_id, letter.content
    seen = reads(
        actor,
        agency=actor.agency_id == letter.agency_id,
        unit=actor.unit_id == letter.unit_id,
        on_route=any(step.position_id == actor.position_id for step in letter.route),
        drafter=drafter,
        secrecy=content.secrecy,
        given=actor.person_id in letter.readers,
    )
    if not seen:
        return HIDDEN
    return None if drafter else _beyond(actor, letter)


def _beyond(actor: Actor, letter: Letter) -> Refusal | None:
    """Why the order by which the actor acts does not reach the letter."""
    return beyond_order(actor, unit_id=letter.unit_id, secrecy=letter.content.secrecy, form=letter.content.form)


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


def _at_step(actor: Actor, letter: Letter, asks: Callable[[StepKind], bool]) -> Refusal | None:
    """Is it the actor's turn, at a step whose kind answers this question? Who acts for another has the turn of the
    position as far as the order reaches, also over what he drafted himself."""
    if hidden := may_read_letter(actor, letter) or _beyond(actor, letter):
        return hidden
    if letter.current_step() is None:
        on_route = any(s.position_id == actor.position_id for s in letter.route)
        return None if on_route else Refusal("ท่านไม่ได้อยู่ในเส้นทางเสนอของหนังสือนี้ เส้นทางกำหนดโดยเจ้าหน้าที่สารบรรณเจ้าของเรื่อง")
    step = letter.step_of(actor)
    if step is None:
        return Refusal(joined("ขณะนี้หนังสือรอ", letter.waits_for()))
    if asks(step.kind):
        return None
    return Refusal(f"ลำดับนี้ให้ท่าน{step.kind.thai} ถ้าควรเป็นอย่างอื่น เจ้าหน้าที่สารบรรณเจ้าของเรื่องเปลี่ยนเส้นทางได้")


def may_endorse(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor pass the letter on now: endorse, check, approve or give an opinion, as the step asks?"""
    return _at_step(actor, letter, lambda kind: kind.passes)


def may_object(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor be against and leave it to the others of the stage?"""
    if refusal := may_endorse(actor, letter):
        return refusal
    step = letter.step_of(actor)
    if step is not None and not stages.may_object(letter.route, step):
        return Refusal("เส้นทางต้องการความเห็นชอบของท่าน ถ้าไม่เห็นชอบให้ส่งคืนพร้อมเหตุผล")
    return None


def may_acknowledge(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor note a letter that is for his information?"""
    if hidden := may_read_letter(actor, letter) or _beyond(actor, letter):
        return hidden
    if letter.note_of(actor) is not None:
        return None
    mine = [s for s in letter.route if s.kind is StepKind.INFORM and s.position_id == actor.position_id]
    if any(s.state is StepState.DONE for s in mine):
        return Refusal("ท่านรับทราบหนังสือนี้แล้ว")
    if mine:
        return Refusal(joined("หนังสือยังไม่ถึงลำดับเพื่อทราบของท่าน ขณะนี้รอ", letter.waits_for() or "ผู้ร่าง"))
    return Refusal("หนังสือนี้ไม่มีลำดับเพื่อทราบสำหรับท่าน เส้นทางกำหนดโดยเจ้าหน้าที่สารบรรณเจ้าของเรื่อง")


def may_return(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor send the letter back now, to its drafter or to an earlier step?"""
    return _at_step(actor, letter, lambda kind: True)


def may_sign(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor sign the letter now?"""
    return _at_step(actor, letter, lambda kind: kind is StepKind.SIGN)


def may_change_course(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor change the rest of the route: the clerk of the letter's unit, or the officer whose turn it is?"""
    if hidden := may_read_letter(actor, letter) or _beyond(actor, letter):
        return hidden
    if may_revise(actor, letter) is None or letter.step_of(actor) is not None:
        return None
    turn = joined("หรือผู้ที่หนังสือรออยู่ คือ", letter.waits_for()) if letter.current_step() else ""
    return Refusal(f"เปลี่ยนเส้นทางได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงานเจ้าของเรื่อง {turn}".rstrip())


def may_revise_on_route(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor change the letter at his step?"""
    if refusal := may_return(actor, letter):
        return refusal
    step = letter.step_of(actor)
    if step is None:
        return Refusal("หนังสือนี้ไม่ได้อยู่ระหว่างเสนอ แก้ได้เมื่อมาถึงลำดับของท่าน")
    if not step.edits:
        return Refusal("เส้นทางไม่ได้ให้ลำดับนี้แก้ร่าง เขียนความเห็นหรือส่งคืนผู้ร่าง ผู้ดูแลระบบเปิดสิทธินี้ได้ที่เส้นทางเสนอ")
    return None


def may_dispatch(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor send the issued letter out?"""
    if hidden := may_read_letter(actor, letter):
        return hidden
    if actor.role is PositionRole.CLERK and (actor.central or actor.unit_id == letter.unit_id):
        return None
    return Refusal("ส่งหนังสือออกได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงานเจ้าของเรื่องหรือสารบรรณกลาง")


def may_publish(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor show the letter to everybody, or take it back? Who may send it out may."""
    if hidden := may_read_letter(actor, letter):
        return hidden
    if actor.role is PositionRole.CLERK and (actor.central or actor.unit_id == letter.unit_id):
        return None
    return Refusal("เผยแพร่ต่อประชาชนได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงานเจ้าของเรื่องหรือสารบรรณกลาง")


def may_see_tracking(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor follow the letter's dispatches?"""
    return may_read_letter(actor, letter)


def may_confirm(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor write down that a receiver of the letter confirmed it by telephone or in a reply?"""
    if hidden := may_read_letter(actor, letter):
        return hidden
    if actor.role is PositionRole.CLERK and (actor.central or actor.unit_id == letter.unit_id):
        return None
    return Refusal("บันทึกการยืนยันของผู้รับได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงานเจ้าของเรื่องหรือสารบรรณกลาง")


def may_ask_back(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor stop dispatches of the letter, or ask it back from its receivers? Who may send it out may."""
    refusal = may_dispatch(actor, letter)
    if refusal is None or refusal.hidden:
        return refusal
    return Refusal("เรียกหนังสือคืนได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงานเจ้าของเรื่องหรือสารบรรณกลาง")


def may_replace(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor send another letter in place of this one? Its receivers close it then, and anybody with its code is
    told so: who may send it out may."""
    refusal = may_dispatch(actor, letter)
    if refusal is None or refusal.hidden:
        return refusal
    return Refusal("ส่งแทนหนังสือที่ส่งแล้วได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงานเจ้าของเรื่องหรือสารบรรณกลาง")


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
        "รับรองสำเนาได้เฉพาะผู้อำนวยการ หัวหน้าส่วนราชการ และผู้ที่ส่วนราชการกำหนด ตามระเบียบคือประเภทวิชาการระดับปฏิบัติการขึ้นไป "
        "ประเภททั่วไประดับชำนาญงานขึ้นไป หรือพนักงานราชการ"
    )
