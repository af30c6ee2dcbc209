"""What the API answers: the shapes for its document. The values themselves are made in `showing.py`, as plain JSON.

Times are RFC 3339 with the offset of the office (+07:00), days ISO 8601 in the common era, numbers with Arabic digits.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.dispatch import DispatchState, EvidenceKind
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.register import EntryState
from saraban.domain.route import StepKind, StepState


def _text(example: str | None = None, description: str | None = None, *, none: bool = False) -> fields.Raw:
    return _raw("string", example=example, description=description, none=none)


def _raw(kind: str, *, none: bool = False, **more: Any) -> fields.Raw:
    told = {name: value for name, value in more.items() if value is not None}
    return fields.Raw(required=True, metadata={"type": [kind, "null"] if none else kind, **told})


def _whole(example: int | None = None, *, none: bool = False) -> fields.Raw:
    return _raw("integer", example=example, none=none)


def _true(description: str | None = None, *, none: bool = False) -> fields.Raw:
    return _raw("boolean", description=description, none=none)


def _moment(*, none: bool = False) -> fields.Raw:
    return _raw("string", format="date-time", example="2026-11-23T09:30:00+07:00", none=none)


def _day(*, none: bool = False) -> fields.Raw:
    return _raw("string", format="date", example="2026-11-23", none=none)


def _id() -> fields.Raw:
    return _raw("string", format="uuid")


def _digest(*, none: bool = False) -> fields.Raw:
    return _raw("string", pattern="^[0-9a-f]{64}$", none=none)


def _one_of(values: Any, *, none: bool = False) -> fields.Raw:
    return _raw("string", enum=[v.value for v in values] + ([None] if none else []), none=none)


def _group(shape: type[Schema], *, none: bool = False) -> fields.Nested:
    return fields.Nested(shape, required=True, allow_none=none)


def _many(shape: type[Schema]) -> fields.List[Any]:
    return fields.List(fields.Nested(shape), required=True)


def _object(description: str, *, none: bool = False) -> fields.Raw:
    return _raw("object", description=description, none=none)


class ProblemShape(Schema):
    """A problem (RFC 9457)."""

    type = _text("urn:saraban:problem:concurrent-edit")
    title = _text("มีผู้แก้ไขก่อนหน้านี้")
    status = _whole(409)
    detail = _text("หนังสือนี้ถูกแก้ไขหลังจากท่านเปิดอ่าน เปิดอ่านฉบับล่าสุดแล้วทำรายการอีกครั้ง")
    code = _text("concurrent-edit", "รหัสคงที่สำหรับโปรแกรม")
    errors = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "ข้อความตามช่อง"}
    )


class NamedShape(Schema):
    """Something with a code and a name."""

    code = _text("0501")
    name = _text("สำนักงานเลขานุการกรม")


class PartyShape(Schema):
    """Who a letter came from."""

    code = _text("XC0001")
    name = _text("กรมตัวอย่าง")
    mailbox = _text("saraban@example.go.th")


class FileShape(Schema):
    """A file of a letter."""

    name = _text("กำหนดการประชุม.pdf")
    role = _text("enclosure")
    media_type = _text("application/pdf")
    size = _whole(48213)
    sha256 = _digest()


class ReferenceShape(Schema):
    """A letter that is referred to."""

    number = _text("ตย 0105/123")
    date = _day(none=True)
    sender = fields.Raw(required=True, data_key="from", metadata={"type": "string", "example": "กรมตัวอย่าง"})


class ContactShape(Schema):
    """Lines at the foot of the page."""

    unit = _text()
    phone = _text()
    email = _text()


class StepShape(Schema):
    """A step of the route."""

    ordinal = _whole(1)
    kind = _one_of(StepKind)
    title = _text("เลขานุการกรม")
    unit = _text("สำนักงานเลขานุการกรม")
    state = _one_of(StepState)
    person = _text(none=False)
    at = _moment(none=True)


class EndorsementShape(Schema):
    """What an officer did and wrote (เกษียน)."""

    at = _moment()
    deed = _text("เกษียน")
    person = _text("นางสาวสมหญิง ใจตัวอย่าง")
    title = _text("เลขานุการกรม")
    note = _text("เห็นชอบ เสนอเพื่อลงนาม")
    content = _digest()
    page = _digest(none=True)


class DispatchBrief(Schema):
    """A dispatch of a letter."""

    id = _id()
    to = _text("XC0001", "รหัสส่วนราชการผู้รับ")
    to_name = _text("กรมตัวอย่าง")
    state = _one_of(DispatchState)


class HistoryShape(Schema):
    """A line of the journal."""

    at = _moment()
    event = _text("letter.submitted")
    person = _text()
    title = _text()
    values = _object("ข้อเท็จจริงของเหตุการณ์")


def _may() -> fields.Raw:
    return fields.Raw(
        required=True,
        metadata={"type": ["boolean", "string"], "description": "true หรือเหตุผลที่ทำไม่ได้", "example": "ขณะนี้หนังสือรออธิบดี"},
    )


class LetterMay(Schema):
    """What the caller may do with the letter now."""

    revise = _may()
    submit = _may()
    endorse = _may()
    return_ = fields.Raw(required=True, data_key="return", metadata=_may().metadata)
    sign = _may()
    dispatch = _may()
    withdraw = _may()


class LetterShape(Schema):
    """An outgoing letter with all its parts."""

    id = _id()
    version = _whole(3)
    state = _one_of(LetterState)
    form = _one_of(Form)
    unit = _group(NamedShape)
    drafter = _text("นายสมชาย ใจตัวอย่าง")
    subject = _text("ขอเชิญประชุม")
    addressed_to = _text("เรียน อธิบดีกรมตัวอย่าง")
    body = _text()
    recipients = fields.List(fields.String(), required=True)
    references = _many(ReferenceShape)
    urgency = _one_of(Urgency)
    secrecy = _one_of(Secrecy)
    contact = _group(ContactShape)
    response_due = _day(none=True)
    purpose = _text("action")
    closing = _text("ขอแสดงความนับถือ")
    number = _text("ตย 0501/12", none=True)
    date = _day(none=True)
    created_at = _moment()
    updated_at = _moment()
    issued_at = _moment(none=True)
    files = _many(FileShape)
    route = _many(StepShape)
    endorsements = _many(EndorsementShape)
    dispatches = _many(DispatchBrief)
    history = _many(HistoryShape)
    may = _group(LetterMay)


class LetterLine(Schema):
    """A line of the list of outgoing letters."""

    id = _id()
    state = _one_of(LetterState)
    form = _one_of(Form)
    number = _text("ตย 0501/12", none=True)
    date = _day(none=True)
    subject = _text("ขอเชิญประชุม")
    recipients = fields.List(fields.String(), required=True, metadata={"description": "ชื่อผู้รับสามแห่งแรก"})
    recipient_count = _whole(1)
    urgency = _one_of(Urgency)
    secrecy = _one_of(Secrecy)
    unit = _text("สำนักงานเลขานุการกรม")
    drafter = _text("นายสมชาย ใจตัวอย่าง")
    updated_at = _moment()
    waiting_for = _text("อธิบดี")
    dispatches = _object("จำนวนการส่งตามสถานะ")


class ChangedShape(Schema):
    """What became of a letter."""

    id = _id()
    version = _whole(2)
    state = _one_of(LetterState)


class WithdrawnShape(Schema):
    """A letter that was given up."""

    id = _id()
    state = _one_of(LetterState)


class SignedShape(ChangedShape):
    """The number, the date and the frozen page of a signed letter."""

    number = _text("ตย 0501/12")
    date = _day()
    sha256 = _digest()


class DispatchedShape(Schema):
    """The dispatches of a letter that was sent out."""

    id = _id()
    state = _one_of(LetterState)
    dispatches = _many(DispatchBrief)


class VerdictShape(Schema):
    """A verdict in parts; null is "cannot be determined"."""

    intact = _true(none=True)
    valid = _true(none=True)
    trusted = _true(none=True)
    in_time = _true(none=True)
    reasons = _object("เหตุผลตามส่วน")
    signer = _text()
    signed_at = _moment(none=True)
    problem = _text("signer-untrusted", none=True)


class EvidenceShape(Schema):
    """Something that is proved about a dispatch."""

    step = _text("registered")
    at = _moment()
    noted_at = _moment()
    evidence = _one_of(EvidenceKind)
    text = _text("ลงรับเลขที่ 12")
    counts = _true("false คือแสดงไว้เท่านั้น ไม่นับเป็นหลักฐาน")
    verdict = _group(VerdictShape)
    raw = _text("/api/v1/dispatches/…/receipts/…", "ที่อยู่ของไบต์ดิบ", none=True)


class ReceiptShape(Schema):
    """A receipt, with the link to its raw bytes."""

    step = _text("registered")
    at = _moment()
    evidence = _one_of(EvidenceKind)
    counts = _true()
    statement = _object("ถ้อยแถลงที่ลงตราแล้ว", none=True)
    sha256 = _digest()
    href = _text("/api/v1/dispatches/…/receipts/…")


class RegisterMark(Schema):
    """An entry in a register."""

    number = _text("12")
    year = _whole(2569, none=True)


class DispatchShape(DispatchBrief):
    """A dispatch with everything that is proved about it."""

    letter = _id()
    to_mailbox = _text("saraban@example.go.th")
    speaks_saraban = _true("ผู้รับตอบด้วยใบตอบรับ")
    created_at = _moment()
    expires_at = _moment()
    settled_at = _moment(none=True)
    problem = _text()
    failure = _text()
    resends = _whole(0)
    attempts = _whole(1)
    next_at = _moment(none=True)
    last_reply = _text("250 2.0.0 Ok")
    register = _group(RegisterMark, none=True)
    timeline = _many(EvidenceShape)
    receipts = _many(ReceiptShape)
