"""Letters from the public for programs: who waits, until when, and handing over the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest.fields import Upload
from marshmallow import Schema
from werkzeug.datastructures import FileStorage

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.deadlines import DeadlineShape, deadline
from saraban.api.fields import Choice, Form, Identity, Text, Whole
from saraban.api.gate import UPLOAD, section, told
from saraban.api.repeating import Json, once, once_done
from saraban.api.showing import moment
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.held_files import HeldState
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.domain.petition import PetitionState
from saraban.doorway import petitions as counter
from saraban.doorway.deadlines import due_on
from saraban.reading import held_files
from saraban.reading import petitions as rows
from saraban.usecases import petitioning
from saraban.usecases.ports import Services

api = section("petitions", "เรื่องจากประชาชน (พ.ร.บ. พ.ศ. ๒๕๖๕ มาตรา ๑๐)")


class PetitionQuery(Form):
    """Which letters from the public."""

    show = Choice(rows.Shown, load_default="open")
    cursor = Text(most=500, metadata={"description": "ค่า next ของหน้าก่อน"})
    limit = Whole(least=1, most=200, in_query=True, load_default=50, metadata={"description": "จำนวนรายการต่อหน้า"})


class PetitionAnswerForm(Form):
    """The issued letter that answers."""

    letter = Identity(required=True)


class AnswerFileForm(Form):
    """A PDF that answers."""

    file = Upload(required=True, error_messages={"required": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})


class PetitionShape(Schema):
    """A letter from the public; `incoming` is the letter that it is; so many of its files wait to be scanned."""

    incoming = s.identity()
    number = s.text("12/2569", "เลขรับเรื่อง")
    subject = s.text("ขอทราบผลการพิจารณา")
    sender = s.text("นางสาวมะลิ ใจงาม")
    state = s.one_of(PetitionState)
    by_mail = s.true("มาทางไปรษณีย์อิเล็กทรอนิกส์กลาง ไม่ใช่แบบฟอร์ม")
    arrived_at = s.moment()
    deemed_received_at = s.moment()
    due_on = s.day()
    deadline = s.group(DeadlineShape, none=True)
    answered_at = s.moment(none=True)
    closed_at = s.moment(none=True)
    files_held = s.whole(0)


class HeldFileShape(Schema):
    """A file that is kept apart until it was scanned for viruses, or that was not taken."""

    name = s.text("รูปป้าย.png")
    size = s.whole(12345)
    state = s.one_of(HeldState)
    since = s.moment()
    settled_at = s.moment(none=True)
    reason = s.text("ยังไม่ได้ตรวจไวรัส", "คำของตัวตรวจไวรัส หรือเหตุที่ไม่รับ")


class PetitionWithFiles(PetitionShape):
    """A letter from the public with the files that are not among those of its letter."""

    held_files = s.many(HeldFileShape)


class PetitionList(Schema):
    """Letters from the public."""

    items = s.many(PetitionShape)
    next = s.text(none=True)


@api.get("/petitions")
@told("เรื่องจากประชาชน", "ที่ผู้ยื่นยังรอ เรียงจากที่รอนานที่สุด show เลือก late done หรือ all")
@api.takes(PetitionQuery, location="query")
@api.gives(200, PetitionList)
def petitions(query: Json) -> Json:
    """List them."""
    today = office_date(doorway.services().clock.now())
    page = rows.petitions(
        doorway.reader(),
        doorway.actor(),
        today,
        shown=rows.Shown(query["show"]),
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return {"items": [_shown(row) for row in page.items], "next": page.next}


@api.get("/petitions/<uuid:incoming_id>")
@told("เรื่องจากประชาชนเรื่องหนึ่ง", "ด้วยรหัสของหนังสือรับ")
@api.gives(200, PetitionWithFiles)
def petition(incoming_id: UUID) -> Json:
    """Show one."""
    return _one(incoming_id)


@api.post("/petitions/<uuid:incoming_id>/answer")
@told("ส่งคำตอบให้ผู้ยื่น", "หนังสือตอบที่ออกแล้ว ผู้ยื่นรับที่หน้าติดตามด้วยเลขและรหัส และทางอีเมลเมื่อให้ไว้")
@api.takes(PetitionAnswerForm)
@api.gives(200, PetitionWithFiles)
def answer(sent: Json, incoming_id: UUID) -> Any:
    """Hand the answer over."""
    who, letter = doorway.actor(), LetterId(sent["letter"])
    return once_done(
        lambda office: petitioning.give_answer(
            office, actor=who, incoming_id=IncomingId(incoming_id), letter_id=letter
        ),
        incoming_id,
        _one,
    )


@api.post("/petitions/<uuid:incoming_id>/answer-file")
@told("ส่งไฟล์คำตอบให้ผู้ยื่น", "multipart/form-data: file เป็น PDF เมื่อตอบโดยไม่ออกหนังสือในระบบ ผู้ยื่นรับทางเดียวกับหนังสือตอบ")
@api.takes(AnswerFileForm, location=UPLOAD)
@api.gives(200, PetitionWithFiles)
def answer_by_file(sent: Json, incoming_id: UUID) -> Any:
    """Hand a PDF over as the answer."""
    files = counter.brought([sent["file"]]) if isinstance(sent["file"], FileStorage) else []
    if not files:
        raise BadInput({"file": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})
    who, [file] = doorway.actor(), files

    def work(office: Services) -> Json:
        petitioning.give_answer(office, actor=who, incoming_id=IncomingId(incoming_id), file=file)
        doorway.refresh_reader()
        return _one(incoming_id)

    asked = [file.name, Digest.of(file.data).hex]
    done, headers = once(work, lambda _: _one(incoming_id), asked=asked)
    return done, 200, headers


def _one(incoming_id: UUID) -> Json:
    row = rows.beside(doorway.reader(), doorway.actor(), incoming_id)
    if row is None:
        raise NotFound
    held = held_files.of_letter(doorway.reader(), row.id)
    return _shown(row) | {"held_files": [one.as_dict() for one in held]}


def _shown(row: rows.PetitionRow) -> Json:
    return {
        "incoming": str(row.id),
        "number": row.number,
        "subject": row.subject,
        "sender": row.sender,
        "state": row.state.value,
        "by_mail": row.by_mail,
        "arrived_at": moment(row.arrived_at),
        "deemed_received_at": moment(row.deemed_at),
        "due_on": row.due_on.isoformat(),
        "deadline": deadline(due_on(row.due_on) if row.open else None),
        "answered_at": moment(row.answered_at) if row.answered_at else None,
        "closed_at": moment(row.closed_at) if row.closed_at else None,
        "files_held": row.held,
    }
