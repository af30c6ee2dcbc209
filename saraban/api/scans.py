"""How often the verification code of a letter or of an issued document was looked up, for those who may see it."""

from __future__ import annotations

from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.errors import NotFound
from saraban.domain.verification import address
from saraban.reading import issued
from saraban.reading.verifying import Scans, scans_of_letter

api = section("scans", "รหัสตรวจสอบของหนังสือส่งและของเอกสารที่ออกให้ประชาชน และจำนวนครั้งที่มีผู้ตรวจ")

_MOST_DAYS = 14


class ScansOfDayShape(Schema):
    """The scans of a day."""

    date = s.day()
    count = s.whole(12)


class ScansShape(Schema):
    """The code of a letter or a document and how often it was looked up; the days are the newest fourteen with any."""

    code = s.text("7K3MQ2XF9TBD0123WXYZ")
    typed = s.text("7K3M-Q2XF-9TBD", "รหัสที่พิมพ์ใต้ QR")
    address = s.text("https://saraban.example.go.th/v/7K3MQ2XF9TBD0123WXYZ")
    total = s.whole(412)
    days = s.many(ScansOfDayShape)


@api.get("/letters/<uuid:letter_id>/verification")
@told("รหัสตรวจสอบและจำนวนครั้งที่มีผู้ตรวจ", "404 เมื่อหนังสือไม่มีรหัส ระบบนับจำนวนครั้งเท่านั้น ไม่เก็บว่าใครตรวจ")
@api.gives(200, ScansShape)
def of_letter(letter_id: UUID) -> Json:
    """Tell a letter's code and how often it was looked up."""
    found = scans_of_letter(doorway.reader(), doorway.actor(), letter_id)
    if found is None:
        raise NotFound("หนังสือนี้ไม่มีรหัสตรวจสอบ")
    return _shown(found)


@api.get("/issued/<uuid:document_id>/verification")
@told("รหัสตรวจสอบของเอกสารที่ออกให้ประชาชนและจำนวนครั้งที่มีผู้ตรวจ", "404 เมื่อเอกสารไม่มีรหัสหรือยังไม่ออก ไม่เก็บว่าใครตรวจ")
@api.gives(200, ScansShape)
def of_document(document_id: UUID) -> Json:
    """Tell the code of an issued document and how often it was looked up."""
    page = issued.document(doorway.reader(), doorway.actor(), document_id)
    if not page.document.code or not page.document.state.is_out:
        raise NotFound("เอกสารนี้ไม่มีรหัสตรวจสอบ")
    return _shown(Scans(page.document.code, page.scans, tuple(page.days[:_MOST_DAYS])))


def _shown(found: Scans) -> Json:
    return {
        "code": found.code,
        "typed": found.shown,
        "address": address(doorway.office().settings.public_url, found.code),
        "total": found.total,
        "days": [{"date": day.isoformat(), "count": count} for day, count in found.days],
    }
