"""Rights over incoming letters, and over what officers have to do about them."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.errors import StageNotAllowed
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.joining import joined
from saraban.domain.permissions.delegations import beyond_order
from saraban.domain.permissions.reading import REGISTERS_ONLY, reads
from saraban.domain.permissions.refusal import HIDDEN, Refusal
from saraban.domain.task import Purpose, Task, TaskState

_BY_PURPOSE = list(Purpose)


def may_read_incoming(actor: Actor, letter: IncomingLetter) -> Refusal | None:
    """May the actor open this incoming letter?"""
    seen = reads(
        actor,
        agency=actor.agency_id == letter.agency_id,
        unit=actor.unit_id == letter.unit_id,
        on_route=False,
        drafter=False,
        secrecy=letter.secrecy,
        given=actor.person_id in letter.readers or any(given_to(actor, task) for task in letter.tasks),
    )
    if not seen:
        return HIDDEN
    return beyond_order(actor, unit_id=letter.unit_id, secrecy=letter.secrecy, form=None)


def given_to(actor: Actor, task: Task) -> bool:
    """Was this task given to the actor, to his position or to his unit, and not taken back? Or did he take it?"""
    if task.state is TaskState.TAKEN_BACK:
        return False
    return _is_for(actor, task) or (actor.person_id is not None and task.taker_id == actor.person_id)


def _is_for(actor: Actor, task: Task) -> bool:
    if task.person_id is not None:
        return actor.person_id == task.person_id
    if task.position_id is not None:
        return actor.position_id == task.position_id
    return actor.unit_id == task.unit_id and actor.role not in REGISTERS_ONLY


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


def may_tend(actor: Actor, letter: IncomingLetter, task: Task) -> Refusal | None:
    """May the actor do what the task asks: take it, hand it on, say what came of it, return it? What somebody has
    taken is that officer's and the director's of the unit."""
    if hidden := may_read_incoming(actor, letter):
        return hidden
    if not task.in_hand:
        return _why_ended(task)
    if not _is_for(actor, task) and task.taker_id != actor.person_id:
        return Refusal(f"{joined('งานนี้มอบให้', task.to_name)} ซึ่งเป็นผู้ดำเนินการ")
    leads = actor.role in (PositionRole.DIRECTOR, PositionRole.HEAD)
    if task.taker_id is not None and task.taker_id != actor.person_id and not leads:
        return Refusal(joined(task.taker_name, "รับงานนี้แล้ว ผู้อำนวยการของหน่วยงานดำเนินการแทนได้"))
    return None


def may_take_back(actor: Actor, letter: IncomingLetter, task: Task) -> Refusal | None:
    """May the actor take back what was given? Who gave it may, and the clerk of the letter."""
    if hidden := may_read_incoming(actor, letter):
        return hidden
    if task.state not in (TaskState.OPEN, TaskState.TAKEN, TaskState.HANDED_OVER):
        return _why_ended(task)
    gave = actor.person_id is not None and task.giver_id == actor.person_id
    in_post = actor.position_id is not None and task.giver_position_id == actor.position_id
    if gave or in_post or may_work_incoming(actor, letter) is None:
        return None
    return Refusal(f"เรียกงานคืนได้เฉพาะผู้มอบ ({task.given_by}) หรือเจ้าหน้าที่สารบรรณที่ลงรับ")


def held_task(actor: Actor, letter: IncomingLetter) -> Task | None:
    """The task of the letter that the actor has in hand; of several the one that asks for most."""
    mine = [task for task in letter.tasks if may_tend(actor, letter, task) is None]
    return min(mine, key=lambda task: (_BY_PURPOSE.index(task.purpose), task.given_at), default=None)


def may_endorse_incoming(actor: Actor, letter: IncomingLetter) -> Refusal | None:
    """May the actor write on the letter and give it to others? The clerk who registered it may, and whoever has a task
    of it in hand."""
    if hidden := may_read_incoming(actor, letter):
        return hidden
    if letter.state is not IncomingState.REGISTERED:
        return Refusal("เจ้าหน้าที่สารบรรณต้องลงรับก่อน จึงลงเกษียนได้")
    if letter.completed_at is not None:
        return Refusal(joined("ปิดเรื่องแล้วโดย", letter.completed_by, "จึงไม่มีผู้ใดเกษียนต่อได้"))
    if held_task(actor, letter) is not None or may_work_incoming(actor, letter) is None:
        return None
    return Refusal("เกษียนได้เฉพาะผู้ที่มีงานของหนังสือนี้อยู่ในมือ หรือเจ้าหน้าที่สารบรรณที่ลงรับ")


def _why_ended(task: Task) -> Refusal:
    try:
        task.expect(TaskState.TAKEN_BACK)
    except StageNotAllowed as error:
        return Refusal(f"{error.thai} ผู้มอบ ({task.given_by}) มอบใหม่ได้ถ้ายังมีงาน")
    return Refusal("งานนี้เกษียนต่อไปแล้ว ผู้ที่ได้รับต่อเป็นผู้ดำเนินการ หรือผู้มอบเรียกคืน")


def may_keep_orders(actor: Actor) -> Refusal | None:
    """May the actor keep the agency's standing orders about incoming letters?"""
    if actor.role is PositionRole.ADMIN or (actor.role is PositionRole.CLERK and actor.central):
        return None
    return Refusal("ตั้งการมอบหมายล่วงหน้าได้เฉพาะเจ้าหน้าที่สารบรรณกลางหรือผู้ดูแลระบบ")
