"""What the page of an incoming letter shows of the work that it makes: who has it, what was written on it, and what the
person may do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.endorsing import Endorsement, sheet_digest
from saraban.domain.errors import SarabanError
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.permissions import (
    held_task,
    may_draft,
    may_endorse_incoming,
    may_keep_orders,
    may_take_back,
    may_tend,
    words_of,
)
from saraban.domain.task import Purpose, Task, TaskState
from saraban.doorway import actor, reader, services
from saraban.doorway.errors import problem_of
from saraban.reading import people
from saraban.reading import tasks as rows
from saraban.usecases import viewing
from saraban.web.filters import initials
from saraban.web.forms.work import EndorseForm, FinishForm, GiveBackForm, field_of

QUICK_NOTES = ("เพื่อโปรดพิจารณา", "เพื่อดำเนินการ", "ทราบ", "ทราบ แจ้งที่เกี่ยวข้อง")
_FIELDS = {one.value: field_of(one) for one in Purpose}
_MARKS = {
    TaskState.OPEN: "",
    TaskState.TAKEN: "now",
    TaskState.HANDED_OVER: "done",
    TaskState.TAKEN_BACK: "void",
    TaskState.DONE: "done",
    TaskState.RETURNED: "back",
}
STATE_WORDS = {
    TaskState.OPEN: ("ยังไม่มีผู้รับ", "wait"),
    TaskState.TAKEN: ("กำลังดำเนินการ", "act"),
    TaskState.HANDED_OVER: ("เกษียนต่อแล้ว", "done"),
    TaskState.TAKEN_BACK: ("เรียกคืนแล้ว", ""),
    TaskState.DONE: ("เสร็จแล้ว", "done"),
    TaskState.RETURNED: ("ส่งคืน", "hot"),
}


@dataclass(frozen=True)
class Written:
    """An endorsement as the list of notes takes it."""

    name: str
    title: str
    at: datetime
    text: str
    initials: str


@dataclass
class Node:
    """A task in the picture of who has the letter, with those that came of it."""

    id: UUID
    mark: str
    name: str
    unit: str
    purpose: str
    words: str
    tone: str
    who: str
    due: date | None
    late: bool
    result: str
    at: datetime | None
    may_take: bool
    may_take_back: bool
    below: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Work:
    """Everything about it. `where` says in a line who has the letter now; `mine` is the task in the person's hands;
    `receivers` are (word, name, who) rows. Reasons are in Thai, empty when it can be done."""

    written: list[Written]
    tree: list[Node]
    where: list[str]
    mine: Task | None
    late: bool
    seen: str
    receivers: list[tuple[str, str, str]]
    phrases: list[str]
    replies: list[rows.ReplyRow]
    suggestion: rows.Suggestion | None
    may_keep_orders: bool
    why_not_endorse: str
    why_not_answer: str


def work_of(
    letter: IncomingLetter,
    *,
    endorse: EndorseForm | None = None,
    finish: FinishForm | None = None,
    give_back: GiveBackForm | None = None,
    error: SarabanError | None = None,
) -> dict[str, Any]:
    """What the template takes; a form that was refused comes with its error."""
    if letter.state is not IncomingState.REGISTERED:
        return {"work": None}
    who, today = actor(), office_date(services().clock.now())
    chain = viewing.written_on(services(), letter)
    refusal = may_endorse_incoming(who, letter)
    told = problem_of(error) if error is not None else None
    work = Work(
        written=[_note(one) for one in chain],
        tree=_tree(letter, who, today, None),
        where=[_where(task) for task in letter.tasks if task.in_hand and task.purpose is not Purpose.INFORMATION],
        mine=held_task(who, letter),
        late=any(task.overdue(today) for task in letter.tasks),
        seen=sheet_digest(letter, chain).hex,
        receivers=receivers_to_choose(today) if refusal is None else [],
        phrases=list(dict.fromkeys((*rows.own_notes(reader(), who), *QUICK_NOTES)))[:8] if refusal is None else [],
        replies=rows.replies_to(reader(), who, letter.id),
        suggestion=rows.suggestion(reader(), who, letter) if refusal is None and not letter.tasks else None,
        may_keep_orders=may_keep_orders(who) is None,
        why_not_endorse=words_of(refusal),
        why_not_answer=words_of(may_draft(who)),
    )
    return {
        "work": work,
        "purposes": [(field_of(one), one) for one in Purpose],
        "endorse": endorse or EndorseForm.blank(),
        "finish": finish or FinishForm(formdata=None),
        "give_back": give_back or GiveBackForm(formdata=None),
        "give_back_open": give_back is not None,
        "work_errors": {_FIELDS.get(name, name): words for name, words in told.errors.items()} if told else {},
        "work_problem": told if told is not None and not told.errors else None,
        "work_refused": endorse is not None or finish is not None,
    }


def receivers_to_choose(today: date) -> list[tuple[str, str, str]]:
    """Units first, then the positions that somebody holds, then people where several hold one position."""
    who = actor()
    posts = people.posts(reader(), who.agency_id, today)
    held = [post.position_id for post in posts]
    found = [(f"unit:{one.id}", one.name, "หน่วยงาน") for one in people.units(reader(), who.agency_id, today)]
    for post in posts:
        if post.position_id == who.position_id:
            continue
        if held.count(post.position_id) > 1:
            found.append((f"person:{post.person_id}", f"{post.person} ({post.title})", post.unit_name))
        else:
            found.append((f"position:{post.position_id}", f"{post.title} · {post.person}", post.unit_name))
    return found


def _note(one: Endorsement) -> Written:
    under = f"\nตามการมอบหมายล่วงหน้า {one.under}" if one.under else ""
    return Written(one.person_name, one.title, one.at, one.text + under, initials(one.person_name))


def _tree(letter: IncomingLetter, who: Actor, today: date, parent: Task | None) -> list[Node]:
    found = []
    for task in letter.tasks:
        if task.parent_id != (parent.id if parent is not None else None):
            continue
        words, tone = STATE_WORDS[task.state]
        if task.state is TaskState.OPEN and task.purpose is Purpose.INFORMATION:
            words = "ยังไม่เปิดรับทราบ"
        tends = may_tend(who, letter, task) is None
        found.append(
            Node(
                id=task.id,
                mark=_MARKS[task.state],
                name=task.to_name,
                unit=task.unit_name if task.unit_name not in task.to_name else "",
                purpose=task.purpose.thai,
                words=words,
                tone=tone,
                who=task.taker_name if task.taker_name and task.taker_name not in task.to_name else "",
                due=task.due if task.in_hand else None,
                late=task.overdue(today),
                result=task.result,
                at=task.ended_at or task.taken_at,
                may_take=tends and task.state is TaskState.OPEN,
                may_take_back=may_take_back(who, letter, task) is None and task.state is not TaskState.HANDED_OVER,
                below=_tree(letter, who, today, task),
            )
        )
    return found


def _where(task: Task) -> str:
    """Who has it in hand, and that only an opinion is asked for where that is so."""
    told = [task.taker_name] if task.taker_name and task.taker_name not in task.to_name else []
    if task.purpose is Purpose.OPINION:
        told.append("ให้ความเห็น")
    return f"{task.to_name} ({', '.join(told)})" if told else task.to_name
