"""A letter at all its receivers: their list in pages, a reminder to those who have not registered, and their sheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import answers, forms, showing
from saraban.api import shapes as s
from saraban.api.answers_received import page_of
from saraban.api.errands import ErrandShape, ordered
from saraban.api.fields import Choice, Form, Identity, Items, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.dispatch import DispatchState, EvidenceKind
from saraban.domain.letter import LetterId
from saraban.domain.permissions import may_dispatch, require
from saraban.reading import receivers as rows
from saraban.reading import tracking
from saraban.usecases import exporting, reminding, viewing
from saraban.usecases.errands import order_errand
from saraban.usecases.ports import Services

api = section("receivers", "ผู้รับของหนังสือ: รายชื่อทีละหน้า การเตือนผู้ที่ยังไม่ลงรับ และตารางส่งออก")
_GROUP = {
    "description": "registered ลงรับแล้ว received ได้รับแล้ว sent รอคำตอบ queued รอส่ง trouble มีปัญหา "
    "ended ส่งต่อหรือคืนแล้ว replaced มีรายการใหม่แทน"
}


class ReceiversQuery(forms.PageQuery):
    """Which receivers of a letter."""

    state = Choice(DispatchState, metadata={"description": "ขั้นของการส่ง"})
    group = Choice(rows.GROUPS, metadata=_GROUP)


class ReceiversForm(Form):
    """Which receivers a deed is for: the list under this filter."""

    group = Choice(rows.GROUPS, metadata=_GROUP)
    q = Text(most=200, load_default="", metadata={"description": "คำค้นในชื่อ รหัส หรือที่อยู่"})


class ReminderForm(ReceiversForm):
    """Whom to remind: these dispatches, or without them all of the list who have not registered."""

    dispatches = Items(
        Identity(), most=reminding.AT_ONCE, metadata={"description": "รหัสการส่ง ไม่ส่งคือทุกแห่งตามตัวกรองที่ยังไม่ลงรับ"}
    )


class SheetForm(ReceiversForm):
    """How the sheet is written."""

    format = Choice(("xlsx", "csv"), load_default="xlsx")


class ReceiverLine(answers.DispatchBrief):
    """A receiver of a letter."""

    group = s.value("string", enum=list(rows.GROUPS))
    to_mailbox = s.text("saraban@example.go.th")
    sent_at = s.moment(none=True)
    settled_at = s.moment(none=True)
    register = s.group(answers.RegisterMark, none=True)
    proved_by = s.value("string", enum=[*(kind.value for kind in EvidenceKind), None], none=True)
    reminders = s.whole(0)
    reminded_at = s.moment(none=True)
    problem = s.text()


class RemindedShape(Schema):
    """What a reminder did; where it is done in the background, only its errand."""

    id = s.identity()
    again = s.whole(1, none=True)
    mailed = s.whole(2, none=True)
    today = s.whole(0, none=True)
    not_due = s.whole(0, none=True)
    errand = s.identity(none=True)


@api.get("/letters/<uuid:letter_id>/receivers")
@told("ผู้รับของหนังสือ", "ทีละหน้า กรองตามขั้น กลุ่ม และคำค้น เรียงตามรหัสผู้รับ")
@api.takes(ReceiversQuery, location="query")
@api.gives(200, page_of(ReceiverLine))
def index(query: Json, letter_id: UUID) -> Json:
    """List the receivers of a letter."""
    found = rows.receivers_after(
        doorway.reader(),
        doorway.actor(),
        letter_id,
        group=query.get("group") or "",
        q=query["q"],
        state=DispatchState(query["state"]) if "state" in query else None,
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return showing.page(found, _line)


@api.post("/letters/<uuid:letter_id>/reminders")
@told(
    "เตือนผู้รับที่ยังไม่ลงรับ",
    "แห่งละวันละครั้ง ที่ยังไม่ตอบเลยได้ซองเดิมซ้ำ (again) ที่ได้รับแล้วได้อีเมลเตือน (mailed) เตือนแล้วใน ๒๔ ชั่วโมง (today) "
    "และที่ไม่ต้องเตือน (not_due) ไม่ถูกรบกวน เกิน ๑๐๐ แห่งทำเบื้องหลัง จำนวนว่าง และ errand คืองานนั้น",
)
@api.takes(ReminderForm, required=False)
@api.gives(200, RemindedShape)
def remind(sent: Json, letter_id: UUID) -> Any:
    """Remind receivers of a letter."""
    who = doorway.actor()
    letter = viewing.open_letter(doorway.services(), actor=who, letter_id=LetterId(letter_id))
    require(may_dispatch(who, letter))
    listed = {"group": sent.get("group", ""), "q": sent.get("q", "")}
    ids = sent["dispatches"] if "dispatches" in sent else rows.to_remind(doorway.reader(), who, letter_id, **listed)
    doorway.refresh_reader()

    def few(office: Services) -> Json:
        done = reminding.remind_receivers(office, actor=who, letter_id=letter.id, dispatch_ids=ids)
        counts = {"again": done.again, "mailed": done.mailed, "today": done.today, "not_due": done.not_due}
        return {"id": str(letter_id), **counts, "errand": None}

    def many(office: Services) -> Json:
        order = {"letter": str(letter_id), "dispatches": [str(one) for one in ids]}
        title = f"เตือนผู้รับ {len(ids):,} แห่ง หนังสือที่ {letter.number}"
        made = order_errand(office, actor=who, kind=reminding.ERRAND, title=title, order=order, total=len(ids))
        return _in_background(letter_id, made)

    if not ids and "dispatches" not in sent:
        return {"id": str(letter_id), "again": 0, "mailed": 0, "today": 0, "not_due": 0, "errand": None}
    if len(ids) <= reminding.AT_ONCE:
        answer, headers = once(few, lambda _: _in_background(letter_id, None))
    else:
        answer, headers = once(many, lambda errand: _in_background(letter_id, errand))
    return answer, 200, headers


@api.post("/letters/<uuid:letter_id>/receivers/sheet")
@told("ส่งออกรายชื่อผู้รับ", "สถานะ เวลา เลขรับ และหลักฐานของทุกแห่งตามตัวกรอง ทำเบื้องหลัง ดูที่ GET /errands/{id} แล้วรับไฟล์ที่ file")
@api.takes(SheetForm, required=False)
@api.gives(202, ErrandShape)
def sheet(sent: Json, letter_id: UUID) -> Any:
    """Order the sheet of a letter's receivers."""
    who = doorway.actor()
    number = tracking.number_of(doorway.reader(), who, letter_id)
    doorway.refresh_reader()
    form = sent.get("format", "xlsx")
    kept = {name: sent[name] for name in ("group", "q") if sent.get(name)}

    def work(office: Services) -> Json:
        order = {"letter": str(letter_id), "format": form, **kept}
        title = f"รายชื่อผู้รับ หนังสือที่ {number} ({form.upper()})"
        made = order_errand(office, actor=who, kind=exporting.ERRAND, title=title, order=order)
        doorway.refresh_reader()
        return ordered(made)

    answer, headers = once(work, ordered)
    return answer, 202, headers


def _in_background(letter_id: UUID, errand: UUID | None) -> Json:
    unknown = dict.fromkeys(("again", "mailed", "today", "not_due"))
    return {"id": str(letter_id), **unknown, "errand": str(errand) if errand is not None else None}


def _line(one: rows.GroupedRow) -> Json:
    row = one.row
    marked = row.register_number or row.register_year is not None
    return {
        **showing.dispatch_brief(row),
        "group": one.group,
        "to_mailbox": row.to_mailbox,
        "sent_at": showing.moment(row.sent_at) if row.sent_at else None,
        "settled_at": showing.moment(row.settled_at) if row.settled_at else None,
        "register": {"number": row.register_number, "year": row.register_year} if marked else None,
        "proved_by": row.proved_by.value if row.proved_by is not None else None,
        "reminders": row.reminders,
        "reminded_at": showing.moment(row.reminded_at) if row.reminded_at else None,
        "problem": row.problem,
    }
