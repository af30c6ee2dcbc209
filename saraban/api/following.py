"""Following a letter that was sent to an agency, by number and code: for anybody, paced as the public page is."""

from __future__ import annotations

from flask import Response
from marshmallow import Schema

from saraban.api import shapes as s
from saraban.api.fields import Form, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.petition import PetitionState
from saraban.doorway.petitions import PACE_SECONDS, follow

api = section("following", "ติดตามเรื่องที่ส่งถึงหน่วยงาน ใครก็เรียกได้ ไม่ใช้โทเคน", for_anybody=True)


class FollowQuery(Form):
    """The number beside a short code; not needed with a whole one."""

    number = Text(most=40, load_default="", metadata={"example": "12/2569"})


class FollowedShape(Schema):
    """What its sender is told: states and dates."""

    number = s.text("12/2569")
    agency = s.text("กรมตัวอย่าง")
    agency_en = s.text("Example Department")
    state = s.one_of(PetitionState)
    arrived_at = s.moment()
    deemed_received_at = s.moment()
    due_on = s.day()
    registered_at = s.moment(none=True)
    units = s.texts("กองกฎหมาย")
    answered_at = s.moment(none=True)
    has_answer = s.true()
    forwarded_to = s.text("")
    closed_at = s.moment(none=True)
    reason = s.text("", "รหัสเหตุที่ส่งคืน")


@api.get("/follow/<code>")
@told(
    "ติดตามเรื่องด้วยรหัส",
    "รหัส 20 ตัวจาก QR บนใบรับ หรือ 12 ตัวพร้อม number รหัสผิดและเรื่องที่ไม่มีตอบ 404 เหมือนกัน ลองผิดบ่อยเกินไปได้ 429 พร้อม Retry-After",
)
@api.takes(FollowQuery, location="query")
@api.gives(200, FollowedShape)
def followed(query: Json, code: str) -> Json:
    """Tell how far a letter has come."""
    return follow(query["number"], code).as_dict()


def _hidden(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    if answer.status_code == 429:
        answer.headers["Retry-After"] = str(PACE_SECONDS)
    return answer


api.after_request(_hidden)
