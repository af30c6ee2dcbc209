"""Endorsing an incoming letter (เกษียน): presenting it, giving it to units and officers, taking back what was given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.permissions import held_task, may_endorse_incoming, may_take_back, require
from saraban.domain.task import EndorsementId, Purpose, Task, TaskId, TaskState, expect_words
from saraban.usecases.books import UnitOfWork
from saraban.usecases.handing_out import expect_day, hand_out, receivers
from saraban.usecases.ports import Services


def endorse_incoming(
    office: Services,
    *,
    actor: Actor,
    incoming_id: IncomingId,
    action: Sequence[str] = (),
    opinion: Sequence[str] = (),
    information: Sequence[str] = (),
    note: str = "",
    due: date | None = None,
    seen: Digest | None = None,
) -> EndorsementId:
    """Write on a registered letter and give it to receivers (words of `handing_out.receivers`): for action, for their
    opinion, for information. Who has a task of the letter in hand gives it on from there. `seen` is the digest of what
    was shown.

    Raises NotPermitted, BadInput by field, ConcurrentEdit when others wrote on it meanwhile.
    """
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_endorse_incoming(actor, letter))
        note = expect_words(note, "", "note")
        expect_day(due, now)
        wanted = {Purpose.ACTION: action, Purpose.OPINION: opinion, Purpose.INFORMATION: information}
        own = [f"position:{actor.position_id}", f"person:{actor.person_id}"]
        to = receivers(uow, letter, wanted, office_date(now), besides=own)
        parent = held_task(actor, letter)
        written = hand_out(uow, letter, to, note=note, due=due, by=actor, at=now, parent=parent, seen=seen)
        uow.commit()
    return written.id


def take_back_task(
    office: Services, *, actor: Actor, incoming_id: IncomingId, task_id: TaskId, reason: str = ""
) -> None:
    """Take back what was given, with everything that was given on from it. It is in the giver's hands again."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        task = task_in(letter, task_id)
        require(may_take_back(actor, letter, task))
        reason = expect_words(reason, "", "reason")
        for one in (task, *_below(letter, task)):
            if one.in_hand or one.state is TaskState.HANDED_OVER:
                uow.record(one.take_back(reason=reason, by=actor, at=now))
                uow.tasks.save(one)
        _to_giver(uow, letter, task)
        uow.commit()


def task_in(letter: IncomingLetter, task_id: TaskId) -> Task:
    """The task of the letter with this id; NotFound when it has none."""
    for task in letter.tasks:
        if task.id == task_id:
            return task
    raise NotFound


def _below(letter: IncomingLetter, task: Task) -> list[Task]:
    children = [one for one in letter.tasks if one.parent_id == task.id]
    return children + [one for child in children for one in _below(letter, child)]


def _to_giver(uow: UnitOfWork, letter: IncomingLetter, task: Task) -> None:
    for parent in letter.tasks:
        if parent.id == task.parent_id and parent.state is TaskState.HANDED_OVER:
            parent.come_back()
            uow.tasks.save(parent)
