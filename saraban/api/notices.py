"""The caller's notices: what came before him, was sent back or runs late, and read marks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.answers_received import page_of
from saraban.api.fields import Flag, Form, Text
from saraban.api.forms import NothingForm
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.calendar import office_time
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.notice import About, NoticeKind
from saraban.domain.notice_mail import MailKind, MailState
from saraban.domain.outsider import MOST_ADDRESS
from saraban.reading import notice_mails as mails
from saraban.reading import notices as rows
from saraban.usecases import noticing, subscribing

api = section("notices", "การแจ้งเตือนของผู้เรียก: หนังสือเข้าแฟ้ม ส่งคืน กำหนดเวลา อีเมล และปฏิทิน")


class NoticeLine(Schema):
    """A notice. The words of a classified letter are not in the list."""

    id = s.identity()
    kind = s.one_of(NoticeKind)
    about = s.one_of(About)
    about_id = s.identity()
    subject = s.text("ขอเชิญประชุม")
    urgency = s.one_of(Urgency)
    secrecy = s.one_of(Secrecy)
    at = s.moment()
    read = s.true()


class ReadShape(Schema):
    """How many were marked as read."""

    marked = s.whole(3)


class ChoicesForm(Form):
    """Where the caller is told of the work, and by which mails."""

    email = Text(most=MOST_ADDRESS, metadata={"example": "somjai.j@example.go.th"})
    digest = Flag()
    urgent = Flag()


class MailShape(Schema):
    """A mail to the caller and what became of it."""

    kind = s.one_of(MailKind)
    state = s.one_of(MailState)
    address = s.text("somjai.j@example.go.th")
    at = s.moment()
    reply = s.text("250 2.0.0 queued", "คำตอบของเครื่องไปรษณีย์")


class ChoicesShape(Schema):
    """What the caller has decided, what the agency allows, and the last mails."""

    email = s.text("somjai.j@example.go.th")
    digest = s.true()
    urgent = s.true()
    agency_digest = s.true("ส่วนราชการส่งสรุปงานประจำวัน")
    agency_digest_at = s.text("07:30")
    agency_urgent = s.true("ส่วนราชการส่งอีเมลเรื่องด่วนที่สุด")
    calendar_since = s.moment(none=True)
    mails = s.many(MailShape)


class CalendarShape(Schema):
    """The path of the caller's calendar; told once."""

    path = s.text("/calendar/Yx3….ics")


@api.get("/notices")
@told("การแจ้งเตือน", "ล่าสุดอยู่บน `unread=true` เฉพาะที่ยังไม่อ่าน")
@api.gives(200, page_of(NoticeLine))
def notices() -> Json:
    """List the caller's notices."""
    unread = request.args.get("unread") == "true"
    found = rows.listed(doorway.reader(), doorway.actor(), unread=unread, cursor=request.args.get("cursor"))
    return showing.page(found, _line)


@api.post("/notices/read")
@told("อ่านแล้วทั้งหมด", "")
@api.takes(NothingForm)
@api.gives(200, ReadShape)
def read_all(sent: Json) -> Any:
    """Mark all as read."""
    return {"marked": noticing.mark_read(doorway.services(), actor=doorway.actor())}


@api.post("/notices/<uuid:notice_id>/read")
@told("อ่านแล้ว", "")
@api.takes(NothingForm)
@api.gives(200, ReadShape)
def read(sent: Json, notice_id: UUID) -> Any:
    """Mark one as read."""
    rows.one(doorway.reader(), doorway.actor(), notice_id)
    return {"marked": noticing.mark_read(doorway.services(), actor=doorway.actor(), notice_id=notice_id)}


@api.get("/notices/settings")
@told("การแจ้งเตือนและปฏิทินของผู้เรียก", "")
@api.gives(200, ChoicesShape)
def settings() -> Json:
    """Tell the caller's mails and calendar."""
    return _settings()


@api.patch("/notices/settings")
@told("ตั้งอีเมลแจ้งเตือนของผู้เรียก", "แก้เฉพาะที่ส่งมา `email` ว่างคือไม่ส่ง ใช้กล่องไปรษณีย์ของส่วนราชการไม่ได้")
@api.takes(ChoicesForm, example={"email": "somjai.j@example.go.th", "digest": True, "urgent": True})
@api.gives(200, ChoicesShape)
def choose(sent: Json) -> Any:
    """Set where the caller is told of the work, and by which mails."""
    kept = mails.choices(doorway.reader(), doorway.actor())
    subscribing.choose_mails(
        doorway.services(),
        actor=doorway.actor(),
        email=sent.get("email", kept.email),
        digest=sent.get("digest", kept.digest),
        urgent=sent.get("urgent", kept.urgent),
    )
    doorway.refresh_reader()
    return _settings()


@api.post("/notices/calendar")
@told("ทำที่อยู่ปฏิทินกำหนด", "`path` อยู่ในคำตอบนี้เท่านั้น ที่อยู่เดิมใช้ไม่ได้ทันที ผู้ที่มีที่อยู่อ่านได้โดยไม่ต้องเข้าสู่ระบบ")
@api.takes(NothingForm, required=False)
@api.gives(201, CalendarShape)
def make_calendar(sent: Json) -> Any:
    """Give the caller's calendar a new address."""
    return {"path": f"/calendar/{subscribing.make_calendar(doorway.services(), actor=doorway.actor())}.ics"}


@api.delete("/notices/calendar")
@told("ยกเลิกที่อยู่ปฏิทินกำหนด", "")
@api.gives(200, ChoicesShape)
def withdraw_calendar() -> Json:
    """Let nobody read the caller's calendar any more."""
    subscribing.withdraw_calendar(doorway.services(), actor=doorway.actor())
    doorway.refresh_reader()
    return _settings()


def _settings() -> Json:
    reader, actor = doorway.reader(), doorway.actor()
    kept = mails.choices(reader, actor)
    since = kept.calendar_since
    return {
        "email": kept.email,
        "digest": kept.digest,
        "urgent": kept.urgent,
        "agency_digest": kept.agency_digest,
        "agency_digest_at": kept.agency_digest_at,
        "agency_urgent": kept.agency_urgent,
        "calendar_since": office_time(since).isoformat() if since is not None else None,
        "mails": [
            {
                "kind": one.kind.value,
                "state": one.state.value,
                "address": one.address,
                "at": office_time(one.at).isoformat(),
                "reply": one.reply,
            }
            for one in mails.last_mails(reader, actor)
        ],
    }


def _line(row: rows.NoticeRow) -> Json:
    return {
        "id": str(row.id),
        "kind": row.kind.value,
        "about": row.about.value,
        "about_id": str(row.about_id),
        "subject": row.subject,
        "urgency": row.urgency.value,
        "secrecy": row.secrecy.value,
        "at": office_time(row.at).isoformat(),
        "read": row.read,
    }
