"""The form in which a clerk writes down that a receiver confirmed. What is right about it, the use case says."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, StringField, TextAreaField

from saraban.web.forms.guarded import GuardedForm

WAYS = {"phone": "โทรศัพท์", "reply": "อีเมลตอบที่มาถึงแล้ว"}


class ConfirmForm(GuardedForm):
    """Who said that the letter came, how, when, and under which receiving number."""

    kind = RadioField("ยืนยันทาง", choices=WAYS, validate_choice=False)
    name = StringField("ผู้ยืนยัน")
    position = StringField("ตำแหน่งหรือหน่วยงาน")
    phone = StringField("เบอร์ที่โทร")
    on = StringField("วันที่ยืนยัน")
    clock = StringField("เวลา")
    number = StringField("เลขทะเบียนรับ")
    day = StringField("ลงรับวันที่")
    note = TextAreaField("บันทึก")


class AddressForm(GuardedForm):
    """The right address of a receiver outside the directory."""

    mailbox = StringField("ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์")
    name = StringField("ชื่อผู้รับ")


class AskBackForm(GuardedForm):
    """Why a letter is stopped or wanted back, and from whom."""

    reason = TextAreaField("เหตุผล")
    everyone = BooleanField("ผู้รับทุกแห่งที่ยังหยุดหรือเรียกคืนได้")
