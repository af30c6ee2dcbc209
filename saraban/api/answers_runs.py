"""What programs send about runs of documents and holders' links, and what they are answered."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema

from saraban.api import shapes as s
from saraban.api.fields import Choice, Form, Text
from saraban.domain.issued import IssuedState
from saraban.domain.issued_run import LONGEST_MAIL, Delivery
from saraban.usecases import holder_links


class RunSheetForm(Form):
    """A sheet of holders, a line for each document."""

    file = Upload(required=True, error_messages={"required": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})


class RunSignForm(Form):
    """The passphrase of the signer's key. It is used for this run and kept nowhere."""

    passphrase = Text(most=1000, required=True, metadata={"format": "password"})


class RunLinksForm(Form):
    """Whether links go out by mail, by mail again where it did not arrive, or into a sheet."""

    deed = Choice(tuple(holder_links.WORDS), required=True)


class HolderLinkForm(Form):
    """Where a link goes; nowhere when nothing is sent."""

    mail = Text(most=LONGEST_MAIL, load_default="")


class RunProblemShape(Schema):
    """What is wrong with a row of the sheet, by field."""

    row = s.whole(3)
    errors = s.texts_by_key("ข้อความไทยตามช่อง")


class RunPreviewShape(Schema):
    """A sheet that was looked through."""

    lines = s.whole(1000)
    mailboxes = s.whole(980)
    unused = s.texts("หัวตารางที่ไม่ใช้")
    problems = s.many(RunProblemShape)


class RunShape(Schema):
    """A run: how many of its documents stand where, how many failed at the last try, how many are out without the
    time-stamp that an authority should have given and still have none, and who may do what now."""

    id = s.identity()
    kind = s.identity()
    title = s.text("ผู้ผ่านการอบรม.xlsx")
    made_by = s.text("นางสาวพิมพ์ใจ รักอ่าน")
    made_at = s.moment()
    documents = s.whole(1000)
    counts = s.anything("จำนวนตามสถานะ (" + ", ".join(one.value for one in IssuedState) + ") เว้นสถานะที่ไม่มี")
    issued = s.whole(640)
    failed = s.whole(0)
    untimed = s.whole(0)
    mailboxes = s.whole(980)
    mailed = s.whole(0)
    unsent = s.whole(980)
    returned = s.whole(0)
    signing = s.true("กำลังลงนามอยู่")
    interrupted = s.true("ลงนามค้างอยู่ ทำต่อได้")
    may_approve = s.may()
    may_sign = s.may()
    may_links = s.may()


class RunList(Schema):
    """Runs."""

    items = s.many(RunShape)


class RunLineShape(Schema):
    """A line of the sheet and its document."""

    line = s.whole(1)
    document = s.identity()
    holder_name = s.text("นายเอก ใจดี")
    mail = s.text("ake@example.com")
    state = s.one_of(IssuedState)
    number = s.text("รบ. 1/2569")
    verification = s.text("https://saraban.example.go.th/v/7K3MQ2XF9TBD0123WXYZ", none=True)
    why = s.text("")
    untimed = s.text("", "เหตุที่ไม่มีตราประทับเวลา แม้ตั้งผู้ประทับรับรองเวลาไว้ ว่างเมื่อได้ตราภายหลังแล้ว")
    delivery = s.one_of(Delivery, none=True)
    mailed_to = s.text("ake@example.com", "ที่ลิงก์ล่าสุดส่งไป หรือที่อยู่ในตารางเมื่อยังไม่ส่ง")
    delivered_at = s.moment(none=True)
    why_returned = s.text("", "เหตุที่อีเมลส่งไม่ถึง")


class RunLinesShape(Schema):
    """The lines of a run."""

    items = s.many(RunLineShape)


class HolderLinkShape(Schema):
    """A link of a document, without its address."""

    id = s.identity()
    mail = s.text("ake@example.com", "ว่างคือมอบให้เอง")
    made_by = s.text("นางสาวพิมพ์ใจ รักอ่าน")
    made_at = s.moment()
    withdrawn_at = s.moment(none=True)
    fetched_at = s.moment(none=True)
    fetches = s.whole(1)
    delivery = s.one_of(Delivery)
    why_returned = s.text("", "เหตุที่อีเมลส่งไม่ถึง")


class HolderLinksShape(Schema):
    """The links of a document, and where the one before it was sent while this one was not."""

    items = s.many(HolderLinkShape)
    mail_before = s.text("ake@example.com", "อีเมลที่ฉบับเดิมส่งลิงก์ไป ว่างเมื่อไม่มีหรือส่งฉบับนี้แล้ว")


class HolderLinkMadeShape(HolderLinksShape):
    """The links of a document, and the address of the new one."""

    link = s.text("https://saraban.example.go.th/d/…", "บอกครั้งเดียว null เมื่อส่งทางอีเมลหรือเป็นคำขอซ้ำ", none=True)
