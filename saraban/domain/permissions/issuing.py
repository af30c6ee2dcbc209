"""Rights over documents that the agency issues to people."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionId, PositionRole
from saraban.domain.answerers import Answerers
from saraban.domain.classification import Form, Secrecy
from saraban.domain.issued import IssuedDocument, IssuedState
from saraban.domain.issued_kind import IssuedKind, Stage
from saraban.domain.permissions.delegations import beyond_order
from saraban.domain.permissions.refusal import HIDDEN, Refusal

_WHO_APPROVES = "อนุมัติเอกสารชนิดนี้ได้เฉพาะผู้ดำรงตำแหน่งผู้อนุมัติที่กำหนดไว้ หรือผู้รักษาราชการแทน"
_ANSWERS = "ตอบคำขอตรวจเอกสารของหน่วยงานอื่นได้เฉพาะ"
_ISSUE = (PositionRole.CLERK, PositionRole.RECORDS, PositionRole.DIRECTOR, PositionRole.HEAD)


def may_define_kinds(actor: Actor) -> Refusal | None:
    """May the actor say which documents the agency issues, and how?"""
    if actor.role is PositionRole.ADMIN:
        return None
    return Refusal("กำหนดชนิดเอกสารที่ออกให้ประชาชนได้เฉพาะผู้ดูแลระบบ")


def may_see_kind(actor: Actor, kind: IssuedKind) -> Refusal | None:
    """May the actor know of the kind? Everybody of the agency with a post may."""
    return HIDDEN if actor.agency_id != kind.agency_id or actor.role is None else None


def may_see_issued(actor: Actor, kind: IssuedKind) -> Refusal | None:
    """May the actor see the documents of a kind, with what stands on them? Those who issue them, those who approve and
    sign them, the records officer and the head; who only keeps the settings does not."""
    if may_see_kind(actor, kind) is not None or actor.person_id is None:
        return HIDDEN
    if actor.position_id is not None and actor.position_id in kind.posts:
        return None
    if actor.role in (PositionRole.RECORDS, PositionRole.HEAD):
        return None
    return None if actor.role in _ISSUE and _is_of_unit(actor, kind) else HIDDEN


def may_issue(actor: Actor, kind: IssuedKind) -> Refusal | None:
    """May the actor begin documents of the kind, put them before others, and begin those that follow them?"""
    if may_see_kind(actor, kind) is not None or actor.person_id is None:
        return HIDDEN
    if actor.role not in _ISSUE or not _is_of_unit(actor, kind):
        return Refusal("ออกเอกสารชนิดนี้ได้เฉพาะเจ้าหน้าที่ของหน่วยงานที่ผู้ดูแลระบบกำหนดไว้")
    if kind.stage is Stage.OFF:
        return Refusal("เอกสารชนิดนี้ยังไม่เปิดให้ออกผ่านระบบ ผู้ดูแลระบบเปิดใช้ได้")
    return None


def may_revise_issued(actor: Actor, kind: IssuedKind) -> Refusal | None:
    """May the actor change a draft of the kind, or give it up? Also when the kind was switched off meanwhile."""
    if may_see_issued(actor, kind) is not None:
        return HIDDEN
    if actor.role in _ISSUE and _is_of_unit(actor, kind):
        return None
    return Refusal("แก้ร่างเอกสารชนิดนี้ได้เฉพาะเจ้าหน้าที่ของหน่วยงานที่ออกเอกสาร")


def may_approve_issued(actor: Actor, kind: IssuedKind, document: IssuedDocument) -> Refusal | None:
    """May the actor approve this document? Of those who approve the kind, before whom it lies."""
    refusal = may_approve_some_issued(actor, kind)
    is_waiting = document.state is IssuedState.WAITING
    if refusal is None and is_waiting and document.before(kind) != actor.position_id:
        return Refusal("เอกสารนี้อยู่ที่ผู้อนุมัติลำดับอื่น ถึงลำดับของท่านเมื่อใดระบบจะแจ้ง")
    return refusal


def may_approve_some_issued(actor: Actor, kind: IssuedKind) -> Refusal | None:
    """May the actor approve documents of the kind at all, each in its turn?"""
    mine = next((one for one in kind.approvers if one == actor.position_id), kind.approver(0))
    return _in_post(actor, kind, mine, _WHO_APPROVES)


def may_sign_issued(actor: Actor, kind: IssuedKind) -> Refusal | None:
    """May the actor sign documents of the kind?"""
    if kind.stage is Stage.OFF and may_see_issued(actor, kind) is None:
        return Refusal("เอกสารชนิดนี้ปิดอยู่ จึงยังลงนามไม่ได้ ผู้ดูแลระบบเปิดใช้ได้")
    return _in_post(actor, kind, kind.signer_id, "ลงนามเอกสารชนิดนี้ได้เฉพาะผู้ดำรงตำแหน่งผู้ลงนามที่กำหนดไว้ หรือผู้รักษาราชการแทน")


def may_return_issued(actor: Actor, kind: IssuedKind, document: IssuedDocument) -> Refusal | None:
    """May the actor send this document back? Before whom it lies."""
    return _in_post(actor, kind, document.before(kind), "ส่งคืนได้เฉพาะผู้ดำรงตำแหน่งที่เอกสารรออยู่")


def may_end_issued(actor: Actor, kind: IssuedKind) -> Refusal | None:
    """May the actor revoke and suspend documents of the kind, and let them hold again? Who approves or signs them, and
    the head of the agency."""
    if may_see_issued(actor, kind) is not None:
        return HIDDEN
    if actor.role is PositionRole.HEAD:
        return None
    if actor.position_id is not None and actor.position_id in kind.posts:
        return _beyond(actor)
    return Refusal("พักใช้ ให้ใช้ต่อ และยกเลิกเอกสารได้เฉพาะผู้อนุมัติ ผู้ลงนาม หรือหัวหน้าส่วนราชการ")


def may_withhold_issued(actor: Actor, kind: IssuedKind) -> Refusal | None:
    """May the actor keep documents of the kind out of the public register, and let it show them again? Who issues the
    kind, to whom its holders speak, and who may end its documents."""
    if may_revise_issued(actor, kind) is None or may_end_issued(actor, kind) is None:
        return None
    if may_see_issued(actor, kind) is not None:
        return HIDDEN
    return Refusal("งดแสดงในทะเบียนสาธารณะได้เฉพาะเจ้าหน้าที่ของหน่วยงานที่ออกเอกสาร ผู้อนุมัติ ผู้ลงนาม หรือหัวหน้าส่วนราชการ")


def may_answer_lookups(actor: Actor, kind: IssuedKind | None, now: Answerers | None = None) -> Refusal | None:
    """May the actor answer what other agencies ask about documents of the kind (None for one that we do not have)? Who
    is named there, and who stands in for them `now`; or else the central clerks and the records officer."""
    if kind is None or not kind.names_answerers:
        return None if _answers_usually(actor) else Refusal(f"{_ANSWERS}เจ้าหน้าที่สารบรรณกลางหรือนายทะเบียน")
    if kind.agency_id == actor.agency_id and now is not None and now.registry and _answers_usually(actor):
        return None
    named = kind.is_answered_by(actor.unit_id, actor.position_id)
    named = named or (now is not None and now.include(actor.unit_id, actor.position_id))
    if kind.agency_id != actor.agency_id or actor.role in (None, PositionRole.ADMIN) or not named:
        return Refusal(f"{_ANSWERS}หน่วยงานหรือตำแหน่งที่กำหนดไว้กับชนิดเอกสารนี้ ผู้ดูแลระบบเปลี่ยนได้")
    return _beyond(actor)


def may_see_question(actor: Actor, kind: IssuedKind | None, now: Answerers | None = None) -> Refusal | None:
    """May the actor see what other agencies ask about documents of the kind, and what was answered? Who may answer, and
    the central clerks and the records officer whoever answers."""
    return None if _answers_usually(actor) or may_answer_lookups(actor, kind, now) is None else HIDDEN


def _answers_usually(actor: Actor) -> bool:
    return actor.role is PositionRole.RECORDS or (actor.role is PositionRole.CLERK and actor.central)


def _in_post(actor: Actor, kind: IssuedKind, post: PositionId | None, who: str) -> Refusal | None:
    if may_see_issued(actor, kind) is not None:
        return HIDDEN
    if post is None or actor.position_id != post:
        return Refusal(f"{who} ผู้ดูแลระบบเปลี่ยนได้")
    return _beyond(actor)


def _beyond(actor: Actor) -> Refusal | None:
    return beyond_order(actor, unit_id=actor.unit_id, secrecy=Secrecy.OPEN, form=Form.CERTIFICATE)


def _is_of_unit(actor: Actor, kind: IssuedKind) -> bool:
    return not kind.units or actor.unit_id in kind.units
