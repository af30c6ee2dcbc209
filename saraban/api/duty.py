"""The daily duty for programs: a month of it, and that the results of a day were looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.fields import Day, Form
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.calendar import office_date
from saraban.domain.duty import Duty
from saraban.domain.errors import NotFound
from saraban.reading import duty as rows
from saraban.usecases import attending
from saraban.usecases.ports import Services

api = section("duty", "การตรวจกล่องประจำวัน")


class MonthQuery(Form):
    """Which month."""

    day = Day(metadata={"description": "วันใดก็ได้ในเดือนที่ต้องการ ไม่ส่งคือเดือนนี้"})


class DoneShape(Schema):
    """That somebody did a duty."""

    duty = s.one_of(Duty)
    person = s.text("นางสาวสมใจ ใจดี")
    at = s.moment()
    mailbox_read_at = s.moment(none=True)
    sent = s.whole(12)
    answered = s.whole(11)
    trouble = s.whole(0)


class DutyDayShape(Schema):
    """A day of the office: what was done, and what it asks for and nobody did."""

    day = s.day()
    working = s.true()
    holiday = s.text("")
    done = s.many(DoneShape)
    due = s.value("array", items={"type": "string", "enum": [duty.value for duty in Duty]})


class DutyMonth(Schema):
    """The days of a month."""

    items = s.many(DutyDayShape)
    asked = s.whole(60)
    done = s.whole(58)


@api.get("/duty")
@told("การตรวจกล่องประจำวันของเดือน", "เช้า บ่าย และการตรวจผลการส่ง ของวันทำการแต่ละวัน")
@api.takes(MonthQuery, location="query")
@api.gives(200, DutyMonth)
def month(query: Json) -> Json:
    """List the days of a month with what was done."""
    now = doorway.services().clock.now()
    asked = query.get("day") or office_date(now)
    found = rows.month(doorway.reader(), doorway.actor(), asked.year, asked.month, now)
    return {"items": [_day(row) for row in found.days], "asked": found.asked, "done": found.done}


@api.post("/duty/<day>/results")
@told("บันทึกว่าตรวจผลการส่งของวันแล้ว", "เจ้าหน้าที่สารบรรณกลาง วันที่พ้นแล้ว คนละหนึ่งครั้งต่อวัน")
@api.gives(200, DutyDayShape)
def review(day: str) -> Any:
    """Note that the results of a day were looked at."""
    asked = _asked(day)

    def work(office: Services) -> Json:
        attending.review_results(office, actor=doorway.actor(), day=asked)
        doorway.refresh_reader()
        return {"id": str(doorway.actor().agency_id)} | _again(asked)

    answer, headers = once(work, lambda _: _again(asked))
    return answer, 200, headers


def _again(day: date) -> Json:
    now = doorway.services().clock.now()
    return _day(rows.month(doorway.reader(), doorway.actor(), day.year, day.month, now).days[day.day - 1])


def _asked(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None


def _day(row: rows.DayRow) -> Json:
    return {
        "day": row.day.isoformat(),
        "working": row.working,
        "holiday": row.holiday,
        "done": [_done(one) for of_duty in row.done.values() for one in of_duty],
        "due": [duty.value for duty in row.due],
    }


def _done(one: rows.DoneRow) -> Json:
    read_at = one.mailbox_read_at
    return {
        "duty": one.duty.value,
        "person": one.person_name,
        "at": showing.moment(one.at),
        "mailbox_read_at": showing.moment(read_at) if read_at else None,
        "sent": one.sent,
        "answered": one.answered,
        "trouble": one.trouble,
    }
