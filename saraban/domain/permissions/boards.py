"""Who sees figures of whose work. They tell how many, never what of: the letters behind a figure are listed by the
rights of reading."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole, UnitId
from saraban.domain.board import Asked, BoardScope
from saraban.domain.permissions.refusal import Refusal

_WHOLE = (PositionRole.HEAD, PositionRole.RECORDS, PositionRole.ADMIN)


def may_see_board(actor: Actor, asked: Asked) -> Refusal | None:
    """May the actor see this board? One's own everybody may; a unit's its director and the head of the agency; the
    agency's its head, the records officer and the administrator."""
    if actor.person_id is None or actor.position_id is None:
        return Refusal("ภาพรวมงานเห็นได้เฉพาะบุคคลที่ดำรงตำแหน่ง ผู้ดูแลระบบแต่งตั้งได้")
    if asked.scope is BoardScope.UNIT:
        own = actor.role is PositionRole.DIRECTOR and asked.unit_id == actor.unit_id is not None
        if own or (actor.role is PositionRole.HEAD and asked.unit_id is not None):
            return None
        return Refusal("ภาพรวมของหน่วยงานเห็นได้เฉพาะผู้อำนวยการของหน่วยงานนั้นและหัวหน้าส่วนราชการ")
    if asked.scope is BoardScope.AGENCY and actor.role not in _WHOLE:
        return Refusal("ภาพรวมของส่วนราชการเห็นได้เฉพาะหัวหน้าส่วนราชการ นายทะเบียน และผู้ดูแลระบบ")
    return None


def may_see_report(actor: Actor, unit_id: UnitId | None) -> Refusal | None:
    """May the actor see the report to the OPDC: of the agency (None) or of a unit? Who sees the agency's board sees all
    of it; a director that of his unit."""
    if actor.person_id is not None and actor.position_id is not None:
        if actor.role in _WHOLE:
            return None
        if actor.role is PositionRole.DIRECTOR and unit_id is not None and unit_id == actor.unit_id:
            return None
    return Refusal("รายงานของส่วนราชการเห็นได้เฉพาะหัวหน้าส่วนราชการ นายทะเบียน และผู้ดูแลระบบ ผู้อำนวยการเห็นของหน่วยงานตน")
