"""Keeping for programs: how a letter is kept, lists into the store, ทะเบียนหนังสือเก็บ and holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from saraban import doorway
from saraban.api import showing
from saraban.api.answers_archive import KeptList, KeptShape, PlanShape, StoringLists, StoringShape
from saraban.api.downloads import send_bytes
from saraban.api.fields import Choice, Day, Flag, Form, Identity, Text, Whole
from saraban.api.forms import CursorQuery
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.keeping import Place
from saraban.domain.register import EntryId
from saraban.domain.retention import Basis, FileGroup, RetentionClass
from saraban.domain.storing import StoringList
from saraban.doorway import archive_papers
from saraban.reading import archive as rows
from saraban.reading import kept_lists
from saraban.reading.scope import MASKED
from saraban.usecases import archive_sheets, archiving
from saraban.usecases.ports import Services

api = section("archive", "การเก็บหนังสือ (แบบที่ ๑๙ และ ๒๐ ข้อ ๕๒ ถึง ๕๗)")


class KeepForm(Form):
    """How a letter is kept. What is left out stays."""

    class_code = Text(most=20, metadata={"description": "ไม่ส่งคือตามหมวดหรือชั้นความลับ ที่เลือกไว้แล้วคงเดิม"})
    file_code = Text(most=20, metadata={"description": "หมวดแฟ้ม"})
    room = Text(most=100)
    shelf = Text(most=100)
    box = Text(most=100)


class KeepingMoveForm(Form):
    """Another way of keeping."""

    state = Choice(("finished", "checking", "working"), required=True)
    on = Day(metadata={"description": "วันที่ปฏิบัติเสร็จ ใช้กับ finished ไม่ส่งคือวันนี้"})


class HoldForm(Form):
    """A hold."""

    reason = Text(most=500, line=False, required=True)
    order = Text(most=200, required=True, metadata={"description": "คำสั่งหรือหนังสือที่ให้ระงับ"})


class KeepingWhyForm(Form):
    """A reason."""

    reason = Text(most=500, line=False, required=True)


class ListForm(Form):
    """Letters of one unit that go into the store."""

    entries = fields.List(Identity(), required=True)


class YearQuery(CursorQuery):
    """Which year of ทะเบียนหนังสือเก็บ."""

    year = Whole(least=2400, most=3000, in_query=True, required=True, metadata={"description": "พ.ศ."})


class ClassForm(Form):
    """A retention class, new or over the one with its code."""

    code = Text(most=20, required=True)
    name = Text(most=200, required=True)
    basis = Choice(Basis, required=True, metadata={"description": "ข้อของระเบียบ"})
    years = Whole(least=1, most=100, load_default=None, allow_none=True)
    forever = Flag(load_default=False)
    condition = Text(most=500, load_default="")
    retired = Flag(load_default=False)


class FileGroupForm(Form):
    """A group of the file plan, new or over the one with its code."""

    code = Text(most=20, required=True)
    title = Text(most=200, required=True)
    class_code = Text(most=20, required=True)
    retired = Flag(load_default=False)


@api.get("/archive/plan")
@told("ประเภทอายุการเก็บและหมวดแฟ้ม", "ตามข้อ ๕๗ และที่ส่วนราชการกำหนด")
@api.gives(200, PlanShape)
def plan() -> Json:
    """Show the classes and the file plan."""
    return _plan(UUID(int=0))


@api.post("/archive/classes")
@told("กำหนดประเภทอายุการเก็บ", "ผู้ดูแลระบบ ไม่ต่ำกว่าที่ข้อ ๕๗ กำหนด รหัสเดิมคือแก้")
@api.takes(ClassForm)
@api.gives(200, PlanShape)
def set_class(sent: Json) -> Any:
    """Add or change a class."""
    who = doorway.actor()
    kind = RetentionClass(who.agency_id, **sent | {"basis": Basis(sent["basis"])})
    return once_done(lambda office: archiving.set_class(office, actor=who, kind=kind), who.agency_id, _plan)


@api.post("/archive/groups")
@told("กำหนดหมวดแฟ้ม", "ผู้ดูแลระบบ รหัสเดิมคือแก้")
@api.takes(FileGroupForm)
@api.gives(200, PlanShape)
def set_group(sent: Json) -> Any:
    """Add or change a group."""
    who = doorway.actor()
    group = FileGroup(who.agency_id, **sent)
    return once_done(lambda office: archiving.set_group(office, actor=who, group=group), who.agency_id, _plan)


@api.get("/entries/<uuid:entry_id>/keeping")
@told("การเก็บของหนังสือ")
@api.gives(200, KeptShape)
def kept(entry_id: UUID) -> Json:
    """Show how the letter of a line is kept."""
    return _kept(entry_id)


@api.post("/entries/<uuid:entry_id>/keeping")
@told("กำหนดอายุการเก็บ หมวด และที่เก็บกระดาษ", "เจ้าหน้าที่สารบรรณของหน่วยงาน สารบรรณกลาง หรือนายทะเบียน")
@api.takes(KeepForm)
@api.gives(200, KeptShape)
def keep(sent: Json, entry_id: UUID) -> Any:
    """Give it its class, group and place."""
    who, entry = doorway.actor(), EntryId(entry_id)

    def deed(office: Services) -> None:
        if sent.keys() & {"class_code", "file_code"}:
            codes = {"class_code": sent.get("class_code", ""), "file_code": sent.get("file_code")}
            archiving.classify(office, actor=who, entry_ids=[entry], **codes)
        if sent.keys() & {"room", "shelf", "box"}:
            place = Place(*(sent.get(name, "") for name in ("room", "shelf", "box")))
            archiving.place_paper(office, actor=who, entry_id=entry, place=place)

    return once_done(deed, entry_id, _kept)


@api.post("/entries/<uuid:entry_id>/keeping/state")
@told("ปฏิบัติเสร็จแล้ว เก็บไว้ตรวจสอบ หรือนำกลับมาปฏิบัติ", "finished เริ่มนับอายุการเก็บ")
@api.takes(KeepingMoveForm)
@api.gives(200, KeptShape)
def move(sent: Json, entry_id: UUID) -> Any:
    """Keep it another way."""
    who, entry = doorway.actor(), EntryId(entry_id)
    deeds = {"checking": archiving.keep_for_checking, "working": archiving.take_up_again}

    def deed(office: Services) -> None:
        if sent["state"] == "finished":
            archiving.finish(office, actor=who, entry_ids=[entry], on=sent.get("on"))
        else:
            deeds[sent["state"]](office, actor=who, entry_id=entry)

    return once_done(deed, entry_id, _kept)


@api.post("/entries/<uuid:entry_id>/hold")
@told("ระงับการทำลาย", "นายทะเบียนหรือหัวหน้าส่วนราชการ หยุดการทำลายและส่งมอบทุกขั้น")
@api.takes(HoldForm)
@api.gives(200, KeptShape)
def hold(sent: Json, entry_id: UUID) -> Any:
    """Stop every disposal of it."""
    who, entry = doorway.actor(), EntryId(entry_id)
    return once_done(lambda o: archiving.place_hold(o, actor=who, entry_id=entry, **sent), entry_id, _kept)


@api.post("/entries/<uuid:entry_id>/hold/lift")
@told("ยกเลิกการระงับการทำลาย")
@api.takes(KeepingWhyForm)
@api.gives(200, KeptShape)
def lift(sent: Json, entry_id: UUID) -> Any:
    """Lift the hold."""
    who, entry = doorway.actor(), EntryId(entry_id)
    return once_done(lambda o: archiving.lift_hold(o, actor=who, entry_id=entry, **sent), entry_id, _kept)


@api.get("/archive/holds")
@told("หนังสือที่ระงับการทำลาย")
@api.takes(CursorQuery, location="query")
@api.gives(200, KeptList)
def holds(query: Json) -> Json:
    """List letters on hold."""
    return showing.page(kept_lists.held(doorway.reader(), doorway.actor(), **query), shown)


@api.get("/archive/register")
@told("ทะเบียนหนังสือเก็บของปี", "แบบที่ ๒๐")
@api.takes(YearQuery, location="query")
@api.gives(200, KeptList)
def store_register(query: Json) -> Json:
    """List ทะเบียนหนังสือเก็บ of a year."""
    return showing.page(kept_lists.register_page(doorway.reader(), doorway.actor(), **query), shown)


@api.get("/archive/lists")
@told("บัญชีหนังสือส่งเก็บ", "แบบที่ ๑๙ ของหน่วยงาน หรือทั้งหมดสำหรับนายทะเบียนและสารบรรณกลาง")
@api.takes(CursorQuery, location="query")
@api.gives(200, StoringLists)
def lists(query: Json) -> Json:
    """List the lists of form 19."""
    return showing.page(kept_lists.storing_lists(doorway.reader(), doorway.actor(), **query), _list)


@api.post("/archive/lists")
@told("จัดทำบัญชีหนังสือส่งเก็บ", "หนังสือของหน่วยงานเดียวกัน ที่ยังไม่เสร็จนับว่าเสร็จวันนี้")
@api.takes(ListForm)
@api.gives(201, StoringShape)
def draw(sent: Json) -> Any:
    """Draw up a list of form 19."""
    who = doorway.actor()
    chosen = [EntryId(one) for one in sent["entries"]]
    return once_made(lambda office: archiving.draw_list(office, actor=who, entry_ids=chosen), _storing)


@api.get("/archive/lists/<uuid:list_id>")
@told("บัญชีหนังสือส่งเก็บหนึ่งบัญชี")
@api.gives(200, StoringShape)
def storing(list_id: UUID) -> Json:
    """Show a list of form 19."""
    return _storing(list_id)


@api.get("/archive/lists/<uuid:list_id>/pdf")
@told("บัญชีหนังสือส่งเก็บเป็น PDF", "แบบที่ ๑๙")
@api.gives_bytes("application/pdf")
def storing_pdf(list_id: UUID) -> Any:
    """Print a list of form 19."""
    made = rows.storing_list(doorway.reader(), doorway.actor(), list_id)
    pdf = archive_sheets.storing_pdf(doorway.services(), head=archive_papers.list_head(), made=made)
    return send_bytes(pdf, "application/pdf", "บัญชีหนังสือส่งเก็บ.pdf")


@api.get("/archive/lists/<uuid:list_id>/marks")
@told("ตรากำหนดเก็บของหนังสือทั้งบัญชีเป็น PDF", "มีที่ลงชื่อย่อ ตัดติดแผ่นแรก")
@api.gives_bytes("application/pdf")
def storing_marks(list_id: UUID) -> Any:
    """Print the marks of a list of form 19."""
    made = rows.storing_list(doorway.reader(), doorway.actor(), list_id)
    return send_bytes(archive_sheets.storing_marks_pdf(doorway.services(), made=made), "application/pdf", "marks.pdf")


@api.post("/archive/lists/<uuid:list_id>/receive")
@told("รับหนังสือเข้าเก็บ", "นายทะเบียน แต่ละฉบับได้เลขถัดไปของทะเบียนหนังสือเก็บ")
@api.gives(200, StoringShape)
def receive(list_id: UUID) -> Any:
    """Take the letters of a list into the store."""
    who = doorway.actor()
    return once_done(lambda office: archiving.receive_list(office, actor=who, list_id=list_id), list_id, _storing)


@api.post("/archive/lists/<uuid:list_id>/return")
@told("ส่งคืนบัญชีหนังสือส่งเก็บ", "นายทะเบียน พร้อมเหตุผล")
@api.takes(KeepingWhyForm)
@api.gives(200, StoringShape)
def give_back(sent: Json, list_id: UUID) -> Any:
    """Send a list back to its unit."""
    who = doorway.actor()
    return once_done(lambda o: archiving.return_list(o, actor=who, list_id=list_id, **sent), list_id, _storing)


def _plan(_: UUID) -> Json:
    reader, who = doorway.reader(), doorway.actor()
    classes = [{**vars(one), "basis": one.basis.value} for one in rows.classes(reader, who)]
    groups = [vars(one) for one in rows.plan(reader, who)]
    return {"classes": [_without_agency(one) for one in classes], "groups": [_without_agency(one) for one in groups]}


def _without_agency(values: Json) -> Json:
    return {name: value for name, value in values.items() if name != "agency_id"}


def _kept(entry_id: UUID) -> Json:
    return shown(rows.kept_line(doorway.reader(), doorway.actor(), entry_id))


def _storing(list_id: UUID) -> Json:
    return _list(rows.storing_list(doorway.reader(), doorway.actor(), list_id))


def shown(one: rows.KeptLine) -> Json:
    """How the letter of a line is kept."""
    item, hold_, hidden = one.item, one.hold, one.line.masked
    return {
        "entry": str(one.id),
        "number": one.line.serial,
        "year": one.line.year,
        "subject": one.line.subject,
        "state": one.state.value,
        "class_code": one.kind.code,
        "file_code": item.file_code if item else "",
        "mark": one.mark,
        "until": item.until_year if item else None,
        "forever": item.forever if item else False,
        "electronic": one.electronic,
        "paper": one.paper,
        "paper_destroyed_on": gone.isoformat() if item and (gone := item.paper_destroyed_on) else None,
        "asked_for": item is not None and item.asked_by is not None,
        "place": item.place.thai if item else "",
        "stored": f"{item.store_serial}/{item.store_year}" if item and item.store_serial else None,
        "hold": {
            "reason": MASKED if hidden else hold_.reason,
            "order": MASKED if hidden else hold_.order,
            "placed_by": hold_.placed_by,
            "placed_at": showing.moment(hold_.placed_at),
        }
        if hold_
        else None,
    }


def _list(made: StoringList) -> Json:
    return {
        "id": str(made.id),
        "number": made.serial,
        "year": made.year,
        "unit": made.unit_name,
        "state": made.state.value,
        "made_by": made.made_by,
        "made_at": showing.moment(made.made_at),
        "settled_by": made.settled_by,
        "reason": made.reason,
        "lines": [
            {
                "entry": str(line.entry_id),
                "number": line.number,
                "date": line.letter_date.isoformat() if line.letter_date else None,
                "subject": line.subject,
                "term": line.term,
            }
            for line in made.lines
        ],
    }
