"""Finding: letters and lines, agencies of the directory, and the caller's own place."""

from __future__ import annotations

from typing import Any

from saraban import doorway
from saraban.api import answers_received as answers
from saraban.api import forms, searching, showing
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.errors import BadInput
from saraban.reading import directory, people
from saraban.reading import search as reading
from saraban.reading.asking import FIELDS, Narrow
from saraban.reading.organisation import unit_names

api = section("finding", "ค้นหา ทำเนียบส่วนราชการ และผู้เรียก")


@api.get("/search")
@told(
    "ค้นหา",
    "หนังสือและรายการทะเบียนที่ผู้เรียกเห็นได้ เรียงจากที่ตรงที่สุด หนังสือชั้นความลับพบเฉพาะผู้ได้รับอนุญาตที่อ่านฉบับนั้นได้ "
    "ค้นจากเลขที่ วันที่ เรื่อง ส่วนราชการ และทะเบียน ไม่ค้นเนื้อหนังสือและไฟล์",
)
@api.takes(searching.SearchQuery, location="query")
@api.gives(200, searching.HitPage)
def search(query: Json) -> Json:
    """Find letters and register lines that the caller may see, best first."""
    narrow = Narrow.read({name: str(query.get(name) or "") for name in FIELDS})
    if not query["q"].strip() and not narrow.on:
        raise BadInput({"q": "ใส่คำค้น หรือเลือกตัวกรองอย่างน้อยหนึ่งอย่าง"})
    found = reading.look(
        doorway.reader(),
        doorway.actor(),
        query["q"],
        narrow=narrow,
        newest=query["order"] == "newest",
        offset=query["cursor"],
        limit=query["limit"],
    )
    return searching.page(found, query)


@api.get("/directory")
@told("ทำเนียบส่วนราชการ")
@api.takes(forms.DirectoryQuery, location="query")
@api.gives(200, answers.page_of(answers.AgencyShape))
def agencies(query: Json) -> Json:
    """List agencies to write to."""
    q, cursor = query["q"], query.get("cursor") or None
    return showing.page(directory.agencies(doorway.reader(), q=q, cursor=cursor, limit=query["limit"]), _agency)


@api.get("/me")
@told("ผู้เรียก", "บุคคล ตำแหน่ง และส่วนราชการที่โทเคนนี้ทำการแทน")
@api.gives(200, answers.MeShape)
def me() -> Json:
    """Show for whom the token speaks."""
    actor, reader = doorway.actor(), doorway.reader()
    agency = people.agency(reader, actor.agency_id)
    code = unit_names(reader, actor.agency_id).code(actor.unit_id)
    return {
        "id": str(actor.person_id),
        "name": actor.name,
        "title": actor.title,
        "role": actor.role.value if actor.role else None,
        "unit": {"code": code, "name": actor.unit_name},
        "agency": {"code": agency.code, "name": agency.name, "mailbox": agency.mailbox},
        "clearance": actor.clearance,
    }


def _agency(row: directory.DirectoryRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "abbr": row.abbr,
        "mailbox": row.mailbox,
        "speaks_saraban": row.speaks_saraban,
        "max_bytes": row.max_bytes,
        "hosted": row.hosted,
    }
