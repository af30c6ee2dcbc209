"""What the API answers about incoming letters, registers, searches, the directory and the caller: the shapes."""

from __future__ import annotations

from marshmallow import Schema

from saraban.api import shapes as s
from saraban.api.answers import FileShape, HistoryShape, NamedShape, PartyShape, VerdictShape
from saraban.api.deadlines import DeadlineShape
from saraban.domain.agency import PositionRole
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.incoming import IncomingState
from saraban.domain.receipt import ReasonCode, Step
from saraban.domain.register import EntryState


class FindingShape(Schema):
    """What one check of the screening found."""

    check = s.text("seal_not_trusted")
    code = s.text("signer-untrusted")
    thai = s.text("ตราประทับไม่ใช่ของส่วนราชการในทำเนียบ")
    blocking = s.true("true คือเหตุที่พักหนังสือไว้")


class ReceivedMark(Schema):
    """The entry in the receiving register."""

    number = s.whole(12)
    year = s.whole(2569)
    at = s.moment()


class RefusedMark(Schema):
    """Why it was sent back."""

    code = s.text("not-addressee")
    text = s.text()


class IncomingLine(Schema):
    """A line of the list of incoming letters."""

    id = s.identity()
    state = s.one_of(IncomingState)
    number = s.text("ตย 0105/123")
    date = s.day(none=True)
    subject = s.text("ขอเชิญประชุม")
    sender = s.group(PartyShape, key="from")
    received_at = s.moment()
    deadline = s.group(DeadlineShape, none=True)
    urgency = s.one_of(Urgency)
    secrecy = s.one_of(Secrecy)
    ordinary = s.true("ไปรษณีย์ธรรมดาที่ไม่มีซองของระบบ")
    reasons = s.many(FindingShape)
    register = s.group(ReceivedMark, none=True)
    file_count = s.whole(2)
    copies = s.whole(0)
    answered_invalid = s.true("แจ้งผู้ส่งแล้วว่าซองใช้ไม่ได้")
    unread = s.true("ผู้เรียกยังไม่อ่านตั้งแต่เปลี่ยนครั้งล่าสุด")


class GivenShape(Schema):
    """A statement that we owe or gave its sender."""

    id = s.identity()
    step = s.one_of(Step)
    made_at = s.moment()
    sent_at = s.moment(none=True)
    state = s.text("sent", "สถานะในกล่องออก", none=True)
    sha256 = s.digest(none=True)


class RecallMark(Schema):
    """Its sender asks for it back: when, why, and what was answered (empty while nobody has)."""

    asked_at = s.moment()
    reason = s.text("ส่งผิดฉบับ")
    answer = s.value("string", enum=["", "recalled", "recall-refused"])
    words = s.text()


class ForwardMark(Schema):
    """To whom it went on, and by which dispatch of ours."""

    to = s.text("XC0002")
    to_name = s.text("กรมตัวอย่าง")
    dispatch = s.identity()


class IncomingMay(Schema):
    """What the caller may do with the incoming letter now."""

    register = s.may()
    refuse = s.may()
    release = s.may()
    make_letter = s.may()
    tell_number = s.may()
    forward = s.may()
    answer_recall = s.may()
    complete = s.may()


class IncomingShape(IncomingLine):
    """An incoming letter with all its parts."""

    version = s.whole(1)
    form = s.one_of(Form)
    addressed_to = s.text("เรียน อธิบดีกรมตัวอย่าง")
    text = s.text()
    dispatch_id = s.value("string", format="uuid", none=True)
    about = s.value("string", format="uuid", none=True, description="หนังสือที่ผู้ส่งแจ้งว่าเลขรับไม่ตรง")
    details = s.anything("ส่วนอื่นของบัญชีแนบซอง")
    findings = s.many(FindingShape)
    seal = s.group(VerdictShape, none=True)
    outer = s.group(VerdictShape, none=True)
    files = s.many(FileShape)
    raw = s.digest()
    refused = s.group(RefusedMark, none=True)
    recall = s.group(RecallMark, none=True)
    forwarded = s.group(ForwardMark, none=True)
    replaces = s.value("string", format="uuid", none=True, description="การส่งของผู้ส่งที่ฉบับนี้มาแทน")
    replaced_by = s.value("string", format="uuid", none=True, description="หนังสือเข้าที่มาแทนฉบับนี้")
    completed_at = s.moment(none=True)
    statements = s.many(GivenShape)
    history = s.many(HistoryShape)
    may = s.group(IncomingMay)


class RegisteredShape(Schema):
    """The receiving number, its Buddhist year and the moment."""

    id = s.identity()
    state = s.one_of(IncomingState)
    number = s.whole(12)
    year = s.whole(2569)
    at = s.moment()


class RegisteredEntry(Schema):
    """The number of a line, its Buddhist year and the moment."""

    number = s.whole(12)
    year = s.whole(2569)
    at = s.moment()


class EnteredLetter(RegisteredEntry):
    """The line of a letter on paper."""

    id = s.identity()
    letter_number = s.text("กค 0408/123", "ที่ของหนังสือ หรือเลขที่ทะเบียนส่งออกให้")


class IncomingChanged(Schema):
    """What became of an incoming letter."""

    id = s.identity()
    state = s.one_of(IncomingState)


class NumberToldShape(IncomingChanged):
    """The receiving number that the sender was told again, and its Buddhist year."""

    number = s.whole(12)
    year = s.whole(2569)


class ForwardedShape(IncomingChanged):
    """To whom a letter went on, and by which dispatch."""

    to = s.text("XC0002", "รหัสส่วนราชการที่ส่งต่อ")
    dispatch = s.identity()


class RecallAnsweredShape(IncomingChanged):
    """What its sender was answered."""

    answer = s.value("string", enum=["recalled", "recall-refused"])


class CompletedShape(IncomingChanged):
    """When the matter was closed."""

    completed_at = s.moment(none=True)


class RefusedShape(IncomingChanged):
    """A letter that was sent back."""

    code = s.one_of(ReasonCode)


class EntryLine(Schema):
    """A line of a register (forms 13 and 14)."""

    id = s.identity()
    number = s.whole(12)
    year = s.whole(2569)
    state = s.one_of(EntryState)
    letter_number = s.text("ตย 0105/123")
    letter_date = s.day(none=True)
    sender = s.text("กรมตัวอย่าง", key="from")
    to = s.text("อธิบดี")
    subject = s.text("ขอเชิญประชุม")
    practice = s.text()
    note = s.text()
    urgency = s.one_of(Urgency)
    secrecy = s.one_of(Secrecy)
    at = s.moment()
    entered_by = s.text("นายสมชาย ใจตัวอย่าง")
    letter = s.value("string", format="uuid", none=True)
    void_reason = s.text()
    masked = s.true("true คือรายการชั้นความลับที่ปิดข้อความไว้")


class AgencyShape(Schema):
    """An agency of the directory."""

    code = s.text("XC0001")
    name = s.text("กรมตัวอย่าง")
    name_en = s.text("Department of Examples")
    abbr = s.text("ตย")
    mailbox = s.text("saraban@example.go.th")
    speaks_saraban = s.true("ตอบด้วยใบตอบรับที่ลงตรา")
    max_bytes = s.whole(20_000_000)
    hosted = s.true("อยู่ในระบบนี้")


class MeShape(Schema):
    """The person for whom the token speaks."""

    id = s.identity()
    name = s.text("นายสมชาย ใจตัวอย่าง")
    title = s.text("เจ้าพนักงานธุรการ")
    role = s.one_of(PositionRole)
    unit = s.group(NamedShape)
    agency = s.group(PartyShape)
    clearance = s.true("เปิดอ่านหนังสือชั้นความลับของหน่วยงานได้")


def page_of(line: type[Schema]) -> type[Schema]:
    """The shape of a page of a list: its items and the cursor of the next page."""
    name = line.__name__.removesuffix("Line").removesuffix("Shape") + "Page"
    parts = {"items": s.many(line), "next": s.text(description="ตัวชี้หน้าถัดไป", none=True)}
    return type(name, (Schema,), {"__doc__": f"A page of {line.__name__}.", **parts})
