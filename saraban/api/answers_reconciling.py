"""What the API answers about comparisons of registers: the shapes for its document."""

from __future__ import annotations

from marshmallow import Schema

from saraban.api import shapes as s
from saraban.domain.reconciliation import Outcome, Remedy, Way


class ComparisonLine(Schema):
    """A comparison in the list. `state` is "sealing", "sending", "failed", "waiting" or "answered"."""

    id = s.identity()
    agency = s.text("XC0001")
    name = s.text("กรมตัวอย่าง")
    ours = s.true("true เมื่อเราเป็นผู้ขอ")
    since = s.day()
    until = s.day()
    state = s.value("string", enum=["sealing", "sending", "failed", "waiting", "answered"])
    asked_at = s.moment()
    asked_by = s.text("นางสาวสมใจ ใจดี")
    answered_at = s.moment(none=True)
    differences = s.whole(2, none=True)


class EntryOfReceiver(Schema):
    """The receiver's register entry."""

    number = s.text("1234")
    year = s.whole(2569)


class HeldShape(Schema):
    """A dispatch as one side held it on the day of the answer."""

    state = s.text("registered")
    manifest_sha256 = s.digest(none=True)
    register = s.group(EntryOfReceiver, none=True)


class DifferenceShape(Schema):
    """A dispatch and what was found. `settled`: it was set right since; `why_not`: why the remedy cannot be begun."""

    dispatch = s.identity()
    way = s.one_of(Way)
    outcome = s.one_of(Outcome)
    remedy = s.one_of(Remedy)
    text = s.text("เราส่งแล้ว แต่ผู้รับไม่มีหนังสือนี้ ส่งซองเดิมอีกครั้ง")
    number = s.text("ตย 0105/123")
    date = s.day(none=True)
    ours = s.group(HeldShape, none=True)
    theirs = s.group(HeldShape, none=True)
    settled = s.true()
    done_at = s.moment(none=True)
    why_not = s.text("")


class ComparisonShape(ComparisonLine):
    """A comparison with everything that it found."""

    truncated = s.true("อีกฝ่ายตอบได้เพียงบางส่วน")
    asked_for = s.texts("รหัสการส่งที่ขอให้ส่งอีกครั้ง")
    sent_again = s.texts("รหัสการส่งที่ส่งอีกครั้งแล้ว")
    items = s.many(DifferenceShape)


class RemedyDone(Schema):
    """What was begun: the comparison, how many dispatches, and the new comparison where one was asked for."""

    id = s.identity()
    remedy = s.text("send-again")
    count = s.whole(1)
    comparison = s.identity(none=True)
