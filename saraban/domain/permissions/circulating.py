"""Rights over letters that are passed round to be read, and over groups of readers."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionRole
from saraban.domain.circulation import ReaderGroup
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.letter import Letter
from saraban.domain.letter_state import LetterState
from saraban.domain.permissions.incoming import may_read_incoming
from saraban.domain.permissions.letters import may_read_letter
from saraban.domain.permissions.refusal import HIDDEN, Refusal


class Sending(Protocol):
    """Who passed a letter round."""

    @property
    def giver_id(self) -> UUID | None: ...
    @property
    def giver_position_id(self) -> UUID | None: ...
    @property
    def given_by(self) -> str: ...


_SENDS = (PositionRole.CLERK, PositionRole.DIRECTOR, PositionRole.HEAD)
_FINAL = (LetterState.ISSUED, LetterState.DISPATCHED, LetterState.CLOSED)


def may_circulate_letter(actor: Actor, letter: Letter) -> Refusal | None:
    """May the actor pass this outgoing letter round inside the agency?"""
    if hidden := may_read_letter(actor, letter):
        return hidden
    if letter.state not in _FINAL:
        return Refusal("เวียนได้เมื่อลงนามและออกเลขแล้ว ขณะนี้หนังสือยังอยู่กับผู้ร่างหรือผู้ที่หนังสือรออยู่ เจ้าหน้าที่สารบรรณเวียนได้หลังจากนั้น")
    return _may_send(actor)


def may_circulate_incoming(actor: Actor, letter: IncomingLetter) -> Refusal | None:
    """May the actor pass this incoming letter round inside the agency?"""
    if hidden := may_read_incoming(actor, letter):
        return hidden
    if letter.state is not IncomingState.REGISTERED:
        return Refusal("เจ้าหน้าที่สารบรรณต้องลงรับก่อน จึงเวียนให้ทราบได้")
    return _may_send(actor)


def may_mind_circulation(actor: Actor, circulation: Sending) -> Refusal | None:
    """May the actor, who may circulate the letter, remind the readers of this list or stop it? Who sent it may, and the
    central clerk."""
    mine = actor.person_id is not None and actor.person_id == circulation.giver_id
    in_post = actor.position_id is not None and actor.position_id == circulation.giver_position_id
    if mine or in_post or (actor.central and actor.role is PositionRole.CLERK):
        return None
    return Refusal(f"เตือนและหยุดเวียนได้เฉพาะผู้เวียน ({circulation.given_by}) หรือเจ้าหน้าที่สารบรรณกลาง")


def may_keep_reader_group(actor: Actor, owner_id: PersonId | None) -> Refusal | None:
    """May the actor make and change a group of readers: one of the agency (None), or that of this person?"""
    if owner_id is None:
        if actor.role is PositionRole.ADMIN or (actor.role is PositionRole.CLERK and actor.central):
            return None
        return Refusal("กลุ่มผู้อ่านที่ใช้ร่วมกันแก้ได้เฉพาะผู้ดูแลระบบหรือเจ้าหน้าที่สารบรรณกลาง ทำเป็นกลุ่มของท่านเองได้")
    if actor.person_id == owner_id and actor.role is not None:
        return None
    return HIDDEN


def may_see_reader_group(actor: Actor, group: ReaderGroup) -> Refusal | None:
    """May the actor see and use the group? Those of the agency everybody of it may, a personal one its owner."""
    if actor.agency_id == group.agency_id and group.owner_id in (None, actor.person_id):
        return None
    return HIDDEN


def _may_send(actor: Actor) -> Refusal | None:
    if actor.role in _SENDS and actor.person_id is not None:
        return None
    return Refusal("เวียนหนังสือได้เฉพาะเจ้าหน้าที่สารบรรณ ผู้อำนวยการ และหัวหน้าส่วนราชการ ขอให้เจ้าหน้าที่สารบรรณเวียนให้ได้")
