"""Several letters of the archive at once for programs: their class and group, and holds."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.answers_archive import KeptShape
from saraban.api.archive import shown
from saraban.api.fields import Form, Identity, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done
from saraban.domain.errors import BadInput
from saraban.domain.register import EntryId
from saraban.reading import archive as rows
from saraban.reading import matters
from saraban.usecases import archiving

api = section("archive-many", "การเก็บหนังสือหลายฉบับพร้อมกัน")


class ClassifyForm(Form):
    """Several letters, with what they get. What is left out stays, or follows from the group."""

    entries = fields.List(Identity(), required=True)
    class_code = Text(most=20, load_default="", metadata={"description": "ไม่ส่งคือตามหมวดที่ให้"})
    file_code = Text(most=20, load_default="", metadata={"description": "ไม่ส่งคือหมวดคงเดิม"})


class HoldsForm(Form):
    """A hold on several letters: `entries`, or all letters of the matter of `matter`."""

    entries = fields.List(Identity(), load_default=list)
    matter = Identity(load_default=None, metadata={"description": "หนังสือหรือรายการใดก็ได้ในเรื่อง"})
    reason = Text(most=500, line=False, required=True)
    order = Text(most=200, required=True, metadata={"description": "คำสั่งหรือหนังสือที่ให้ระงับ"})


class KeptManyShape(Schema):
    """How the letters are kept now."""

    items = s.many(KeptShape)


@api.post("/archive/classify")
@told("กำหนดหมวดและอายุการเก็บหลายฉบับ", "ไม่เกิน ๕๐๐ ฉบับ ทั้งหมดหรือไม่เลย")
@api.takes(ClassifyForm)
@api.gives(200, KeptManyShape)
def classify(sent: Json) -> Any:
    """Give several letters their class and group."""
    who, letters = doorway.actor(), [EntryId(one) for one in sent["entries"]]
    said = {"class_code": sent["class_code"], "file_code": sent["file_code"] or None}
    return once_done(
        lambda office: archiving.classify(office, actor=who, entry_ids=letters, **said),
        who.agency_id,
        lambda _: _kept(letters),
    )


@api.post("/archive/holds")
@told("ระงับการทำลายหลายฉบับหรือทั้งเรื่อง", "นายทะเบียนหรือหัวหน้าส่วนราชการ ฉบับที่ระงับไว้แล้วคงเดิม")
@api.takes(HoldsForm)
@api.gives(200, KeptManyShape)
def hold(sent: Json) -> Any:
    """Stop every disposal of several letters."""
    who, letters = doorway.actor(), [EntryId(one) for one in sent["entries"]]
    if bool(letters) == bool(sent["matter"]):
        raise BadInput({"entries": "ระบุ entries หรือ matter อย่างใดอย่างหนึ่ง"})
    letters = letters or matters.entries_of(doorway.reader(), who, sent["matter"])
    said = {"reason": sent["reason"], "order": sent["order"]}
    return once_done(
        lambda office: archiving.place_holds(office, actor=who, entry_ids=letters, **said),
        who.agency_id,
        lambda _: _kept(letters),
    )


def _kept(letters: list[EntryId]) -> Json:
    found = rows.kept_lines(doorway.reader(), doorway.actor(), letters)
    return {"items": [shown(found[one]) for one in dict.fromkeys(letters) if one in found]}
