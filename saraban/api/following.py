"""Handing a letter in to an agency, and following it by number and code: for anybody, paced as the public page is."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_smorest.fields import Upload
from marshmallow import Schema
from werkzeug.datastructures import FileStorage

from saraban.api import shapes as s
from saraban.api.fields import Form, Items, Text
from saraban.api.gate import UPLOAD, section, told
from saraban.api.repeating import HEADER, Json
from saraban.domain.errors import BadInput
from saraban.domain.petition import MOST_FILES, PetitionState, Written
from saraban.doorway.petitions import PACE_SECONDS, brought, follow, hand_in, key_of_program, receipt_told

api = section("following", "ส่งเรื่องถึงหน่วยงานและติดตาม ใครก็เรียกได้ ไม่ใช้โทเคน", for_anybody=True)


class HandInForm(Form):
    """What somebody writes to an agency. `key` are 32 random octets of the sender's own as base64url: sent again with
    the same, a letter is one letter with one receipt. Without it the header Idempotency-Key is asked for."""

    name = Text(most=20_000, required=True, metadata={"example": "นางสาวมะลิ ใจงาม"})
    subject = Text(most=20_000, required=True, metadata={"example": "ขอทราบผลการพิจารณา"})
    text = Text(most=20_000, line=False, required=True, metadata={"description": "ข้อความ ไม่เกิน 10,000 ตัวอักษร"})
    mailbox = Text(most=20_000, load_default="", metadata={"description": "อีเมลที่จะรับเลข รหัส และคำตอบ"})
    phone = Text(most=20_000, load_default="")
    address = Text(most=20_000, load_default="")
    key = Text(
        most=200,
        load_default="",
        metadata={"description": "สุ่มเอง 43 ตัว (A-Z a-z 0-9 _ -) ส่งซ้ำด้วย key เดิมได้ใบรับเดิม ไม่ใส่ต้องมีหัว Idempotency-Key"},
    )
    files = Items(
        Upload(),
        most=MOST_FILES + 1,
        load_default=list,
        metadata={"description": "PDF หรือภาพ JPEG PNG WebP ไม่เกิน 5 ไฟล์ ไฟล์ละไม่เกิน 10 MB รวมไม่เกิน 14 MB"},
    )


class HandedInShape(Schema):
    """The receipt: by what the letter is followed, both moments (B.E. 2544, section 23; B.E. 2565, section 10), and the
    last day for the answer. The code is told here alone."""

    agency = s.text("กรมตัวอย่าง")
    agency_en = s.text("Example Department")
    number = s.text("12/2569", "เลขรับเรื่อง")
    code = s.text("7K3MQ2XF9TBD0123WXYZ", "รหัสติดตามทั้งหมด 12 ตัวแรกใช้คู่กับเลข")
    arrived_at = s.moment()
    deemed_received_at = s.moment()
    due_on = s.day()
    follow = s.text("https://saraban.example/w/f/7K3MQ2XF9TBD0123WXYZ", "ว่างเมื่อระบบไม่มีที่อยู่สาธารณะ")
    mailed = s.true("ส่งเลขและรหัสทางอีเมลแล้วด้วย")
    repeated = s.true("เรื่องนี้ส่งแล้ว นี่คือใบรับเดิม")
    files_held = s.whole(0)


class FollowQuery(Form):
    """The number beside a short code; not needed with a whole one."""

    number = Text(most=40, load_default="", metadata={"example": "12/2569"})


class RemovedFileShape(Schema):
    """A file that was not taken."""

    name = s.text("รูปป้าย.png")
    reason = s.text("พบไวรัส")


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
    words = s.text("", "คำชี้แจงเมื่อส่งคืน")
    responsible_agency = s.text("", "หน่วยงานที่รับผิดชอบ เมื่อส่งคืนเพราะไม่ใช่หน้าที่ของหน่วยงาน")
    files_held = s.whole(0)
    files_removed = s.many(RemovedFileShape)


@api.post("/hand-in/<agency>")
@told(
    "ส่งเรื่องถึงหน่วยงาน",
    "multipart/form-data ถึงหน่วยงานรหัสนี้ที่เปิดรับเรื่อง ได้เลขและรหัสติดตามทันที ต้องมี key "
    "หรือหัว Idempotency-Key (สุ่มเอง 16 ถึง 200 ตัว) ส่งเรื่องเดิมซ้ำด้วยค่าเดิมได้ใบรับเดิม แม้ขณะที่ส่งเรื่องใหม่ไม่ได้ "
    "ส่งบ่อยเกินไปได้ 429 พร้อม Retry-After",
)
@api.takes(HandInForm, location=UPLOAD)
@api.gives(201, HandedInShape)
def handed_in(sent: Json, agency: str) -> Any:
    """Take a letter in and give its receipt."""
    files, key = sent.pop("files"), sent.pop("key")
    if not all(isinstance(file, FileStorage) and file.filename for file in files):
        raise BadInput({"files": "แนบไฟล์ในช่อง files พร้อมชื่อไฟล์"})
    key = key_of_program(key, request.headers.get(HEADER))
    receipt = hand_in(agency, key, Written(**sent), brought(files))
    return receipt_told(receipt), 201


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
        answer.headers.setdefault("Retry-After", str(PACE_SECONDS))
    return answer


api.after_request(_hidden)
