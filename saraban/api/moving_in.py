"""Moving in for programs: the folders of an old system that lie ready, to be looked at and to be entered."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from flask import request
from flask_smorest.fields import Upload
from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.errands import ErrandShape, ordered
from saraban.api.fields import Choice, Form, Text
from saraban.api.gate import UPLOAD, section, told
from saraban.api.repeating import Json, once
from saraban.domain.permissions import may_administer, require
from saraban.reading import people
from saraban.usecases import moving_in
from saraban.usecases.errands import order_errand
from saraban.usecases.moving_desk import MOST_ROWS
from saraban.usecases.ports import Services

api = section("moving-in", "ย้ายทะเบียนจากระบบเดิม: ตรวจและย้ายเข้า")


class MoveInForm(Form):
    """What is to be done with which folder."""

    folder = Text(most=200, required=True)
    deed = Choice(
        tuple(moving_in.TITLES),
        required=True,
        metadata={"description": "check ตรวจอย่างเดียว enter ทั้งหมดหรือไม่เลย enter-sound เว้นแถวที่ต้องแก้"},
    )


class OldFoldersShape(Schema):
    """Where folders are laid, and which lie there."""

    place = s.text("/var/lib/saraban/move-in/onep")
    folders = s.texts("ระบบเดิม ๒๕๖๐–๒๕๖๗")
    most_rows = s.whole(MOST_ROWS)


class OldFilesForm(Form):
    """What is laid into which folder."""

    folder = Text(most=200, required=True, metadata={"example": "ระบบเดิม ๒๕๖๐–๒๕๖๗"})
    file = Upload(required=True, error_messages={"required": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})


class OldFilesShape(Schema):
    """What came of it."""

    folder = s.text("ระบบเดิม ๒๕๖๐–๒๕๖๗")
    ready = s.true("มีตารางแล้ว สั่งตรวจที่ POST /move-in ได้")
    words = s.text("รับแล้ว ๑๒ ไฟล์")


@api.get("/move-in")
@told("โฟลเดอร์ของระบบเดิมที่วางไว้", "ผู้ดูแลระบบ")
@api.gives(200, OldFoldersShape)
def folders() -> Json:
    """List the folders that lie ready."""
    who = doorway.actor()
    require(may_administer(who))
    code = people.agency(doorway.reader(), who.agency_id).code
    lying = doorway.services().old_folders
    return {"place": str(lying.place(code)), "folders": list(lying.names(code)), "most_rows": MOST_ROWS}


@api.post("/move-in/files")
@told(
    "ส่งไฟล์ของระบบเดิม",
    "ผู้ดูแลระบบ multipart/form-data: folder และ file หลายส่วนได้ ตาราง ไฟล์ของหนังสือ หรือ ZIP ซึ่งแตกให้ ครั้งละไม่เกิน 2 GB "
    "ส่งเพิ่มเข้าโฟลเดอร์เดิมได้ ไฟล์ชื่อเดิมถูกแทน ZIP ที่ผิดปกติตอบ 422 และไม่มีสิ่งใดเปลี่ยน",
)
@api.takes(OldFilesForm, location=UPLOAD)
@api.gives(200, OldFilesShape)
def send(sent: Json) -> Json:
    """Lay files of an old system into a folder."""
    who = doorway.actor()
    code = people.agency(doorway.reader(), who.agency_id).code
    files = [(one.filename or "", cast(BinaryIO, one.stream)) for one in request.files.getlist("file")]
    office, folder = doorway.services(), " ".join(sent["folder"].split())
    words = moving_in.lay(office, actor=who, code=code, folder=folder, sent=files)
    return {"folder": folder, "ready": folder in office.old_folders.names(code), "words": words}


@api.post("/move-in")
@told(
    "ตรวจหรือย้ายทะเบียนเดิม",
    "ผู้ดูแลระบบ ทำเบื้องหลัง ดูที่ GET /errands/{id} แถวที่ต้องแก้เป็นไฟล์ที่ file ไฟล์ที่ย้ายเข้าแล้วเก็บไว้ในระบบและลบออกจากโฟลเดอร์ "
    "ตารางบอกการเก็บได้ในคอลัมน์ รหัสแฟ้ม อายุการเก็บ วันปฏิบัติเสร็จ วันที่ส่งเก็บ ห้อง ชั้น กล่อง",
)
@api.takes(MoveInForm)
@api.gives(202, ErrandShape)
def order(sent: Json) -> Any:
    """Have a folder looked at, or entered."""
    who = doorway.actor()
    require(may_administer(who))
    code = people.agency(doorway.reader(), who.agency_id).code
    title = moving_in.title_of(doorway.services(), code=code, folder=sent["folder"], deed=sent["deed"])
    doorway.refresh_reader()

    def work(office: Services) -> Json:
        errand = order_errand(office, actor=who, kind=moving_in.ERRAND, title=title, order=sent)
        doorway.refresh_reader()
        return ordered(errand)

    answer, headers = once(work, ordered)
    return answer, 202, headers
