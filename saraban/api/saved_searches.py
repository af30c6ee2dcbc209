"""Saved searches: each person's own, the same that the page of the search shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import forms, showing
from saraban.api import shapes as s
from saraban.api.answers_received import page_of
from saraban.api.fields import Form, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_gone, once_made
from saraban.domain.errors import BadInput, NotFound
from saraban.reading import saved_views
from saraban.reading.asking import FIELDS, LONGEST, Narrow
from saraban.reading.saved_views import ViewRow
from saraban.usecases import keeping_views
from saraban.usecases.keeping_views import LONGEST_NAME, SEARCH
from saraban.usecases.ports import Services

api = section("searches", "การค้นที่เก็บไว้: ของผู้เรียกเอง")

_NAME = {"example": "เรื่องประชุมปีนี้"}
_QUERY = {
    "description": "ตัวแปรของ GET /search คือ q ตัวกรอง และ order อย่างน้อยหนึ่งอย่าง",
    "example": "q=ประชุม&year=2569&order=newest",
}


class SavedSearchForm(Form):
    """A search and its name."""

    name = Text(most=LONGEST_NAME, required=True, metadata=_NAME)
    query = Text(most=4_000, required=True, metadata=_QUERY)


class SavedSearchNameForm(Form):
    """What it is called from now on."""

    name = Text(most=LONGEST_NAME, required=True, metadata=_NAME)


class SavedSearchShape(Schema):
    """A saved search. Asked again, it finds what is there then."""

    id = s.identity()
    name = s.text("เรื่องประชุมปีนี้")
    query = s.text("q=%E0%B8%9B%E0%B8%A3%E0%B8%B0%E0%B8%8A%E0%B8%B8%E0%B8%A1&year=2569", "ต่อท้าย GET /search? ได้ทันที")


@api.get("/searches")
@told("การค้นที่เก็บไว้", "เฉพาะของผู้เรียก เก่าที่สุดก่อน")
@api.gives(200, page_of(SavedSearchShape))
def index() -> Json:
    """List the caller's saved searches."""
    return showing.whole_list(saved_views.own(doorway.reader(), doorway.actor(), SEARCH), _row)


@api.post("/searches")
@told("เก็บการค้น", "ชื่อเดิมเก็บทับของเดิม เก็บได้ไม่เกินยี่สิบการค้น")
@api.takes(SavedSearchForm)
@api.gives(201, SavedSearchShape)
def save(sent: Json) -> Any:
    """Keep a search under a name."""
    who, query = doorway.actor(), _query(sent["query"])

    def make(office: Services) -> UUID:
        return keeping_views.save_view(office, actor=who, screen=SEARCH, name=sent["name"], query=query)

    return once_made(make, _shown)


@api.patch("/searches/<uuid:view_id>")
@told("เปลี่ยนชื่อการค้น")
@api.takes(SavedSearchNameForm)
@api.gives(200, SavedSearchShape)
def rename(sent: Json, view_id: UUID) -> Json:
    """Call a search otherwise."""
    keeping_views.rename_view(
        doorway.services(), actor=doorway.actor(), screen=SEARCH, view_id=view_id, name=sent["name"]
    )
    doorway.refresh_reader()
    return _shown(view_id)


@api.post("/searches/<uuid:view_id>/forget")
@told("ลบการค้นที่เก็บไว้")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, s.GoneShape)
def forget(_sent: Json, view_id: UUID) -> Any:
    """Forget a search."""
    who = doorway.actor()
    return once_gone(
        lambda office: keeping_views.forget_view(office, actor=who, screen=SEARCH, view_id=view_id), view_id
    )


def _shown(view_id: UUID) -> Json:
    own = saved_views.own(doorway.reader(), doorway.actor(), SEARCH)
    found = next((view for view in own if view.id == view_id), None)
    if found is None:
        raise NotFound("ไม่พบการค้นนี้ อาจลบไปแล้ว")
    return _row(found)


def _row(view: ViewRow) -> Json:
    return {"id": str(view.id), "name": view.name, "query": view.query}


def _query(text: str) -> str:
    """The parts of an address that make a search, as the screen keeps them. Raises BadInput for any other part, and for
    one that says nothing."""
    said = [(name, value.strip()[:LONGEST]) for name, value in parse_qsl(text.removeprefix("?"))]
    foreign = [name for name, _ in said if name not in ("q", "order", *FIELDS)]
    if foreign:
        raise BadInput({"query": f"ไม่มีตัวแปร {foreign[0]} ในการค้น"})
    try:
        Narrow.read(dict(said))
    except BadInput as error:
        raise BadInput({"query": error.in_words}) from error
    if dict(said).get("order", "newest") not in ("best", "newest"):
        raise BadInput({"query": "order เป็น best หรือ newest"})
    kept = [(name, value) for name, value in said if value and (name, value) != ("order", "best")]
    if not any(name != "order" for name, _ in kept):
        raise BadInput({"query": "ใส่คำค้น (q) หรือตัวกรองอย่างน้อยหนึ่งอย่าง"})
    return urlencode(kept)
