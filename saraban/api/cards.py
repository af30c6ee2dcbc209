"""The inbox of troubles for programs: the cards with their ways out, what is done about them, and what was not taken
in."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.fields import Choice, Form, Moment, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.doorway import mending
from saraban.reading import not_taken as left_out
from saraban.reading import problems as rows
from saraban.reading.trouble_kinds import KINDS, OWNERS, ProblemCard
from saraban.usecases.ports import Services

api = section("problems", "เรื่องที่ต้องแก้")


class ProblemsQuery(Form):
    """Which cards."""

    owner = Choice(
        rows.VIEWS, load_default="all", metadata={"description": "all ที่เห็นอยู่, mine, nobody, others, put-off"}
    )
    kind = Choice(tuple(KINDS), metadata={"description": "ชนิดของเรื่อง ไม่ส่งคือทุกชนิด"})


class DeedForm(Form):
    """One of the ways out of a card, or what is said of it."""

    key = Text(most=400, required=True, metadata={"example": "mailbox:saraban@reading.example"})
    deed = Choice(mending.DEEDS, required=True, metadata={"example": "take"})
    reason = Text(most=1_000, load_default="", metadata={"example": "รอผู้รับแก้กล่องไปรษณีย์"})
    to = Text(most=36, load_default="", metadata={"description": "ส่งต่อให้ใคร (person id) ใช้กับ hand"})
    until = Moment(load_default=None, metadata={"example": "2026-11-30T08:30:00+07:00"})


class CardShape(Schema):
    """A card. `ways` are the deeds that its reader may do besides `take`, `hand`, `put-off` and `bring-back`."""

    key = s.text("mailbox:saraban@reading.example")
    kind = s.text("mailbox")
    kind_thai = s.text("กล่องไปรษณีย์")
    title = s.text("saraban@reading.example")
    why = s.text("เข้ากล่องไปรษณีย์ไม่ได้")
    advice = s.text("เปิดหน้ากล่องไปรษณีย์ ทดสอบและแก้การตั้งค่า")
    number = s.text("")
    party = s.text("")
    at = s.moment(none=True)
    id = s.identity(none=True)
    letter_id = s.identity(none=True)
    ways = s.texts("สิ่งที่ทำได้กับเรื่องนี้")
    for_whom = s.text("ผู้ดูแลระบบ")
    owner = s.text("", description="ผู้รับเรื่อง ว่างเมื่อยังไม่มี")
    put_off_until = s.moment(none=True)
    put_off_reason = s.text("")


class CardsShape(Schema):
    """The cards that were asked for, and how many there are in each view."""

    items = s.many(CardShape)
    counts = s.anything("จำนวนเรื่องในแต่ละมุมมอง")


class DeedDoneShape(Schema):
    """What was done about a card."""

    key = s.text("mailbox:saraban@reading.example")
    deed = s.text("take")
    said = s.text("ท่านรับเรื่องแล้ว")


class NotTakenQuery(Form):
    """A page of what was not taken in."""

    q = Text(most=200, load_default="")
    cursor = Text(most=200, load_default="")


class NotTakenShape(Schema):
    """A mail that was not taken in."""

    id = s.identity()
    outcome = s.text("discarded")
    reason = s.text("เป็นไปรษณีย์ของหน่วยงานเราเองที่ย้อนกลับมา")
    sender = s.text("saraban@reading.example")
    subject = s.text("ทดสอบกล่อง")
    mailbox = s.text("saraban@reading.example")
    taken_at = s.moment()
    sha256 = s.digest()
    incoming_id = s.identity(none=True)


class NotTakenPage(Schema):
    """A page of them."""

    items = s.many(NotTakenShape)
    next = s.text(none=True)


@api.get("/problems")
@told("เรื่องที่ต้องแก้", "การ์ดทุกเรื่องที่ผู้ถือโทเคนเห็น พร้อมเหตุและสิ่งที่ทำได้ เรื่องหายไปเองเมื่อแก้เหตุแล้ว")
@api.takes(ProblemsQuery, location="query")
@api.gives(200, CardsShape)
def index(query: Json) -> Json:
    """List the cards."""
    now = doorway.services().clock.now()
    found = rows.inbox_of(doorway.reader(), doorway.actor(), now, view=query["owner"], kind=query.get("kind", ""))
    return {"items": [_card(card) for card in found.cards], "counts": found.views}


@api.post("/problems/deeds")
@told(
    "แก้เรื่อง",
    "ทำสิ่งที่การ์ดบอกไว้ใน ways หรือ take (รับเรื่อง) hand (ส่งต่อ) put-off (พักไว้ถึงเวลา) bring-back (นำกลับมา) "
    "stop close message-stop set-aside และ put-off ต้องมีเหตุผล",
)
@api.takes(DeedForm, example={"key": "mailbox:saraban@reading.example", "deed": "take"})
@api.gives(200, DeedDoneShape)
def act(sent: Json) -> Any:
    """Do something about a card."""

    def work(office: Services) -> Json:
        _, said = mending.act_on(office, doorway.reader(), doorway.actor(), **sent)
        return {"key": sent["key"], "deed": sent["deed"], "said": said}

    answer, headers = once(work, lambda _: {"key": sent["key"], "deed": sent["deed"], "said": ""})
    return answer, 200, headers


@api.get("/problems/not-taken")
@told("รายการไม่นำเข้า", "ไปรษณีย์ที่มาถึงแล้วไม่เข้าระบบ พร้อมเหตุผล สำหรับเจ้าหน้าที่สารบรรณกลาง")
@api.takes(NotTakenQuery, location="query")
@api.gives(200, NotTakenPage)
def not_taken(query: Json) -> Json:
    """List what was not taken in."""
    page = left_out.not_taken(doorway.reader(), doorway.actor(), q=query["q"], cursor=query["cursor"] or None)
    return {
        "items": [
            {
                "id": str(row.id),
                "outcome": row.outcome,
                "reason": row.reason,
                "sender": row.sender,
                "subject": row.subject,
                "mailbox": row.mailbox,
                "taken_at": showing.moment(row.taken_at),
                "sha256": row.sha256.hex,
                "incoming_id": str(row.incoming_id) if row.incoming_id else None,
            }
            for row in page.items
        ],
        "next": page.next,
    }


def _card(card: ProblemCard) -> Json:
    kind = KINDS[card.kind]
    return {
        "key": card.key,
        "kind": card.kind,
        "kind_thai": kind.thai,
        "title": card.title,
        "why": card.why,
        "advice": card.what_to_do,
        "number": card.number,
        "party": card.party,
        "at": showing.moment(card.at) if card.at else None,
        "id": str(card.id) if card.id else None,
        "letter_id": str(card.letter_id) if card.letter_id else None,
        "ways": [way for way in card.ways if way in mending.WAYS],
        "for_whom": OWNERS[kind.owner],
        "owner": card.owner_name,
        "put_off_until": showing.moment(card.put_off_until) if card.put_off_until else None,
        "put_off_reason": card.put_off_reason,
    }
