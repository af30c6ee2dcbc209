"""The letters by which agencies mark the numbers of their letters, for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.fields import Form, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.abbreviations import marks_of, read_mark, with_mark, without_mark
from saraban.domain.errors import BadInput, NotFound
from saraban.reading import bookkeeping as rows
from saraban.usecases import bookkeeping

api = section("number-marks", "ตัวอักษรประจำของกระทรวง กรม และจังหวัด หน้าเลขที่หนังสือ (ภาคผนวก ๑) ซึ่งการค้นเข้าใจ")


class NumberMarkForm(Form):
    """A mark and whose it is."""

    mark = Text(
        most=20, required=True, metadata={"description": "ตัวอักษรประจำ ของกรมมีเลขสองหลักต่อท้าย เช่น กค 04", "example": "กค"}
    )
    names = fields.List(
        Text(most=200), required=True, metadata={"description": "ชื่อที่หมายถึง ชื่อแรกเป็นชื่อเต็ม", "example": ["กระทรวงการคลัง"]}
    )


class NumberMarkNamesForm(Form):
    """Whose a mark is."""

    names = fields.List(
        Text(most=200), required=True, metadata={"description": "ชื่อทั้งหมดแทนชื่อเดิม", "example": ["กระทรวงการคลัง"]}
    )


class NumberMarkShape(Schema):
    """A mark and whose it is."""

    mark = s.text("กค")
    names = s.texts()


class NumberMarkList(Schema):
    """The table."""

    items = s.many(NumberMarkShape)
    shipped = s.true("เป็นตารางที่มากับระบบ ไม่ได้แก้")
    next = s.text(none=True)


@api.get("/number-marks")
@told("ตัวอักษรประจำหน้าเลขที่หนังสือ", "ทั้งตาราง ค้นด้วยตัวอักษรหรือชื่อก็พบหนังสือของที่นั้น")
@api.gives(200, NumberMarkList)
def marks() -> Json:
    """List the marks."""
    return _table()


@api.post("/number-marks")
@told("เพิ่มตัวอักษรประจำ", "ผู้ดูแลระบบ ตัวอักษรที่มีอยู่แล้วแก้ด้วย PATCH")
@api.takes(NumberMarkForm)
@api.gives(201, NumberMarkShape)
def add(sent: Json) -> Any:
    """Add a mark."""
    mark = read_mark(sent["mark"])

    def changed(text: str) -> str:
        if mark in marks_of(text):
            raise BadInput({"mark": "มีตัวอักษรนี้ในตารางแล้ว"})
        return with_mark(text, sent["mark"], sent["names"])

    return _decide(changed, mark), 201


@api.patch("/number-marks/<mark>")
@told("เปลี่ยนชื่อของตัวอักษรประจำ", "ผู้ดูแลระบบ")
@api.takes(NumberMarkNamesForm)
@api.gives(200, NumberMarkShape)
def change(sent: Json, mark: str) -> Json:
    """Change whose a mark is."""
    known = read_mark(mark)

    def changed(text: str) -> str:
        if known not in marks_of(text):
            raise NotFound
        return with_mark(text, known, sent["names"])

    return _decide(changed, known)


@api.delete("/number-marks/<mark>")
@told("เอาตัวอักษรประจำออกจากตาราง", "ผู้ดูแลระบบ")
@api.gives(200, NumberMarkList)
def remove(mark: str) -> Json:
    """Take a mark out of the table."""

    def changed(text: str) -> str:
        try:
            return without_mark(text, mark)
        except KeyError:
            raise NotFound from None

    _decide(changed, "")
    return _table()


def _decide(changed: Callable[[str], str], mark: str) -> Json:
    who = doorway.actor()
    bookkeeping.change_marks(doorway.services(), actor=who, changed=changed)
    doorway.refresh_reader()
    return {"mark": mark, "names": list(_marks().get(mark, ()))}


def _marks() -> dict[str, tuple[str, ...]]:
    return dict(marks_of(rows.options(doorway.reader(), doorway.actor()).number_marks))


def _table() -> Json:
    kept = rows.options(doorway.reader(), doorway.actor()).number_marks
    items = [{"mark": mark, "names": list(names)} for mark, names in marks_of(kept).items()]
    return {"items": items, "shipped": not kept, "next": None}
