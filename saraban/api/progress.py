"""The report to the OPDC for programs: figures, files, and the register of services that are not digital yet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.downloads import send_bytes
from saraban.api.fields import Choice, Day, Form, Identity, Text, Whole
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.agency import UnitId
from saraban.domain.calendar import office_date
from saraban.domain.deferral import Deferral, DeferralId, Pressing, ServiceFacts, Standing
from saraban.domain.progress import Period
from saraban.doorway.progress import MEASURES, measured, report_csv, report_pdf, the_report
from saraban.reading import progress as rows
from saraban.reading.progress_parts import Series
from saraban.usecases import deferring

api = section("progress", "รายงานต่อ ก.พ.ร. และงานบริการที่ยังไม่พร้อม")


class ReportQuery(Form):
    """Which year, by which calendar, of which unit."""

    year = Whole(least=2540, most=2900, in_query=True, load_default=None, metadata={"description": "พ.ศ. ไม่ส่งคือปีปัจจุบัน"})
    by = Choice(
        ("fiscal", "calendar"),
        load_default="fiscal",
        metadata={"description": "fiscal ปีงบประมาณ (ต.ค. ถึง ก.ย.) calendar ปีปฏิทิน"},
    )
    unit = Identity(load_default=None, metadata={"description": "หน่วยงาน ไม่ส่งคือทั้งส่วนราชการ"})


class DeferralForm(Form):
    """A service that is not digital yet."""

    service = Text(most=200, required=True)
    reason = Text(most=1000, line=False, required=True)
    rank = Whole(least=1, most=999, required=True)
    pressing = Choice(Pressing, load_default=Pressing.MIDDLE.value)
    readiness = Whole(most=100, required=True, metadata={"description": "ร้อยละ"})
    until = Day(required=True)
    agreement = Text(most=200, load_default="", metadata={"description": "หนังสือที่ตกลงกับสำนักงาน ก.พ.ร."})
    note = Text(most=1000, line=False, load_default="")


class DeferralReadyForm(Form):
    """Since when it is digital; today when not sent."""

    on = Day(load_default=None)


class ReportRowShape(Schema):
    """The figures of a month, a unit or all. Minutes are medians; null without any."""

    name = s.text("2026-11", "เดือน หน่วยงาน หรือ total")
    unit = s.identity(none=True)
    sent_system = s.whole(120)
    sent_mail = s.whole(12)
    sent_paper = s.whole(8)
    received_system = s.whole(90)
    received_mail = s.whole(20)
    received_paper = s.whole(11)
    pages = s.whole(310)
    sent_minutes = s.whole(95, none=True)
    received_minutes = s.whole(20, none=True)


class ReportSeriesShape(Schema):
    """One thing that is counted by month, in the order of `months`."""

    code = s.text("order")
    thai = s.text("คำสั่ง")
    numbers = s.value("array", items={"type": "integer"})
    total = s.whole(40)


class DeferralShape(Schema):
    """A line of the register."""

    id = s.identity()
    service = s.text("การออกใบอนุญาตตั้งโรงงาน")
    reason = s.text("ต้องแก้ประกาศ")
    rank = s.whole(1)
    pressing = s.one_of(Pressing)
    readiness = s.whole(60)
    until = s.day()
    agreement = s.text("นร 1200/123")
    note = s.text("")
    standing = s.one_of(Standing)
    ready_on = s.day(none=True)


class ReportShape(Schema):
    """The report of a year."""

    year = s.whole(2570)
    by = s.text("fiscal")
    unit = s.text("")
    months = s.many(ReportRowShape)
    units = s.many(ReportRowShape)
    total = s.group(ReportRowShape)
    documents = s.many(ReportSeriesShape)
    copies = s.many(ReportSeriesShape)
    saved = s.many(ReportSeriesShape)
    deferrals = s.many(DeferralShape)


class DeferralList(Schema):
    """The register."""

    items = s.many(DeferralShape)
    next = s.text(none=True)


@api.get("/report")
@told("รายงานต่อ ก.พ.ร.", "หนังสือตามทางที่ส่ง เวลาจนลงทะเบียน เอกสารดิจิทัล สำเนาที่ไม่เรียก หน้าที่ไม่พิมพ์ บอกเฉพาะจำนวน")
@api.takes(ReportQuery, location="query")
@api.gives(200, ReportShape)
def show(query: Json) -> Json:
    """Tell the figures of a year."""
    found = _report(query)
    return {
        "year": found.period.year,
        "by": "fiscal" if found.period.fiscal else "calendar",
        "unit": found.unit_name,
        "months": [_row(row, row.month.isoformat()[:7] if row.month else "") for row in found.months],
        "units": [_row(row, row.name) for row in found.units],
        "total": _row(found.total, "total"),
        "documents": [_series(one) for one in found.documents],
        "copies": [_series(one) for one in found.copies],
        "saved": [_series(one) for one in found.pages],
        "deferrals": [_shown(one) for one in found.deferrals],
    }


@api.get("/report/pdf")
@told("รายงานต่อ ก.พ.ร. เป็น PDF")
@api.takes(ReportQuery, location="query")
@api.gives_bytes("application/pdf")
def pdf(query: Json) -> Any:
    """Print the report."""
    return send_bytes(report_pdf(_report(query)), "application/pdf", "report.pdf")


@api.get("/report/csv")
@told("รายงานต่อ ก.พ.ร. เป็น CSV", "หนึ่งแถวต่อหนึ่งตัวเลข")
@api.takes(ReportQuery, location="query")
@api.gives_bytes("text/csv")
def csv(query: Json) -> Any:
    """Give the figures as a sheet."""
    return send_bytes(report_csv(_report(query)), "text/csv; charset=utf-8", "report.csv")


@api.get("/deferrals")
@told("งานบริการที่ยังไม่พร้อม", "ทะเบียนที่ตกลงกับสำนักงาน ก.พ.ร.")
@api.gives(200, DeferralList)
def deferrals() -> Json:
    """List the services that are not digital yet."""
    return {"items": [_shown(one) for one in rows.deferred(doorway.reader(), doorway.actor())], "next": None}


@api.post("/deferrals")
@told("ขึ้นทะเบียนงานบริการที่ยังไม่พร้อม", "ผู้ดูแลระบบ")
@api.takes(DeferralForm)
@api.gives(201, DeferralShape)
def enter(sent: Json) -> Any:
    """Put a service onto the register."""
    who, matter = doorway.actor(), _matter(sent)
    return once_made(lambda office: deferring.enter(office, actor=who, matter=matter), _deferral)


@api.get("/deferrals/<uuid:deferral_id>")
@told("งานบริการที่ยังไม่พร้อมหนึ่งงาน")
@api.gives(200, DeferralShape)
def deferral(deferral_id: UUID) -> Json:
    """Show a line of the register."""
    return _deferral(deferral_id)


@api.post("/deferrals/<uuid:deferral_id>")
@told("แก้รายการงานบริการที่ยังไม่พร้อม", "ผู้ดูแลระบบ ส่งทุกช่อง")
@api.takes(DeferralForm)
@api.gives(200, DeferralShape)
def change(sent: Json, deferral_id: UUID) -> Any:
    """Say something else of a service."""
    who, matter, one = doorway.actor(), _matter(sent), DeferralId(deferral_id)
    return once_done(
        lambda office: deferring.change(office, actor=who, deferral_id=one, matter=matter), deferral_id, _deferral
    )


@api.post("/deferrals/<uuid:deferral_id>/ready")
@told("งานบริการพร้อมแล้ว", "ผู้ดูแลระบบ")
@api.takes(DeferralReadyForm)
@api.gives(200, DeferralShape)
def ready(sent: Json, deferral_id: UUID) -> Any:
    """A service is digital."""
    who, one = doorway.actor(), DeferralId(deferral_id)
    return once_done(
        lambda office: deferring.end(office, actor=who, deferral_id=one, on=sent["on"]), deferral_id, _deferral
    )


def _report(query: Json) -> rows.Report:
    fiscal = query["by"] == "fiscal"
    period = Period.containing(_today(), fiscal=fiscal) if query["year"] is None else Period(query["year"], fiscal)
    unit = UnitId(query["unit"]) if query["unit"] else None
    return the_report(period, unit)


def _matter(sent: Json) -> ServiceFacts:
    return ServiceFacts(**{**sent, "pressing": Pressing(sent["pressing"])})


def _deferral(deferral_id: UUID) -> Json:
    return _shown(rows.deferral(doorway.reader(), doorway.actor(), deferral_id))


def _row(row: rows.ReportRow, name: str) -> Json:
    unit = str(row.unit_id) if row.unit_id else None
    return {"name": name, "unit": unit, **{measure: measured(row, measure) for measure in MEASURES}}


def _series(one: Series) -> Json:
    return {"code": one.code, "thai": one.thai, "numbers": list(one.numbers), "total": one.total}


def _shown(one: Deferral) -> Json:
    same = ("service", "reason", "rank", "readiness", "agreement", "note")
    return {name: getattr(one, name) for name in same} | {
        "id": str(one.id),
        "pressing": one.pressing.value,
        "until": one.until.isoformat(),
        "standing": one.standing(_today()).value,
        "ready_on": one.ready_on.isoformat() if one.ready_on else None,
    }


def _today() -> Any:
    return office_date(doorway.services().clock.now())
