"""The public register of what agencies have issued, for programs: for anybody, without a token, paced as its page is.
All of it at once is open data (`/register/{agency}/{kind}/data.csv`)."""

from __future__ import annotations

from flask import Response, request
from marshmallow import Schema, fields

from saraban.api import shapes as s
from saraban.api.fields import Choice, Form, Text, Whole
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.issued_field import FieldType
from saraban.domain.verification import DocumentState
from saraban.doorway import public_register as desk
from saraban.reading.public_register import MOST_PAGES, SHOWN, STATES, Listed, RegisterPage, Wanted

api = section("public-register", "ทะเบียนใบอนุญาตและเอกสารที่ออก ใครก็เรียกได้ ไม่ใช้โทเคน", for_anybody=True)


class RegisterQuery(Form):
    """What is looked for."""

    kind = Text(most=20, load_default="", metadata={"description": "รหัสชนิดเอกสาร ว่างคือทุกชนิด"})
    state = Choice([one.value for one in STATES], load_default=None, metadata={"description": "สถานะวันนี้"})
    q = Text(most=200, load_default="", metadata={"description": "ส่วนของเลขที่ หรือของชื่อผู้ถือเมื่อทะเบียนแสดงชื่อ"})
    page = Whole(
        least=1, most=MOST_PAGES, in_query=True, load_default=1, metadata={"description": f"หน้าละ {SHOWN} ฉบับ"}
    )


class RegisterFieldShape(Schema):
    """A field of a document that the register shows."""

    key = s.text("หลักสูตร")
    label = s.text("หลักสูตร")
    label_en = s.text("Course")
    type = s.one_of(FieldType)
    value = s.text("ครูพี่เลี้ยง")


class RegisterFollowerShape(Schema):
    """The document in the place of one; `code` is null where its page tells more than the register."""

    number = s.text("รบ. 2/2569")
    code = s.text("7K3MQ2XF9TBD0123WXYZ", none=True)


class RegisterLineShape(Schema):
    """A document in the register."""

    kind = s.text("CERT-01")
    number = s.text("รบ. 1/2569")
    issued_on = s.day()
    valid_until = s.day(none=True)
    state = s.one_of(DocumentState)
    since = s.day(none=True)
    holder = s.text(None, "เมื่อทะเบียนของชนิดนั้นแสดงชื่อ นอกนั้นเป็น null", none=True)
    fields_ = fields.List(fields.Nested(RegisterFieldShape), required=True, attribute="fields", data_key="fields")
    code = s.text(None, "รหัสของ /verify เมื่อหน้าตรวจไม่แสดงมากกว่าทะเบียน และไม่พาไปยังฉบับที่งดแสดง นอกนั้นเป็น null", none=True)
    replaced_by = s.group(RegisterFollowerShape, none=True)


class RegisterKindShape(Schema):
    """A kind that stands in the register."""

    code = s.text("CERT-01")
    name = s.text("หนังสือรับรองการอบรม")
    name_en = s.text("Certificate of training")
    count = s.whole(12)


class RegisterShape(Schema):
    """A page of an agency's register, the latest first."""

    agency = s.text("กรมตัวอย่าง")
    agency_en = s.text("Example Department")
    kinds = s.many(RegisterKindShape)
    total = s.whole(12)
    items = s.many(RegisterLineShape)


@api.get("/public-register/<agency>")
@told(
    "ทะเบียนใบอนุญาตและเอกสารที่ส่วนราชการออก",
    "เฉพาะชนิดที่เปิดทะเบียน เรียงจากที่ออกล่าสุด ส่วนราชการที่ไม่เปิดและชนิดที่ไม่เปิดตอบ 404 เหมือนไม่มี "
    "ค้นด้วยคำบ่อยเกินไปได้ 429 พร้อม Retry-After ข้อมูลทั้งชนิดดาวน์โหลดที่ /register/{agency}/{kind}/data.csv",
)
@api.takes(RegisterQuery, location="query")
@api.gives(200, RegisterShape)
def show(query: Json, agency: str) -> Json:
    """Show a page of the register."""
    state = DocumentState(query["state"]) if query["state"] is not None else None
    return _page(desk.look(agency, Wanted(query["kind"], state, query["q"]), query["page"]))


def _page(found: RegisterPage) -> Json:
    return {
        "agency": found.front.name,
        "agency_en": found.front.name_en,
        "kinds": [
            {"code": one.kind.code, "name": one.kind.name_th, "name_en": one.kind.name_en, "count": one.many}
            for one in found.kinds
        ],
        "total": found.total,
        "items": [_line(one) for one in found.items],
    }


def _line(one: Listed) -> Json:
    days = {"issued_on": one.issued_on, "valid_until": one.valid_until, "since": one.since}
    return {
        "kind": one.kind.code,
        "number": one.number,
        **{name: day.isoformat() if day is not None else None for name, day in days.items()},
        "state": one.state.value,
        "holder": one.holder or None,
        "fields": [
            {"key": of.key, "label": of.shown, "label_en": of.label_en, "type": of.type.value, "value": value}
            for of in one.kind.register_fields
            if (value := one.values[of.key])
        ],
        "code": one.code or None,
        "replaced_by": {"number": one.followed_by, "code": one.following_code or None} if one.followed_by else None,
    }


def _may_be_kept(answer: Response) -> Response:
    if answer.status_code in (200, 404):
        answer.cache_control.public = True
        answer.cache_control.max_age = desk.FRESH_SECONDS
        answer.add_etag()
        answer.make_conditional(request)
    elif answer.status_code == 429:
        answer.headers.setdefault("Retry-After", str(desk.PACE_SECONDS))
        answer.headers["Cache-Control"] = "no-store"
    return answer


api.after_request(_may_be_kept)
