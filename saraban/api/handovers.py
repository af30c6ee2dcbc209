"""Twenty years for programs: lists of forms 21 and 22, and the package for the National Archives."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.downloads import send_bytes
from saraban.api.errands import ErrandShape, ordered
from saraban.api.fields import Day, Flag, Form, Identity, Text
from saraban.api.forms import CursorQuery
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once, once_done, once_made
from saraban.domain.errors import NotFound
from saraban.domain.handover import HandoverItem, HandoverKind, HandoverList, HandoverState
from saraban.domain.permissions import may_store, require
from saraban.doorway import archive_papers
from saraban.reading import handovers as rows
from saraban.usecases import archive_sheets, transfer_package, transferring
from saraban.usecases.errands import order_errand
from saraban.usecases.ports import Services

api = section("handovers", "หนังสือครบ ๒๐ ปี (แบบที่ ๒๑ และ ๒๒ ข้อ ๕๘ และ ๕๙)")


class OwnForm(Form):
    """Letters of a list of form 21 that the agency has to keep."""

    entries = fields.List(Identity(), required=True)
    reason = Text(most=500, line=False, required=True)


class HandoverGivenForm(Form):
    """By which letter the list went to the National Archives."""

    number = Text(most=200, required=True)
    on = Day(required=True)
    receiver = Text(most=200, load_default="")
    apart = Flag(load_default=False)


class HandoverItemShape(Schema):
    """A letter on the list."""

    entry = s.identity()
    file_code = s.text("03")
    number = s.text("กค 0408/77")
    date = s.day(none=True)
    register_number = s.text("12/2549")
    subject = s.text("ขอความอนุเคราะห์วิทยากร")
    note = s.text("", "เหตุที่ขอเก็บเอง หรือบัญชีหนังสือขอทำลายที่หอจดหมายเหตุแห่งชาติขอ")


class HandoverShape(Schema):
    """A list of form 21 or 22."""

    id = s.identity()
    form = s.one_of(HandoverKind)
    year = s.whole(2589)
    number = s.whole(1)
    state = s.one_of(HandoverState)
    deadline = s.day(none=True)
    asked = s.true("หอจดหมายเหตุแห่งชาติขอให้ส่งมอบ ไม่ว่าอายุเท่าใด จึงไม่มีกำหนด")
    drawn_at = s.moment()
    handed_on = s.day(none=True)
    by_letter = s.text("ทส 1001/9", "หนังสือนำส่ง")
    receiver = s.text("นายรับ หอจดหมายเหตุ")
    packed_at = s.moment(none=True)
    apart = s.value(
        "integer", example=0, description="ฉบับชั้นความลับที่ชุดส่งมอบไม่มี ส่งมอบด้วยวิธีอื่นแล้วจึงยืนยันด้วย apart เมื่อบันทึกการส่ง"
    )
    items = s.many(HandoverItemShape)


class HandoverLists(Schema):
    """Lists of forms 21 and 22."""

    items = s.many(HandoverShape)
    asked_for = s.whole(0)
    next = s.text(none=True)


class HandoversDrawn(Schema):
    """The lists that were drawn up."""

    items = s.many(HandoverShape)


@api.get("/handovers")
@told("บัญชีหนังสือครบ ๒๐ ปี", "ระบบจัดทำเองทุกเดือนมกราคม ใหม่ก่อน")
@api.takes(CursorQuery, location="query")
@api.gives(200, HandoverLists)
def lists(query: Json) -> Json:
    """List the lists."""
    return _page(**query)


@api.post("/handovers")
@told(
    "จัดทำบัญชีของที่ยังไม่อยู่ในบัญชี",
    "นายทะเบียน หนังสือครบ ๒๐ ปีที่ย้ายมาหรือเสร็จทีหลัง และที่หอจดหมายเหตุแห่งชาติขอ ส่วนที่เกิน ๒,๐๐๐ ฉบับระบบจัดทำต่อเอง",
)
@api.gives(201, HandoversDrawn)
def draw() -> Any:
    """Draw up lists of what stands on none."""
    who = doorway.actor()

    def work(office: Services) -> Json:
        made = transferring.draw_more(office, actor=who)
        doorway.refresh_reader()
        return {"items": [_shown(one) for one in made]}

    answer, headers = once(work, lambda made: {"items": [_shown(made)]})
    return answer, 201, headers


@api.get("/handovers/<uuid:list_id>")
@told("บัญชีหนังสือครบ ๒๐ ปีหนึ่งบัญชี")
@api.gives(200, HandoverShape)
def show(list_id: UUID) -> Json:
    """Show a list."""
    return _shown(list_id)


@api.get("/handovers/<uuid:list_id>/pdf")
@told("บัญชีหนังสือครบ ๒๐ ปีเป็น PDF", "แบบที่ ๒๑ หรือ ๒๒")
@api.gives_bytes("application/pdf")
def list_pdf(list_id: UUID) -> Any:
    """Print a list."""
    made = rows.handover(doorway.reader(), doorway.actor(), list_id)
    pdf = archive_sheets.handover_pdf(doorway.services(), head=archive_papers.list_head(), made=made)
    return send_bytes(pdf, "application/pdf", f"{made.kind.value}.pdf")


@api.post("/handovers/<uuid:list_id>/own")
@told("ขอเก็บเอง", "นายทะเบียน ย้ายหนังสือจากแบบที่ ๒๑ ไปบัญชีแบบที่ ๒๒ ที่ตอบกลับ ฉบับที่หอจดหมายเหตุขอ เฉพาะที่ระงับการทำลายไว้")
@api.takes(OwnForm)
@api.gives(201, HandoverShape)
def own(sent: Json, list_id: UUID) -> Any:
    """Keep some letters of a list."""
    who = doorway.actor()
    said = {"list_id": list_id, "entry_ids": sent["entries"], "reason": sent["reason"]}
    return once_made(lambda office: transferring.keep_ourselves(office, actor=who, **said), _shown)


@api.post("/handovers/<uuid:list_id>/give")
@told(
    "บันทึกการส่งหอจดหมายเหตุแห่งชาติ",
    "นายทะเบียน หนังสือในแบบที่ ๒๑ ส่งมอบแล้วทุกฉบับ มีหนังสืออิเล็กทรอนิกส์ต้องทำชุดส่งมอบก่อน ฉบับชั้นความลับที่ไม่อยู่ในชุดยืนยันด้วย apart",
)
@api.takes(HandoverGivenForm)
@api.gives(200, HandoverShape)
def give(sent: Json, list_id: UUID) -> Any:
    """It went to the National Archives."""
    who = doorway.actor()
    return once_done(lambda o: transferring.hand_over(o, actor=who, list_id=list_id, **sent), list_id, _shown)


@api.post("/handovers/<uuid:list_id>/package")
@told("ทำชุดส่งมอบ (BagIt)", "นายทะเบียน แบบที่ ๒๑ ทำเบื้องหลัง ดูที่ GET /errands/{id} แล้วรับไฟล์ที่ file")
@api.gives(202, ErrandShape)
def package(list_id: UUID) -> Any:
    """Order the package of a list."""
    who = doorway.actor()
    made = rows.handover(doorway.reader(), who, list_id)
    require(may_store(who))
    if made.kind is not HandoverKind.TRANSFER:
        raise NotFound
    title = f"ชุดส่งมอบ {made.thai} {made.year}"
    doorway.refresh_reader()

    def work(office: Services) -> Json:
        order = {"list": str(list_id)}
        errand = order_errand(office, actor=who, kind=transfer_package.ERRAND, title=title, order=order)
        doorway.refresh_reader()
        return ordered(errand)

    answer, headers = once(work, ordered)
    return answer, 202, headers


def _page(**query: Any) -> Json:
    reader, who = doorway.reader(), doorway.actor()
    return showing.page(rows.handovers(reader, who, **query), _list) | {"asked_for": rows.asked_for(reader, who)}


def _shown(list_id: UUID) -> Json:
    return _list(rows.handover(doorway.reader(), doorway.actor(), list_id))


def _list(made: HandoverList) -> Json:
    return {
        "id": str(made.id),
        "form": made.kind.value,
        "year": made.year,
        "number": made.serial,
        "state": made.state.value,
        "deadline": made.deadline.isoformat() if made.deadline else None,
        "asked": made.asked,
        "drawn_at": showing.moment(made.drawn_at),
        "handed_on": made.handed_on.isoformat() if made.handed_on else None,
        "by_letter": made.number,
        "receiver": made.receiver,
        "packed_at": showing.moment(made.packed_at) if made.packed_at else None,
        "apart": made.apart,
        "items": [_item(one) for one in made.items],
    }


def _item(one: HandoverItem) -> Json:
    return {
        "entry": str(one.entry_id),
        "file_code": one.file_code,
        "number": one.number,
        "date": one.letter_date.isoformat() if one.letter_date else None,
        "register_number": one.register_number,
        "subject": one.subject,
        "note": one.note,
    }
