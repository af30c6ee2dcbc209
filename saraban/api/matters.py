"""The matter of a letter or line: everything that hangs together with it, for programs."""

from __future__ import annotations

from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.reading import matters as reading

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
    open = s.true("ยังค้าง")
    state = s.text("registered")
    due = s.day(none=True)
    ties = s.many(MatterTieShape)


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


@api.get("/matters/<uuid:thing_id>")
@told("ทั้งเรื่อง", "หนังสือส่ง หนังสือเข้า และรายการทะเบียนที่เกี่ยวข้องกัน เท่าที่ผู้เรียกเห็นได้")
@api.gives(200, MatterShape)
def of_thing(thing_id: UUID) -> Json:
    """Show the matter of a letter, incoming letter or line of a register."""
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
    }
