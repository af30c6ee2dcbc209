"""What can be done about a card of the inbox of troubles, for all doors: its ways out, and what people say of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import DispatchId
from saraban.domain.errors import BadInput, NotFound, StageNotAllowed
from saraban.domain.incoming import IncomingId
from saraban.reading import people
from saraban.reading.problems import card_of
from saraban.reading.trouble_kinds import ProblemCard
from saraban.usecases import disputing, minding, quarantining, registering, resending
from saraban.usecases.ports import Services

WAYS = ("send-again", "stop", "close", "number-wrong", "message-again", "message-stop", "try-again", "set-aside")
WORDS = ("take", "hand", "put-off", "bring-back")
DEEDS = (*WAYS, *WORDS)


def act_on(
    office: Services,
    reader: Connection,
    actor: Actor,
    key: str,
    deed: str,
    *,
    reason: str = "",
    to: str = "",
    until: datetime | None = None,
) -> tuple[ProblemCard, str]:
    """Do it; the card as it was, and Thai words about what was done. Raises NotFound for a card that is gone,
    StageNotAllowed for a way that the card does not offer this actor, and BadInput by field (`reason`, `to`,
    `until`)."""
    now = office.clock.now()
    card = card_of(reader, actor, now, key)
    if deed in WORDS:
        return card, _say(office, reader, actor, card, deed, reason, to, until)
    if deed not in card.ways or card.id is None:
        raise StageNotAllowed("ท่านทำรายการนี้กับเรื่องนี้ไม่ได้ หรือเรื่องนี้เปลี่ยนไปแล้ว", code="no-such-way")
    match deed:
        case "send-again":
            resending.send_again(office, actor=actor, dispatch_id=DispatchId(card.id))
            return card, f"สั่งส่งซองเดิมถึง{card.party}อีกครั้งแล้ว"
        case "stop" | "close":
            resending.stop_sending(office, actor=actor, dispatch_id=DispatchId(card.id), reason=reason)
            return card, f"ปิดการส่งถึง{card.party}แล้ว เหตุผลอยู่ในประวัติของหนังสือ"
        case "number-wrong":
            disputing.question_number(office, actor=actor, dispatch_id=DispatchId(card.id))
            return card, f"แจ้ง{card.party}แล้วว่าเลขทะเบียนรับไม่ตรงกัน รอใบตอบรับใหม่"
        case "message-again":
            resending.send_message_again(office, actor=actor, ref=card.id)
            return card, "สั่งส่งอีกครั้งแล้ว"
        case "message-stop":
            resending.stop_message(office, actor=actor, ref=card.id, reason=reason)
            return card, "เลิกส่งแล้ว"
        case "try-again":
            quarantining.try_mail_again(office, actor=actor, incoming_id=IncomingId(card.id))
            return card, "ให้ระบบอ่านและตรวจไปรษณีย์นี้ใหม่แล้ว ผลจะขึ้นภายในหนึ่งนาที"
    registering.set_mail_aside(office, actor=actor, incoming_id=IncomingId(card.id), reason=reason)
    return card, "แยกออกแล้ว ดูได้ที่รายการไม่นำเข้า"


def _say(
    office: Services,
    reader: Connection,
    actor: Actor,
    card: ProblemCard,
    deed: str,
    reason: str,
    to: str,
    until: datetime | None,
) -> str:
    match deed:
        case "take":
            minding.take_problem(office, actor=actor, key=card.key, about=card.id, title=card.title)
            return f"ท่านรับเรื่อง “{card.title}” แล้ว"
        case "hand":
            owner = _colleague(reader, actor, card, to, office.clock.now())
            minding.take_problem(office, actor=actor, key=card.key, about=card.id, title=card.title, owner=owner)
            return f"ส่งต่อเรื่อง “{card.title}” ให้{owner.name}แล้ว"
        case "put-off":
            if until is None:
                raise BadInput({"until": "ใส่วันที่ให้เรื่องนี้กลับมา"})
            minding.put_problem_off(
                office, actor=actor, key=card.key, about=card.id, title=card.title, until=until, reason=reason
            )
            return "พักเรื่องไว้แล้ว จะกลับมาเมื่อถึงเวลา"
    minding.bring_problem_back(office, actor=actor, key=card.key, about=card.id, title=card.title)
    return "นำเรื่องกลับมาแล้ว"


def _colleague(reader: Connection, actor: Actor, card: ProblemCard, person: str, now: datetime) -> Actor:
    """The colleague of this id, who must see the card too. Raises BadInput({"to": …})."""
    try:
        found = people.actor_by_person(reader, UUID(person), office_date(now))
    except ValueError:
        found = None
    if found is None or found.agency_id != actor.agency_id:
        raise BadInput({"to": "เลือกเพื่อนร่วมงานจากรายการ"})
    try:
        card_of(reader, found, now, card.key)
    except NotFound:
        raise BadInput({"to": f"{found.name}ไม่มีสิทธิเห็นเรื่องนี้ เลือกผู้อื่น"}) from None
    return found
