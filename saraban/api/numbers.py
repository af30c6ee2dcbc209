"""What is done to numbers after they were taken: void, rectify, note what was done, reserve, bind, give back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.fields import Choice, Day, Flag, Form, Items, Moment, Text, Whole
from saraban.api.forms import KeeperQuery
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.register import BookKind, EntryId, EntryState, Matter, Origin
from saraban.reading import reserved as rows
from saraban.reading.entry_page import entry_page
from saraban.usecases import amending
from saraban.usecases.amending import Amended, Block
from saraban.usecases.ports import Services

api = section("numbers", "เลขทะเบียน: ยกเลิก แก้ไข บันทึกการปฏิบัติ จอง ผูก และคืน")
_LARGEST = 2**31 - 1
_WHY = {"reason": "ลงซ้ำกับเลขรับ 4112", "authority": "คำสั่งหัวหน้าหน่วยงานสารบรรณกลาง"}
_BY_COLUMN = {"letter_number": "number", "date": "letter_date", "to": "addressee"}
_TWICE = "หนังสือที่ดูเหมือนลงทะเบียนแล้วตอบ 409 possible-duplicate ส่ง again เป็น true เมื่อตรวจแล้วว่าไม่ใช่ฉบับเดียวกัน"


# --- what may be sent ------------------------------------------------------------------------------------------------


class BookQuery(KeeperQuery):
    """Which book of the caller's agency."""

    year = Whole(least=2400, most=2999, in_query=True, metadata={"description": "ปี พ.ศ. ไม่ส่งคือปีปัจจุบัน", "example": 2569})


class WhyForm(Form):
    """Why a number is struck, and by whose authority."""

    reason = Text(most=1000, line=False, load_default="", metadata={"description": "เหตุผล ต้องมี"})
    authority = Text(most=500, load_default="", metadata={"description": "ผู้สั่งหรือคำสั่ง ต้องมี"})


class ReleaseNumbersForm(WhyForm):
    """Which reserved numbers are given back, and why."""

    numbers = Items(Whole(least=1), most=500, required=True, metadata={"example": [12, 13]})


class PracticeForm(Form):
    """What was done about the letter."""

    practice = Text(most=500, line=False, required=True, metadata={"example": "ส่งกองแผนงาน"})


class ReserveForm(Form):
    """How many numbers are set aside, and why."""

    count = Whole(least=1, most=amending.MOST_RESERVED, load_default=1)
    reason = Text(most=500, load_default="", metadata={"description": "เหตุผล ต้องมี", "example": "ระบบหยุดเพื่อบำรุงรักษา"})
    authority = Text(most=500, load_default="")


class ColumnsForm(Form):
    """The columns of a line."""

    letter_number = Text(most=100, metadata={"description": "ที่ (หนังสือรับเท่านั้น หนังสือส่งใช้เลขของทะเบียน)"})
    date = Day(allow_none=True, metadata={"description": "ลงวันที่"})
    sender = Text(most=300, data_key="from")
    to = Text(most=300)
    subject = Text(most=500)
    practice = Text(most=500, line=False)
    note = Text(most=1000, line=False)
    urgency = Choice(Urgency)
    secrecy = Choice(Secrecy)
    received_at = Moment(allow_none=True, metadata={"description": "วันเวลาที่รับหรือส่งจริง"})


class RectifyForm(ColumnsForm):
    """The columns that are put right, and why."""

    reason = Text(most=1000, line=False, load_default="", metadata={"description": "เหตุผล ต้องมี"})
    authority = Text(most=500, load_default="")


class BindForm(ColumnsForm):
    """The letter on paper that got the number."""

    subject = Text(most=500, required=True)
    origin = Choice(("paper", "counter"), load_default="paper")
    again = Flag(load_default=False, metadata={"description": "true เมื่อตรวจฉบับที่คล้ายกันแล้ว"})


# --- what is answered ------------------------------------------------------------------------------------------------


class NumberShape(Schema):
    """A number after the deed."""

    id = s.identity()
    number = s.whole(12)
    year = s.whole(2569)
    state = s.one_of(EntryState)
    at = s.moment()


class ReservedNumber(Schema):
    """A reserved number with the letter number that belongs to it; empty for incoming books."""

    id = s.identity()
    number = s.whole(12)
    letter_number = s.text("ตย 0105/12")
    state = s.one_of(EntryState)


class BlockShape(Schema):
    """Numbers that were reserved together."""

    book = s.one_of(BookKind)
    unit = s.text("", "รหัสหน่วยงานที่เก็บทะเบียน ว่างคือทะเบียนกลาง")
    year = s.whole(2569)
    first = s.whole(12)
    last = s.whole(13)
    numbers = s.many(ReservedNumber)


class NumbersShape(Schema):
    """Several numbers after the deed."""

    items = s.many(NumberShape)


class WaitingShape(Schema):
    """Numbers of one block that still wait for their letters."""

    book = s.one_of(BookKind)
    unit = s.text("", "รหัสหน่วยงานที่เก็บทะเบียน ว่างคือทะเบียนกลาง")
    year = s.whole(2569)
    numbers = s.value("array", items={"type": "integer"})
    reserved_at = s.moment()
    reserved_by = s.text("นายสมชาย ใจตัวอย่าง")
    reason = s.text("ระบบหยุดเพื่อบำรุงรักษา")
    being_signed = s.true("true คือจองไว้สำหรับหนังสือที่กำลังลงนาม ผูกหรือคืนไม่ได้")
    days = s.whole(0)


class WaitingPage(Schema):
    """The blocks that wait, the oldest first."""

    items = s.many(WaitingShape)
    next = s.text(description="ว่างเสมอ", none=True)


# --- operations ------------------------------------------------------------------------------------------------------


@api.get("/numbers/reserved")
@told("เลขที่จองไว้และยังไม่มีหนังสือ", "เป็นชุดตามที่จอง ชุดเก่าก่อน")
@api.gives(200, WaitingPage)
def waiting() -> Json:
    """List the reserved numbers of the caller's agency that have no letter yet."""
    today = office_date(doorway.services().clock.now())
    return showing.whole_list(rows.waiting(doorway.reader(), doorway.actor(), today), _waiting)


@api.post("/registers/<book>/entries/<int:number>/void")
@told("ยกเลิกเลขทะเบียน", "ต้องมีเหตุผลและผู้สั่ง เลขยังอ่านได้และไม่ใช้อีก")
@api.takes(BookQuery, location="query")
@api.takes(WhyForm, required=False, example=_WHY)
@api.gives(200, NumberShape)
def void(query: Json, sent: Json, book: str, number: int) -> Any:
    """Strike a number."""
    entry_id = _find(query, book, number)

    def work(office: Services) -> Json:
        return _number(amending.void_number(office, actor=doorway.actor(), entry_id=entry_id, **sent))

    answer, headers = once(work, _again)
    return answer, 200, headers


@api.post("/registers/<book>/entries/<int:number>/rectify")
@told("แก้ไขรายการ", "ส่งเฉพาะช่องที่แก้ ข้อความเดิมเก็บไว้คู่กับข้อความใหม่พร้อมเหตุผล")
@api.takes(BookQuery, location="query")
@api.takes(RectifyForm, example={"subject": "ขอเชิญประชุม", "reason": "พิมพ์ผิด", "authority": "หัวหน้าสารบรรณ"})
@api.gives(200, NumberShape)
def rectify(query: Json, sent: Json, book: str, number: int) -> Any:
    """Put columns of a line right."""
    entry_id = _find(query, book, number)
    reason, authority = sent.pop("reason"), sent.pop("authority")

    def work(office: Services) -> Json:
        done = amending.rectify_entry(
            office,
            actor=doorway.actor(),
            entry_id=entry_id,
            changes=_columns(sent),
            reason=reason,
            authority=authority,
        )
        return _number(done)

    answer, headers = once(work, _again)
    return answer, 200, headers


@api.post("/registers/<book>/entries/<int:number>/practice")
@told("บันทึกการปฏิบัติ", "หน่วยงานที่ส่งเรื่องให้ หรือเลขที่และวันที่ของหนังสือตอบ")
@api.takes(BookQuery, location="query")
@api.takes(PracticeForm, example={"practice": "ส่งกองแผนงาน"})
@api.gives(200, NumberShape)
def practice(query: Json, sent: Json, book: str, number: int) -> Any:
    """Write what was done about the letter."""
    entry_id = _find(query, book, number)

    def work(office: Services) -> Json:
        return _number(
            amending.note_practice(office, actor=doorway.actor(), entry_id=entry_id, practice=sent["practice"])
        )

    answer, headers = once(work, _again)
    return answer, 200, headers


@api.post("/registers/<book>/reserve")
@told("จองเลข", "เลขถัดไปของทะเบียนปีนี้ เลขเดียวหรือเป็นชุด")
@api.takes(KeeperQuery, location="query")
@api.takes(ReserveForm, example={"count": 20, "reason": "ระบบหยุดเพื่อบำรุงรักษา"})
@api.gives(201, BlockShape)
def reserve(query: Json, sent: Json, book: str) -> Any:
    """Set numbers aside for letters on paper."""
    kind = _kind(book)

    def work(office: Services) -> Json:
        block = amending.reserve_numbers(office, actor=doorway.actor(), kind=kind, unit_code=query["unit"], **sent)
        return _block(block, query["unit"])

    def again(entry_id: UUID) -> Json:
        block = rows.block(doorway.reader(), doorway.actor(), entry_id)
        return {
            "book": block.kind.value,
            "unit": block.unit_code,
            "year": block.year,
            "first": block.lines[0].serial,
            "last": block.lines[-1].serial,
            "numbers": [_reserved(line.id, line.serial, line.number, line.state) for line in block.lines],
        }

    answer, headers = once(work, again)
    return answer, 201, headers


@api.post("/registers/<book>/entries/<int:number>/bind")
@told("ผูกเลขที่จองไว้กับหนังสือกระดาษ", _TWICE)
@api.takes(BookQuery, location="query")
@api.takes(BindForm, example={"letter_number": "ตย 0105/123", "from": "กรมตัวอย่าง", "subject": "ขอเชิญประชุม"})
@api.gives(200, NumberShape)
def bind(query: Json, sent: Json, book: str, number: int) -> Any:
    """Write a letter on paper into a reserved number."""
    entry_id = _find(query, book, number)
    origin, again = Origin(sent.pop("origin")), bool(sent.pop("again"))

    def work(office: Services) -> Json:
        matter = Matter(**_columns(sent))
        return _number(
            amending.bind_number(
                office, actor=doorway.actor(), entry_id=entry_id, matter=matter, origin=origin, again=again
            )
        )

    answer, headers = once(work, _again)
    return answer, 200, headers


@api.post("/registers/<book>/release")
@told("คืนเลขที่จองไว้", "หลายเลขพร้อมกัน ทั้งหมดหรือไม่เลย ต้องมีเหตุผลและผู้สั่ง")
@api.takes(BookQuery, location="query")
@api.takes(ReleaseNumbersForm, example={"numbers": [12, 13], **_WHY})
@api.gives(200, NumbersShape)
def release(query: Json, sent: Json, book: str) -> Any:
    """Give reserved numbers back."""
    entry_ids = [_find(query, book, number) for number in dict.fromkeys(sent["numbers"])]

    def work(office: Services) -> Json:
        done = amending.release_numbers(
            office,
            actor=doorway.actor(),
            entry_ids=entry_ids,
            reason=sent["reason"],
            authority=sent["authority"],
        )
        return {"items": [_number(one) for one in done]}

    answer, headers = once(work, lambda _: {"items": [_again(one) for one in entry_ids]})
    return answer, 200, headers


# --- how it is said --------------------------------------------------------------------------------------------------


def _kind(book: str) -> BookKind:
    try:
        return BookKind(book)
    except ValueError:
        raise NotFound(f"ไม่มีทะเบียน “{book}” ใช้ " + ", ".join(kind.value for kind in BookKind)) from None


def _find(query: Json, book: str, number: int) -> EntryId:
    kind = _kind(book)
    if number > _LARGEST:
        raise NotFound("ไม่มีเลขนี้ในทะเบียน")
    office = doorway.services()
    year: int = query.get("year") or RegisterYear.containing(office.clock.now()).buddhist
    return amending.find_entry(
        office, actor=doorway.actor(), kind=kind, unit_code=query["unit"], year=year, serial=number
    )


def _columns(sent: Json) -> dict[str, Any]:
    """The columns that were sent, by their names in the domain."""
    kinds = {"urgency": Urgency, "secrecy": Secrecy}
    return {_BY_COLUMN.get(n, n): kinds[n](value) if n in kinds else value for n, value in sent.items()}


def _number(done: Amended) -> Json:
    return {
        "id": str(done.id),
        "number": done.number,
        "year": done.year,
        "state": done.state.value,
        "at": showing.moment(done.at),
    }


def _again(entry_id: UUID) -> Json:
    line = entry_page(doorway.reader(), doorway.actor(), entry_id)
    return {
        "id": str(line.id),
        "number": line.serial,
        "year": line.year,
        "state": line.state.value,
        "at": showing.moment(line.history[-1].at),
    }


def _block(block: Block, unit: str) -> Json:
    serials = range(block.first, block.last + 1)
    return {
        "book": block.kind.value,
        "unit": unit,
        "year": block.year,
        "first": block.first,
        "last": block.last,
        "numbers": [
            _reserved(one, serial, number, EntryState.RESERVED)
            for one, serial, number in zip(block.ids, serials, block.numbers, strict=True)
        ],
    }


def _reserved(entry_id: UUID, serial: int, number: str, state: EntryState) -> Json:
    return {"id": str(entry_id), "number": serial, "letter_number": number, "state": state.value}


def _waiting(one: rows.Waiting) -> Json:
    return {
        "book": one.kind.value,
        "unit": one.unit_code,
        "year": one.year,
        "numbers": one.numbers,
        "reserved_at": showing.moment(one.at),
        "reserved_by": one.by,
        "reason": one.note,
        "being_signed": one.letter,
        "days": one.days,
    }
