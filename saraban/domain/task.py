"""Work that an incoming letter makes: who is to do what about it. What officers write on it is in `endorsing.py`.

open → taken → done; open or taken → handed over, returned, taken back
A task that was handed over comes back to its holder when the one who got it returns it or has it taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId, UnitId
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.task_events import TaskFinished, TaskReturned, TaskTaken, TaskTakenBack

TaskId = NewType("TaskId", UUID)
EndorsementId = NewType("EndorsementId", UUID)
MOST_NOTE = 2_000
MOST_RECEIVERS = 60


class Purpose(str, Enum):
    """What a letter is given to somebody for."""

    ACTION = "action"
    OPINION = "opinion"
    INFORMATION = "information"

    @property
    def thai(self) -> str:
        """The purpose in words."""
        return {"action": "เพื่อดำเนินการ", "opinion": "เพื่อให้ความเห็น", "information": "เพื่อทราบ"}[self.value]


class TaskState(str, Enum):
    """How far a task has come."""

    OPEN = "open"
    TAKEN = "taken"
    HANDED_OVER = "handed-over"
    TAKEN_BACK = "taken-back"
    DONE = "done"
    RETURNED = "returned"


IN_HAND = frozenset({TaskState.OPEN, TaskState.TAKEN})
"""What somebody still has to do."""
_NEXT = {
    TaskState.OPEN: IN_HAND | {TaskState.HANDED_OVER, TaskState.TAKEN_BACK, TaskState.DONE, TaskState.RETURNED},
    TaskState.TAKEN: {TaskState.HANDED_OVER, TaskState.TAKEN_BACK, TaskState.DONE, TaskState.RETURNED},
    TaskState.HANDED_OVER: {TaskState.TAKEN, TaskState.TAKEN_BACK},
}
_ENDED = {
    TaskState.OPEN: "งานนี้ยังไม่มีผู้รับ",
    TaskState.TAKEN: "มีผู้รับงานนี้แล้ว",
    TaskState.HANDED_OVER: "งานนี้เกษียนต่อไปแล้ว",
    TaskState.TAKEN_BACK: "ผู้มอบเรียกงานนี้คืนแล้ว",
    TaskState.DONE: "งานนี้เสร็จแล้ว",
    TaskState.RETURNED: "งานนี้ส่งคืนผู้มอบแล้ว",
}


@dataclass(frozen=True)
class Receiver:
    """Whom a letter is given to: a unit, a position of it, or a person. `name` is what stands on the page, `cleared`
    whether classified letters may be given so."""

    unit_id: UnitId
    unit_name: str
    name: str
    position_id: PositionId | None = None
    person_id: PersonId | None = None
    cleared: bool = False

    @property
    def token(self) -> str:
        """The word by which it is chosen."""
        if self.person_id is not None:
            return f"person:{self.person_id}"
        return f"position:{self.position_id}" if self.position_id is not None else f"unit:{self.unit_id}"


@dataclass(eq=False)
class Task:
    """What one receiver is to do about an incoming letter. `parent_id` is the task from which it was handed on; names
    are those of the day. `taker_id` has it in hand; `reply_id` is the letter that answers. `heard`: who gave it has
    seen to it that it came back."""

    id: TaskId
    agency_id: AgencyId
    incoming_id: UUID
    endorsement_id: EndorsementId
    ordinal: int
    parent_id: TaskId | None
    purpose: Purpose
    unit_id: UnitId
    unit_name: str
    position_id: PositionId | None
    person_id: PersonId | None
    to_name: str
    due: date | None
    given_at: datetime
    giver_id: PersonId | None
    giver_position_id: PositionId | None
    given_by: str
    given_title: str
    state: TaskState = TaskState.OPEN
    taker_id: PersonId | None = None
    taker_name: str = ""
    taken_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    result: str = ""
    reply_id: UUID | None = None
    heard: bool = False
    version: int = 1

    @property
    def in_hand(self) -> bool:
        """True while somebody has to do it."""
        return self.state in IN_HAND

    @property
    def unsettled(self) -> bool:
        """True while it is in hand, or came back and nobody saw to it."""
        return self.in_hand or (self.state is TaskState.RETURNED and not self.heard)

    def overdue(self, today: date) -> bool:
        """True when it is in hand though its day is over."""
        return self.in_hand and self.due is not None and self.due < today

    def take(self, *, by: Actor, at: datetime) -> TaskTaken:
        """This officer sees to it."""
        if self.state is TaskState.TAKEN and self.taker_id == by.person_id:
            raise StageNotAllowed("ท่านรับงานนี้แล้ว", code="taken-already")
        self._move_to(TaskState.TAKEN)
        self._in_hands_of(by, at)
        return TaskTaken(at=at, by=by, incoming_id=self.incoming_id, task_id=self.id, to=self.to_name)

    def hand_over(self, *, by: Actor, at: datetime) -> None:
        """Others do it now: what they were given, their own tasks tell."""
        if self.taker_id is None:
            self._in_hands_of(by, at)
        self._move_to(TaskState.HANDED_OVER)

    def come_back(self) -> None:
        """What was handed over is in its holder's hands again."""
        if self.state is TaskState.HANDED_OVER:
            self._move_to(TaskState.TAKEN)

    def finish(self, *, result: str, by: Actor, at: datetime, reply_id: UUID | None = None) -> TaskFinished:
        """It is done, with what came of it; of a letter to be known nothing has to be said."""
        result = expect_words(
            result,
            {Purpose.ACTION: "ใส่ผลการดำเนินการ", Purpose.OPINION: "ใส่ความเห็น"}.get(self.purpose, ""),
            "result",
        )
        if self.taker_id is None:
            self._in_hands_of(by, at)
        self._end(TaskState.DONE, result, by, at)
        self.reply_id = reply_id or self.reply_id
        return TaskFinished(at=at, by=by, incoming_id=self.incoming_id, task_id=self.id, to=self.to_name, result=result)

    def give_back(self, *, reason: str, by: Actor, at: datetime) -> TaskReturned:
        """It is not for this receiver: back to who gave it, with the reason."""
        reason = expect_words(reason, "ใส่เหตุผลที่ส่งคืน", "reason")
        self._end(TaskState.RETURNED, reason, by, at)
        return TaskReturned(at=at, by=by, incoming_id=self.incoming_id, task_id=self.id, to=self.to_name, reason=reason)

    def take_back(self, *, reason: str, by: Actor, at: datetime) -> TaskTakenBack:
        """Who gave it takes it from its receiver again."""
        self._end(TaskState.TAKEN_BACK, reason, by, at)
        return TaskTakenBack(
            at=at, by=by, incoming_id=self.incoming_id, task_id=self.id, to=self.to_name, reason=reason
        )

    def answer_begun(self, letter_id: UUID, *, by: Actor, at: datetime) -> None:
        """A letter is being written that answers."""
        if self.state is TaskState.OPEN:
            self.state = TaskState.TAKEN
            self._in_hands_of(by, at)
        self.reply_id = letter_id

    def expect(self, state: TaskState) -> None:
        """Raise StageNotAllowed, with its Thai words, unless it may come to this state."""
        if state not in _NEXT.get(self.state, ()):
            raise StageNotAllowed(_ENDED[self.state], code=f"task-{self.state.value}")

    def _end(self, state: TaskState, words: str, by: Actor, at: datetime) -> None:
        self._move_to(state)
        self.ended_at, self.ended_by, self.result = at, by.name, words

    def _in_hands_of(self, by: Actor, at: datetime) -> None:
        self.taker_id, self.taker_name, self.taken_at = by.person_id, by.name, at

    def _move_to(self, state: TaskState) -> None:
        self.expect(state)
        self.state = state


def unfinished(tasks: Iterable[Task]) -> list[Task]:
    """What somebody is doing about a letter: its matter cannot be closed for that long."""
    return [task for task in tasks if task.purpose is Purpose.ACTION and task.in_hand]


def settled(tasks: Iterable[Task]) -> bool:
    """Is everything done that was to be done, and nothing come back to whom nobody has seen?"""
    return not any(task.purpose is Purpose.ACTION and task.unsettled for task in tasks)


def expect_words(words: str, lacking: str, name: str) -> str:
    """The words; BadInput under this name when there are none (and `lacking` says that there must be), or too many."""
    words = words.replace("\r\n", "\n").strip()
    if not words and lacking:
        raise BadInput({name: lacking})
    if len(words) > MOST_NOTE:
        raise BadInput({name: "ข้อความยาวเกิน 2,000 ตัวอักษร"})
    return words
