"""Closing the matter of a letter, and telling its sender: what registering, tending and dispatching have in common."""

from __future__ import annotations

from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.endorsing import Deed, write_on
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.letter import Letter
from saraban.domain.numbering import thai_digits
from saraban.domain.receipt import Step
from saraban.domain.task import settled
from saraban.domain.task_events import ReplySent
from saraban.usecases.answering import owe_statement
from saraban.usecases.books import UnitOfWork
from saraban.usecases.kept import finish_with
from saraban.usecases.petitions import answer_petition, end_petition


def complete(uow: UnitOfWork, letter: IncomingLetter, *, by: Actor, at: datetime) -> bool:
    """Close the matter. True when its sender is told so: where the agency wants it and the letter came under the wire.
    Raises StageNotAllowed for a letter that is not registered, whose matter is closed, or of which work is left."""
    letter.may_be_completed()
    agency = uow.agencies.get(letter.agency_id)
    owed = None
    if agency.options.tell_completed:
        owed = owe_statement(uow, letter, agency, Step.COMPLETED, at=at, automatic=False)
    uow.record(letter.complete(told=owed is not None, by=by, at=at))
    uow.incoming.save(letter)
    end_petition(uow, letter, at)
    finish_with(uow, letter.id, office_date(at), by=by, at=at)
    return owed is not None


def write_deed(
    uow: UnitOfWork,
    letter: IncomingLetter,
    deed: Deed,
    note: str,
    *,
    by: Actor,
    at: datetime,
    seen: Digest | None = None,
) -> None:
    """Write what an officer did on the letter. ConcurrentEdit when more stands on it than he has `seen`."""
    before = uow.tasks.written(letter.agency_id, letter.id)
    written, fact = write_on(letter, before, deed=deed, note=note, by=by, at=at, seen=seen)
    uow.tasks.write(written)
    uow.record(fact)


def reply_sent(uow: UnitOfWork, reply: Letter, *, by: Actor, at: datetime, public_url: str = "") -> None:
    """A letter goes out: when it answers one that came in, the work for which it was written is done, and the matter is
    closed when nothing else is left. A sender of the public finds it behind his code."""
    incoming_id = uow.tasks.answered_by(reply.agency_id, reply.id)
    if incoming_id is None:
        return
    letter = uow.incoming.get(reply.agency_id, incoming_id)
    uow.record(ReplySent(at=at, by=by, incoming_id=letter.id, reply_id=reply.id, number=reply.number or ""))
    answer_petition(uow, letter, reply, by=by, at=at, public_url=public_url)
    if letter.state is not IncomingState.REGISTERED or letter.completed_at is not None:
        return
    words = f"ตอบแล้วตามหนังสือ ที่ {thai_digits(reply.number or '')}"
    done = [task for task in letter.tasks if task.reply_id == reply.id and task.in_hand]
    for task in done:
        fact = task.finish(result=words, by=by, at=at)
        write_deed(uow, letter, Deed.RESULT, words, by=by, at=at)
        uow.record(fact)
        uow.tasks.save(task)
    if done and settled(letter.tasks):
        complete(uow, letter, by=by, at=at)
