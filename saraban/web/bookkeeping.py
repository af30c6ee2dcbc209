"""The administrator's page of the books: which are kept, opened or ended here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import RegisterYear
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.numbering import arabic_digits
from saraban.domain.permissions import may_administer, require
from saraban.domain.register import BookKind
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import bookkeeping as rows
from saraban.reading import people
from saraban.usecases import bookkeeping
from saraban.usecases.bookkeeping import StartRepeats
from saraban.web.filters import count, official_digits, thai_digits
from saraban.web.forms.amending import OpenBookForm, show_errors, whole_number

bp = Blueprint("bookkeeping", __name__, url_prefix="/admin/books")

PAST_YEARS = 5


@bp.get("")
def index() -> ResponseReturnValue:
    """All books of a year, and the forms."""
    return _page()


@bp.post("/open")
def open_book() -> ResponseReturnValue:
    """Open a register with the number that it begins with here."""
    form = OpenBookForm()
    try:
        kind, year = _kind(form.kind.data), _whole_year(form.year.data)
        first = whole_number(form.first.data, "first", "เลขเริ่มต้นต้องเป็นตัวเลข เช่น ๑ หรือ ๔๑๒๑")
        bookkeeping.open_book(
            services(), actor=actor(), kind=kind, unit_code=form.unit.data or "", year=year, first=first
        )
    except StartRepeats as error:
        form.first.data = thai_digits(error.free)
        show_errors(form, {"first": f"{error.fields['first']} ใส่เลขนี้ให้แล้ว"}, "kind")
        return _page(opening=form), 422
    except BadInput as error:
        show_errors(form, error.fields, "kind")
        return _page(opening=form), 422
    except (RuleBroken, NotFound) as error:
        form.kind.errors = [official_digits(error.thai)]
        return _page(opening=form), 422
    refresh_reader()
    flash(f"เปิด{kind.thai} ปี {thai_digits(year)} แล้ว เลขแรกที่ระบบออกคือ {count(first)}", "green")
    return redirect(url_for(".index", year=year))


@bp.post("/end")
def end_book() -> ResponseReturnValue:
    """Stop keeping a register."""
    kind, unit = _kind(request.form.get("kind")), request.form.get("unit", "")
    try:
        bookkeeping.end_book(services(), actor=actor(), kind=kind, unit_code=unit)
    except RuleBroken as error:
        flash(official_digits(error.thai), "amber")
        return redirect(url_for(".index"))
    refresh_reader()
    flash(f"เลิกเก็บ{kind.thai}แล้ว เล่มที่มีอยู่ยังอ่านได้ครบ และไม่เปิดเล่มใหม่เมื่อขึ้นปี", "green")
    return redirect(url_for(".index"))


@bp.post("/reopen")
def reopen_book() -> ResponseReturnValue:
    """Keep a register again that was ended by mistake."""
    kind, unit, reason = _kind(request.form.get("kind")), request.form.get("unit", ""), request.form.get("reason", "")
    try:
        bookkeeping.reopen_book(services(), actor=actor(), kind=kind, unit_code=unit, reason=reason)
    except (BadInput, RuleBroken) as error:
        words = error.fields["reason"] if isinstance(error, BadInput) else error.thai
        flash(official_digits(words), "amber")
        return redirect(url_for(".index"))
    refresh_reader()
    flash(f"เปิด{kind.thai}อีกครั้งแล้ว เลขต่อจากเลขล่าสุดของเล่ม", "green")
    return redirect(url_for(".index"))


def _page(*, opening: OpenBookForm | None = None) -> str:
    require(may_administer(actor()))
    this_year = RegisterYear.containing(services().clock.now()).buddhist
    year = _year(request.args.get("year"), this_year)
    form = opening or OpenBookForm(formdata=None, year=str(this_year))
    form.kind.choices = {"": "เลือกทะเบียน"} | {kind.value: kind.thai for kind in BookKind}
    form.unit.choices = {"": "ส่วนกลาง (ทั้งส่วนราชการ)"} | {
        unit.code: unit.name for unit in people.units(reader(), actor().agency_id, actor().on) if not unit.central
    }
    form.year.choices = {str(one): f"ปี {thai_digits(one)}" for one in range(this_year, this_year - PAST_YEARS, -1)}
    return render_template(
        "admin/books.html",
        books=rows.kept_books(reader(), actor(), year, this_year=this_year),
        year=year,
        years=sorted({this_year, year, *rows.years_of_books(reader(), actor())}, reverse=True),
        this_year=this_year,
        opening=form,
        agency=people.agency(reader(), actor().agency_id),
    )


def _kind(value: str | None) -> BookKind:
    try:
        return BookKind(value or "")
    except ValueError:
        raise BadInput({"kind": "เลือกทะเบียนจากรายการ"}) from None


def _whole_year(text: str | None) -> int:
    return whole_number(text, "year", "เลือกปีจากรายการ")


def _year(text: str | None, default: int) -> int:
    plain = arabic_digits(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) == 4 else default
