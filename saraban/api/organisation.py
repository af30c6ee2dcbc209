"""The organisation for programs: the tree of units with their posts and people, and deeds on units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import forms
from saraban.api import shapes as s
from saraban.api.fields import Day, Form, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.agency import PositionRole, UnitId
from saraban.domain.errors import NotFound
from saraban.domain.organisation import BEGINNING, MOST_AUTHORITY, MOST_CODE, MOST_NAME
from saraban.reading import staff
from saraban.usecases import organising

api = section("organisation", "หน่วยงาน ตำแหน่ง และบุคคล")
ORDER = "คำสั่งกรมที่ 123/2569"


class ByOrder(Form):
    """From which day on, and by which order."""

    since = Day(required=True, metadata={"example": "2027-01-01"})
    authority = Text(most=MOST_AUTHORITY, required=True, metadata={"example": ORDER})


class UntilByOrder(Form):
    """The last day, and by which order."""

    until = Day(required=True, metadata={"example": "2026-12-31"})
    authority = Text(most=MOST_AUTHORITY, required=True, metadata={"example": ORDER})


class UnitForm(ByOrder):
    """A new unit."""

    code = Text(most=MOST_CODE, required=True, metadata={"example": "plan-1"})
    name = Text(most=MOST_NAME, required=True, metadata={"example": "กลุ่มงานแผน"})
    series = Text(most=20, load_default="", metadata={"example": "1203"})
    parent = Text(most=MOST_CODE, load_default="", metadata={"example": "plan"})
    out_of = Text(most=MOST_CODE, load_default="", metadata={"example": ""})


class RenameForm(ByOrder):
    """Another name."""

    name = Text(most=MOST_NAME, required=True, metadata={"example": "สำนักแผน"})


class MoveForm(ByOrder):
    """Another place."""

    parent = Text(most=MOST_CODE, load_default="", metadata={"example": "central"})


class MergeForm(ByOrder):
    """The unit that takes it in."""

    into = Text(most=MOST_CODE, required=True, metadata={"example": "central"})


class HolderShape(Schema):
    """Somebody holds, held or will hold a post."""

    person_id = s.identity()
    name = s.text("นางสาวสมใจ ใจดี")
    since = s.day()
    until = s.day(none=True)
    authority = s.text(ORDER)


class PostShape(Schema):
    """A post as today, with who held and holds it."""

    id = s.identity()
    code = s.text("101")
    title = s.text("นักวิเคราะห์นโยบายและแผน")
    role = s.one_of(PositionRole)
    clearance = s.true()
    vacant = s.true()
    since = s.day(none=True)
    until = s.day(none=True)
    held = s.many(HolderShape)


class PeriodShape(Schema):
    """What it was called and where it stood, from a day on; null for what was so from the beginning."""

    since = s.day(none=True)
    name = s.text("กองแผนงาน")
    above = s.text("สำนักงานเลขานุการกรม")
    authority = s.text(ORDER)


class UnitNodeShape(Schema):
    """A unit as today; `parent` is the code of the unit above it, empty at the top."""

    id = s.identity()
    code = s.text("plan")
    name = s.text("กองแผนงาน")
    series = s.text("1203")
    central = s.true()
    parent = s.text("central")
    depth = s.whole(1)
    since = s.day(none=True)
    until = s.day(none=True)
    course = s.many(PeriodShape)
    posts = s.many(PostShape)


class TreeShape(Schema):
    """Every unit, each before those below it."""

    items = s.many(UnitNodeShape)
    next = s.text(description="ว่างเสมอ ได้ทั้งโครงสร้างในคราวเดียว", none=True)


@api.get("/organisation")
@told("โครงสร้างของส่วนราชการ", "หน่วยงานทุกระดับ รวมที่ยุบแล้ว พร้อมชื่อและสังกัดตามวันที่ ตำแหน่ง และผู้ดำรงตำแหน่ง")
@api.gives(200, TreeShape)
def tree() -> Json:
    """The tree of units with posts and people."""
    whole = staff.organisation(doorway.reader(), doorway.actor())
    return {"items": [shown_unit(node, whole) for node in whole.tree(ended=True)], "next": None}


@api.post("/organisation/units")
@told("ตั้งหน่วยงาน", "ผู้ดูแลระบบ ระบุ out_of เมื่อแยกจากหน่วยงานอื่น")
@api.takes(
    UnitForm,
    example={"code": "plan-1", "name": "กลุ่มงานแผน", "parent": "plan", "since": "2027-01-01", "authority": ORDER},
)
@api.gives(201, UnitNodeShape)
def open_unit(sent: Json) -> Any:
    """Set up a unit."""
    return once_made(lambda office: organising.open_unit(office, actor=doorway.actor(), **sent), _unit)


@api.post("/organisation/units/<uuid:unit_id>/rename")
@told("เปลี่ยนชื่อหน่วยงาน", "มีผลเองเมื่อถึงวัน หนังสือและทะเบียนก่อนวันนั้นคงชื่อเดิม")
@api.takes(RenameForm, example={"name": "สำนักแผน", "since": "2027-01-01", "authority": ORDER})
@api.gives(200, UnitNodeShape)
def rename(sent: Json, unit_id: UUID) -> Any:
    """Call a unit otherwise from a day on."""
    return _done(organising.rename_unit, unit_id, sent)


@api.post("/organisation/units/<uuid:unit_id>/move")
@told("ย้ายสังกัดหน่วยงาน", "parent ว่างคือขึ้นตรงต่อส่วนราชการ")
@api.takes(MoveForm, example={"parent": "central", "since": "2027-01-01", "authority": ORDER})
@api.gives(200, UnitNodeShape)
def move(sent: Json, unit_id: UUID) -> Any:
    """Put a unit under another from a day on."""
    return _done(organising.move_unit, unit_id, sent)


@api.post("/organisation/units/<uuid:unit_id>/merge")
@told("รวมหน่วยงาน", "ตำแหน่ง ผู้ดำรงตำแหน่ง และหน่วยงานใต้สังกัดไปอยู่หน่วยงาน into")
@api.takes(MergeForm, example={"into": "central", "since": "2027-01-01", "authority": ORDER})
@api.gives(200, UnitNodeShape)
def merge(sent: Json, unit_id: UUID) -> Any:
    """Let a unit become a part of another from a day on."""
    return _done(organising.merge_unit, unit_id, sent)


@api.post("/organisation/units/<uuid:unit_id>/end")
@told("ยุบหน่วยงาน", "เมื่อไม่มีตำแหน่งและหน่วยงานใต้สังกัดเหลือหลังวันนั้น")
@api.takes(UntilByOrder, example={"until": "2026-12-31", "authority": ORDER})
@api.gives(200, UnitNodeShape)
def end(sent: Json, unit_id: UUID) -> Any:
    """Give a unit its last day."""
    return _done(organising.end_unit, unit_id, sent)


@api.post("/organisation/units/<uuid:unit_id>/undo")
@told("ยกเลิกการเปลี่ยนแปลงที่ยังไม่มีผล", "ชื่อหรือสังกัดของหน่วยงานที่กำหนดไว้ล่วงหน้า")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, UnitNodeShape)
def undo(_sent: Json, unit_id: UUID) -> Any:
    """Take a planned change back."""
    return _done(organising.undo_planned, unit_id, {})


def _done(deed: Callable[..., None], unit_id: UUID, sent: Json) -> Any:
    return once_done(
        lambda office: deed(office, actor=doorway.actor(), unit_id=UnitId(unit_id), **sent), unit_id, _unit
    )


def _unit(unit_id: UUID) -> Json:
    whole = staff.organisation(doorway.reader(), doorway.actor())
    found = next((node for node in whole.tree(ended=True) if node.id == unit_id), None)
    if found is None:
        raise NotFound
    return shown_unit(found, whole)


def shown_unit(node: staff.UnitNode, whole: staff.Organisation) -> Json:
    """A unit as programs see it."""
    above = whole.units.get(node.parent_id) if node.parent_id else None
    return {
        "id": str(node.id),
        "code": node.code,
        "name": node.name,
        "series": node.series,
        "central": node.central,
        "parent": above.code if above else "",
        "depth": node.depth,
        "since": day(node.since),
        "until": day(node.until),
        "course": [
            {"since": day(one.since), "name": one.name, "above": one.above, "authority": one.authority}
            for one in node.course
        ],
        "posts": [shown_post(post) for post in node.posts],
    }


def shown_post(post: staff.PostNode) -> Json:
    """A post as programs see it."""
    return {
        "id": str(post.id),
        "code": post.code,
        "title": post.title,
        "role": post.role.value,
        "clearance": post.clearance,
        "vacant": post.vacant,
        "since": day(post.since),
        "until": day(post.until),
        "held": [
            {
                "person_id": str(one.person_id),
                "name": one.name,
                "since": one.since.isoformat(),
                "until": day(one.until),
                "authority": one.authority,
            }
            for one in post.held
        ],
    }


def day(value: date | None) -> str | None:
    """A day as programs see it; None for the beginning of time too."""
    return None if value is None or value == BEGINNING else value.isoformat()
