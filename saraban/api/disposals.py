"""Destroying by the book for programs: survey, committee, the head, the National Archives and the officers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.downloads import send_bytes
from saraban.api.fields import Choice, Day, Flag, Form, Group, Identity, Items, Text, Whole
from saraban.api.forms import CursorQuery
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.agency import PersonId
from saraban.domain.calendar import office_date
from saraban.domain.disposal import DisposalList, DisposalState
from saraban.domain.disposal_caution import Caution
from saraban.domain.disposal_item import DisposalItem, Opinion, Outcome, Verdict
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.retention import Term
from saraban.doorway import archive_papers
from saraban.reading import archive as rows
from saraban.reading import cautions, kept_lists
from saraban.usecases import archive_sheets, destroying
from saraban.usecases.ports import Services

api = section("disposals", "การทำลายหนังสือ (แบบที่ ๒๕ ข้อ ๖๖ ถึง ๗๐)")
_PDF = "application/pdf"
_YEAR = {"description": "พ.ศ. ที่เก็บถึง"}


class ProposeForm(Form):
    """Which year is surveyed."""

    year = Whole(least=2400, most=3000, required=True, metadata={"description": "ปี พ.ศ. ที่สิ้นแล้ว"})
    electronic = Flag(load_default=False)
    need = Text(most=500, line=False, load_default="", metadata={"description": "ความจำเป็น ใช้กับ electronic"})


class CommitteeForm(Form):
    """The committee, the chair first."""

    members = fields.List(Identity(), required=True)
    order = Text(most=200, required=True)


class ConsiderForm(Form):
    """What the committee thinks of some letters."""

    entries = fields.List(Identity(), required=True)
    verdict = Choice(("destroy", "extend"), required=True)
    until = Whole(least=2400, most=3000, load_default=None, metadata=_YEAR)
    forever = Flag(load_default=False)


class DissentForm(Form):
    """That a member is of another mind."""

    entry = Identity(required=True)
    reason = Text(most=500, line=False, required=True)


class DecideForm(Form):
    """The head's order; `keep` waits for the next survey."""

    keep = fields.List(Identity(), load_default=list)
    why = Text(most=500, line=False, load_default="", metadata={"description": "เว้นได้"})
    exempt = Text(most=200, load_default="", metadata={"description": "ข้อตกลงที่ไม่ต้องส่งหอจดหมายเหตุแห่งชาติ"})


class SendForm(Form):
    """By which letter the list went to the National Archives."""

    number = Text(most=200, required=True)
    on = Day(required=True)


class SaidForm(Form):
    """What the National Archives want done with one letter."""

    entry = Identity(required=True)
    verdict = Choice(("extend", "transfer", "destroy"), required=True)
    until = Whole(least=2400, most=3000, load_default=None, metadata=_YEAR)
    forever = Flag(load_default=False, metadata={"description": "extend ตลอดไป"})


class AnswerForm(SendForm):
    """What the National Archives answered, letter by letter; they agree to what is not in `letters`."""

    letters = Items(Group(SaidForm), most=destroying.MOST_PROPOSED, load_default=list)


class OfficersForm(Form):
    """Who carries it out, and how."""

    officers = fields.List(Identity(), required=True)
    way = Text(most=200, required=True)


class CancelForm(Form):
    """Why it is given up."""

    reason = Text(most=500, line=False, required=True)


class DissentShape(Schema):
    """A dissent."""

    name = s.text("นายสมศักดิ์ รักงาน")
    reason = s.text("ยังใช้อ้างอิง")


class DisposalItemShape(Schema):
    """A letter on the list."""

    entry = s.identity()
    file_code = s.text("03")
    number = s.text("กค 0408/77")
    date = s.day(none=True)
    register_number = s.text("12/2569")
    subject = s.text("ขอความอนุเคราะห์วิทยากร")
    verdict = s.text("destroy", none=True)
    consideration = s.text("✕")
    dissents = s.many(DissentShape)
    archives = s.text("extend", none=True)
    outcome = s.one_of(Outcome)
    why = s.text("")
    paper_alone = s.true("ทำลายเฉพาะฉบับกระดาษ ฉบับอิเล็กทรอนิกส์เก็บต่อ")
    cautions = s.texts("เหตุที่สั่งทำลายไม่ได้ twenty-years hold")


class DisposalShape(Schema):
    """A list of form 25."""

    id = s.identity()
    year = s.whole(2570)
    number = s.whole(1)
    electronic = s.true("หนังสืออิเล็กทรอนิกส์ ไม่เช่นนั้นเป็นกระดาษอย่างเดียว")
    state = s.one_of(DisposalState)
    deadline = s.day()
    committee = s.texts("ประธานเป็นคนแรก")
    agreed = s.texts("กรรมการที่ยืนยันผลการพิจารณา")
    order = s.text("คำสั่งที่ ๑/๒๕๗๑")
    sent_on = s.day(none=True)
    silent_until = s.day(none=True)
    officers = s.texts()
    waiting_for = s.whole(1)
    done_at = s.moment(none=True)
    items = s.many(DisposalItemShape)


class DisposalLists(Schema):
    """Lists of form 25, and how many letters are due now."""

    items = s.many(DisposalShape)
    due_paper = s.whole(12)
    due_electronic = s.whole(0)
    next = s.text(none=True)


@api.get("/disposals")
@told("บัญชีหนังสือขอทำลาย", "และจำนวนหนังสือที่ครบกำหนดในการสำรวจของปีที่สิ้นแล้ว")
@api.takes(CursorQuery, location="query")
@api.gives(200, DisposalLists)
def lists(query: Json) -> Json:
    """List the lists, and count what is due."""
    reader, who = doorway.reader(), doorway.actor()
    due = rows.due(reader, who, office_date(doorway.services().clock.now()))
    found = showing.page(kept_lists.disposals(reader, who, **query), _list)
    return found | {"due_paper": due[False], "due_electronic": due[True]}


@api.post("/disposals")
@told("จัดทำบัญชีหนังสือขอทำลาย", "นายทะเบียน จากหนังสือที่ครบกำหนด เก่าก่อน")
@api.takes(ProposeForm)
@api.gives(201, DisposalShape)
def propose(sent: Json) -> Any:
    """Draw up a list."""
    who = doorway.actor()
    return once_made(lambda office: destroying.propose(office, actor=who, **sent), _shown)


@api.get("/disposals/<uuid:list_id>")
@told("บัญชีหนังสือขอทำลายหนึ่งบัญชี")
@api.gives(200, DisposalShape)
def show(list_id: UUID) -> Json:
    """Show a list."""
    return _shown(list_id)


@api.get("/disposals/<uuid:list_id>/pdf")
@told("บัญชีหนังสือขอทำลายเป็น PDF", "แบบที่ ๒๕")
@api.gives_bytes(_PDF)
def list_pdf(list_id: UUID) -> Any:
    """Print a list."""
    made = rows.disposal(doorway.reader(), doorway.actor(), list_id)
    said: dict[str, Any] = {"head": archive_papers.list_head(), "made": made, "cautions": _against(made)}
    return send_bytes(archive_sheets.disposal_pdf(doorway.services(), **said), _PDF, "25.pdf")


@api.get("/disposals/<uuid:list_id>/marks")
@told("ตรากำหนดเก็บที่แก้ไขเป็น PDF", "ของหนังสือที่ขยายเวลาเก็บ ประธานกรรมการลงชื่อย่อ ไม่มีได้ 404")
@api.gives_bytes(_PDF)
def marks_pdf(list_id: UUID) -> Any:
    """Print corrected marks."""
    made = rows.disposal(doorway.reader(), doorway.actor(), list_id)
    if not any(item.longer for item in made.items):
        raise NotFound
    return send_bytes(archive_sheets.corrected_marks_pdf(doorway.services(), made=made), _PDF, "marks.pdf")


@api.get("/disposals/<uuid:list_id>/record")
@told("บันทึกการทำลายหนังสือเป็น PDF", "เมื่อทำลายแล้วและลบไฟล์ครบ ก่อนนั้นได้ 422 files-waiting")
@api.gives_bytes(_PDF)
def record_pdf(list_id: UUID) -> Any:
    """Print the record of a destruction."""
    made = rows.destruction(doorway.reader(), doorway.actor(), list_id)
    pdf = archive_sheets.destruction_pdf(doorway.services(), head=archive_papers.list_head(), made=made)
    return send_bytes(pdf, _PDF, "record.pdf")


@api.post("/disposals/<uuid:list_id>/committee")
@told("แต่งตั้งคณะกรรมการทำลายหนังสือ", "หัวหน้าส่วนราชการ ประธานเป็นคนแรก อย่างน้อยสามคน")
@api.takes(CommitteeForm)
@api.gives(200, DisposalShape)
def appoint(sent: Json, list_id: UUID) -> Any:
    """Appoint the committee."""
    named = _people(sent["members"])
    order: str = sent["order"]
    return _deed(list_id, lambda o, a: destroying.appoint(o, actor=a, list_id=list_id, members=named, order=order))


@api.post("/disposals/<uuid:list_id>/consider")
@told("บันทึกการพิจารณา", "กรรมการ ให้ทำลาย หรือขยายเวลาถึงปี")
@api.takes(ConsiderForm)
@api.gives(200, DisposalShape)
def consider(sent: Json, list_id: UUID) -> Any:
    """Write down what the committee thinks."""
    opinion = Opinion(sent["entries"], Verdict(sent["verdict"]), sent["until"], sent["forever"])
    return _deed(list_id, lambda o, a: destroying.consider(o, actor=a, list_id=list_id, opinion=opinion))


@api.post("/disposals/<uuid:list_id>/dissent")
@told("บันทึกความเห็นแย้ง", "กรรมการผู้ไม่เห็นด้วย พร้อมเหตุผล")
@api.takes(DissentForm)
@api.gives(200, DisposalShape)
def dissent(sent: Json, list_id: UUID) -> Any:
    """Write down a dissent."""
    said = {"entry_id": sent["entry"], "reason": sent["reason"]}
    return _deed(list_id, lambda o, a: destroying.dissent(o, actor=a, list_id=list_id, **said))


@api.post("/disposals/<uuid:list_id>/agree")
@told("กรรมการยืนยันผลการพิจารณา", "แต่ละคนยืนยันเอง เกินกึ่งหนึ่งจึงรายงานได้ พิจารณาใหม่แล้วยืนยันใหม่")
@api.gives(200, DisposalShape)
def agree(list_id: UUID) -> Any:
    """A member stands by what the committee found."""
    return _deed(list_id, lambda o, a: destroying.agree(o, actor=a, list_id=list_id))


@api.post("/disposals/<uuid:list_id>/report")
@told("รายงานหัวหน้าส่วนราชการ", "เมื่อพิจารณาครบทุกฉบับและกรรมการเกินกึ่งหนึ่งยืนยัน")
@api.gives(200, DisposalShape)
def report(list_id: UUID) -> Any:
    """Lay the report before the head."""
    return _deed(list_id, lambda o, a: destroying.report(o, actor=a, list_id=list_id))


@api.post("/disposals/<uuid:list_id>/decide")
@told("สั่งการตามรายงาน", "หัวหน้าส่วนราชการ keep คือยังไม่ทำลายจนถึงการสำรวจคราวต่อไป ฉบับที่มี cautions ต้องอยู่ใน keep")
@api.takes(DecideForm)
@api.gives(200, DisposalShape)
def decide(sent: Json, list_id: UUID) -> Any:
    """The head decides."""
    kept: dict[UUID, str] = dict.fromkeys(sent["keep"], str(sent["why"]))
    return _deed(list_id, lambda o, a: destroying.decide(o, actor=a, list_id=list_id, kept=kept, exempt=sent["exempt"]))


@api.post("/disposals/<uuid:list_id>/send")
@told("บันทึกการส่งบัญชีให้หอจดหมายเหตุแห่งชาติ", "ไม่ตอบใน ๖๐ วันถือว่าเห็นชอบ")
@api.takes(SendForm)
@api.gives(200, DisposalShape)
def send(sent: Json, list_id: UUID) -> Any:
    """It went to the National Archives."""
    return _deed(list_id, lambda o, a: destroying.send_to_archives(o, actor=a, list_id=list_id, **sent))


@api.post("/disposals/<uuid:list_id>/answer")
@told("บันทึกคำตอบของหอจดหมายเหตุแห่งชาติ", "letters บอกทีละฉบับ ขยายเวลา ตลอดไป หรือส่งมอบ ฉบับอื่นเห็นชอบให้ทำลาย")
@api.takes(AnswerForm)
@api.gives(200, DisposalShape)
def answer(sent: Json, list_id: UUID) -> Any:
    """What the National Archives answered."""
    other = {one["entry"]: (Verdict(one["verdict"]), Term(one["until"], one["forever"])) for one in sent["letters"]}
    if len(other) < len(sent["letters"]):
        raise BadInput({"letters": "หนังสือฉบับเดียวมีความเห็นซ้ำกัน"})
    said = {"on": sent["on"], "number": sent["number"], "other": other}
    return _deed(list_id, lambda o, a: destroying.note_answer(o, actor=a, list_id=list_id, **said))


@api.post("/disposals/<uuid:list_id>/officers")
@told("กำหนดเจ้าหน้าที่ทำลาย", "อย่างน้อยสองคน และวิธีทำลาย")
@api.takes(OfficersForm)
@api.gives(200, DisposalShape)
def officers(sent: Json, list_id: UUID) -> Any:
    """Name who carries it out."""
    named = _people(sent["officers"])
    return _deed(
        list_id, lambda o, a: destroying.name_officers(o, actor=a, list_id=list_id, officers=named, way=sent["way"])
    )


@api.post("/disposals/<uuid:list_id>/confirm")
@told("ยืนยันการทำลาย", "เจ้าหน้าที่ที่กำหนด ครบทุกคนแล้วระบบทำลาย")
@api.gives(200, DisposalShape)
def confirm(list_id: UUID) -> Any:
    """A named officer confirms."""
    return _deed(list_id, lambda o, a: destroying.confirm(o, actor=a, list_id=list_id))


@api.post("/disposals/<uuid:list_id>/cancel")
@told("ยกเลิกบัญชีหนังสือขอทำลาย", "ก่อนรายงานหัวหน้าส่วนราชการ")
@api.takes(CancelForm)
@api.gives(200, DisposalShape)
def cancel(sent: Json, list_id: UUID) -> Any:
    """Give a list up."""
    return _deed(list_id, lambda o, a: destroying.cancel(o, actor=a, list_id=list_id, **sent))


def _deed(list_id: UUID, deed: Callable[[Services, Any], object]) -> Any:
    who = doorway.actor()
    return once_done(lambda office: deed(office, who), list_id, _shown)


def _people(ids: list[UUID]) -> list[PersonId]:
    return [PersonId(one) for one in ids]


def _shown(list_id: UUID) -> Json:
    return _list(rows.disposal(doorway.reader(), doorway.actor(), list_id))


def _list(made: DisposalList) -> Json:
    against = _against(made)
    return {
        "id": str(made.id),
        "year": made.year,
        "number": made.serial,
        "electronic": made.electronic,
        "state": made.state.value,
        "deadline": made.deadline.isoformat(),
        "committee": [one.name for one in made.committee],
        "agreed": [one.name for one in made.committee if one.person_id in made.agreed],
        "order": made.order,
        "sent_on": made.sent_on.isoformat() if made.sent_on else None,
        "silent_until": made.silent_until.isoformat() if made.silent_until else None,
        "officers": [one.name for one in made.officers],
        "waiting_for": made.unconfirmed,
        "done_at": showing.moment(made.done_at) if made.done_at else None,
        "items": [_item(one, against.get(one.entry_id, ())) for one in made.items],
    }


def _against(made: DisposalList) -> Mapping[UUID, Sequence[Caution]]:
    today = office_date(doorway.services().clock.now())
    return cautions.cautions_of(doorway.reader(), doorway.actor(), made, today)


def _item(one: DisposalItem, against: Sequence[Caution]) -> Json:
    return {
        "entry": str(one.entry_id),
        "file_code": one.file_code,
        "number": one.number,
        "date": one.letter_date.isoformat() if one.letter_date else None,
        "register_number": one.register_number,
        "subject": one.subject,
        "verdict": one.verdict.value if one.verdict else None,
        "consideration": one.consideration,
        "dissents": [{"name": dissent.name, "reason": dissent.reason} for dissent in one.dissents],
        "archives": one.said.value if one.said else None,
        "outcome": one.outcome.value,
        "why": one.why,
        "paper_alone": one.paper_alone,
        "cautions": [caution.value for caution in against],
    }
