"""Time-stamps that came after a letter or a document was issued, a scan sealed or a year closed, and what still waits
for one."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.gate import section, told
from saraban.domain.errors import NotFound
from saraban.domain.late_stamp import Stamped
from saraban.domain.permissions import may_audit, require
from saraban.reading import closes, issued, late_stamps, scope
from saraban.reading.entry_page import entry_page

Json = dict[str, Any]
api = section("late-stamps", "ตราประทับเวลาที่ได้ภายหลัง: เมื่อผู้ประทับรับรองเวลาไม่ตอบขณะออกไฟล์")
_TOLD = (
    "ไฟล์ที่ออกโดยไม่มีตราประทับเวลาเพราะผู้ประทับรับรองเวลาไม่ตอบ ระบบขอตราใหม่ให้เอง token เป็นตราเหนือ SHA-256 ของไฟล์ "
    "ไฟล์ไม่เปลี่ยน stamped_at คือเวลาที่ไฟล์พร้อมลายมือชื่อมีอยู่แล้ว ไม่ใช่เวลาที่ลงนาม ยังไม่ได้ตราเป็น null และบอกเหตุใน why"
)


class StampedFileShape(Schema):
    """A file that went out without a time-stamp, and the one that it got later."""

    what = s.one_of(Stamped)
    sha256 = s.digest()
    made_at = s.moment()
    why = s.text("", "เหตุที่ยังไม่ได้ตรา")
    stamped_at = s.moment(none=True)
    stamped_by = s.text("ผู้ประทับรับรองเวลาตัวอย่าง")
    token = s.text("MIIG…", "TimeStampToken (RFC 3161) เป็น DER ใน Base64", none=True)


class StampedFiles(Schema):
    """Those of a letter or a document, the oldest first."""

    items = s.many(StampedFileShape)


@api.get("/letters/<uuid:letter_id>/time-stamps")
@told("ตราประทับเวลาภายหลังของหนังสือส่ง", _TOLD)
@api.gives(200, StampedFiles)
def of_letter(letter_id: UUID) -> Json:
    """Of an outgoing letter and its certified copies."""
    scope.require_letter(doorway.reader(), doorway.actor(), letter_id)
    return _shown(letter_id)


@api.get("/incoming/<uuid:incoming_id>/time-stamps")
@told("ตราประทับเวลาภายหลังของหนังสือเข้า", _TOLD)
@api.gives(200, StampedFiles)
def of_incoming(incoming_id: UUID) -> Json:
    """Of what was made of an incoming letter: certified copies, and the one that was sealed inside."""
    scope.require_incoming(doorway.reader(), doorway.actor(), incoming_id)
    return _shown(incoming_id)


@api.get("/issued/<uuid:document_id>/time-stamps")
@told("ตราประทับเวลาภายหลังของเอกสารที่ออกให้ประชาชน", _TOLD)
@api.gives(200, StampedFiles)
def of_issued(document_id: UUID) -> Json:
    """Of a document that was issued to a person, and its certified copies."""
    issued.document(doorway.reader(), doorway.actor(), document_id)
    return _shown(document_id)


@api.get("/entries/<uuid:entry_id>/time-stamps")
@told("ตราประทับเวลาภายหลังของหนังสือกระดาษที่ลงรับ", _TOLD)
@api.gives(200, StampedFiles)
def of_entry(entry_id: UUID) -> Json:
    """Of what was sealed inside of a letter on paper; none for a line whose words are not for the caller."""
    line = entry_page(doorway.reader(), doorway.actor(), entry_id)
    return {"items": []} if line.masked else _shown(entry_id)


@api.get("/journal/years/<int:year>/time-stamps")
@told("ตราประทับเวลาภายหลังของรายงานปิดทะเบียนประจำปี", _TOLD)
@api.gives(200, StampedFiles)
def of_year(year: int) -> Json:
    """Of the statement of a closed year."""
    require(may_audit(doorway.actor()))
    found = closes.year_statement(doorway.reader(), doorway.actor(), year)
    if found is None:
        raise NotFound("ปีนี้ยังไม่ได้ปิดทะเบียน")
    return _shown(found.id)


def _shown(thing_id: UUID) -> Json:
    rows = late_stamps.of_thing(doorway.reader(), doorway.actor().agency_id, thing_id)
    return {
        "items": [
            {
                "what": one.kind.value,
                "sha256": one.sha256.hex,
                "made_at": showing.moment(one.made_at),
                "why": one.why,
                "stamped_at": showing.moment(one.stamped_at) if one.stamped_at is not None else None,
                "stamped_by": one.stamped_by,
                "token": base64.b64encode(one.token).decode() if one.token is not None else None,
            }
            for one in rows
        ]
    }
