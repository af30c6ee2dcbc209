"""What programs send about documents for people, and what they are answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from saraban.api import shapes as s
from saraban.api.fields import Choice, Flag, Form, Group, Identity, Items, Text, Texts, Whole
from saraban.domain.issued import Follows, IssuedState
from saraban.domain.issued_field import LONGEST_LINE, MOST_CHOICES, FieldType
from saraban.domain.issued_kind import (
    MOST_ANSWERERS,
    MOST_APPROVERS,
    MOST_FIELDS,
    MOST_PILOT,
    LookupPolicy,
    Marks,
    Stage,
    Validity,
)
from saraban.domain.verification import DocumentState
from saraban.reading import issued as rows


class KindFieldForm(Form):
    """A field that is asked for; `key` is the name of its blank in the text."""

    key = Text(most=60, required=True)
    label = Text(most=LONGEST_LINE, load_default="")
    label_en = Text(most=LONGEST_LINE, load_default="")
    type = Choice(FieldType, load_default="text")
    required = Flag(load_default=True)
    public = Flag(load_default=False, metadata={"description": "หน้าตรวจสอบสาธารณะแสดง"})
    in_register = Flag(load_default=False, metadata={"description": "ทะเบียนสาธารณะแสดงด้วย เฉพาะช่องที่ public"})
    choices = Items(Text(most=LONGEST_LINE), most=MOST_CHOICES, load_default=list)
    hint = Text(most=LONGEST_LINE, load_default="")


class KindForm(Form):
    """What is said about a kind: only what is sent is changed."""

    code = Text(most=20)
    name_th = Text(most=LONGEST_LINE)
    name_en = Text(most=LONGEST_LINE)
    title = Text(most=LONGEST_LINE)
    text = Text(most=20_000, line=False)
    fields_ = Items(Group(KindFieldForm), most=MOST_FIELDS, data_key="fields", attribute="fields")
    holder_id_required = Flag()
    series = Text(most=80)
    units = Items(Identity(), most=500, metadata={"description": "หน่วยงานที่ออกได้ ว่างคือทุกหน่วยงาน"})
    approvers = Items(
        Identity(),
        most=MOST_APPROVERS,
        metadata={"description": "ตำแหน่งที่อนุมัติ ตามลำดับ ว่างคือเสนอผู้ลงนามโดยตรง"},
    )
    signer_id = Identity(allow_none=True, data_key="signer")
    marks = Choice(Marks)
    validity = Choice(Validity)
    validity_amount = Whole(least=1, most=1200)
    is_public = Flag()
    holder_public = Flag()
    may_download = Flag()
    in_register = Flag(metadata={"description": "แสดงในทะเบียนสาธารณะ เฉพาะชนิดที่ is_public"})
    holder_in_register = Flag(metadata={"description": "ทะเบียนแสดงชื่อผู้ถือ เฉพาะชนิดที่ holder_public"})
    lookup = Choice(LookupPolicy)
    answer_units = Items(
        Identity(), most=MOST_ANSWERERS, metadata={"description": "หน่วยงานที่ตอบคำขอตรวจของส่วนราชการอื่น เมื่อต้องให้คนตอบ"}
    )
    answer_posts = Items(
        Identity(),
        most=MOST_ANSWERERS,
        metadata={"description": "ตำแหน่งที่ตอบ ว่างทั้งสองคือเจ้าหน้าที่สารบรรณกลางหรือนายทะเบียน"},
    )
    stage = Choice(Stage)
    pilot_most = Whole(least=1, most=MOST_PILOT)
    version = Whole(least=1, metadata={"description": "ที่ผู้เรียกเห็น ไม่ส่งคือไม่ตรวจ"})


class KindMaking(KindForm):
    """A new kind."""

    code = Text(most=20, required=True)
    name_th = Text(most=LONGEST_LINE, required=True)
    text = Text(most=20_000, line=False, required=True)


class IssuedSaidForm(Form):
    """What is to stand on a document."""

    holder_name = Text(most=200, required=True)
    holder_id = Text(most=40, load_default="")
    fields_ = Texts(most=20_000, load_default=dict, data_key="fields", attribute="fields")
    version = Whole(least=1, load_default=None, allow_none=True)


class IssuedMaking(IssuedSaidForm):
    """A new document of a kind."""

    kind = Identity(required=True)


class IssuedFollowing(Form):
    """The document that will renew or replace one; what is not sent is taken from that one."""

    how = Choice(Follows, required=True)
    holder_name = Text(most=200)
    holder_id = Text(most=40)
    fields_ = Texts(most=20_000, data_key="fields", attribute="fields")


class IssuedWhyForm(Form):
    """A reason."""

    reason = Text(most=500, line=False, required=True)
    version = Whole(least=1, load_default=None, allow_none=True)


class IssuedSignForm(Form):
    """The passphrase of the signer's key. It is used for this call and kept nowhere."""

    passphrase = Text(most=1000, required=True, metadata={"format": "password"})
    version = Whole(least=1, load_default=None, allow_none=True)


class IssuedQuery(Form):
    """Which documents."""

    show = Choice(rows.Show, load_default="all")
    kind = Identity(load_default=None)
    q = Text(most=200, load_default="")
    cursor = Text(most=500, load_default="")
    limit = Whole(least=1, most=200, in_query=True, load_default=50)


class KindFieldShape(Schema):
    """A field of a kind."""

    key = s.text("หลักสูตร")
    label = s.text("")
    label_en = s.text("Course")
    type = s.one_of(FieldType)
    required = s.true()
    public = s.true()
    in_register = s.true()
    choices = s.texts()
    hint = s.text()


class KindShape(Schema):
    """A kind with its counts."""

    id = s.identity()
    version = s.whole(1)
    edition = s.whole(1)
    code = s.text("CERT-01")
    name_th = s.text("หนังสือรับรองการอบรม")
    name_en = s.text("Certificate of training")
    title = s.text("")
    text = s.text("รับรองว่า {{ชื่อผู้ถือ}}")
    fields_ = fields.List(fields.Nested(KindFieldShape), required=True, attribute="fields", data_key="fields")
    holder_id_required = s.true()
    series = s.text("รบ. {{เลข}}/{{ปี}}")
    units = s.texts()
    approvers = s.texts()
    signer = s.identity(none=True)
    marks = s.one_of(Marks)
    validity = s.one_of(Validity)
    validity_amount = s.whole(12)
    is_public = s.true()
    holder_public = s.true()
    may_download = s.true()
    in_register = s.true()
    holder_in_register = s.true()
    lookup = s.one_of(LookupPolicy)
    answer_units = s.texts()
    answer_posts = s.texts()
    stage = s.one_of(Stage)
    pilot_most = s.whole(50)
    issued = s.whole(12)
    in_work = s.whole(3)
    may_issue = s.may()


class KindList(Schema):
    """Kinds."""

    items = s.many(KindShape)


class IssuedShape(Schema):
    """A document."""

    id = s.identity()
    kind = s.identity()
    kind_code = s.text("CERT-01")
    version = s.whole(1)
    state = s.one_of(IssuedState)
    public_state = s.value("string", none=True, enum=[*(one.value for one in DocumentState), None])
    holder_name = s.text("นายเอก ใจดี")
    holder_id = s.text("")
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, attribute="fields", data_key="fields"
    )
    note = s.text("", "เหตุที่ส่งคืน")
    number = s.text("รบ. 1/2569")
    issued_on = s.day(none=True)
    valid_until = s.day(none=True)
    approved_by = s.text("")
    signed_by = s.text("")
    sha256 = s.text(None, none=True)
    level = s.text("B-LT", "ลายมือชื่อพิสูจน์ได้ถึงระดับใด (PAdES) ว่างก่อนออก")
    untimed = s.text("", "เหตุที่ไม่มีตราประทับเวลา แม้ตั้งผู้ประทับรับรองเวลาไว้")
    code = s.text("7K3MQ2XF9TBD0123WXYZ", "รหัสตรวจสอบ ว่างเมื่อไม่มี")
    follows = s.identity(none=True)
    replaced_by = s.identity(none=True)
    state_on = s.day(none=True)
    reason = s.text("")
    withheld = s.true("ไม่แสดงในทะเบียนสาธารณะ")
    withheld_because = s.text("")


class IssuedList(Schema):
    """Documents."""

    items = s.many(IssuedShape)
    next = s.text(none=True)
