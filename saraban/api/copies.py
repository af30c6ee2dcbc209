"""Certified copies (clause 31) of letters, outgoing and incoming, of documents issued to people, and of what issuers
gave in answer to questions."""

from __future__ import annotations

from typing import Any, Unpack
from uuid import UUID

from flask import Response
from marshmallow import Schema

from saraban import doorway
from saraban.api import forms, showing
from saraban.api import shapes as s
from saraban.api.downloads import digest_in_address, send_bytes
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.copying import FEE, CertifiedCopy
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.usecases import copying, duplicating, printing_out
from saraban.usecases.copying import CopyOf
from saraban.usecases.ports import Services

api = section("copies", "สำเนาถูกต้อง: รับรองสำเนาของหนังสือส่ง หนังสือเข้า เอกสารที่ออกให้ประชาชน และไฟล์ที่ผู้ออกให้มา")
_EXAMPLE = {"passphrase": "รหัสผ่านของกุญแจลงนาม"}
_TOLD = "PDF ใหม่ มีคำว่า สำเนา ทุกหน้า และสำเนาถูกต้องพร้อมลายมือชื่อดิจิทัลของผู้เรียก ต้นฉบับไม่เปลี่ยน"


class CopyShape(Schema):
    """A certified copy."""

    id = s.identity()
    sha256 = s.digest()
    original = s.digest()
    size = s.whole(91234)
    person = s.text("นางสาวสมหญิง ใจตัวอย่าง")
    title = s.text("เจ้าพนักงานธุรการชำนาญงาน")
    at = s.moment()
    spares_citizen = s.true()
    fee = s.whole(FEE)


class CopiesShape(Schema):
    """The copies of a letter, the oldest first; `why_not` says why the caller cannot certify one more."""

    items = s.many(CopyShape)
    why_not = s.text("")


@api.get("/letters/<uuid:letter_id>/copies")
@told("สำเนาที่รับรองของหนังสือส่ง")
@api.gives(200, CopiesShape)
def of_letter(letter_id: UUID) -> Json:
    """List the certified copies of an outgoing letter."""
    return _desk(letter_id=LetterId(letter_id))


@api.get("/incoming/<uuid:incoming_id>/copies")
@told("สำเนาที่รับรองของหนังสือเข้า")
@api.gives(200, CopiesShape)
def of_incoming(incoming_id: UUID) -> Json:
    """List the certified copies of an incoming letter."""
    return _desk(incoming_id=IncomingId(incoming_id))


@api.get("/letters/<uuid:letter_id>/duplicate")
@told("สำเนาคู่ฉบับ", "PDF ของหนังสือที่ออกแล้ว มีคำว่า สำเนาคู่ฉบับ ทุกหน้า และชื่อผู้ร่าง ผู้พิมพ์ ผู้ตรวจ พร้อมวันที่")
@api.gives_bytes("application/pdf")
def duplicate_of_letter(letter_id: UUID) -> Response:
    """Give the duplicate that the sender keeps of an issued letter."""
    data = duplicating.duplicate(doorway.services(), actor=doorway.actor(), letter_id=LetterId(letter_id))
    return send_bytes(data, "application/pdf", "สำเนาคู่ฉบับ.pdf")


@api.get("/letters/<uuid:letter_id>/print-out")
@told("หนังสือสำหรับพิมพ์", "PDF ของหนังสือที่ออกแล้ว บอกวัน เวลา ผู้พิมพ์ และที่ตรวจสอบเหนือทุกหน้า การพิมพ์ถูกบันทึก")
@api.gives_bytes("application/pdf")
def print_out_of_letter(letter_id: UUID) -> Response:
    """Give an issued letter for paper."""
    _, data = printing_out.print_letter(doorway.services(), actor=doorway.actor(), letter_id=LetterId(letter_id))
    return send_bytes(data, "application/pdf", "พิมพ์จากระบบ.pdf")


@api.post("/letters/<uuid:letter_id>/copies")
@told("รับรองสำเนาหนังสือส่ง", _TOLD)
@api.takes(forms.CertifyForm, example=_EXAMPLE)
@api.gives(201, CopyShape)
def certify_letter(sent: Json, letter_id: UUID) -> Any:
    """Certify a copy of an outgoing letter."""
    return _certify(sent, letter_id=LetterId(letter_id))


@api.post("/incoming/<uuid:incoming_id>/copies")
@told("รับรองสำเนาหนังสือเข้า", _TOLD)
@api.takes(forms.CertifyForm, example=_EXAMPLE)
@api.gives(201, CopyShape)
def certify_incoming(sent: Json, incoming_id: UUID) -> Any:
    """Certify a copy of an incoming letter."""
    return _certify(sent, incoming_id=IncomingId(incoming_id))


@api.get("/letters/<uuid:letter_id>/copies/<sha256>")
@told("ไบต์ของสำเนาที่รับรองของหนังสือส่ง")
@api.gives_bytes("application/pdf")
def letter_bytes(letter_id: UUID, sha256: str) -> Response:
    """Give the bytes of a certified copy of an outgoing letter."""
    return _bytes(sha256, letter_id=LetterId(letter_id))


@api.get("/incoming/<uuid:incoming_id>/copies/<sha256>")
@told("ไบต์ของสำเนาที่รับรองของหนังสือเข้า")
@api.gives_bytes("application/pdf")
def incoming_bytes(incoming_id: UUID, sha256: str) -> Response:
    """Give the bytes of a certified copy of an incoming letter."""
    return _bytes(sha256, incoming_id=IncomingId(incoming_id))


@api.get("/issued/<uuid:document_id>/copies")
@told("สำเนาที่รับรองของเอกสารที่ออกให้ประชาชน")
@api.gives(200, CopiesShape)
def of_document(document_id: UUID) -> Json:
    """List the certified copies of a document issued to a person."""
    return _desk(document_id=document_id)


@api.post("/issued/<uuid:document_id>/copies")
@told("รับรองสำเนาเอกสารที่ออกให้ประชาชน", _TOLD)
@api.takes(forms.CertifyForm, example=_EXAMPLE)
@api.gives(201, CopyShape)
def certify_document(sent: Json, document_id: UUID) -> Any:
    """Certify a copy of a document issued to a person."""
    return _certify(sent, document_id=document_id)


@api.get("/issued/<uuid:document_id>/copies/<sha256>")
@told("ไบต์ของสำเนาที่รับรองของเอกสารที่ออกให้ประชาชน")
@api.gives_bytes("application/pdf")
def document_bytes(document_id: UUID, sha256: str) -> Response:
    """Give the bytes of a certified copy of a document issued to a person."""
    return _bytes(sha256, document_id=document_id)


@api.get("/lookups/<uuid:lookup_id>/copies")
@told("สำเนาที่รับรองของไฟล์ที่ผู้ออกให้มา", "ไม่มีเมื่อพ้น keep_until ของคำตอบ")
@api.gives(200, CopiesShape)
def of_lookup(lookup_id: UUID) -> Json:
    """List the certified copies of what an issuer gave."""
    return _desk(lookup_id=lookup_id)


@api.post("/lookups/<uuid:lookup_id>/files/<name>/copies")
@told(
    "รับรองสำเนาไฟล์ที่ผู้ออกให้มา",
    _TOLD + " ถือว่าทำแทนการขอสำเนาจากประชาชนเสมอ ไม่มีค่าธรรมเนียม และถูกลบเมื่อพ้น keep_until ของคำตอบ",
)
@api.takes(forms.CertifyForm, example=_EXAMPLE)
@api.gives(201, CopyShape)
def certify_lookup(sent: Json, lookup_id: UUID, name: str) -> Any:
    """Certify a copy of a file that an issuer gave."""
    return _certify(sent, lookup_id=lookup_id, file=name)


@api.get("/lookups/<uuid:lookup_id>/copies/<sha256>")
@told("ไบต์ของสำเนาที่รับรองของไฟล์ที่ผู้ออกให้มา", "การเปิดถูกบันทึก")
@api.gives_bytes("application/pdf")
def lookup_bytes(lookup_id: UUID, sha256: str) -> Response:
    """Give the bytes of a certified copy of what an issuer gave."""
    return _bytes(sha256, lookup_id=lookup_id)


def _desk(**of: Unpack[CopyOf]) -> Json:
    desk = copying.copy_desk(doorway.services(), actor=doorway.actor(), **of)
    return {"items": [_shown(copy) for copy in desk.copies], "why_not": desk.why_not}


def _certify(sent: Json, **of: Unpack[CopyOf]) -> Any:
    actor = doorway.actor()

    def work(office: Services) -> Json:
        made = copying.certify_copy(
            office, actor=actor, passphrase=sent["passphrase"], spares_citizen=sent["spares_citizen"], **of
        )
        return _shown(made)

    def again(_: UUID) -> Json:
        desk = copying.copy_desk(doorway.services(), actor=actor, **of)
        found = next((copy for copy in reversed(desk.copies) if copy.person_id == actor.person_id), None)
        if found is None:
            raise NotFound
        return _shown(found)

    answer, headers = once(work, again)
    return answer, 201, headers


def _bytes(sha256: str, **of: Unpack[CopyOf]) -> Response:
    data = copying.open_copy(doorway.services(), actor=doorway.actor(), sha256=digest_in_address(sha256), **of)
    return send_bytes(data, "application/pdf", "สำเนาถูกต้อง.pdf")


def _shown(copy: CertifiedCopy) -> Json:
    return {
        "id": str(copy.id),
        "sha256": copy.sha256.hex,
        "original": copy.original.hex,
        "size": copy.size,
        "person": copy.person_name,
        "title": copy.title,
        "at": showing.moment(copy.at),
        "spares_citizen": copy.spares_citizen,
        "fee": FEE,
    }
