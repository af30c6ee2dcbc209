"""The proofs of the registers: the last check of all numbers, the closes of days and years, and who can prove them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.numbering import arabic_digits
from saraban.domain.permissions import may_close_year, may_export_journal, require
from saraban.doorway import actor, reader, services
from saraban.doorway.dates import read_period, write_date
from saraban.exchange.event_words import event_word
from saraban.reading import audit, closes
from saraban.reading import errands as errand_rows
from saraban.usecases import auditing, closing, journal_exporting
from saraban.usecases.errands import order_errand
from saraban.web.downloads import download
from saraban.web.filters import thai_date, thai_digits
from saraban.web.late_stamps import stamps_of

bp = Blueprint("proving", __name__, url_prefix="/proving")

DAYS_SHOWN = 30
PROBLEMS_SHOWN = 50
WITNESSES_SHOWN = 30
PARTS = {
    "statement": ("json", "application/json"),
    "signature": ("p7s", "application/pkcs7-signature"),
    "time-stamp": ("tsr", "application/timestamp-reply"),
}


@bp.get("")
def index() -> ResponseReturnValue:
    """What the last check found, and everything that proves it."""
    return _page()


@bp.post("/check")
def check() -> ResponseReturnValue:
    """Have everything checked now, in the background."""
    return _follow(auditing.ERRAND, "ตรวจเลขและการปิดทะเบียนทุกเล่ม", {})


@bp.post("/years")
def close_year() -> ResponseReturnValue:
    """Have a year closed; what stands in the way is told at once."""
    year = 0
    try:
        year = _year(request.form.get("year", ""))
        closing.require_closable(services(), actor=actor(), year=year)
    except RuleBroken as error:
        return _page(refused=(year, error)), 422
    return _follow(closing.ERRAND, f"ปิดทะเบียนประจำปี {thai_digits(year)}", {"year": year})


@bp.get("/years/<int:year>")
def year(year: int) -> ResponseReturnValue:
    """A closed year: what was sealed, and what changed afterwards."""
    found = closes.year_statement(reader(), actor(), year)
    if found is None:
        raise NotFound("ปีนี้ยังไม่ได้ปิดทะเบียน")
    return render_template(
        "proving/year.html", close=found, late_stamps=stamps_of(close_id=found.id), event_word=event_word
    )


@bp.get("/years/<int:year>/statement")
def year_page(year: int) -> ResponseReturnValue:
    """The sealed statement of a year."""
    data = closing.year_page(services(), actor=actor(), year=year)
    return download(data, f"รายงานปิดทะเบียน-{year}.pdf", "application/pdf", plain=f"year-{year}")


@bp.route("/journal", methods=["GET", "POST"])
def journal() -> ResponseReturnValue:
    """Which days of the journal are taken away, and what is in the package."""
    today = office_date(services().clock.now())
    since, until = request.form.get("since", ""), request.form.get("until", "")
    errors: dict[str, str] = {}
    if request.method == "POST":
        require(may_export_journal(actor()))
        try:
            days = read_period(since, until, today)
            order = {"since": days[0].isoformat(), "until": days[1].isoformat()}
            return _follow(
                journal_exporting.ERRAND, f"ส่งออกบันทึกเหตุการณ์ {thai_date(days[0])} – {thai_date(days[1])}", order
            )
        except BadInput as error:
            errors = error.fields
    page = render_template(
        "proving/journal.html",
        refusal=may_export_journal(actor()),
        since=since or write_date(today - timedelta(days=journal_exporting.KEPT_DAYS)),
        until=until or write_date(today),
        kept_days=journal_exporting.KEPT_DAYS,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.get("/days/<day>")
def day(day: str) -> ResponseReturnValue:
    """One closed day, with what an outsider needs to check it."""
    found = closes.day(reader(), actor(), _day(day))
    if found is None:
        raise NotFound("วันนี้ยังไม่ได้ปิด หรือไม่มีการลงทะเบียน")
    checked = audit.last_check(reader(), actor())
    verdict = checked.closes.get(found.day) if checked is not None else None
    return render_template("proving/day.html", close=found, verdict=verdict)


@bp.get("/days/<day>/<part>")
def part(day: str, part: str) -> ResponseReturnValue:
    """The statement of a day, its seal or its time-stamp, as they were made."""
    if part not in PARTS:
        raise NotFound
    close = closing.day_close(services(), actor=actor(), day=_day(day))
    data = {"statement": close.statement, "signature": close.signature, "time-stamp": close.time_stamp}[part]
    if data is None:
        raise NotFound("วันนี้ยังไม่มีตราประทับรับรองเวลา")
    ending, media_type = PARTS[part]
    return download(data, f"{close.day.isoformat()}.{ending}", media_type, plain="close")


def _page(refused: tuple[int, RuleBroken] | None = None) -> str:
    now = services().clock.now()
    this_year = RegisterYear.containing(now).buddhist
    found = audit.last_check(reader(), actor())
    return render_template(
        "proving/index.html",
        check=found,
        shown=_books(found, this_year),
        wrong_books=[book for book in found.books if book.wrong] if found is not None else [],
        years=sorted({book.year for book in found.books}, reverse=True) if found is not None else [],
        year=request.args.get("year", ""),
        going=_going(auditing.ERRAND),
        days=closes.last_days(reader(), actor(), DAYS_SHOWN),
        open_days=closes.open_days(reader(), actor(), office_date(now)),
        trouble=closes.trouble(reader(), actor()),
        closed_years=closes.years(reader(), actor()),
        open_years=closes.open_years(reader(), actor(), this_year),
        year_refusal=may_close_year(actor()),
        closing_year=_going(closing.ERRAND),
        refused=refused,
        kept=closes.kept_roots(reader(), actor(), WITNESSES_SHOWN),
        contradictions=closes.contradictions(reader(), actor().agency_id),
        most=PROBLEMS_SHOWN,
    )


def _books(found: audit.CheckShown | None, this_year: int) -> list[audit.CheckedBook]:
    """The books of the year that is asked for: without one, of this year or else the newest; "all" for every year."""
    if found is None or not found.books:
        return []
    wanted = request.args.get("year", "")
    if wanted == "all":
        return found.books
    years = {book.year for book in found.books}
    year = this_year if this_year in years else max(years)
    if wanted.isascii() and wanted.isdigit() and len(wanted) == 4:
        year = int(wanted)
    return [book for book in found.books if book.year == year]


def _going(kind: str) -> errand_rows.ErrandRow | None:
    """The person's own errand of this kind that has not ended."""
    return next(iter(errand_rows.own(reader(), actor(), kind=kind, going=True, limit=1).items), None)


def _follow(kind: str, title: str, order: dict[str, Any]) -> ResponseReturnValue:
    """Put an errand down and go to its page; one that is on its way already is followed instead."""
    going = _going(kind)
    if going is not None:
        flash("สั่งไว้แล้ว กำลังทำอยู่", "act")
        return redirect(url_for("errands.show", errand_id=going.id))
    made = order_errand(services(), actor=actor(), kind=kind, title=title, order=order)
    return redirect(url_for("errands.show", errand_id=made))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound from error


def _year(text: str) -> int:
    digits = arabic_digits(text).strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) == 4):
        raise RuleBroken("เลือกปีที่จะปิด", code="no-year")
    return int(digits)
