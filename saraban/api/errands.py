"""Work in the background that the caller ordered: how far it is, and the file that it made."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from marshmallow import Schema

from saraban import doorway
from saraban.api import answers_received as answers
from saraban.api import forms, showing
from saraban.api import shapes as s
from saraban.api.downloads import send_bytes
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.reading import errands as rows
from saraban.usecases.errands import errand_file

api = section("errands", "งานเบื้องหลังที่ผู้เรียกสั่งไว้: ความคืบหน้าและไฟล์ที่ได้")


class ErrandShape(Schema):
    """An errand; `file` is the address of what it made, null while there is nothing."""

    id = s.identity()
    title = s.text("รายชื่อผู้รับ หนังสือที่ นร 0105/ว 123 (XLSX)")
    state = s.value("string", enum=["waiting", "running", "done", "failed"])
    silent = s.value("boolean", example=False, description="กำลังทำแต่ไม่คืบหน้ามาครู่หนึ่ง รอตัวทำงานเบื้องหลังมาทำต่อ")
    done = s.whole(120)
    total = s.whole(8000)
    faults = s.value("integer", example=0, description="ทำเสร็จแล้วยังมีกี่รายการที่ต้องแก้ ตาม problem หรือไฟล์")
    problem = s.text(description="เหตุที่ทำไม่สำเร็จ หรือผลที่บอกเป็นคำ")
    made_at = s.moment()
    ended_at = s.moment(none=True)
    file = s.text("/api/v1/errands/…/file", none=True)
    file_gone = s.true("ลบไฟล์แล้ว เพราะครบ ๓๐ วันหรือมีหนังสือออกจากบัญชี")


@api.get("/errands")
@told("งานเบื้องหลังของผู้เรียก", "ใหม่ที่สุดก่อน")
@api.takes(forms.CursorQuery, location="query")
@api.gives(200, answers.page_of(ErrandShape))
def own(query: Json) -> Json:
    """List the errands of the caller."""
    found = rows.own(doorway.reader(), doorway.actor(), cursor=query.get("cursor") or None, limit=query["limit"])
    return showing.page(found, _shown)


@api.get("/errands/<uuid:errand_id>")
@told("งานเบื้องหลังหนึ่งงาน")
@api.gives(200, ErrandShape)
def show(errand_id: UUID) -> Json:
    """Show an errand of the caller."""
    return ordered(errand_id)


@api.get("/errands/<uuid:errand_id>/file")
@told("ไฟล์ที่งานเบื้องหลังทำ", "404 เมื่อยังไม่มีไฟล์หรือลบแล้ว ไฟล์อยู่ ๓๐ วัน")
@api.gives_bytes("application/octet-stream")
def file(errand_id: UUID) -> Response:
    """Give the file of an errand."""
    made = errand_file(doorway.services(), actor=doorway.actor(), errand_id=errand_id)
    return send_bytes(made.data, made.media_type, made.name)


def ordered(errand_id: UUID) -> Json:
    """An errand of the caller as it stands. Raises NotFound for anybody else's."""
    return _shown(rows.one(doorway.reader(), doorway.actor(), errand_id))


def _shown(row: rows.ErrandRow) -> Json:
    return {
        "id": str(row.id),
        "title": row.title,
        "state": row.state,
        "silent": row.silent(doorway.services().clock.now(), doorway.services().lease),
        "done": row.done,
        "total": row.total,
        "faults": row.faults,
        "problem": row.problem,
        "made_at": showing.moment(row.made_at),
        "ended_at": showing.moment(row.ended_at) if row.ended_at else None,
        "file": f"/api/v1/errands/{row.id}/file" if row.has_result else None,
        "file_gone": row.result_gone,
    }
