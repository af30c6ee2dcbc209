"""The matter of a letter or line: everything that hangs together with it, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.fields import Form, Identity, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done
from saraban.domain.errors import BadInput, NotFound
from saraban.reading import matters as reading
from saraban.usecases.ports import Services
from saraban.usecases.tying import tie_letters

api = section("matters", "ทั้งเรื่อง: หนังสือที่ตอบกันและอ้างถึงกันในทะเบียนรับและส่ง")


class MatterTieShape(Schema):
    """How a letter hangs together with another."""

    word = s.text("อ้างถึง")
    id = s.identity()


class MatterLetterShape(Schema):
    """A letter or line of a matter."""

    id = s.identity()
    kind = s.value("string", enum=["letter", "incoming", "entry", "line"])
    came_in = s.true("หนังสือรับ")
    number = s.text("ตย 0105/123")
    subject = s.text("ขอเชิญประชุม")
    other = s.text("กรมตัวอย่าง", "ผู้ส่งของหนังสือรับ หรือผู้รับของหนังสือส่ง")
    date = s.day()
    open = s.true("ยังค้าง หรือขอคำตอบแล้วผู้รับยังตอบไม่ครบ")
    state = s.text("registered")
    due = s.day(none=True)
    ties = s.many(MatterTieShape)
    on_hold = s.true("อยู่ระหว่างระงับการทำลาย")


class NamedLetterShape(Schema):
    """A letter that is referred to and not found in the registers."""

    by = s.identity()
    number = s.text("มท 0309.2/ว 112")
    date = s.day(none=True)
    sender = s.text("กรมการปกครอง", key="from")


class MatterShape(Schema):
    """A matter, in the order of time."""

    items = s.many(MatterLetterShape)
    named = s.many(NamedLetterShape)
    more = s.true("มีมากกว่าที่แสดง")


class JoinForm(Form):
    """Which letter joins the matter: by its id, or by its number, or that of a register with its year,
    when only one that the caller sees has it."""

    other = Identity(load_default=None)
    number = Text(most=200, load_default="")


class PartForm(Form):
    """Which two letters of the matter do not belong together, and why."""

    one = Identity(required=True)
    other = Identity(required=True)
    reason = Text(most=500, line=False, required=True)


@api.get("/matters/<uuid:thing_id>")
@told("ทั้งเรื่อง", "หนังสือส่ง หนังสือเข้า และรายการทะเบียนที่เกี่ยวข้องกัน เท่าที่ผู้เรียกเห็นได้")
@api.gives(200, MatterShape)
def of_thing(thing_id: UUID) -> Json:
    """Show the matter of a letter, incoming letter or line of a register."""
    return _matter(thing_id)


@api.post("/matters/<uuid:thing_id>/join")
@told("รวมเป็นเรื่องเดียวกัน", "เจ้าหน้าที่สารบรรณ อีกฉบับด้วย id (other) หรือเลขที่หรือเลขทะเบียน/ปี (number) ที่ผู้เรียกเห็นเพียงฉบับเดียว")
@api.takes(JoinForm)
@api.gives(200, MatterShape)
def join(sent: Json, thing_id: UUID) -> Any:
    """Join another letter."""
    reader, who = doorway.reader(), doorway.actor()
    reading.matter(reader, who, thing_id)  # NotFound for what he may not see
    if sent["other"] is not None:
        reading.matter(reader, who, sent["other"])
        other = sent["other"]
    else:
        found = reading.candidates(reader, who, sent["number"])
        if len(found) != 1:
            raise BadInput({"number": "พบหลายฉบับ ระบุด้วย other" if found else "ไม่พบเลขที่นี้ในทะเบียนที่ท่านเห็น"})
        other = found[0].id
    return _tie(thing_id, thing_id, other, joined=True)


@api.post("/matters/<uuid:thing_id>/part")
@told("แยกออกจากกัน", "เจ้าหน้าที่สารบรรณ หนังสือสองฉบับในเรื่อง พร้อมเหตุผล")
@api.takes(PartForm)
@api.gives(200, MatterShape)
def part(sent: Json, thing_id: UUID) -> Any:
    """Part two letters."""
    seen = {one.id for one in reading.matter(doorway.reader(), doorway.actor(), thing_id).letters}
    if not {sent["one"], sent["other"]} <= seen:
        raise NotFound
    return _tie(thing_id, sent["one"], sent["other"], joined=False, reason=sent["reason"])


def _tie(shown_id: UUID, one: UUID, other: UUID, *, joined: bool, reason: str = "") -> Any:
    who = doorway.actor()
    doorway.refresh_reader()

    def deed(office: Services) -> None:
        tie_letters(office, actor=who, thing_id=one, other_id=other, joined=joined, reason=reason)

    return once_done(deed, shown_id, _matter)


def _matter(thing_id: UUID) -> Json:
    found = reading.matter(doorway.reader(), doorway.actor(), thing_id)
    return {
        "items": [_letter(one) for one in found.letters],
        "named": [
            {
                "by": str(one.by),
                "number": one.number,
                "date": one.day.isoformat() if one.day is not None else None,
                "from": one.sender,
            }
            for one in found.named
        ],
        "more": found.more,
    }


def _letter(one: reading.MatterLetter) -> Json:
    return {
        "id": str(one.id),
        "kind": one.kind,
        "came_in": one.came_in,
        "number": one.number,
        "subject": one.subject,
        "other": one.other,
        "date": one.day.isoformat(),
        "open": one.open,
        "state": one.state,
        "due": one.due.isoformat() if one.due is not None else None,
        "ties": [{"word": word, "id": str(other)} for word, other in one.ties],
        "on_hold": one.on_hold,
    }
