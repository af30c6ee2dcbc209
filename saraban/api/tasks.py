"""Work about incoming letters: what officers wrote on them, who has what to do, and the deeds on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import answers_received as answers
from saraban.api import forms, showing
from saraban.api import shapes as s
from saraban.api.deadlines import DeadlineShape, deadline
from saraban.api.fields import Choice, Day, Form, Items, Sha256, Text, Whole
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done
from saraban.domain.calendar import office_date
from saraban.domain.endorsing import Deed, Endorsement, sheet_digest
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.permissions import may_endorse_incoming, may_take_back, may_tend
from saraban.domain.task import MOST_NOTE, MOST_RECEIVERS, Purpose, Task, TaskId, TaskState
from saraban.doorway.deadlines import due_on
from saraban.reading import tasks as reading
from saraban.usecases import assigning, tending, viewing
from saraban.usecases.ports import Services

api = section("tasks", "งานจากหนังสือรับ: เกษียน มอบงาน รับงาน รายงานผล ส่งคืน เรียกคืน")

_TO = "คำของผู้รับ: unit:รหัส position:รหัส หรือ person:รหัส"


class GiveForm(Form):
    """What is written, and for whom."""

    action = Items(Text(most=100), most=MOST_RECEIVERS, load_default=list, metadata={"description": _TO})
    opinion = Items(Text(most=100), most=MOST_RECEIVERS, load_default=list, metadata={"description": _TO})
    information = Items(Text(most=100), most=MOST_RECEIVERS, load_default=list, metadata={"description": _TO})
    note = Text(most=MOST_NOTE, line=False, load_default="")
    due = Day(metadata={"description": "ให้เสร็จภายในวันที่"})
    seen = Sha256(metadata={"description": "seen ของหนังสือที่อ่าน ถ้ามีผู้เกษียนเพิ่มหลังจากนั้นได้ 409"})


class FinishForm(Form):
    """What came of it, or the opinion."""

    result = Text(most=MOST_NOTE, line=False, load_default="")
    seen = Sha256()


class ReasonForm(Form):
    """Why it is returned or taken back."""

    reason = Text(most=MOST_NOTE, line=False, load_default="")
    seen = Sha256()


class TasksQuery(Form):
    """Whose tasks, how far they have come, and the page."""

    whose = Choice(reading.WHOSE, load_default="mine")
    state = Choice(reading.STATES, load_default="open")
    cursor = Text(most=300)
    limit = Whole(least=1, most=200, load_default=80, in_query=True)


class TaskLine(Schema):
    """A task in a list, with its letter."""

    id = s.identity()
    incoming = s.identity()
    subject = s.text("ขอเชิญประชุม", none=True)
    number = s.text("มท 0301/77")
    from_name = s.text("กรมการปกครอง")
    register_number = s.whole(7, none=True)
    register_year = s.whole(2569, none=True)
    purpose = s.one_of(Purpose)
    state = s.one_of(TaskState)
    to = s.text("กองคลัง")
    given_by = s.text("นางสาวสมใจ ใจดี")
    given_at = s.moment()
    due = s.day(none=True)
    deadline = s.group(DeadlineShape, none=True)
    overdue = s.true()
    taker = s.text("นายเอก ใจดี")
    ended_at = s.moment(none=True)
    result = s.text("ตอบแล้ว")
    unread = s.true("ผู้เรียกยังไม่อ่านตั้งแต่เปลี่ยนครั้งล่าสุด")


class TaskShape(Schema):
    """A task of one letter; `parent` is the one from which it was given on."""

    id = s.identity()
    parent = s.identity(none=True)
    purpose = s.one_of(Purpose)
    state = s.one_of(TaskState)
    to = s.text("กองคลัง")
    unit = s.text("กองคลัง")
    given_by = s.text("นางสาวสมใจ ใจดี")
    given_at = s.moment()
    due = s.day(none=True)
    deadline = s.group(DeadlineShape, none=True)
    taker = s.text("นายเอก ใจดี")
    ended_at = s.moment(none=True)
    result = s.text("ตอบแล้ว")
    reply = s.identity(none=True)
    tend = s.may()
    take_back = s.may()


class ReceiverShape(Schema):
    """To whom and for what."""

    purpose = s.one_of(Purpose)
    name = s.text("กองคลัง")


class WrittenShape(Schema):
    """What an officer wrote; `digest` is over the letter and everything that stood on it (`seen`)."""

    id = s.identity()
    at = s.moment()
    deed = s.one_of(Deed)
    name = s.text("นางสาวสมใจ ใจดี")
    title = s.text("ผู้อำนวยการกองคลัง")
    note = s.text("ดำเนินการ")
    to = s.many(ReceiverShape)
    due = s.day(none=True)
    seen = s.digest()
    digest = s.digest()
    under = s.text(description="การมอบหมายล่วงหน้าที่ใช้ ว่างเมื่อเขียนเอง")


class WorkShape(Schema):
    """All of it for one letter. `seen` is what the next endorsement is written over."""

    id = s.identity()
    completed_at = s.moment(none=True)
    seen = s.digest()
    endorse = s.may()
    endorsements = s.many(WrittenShape)
    tasks = s.many(TaskShape)


@api.get("/tasks")
@told("งานจากหนังสือรับ", "ของผู้เรียก ของหน่วยงาน หรือที่มอบไป เรียงจากที่มอบล่าสุด")
@api.takes(TasksQuery, location="query")
@api.gives(200, answers.page_of(TaskLine))
def index(query: Json) -> Json:
    """List tasks."""
    found = reading.tasks_of(
        doorway.reader(),
        doorway.actor(),
        _today(),
        whose=query["whose"],
        state=query["state"],
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return showing.page(found, _line)


@api.get("/incoming/<uuid:incoming_id>/work")
@told("งานของหนังสือรับหนึ่งฉบับ", "ข้อความเกษียนตามลำดับ และใครมีงานอะไรอยู่")
@api.gives(200, WorkShape)
def show(incoming_id: UUID) -> Json:
    """Show what was written on a letter and who has what to do."""
    return _work(incoming_id)


@api.post("/incoming/<uuid:incoming_id>/endorse")
@told("เกษียนหรือมอบงาน", "เฉพาะหนังสือที่ลงรับแล้ว ผู้รับหลายแห่งได้ในครั้งเดียว")
@api.takes(GiveForm, example={"action": ["unit:6a0c1f0e-0f0e-4a52-9a57-0f6f0a8f9c11"], "note": "เพื่อดำเนินการ"})
@api.gives(201, WorkShape)
def endorse(sent: Json, incoming_id: UUID) -> Any:
    """Write on a letter and give it to others."""

    def deed(office: Services) -> None:
        assigning.endorse_incoming(
            office,
            actor=doorway.actor(),
            incoming_id=IncomingId(incoming_id),
            action=sent["action"],
            opinion=sent["opinion"],
            information=sent["information"],
            note=sent["note"],
            due=sent.get("due"),
            seen=sent.get("seen"),
        )

    return once_done(deed, incoming_id, _after, 201)


@api.post("/incoming/<uuid:incoming_id>/tasks/<uuid:task_id>/take")
@told("รับงาน")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, WorkShape)
def take(_sent: Json, incoming_id: UUID, task_id: UUID) -> Any:
    """Take what was given to one's unit or post."""
    return _done(tending.take_task, incoming_id, task_id, {})


@api.post("/incoming/<uuid:incoming_id>/tasks/<uuid:task_id>/finish")
@told("งานเสร็จ", "ผล ความเห็น หรือทราบ เมื่องานเพื่อดำเนินการเสร็จครบ เรื่องปิดเอง")
@api.takes(FinishForm, example={"result": "ส่งข้อมูลให้แล้ว"})
@api.gives(200, WorkShape)
def finish(sent: Json, incoming_id: UUID, task_id: UUID) -> Any:
    """Say what came of it."""
    return _done(tending.finish_task, incoming_id, task_id, {"seen": None, **sent})


@api.post("/incoming/<uuid:incoming_id>/tasks/<uuid:task_id>/return")
@told("ส่งคืนผู้มอบ", "ต้องมีเหตุผล")
@api.takes(ReasonForm, example={"reason": "เป็นหน้าที่ของกองอื่น"})
@api.gives(200, WorkShape)
def give_back(sent: Json, incoming_id: UUID, task_id: UUID) -> Any:
    """Return what is not for oneself."""
    return _done(tending.return_task, incoming_id, task_id, {"seen": None, **sent})


@api.post("/incoming/<uuid:incoming_id>/tasks/<uuid:task_id>/take-back")
@told("เรียกงานคืน", "เฉพาะผู้มอบหรือเจ้าหน้าที่สารบรรณที่ลงรับ งานที่เกษียนต่อจากงานนี้ถูกเรียกคืนด้วย")
@api.takes(ReasonForm, example={"reason": "ส่งผิดหน่วยงาน"})
@api.gives(200, WorkShape)
def take_back(sent: Json, incoming_id: UUID, task_id: UUID) -> Any:
    """Take back what was given."""
    return _done(assigning.take_back_task, incoming_id, task_id, {"reason": sent["reason"]})


def _done(deed: Callable[..., object], incoming_id: UUID, task_id: UUID, values: Json) -> Any:
    ids = {"incoming_id": IncomingId(incoming_id), "task_id": TaskId(task_id)}
    return once_done(lambda office: deed(office, actor=doorway.actor(), **ids, **values), incoming_id, _after)


def _after(incoming_id: UUID) -> Json:
    """The letter as it stands after a deed; of one that the person may not read any more, that it is gone."""
    try:
        return _work(incoming_id)
    except NotFound:
        empty: Json = {"id": str(incoming_id), "completed_at": None, "seen": "0" * 64, "endorse": "อ่านหนังสือนี้ไม่ได้อีก"}
        return {**empty, "endorsements": [], "tasks": []}


def _work(incoming_id: UUID) -> Json:
    who = doorway.actor()
    letter = viewing.open_incoming(doorway.services(), actor=who, incoming_id=IncomingId(incoming_id))
    written = viewing.written_on(doorway.services(), letter)
    refusal = may_endorse_incoming(who, letter)
    return {
        "id": str(letter.id),
        "completed_at": showing.moment(letter.completed_at) if letter.completed_at else None,
        "seen": sheet_digest(letter, written).hex,
        "endorse": True if refusal is None else refusal.thai,
        "endorsements": [_endorsement(one) for one in written],
        "tasks": [_task(letter, task) for task in letter.tasks],
    }


def _endorsement(one: Endorsement) -> Json:
    return {
        "id": str(one.id),
        "at": showing.moment(one.at),
        "deed": one.deed.value,
        "name": one.person_name,
        "title": one.title,
        "note": one.note,
        "to": [{"purpose": purpose, "name": name} for purpose, name in one.to],
        "due": _day(one.due),
        "seen": one.seen.hex,
        "digest": one.digest.hex,
        "under": one.under,
    }


def _task(letter: IncomingLetter, task: Task) -> Json:
    tend, back = may_tend(doorway.actor(), letter, task), may_take_back(doorway.actor(), letter, task)
    return {
        "id": str(task.id),
        "parent": str(task.parent_id) if task.parent_id else None,
        "purpose": task.purpose.value,
        "state": task.state.value,
        "to": task.to_name,
        "unit": task.unit_name,
        "given_by": task.given_by,
        "given_at": showing.moment(task.given_at),
        "due": _day(task.due),
        "deadline": _deadline(task.due, task.ended_at),
        "taker": task.taker_name,
        "ended_at": showing.moment(task.ended_at) if task.ended_at else None,
        "result": task.result,
        "reply": str(task.reply_id) if task.reply_id else None,
        "tend": True if tend is None else tend.thai,
        "take_back": True if back is None else back.thai,
    }


def _line(row: reading.TaskRow) -> Json:
    return {
        "id": str(row.id),
        "incoming": str(row.incoming_id),
        "subject": row.subject if row.secrecy.is_open else None,
        "number": row.number,
        "from_name": row.from_name,
        "register_number": row.register_number,
        "register_year": row.register_year,
        "purpose": row.purpose.value,
        "state": row.state.value,
        "to": row.to_name,
        "given_by": row.given_by,
        "given_at": showing.moment(row.given_at),
        "due": _day(row.due),
        "deadline": _deadline(row.due, row.ended_at),
        "overdue": row.overdue,
        "taker": row.taker_name,
        "ended_at": showing.moment(row.ended_at) if row.ended_at else None,
        "result": row.result,
        "unread": row.unread,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _deadline(due: date | None, ended_at: datetime | None) -> Json | None:
    """How near the day of a task is; None without one, and when the task is over."""
    return deadline(due_on(due)) if due is not None and ended_at is None else None


def _today() -> date:
    return office_date(doorway.services().clock.now())
