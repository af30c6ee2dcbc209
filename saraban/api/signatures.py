"""What is found about the signatures inside the PDFs of a letter, and the picture of one's own signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema
from werkzeug.datastructures import FileStorage

from saraban import doorway
from saraban.api import forms, showing
from saraban.api import shapes as s
from saraban.api.downloads import send_bytes
from saraban.api.gate import UPLOAD, section, told
from saraban.domain.errors import BadInput
from saraban.domain.incoming import IncomingId
from saraban.domain.late_stamp import LateProof
from saraban.domain.letter import LetterId
from saraban.domain.page_signature import Change, PageSignature, Standing
from saraban.usecases import checking, picturing

Json = dict[str, Any]
api = section("signatures", "ลายมือชื่อในไฟล์ PDF: ผลการตรวจทีละส่วน")
_TOLD = "ตรวจขณะถาม แต่ละส่วนเป็น true, false หรือ null (บอกไม่ได้) เหตุผลอยู่ใน reasons; standing เป็น good เมื่อทุกส่วนเป็น true"


class PageSignatureShape(Schema):
    """The verdict on one signature inside a PDF; null is "cannot be determined"."""

    field = s.text("Signature1", "ชื่อช่องลายมือชื่อในไฟล์")
    ordinal = s.whole(1)
    standing = s.one_of(Standing)
    whole = s.true("เนื้อหาตรงกับที่ลงลายมือชื่อ", none=True)
    unchanged = s.true("ไม่ถูกแก้หลังลงลายมือชื่อ", none=True)
    made = s.true("สร้างจากกุญแจของใบรับรอง", none=True)
    trusted = s.true("ใบรับรองออกโดยผู้ที่ระบบเชื่อถือ", none=True)
    certificate = s.true("ใบรับรองใช้ได้ในเวลานั้น", none=True)
    time = s.true("มีตราประทับเวลาที่เชื่อถือได้", none=True)
    reasons = s.anything("เหตุผลตามส่วน")
    changes = s.texts("สิ่งที่เพิ่มหรือแก้ภายหลัง: " + ", ".join(one.value for one in Change))
    kind = s.value("integer", none=True, example=2, description="ประเภทของลายมือชื่ออิเล็กทรอนิกส์ตาม ขมธอ. 23-2563")
    signer = s.text("นางสาวสมหญิง ใจตัวอย่าง")
    organisation = s.text("กรมตัวอย่าง")
    serial = s.text("3fa2", "เลขที่ใบรับรอง ฐานสิบหก")
    issuer = s.text("ผู้ออกใบรับรองตัวอย่าง")
    signed_at = s.moment(none=True)
    stamped_at = s.moment(none=True)
    stamped_by = s.text()
    covers_all = s.true("ไม่มีสิ่งใดเพิ่มหลังลายมือชื่อนี้")
    licensed = s.true("รากเป็นของผู้ให้บริการออกใบรับรอง")


class LateStampShape(Schema):
    """What the time-stamp of a file proves that came after it was signed: the file was there at that time."""

    good = s.true("ตราตรงกับไฟล์ และผู้ประทับเป็นที่เชื่อถือของระบบ")
    at = s.moment(none=True)
    by = s.text("ผู้ประทับรับรองเวลาตัวอย่าง")
    reason = s.text("", "เหตุที่ใช้ยืนยันไม่ได้")


class CheckedFileShape(Schema):
    """A PDF with its signatures in the order of signing."""

    name = s.text("หนังสือ.pdf")
    sha256 = s.digest()
    problem = s.text("", "เหตุที่ตรวจไฟล์นี้ไม่ได้")
    signatures = s.many(PageSignatureShape)
    stamped_late = s.group(LateStampShape, none=True)


class CheckedShape(Schema):
    """The PDFs of a letter with what was found."""

    files = s.many(CheckedFileShape)


@api.get("/letters/<uuid:letter_id>/signatures")
@told("ลายมือชื่อในไฟล์ของหนังสือส่ง", _TOLD)
@api.gives(200, CheckedShape)
def of_letter(letter_id: UUID) -> Json:
    """Check the PDFs of an outgoing letter."""
    return _shown(checking.check_letter(doorway.services(), actor=doorway.actor(), letter_id=LetterId(letter_id)))


@api.get("/incoming/<uuid:incoming_id>/signatures")
@told("ลายมือชื่อในไฟล์ของหนังสือเข้า", _TOLD)
@api.gives(200, CheckedShape)
def of_incoming(incoming_id: UUID) -> Json:
    """Check the PDFs of an incoming letter."""
    found = checking.check_incoming(doorway.services(), actor=doorway.actor(), incoming_id=IncomingId(incoming_id))
    return _shown(found)


class PictureShape(Schema):
    """The picture of the caller's own signature: printed in the block of the signature, and none itself."""

    sha256 = s.digest()


@api.get("/me/signature-picture")
@told("ภาพลายเซ็นของผู้เรียก", "PNG ตามที่พิมพ์ในกรอบลายมือชื่อดิจิทัล ภาพไม่ใช่ลายมือชื่อ")
@api.gives_bytes("image/png")
def picture() -> Response:
    """Give the picture of the caller's signature."""
    data = picturing.open_picture(doorway.services(), actor=doorway.actor())
    return send_bytes(data, "image/png", "signature.png", inline=True)


@api.post("/me/signature-picture")
@told("ใส่ภาพลายเซ็น", "multipart/form-data: file เป็น PNG หรือ JPEG ระบบเอากระดาษออกและตัดให้พอดี หนังสือที่ออกแล้วไม่เปลี่ยน")
@api.takes(forms.WordForm, location=UPLOAD)
@api.gives(200, PictureShape)
def bring_picture(sent: Json) -> Json:
    """Put the picture of the caller's signature in place."""
    file: FileStorage = sent["file"]
    if not isinstance(file, FileStorage):
        raise BadInput({"file": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})
    data = file.stream.read(picturing.MOST_OCTETS + 1)
    return {"sha256": picturing.set_picture(doorway.services(), actor=doorway.actor(), data=data).hex}


@api.delete("/me/signature-picture")
@told("เอาภาพลายเซ็นออก")
@api.gives(204)
def remove_picture() -> None:
    """Take the picture of the caller's signature away."""
    picturing.remove_picture(doorway.services(), actor=doorway.actor())


def _shown(checked: list[checking.CheckedFile]) -> Json:
    return {
        "files": [
            {
                "name": one.file.name,
                "sha256": one.file.sha256.hex,
                "problem": one.found.problem,
                "signatures": [_signature(signature) for signature in one.found.signatures],
                "stamped_late": _late(one.late),
            }
            for one in checked
        ]
    }


def _late(found: LateProof | None) -> Json | None:
    if found is None:
        return None
    return {**found.as_dict(), "at": showing.moment(found.at) if found.at is not None else None}


def _signature(found: PageSignature) -> Json:
    moments = {"signed_at": found.signed_at, "stamped_at": found.stamped_at}
    return {**found.as_dict(), **{name: showing.moment(at) if at else None for name, at in moments.items()}}
