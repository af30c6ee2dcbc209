"""A batch of an officer's desk: letters that are signed or endorsed one after the other, in the order of the list.

A batch is made of what the officer saw: each line carries the version and the content of its letter, and what was
changed since is told and left. Whoever goes through it holds it for a while (`runner`); a batch that its runner left
behind is interrupted, and goes on where it was when the officer says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId
from saraban.domain.attachment import Digest
from saraban.domain.batch_events import BatchBegun
from saraban.domain.errors import BadInput, ConcurrentEdit, NotPermitted, RuleBroken
from saraban.domain.letter import LetterId

BatchId = NewType("BatchId", UUID)
MOST_LETTERS = 200
LONGEST_NOTE = 2000


class BatchDeed(str, Enum):
    """What is done with each letter."""

    SIGN = "sign"
    ENDORSE = "endorse"

    @property
    def thai(self) -> str:
        """The deed in words."""
        return {"sign": "ลงนาม", "endorse": "เสนอต่อ"}[self.value]


class BatchState(str, Enum):
    """How far a batch is: being looked through, gone through, stopped by the officer, ended."""

    PREPARED = "prepared"
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"


class LineState(str, Enum):
    """How far a letter of a batch is. One that is begun has its number and no signed page yet; one that is left was
    not touched, or was given back as it was."""

    WAITING = "waiting"
    BEGUN = "begun"
    DONE = "done"
    LEFT = "left"


OPEN_LINES = (LineState.WAITING, LineState.BEGUN)


@dataclass
class BatchLine:
    """A letter of a batch, as it was seen: its version, its content and, where others have signed it, its page. `why`
    it was left, in Thai."""

    ordinal: int
    letter_id: LetterId
    seen_version: int
    content: Digest
    page: Digest | None = None
    state: LineState = LineState.WAITING
    number: str = ""
    why: str = ""
    at: datetime | None = None

    def begin(self, number: str) -> None:
        """The number was taken."""
        self.state, self.number = LineState.BEGUN, number

    def done(self, number: str, at: datetime) -> None:
        """The letter was signed, or endorsed."""
        self.state, self.number, self.why, self.at = LineState.DONE, number, "", at

    def leave(self, why: str, at: datetime) -> None:
        """It was not done, and why."""
        self.state, self.number, self.why, self.at = LineState.LEFT, "", why, at


@dataclass(eq=False)
class Batch:
    """A batch of one officer in one position. `note` goes with each endorsement."""

    id: BatchId
    agency_id: AgencyId
    person_id: PersonId
    position_id: PositionId
    deed: BatchDeed
    note: str
    made_at: datetime
    state: BatchState = BatchState.PREPARED
    runner: UUID | None = None
    leased_until: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1
    lines: list[BatchLine] = field(default_factory=list)

    def put_in(self, lines: Sequence[BatchLine]) -> None:
        """Take the letters of the list, in its order."""
        if not lines:
            raise BadInput({"letters": "เลือกหนังสืออย่างน้อยหนึ่งฉบับ"})
        if len(lines) > MOST_LETTERS:
            raise BadInput({"letters": "ทำได้ครั้งละไม่เกิน ๒๐๐ ฉบับ เอาออกบ้างแล้วทำเป็นสองชุด"})
        self.lines = list(lines)

    def take_out(self, letter_ids: Sequence[LetterId]) -> None:
        """Leave letters out before the batch begins."""
        self._expect(BatchState.PREPARED)
        kept = [line for line in self.lines if line.letter_id not in set(letter_ids)]
        self.put_in(kept)

    def expect_owner(self, actor: Actor) -> None:
        """Raise NotPermitted unless the actor is the officer of the batch, in the position in which it was made."""
        if actor.person_id != self.person_id:
            raise NotPermitted("ชุดนี้เป็นของผู้อื่น")
        if actor.position_id != self.position_id:
            raise NotPermitted("ชุดนี้ทำไว้ในตำแหน่งอื่นของท่าน เลือกตำแหน่งนั้นแล้วทำต่อ", code="another-position")

    def is_interrupted(self, now: datetime) -> bool:
        """Did its runner leave it behind, or did the officer stop it?"""
        if self.state is BatchState.STOPPED:
            return True
        return self.state is BatchState.RUNNING and (self.leased_until is None or self.leased_until <= now)

    def begin(self, runner: UUID, *, by: Actor, at: datetime, until: datetime) -> BatchBegun:
        """Go through it, or go on with it."""
        self.expect_owner(by)
        if self.state is BatchState.ENDED:
            raise RuleBroken("ชุดนี้ทำครบแล้ว", code="batch-ended")
        if self.state is BatchState.RUNNING and not self.is_interrupted(at):
            raise ConcurrentEdit("ชุดนี้กำลังทำอยู่")
        self.state, self.runner, self.leased_until = BatchState.RUNNING, runner, until
        remaining = len(self.remaining)
        return BatchBegun(at=at, by=by, thing_id=self.id, deed=self.deed.value, letters=remaining)

    def write(self, note: str) -> None:
        """Write the words that go with each endorsement, before the batch begins."""
        self._expect(BatchState.PREPARED)
        if len(note) > LONGEST_NOTE:
            raise BadInput({"note": "ข้อความยาวเกิน ๒,๐๐๐ ตัวอักษร"})
        self.note = note.strip()

    def stop(self, *, by: Actor) -> None:
        """Stop after the letter that is being done."""
        self.expect_owner(by)
        self._expect(BatchState.RUNNING)
        self.state, self.runner, self.leased_until = BatchState.STOPPED, None, None

    def end(self, at: datetime) -> None:
        """Nothing remains."""
        self.state, self.runner, self.leased_until, self.ended_at = BatchState.ENDED, None, None, at

    @property
    def remaining(self) -> list[BatchLine]:
        """What is still to be done, in order. What was begun and not ended stands where it stood, so it is done before
        what follows and the numbers keep the order of the list."""
        return [line for line in self.lines if line.state in OPEN_LINES]

    def _expect(self, state: BatchState) -> None:
        if self.state is not state:
            raise RuleBroken("ชุดนี้ไม่ได้อยู่ในขั้นที่ทำรายการนี้ได้", code="batch-state")
