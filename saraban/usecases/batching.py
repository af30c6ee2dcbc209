"""Batches: an officer ticks letters on his desk, looks them through or trusts the list, and signs them with one
passphrase, or endorses them.

The key is opened once and held in the memory of the process that goes through the batch; the passphrase is written
nowhere. A line of the batch is written in the transactions of its letter, so that a process may be killed at any
moment: the batch is then interrupted, and goes on where it was with the passphrase given again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.batch import Batch, BatchDeed, BatchId, BatchLine, LineState
from saraban.domain.batch_events import BatchPrepared
from saraban.domain.errors import ConcurrentEdit, NotPermitted, RuleBroken, SarabanError
from saraban.domain.letter import Letter, LetterId
from saraban.domain.permissions import may_endorse, may_read_letter, may_sign, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.notices import batch_ended
from saraban.usecases.occasions import Occasion
from saraban.usecases.ports import Services
from saraban.usecases.proofs import Pen

_log = logging.getLogger(__name__)
CHANGED = "หนังสือเปลี่ยนหลังจากท่านเปิดดู เปิดอ่านใหม่แล้วทำอีกครั้ง"
_BROKEN = "ทำไม่สำเร็จเพราะข้อผิดพลาดภายใน หนังสืออยู่อย่างเดิม แจ้งผู้ดูแลระบบ"
Spawn = Callable[[Callable[[], None]], None]
"""Lets work go on after the answer was given."""


class SignOne(Protocol):
    """Signs one letter with an open key (`signing.sign_with`)."""

    def __call__(
        self,
        office: Services,
        pen: Pen,
        *,
        actor: Actor,
        letter_id: LetterId,
        version: int | None,
        content: Digest | None,
        seen: Digest | None,
        occasion: Occasion,
    ) -> object: ...


class EndorseOne(Protocol):
    """Endorses one letter (`routing.endorse_letter`)."""

    def __call__(
        self,
        office: Services,
        *,
        actor: Actor,
        letter_id: LetterId,
        note: str,
        version: int | None,
        occasion: Occasion,
    ) -> object: ...


@dataclass(frozen=True)
class Wanted:
    """A letter as it stood in the list: its id and the version that was shown."""

    letter_id: LetterId
    version: int


def prepare_batch(office: Services, *, actor: Actor, deed: BatchDeed, wanted: Sequence[Wanted]) -> BatchId:
    """Make a batch of these letters, in this order. What changed since it was listed, or does not wait for this deed of
    the officer, is a line that is left, with the reason. Raises BadInput for none or more than two hundred."""
    if actor.person_id is None or actor.position_id is None:
        raise NotPermitted("ทำเป็นชุดได้เฉพาะผู้ที่มีตำแหน่งในเส้นทางเสนอ")
    now = office.clock.now()
    batch = Batch(
        id=BatchId(uuid4()),
        agency_id=actor.agency_id,
        person_id=actor.person_id,
        position_id=actor.position_id,
        deed=deed,
        note="",
        made_at=now,
    )
    once = {one.letter_id: one for one in wanted}
    with office.uow() as uow:
        lines = []
        for ordinal, one in enumerate(once.values(), 1):
            letter = uow.letters.get(actor.agency_id, one.letter_id)
            require(may_read_letter(actor, letter))
            line = _line(ordinal, letter, one.version)
            if why := _why_not(actor, letter, deed, one.version):
                line.leave(why, now)
            lines.append(line)
        batch.put_in(lines)
        uow.batches.add(batch)
        uow.record(BatchPrepared(at=now, by=actor, thing_id=batch.id, deed=deed.value, letters=len(lines)))
        uow.commit()
    return batch.id


def take_out(office: Services, *, actor: Actor, batch_id: BatchId, letter_ids: Sequence[LetterId]) -> None:
    """Leave letters out of a batch that did not begin."""
    with office.uow() as uow:
        batch = _own(uow, actor, batch_id)
        batch.take_out(letter_ids)
        uow.batches.save(batch)
        uow.batches.save_lines(batch)
        uow.commit()


def sign_batch(
    office: Services,
    *,
    actor: Actor,
    batch_id: BatchId,
    passphrase: str,
    sign: SignOne,
    spawn: Spawn,
    worker: Services | None = None,
) -> None:
    """Sign what remains of a batch, in its order; begins it, or goes on with one that was interrupted. Raises
    WrongPassphrase or NotFound when the key does not open; what becomes of the letters is written in the batch.
    `worker`: the services with which it goes on, where those of this request carry a key for one deed."""
    batch = _look(office, actor, batch_id, BatchDeed.SIGN)
    assert actor.person_id is not None
    then = worker or office
    with ExitStack() as held:
        pen = held.enter_context(office.pages.opened(actor.person_id, passphrase))
        runner = _begin(office, actor, batch.id)

        def one(line: BatchLine, occasion: Occasion) -> None:
            # A line that was begun before may have another version by now, but not another content.
            version = line.seen_version if line.state is LineState.WAITING else None
            sign(
                then,
                pen,
                actor=actor,
                letter_id=line.letter_id,
                version=version,
                content=line.content,
                seen=line.page,
                occasion=occasion,
            )

        spawn(_Work(then, actor, batch.id, runner, one, held.pop_all()))


def endorse_batch(
    office: Services,
    *,
    actor: Actor,
    batch_id: BatchId,
    note: str | None,
    endorse: EndorseOne,
    spawn: Spawn,
    worker: Services | None = None,
) -> None:
    """Endorse what remains of a batch, in its order, each with the same words. None for the words goes on with those
    that it was begun with. `worker` as for `sign_batch`."""
    batch = _look(office, actor, batch_id, BatchDeed.ENDORSE)
    runner = _begin(office, actor, batch.id, note)
    words, then = batch.note if note is None else note, worker or office

    def one(line: BatchLine, occasion: Occasion) -> None:
        endorse(
            then,
            actor=actor,
            letter_id=line.letter_id,
            note=words,
            version=line.seen_version,
            occasion=occasion,
        )

    spawn(_Work(then, actor, batch.id, runner, one, ExitStack()))


def stop_batch(office: Services, *, actor: Actor, batch_id: BatchId) -> None:
    """Stop after the letter that is being done; the batch can go on later."""
    with office.uow() as uow:
        batch = _own(uow, actor, batch_id)
        batch.stop(by=actor)
        uow.batches.save(batch)
        uow.commit()


class _Stopped(SarabanError):
    """The batch was stopped, or another goes through it."""


@dataclass(frozen=True)
class _Work:
    """Goes through a batch; lays the key down at the end, whatever happens."""

    office: Services
    actor: Actor
    batch_id: BatchId
    runner: UUID
    do_one: Callable[[BatchLine, Occasion], None]
    held: ExitStack

    def __call__(self) -> None:
        with self.held:
            try:
                for line in self._batch().remaining:
                    self._do(line)
                self._end()
            except (_Stopped, ConcurrentEdit):
                return
            except Exception:
                _log.exception("batch %s was left where it is", self.batch_id)

    def _batch(self) -> Batch:
        with self.office.uow() as uow:
            return uow.batches.get(self.actor.agency_id, self.batch_id)

    def _do(self, line: BatchLine) -> None:
        try:
            self.do_one(line, _InBatch(self, line))
        except _Stopped:
            raise
        except ConcurrentEdit:
            self._leave(line, CHANGED)
        except SarabanError as error:
            self._leave(line, error.thai)
        except Exception:
            _log.exception("letter %s of batch %s", line.letter_id, self.batch_id)
            self._leave(line, _BROKEN)

    def _leave(self, line: BatchLine, why: str) -> None:
        with self.office.uow() as uow:
            self.hold(uow)
            line.leave(why, self.office.clock.now())
            uow.batches.mark(self.batch_id, line)
            uow.commit(final=False)

    def _end(self) -> None:
        with self.office.uow() as uow:
            self.hold(uow)
            batch = uow.batches.get(self.actor.agency_id, self.batch_id)
            batch.end(self.office.clock.now())
            uow.batches.save(batch)
            if self.actor.person_id is not None:
                uow.notices.tell([batch_ended(batch, self.actor.person_id, at=self.office.clock.now())])
            uow.commit()

    def hold(self, uow: UnitOfWork) -> None:
        """Go on holding the batch in this transaction. Raises when it was stopped."""
        try:
            uow.batches.hold(self.batch_id, self.runner, self.office.clock.now() + self.office.lease)
        except ConcurrentEdit as error:
            raise _Stopped from error


@dataclass(frozen=True)
class _InBatch:
    """A letter that is done as a line of a batch (usecases.occasions.Occasion)."""

    work: _Work
    line: BatchLine

    def claimed(self, uow: UnitOfWork, letter: Letter) -> None:
        """The line is begun together with the number."""
        self.work.hold(uow)
        self.line.begin(letter.number or "")
        uow.batches.mark(self.work.batch_id, self.line)

    def settled(self, uow: UnitOfWork, letter: Letter) -> None:
        """The line is done together with the letter."""
        self.work.hold(uow)
        self.line.done(letter.number or "", self.work.office.clock.now())
        uow.batches.mark(self.work.batch_id, self.line)


def _begin(office: Services, actor: Actor, batch_id: BatchId, note: str | None = None) -> UUID:
    runner, now = uuid4(), office.clock.now()
    with office.uow() as uow:
        batch = _own(uow, actor, batch_id)
        if note is not None:
            batch.write(note)
        uow.record(batch.begin(runner, by=actor, at=now, until=now + office.lease))
        uow.batches.save(batch)
        uow.commit()
    return runner


def _look(office: Services, actor: Actor, batch_id: BatchId, deed: BatchDeed) -> Batch:
    with office.uow() as uow:
        batch = _own(uow, actor, batch_id)
    if batch.deed is not deed:
        raise RuleBroken(f"ชุดนี้เป็นชุดสำหรับ{batch.deed.thai}", code="another-deed")
    if batch.state.value == "running" and not batch.is_interrupted(office.clock.now()):
        raise ConcurrentEdit("ชุดนี้กำลังทำอยู่")
    return batch


def _own(uow: UnitOfWork, actor: Actor, batch_id: BatchId) -> Batch:
    batch = uow.batches.get(actor.agency_id, batch_id)
    batch.expect_owner(actor)
    return batch


def _line(ordinal: int, letter: Letter, version: int) -> BatchLine:
    page = letter.part_signed.page if letter.part_signed is not None else None
    return BatchLine(ordinal, letter.id, version, letter.content_digest(), page)


def _why_not(actor: Actor, letter: Letter, deed: BatchDeed, version: int) -> str:
    """Why the letter cannot be done as it was listed; empty when it can."""
    if letter.version != version:
        return CHANGED
    refusal = may_sign(actor, letter) if deed is BatchDeed.SIGN else may_endorse(actor, letter)
    if refusal is not None:
        return refusal.thai
    return "" if letter.current_step() is not None else "หนังสือนี้ไม่ได้รอท่านแล้ว"
