"""The agency's mailboxes for programs: whether mail flows, how full they are, and what the last test found."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.answers_received import page_of
from saraban.api.fields import Form, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.errors import NotFound
from saraban.domain.permissions import may_administer, require
from saraban.reading import mailboxes as rows
from saraban.usecases.connecting import ERRAND
from saraban.usecases.errands import order_errand

api = section("mailboxes", "กล่องไปรษณีย์")


class FillShape(Schema):
    """How full a mailbox is, in octets, and when it will be full if it goes on like this."""

    used = s.whole(1_200_000_000, none=True)
    allowed = s.whole(2_000_000_000, none=True)
    percent = s.whole(60, none=True)
    a_day = s.whole(2_500_000, none=True)
    full_on = s.day(none=True)
    at = s.moment()


class TestStepShape(Schema):
    """A step of an examination: good, not good, or (null) a remark."""

    step = s.text("imap-tls")
    good = s.true(none=True)
    words = s.text("เข้ารหัสแล้ว")
    fix = s.text("")


class MailboxShape(Schema):
    """A mailbox of the agency, without accounts and secrets."""

    address = s.text("saraban@example.go.th")
    unit = s.text("")
    checked_at = s.moment(none=True)
    problem = s.text("")
    notice = s.text("")
    testing = s.true()
    examined_at = s.moment(none=True)
    examination = s.many(TestStepShape)
    fill = s.group(FillShape, none=True)


class WhichMailbox(Form):
    """Which mailbox to try out."""

    address = Text(required=True, metadata={"description": "ที่อยู่ของกล่อง"})


class OrderedShape(Schema):
    """A test that was ordered; the worker does it."""

    address = s.text("saraban@example.go.th")
    testing = s.true()


@api.get("/mailboxes")
@told("กล่องไปรษณีย์", "รับได้หรือไม่ เต็มเพียงใด และผลการทดสอบล่าสุด กล่องกลางก่อน")
@api.gives(200, page_of(MailboxShape))
def listed() -> Json:
    """List the agency's mailboxes; what tests found is for the administrator."""
    actor = doorway.actor()
    shown = may_administer(actor) is None
    return showing.whole_list(rows.boxes(doorway.reader(), actor), lambda row: _box(row, shown))


@api.post("/mailboxes/test")
@told("ทดสอบกล่องไปรษณีย์", "ผู้ดูแลระบบสั่งให้ตัวรับส่งทดสอบทีละขั้น ผลอยู่ที่รายการกล่อง")
@api.takes(WhichMailbox)
@api.gives(202, OrderedShape)
def try_out(form: Json) -> Json:
    """Order a test of a mailbox; while one waits or runs no other is ordered."""
    actor = doorway.actor()
    require(may_administer(actor))
    found = next((box for box in rows.boxes(doorway.reader(), actor) if box.address == form["address"]), None)
    if found is None:
        raise NotFound
    if not found.testing:
        order = {"address": found.address}
        title = f"ทดสอบกล่อง {found.address}"
        order_errand(doorway.services(), actor=actor, kind=ERRAND, title=title, order=order)
    return {"address": found.address, "testing": True}


def _box(row: rows.BoxRow, administers: bool) -> dict[str, Any]:
    return {
        "address": row.address,
        "unit": row.unit,
        "checked_at": showing.moment(row.checked_at) if row.checked_at else None,
        "problem": row.problem or row.token_problem,
        "notice": row.notice,
        "testing": row.testing,
        "examined_at": showing.moment(row.examined_at) if administers and row.examined_at else None,
        "examination": list(row.examination) if administers else [],
        "fill": _fill(row.fill) if row.fill is not None else None,
    }


def _fill(fill: rows.Fill) -> dict[str, Any]:
    seen = fill.outlook
    return {
        "used": fill.used,
        "allowed": fill.allowed,
        "percent": seen.percent if seen else None,
        "a_day": round(seen.a_day) if seen and seen.a_day is not None else None,
        "full_on": seen.full_on.isoformat() if seen and seen.full_on else None,
        "at": showing.moment(fill.at),
    }
