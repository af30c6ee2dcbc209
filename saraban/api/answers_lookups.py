"""What programs ask about documents of other agencies, and what they are answered."""

from __future__ import annotations

from marshmallow import Schema

from saraban.api import shapes as s
from saraban.api.answers_received import page_of
from saraban.api.fields import Choice, Day, Form, Text, Whole
from saraban.domain.issued_kind import LookupPolicy
from saraban.domain.lookup import Outcome, Want, Why

_WHYS = (Why.BASIS_LACKING.value, Why.PURPOSE_UNFIT.value, Why.OTHER.value)
_CURSOR = {"description": "ค่า next ของหน้าก่อน"}


class LookupsQuery(Form):
    """Which questions."""

    side = Choice(("ours", "theirs"), load_default="ours", metadata={"description": "ours ที่เราขอ theirs ที่อีกฝ่ายขอ"})
    cursor = Text(most=500, metadata=_CURSOR)
    limit = Whole(least=1, most=200, in_query=True, load_default=50, metadata={"description": "จำนวนรายการต่อหน้า"})


class LookupLogQuery(Form):
    """Which lines of the auditor's list."""

    q = Text(most=200, load_default="", metadata={"description": "คำในผู้ขอ หน่วยงาน ชนิด วัตถุประสงค์ หรือฐานกฎหมาย"})
    since = Day(metadata={"description": "วันแรก"})
    until = Day(metadata={"description": "วันสุดท้าย รวมวันนี้ด้วย"})
    cursor = Text(most=500, metadata=_CURSOR)
    limit = Whole(least=1, most=200, in_query=True, load_default=80, metadata={"description": "จำนวนรายการต่อหน้า"})


class SparedQuery(Form):
    """Which months."""

    since = Day(required=True, metadata={"description": "วันแรก", "example": "2026-10-01"})
    until = Day(required=True, metadata={"description": "วันสุดท้าย รวมวันนี้ด้วย", "example": "2027-09-30"})


class KindsToAskQuery(Form):
    """Of which agency."""

    agency = Text(most=100, load_default="", metadata={"description": "รหัสหน่วยงานผู้ออก ไม่ส่งคือทุกแห่งที่รู้"})


class AskIssuerForm(Form):
    """What is asked. One of number and holder_id is needed; both together ask whether they belong together."""

    agency = Text(most=100, required=True, metadata={"description": "รหัสหน่วยงานผู้ออกในทำเนียบ", "example": "XC0001"})
    document_kind = Text(most=200, required=True, metadata={"description": "รหัสหรือชื่อชนิดเอกสารของผู้ออก"})
    number = Text(most=100, load_default="", metadata={"description": "เลขที่เอกสาร"})
    holder_id = Text(most=60, load_default="", metadata={"description": "เลขประจำตัวผู้ถือ เฉพาะเมื่อจำเป็น"})
    want = Choice(tuple(one.value for one in Want), load_default="state")
    purpose = Text(most=1000, required=True, line=False, metadata={"description": "วัตถุประสงค์"})
    legal_basis = Text(most=500, required=True, line=False, metadata={"description": "กฎหมายที่ให้อำนาจ"})


class AnswerLookupForm(Form):
    """What a clerk gives."""

    gives = Choice(tuple(one.value for one in Want), load_default="state")
    keep_days = Whole(
        least=1, most=3650, load_default=None, metadata={"description": "ผู้ขอเก็บไว้ได้กี่วัน ไม่ส่งคือที่หน่วยงานตั้งไว้"}
    )


class RefuseLookupForm(Form):
    """Why a clerk gives nothing; `other` needs words."""

    why = Choice(_WHYS, required=True)
    text = Text(most=1000, load_default="", line=False)


class LookupLine(Schema):
    """A question in a list. `state` is "sealing", "sending", "failed", "asked", "late", or the outcome."""

    id = s.identity()
    agency = s.text("XC0001")
    name = s.text("กรมตัวอย่าง")
    ours = s.true("true เมื่อเราเป็นผู้ขอ")
    document_kind = s.text("license")
    number = s.text("ทส 1009/45")
    holder = s.text("•••••••••0121")
    want = s.one_of(Want)
    purpose = s.text("ประกอบการพิจารณาคำขออนุญาต")
    legal_basis = s.text("พ.ร.บ. การอำนวยความสะดวก พ.ศ. 2558 มาตรา 7")
    asked_at = s.moment()
    asked_by = s.text("นางสาวสมใจ ใจดี")
    asked_for = s.text("กองอนุญาต")
    expires_at = s.moment()
    state = s.value("string", enum=["sealing", "sending", "failed", "asked", "late", *(one.value for one in Outcome)])
    answered_at = s.moment(none=True)
    answered_by = s.text("")
    keep_until = s.day(none=True)


LookupLines = page_of(LookupLine)


class LookedUpFile(Schema):
    """A file that came with the answer."""

    name = s.text("document-1.pdf")
    media_type = s.text("application/pdf")
    size = s.whole(91234)
    sha256 = s.digest()


class LookedUpDocument(Schema):
    """What the issuer says of one document: it is valid, suspended, cancelled, replaced, expired, or a later word."""

    kind = s.text("license")
    name = s.text("ใบอนุญาตตัวอย่าง")
    number = s.text("ทส 1009/45")
    state = s.text("valid")
    issued_on = s.day(none=True)
    valid_until = s.day(none=True)
    replaced_by = s.text("")
    verify = s.text("https://onep.example/v/abcdefghijklmnopqrst")
    file = s.group(LookedUpFile, none=True)


class KindOffered(Schema):
    """A kind that the issuer may be asked about."""

    code = s.text("license")
    name = s.text("ใบอนุญาตตัวอย่าง")


class KindToAsk(KindOffered):
    """The same with the issuer."""

    agency = s.text("XC0001")


class KindsToAsk(Schema):
    """Kinds that may be asked about."""

    items = s.many(KindToAsk)


class RefusalShape(Schema):
    """Why the issuer gives nothing."""

    code = s.one_of(Why)
    text = s.text("")


class ForeseenShape(Schema):
    """What the caller would answer now, with the files that would go when they are given. `other_holder`: there is a
    document of this number, and another's."""

    state = s.one_of(Outcome)
    documents = s.many(LookedUpDocument)
    truncated = s.true("มีมากกว่าสิบฉบับ")
    other_holder = s.true("มีเอกสารเลขที่นี้ แต่เป็นของผู้ถืออื่น")
    policy = s.one_of(LookupPolicy)


class LookupShape(LookupLine):
    """A question with its answer. `seal` is the verdict in parts on the issuer's seal; `foreseen` what would be
    answered, for who may answer while it waits."""

    documents = s.many(LookedUpDocument)
    truncated = s.true("มีมากกว่าสิบฉบับ")
    reason = s.group(RefusalShape, none=True)
    kinds = s.many(KindOffered)
    seal = s.anything("ผลการตรวจตราของผู้ออกเป็นส่วน ๆ", none=True)
    forgotten_at = s.moment(none=True)
    may_answer = s.may()
    foreseen = s.group(ForeseenShape, none=True)


class SparedLine(Schema):
    """A month: copies that our officers did not ask for, that others did not ask for because we answered, and that
    officers made in place of a citizen's."""

    month = s.day()
    asked = s.whole(12)
    answered = s.whole(3)
    made = s.whole(2)


class SparedShape(Schema):
    """The months in which there were any."""

    items = s.many(SparedLine)
