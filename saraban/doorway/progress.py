"""The report to the OPDC as a file, the same for the screen and for programs: PDF, and CSV in long form."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from flask import current_app

from saraban.domain.agency import UnitId
from saraban.domain.calendar import long_date, office_date
from saraban.domain.deferral import Deferral
from saraban.domain.permissions import may_see_report, require
from saraban.domain.progress import Period, Traffic, Way, month_in_words, took
from saraban.doorway import actor, reader, services
from saraban.reading import people
from saraban.reading.progress import Report, ReportRow, deferred
from saraban.reading.progress import report as count
from saraban.reading.progress_parts import Series
from saraban.usecases.progress_papers import ReportBars, ReportSheet, ReportTable

MEASURES: dict[str, str] = {
    "sent_system": "ส่งทางระบบ (ฉบับ)",
    "sent_mail": "ส่งทางอีเมล (ฉบับ)",
    "sent_paper": "ส่งเป็นกระดาษ (ฉบับ)",
    "received_system": "รับทางระบบ (ฉบับ)",
    "received_mail": "รับทางอีเมล (ฉบับ)",
    "received_paper": "รับเป็นกระดาษ (ฉบับ)",
    "pages": "หน้าที่ไม่ต้องพิมพ์ (หน้า)",
    "sent_minutes": "มัธยฐานตั้งแต่ส่งจนผู้รับลงทะเบียน (นาที)",
    "received_minutes": "มัธยฐานตั้งแต่มาถึงจนลงทะเบียน (นาที)",
}
TIMES_TOLD = (
    "เวลานับตามนาฬิการวมวันหยุด เป็นค่ากลาง (มัธยฐาน) ส่งแล้วลงทะเบียน: ตั้งแต่ส่งจนเวลาในใบตอบรับลงตราของผู้รับ "
    "มาถึงแล้วลงทะเบียน: ตั้งแต่ถึงกล่องจนออกเลขรับ"
)
PAPER_TOLD = (
    "กระดาษ: รายการในทะเบียนที่เจ้าหน้าที่ลงเอง และหนังสือที่ลงนามในระบบแต่ไม่มีผู้รับทางอีเมล "
    "หน้าไม่พิมพ์: จำนวนหน้าของหนังสือที่ส่งทางระบบและอีเมลคูณจำนวนผู้รับ ไม่รวมสิ่งที่ส่งมาด้วย"
)
_COLUMNS = ("ปี", "มิติ", "ชื่อ", "ตัวชี้วัด", "ความหมาย", "ค่า")
_DEFERRAL_COLUMNS = (
    *("ลำดับ", "งานบริการ", "เหตุผล", "ความเร่งด่วน", "ความพร้อม (%)", "กำหนดเสร็จ", "หนังสือที่ตกลงกับ ก.พ.ร.", "สถานะ"),
    *("พร้อมเมื่อ", "หมายเหตุ"),
)


EXTENSION = "saraban-report"
DEAR_SECONDS, FRESH, MOST_KEPT = 0.5, timedelta(minutes=10), 60
"""What took longer than this to count is shown again as it was for so long: page, paper and sheet of one moment agree,
and a year of a hundred thousand letters is not counted three times."""
_Key = tuple[UUID, Period, UnitId | None, date | None]


class Counted:
    """The reports of one application that were dear to count."""

    def __init__(self) -> None:
        self._kept: dict[_Key, Report] = {}
        self._lock = threading.Lock()

    def get(self, key: _Key, now: datetime) -> Report | None:
        """The report as it was counted a short time ago."""
        with self._lock:
            found = self._kept.get(key)
        return found if found is not None and found.counted_at <= now < found.counted_at + FRESH else None

    def keep(self, key: _Key, report: Report) -> None:
        """Keep it for a while."""
        with self._lock:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = report


def the_report(period: Period, unit: UnitId | None) -> Report:
    """The figures of a year; the register of services is always that of now. Raises NotPermitted, NotFound."""
    who, now = actor(), services().clock.now()
    require(may_see_report(who, unit))
    memo = cast(Counted, current_app.extensions.setdefault(EXTENSION, Counted()))
    key = (who.agency_id, period, unit, who.on)
    found = memo.get(key, now)
    if found is not None:
        return replace(found, deferrals=tuple(deferred(reader(), who)))
    began = time.monotonic()
    found = count(reader(), who, period, now, unit)
    if time.monotonic() - began > DEAR_SECONDS:
        memo.keep(key, found)
    return found


def report_csv(report: Report) -> bytes:
    """Every figure as a line: the year, what it is of (month, unit, all, service), its name, the measure and the value.
    Of a service that is not ready every column of the register is a line."""
    return b"".join(services().spreadsheets.write_csv(_COLUMNS, _lines(report)))


def deferrals_csv(found: Sequence[Deferral]) -> bytes:
    """The register of services that are not digital yet."""
    today = _today()
    rows = (_deferral_row(one, today) for one in found)
    return b"".join(services().spreadsheets.write_csv(_DEFERRAL_COLUMNS, rows))


def _deferral_row(one: Deferral, today: date) -> Sequence[object]:
    return (
        *(one.rank, one.service, one.reason, one.pressing.thai, one.readiness, one.until.isoformat()),
        *(one.agreement, one.standing(today).thai, one.ready_on.isoformat() if one.ready_on else "", one.note),
    )


def report_pdf(report: Report) -> bytes:
    """The report on paper."""
    total = report.total
    sheet = ReportSheet(
        agency_name=people.agency(reader(), actor().agency_id).name,
        scope=report.unit_name,
        period=report.period.thai,
        made_at=report.counted_at,
        made_by=actor().name,
        summary=_summary(report),
        bars=[
            _bars("หนังสือส่ง", report, "sent"),
            _bars("หนังสือรับ", report, "received"),
        ],
        tables=[
            _table("รายเดือน", "เดือน", [*report.months, total], PAPER_TOLD),
            _table("รายหน่วยงาน", "หน่วยงาน", [*report.units, total], TIMES_TOLD),
            _by_month("เอกสารที่ออกด้วยระบบดิจิทัล", report, report.documents, "เอกสาร"),
            _by_month("การไม่เรียกสำเนาและการไม่พิมพ์", report, (*report.copies, *report.pages), "รายการ"),
            _deferral_table(report),
        ],
    )
    return services().progress_paper(sheet)


def _today() -> date:
    return office_date(services().clock.now())


def _lines(report: Report) -> Iterator[Sequence[object]]:
    year = report.period.thai
    for month in report.months:
        assert month.month is not None
        yield from _of_row(year, "month", month.month.isoformat()[:7], month)
    for unit in report.units:
        yield from _of_row(year, "unit", unit.name, unit)
    yield from _of_row(year, "total", report.unit_name or "ทั้งส่วนราชการ", report.total)
    for group, found in (("documents", report.documents), ("copies", report.copies), ("saved", report.pages)):
        for one in found:
            for row, number in zip(report.months, one.numbers, strict=True):
                assert row.month is not None
                yield year, "month", row.month.isoformat()[:7], f"{group}.{one.code}", one.thai, number
    for place, service in enumerate(report.deferrals):
        # Two services may have one name: the columns and the order are those of the register's own sheet.
        for thai, value in zip(_DEFERRAL_COLUMNS, _deferral_row(service, _today()), strict=True):
            yield year, "service", service.service, f"services.{place + 1}", thai, value


def _of_row(year: str, dimension: str, name: str, row: ReportRow) -> Iterator[Sequence[object]]:
    for measure, thai in MEASURES.items():
        value = measured(row, measure)
        yield year, dimension, name, measure, thai, "" if value is None else value


def measured(row: ReportRow, measure: str) -> int | None:
    """A figure of a month or a unit; None where there is none."""
    if measure == "sent_minutes":
        return row.times.sent
    if measure == "received_minutes":
        return row.times.received
    value: int = getattr(row.traffic, measure)
    return value


def per_cent(value: float | None) -> str:
    """Per cent in words."""
    return "–" if value is None else f"{value:g}%"


def _summary(report: Report) -> list[tuple[str, str]]:
    traffic, times = report.total.traffic, report.total.times
    late = sum(one.standing(_today()).value == "expired" for one in report.deferrals)
    left = sum(one.ready_on is None for one in report.deferrals)
    return [
        ("หนังสือส่ง", f"{traffic.sent:,} ฉบับ"),
        ("ส่งโดยไม่ใช้กระดาษ", per_cent(traffic.paperless)),
        ("ส่งแล้วผู้รับลงทะเบียน (ค่ากลาง)", took(times.sent)),
        ("หนังสือรับ", f"{traffic.received:,} ฉบับ"),
        ("หน้าที่ไม่ต้องพิมพ์", f"{report.pages_saved:,} หน้า"),
        ("มาถึงแล้วลงทะเบียน (ค่ากลาง)", took(times.received)),
        ("เอกสารที่ออกด้วยระบบดิจิทัล", f"{sum(one.total for one in report.documents):,} ฉบับ"),
        ("งานบริการที่ยังไม่พร้อม", f"{left:,} งาน"),
        ("เลยกำหนดที่ตกลงไว้", f"{late:,} งาน"),
    ]


def _bars(title: str, report: Report, side: str) -> ReportBars:
    return ReportBars(
        title,
        [way.thai for way in Way],
        [month_in_words(row.month) for row in report.months if row.month],
        [[getattr(row.traffic, f"{side}_{way.value}") for way in Way] for row in report.months],
    )


def _table(title: str, caption: str, rows: Sequence[ReportRow], told: str) -> ReportTable:
    columns = [(caption, 4.6 if caption == "หน่วยงาน" else 2.9, False)]
    columns += [(f"ส่ง{way.thai}", 1.7, True) for way in Way] + [("ส่งรวม", 1.6, True), ("ไม่ใช้กระดาษ", 1.9, True)]
    columns += [(f"รับ{way.thai}", 1.7, True) for way in Way] + [("รับรวม", 1.6, True)]
    columns += [("ส่งแล้วลงทะเบียน", 2.6, True), ("มาถึงแล้วลงทะเบียน", 2.6, True), ("หน้าไม่พิมพ์", 1.8, True)]
    return ReportTable(title, columns, [_cells(row) for row in rows], last=True, told=told)


def _cells(row: ReportRow) -> list[str]:
    traffic: Traffic = row.traffic
    name = month_in_words(row.month, short=False) if row.month is not None else row.name
    return [
        name,
        *(f"{getattr(traffic, f'sent_{way.value}'):,}" for way in Way),
        f"{traffic.sent:,}",
        per_cent(traffic.paperless),
        *(f"{getattr(traffic, f'received_{way.value}'):,}" for way in Way),
        f"{traffic.received:,}",
        took(row.times.sent),
        took(row.times.received),
        f"{traffic.pages:,}",
    ]


def _by_month(title: str, report: Report, found: Sequence[Series], caption: str) -> ReportTable:
    months = [month_in_words(row.month) for row in report.months if row.month]
    columns = [(caption, 5.0, False), *((month, 1.5, True) for month in months), ("รวม", 1.8, True)]
    rows = [[one.thai, *(f"{number:,}" for number in one.numbers), f"{one.total:,}"] for one in found]
    return ReportTable(title, columns, rows)


def _deferral_table(report: Report) -> ReportTable:
    today = _today()
    columns = [("ลำดับ", 1.3, True), ("งานบริการ", 5.0, False), ("เหตุผล", 6.0, False), ("ความเร่งด่วน", 2.3, True)]
    columns += [("พร้อม", 1.4, True), ("กำหนดเสร็จ", 2.6, True), ("ตกลงกับ ก.พ.ร. ตามหนังสือ", 4.0, False)]
    columns += [("สถานะ", 2.6, True)]
    rows = [
        [
            *(f"{one.rank}", one.service, one.reason, one.pressing.thai, f"{one.readiness}%", long_date(one.until)),
            *(one.agreement or "ยังไม่ได้ตกลง", one.standing(today).thai),
        ]
        for one in report.deferrals
    ]
    return ReportTable("งานบริการที่ยังไม่พร้อมให้บริการด้วยระบบดิจิทัล", columns, rows)
