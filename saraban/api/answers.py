"""What the API answers: the shapes for its document. The values themselves are made in `showing.py`, as plain JSON.

Times are RFC 3339 with the offset of the office (+07:00), days ISO 8601 in the common era, numbers with Arabic digits.
"""

from __future__ import annotations

from marshmallow import Schema, fields

from saraban.api import shapes as s
from saraban.api.deadlines import DeadlineShape
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.dispatch import DispatchState, EvidenceKind
from saraban.domain.letter import LetterState
from saraban.domain.route import StepKind, StepState


class ProblemShape(Schema):
    """A problem (RFC 9457)."""

    type = s.text("urn:saraban:problem:concurrent-edit")
    title = s.text("มีผู้แก้ไขก่อนหน้านี้")
    status = s.whole(409)
    detail = s.text("หนังสือนี้ถูกแก้ไขหลังจากท่านเปิดอ่าน เปิดอ่านฉบับล่าสุดแล้วทำรายการอีกครั้ง")
    code = s.text("concurrent-edit", "รหัสคงที่สำหรับโปรแกรม")
    errors = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "ข้อความตามช่อง"}
    )


class NamedShape(Schema):
    """Something with a code and a name."""

    code = s.text("0501")
    name = s.text("สำนักงานเลขานุการกรม")


class PartyShape(Schema):
    """Who a letter came from."""

    code = s.text("XC0001")
    name = s.text("กรมตัวอย่าง")
    mailbox = s.text("saraban@example.go.th")


class FileShape(Schema):
    """A file of a letter."""

    name = s.text("กำหนดการประชุม.pdf")
    role = s.text("enclosure")
    media_type = s.text("application/pdf")
    size = s.whole(48213)
    sha256 = s.digest()


class EnclosureShape(Schema):
    """How a file is listed under สิ่งที่ส่งมาด้วย."""

    sha256 = s.digest()
    title = s.text("กำหนดการประชุม")
    amount = s.text("2 แผ่น")


class PhotoShape(Schema):
    """The photograph on a certificate as it is kept."""

    sha256 = s.digest()


class WordTextShape(Schema):
    """The text of a Word file as a letter's body."""

    body = s.text("ด้วยกรมจะจัด**ประชุม**")
    subject = s.text("ขอเชิญประชุม", "เฉพาะไฟล์ที่ระบบทำให้ (ours) มิฉะนั้นว่าง")
    addressed_to = s.text("เรียน อธิบดีกรมส่งเสริมการอ่าน", "เฉพาะไฟล์ที่ระบบทำให้ (ours) มิฉะนั้นว่าง")
    ours = s.true("ไฟล์ที่ดาวน์โหลดจากระบบ ส่วนหัวและส่วนท้ายของแบบไม่อยู่ใน body")
    left_out = s.texts("สิ่งที่ไม่ได้นำเข้า")
    adjusted = s.texts("สิ่งที่นำเข้าในรูปอื่น")


class ReferenceShape(Schema):
    """A letter that is referred to."""

    number = s.text("ตย 0105/123")
    date = s.day(none=True)
    sender = s.text("กรมตัวอย่าง", key="from")


class ContactShape(Schema):
    """Lines at the foot of the page."""

    unit = s.text()
    phone = s.text()
    email = s.text()


class EarlierGiven(Schema):
    """What a position gave to an earlier version, when it is asked again."""

    person = s.text()
    at = s.moment()
    content = s.digest()


class StepShape(Schema):
    """A step of the route. Steps of one stage are asked at the same time; `need` of them are enough (0: all)."""

    ordinal = s.whole(1)
    stage = s.whole(1)
    need = s.whole(0)
    kind = s.one_of(StepKind)
    position = s.identity()
    title = s.text("เลขานุการกรม")
    unit = s.text("สำนักงานเลขานุการกรม")
    state = s.one_of(StepState)
    now = s.true("ขณะนี้รอตำแหน่งนี้")
    required = s.true("เส้นทางกำหนดให้ต้องมี")
    person = s.text()
    at = s.moment(none=True)
    older = s.true("ให้ไว้กับฉบับก่อน")
    earlier = s.group(EarlierGiven, none=True)


class EndorsementShape(Schema):
    """What an officer did and wrote (เกษียน)."""

    at = s.moment()
    deed = s.text("เกษียน")
    person = s.text("นางสาวสมหญิง ใจตัวอย่าง")
    title = s.text("เลขานุการกรม")
    holder = s.text("นางปราณี มีสุข", "ผู้ดำรงตำแหน่งที่ทำแทน ว่างเมื่อทำในตำแหน่งของตน")
    note = s.text("เห็นชอบ เสนอเพื่อลงนาม")
    content = s.digest()
    page = s.digest(none=True)


class DispatchBrief(Schema):
    """A dispatch of a letter."""

    id = s.identity()
    to = s.text("XC0001", "รหัสส่วนราชการผู้รับ")
    to_name = s.text("กรมตัวอย่าง")
    state = s.one_of(DispatchState)


class HistoryShape(Schema):
    """A line of the journal."""

    at = s.moment()
    event = s.text("letter.submitted")
    person = s.text()
    title = s.text()
    values = s.anything("ข้อเท็จจริงของเหตุการณ์")


class LetterMay(Schema):
    """What the caller may do with the letter now."""

    revise = s.may()
    submit = s.may()
    endorse = s.may()
    return_ = s.may(key="return")
    sign = s.may()
    object = s.may()
    acknowledge = s.may()
    change_course = s.may()
    dispatch = s.may()
    withdraw = s.may()
    recall = s.may()


class SpotShape(Schema):
    """A place on a page: the page from 1, and millimetres from its upper left corner."""

    page = s.whole(1)
    left_mm = s.value("number", example=38)
    top_mm = s.value("number", example=42)


class ReadyShape(Schema):
    """A PDF that is the letter itself, and where its marks go; null is nowhere."""

    name = s.text("หนังสือ.pdf")
    sha256 = s.digest()
    pages = s.whole(2)
    number = s.group(SpotShape, none=True)
    date = s.group(SpotShape, none=True)
    signature = s.group(SpotShape, none=True)


class PartSignedShape(Schema):
    """The page that some of its signers have signed: send its SHA-256 to sign it next."""

    page = s.digest()
    waits_for = s.text("อธิบดี", "ตำแหน่งที่ลงนามถัดไป")


class PositionShape(Schema):
    """A position of the caller's agency, with who holds it."""

    id = s.identity()
    title = s.text("ผู้อำนวยการกองกฎหมาย")
    unit = s.text("กองกฎหมาย")
    person = s.text("นายสมชาย ใจตัวอย่าง")
    has_key = s.true("ผู้ดำรงตำแหน่งมีกุญแจลงนามแล้ว")


class LetterShape(Schema):
    """An outgoing letter with all its parts."""

    id = s.identity()
    version = s.whole(3)
    state = s.one_of(LetterState)
    form = s.one_of(Form)
    unit = s.group(NamedShape)
    drafter = s.text("นายสมชาย ใจตัวอย่าง")
    subject = s.text("ขอเชิญประชุม")
    addressed_to = s.text("เรียน อธิบดีกรมตัวอย่าง")
    body = s.text()
    recipients = s.texts("รหัสส่วนราชการ")
    references = s.many(ReferenceShape)
    urgency = s.one_of(Urgency)
    secrecy = s.one_of(Secrecy)
    contact = s.group(ContactShape)
    response_due = s.day(none=True)
    deadline = s.group(DeadlineShape, none=True)
    purpose = s.text("action")
    circular = s.true("หนังสือเวียน ออกเลขด้วย ว")
    digits = s.value("string", enum=[*(one.value for one in Digits), None], none=True)
    closing = s.text("ขอแสดงความนับถือ")
    details = s.texts_by_key("ช่องที่มีเฉพาะบางแบบ")
    ready = s.group(ReadyShape, none=True)
    cosigners = s.texts("รหัสตำแหน่งของผู้ลงนามร่วมตามลำดับ")
    typist = s.text("", "ผู้พิมพ์ ว่างคือผู้ร่าง")
    part_signed = s.group(PartSignedShape, none=True)
    enclosures = s.many(EnclosureShape)
    photo = s.digest(none=True)
    number = s.text("ตย 0501/12", none=True)
    date = s.day(none=True)
    created_at = s.moment()
    updated_at = s.moment()
    issued_at = s.moment(none=True)
    files = s.many(FileShape)
    route = s.many(StepShape)
    endorsements = s.many(EndorsementShape)
    dispatches = s.many(DispatchBrief)
    history = s.many(HistoryShape)
    may = s.group(LetterMay)


class LetterLine(Schema):
    """A line of the list of outgoing letters."""

    id = s.identity()
    state = s.one_of(LetterState)
    form = s.one_of(Form)
    number = s.text("ตย 0501/12", none=True)
    date = s.day(none=True)
    subject = s.text("ขอเชิญประชุม")
    recipients = s.texts("ชื่อผู้รับสามแห่งแรก")
    recipient_count = s.whole(1)
    urgency = s.one_of(Urgency)
    secrecy = s.one_of(Secrecy)
    unit = s.text("สำนักงานเลขานุการกรม")
    drafter = s.text("นายสมชาย ใจตัวอย่าง")
    updated_at = s.moment()
    waiting_for = s.text("อธิบดี")
    dispatches = s.anything("จำนวนการส่งตามสถานะ")
    unread = s.true("ผู้เรียกยังไม่อ่านตั้งแต่เปลี่ยนครั้งล่าสุด")


class ChangedShape(Schema):
    """What became of a letter."""

    id = s.identity()
    version = s.whole(2)
    state = s.one_of(LetterState)


class WithdrawnShape(Schema):
    """A letter that was given up."""

    id = s.identity()
    state = s.one_of(LetterState)


class SignedShape(ChangedShape):
    """The number, the date and the frozen page of a signed letter; where others sign after it, `state` is part-signed
    and the number reserved."""

    number = s.text("ตย 0501/12")
    date = s.day()
    sha256 = s.digest()


class DispatchedShape(Schema):
    """The dispatches of a letter that was sent out."""

    id = s.identity()
    state = s.one_of(LetterState)
    dispatches = s.many(DispatchBrief)


class VerdictShape(Schema):
    """A verdict in parts; null is "cannot be determined"."""

    intact = s.true(none=True)
    valid = s.true(none=True)
    trusted = s.true(none=True)
    in_time = s.true(none=True)
    reasons = s.anything("เหตุผลตามส่วน")
    signer = s.text()
    signed_at = s.moment(none=True)
    problem = s.text("signer-untrusted", none=True)


class EvidenceShape(Schema):
    """Something that is proved about a dispatch."""

    step = s.text("registered")
    at = s.moment()
    noted_at = s.moment()
    evidence = s.one_of(EvidenceKind)
    text = s.text("ลงรับเลขที่ 12")
    counts = s.true("false คือแสดงไว้เท่านั้น ไม่นับเป็นหลักฐาน")
    verdict = s.group(VerdictShape)
    raw = s.text("/api/v1/dispatches/…/receipts/…", "ที่อยู่ของไบต์ดิบ", none=True)


class ReceiptShape(Schema):
    """A receipt, with the link to its raw bytes."""

    step = s.text("registered")
    at = s.moment()
    evidence = s.one_of(EvidenceKind)
    counts = s.true()
    statement = s.anything("ถ้อยแถลงที่ลงตราแล้ว", none=True)
    sha256 = s.digest()
    href = s.text("/api/v1/dispatches/…/receipts/…")


class RegisterMark(Schema):
    """An entry in a register."""

    number = s.text("12")
    year = s.whole(2569, none=True)


class AskedMark(Schema):
    """When the letter was asked back, and what the receiver answered (empty while it has not)."""

    asked_at = s.moment()
    answer = s.value("string", enum=["", "recalled", "recall-refused"])


class AskedBackShape(Schema):
    """Whether a dispatch was stopped before it left, or its receiver asked."""

    id = s.identity()
    state = s.one_of(DispatchState)
    did = s.value("string", enum=["stopped", "asked"])


class DispatchShape(DispatchBrief):
    """A dispatch with everything that is proved about it."""

    letter = s.identity()
    to_mailbox = s.text("saraban@example.go.th")
    speaks_saraban = s.true("ผู้รับตอบด้วยใบตอบรับ")
    created_at = s.moment()
    expires_at = s.moment()
    settled_at = s.moment(none=True)
    problem = s.text()
    failure = s.text()
    proved_by = s.text("receipt", "ชั้นของหลักฐานที่สถานะนี้ตั้งอยู่ link reply และ phone ไม่มีลายมือชื่อ", none=True)
    resends = s.whole(0)
    attempts = s.whole(1)
    next_at = s.moment(none=True)
    last_reply = s.text("250 2.0.0 Ok")
    register = s.group(RegisterMark, none=True)
    stopped_at = s.moment(none=True)
    recall = s.group(AskedMark, none=True)
    replaces = s.value("string", format="uuid", none=True, description="การส่งของเราที่ซองนี้ไปแทน")
    timeline = s.many(EvidenceShape)
    receipts = s.many(ReceiptShape)
