"""Letters passed round to be read: who is to read them and has, what waits for the caller, and lists held for read."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import forms, showing
from saraban.api import shapes as s
from saraban.api.answers_received import page_of
from saraban.api.fields import Choice, Form, Items, Text, Whole
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.actor import Actor
from saraban.domain.calendar import office_time
from saraban.domain.circulation import MOST_NOTE, MOST_WORDS, Asks, CirculationId
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.group import MOST_NAME
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.domain.notice import About
from saraban.domain.permissions import may_circulate_incoming, may_circulate_letter, require
from saraban.reading import circulation as rows
from saraban.reading.unread import LISTS
from saraban.usecases import circulating, noticing, viewing
from saraban.usecases.ports import Services

api = section("reading", "หนังสือเวียนภายใน: เวียนให้อ่าน รับทราบ ใครอ่านแล้ว กลุ่มผู้อ่าน และอ่านแล้วทั้งรายการ")

TO_WORDS = "คำของผู้อ่าน: person:รหัส unit:รหัส under:รหัส (รวมหน่วยงานในสังกัด) group:รหัส หรือ everybody"


class ToMany(Protocol):
    """A deed that concerns several readers of a circulation, and tells how many."""

    def __call__(self, office: Services, *, actor: Actor, circulation_id: CirculationId) -> int: ...


class CirculateForm(Form):
    """To whom, what is asked of them, and words for them."""

    to = Items(
        Text(most=100), most=MOST_WORDS, required=True, metadata={"description": TO_WORDS, "example": ["everybody"]}
    )
    asks = Choice([one.value for one in Asks], load_default=Asks.NOTE.value)
    note = Text(most=MOST_NOTE, line=False, load_default="")
    group_name = Text(most=MOST_NAME, load_default="", metadata={"description": "บันทึกผู้อ่านชุดนี้เป็นกลุ่มของผู้เรียก"})


class ReadingQuery(Form):
    """What waits, what was noted or what the caller passed round; and the page."""

    state = Choice(rows.STATES, load_default="waiting")
    cursor = Text(most=300)
    limit = Whole(least=1, most=200, load_default=80, in_query=True)


class ReadListForm(Form):
    """The list that is held for read."""

    list = Choice(LISTS, required=True)


class ToReadLine(Schema):
    """A letter that was passed round; readers, opened and noted count those of one that the caller passed round."""

    about = s.one_of(About)
    about_id = s.identity()
    subject = s.text("ซ้อมหนีไฟ")
    number = s.text("ศธ 0601/1")
    urgency = s.one_of(Urgency)
    secrecy = s.one_of(Secrecy)
    asks = s.one_of(Asks)
    note = s.text("ขอให้อ่านก่อนประชุม")
    given_by = s.text("พรทิพย์ แสงจันทร์")
    at = s.moment()
    opened_at = s.moment(none=True)
    noted_at = s.moment(none=True)
    readers = s.whole(24)
    opened = s.whole(20)
    noted = s.whole(18)


class ReaderLine(Schema):
    """Who reads the letter; by_route: it is for his information on its route."""

    name = s.text("มาลี ศรีสุข")
    title = s.text("ผู้อำนวยการกองแผนงาน")
    unit = s.text("กองแผนงาน")
    opened_at = s.moment(none=True)
    noted_at = s.moment(none=True)
    by_route = s.true()


class SendingShape(Schema):
    """One sending of the letter."""

    id = s.identity()
    to = s.texts("ชื่อของที่เลือก")
    asks = s.one_of(Asks)
    note = s.text("ขอให้อ่านก่อนประชุม")
    given_by = s.text("พรทิพย์ แสงจันทร์")
    at = s.moment()
    stopped_at = s.moment(none=True)
    reminders = s.whole(1)
    readers = s.whole(24)
    opened = s.whole(20)
    noted = s.whole(18)


class ReadersShape(Schema):
    """Who has read a letter when."""

    id = s.identity()
    sendings = s.many(SendingShape)
    readers = s.many(ReaderLine)


class ManyShape(Schema):
    """How many people it concerned."""

    people = s.whole(3)


class NotedShape(Schema):
    """What was noted."""

    id = s.identity()


@api.get("/reading")
@told("หนังสือเวียนถึงผู้เรียก", "`state`: รอรับทราบ รับทราบแล้ว หรือที่ผู้เรียกเวียนเอง ล่าสุดอยู่บน")
@api.takes(ReadingQuery, location="query")
@api.gives(200, page_of(ToReadLine))
def index(query: Json) -> Json:
    """List what was passed round to the caller, or by him."""
    found = rows.to_read(
        doorway.reader(),
        doorway.actor(),
        state=query["state"],
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return showing.page(found, _line)


@api.post("/reading/lists")
@told("อ่านแล้วทั้งรายการ", "ทุกฉบับในรายการนี้ถือว่าอ่านแล้วจนถึงขณะนี้ สิ่งที่เปลี่ยนหลังจากนี้ยังไม่อ่าน")
@api.takes(ReadListForm)
@api.gives(200, ReadListForm)
def read_list(sent: Json) -> Any:
    """Hold a whole list for read."""
    noticing.mark_list_read(doorway.services(), actor=doorway.actor(), name=sent["list"])
    return {"list": sent["list"]}


@api.get("/letters/<uuid:letter_id>/readers")
@told("ผู้อ่านของหนังสือส่ง", "ใครเปิดอ่านและรับทราบเมื่อใด ผู้ที่ยังไม่รับทราบอยู่บน")
@api.gives(200, ReadersShape)
def of_letter(letter_id: UUID) -> Json:
    """Show who has read an outgoing letter."""
    return _readers(About.LETTER, letter_id)


@api.get("/incoming/<uuid:incoming_id>/readers")
@told("ผู้อ่านของหนังสือรับ", "ใครเปิดอ่านและรับทราบเมื่อใด ผู้ที่ยังไม่รับทราบอยู่บน")
@api.gives(200, ReadersShape)
def of_incoming(incoming_id: UUID) -> Json:
    """Show who has read an incoming letter."""
    return _readers(About.INCOMING, incoming_id)


@api.post("/letters/<uuid:letter_id>/readers")
@told("เวียนหนังสือส่งให้ทราบ", "เฉพาะหนังสือที่ออกเลขแล้ว ชั้นความลับถึงเฉพาะผู้ที่ได้รับอนุญาต")
@api.takes(CirculateForm)
@api.gives(201, ReadersShape)
def send_letter(sent: Json, letter_id: UUID) -> Any:
    """Pass an outgoing letter round."""
    return _circulate(About.LETTER, letter_id, sent)


@api.post("/incoming/<uuid:incoming_id>/readers")
@told("เวียนหนังสือรับให้ทราบ", "เฉพาะหนังสือที่ลงรับแล้ว ชั้นความลับถึงเฉพาะผู้ที่ได้รับอนุญาต")
@api.takes(CirculateForm)
@api.gives(201, ReadersShape)
def send_incoming(sent: Json, incoming_id: UUID) -> Any:
    """Pass an incoming letter round."""
    return _circulate(About.INCOMING, incoming_id, sent)


@api.post("/letters/<uuid:letter_id>/readers/note")
@told("รับทราบหนังสือส่งที่เวียนมา")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, NotedShape)
def note_letter(_sent: Json, letter_id: UUID) -> Any:
    """Note an outgoing letter that was passed round."""
    return _note(About.LETTER, letter_id)


@api.post("/incoming/<uuid:incoming_id>/readers/note")
@told("รับทราบหนังสือรับที่เวียนมา")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, NotedShape)
def note_incoming(_sent: Json, incoming_id: UUID) -> Any:
    """Note an incoming letter that was passed round."""
    return _note(About.INCOMING, incoming_id)


@api.post("/circulations/<uuid:circulation_id>/remind")
@told("เตือนผู้ที่ยังไม่รับทราบ", "เฉพาะผู้เวียนและเจ้าหน้าที่สารบรรณกลาง ชั่วโมงละไม่เกินหนึ่งครั้ง")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, ManyShape)
def remind(_sent: Json, circulation_id: UUID) -> Any:
    """Remind those who have not noted it."""
    return _to_many(circulating.remind_readers, circulation_id)


@api.post("/circulations/<uuid:circulation_id>/stop")
@told("หยุดเวียน", "ผู้ที่ยังไม่เปิดจะไม่เห็นหนังสือนี้อีก ผู้ที่เปิดแล้วยังอ่านได้")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, ManyShape)
def stop(_sent: Json, circulation_id: UUID) -> Any:
    """Take it back from those who have not opened it."""
    return _to_many(circulating.stop_circulation, circulation_id)


def _to_many(deed: ToMany, circulation_id: UUID) -> Any:
    """The answer of a deed that concerns several readers; how many they were is told the first time."""
    one, who = CirculationId(circulation_id), doorway.actor()
    answer, headers = once(
        lambda office: {"people": deed(office, actor=who, circulation_id=one)}, lambda _: {"people": 0}
    )
    return answer, 200, headers


def _circulate(about: About, about_id: UUID, sent: Json) -> Any:
    who = doorway.actor()

    def work(office: Services) -> Json:
        circulating.circulate(
            office,
            actor=who,
            about=about,
            about_id=about_id,
            to=sent["to"],
            asks=Asks(sent["asks"]),
            note=sent["note"],
            group_name=sent["group_name"],
        )
        return _readers(about, about_id)

    answer, headers = once(work, lambda _: _readers(about, about_id))
    return answer, 201, headers


def _note(about: About, about_id: UUID) -> Any:
    who = doorway.actor()

    def work(office: Services) -> Json:
        circulating.take_note(office, actor=who, about=about, about_id=about_id)
        return {"id": str(about_id)}

    answer, headers = once(work, lambda _: {"id": str(about_id)})
    return answer, 200, headers


def _readers(about: About, about_id: UUID) -> Json:
    who, office = doorway.actor(), doorway.services()
    if about is About.LETTER:
        letter = viewing.open_letter(office, actor=who, letter_id=LetterId(about_id))
        require(may_circulate_letter(who, letter))
    else:
        came = viewing.open_incoming(office, actor=who, incoming_id=IncomingId(about_id))
        require(may_circulate_incoming(who, came))
    doorway.refresh_reader()
    reader = doorway.reader()
    return {
        "id": str(about_id),
        "sendings": [_sending(one) for one in rows.sendings(reader, about_id)],
        "readers": [
            {
                "name": one.name,
                "title": one.title,
                "unit": one.unit_name,
                "opened_at": _at(one.opened_at),
                "noted_at": _at(one.noted_at),
                "by_route": one.step,
            }
            for one in rows.readers_of(reader, about_id)
        ],
    }


def _sending(one: rows.Sent) -> Json:
    return {
        "id": str(one.id),
        "to": list(one.to),
        "asks": one.asks.value,
        "note": one.note,
        "given_by": one.given_by,
        "at": _at(one.at),
        "stopped_at": _at(one.stopped_at),
        "reminders": one.reminders,
        "readers": one.readers,
        "opened": one.opened,
        "noted": one.noted,
    }


def _line(row: rows.ToRead) -> Json:
    return {
        "about": row.about.value,
        "about_id": str(row.about_id),
        "subject": row.subject,
        "number": row.number,
        "urgency": row.urgency.value,
        "secrecy": row.secrecy.value,
        "asks": row.asks.value,
        "note": row.note,
        "given_by": row.given_by,
        "at": _at(row.at),
        "opened_at": _at(row.opened_at),
        "noted_at": _at(row.noted_at),
        "readers": row.readers,
        "opened": row.opened,
        "noted": row.noted,
    }


def _at(moment: Any) -> str | None:
    return office_time(moment).isoformat() if moment is not None else None
