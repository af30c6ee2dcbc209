"""The daily duty: what today asks for, a month of it for the inspector, and which days the agency works."""

from __future__ import annotations

import re
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.duty import Duty
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.permissions import may_administer, may_attend, require, words_of
from saraban.domain.workdays import ANNOUNCED, known_years
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.dates import NotADate, read_date
from saraban.reading import duty as rows
from saraban.reading import people
from saraban.usecases import attending
from saraban.web.filters import MONTHS, thai_date, thai_digits
from saraban.web.forms.amending import show_errors
from saraban.web.forms.duty import DayForm

bp = Blueprint("duty", __name__)

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_FIRST_YEAR = 2000


@bp.get("/duty")
def index() -> ResponseReturnValue:
    """Today's duty and the month day by day; `month` is the year and month (CE), as 2026-11."""
    now = services().clock.now()
    today = office_date(now)
    year, number = _month(request.args.get("month", ""), today)
    calendar = rows.work_calendar(reader(), actor())
    before = calendar.previous(today)
    earlier = rows.month(reader(), actor(), before.year, before.month, now).days[before.day - 1]
    return render_template(
        "duty/index.html",
        month=rows.month(reader(), actor(), year, number, now),
        today=rows.month(reader(), actor(), today.year, today.month, now).days[today.day - 1],
        half=Duty.half(now),
        before=earlier,
        reviewed=any(one.person_name == actor().name for one in earlier.done.get(Duty.RESULTS, ())),
        title=f"{MONTHS[number - 1][1]} {thai_digits(year + BUDDHIST_OFFSET)}",
        earlier_month=_address(year, number - 1) if (year, number) > (_FIRST_YEAR, 1) else "",
        later_month=_address(year, number + 1) if (year, number) < (today.year, today.month) else "",
        duties=list(Duty),
        agency=people.agency(reader(), actor().agency_id),
        why_not=words_of(may_attend(actor())),
        now=now,
    )


@bp.post("/duty/results")
def review() -> ResponseReturnValue:
    """Yesterday's results were looked at."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        raise NotFound from None
    try:
        found = attending.review_results(services(), actor=actor(), day=day)
    except (RuleBroken, BadInput) as error:
        flash(error.fields.get("day", error.thai) if isinstance(error, BadInput) else error.thai, "amber")
        return redirect(url_for(".index"))
    refresh_reader()
    told = f"ส่ง {found.sent} ตอบรับ {found.answered} มีปัญหา {found.trouble}"
    flash(f"บันทึกแล้วว่าตรวจผลการส่งของ{thai_date(day, 'full')}: {thai_digits(told)}", "green")
    return redirect(url_for(".index"))


@bp.get("/admin/workdays")
def workdays() -> ResponseReturnValue:
    """The holidays of a year, and what the agency changed about them."""
    return _workdays(DayForm(formdata=None))


@bp.post("/admin/workdays")
def change() -> ResponseReturnValue:
    """A day is off, or is worked after all."""
    form = DayForm()
    try:
        try:
            day = read_date(form.day.data or "", office_date(services().clock.now()))
        except NotADate as error:
            raise BadInput({"day": str(error)}) from None
        if day is None:
            raise BadInput({"day": "กรอกวันที่"})
        off = form.kind.data != "worked"
        attending.change_day(
            services(), actor=actor(), day=day, off=off, title=form.title.data or "", source=form.source.data or ""
        )
    except BadInput as error:
        show_errors(form, error.fields, "day")
        return _workdays(form), 422
    refresh_reader()
    flash(f"{thai_date(day, 'full')} เป็น{'วันหยุด' if off else 'วันทำการ'}แล้ว", "green")
    return redirect(url_for(".workdays", year=day.year + BUDDHIST_OFFSET))


@bp.post("/admin/workdays/<day>/undo")
def undo(day: str) -> ResponseReturnValue:
    """A day is again what it is for everybody."""
    try:
        taken = date.fromisoformat(day)
    except ValueError:
        raise NotFound from None
    attending.undo_day(services(), actor=actor(), day=taken)
    refresh_reader()
    flash(f"{thai_date(taken, 'full')} กลับเป็นตามประกาศแล้ว", "green")
    return redirect(url_for(".workdays", year=taken.year + BUDDHIST_OFFSET))


def _workdays(form: DayForm) -> str:
    require(may_administer(actor()))
    today = office_date(services().clock.now())
    asked = request.args.get("year", type=int) or today.year + BUDDHIST_OFFSET
    year = asked - BUDDHIST_OFFSET
    changes = {one.day: one for one in rows.changed_days(reader(), actor()) if one.day.year == year}
    days = sorted({day for day in ANNOUNCED if day.year == year} | set(changes))
    shown = [(day, ANNOUNCED.get(day, ""), changes.get(day)) for day in days]
    this = today.year + BUDDHIST_OFFSET
    return render_template(
        "duty/workdays.html",
        days=shown,
        form=form,
        year=asked,
        years=[(f"ปี {thai_digits(y)}", url_for(".workdays", year=y), y == asked) for y in (this - 1, this, this + 1)],
        known=year in known_years(),
        today=today,
    )


def _month(text: str, today: date) -> tuple[int, int]:
    found = _MONTH.fullmatch(text)
    if found is None:
        return today.year, today.month
    year, number = int(found[1]), int(found[2])
    if not 1 <= number <= 12 or not _FIRST_YEAR <= year <= today.year:
        raise NotFound
    return year, number


def _address(year: int, number: int) -> str:
    year, number = (year - 1, 12) if number < 1 else (year + 1, 1) if number > 12 else (year, number)
    return url_for(".index", month=f"{year}-{number:02}")
