"""Boards for programs: the figures of a person, a unit or the agency, and the letters behind each."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.fields import Choice, Day, Form, Identity, Text, Whole
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.agency import UnitId
from saraban.domain.board import PERIODS, Asked, BoardScope
from saraban.domain.errors import BadInput
from saraban.domain.task import Purpose
from saraban.reading import behind as lists
from saraban.reading import boards as rows

api = section("boards", "ภาพรวมงาน")


class BoardQuery(Form):
    """Which board."""

    scope = Choice(
        tuple(one.value for one in BoardScope),
        load_default=BoardScope.ME.value,
        metadata={"description": "me ของตน, unit ของหน่วยงาน, agency ของส่วนราชการ"},
    )
    unit = Identity(load_default=None, metadata={"description": "หน่วยงานของ scope=unit ไม่ส่งคือหน่วยงานของตน"})
    weeks = Whole(
        least=PERIODS[0], most=PERIODS[-1], in_query=True, load_default=12, metadata={"description": "4, 12 หรือ 26"}
    )


class BehindQuery(BoardQuery):
    """Which number of it, and which page of its letters."""

    what = Choice(
        lists.WHATS,
        required=True,
        metadata={"description": "waiting, late, done, flow, tasks, tasks-late หรือ tasks-done"},
    )
    kind = Text(most=20, load_default="", metadata={"description": "code, kind, purpose หรือชื่อใน trend และ heat"})
    week = Day(load_default=None, metadata={"description": "วันจันทร์ของสัปดาห์ ใช้กับ flow"})
    weekday = Whole(most=6, in_query=True, load_default=None, metadata={"description": "0 คือวันจันทร์ ใช้พร้อม hour"})
    hour = Whole(most=23, in_query=True, load_default=None)
    part = Identity(load_default=None, metadata={"description": "id ใน parts หรือ task_parts"})
    cursor = Text(most=300, load_default="")


class BoardWaitingShape(Schema):
    """How many wait for one thing."""

    code = s.text("sign")
    thai = s.text("รอลงนาม")
    count = s.whole(12)
    late = s.whole(3, none=True)
    since = s.moment(none=True)


class BoardStepShape(Schema):
    """The median of a kind of step."""

    kind = s.text("sign")
    thai = s.text("ลงนาม")
    done = s.whole(120)
    median_minutes = s.whole(95, none=True)


class BoardPartShape(Schema):
    """A post or a unit."""

    id = s.identity()
    name = s.text("กองแผนงาน")
    holder = s.text("")
    waiting = s.whole(4)
    late = s.whole(1)
    done = s.whole(40)


class BoardTasksShape(Schema):
    """The tasks for one purpose."""

    purpose = s.one_of(Purpose)
    thai = s.text("เพื่อดำเนินการ")
    waiting = s.whole(12)
    late = s.whole(3)
    since = s.moment(none=True)
    done = s.whole(120)
    median_minutes = s.whole(840, none=True)


class BoardTaskPartShape(Schema):
    """The tasks of a person, or of a unit. `untaken`: those that nobody of the unit has taken."""

    id = s.identity()
    name = s.text("นางสาวสมใจ ใจดี")
    untaken = s.true("true เมื่อยังไม่มีผู้รับ")
    waiting = s.whole(4)
    late = s.whole(1)
    done = s.whole(40)
    median_minutes = s.whole(840, none=True)


class BoardShape(Schema):
    """The figures of a board. Medians are minutes of office hours."""

    scope = s.one_of(BoardScope)
    unit = s.text("กองแผนงาน")
    weeks = s.texts("วันจันทร์ของแต่ละสัปดาห์ เก่าก่อน")
    waiting = s.many(BoardWaitingShape)
    steps = s.many(BoardStepShape)
    parts = s.many(BoardPartShape)
    tasks = s.many(BoardTasksShape)
    task_parts = s.many(BoardTaskPartShape)
    trend = s.anything("จำนวนรายสัปดาห์ ตามลำดับใน weeks")
    heat = s.anything("จำนวนตามวันในสัปดาห์ (วันจันทร์ก่อน) และชั่วโมง 0 ถึง 23")


class BehindShape(Schema):
    """A letter behind a number."""

    id = s.identity()
    received = s.true("true เมื่อเป็นหนังสือรับ")
    number = s.text("ศธ 0601/12")
    subject = s.text("ขอเชิญประชุม")
    urgency = s.text("normal")
    secrecy = s.text("open")
    at = s.moment()
    post = s.text("อธิบดีกรมส่งเสริมการอ่าน")
    due = s.day(none=True)


class BehindPage(Schema):
    """A page of them. `hidden`: how many the asker may not read."""

    items = s.many(BehindShape)
    next = s.text(none=True)
    total = s.whole(12)
    hidden = s.whole(0)


@api.get("/boards")
@told("ภาพรวมงาน", "สิ่งที่รอและเกินกำหนด เวลาของแต่ละขั้น งานตามหนังสือรับ จำนวนรายสัปดาห์ และตามวันเวลา บอกเฉพาะจำนวน")
@api.takes(BoardQuery, location="query")
@api.gives(200, BoardShape)
def show(query: Json) -> Json:
    """Tell the figures of a board."""
    found = rows.board(doorway.reader(), doorway.actor(), _asked(query), doorway.services().clock.now())
    return {
        "scope": found.asked.scope.value,
        "unit": found.unit_name,
        "weeks": [week.isoformat() for week in found.weeks],
        "waiting": [
            {
                "code": row.code,
                "thai": row.thai,
                "count": row.count,
                "late": row.late,
                "since": showing.moment(row.since) if row.since else None,
            }
            for row in found.waiting
        ],
        "steps": [
            {"kind": row.kind.value, "thai": row.kind.thai, "done": row.done, "median_minutes": row.minutes}
            for row in found.steps
        ],
        "parts": [
            {
                "id": str(row.id),
                "name": row.name,
                "holder": row.holder,
                "waiting": row.waiting,
                "late": row.late,
                "done": row.done,
            }
            for row in found.parts
        ],
        "tasks": [
            {
                "purpose": row.purpose.value,
                "thai": row.purpose.thai,
                "waiting": row.waiting,
                "late": row.late,
                "since": showing.moment(row.since) if row.since else None,
                "done": row.done,
                "median_minutes": row.minutes,
            }
            for row in found.tasks.purposes
        ],
        "task_parts": [
            {
                "id": str(part.id),
                "name": part.name,
                "untaken": part.untaken,
                "waiting": part.waiting,
                "late": part.late,
                "done": part.done,
                "median_minutes": part.minutes,
            }
            for part in found.tasks.parts
        ],
        "trend": {flow.value: numbers for flow, numbers in found.trend.items()},
        "heat": {flow.value: days for flow, days in found.heat.items()},
    }


@api.get("/boards/letters")
@told("หนังสือของตัวเลขหนึ่ง", "เฉพาะฉบับที่ผู้ถือโทเคนอ่านได้ ฉบับอื่นบอกเฉพาะจำนวนใน hidden")
@api.takes(BehindQuery, location="query")
@api.gives(200, BehindPage)
def letters(query: Json) -> Json:
    """List the letters behind a number."""
    figure = lists.Figure(query["what"], query["kind"], query["week"], query["weekday"], query["hour"], query["part"])
    now = doorway.services().clock.now()
    found = lists.behind(doorway.reader(), doorway.actor(), _asked(query), figure, now, cursor=query["cursor"] or None)
    return {**showing.page(found.page, _row), "total": found.total, "hidden": found.hidden}


def _row(row: lists.BehindRow) -> Json:
    told_row: dict[str, Any] = {
        "id": str(row.id),
        "received": row.received,
        "number": row.number,
        "subject": row.subject,
        "urgency": row.urgency.value,
        "secrecy": row.secrecy.value,
        "at": showing.moment(row.at),
        "post": row.post,
        "due": row.due.isoformat() if row.due else None,
    }
    return told_row


def _asked(query: Json) -> Asked:
    if query["weeks"] not in PERIODS:
        raise BadInput({"weeks": "ใช้ 4, 12 หรือ 26 สัปดาห์"})
    scope = BoardScope(query["scope"])
    unit = query["unit"] or doorway.actor().unit_id
    return Asked(scope, UnitId(unit) if scope is BoardScope.UNIT and unit else None, query["weeks"])
