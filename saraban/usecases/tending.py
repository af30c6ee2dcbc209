"""Seeing to what a letter asks of one: take it, give an opinion, say what came of it, return it to who gave it."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.endorsing import Deed
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.permissions import may_tend, require
from saraban.domain.task import Purpose, Task, TaskId, TaskState, expect_words, settled
from saraban.usecases.books import UnitOfWork
from saraban.usecases.finishing import complete, write_deed
from saraban.usecases.ports import Services

_DEEDS = {Purpose.ACTION: Deed.RESULT, Purpose.OPINION: Deed.OPINION, Purpose.INFORMATION: Deed.KNOWN}


def take_task(office: Services, *, actor: Actor, incoming_id: IncomingId, task_id: TaskId) -> None:
    """Take what was given to one's unit or post: the others see who has it."""
    now = office.clock.now()
    with office.uow() as uow:
        letter, task = _task(uow, actor, incoming_id, task_id)
        require(may_tend(actor, letter, task))
        uow.record(task.take(by=actor, at=now))
        uow.tasks.save(task)
        uow.commit()


def finish_task(
    office: Services,
    *,
    actor: Actor,
    incoming_id: IncomingId,
    task_id: TaskId,
    result: str = "",
    seen: Digest | None = None,
) -> bool:
    """Say what came of it, give the opinion, or that one knows. When nothing is left to be done about the letter, its
    matter is closed: True then. That of one of the public whose sender has no answer stays open: a clerk answers, sends
    it on to the agency that is responsible, or ends it.

    Raises NotPermitted, BadInput({"result": …}), ConcurrentEdit when others wrote on the letter meanwhile.
    """
    now = office.clock.now()
    with office.uow() as uow:
        letter, task = _task(uow, actor, incoming_id, task_id)
        require(may_tend(actor, letter, task))
        fact = task.finish(result=result, by=actor, at=now)
        write_deed(uow, letter, _DEEDS[task.purpose], task.result, by=actor, at=now, seen=seen)
        uow.record(fact)
        uow.tasks.save(task)
        over = letter.completed_at is None and not letter.awaits_answer and settled(letter.tasks)
        closed = task.purpose is Purpose.ACTION and over
        if closed:
            complete(uow, letter, by=actor, at=now)
        uow.commit()
    return closed


def return_task(
    office: Services,
    *,
    actor: Actor,
    incoming_id: IncomingId,
    task_id: TaskId,
    reason: str,
    seen: Digest | None = None,
) -> None:
    """Give it back to who gave it, with the reason: it is in that officer's hands again."""
    now = office.clock.now()
    with office.uow() as uow:
        letter, task = _task(uow, actor, incoming_id, task_id)
        require(may_tend(actor, letter, task))
        reason = expect_words(reason, "ใส่เหตุผลที่ส่งคืน", "reason")
        fact = task.give_back(reason=reason, by=actor, at=now)
        write_deed(uow, letter, Deed.RETURNED, reason, by=actor, at=now, seen=seen)
        uow.record(fact)
        parent = next((one for one in letter.tasks if one.id == task.parent_id), None)
        if parent is not None and parent.state in (TaskState.HANDED_OVER, TaskState.TAKEN):
            task.heard = True
            parent.come_back()
            uow.tasks.save(parent)
        uow.tasks.save(task)
        uow.commit()


def _task(uow: UnitOfWork, actor: Actor, incoming_id: IncomingId, task_id: TaskId) -> tuple[IncomingLetter, Task]:
    letter = uow.incoming.get(actor.agency_id, incoming_id)
    for task in letter.tasks:
        if task.id == task_id:
            return letter, task
    raise NotFound
