"""Rights over what an office keeps: templates, groups, outsiders, the daily duty, settings."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionRole, UnitId
from saraban.domain.group import ReceiverGroup
from saraban.domain.permissions.refusal import HIDDEN, Refusal
from saraban.domain.templates import Template


def may_attend(actor: Actor) -> Refusal | None:
    """Does the actor keep the central mailbox? What he opens is then the daily duty done."""
    if actor.role is PositionRole.CLERK and actor.central and actor.person_id is not None:
        return None
    return Refusal("การตรวจกล่องประจำวันบันทึกได้เฉพาะเจ้าหน้าที่สารบรรณกลาง")


def may_mind(actor: Actor) -> Refusal | None:
    """May the actor say who sees to a trouble that he is shown? Every person of the agency may."""
    if actor.person_id is not None and actor.role is not None:
        return None
    return Refusal("รับเรื่องได้เฉพาะบุคคลที่ดำรงตำแหน่งในส่วนราชการ ผู้ดูแลระบบกำหนดตำแหน่งให้ได้")


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
    return HIDDEN


def may_see_group(actor: Actor, group: ReceiverGroup) -> Refusal | None:
    """May the actor see the group? Those of the agency everybody of it may, a personal one its owner."""
    if actor.agency_id == group.agency_id and group.owner_id in (None, actor.person_id):
        return None
    return HIDDEN


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
        return HIDDEN
    if template.unit_id in (None, actor.unit_id) or (actor.central and actor.role is PositionRole.CLERK):
        return None
    return None if may_keep_template(actor, template.unit_id) is None else HIDDEN


def may_administer(actor: Actor) -> Refusal | None:
    """May the actor look after the installation's settings for the agency?"""
    return None if actor.role is PositionRole.ADMIN else Refusal("ทำได้เฉพาะผู้ดูแลระบบ")
