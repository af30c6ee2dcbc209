"""What programs may send: one form for each body and query."""

from __future__ import annotations

from flask_smorest.fields import Upload

from saraban.api.fields import (
    Choice,
    Day,
    Flag,
    Form,
    Group,
    Identity,
    Items,
    Millimetres,
    Moment,
    Sha256,
    Text,
    TextOrGroup,
    Texts,
    Whole,
)
from saraban.domain.classification import Digits, Secrecy, Urgency
from saraban.domain.content import MOST_COSIGNERS
from saraban.domain.enclosures import LONGEST_AMOUNT, LONGEST_TITLE
from saraban.domain.forms import MOST_LETTERS_IN_LINES, RULES, DetailKind
from saraban.domain.receipt import ReasonCode
from saraban.reading.incoming import STATES
from saraban.reading.letters import TABS, TO_NOTE

EXAMPLE_LETTER = {
    "form": "external",
    "subject": "ขอเชิญประชุมคณะทำงานพัฒนาระบบสารบรรณอิเล็กทรอนิกส์",
    "addressed_to": "เรียน อธิบดีกรมตัวอย่าง",
    "body": "ด้วยสำนักงานตัวอย่างกำหนดจัดประชุมคณะทำงาน\n\nจึงเรียนมาเพื่อโปรดพิจารณาเข้าร่วมประชุม",
    "recipients": ["XC0001"],
    "references": [{"number": "ตย 0105/123", "date": "2026-11-02", "from": "กรมตัวอย่าง"}],
    "urgency": "urgent",
    "secrecy": "open",
    "contact": {"unit": "สำนักงานเลขานุการกรม", "phone": "0 2000 0000", "email": "saraban@example.go.th"},
    "response_due": "2026-12-15",
}
_VERSION = {"description": "รุ่นของหนังสือที่ผู้เรียกเห็น ถ้ามีผู้แก้ไขแล้วตอบ 409 concurrent-edit", "example": 3}


class ReferenceForm(Form):
    """A letter that is referred to (อ้างถึง)."""

    number = Text(most=100, required=True, metadata={"example": "ตย 0105/123"})
    date = Day(allow_none=True, metadata={"example": "2026-11-02"})
    sender = Text(most=300, data_key="from", metadata={"example": "กรมตัวอย่าง"})


class ContactForm(Form):
    """The owner unit's lines at the foot of the page."""

    unit = Text(most=300)
    phone = Text(most=100)
    email = Text(most=254)


_REFERENCE = {
    "oneOf": [
        {"type": "string", "example": "ตย 0105/123"},
        {
            "type": "object",
            "required": ["number"],
            "additionalProperties": False,
            "properties": {
                "number": {"type": "string", "example": "ตย 0105/123"},
                "date": {"type": ["string", "null"], "format": "date"},
                "from": {"type": "string"},
            },
        },
    ]
}


_WRITTEN = {
    DetailKind.LINE: "",
    DetailKind.LINES: " (หลายบรรทัด)",
    DetailKind.DAY: " (วันที่ เช่น 2026-11-26)",
    DetailKind.TIME: " (เวลา เช่น 09.30)",
}
_DETAILS = "ช่องที่มีเฉพาะบางแบบ ส่งทั้งชุด ช่องที่แบบไม่มีถูกปฏิเสธ: " + "; ".join(
    f"{rule.form.value}: "
    + ", ".join(f"{d.key} {d.thai}{_WRITTEN[d.kind]}{' ต้องมี' if d.required else ''}" for d in rule.details)
    for rule in RULES.values()
    if rule.details
)
_FORMS = "แบบหนังสือ เปลี่ยนแบบแล้ว ช่องที่แบบใหม่ไม่มีถูกล้าง: " + ", ".join(
    f"{rule.form.value} {rule.form.thai}" for rule in RULES.values()
)

_BODY = "Markdown ส่วนย่อย: บรรทัดว่างขึ้นย่อหน้าใหม่ **หนา** ตารางแบบ | และ --- ขึ้นหน้าใหม่"


_COSIGNERS = (
    "รหัสตำแหน่ง (GET /positions) ของผู้ลงนามร่วมตามลำดับ ลงนามก่อนผู้ลงนามของเส้นทาง "
    "minutes มีได้คนเดียวคือผู้จดรายงานการประชุม เฉพาะแบบ: "
    + ", ".join(rule.form.value for rule in RULES.values() if rule.has("cosigners"))
)


class ContentForm(Form):
    """What the drafter writes; with Arabic digits, dates in the common era."""

    form = Choice(RULES, metadata={"description": _FORMS})
    subject = Text(most=500, metadata={"description": "เรื่อง"})
    addressed_to = Text(most=500, metadata={"description": "คำขึ้นต้นและผู้รับ", "example": "เรียน อธิบดีกรมตัวอย่าง"})
    body = Text(most=60_000, line=False, metadata={"description": _BODY})
    recipients = Items(Text(most=100), most=10_000, metadata={"description": "รหัสส่วนราชการผู้รับในทำเนียบ"})
    references = Items(
        TextOrGroup(ReferenceForm, short="number", metadata=_REFERENCE),
        most=50,
        metadata={"description": "อ้างถึง: ข้อความ (เลขที่) หรือ object"},
    )
    urgency = Choice(Urgency, metadata={"description": "ชั้นความเร็ว"})
    secrecy = Choice(Secrecy, metadata={"description": "ชั้นความลับ"})
    contact = Group(ContactForm)
    response_due = Day(allow_none=True, metadata={"description": "ขอให้ตอบภายในวันที่"})
    purpose = Choice(("action", "information"), metadata={"description": "เพื่อดำเนินการ หรือเพื่อทราบ"})
    closing = Text(most=200, metadata={"description": "คำลงท้าย"})
    circular = Flag(metadata={"description": "หนังสือเวียน ออกเลขด้วย ว จากชุดเลขหนังสือเวียน ถ้าส่วนราชการมี"})
    digits = Choice(Digits, allow_none=True, metadata={"description": "ตัวเลขที่พิมพ์ null คือตามที่ส่วนราชการตั้งไว้"})
    cosigners = Items(Identity(), most=MOST_COSIGNERS, metadata={"description": _COSIGNERS})
    typist = Text(most=100, metadata={"description": "ผู้พิมพ์ ในสำเนาคู่ฉบับ ไม่ส่งคือผู้ร่าง"})
    details = Texts(most=MOST_LETTERS_IN_LINES, metadata={"description": _DETAILS, "example": {"edition": "2"}})


_FILLED = "ค่าของฟิลด์ในแบบตามชื่อ วันที่เป็น ค.ศ. เช่น 2026-11-26 ช่องที่ต้องเติมแต่ไม่ส่งค้างเป็น {{ชื่อฟิลด์}} ในร่าง"


class LetterDraft(ContentForm):
    """A new draft."""

    unit = Text(most=100, metadata={"description": "รหัสหน่วยงานเจ้าของเรื่อง ไม่ส่งคือหน่วยงานของผู้เรียก"})
    template = Identity(metadata={"description": "แบบที่ใช้เริ่มร่าง ช่องอื่นที่ส่งมาแทนของแบบ"})
    fields_ = Texts(most=10_000, data_key="fields", attribute="fields", metadata={"description": _FILLED})


class EnclosureForm(Form):
    """How a file that is attached is listed; without a title by its name, without an amount as one set."""

    sha256 = Text(most=64, required=True, metadata={"description": "ของไฟล์ใน files"})
    title = Text(most=LONGEST_TITLE, metadata={"description": "ชื่อที่พิมพ์", "example": "กำหนดการประชุม"})
    amount = Text(most=LONGEST_AMOUNT, metadata={"description": "จำนวนที่พิมพ์", "example": "2 แผ่น"})


class LetterRevision(ContentForm):
    """A change of a draft: only the fields that are sent."""

    enclosures = Items(Group(EnclosureForm), most=50, metadata={"description": "ชื่อและจำนวนของสิ่งที่ส่งมาด้วย ส่งทั้งชุด"})

    version = Whole(least=1, required=True, metadata=_VERSION)
    unit = Text(most=100, metadata={"description": "รหัสหน่วยงานเจ้าของเรื่อง เมื่อเปลี่ยน"})


class VersionForm(Form):
    """The version that the caller has seen."""

    version = Whole(least=1, allow_none=True, metadata=_VERSION)


class EndorseForm(VersionForm):
    """An officer's words."""

    note = Text(most=4000, line=False, metadata={"description": "ข้อความเกษียน", "example": "เห็นชอบ เสนอเพื่อลงนาม"})


class ReturnForm(VersionForm):
    """Why the letter goes back."""

    reason = Text(most=4000, line=False, required=True, metadata={"example": "ขอให้แก้กำหนดวันประชุม"})


class SendBackForm(ReturnForm):
    """Why the letter goes back, and how far."""

    to = Whole(least=1, allow_none=True, metadata={"description": "ordinal ของลำดับที่ผ่านแล้ว ไม่ส่งคือถึงผู้ร่าง"})


_PAGE = "SHA-256 ของหน้าที่ผู้เรียกเห็น ต้องส่งเมื่อมีผู้ลงนามก่อนหน้าแล้ว (part_signed.page)"


class SignForm(VersionForm):
    """The passphrase of the head's signing key. It is used for this call and kept nowhere."""

    passphrase = Text(most=1000, required=True, metadata={"format": "password"})
    page = Sha256(allow_none=True, metadata={"description": _PAGE})


class SpotForm(Form):
    """A place on a page: the page from 1, and millimetres from its upper left corner."""

    page = Whole(least=1, most=10_000, required=True)
    left_mm = Millimetres(required=True)
    top_mm = Millimetres(required=True)


class PlacesForm(VersionForm):
    """Where the marks go on a ready page; null puts one nowhere, what is not sent stays."""

    number = Group(SpotForm, allow_none=True)
    date = Group(SpotForm, allow_none=True)
    signature = Group(SpotForm, allow_none=True)


class CertifyForm(Form):
    """The passphrase of the caller's signing key. It is used for this call and kept nowhere. `spares_citizen`: the copy
    is made in place of one that a citizen would be asked for, free of charge, and says so."""

    passphrase = Text(most=1000, required=True, metadata={"format": "password"})
    spares_citizen = Flag(load_default=False)


class NothingForm(Form):
    """An empty object."""


class RefuseForm(Form):
    """Why an incoming letter is sent back."""

    code = Choice(ReasonCode, required=True, metadata={"example": "not-addressee"})
    text = Text(
        most=1000,
        line=False,
        metadata={"example": "เรื่องนี้อยู่ในอำนาจของหน่วยงานอื่น", "description": "ผู้ส่งได้อ่าน ผู้ยื่นเรื่องจากประชาชนอ่านในหน้าติดตาม"},
    )
    responsible = Text(most=200, metadata={"description": "หน่วยงานที่รับผิดชอบ บอกผู้ยื่นเรื่องจากประชาชน"})


class ReleaseForm(Form):
    """Why a held letter is let in."""

    reason = Text(most=1000, line=False, required=True, metadata={"example": "ตรวจสอบกับผู้ส่งทางโทรศัพท์แล้ว"})


class MailLetterForm(Form):
    """What a letter in ordinary mail is called, and which of its files belong to it."""

    subject = Text(most=500, required=True, metadata={"example": "ขอเชิญประชุม"})
    sender = Text(most=200, required=True, metadata={"example": "โรงเรียนบ้านสวน"})
    number = Text(most=100, load_default="", metadata={"example": "ศธ 0412/77"})
    date = Day(load_default=None, metadata={"example": "2026-11-20"})
    addressed_to = Text(most=300, load_default="", metadata={"example": "เรียน อธิบดีกรมตัวอย่าง"})
    urgency = Choice(Urgency, load_default="normal")
    files = Items(Text(most=64), most=50, metadata={"description": "SHA-256 ของไฟล์ที่เป็นของหนังสือ ตามลำดับ"})
    answer = Flag(load_default=True)


class UploadForm(Form):
    """A file, and what it is to its letter."""

    file = Upload(required=True, error_messages={"required": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})
    role = Choice(("enclosure", "letter"), load_default="enclosure", metadata={"description": "สิ่งที่ส่งมาด้วย หรือตัวหนังสือ"})


class WordForm(Form):
    """A Word file whose text is asked for."""

    file = Upload(required=True, error_messages={"required": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})


EXAMPLE_ENTRY = {
    "number": "กค 0408/123",
    "date": "2026-11-20",
    "from": "กรมบัญชีกลาง",
    "to": "อธิบดี",
    "subject": "ซักซ้อมความเข้าใจแนวทางปฏิบัติในการจัดซื้อจัดจ้าง",
}


class EntryForm(Form):
    """A paper letter for a register."""

    number = Text(most=100, load_default="", metadata={"description": "ที่ของหนังสือ (ทะเบียนส่งออกเลขให้เอง)"})
    date = Day(load_default=None, allow_none=True, metadata={"description": "ลงวันที่"})
    sender = Text(most=300, data_key="from", load_default="")
    to = Text(most=300, load_default="", metadata={"description": "ไม่ส่งคือส่วนราชการหรือหน่วยงานเจ้าของทะเบียน"})
    subject = Text(most=500, load_default="")
    urgency = Choice(Urgency, load_default=Urgency.NORMAL.value)
    secrecy = Choice(Secrecy, load_default=Secrecy.OPEN.value)
    received_at = Moment(
        load_default=None, allow_none=True, metadata={"description": "วันเวลาที่รับหรือส่งจริง เมื่อลงทะเบียนย้อน"}
    )
    practice = Text(most=500, line=False, load_default="")
    note = Text(most=1000, line=False, load_default="")
    origin = Choice(("paper", "counter", "before"), load_default="paper", metadata={"description": "ช่องทาง"})
    serial = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"description": "เลขทะเบียนเดิม เฉพาะหนังสือที่มีอยู่ก่อนใช้ระบบ (origin เป็น before)"},
    )
    year = Whole(least=2400, most=2999, load_default=None, allow_none=True, metadata={"description": "ปีของเลขเดิม"})
    again = Flag(load_default=False, metadata={"description": "true เมื่อเทียบแล้วว่าไม่ใช่ฉบับเดียวกัน"})


class KeeperQuery(Form):
    """Whose book."""

    unit = Text(most=100, load_default="", metadata={"description": "รหัสหน่วยงานที่มีทะเบียนของตนเอง"})


class PageQuery(Form):
    """Which part of a list."""

    q = Text(most=200, load_default="", metadata={"description": "คำค้น"})
    cursor = Text(most=500, metadata={"description": "ค่า next ของหน้าก่อน"})
    limit = Whole(least=1, most=200, in_query=True, load_default=50, metadata={"description": "จำนวนรายการต่อหน้า"})


class CursorQuery(Form):
    """Which part of a list that is not searched."""

    cursor = Text(most=500, metadata={"description": "ค่า next ของหน้าก่อน"})
    limit = Whole(least=1, most=200, in_query=True, load_default=100, metadata={"description": "จำนวนรายการต่อหน้า"})


class LettersQuery(PageQuery):
    """Which outgoing letters."""

    tab = Choice((*TABS, TO_NOTE), load_default="all")


class IncomingQuery(PageQuery):
    """Which incoming letters."""

    state = Choice(STATES, load_default="all")


class ComparisonsQuery(Form):
    """Which comparisons of registers."""

    side = Choice(("ours", "theirs"), load_default="ours", metadata={"description": "ours ที่เราขอ theirs ที่อีกฝ่ายขอ"})
    cursor = Text(most=500, metadata={"description": "ค่า next ของหน้าก่อน"})
    limit = Whole(least=1, most=200, in_query=True, load_default=50, metadata={"description": "จำนวนรายการต่อหน้า"})


class CompareForm(Form):
    """With whom to compare, and which days."""

    agency = Text(most=100, required=True, metadata={"description": "รหัสส่วนราชการในทำเนียบ", "example": "XC0001"})
    since = Day(required=True, metadata={"description": "วันแรก", "example": "2026-11-01"})
    until = Day(required=True, metadata={"description": "วันสุดท้าย รวมวันนี้ด้วย ไม่เกิน 366 วัน", "example": "2026-11-30"})


class RemedyForm(Form):
    """A remedy and the dispatches that it is for."""

    remedy = Choice(("send-again", "ask-again", "number-wrong"), required=True)
    dispatches = Items(Identity(), most=500, required=True, metadata={"description": "รหัสการส่ง"})


def _asked(description: str) -> Text:
    """A filter of a list; what it may hold is read, and refused by its name, where lists are."""
    return Text(most=200, load_default="", metadata={"description": description})


class EntriesQuery(PageQuery):
    """Which lines of a register."""

    year = Whole(least=2400, most=2999, in_query=True, metadata={"description": "ปี พ.ศ. ไม่ส่งคือปีปัจจุบัน", "example": 2569})
    unit = Text(most=100, metadata={"description": "รหัสหน่วยงานที่มีทะเบียนของตนเอง"})
    number = _asked("เลขที่หนังสือในรูปแบบใดก็ได้ หรือบางส่วน")
    dated_from = _asked("ลงวันที่ตั้งแต่ (ค.ศ. เช่น 2026-11-23)")
    dated_to = _asked("ลงวันที่ถึง")
    sender = _asked("คำในช่องจาก")
    addressee = _asked("คำในช่องถึง")
    subject = _asked("คำในเรื่อง")
    practice = _asked("คำในการปฏิบัติ")
    note = _asked("คำในหมายเหตุ")
    urgency = _asked("ชั้นความเร็ว: normal urgent very-urgent most-urgent")
    secrecy = _asked("ชั้นความลับ: open confidential secret")
    state = _asked("สถานะ: used reserved void")
    origin = _asked("ทางที่มา: system paper counter before")
    entered_from = _asked("วันที่ลงทะเบียนตั้งแต่ (ค.ศ.)")
    entered_to = _asked("วันที่ลงทะเบียนถึง")
    entered_by = _asked("คำในชื่อผู้ลงทะเบียน")
    owner = _asked("รหัสหน่วยงานเจ้าของเรื่อง")
    late = _asked("ลงย้อนหลัง: yes no")
    corrected = _asked("แก้ไขแล้ว: yes no")
    since = _asked("เลขทะเบียนตั้งแต่")
    until = _asked("เลขทะเบียนถึง")


class DirectoryQuery(PageQuery):
    """Which agencies."""

    q = Text(most=200, load_default="", metadata={"description": "ชื่อ ชื่อย่อ รหัส หรือที่อยู่ไปรษณีย์อิเล็กทรอนิกส์"})
