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
from saraban.api.forms import NothingForm
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.calendar import office_time
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.notice import About, NoticeKind
from saraban.reading import notices as rows
from saraban.usecases import noticing

api = section("notices", "การแจ้งเตือนของผู้เรียก: หนังสือเข้าแฟ้ม ส่งคืน ใกล้ครบกำหนดและเกินกำหนด")


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
