"""The reading log for programs: who has read the letters of one's unit, and the auditor's list of the whole agency."""

from __future__ import annotations

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.answers_received import page_of
from saraban.api.fields import Choice, Day, Identity, Text
from saraban.api.forms import CursorQuery
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.reading_log import Mark, ReadingDeed
from saraban.reading import reading_log as rows

api = section("readings", "บันทึกการอ่าน: ใครเปิด ดาวน์โหลด พิมพ์ หรือส่งออกอะไร เมื่อใด")
_DAY = "รวมวันนั้น"


class ReadingsQuery(CursorQuery):
    """Which lines of the log."""

    q = Text(most=200, load_default="", metadata={"description": "คำในชื่อผู้อ่าน"})
    deed = Choice(ReadingDeed, load_default=None)
    mark = Choice(Mark, load_default=None, metadata={"description": "สิ่งที่ผิดปกติ"})
    since = Day(load_default=None, metadata={"description": _DAY})
    until = Day(load_default=None, metadata={"description": _DAY})
    about = Identity(load_default=None, metadata={"description": "หนังสือหรือรายการทะเบียน"})


class NotedReadingShape(Schema):
    """A line of the log. `subject` and `about` are null and empty where the caller may not know what was read."""

    id = s.identity()
    at = s.moment()
    person = s.text("นายสมศักดิ์ รักงาน")
    title = s.text("ผู้อำนวยการกองกฎหมาย")
    unit = s.text("กองกฎหมาย")
    deed = s.one_of(ReadingDeed)
    subject = s.identity(none=True)
    about = s.text("ที่ กค 0408/77 ขอความอนุเคราะห์วิทยากร")
    file = s.text("หนังสือ.pdf", "ชื่อไฟล์หรือแบบพิมพ์")
    address = s.text("10.1.2.3", "ว่างเว้นแต่ในรายการของผู้ตรวจสอบ")
    marks = s.texts("many จำนวนมากในเวลาสั้น off-hours นอกเวลาราชการ other-unit ต่างหน่วยงาน")


_PAGE = page_of(NotedReadingShape)


@api.get("/readings")
@told("ใครอ่านหนังสือของหน่วยงาน", "หนังสือของหน่วยงานของผู้เรียก เท่าที่ผู้เรียกอ่านได้ ใหม่ก่อน")
@api.takes(ReadingsQuery, location="query")
@api.gives(200, _PAGE)
def of_my_unit(query: Json) -> Json:
    """List who has read the letters of the caller's unit."""
    wanted, part = _wanted(query)
    return showing.page(rows.of_my_unit(doorway.reader(), doorway.actor(), wanted, **part), _line)


@api.get("/readings/all")
@told("บันทึกการอ่านของทั้งส่วนราชการ", "นายทะเบียนหรือผู้ดูแลระบบ รวมการเข้าสู่ระบบ ใหม่ก่อน")
@api.takes(ReadingsQuery, location="query")
@api.gives(200, _PAGE)
def of_agency(query: Json) -> Json:
    """List everything that was read in the agency."""
    wanted, part = _wanted(query)
    return showing.page(rows.of_agency(doorway.reader(), doorway.actor(), wanted, **part), _line)


def _wanted(query: Json) -> tuple[rows.Wanted, Json]:
    deed, mark = query["deed"], query["mark"]
    wanted = rows.Wanted(
        q=query["q"].strip(),
        deed=ReadingDeed(deed) if deed else None,
        mark=Mark(mark) if mark else None,
        since=query["since"],
        until=query["until"],
        about=query["about"],
    )
    return wanted, {"cursor": query.get("cursor") or None, "limit": query["limit"]}


def _line(row: rows.ReadingRow) -> Json:
    return {
        "id": str(row.id),
        "at": showing.moment(row.at),
        "person": row.name,
        "title": row.title,
        "unit": row.unit,
        "deed": row.deed.value,
        "subject": str(row.subject_id) if row.subject_id is not None and row.about else None,
        "about": row.about,
        "file": row.what,
        "address": row.address,
        "marks": [mark.value for mark in row.marks],
    }
