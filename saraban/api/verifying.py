"""Verifying a document by its code: for anybody, without a token, paced and counted as the public page is."""

from __future__ import annotations

from flask import Response, current_app, jsonify, request
from marshmallow import Schema, fields

from saraban.api import shapes as s
from saraban.api.gate import section, told
from saraban.domain.classification import Form
from saraban.domain.issued_field import FieldType
from saraban.domain.verification import DocumentState, SubjectKind
from saraban.doorway.public import PACE_SECONDS, answered, may_lie_in_caches
from saraban.reading.verified import Verified

api = section("verifying", "ตรวจเอกสารด้วยรหัสบนเอกสาร ใครก็เรียกได้ ไม่ใช้โทเคน", for_anybody=True)


class IssuerShape(Schema):
    """The agency that issued a document."""

    code = s.text("XC0001")
    name = s.text("กรมตัวอย่าง")
    name_en = s.text("Example Department")


class KnownFileShape(Schema):
    """A file of the document."""

    sha256 = s.digest()
    what = s.text("original", "original คือฉบับที่ออก copy คือสำเนาที่เจ้าหน้าที่รับรอง")


class SealPrintShape(Schema):
    """A certificate of the agency's seal."""

    sha256 = s.digest()
    valid_from = s.moment()
    valid_to = s.moment()


class KnownStampShape(Schema):
    """A time-stamp that a file got after it was issued."""

    sha256 = s.digest()
    at = s.moment()
    by = s.text("ผู้ประทับรับรองเวลาตัวอย่าง")
    token = s.text("MIIG…", "TimeStampToken (RFC 3161) เป็น DER ใน Base64 เหนือ SHA-256 ของไฟล์")


class KindNameShape(Schema):
    """What an issued document is called."""

    name = s.text("หนังสือรับรองการอบรม")
    name_en = s.text("Certificate of training")


class FollowerShape(Schema):
    """The document that took the place of one."""

    code = s.text("7K3MQ2XF9TBD0123WXYZ")
    number = s.text("รบ. 2/2569")


class GivenBackShape(Schema):
    """An agency that gave a letter back."""

    agency = s.text("กรมปลายทาง")
    on = s.day()


class MoreShape(Schema):
    """How many more of each there are than are named."""

    given_back = s.whole(0)
    kept = s.whole(0)
    waiting = s.whole(0)


class RecallShape(Schema):
    """That the issuer of a letter asked for it back, and what the agencies answered that had it."""

    asked_on = s.day()
    given_back = s.many(GivenBackShape)
    kept = s.texts("ไม่คืน")
    waiting = s.texts("ยังไม่ตอบ")
    more = s.group(MoreShape)


class PublicFieldShape(Schema):
    """A field that the kind of an issued document shows."""

    label = s.text("หลักสูตร")
    label_en = s.text("Course")
    type = s.one_of(FieldType)
    value = s.text("ครูพี่เลี้ยง")


class VerifiedShape(Schema):
    """What anybody may know of a document: a letter has a `form`, an issued document its `document`."""

    code = s.text("7K3MQ2XF9TBD0123WXYZ")
    kind = s.one_of(SubjectKind)
    state = s.one_of(DocumentState)
    cancelled_on = s.day(none=True)
    agency = s.group(IssuerShape)
    form = s.value("string", none=True, enum=[*(one.value for one in Form), None])
    number = s.text("ตย 0106/2418")
    date = s.day()
    subject = s.text("ขอเชิญประชุม", "เมื่อส่วนราชการเปิดให้แสดง นอกนั้นเป็น null", none=True)
    files = s.many(KnownFileShape)
    seals = s.many(SealPrintShape)
    document = s.group(KindNameShape, none=True)
    valid_until = s.day(none=True)
    since = s.day(none=True)
    replaced_by = s.group(FollowerShape, none=True)
    holder = s.text(None, "เมื่อชนิดเอกสารให้แสดง นอกนั้นเป็น null", none=True)
    fields_ = fields.List(fields.Nested(PublicFieldShape), required=True, attribute="fields", data_key="fields")
    may_download = s.true("GET /v/{code}/file ให้ฉบับที่ลงนาม")
    recall = s.group(RecallShape, none=True)
    time_stamps = s.many(KnownStampShape)


@api.get("/verify/<code>")
@told(
    "ตรวจเอกสารด้วยรหัส",
    "รหัส 20 ตัวจาก QR หรือ 12 ตัวที่พิมพ์ใต้ QR รหัสที่ไม่มีและเอกสารที่ไม่เปิดให้ตรวจตอบ 404 เหมือนกัน "
    "ลองรหัสที่ไม่มีบ่อยเกินไปได้ 429 พร้อม Retry-After",
)
@api.gives(200, VerifiedShape)
def verify(code: str) -> Response:
    """Tell what anybody may know of the document of a code."""
    return current_app.response_class(answered(code, "api", _shaped), mimetype="application/json")


_SHAPE = VerifiedShape()


def _shaped(found: Verified) -> bytes:
    return jsonify(_SHAPE.dump(found.as_dict())).get_data()


def _may_be_kept(answer: Response) -> Response:
    """Found or not, the same for everybody for half a minute; an address that has to wait is told how long."""
    if answer.status_code in (200, 404):
        answer.cache_control.public = True
        answer.cache_control.max_age = may_lie_in_caches()
        answer.add_etag()
        answer.make_conditional(request)
    elif answer.status_code == 429:
        answer.headers["Retry-After"] = str(PACE_SECONDS)
        answer.headers["Cache-Control"] = "no-store"
    return answer


api.after_request(_may_be_kept)
