"""Rights over incoming letters."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.incoming import IncomingLetter
from saraban.domain.permissions.reading import reads
from saraban.domain.permissions.refusal import HIDDEN, Refusal


def may_read_incoming(actor: Actor, letter: IncomingLetter) -> Refusal | None:
    """May the actor open this incoming letter?"""
    seen = reads(
        actor,
        agency=actor.agency_id == letter.agency_id,
        unit=actor.unit_id == letter.unit_id,
        on_route=False,
        drafter=False,
        secrecy=letter.secrecy,
    )
    return None if seen else HIDDEN


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
