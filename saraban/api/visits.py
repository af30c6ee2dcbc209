"""Outsiders who look at kept letters, for programs (clause 65)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.archive import KeepingWhyForm
from saraban.api.fields import Day, Flag, Form, Identity, Text
from saraban.api.forms import CursorQuery
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.register import EntryId
from saraban.domain.visit import VisitState
from saraban.reading import visits as rows
from saraban.usecases import visiting

api = section("visits", "บุคคลภายนอกขอดูหรือคัดลอกหนังสือที่เก็บ (ข้อ ๖๕)")


class VisitForm(Form):
    """Who wants to look at which letter."""

    entry = Identity(required=True)
    visitor = Text(most=200, required=True)
    evidence = Text(most=500, required=True, metadata={"description": "หลักฐานที่แสดงตน"})
    purpose = Text(most=500, line=False, required=True)
    copies = Flag(load_default=False, metadata={"description": "ขอคัดลอกด้วย"})
    comes_on = Day(load_default=None, metadata={"description": "วันที่นัดมาดู"})
    mail = Text(most=254, load_default="", metadata={"description": "อีเมลที่ระบบส่งผลคำขอไปให้"})


class VisitShownForm(Form):
    """When it was looked at, and what was copied."""

    on = Day(load_default=None, metadata={"description": "ไม่ส่งคือวันนี้"})
    copied = Text(most=500, load_default="")


class VisitShape(Schema):
    """A visit to a letter."""

    id = s.identity()
    entry = s.identity()
    subject = s.text("ขอความอนุเคราะห์วิทยากร")
    state = s.one_of(VisitState)
    visitor = s.text("นายมานะ มีนา")
    evidence = s.text("บัตรประจำตัวประชาชน")
    purpose = s.text("ตรวจสอบสิทธิในที่ดินของตน")
    copies = s.true()
    asked_at = s.moment()
    answered_by = s.text("นางปราณี มีสุข")
    reason = s.text("")
    shown_on = s.day(none=True)
    shown_by = s.text("")
    copied = s.text("หน้า ๑ ถึง ๓")
    comes_on = s.day(none=True)
    mail = s.text("mana@example.com")


class VisitList(Schema):
    """Visits, the newest first."""

    items = s.many(VisitShape)
    next = s.text(none=True)


@api.get("/visits")
@told("คำขอดูของบุคคลภายนอก", "เท่าที่ผู้เรียกเห็นได้ ใหม่ก่อน")
@api.takes(CursorQuery, location="query")
@api.gives(200, VisitList)
def visits(query: Json) -> Json:
    """List visits."""
    return showing.page(rows.visits_page(doorway.reader(), doorway.actor(), **query), _visit)


@api.post("/visits")
@told("บันทึกคำขอดู", "นายทะเบียนหรือสารบรรณกลาง หนังสือชั้นความลับขอดูไม่ได้")
@api.takes(VisitForm)
@api.gives(201, VisitShape)
def ask(sent: Json) -> Any:
    """Write down that somebody wants to look."""
    who, entry = doorway.actor(), EntryId(sent["entry"])
    who_comes = {name: sent[name] for name in ("evidence", "purpose", "copies", "comes_on", "mail")}
    visitor = visiting.Visitor(sent["visitor"], **who_comes)
    return once_made(lambda office: visiting.ask(office, actor=who, entry_id=entry, visitor=visitor), _shown)


@api.get("/visits/<uuid:visit_id>")
@told("คำขอดูหนึ่งคำขอ")
@api.gives(200, VisitShape)
def show(visit_id: UUID) -> Json:
    """Show a visit."""
    return _shown(visit_id)


@api.post("/visits/<uuid:visit_id>/permit")
@told("อนุญาตให้ดู", "ผู้อำนวยการของหน่วยงานเจ้าของเรื่อง หรือหัวหน้าส่วนราชการ")
@api.gives(200, VisitShape)
def permit(visit_id: UUID) -> Any:
    """Let it be looked at."""
    who = doorway.actor()
    return once_done(lambda office: visiting.permit(office, actor=who, visit_id=visit_id), visit_id, _shown)


@api.post("/visits/<uuid:visit_id>/refuse")
@told("ไม่อนุญาตให้ดู", "พร้อมเหตุผล")
@api.takes(KeepingWhyForm)
@api.gives(200, VisitShape)
def refuse(sent: Json, visit_id: UUID) -> Any:
    """Do not."""
    who = doorway.actor()
    return once_done(lambda office: visiting.refuse(office, actor=who, visit_id=visit_id, **sent), visit_id, _shown)


@api.post("/visits/<uuid:visit_id>/done")
@told("บันทึกการดู", "ผู้เก็บ ดูต่อหน้าเจ้าหน้าที่แล้ว และคัดลอกอะไรไป")
@api.takes(VisitShownForm)
@api.gives(200, VisitShape)
def done(sent: Json, visit_id: UUID) -> Any:
    """It was looked at."""
    who = doorway.actor()
    return once_done(lambda office: visiting.show(office, actor=who, visit_id=visit_id, **sent), visit_id, _shown)


@api.post("/visits/<uuid:visit_id>/gone")
@told("ผู้ขอไม่ได้มาดู", "ปิดคำขอ")
@api.gives(200, VisitShape)
def gone(visit_id: UUID) -> Any:
    """Nobody came."""
    who = doorway.actor()
    return once_done(lambda office: visiting.nobody_came(office, actor=who, visit_id=visit_id), visit_id, _shown)


def _shown(visit_id: UUID) -> Json:
    return _visit(rows.visit(doorway.reader(), doorway.actor(), visit_id))


def _visit(one: rows.VisitLine) -> Json:
    visit = one.visit
    same = ("visitor", "evidence", "purpose", "copies", "answered_by", "reason", "shown_by", "copied", "mail")
    return {
        "id": str(visit.id),
        "entry": str(visit.entry_id),
        "subject": one.letter.line.subject,
        "state": visit.state.value,
        "asked_at": showing.moment(visit.asked_at),
        "comes_on": visit.comes_on.isoformat() if visit.comes_on else None,
        "shown_on": visit.shown_on.isoformat() if visit.shown_on else None,
    } | {name: getattr(visit, name) for name in same}
