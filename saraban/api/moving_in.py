"""Moving in for programs: the folders of an old system that lie ready, to be looked at and to be entered."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.errands import ErrandShape, ordered
from saraban.api.fields import Choice, Form, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.permissions import may_administer, require
from saraban.reading import people
from saraban.usecases import moving_in
from saraban.usecases.errands import order_errand
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
    most_rows = s.whole(moving_in.MOST_ROWS)


@api.get("/move-in")
@told("โฟลเดอร์ของระบบเดิมที่วางไว้", "ผู้ดูแลระบบ")
@api.gives(200, OldFoldersShape)
def folders() -> Json:
    """List the folders that lie ready."""
    who = doorway.actor()
    require(may_administer(who))
    code = people.agency(doorway.reader(), who.agency_id).code
    lying = doorway.services().old_folders
    return {"place": str(lying.place(code)), "folders": list(lying.names(code)), "most_rows": moving_in.MOST_ROWS}


@api.post("/move-in")
@told("ตรวจหรือย้ายทะเบียนเดิม", "ผู้ดูแลระบบ ทำเบื้องหลัง ดูที่ GET /errands/{id} แถวที่ต้องแก้เป็นไฟล์ที่ file")
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
