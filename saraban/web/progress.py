"""รายงานต่อ ก.พ.ร.: letters by way, month and unit, what is issued without paper, and the register of services that are
not digital yet, drawn, as tables and as files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.agency import UnitId
from saraban.domain.calendar import office_date
from saraban.domain.deferral import DeferralId, Pressing, ServiceFacts
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.numbering import arabic_digits
from saraban.domain.permissions import may_administer, may_see_report, words_of
from saraban.domain.progress import Period, Way, month_in_words, took
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.progress import PAPER_TOLD, TIMES_TOLD, deferrals_csv, per_cent, report_csv, report_pdf, the_report
from saraban.reading import progress as rows
from saraban.reading.boards import units_to_see
from saraban.usecases import deferring
from saraban.web.archive_deeds import PDF, typed_day
from saraban.web.downloads import download
from saraban.web.filters import official_digits, thai_digits

bp = Blueprint("progress", __name__, url_prefix="/report")

CSV = "text/csv; charset=utf-8"
_FIRST_YEAR, _LAST_YEAR = 2540, 2900


@bp.get("")
def index() -> str:
    """The report of a year."""
    found = _report()
    return render_template(
        "progress/index.html",
        found=found,
        ways=list(Way),
        month=month_in_words,
        took=took,
        per_cent=per_cent,
        years=_years(found),
        units=[(str(one), name) for one, name in units_to_see(reader(), actor())] if _sees_all() else [],
        address=lambda endpoint: url_for(endpoint, **_asked(found.period, found.unit_id)),
        told=(TIMES_TOLD, PAPER_TOLD),
        today=_today(),
        keeps=may_administer(actor()) is None,
    )


@bp.get("/report.pdf")
def pdf() -> ResponseReturnValue:
    """The report on paper."""
    found = _report()
    return download(report_pdf(found), f"รายงานต่อ ก.พ.ร. {found.period.year}.pdf", PDF, plain="report")


@bp.get("/report.csv")
def csv() -> ResponseReturnValue:
    """The figures as a sheet."""
    found = _report()
    return download(report_csv(found), f"รายงานต่อ ก.พ.ร. {found.period.year}.csv", CSV, plain="report")


def _report() -> rows.Report:
    text = arabic_digits(request.args.get("year", "")).strip()
    fiscal = request.args.get("by", "fiscal") != "calendar"
    period = Period.containing(_today(), fiscal=fiscal)
    if text:
        if not text.isdecimal() or not _FIRST_YEAR <= int(text) <= _LAST_YEAR:
            raise NotFound
        period = Period(int(text), fiscal)
    try:
        unit = UnitId(UUID(request.args["unit"])) if request.args.get("unit") else None
    except ValueError:
        raise NotFound from None
    if unit is None and not _sees_all() and may_see_report(actor(), actor().unit_id) is None:
        unit = actor().unit_id  # a director's report is that of his unit
    return the_report(period, unit)


def _sees_all() -> bool:
    return may_see_report(actor(), None) is None


def _today() -> Any:
    return office_date(services().clock.now())


def _asked(period: Period, unit: UUID | None) -> dict[str, Any]:
    by = {} if period.fiscal else {"by": "calendar"}
    return {"year": period.year, **by, **({"unit": unit} if unit else {})}


def _years(found: rows.Report) -> list[tuple[str, str, bool]]:
    """This year, the two before, and the same by the calendar."""
    this, by_calendar = Period.containing(_today()), Period.containing(_today(), fiscal=False)
    offered = [
        Period(this.year - 2),
        Period(this.year - 1),
        this,
        Period(by_calendar.year - 1, fiscal=False),
        by_calendar,
    ]
    if found.period not in offered:
        offered.insert(0, found.period)
    return [
        (
            thai_digits(f"ปีงบ {one.year}" if one.fiscal else f"ปี {one.year}"),
            url_for(".index", **_asked(one, found.unit_id)),
            one == found.period,
        )
        for one in offered
    ]


# --- services that are not digital yet --------------------------------------------------------------------------------


@bp.get("/deferrals")
def deferrals() -> str:
    """The register, with its form for the administrator."""
    return _register({}, {})


@bp.get("/deferrals.csv")
def deferrals_sheet() -> ResponseReturnValue:
    """The register as a sheet."""
    found = rows.deferred(reader(), actor())
    return download(deferrals_csv(found), "งานบริการที่ยังไม่พร้อม.csv", CSV, plain="services")


@bp.post("/deferrals")
def enter() -> ResponseReturnValue:
    """Put a service onto the register."""
    try:
        deferring.enter(services(), actor=actor(), matter=_matter())
    except BadInput as error:
        return _register(request.form, _words(error)), 422
    refresh_reader()
    flash("ขึ้นทะเบียนแล้ว", "green")
    return redirect(url_for(".deferrals"))


@bp.get("/deferrals/<uuid:deferral_id>")
def deferral(deferral_id: UUID) -> str:
    """A line of the register, to be changed."""
    return _line(deferral_id, None, {})


@bp.post("/deferrals/<uuid:deferral_id>")
def change(deferral_id: UUID) -> ResponseReturnValue:
    """Say something else of a service."""
    rows.deferral(reader(), actor(), deferral_id)
    try:
        deferring.change(services(), actor=actor(), deferral_id=DeferralId(deferral_id), matter=_matter())
    except BadInput as error:
        return _line(deferral_id, request.form, _words(error)), 422
    refresh_reader()
    flash("บันทึกแล้ว", "green")
    return redirect(url_for(".deferrals"))


@bp.post("/deferrals/<uuid:deferral_id>/ready")
def ready(deferral_id: UUID) -> ResponseReturnValue:
    """The service is digital."""
    rows.deferral(reader(), actor(), deferral_id)
    try:
        day = typed_day("on")
        deferring.end(services(), actor=actor(), deferral_id=DeferralId(deferral_id), on=day)
    except BadInput as error:
        return _line(deferral_id, None, _words(error)), 422
    refresh_reader()
    flash("บันทึกว่าพร้อมแล้ว", "green")
    return redirect(url_for(".deferrals"))


def _matter() -> ServiceFacts:
    """What stands in the form. Raises BadInput for what cannot be read; the rest the domain looks at."""
    said = request.form
    wrong: dict[str, str] = {}
    numbers = {}
    for name, told in (("rank", "ลำดับความสำคัญเป็นเลข 1 ถึง 999"), ("readiness", "ความพร้อมเป็นร้อยละ 0 ถึง 100")):
        text = arabic_digits(said.get(name, "")).strip().removesuffix("%")
        if text.isdecimal() and len(text) < 9:
            numbers[name] = int(text)
        else:
            wrong[name] = told
    try:
        until = typed_day("until")
    except BadInput as error:
        until, wrong = None, wrong | error.fields
    if until is None:
        wrong.setdefault("until", "ใส่กำหนดเสร็จที่ตกลงไว้")
    pressing = next((one for one in Pressing if one.value == said.get("pressing")), Pressing.MIDDLE)
    texts = {name: said.get(name, "") for name in ("service", "reason", "agreement", "note")}
    for name, told in (("service", "ใส่ชื่องานบริการ"), ("reason", "ใส่เหตุผลที่ยังไม่พร้อม")):
        if not texts[name].strip():
            wrong[name] = told
    if wrong or until is None:
        raise BadInput(wrong)
    return ServiceFacts(
        service=texts["service"],
        reason=texts["reason"],
        rank=numbers["rank"],
        pressing=pressing,
        readiness=numbers["readiness"],
        until=until,
        agreement=texts["agreement"],
        note=texts["note"],
    )


def _words(error: BadInput) -> dict[str, str]:
    return {name: official_digits(words) for name, words in error.fields.items()}


def _register(typed: Any, errors: dict[str, str]) -> str:
    return render_template(
        "progress/deferrals.html",
        found=rows.deferred(reader(), actor()),
        typed=typed,
        errors=errors,
        pressings=[(one.value, one.thai) for one in Pressing],
        today=_today(),
        why_not=words_of(may_administer(actor())),
    )


def _line(deferral_id: UUID, typed: Any, errors: dict[str, str]) -> str:
    one = rows.deferral(reader(), actor(), deferral_id)
    return render_template(
        "progress/deferral.html",
        one=one,
        typed=typed,
        errors=errors,
        pressings=[(each.value, each.thai) for each in Pressing],
        today=_today(),
        why_not=words_of(may_administer(actor())),
    )
