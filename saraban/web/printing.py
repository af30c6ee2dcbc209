"""Registers on paper and as sheets: what is to be printed or exported is chosen here, and done in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import BookKind
from saraban.doorway import actor, reader, services
from saraban.doorway.dates import NotADate, read_date
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading.printout import PrintedBook, anything_to_print, printed_book
from saraban.reading.register_filters import Filters
from saraban.usecases.errands import order_errand
from saraban.web.filters import thai_date, thai_digits

bp = Blueprint("printing", __name__)

SCOPES = (("all", "ทั้งเล่ม"), ("numbers", "ช่วงเลข"), ("days", "ช่วงวันที่ลงทะเบียน"))
SHEETS = {"xlsx": "XLSX", "csv": "CSV"}
_DAYS = ("entered_from", "entered_to")
_NUMBERS = ("since", "until")


@bp.get("/registers/<book>/print")
def paper(book: str) -> ResponseReturnValue:
    """What of a register is to be printed or exported: all of it, a range, or what a list has filtered."""
    kind = kind_named(book)
    asked = Filters.read(request.args)
    return _page(
        _book(kind, request.args), {"asked": urlencode(asked.written()), "scope": "filtered" if asked.on else "all"}
    )


@bp.post("/registers/<book>/print")
def print_register(book: str) -> ResponseReturnValue:
    """Put down that the register is to be printed as its form asks."""
    return _order(kind_named(book), "register-pdf", "พิมพ์", {})


@bp.post("/registers/<book>/export")
def export(book: str) -> ResponseReturnValue:
    """Put down that the register is to be written as a sheet."""
    form = request.form.get("format", "xlsx")
    if form not in SHEETS:
        raise BadInput({"format": "ส่งออกเป็น XLSX หรือ CSV"})
    return _order(kind_named(book), "register-sheet", f"ส่งออก {SHEETS[form]} ", {"format": form})


def kind_named(book: str) -> BookKind:
    """The register of that name; NotFound when there is none."""
    try:
        return BookKind(book)
    except ValueError:
        raise NotFound("ไม่มีทะเบียนชื่อนี้") from None


def year_in(said: Mapping[str, str]) -> int:
    """The Buddhist year that is asked for, this year's without one."""
    text = arabic_digits(said.get("year", "")).strip()
    if text.isascii() and text.isdigit() and len(text) == 4:
        return int(text)
    return RegisterYear.containing(services().clock.now()).buddhist


def _book(kind: BookKind, said: Mapping[str, str]) -> PrintedBook:
    return printed_book(reader(), actor(), kind, year_in(said), said.get("unit", "").strip())


def _order(kind: BookKind, errand: str, deed: str, more: dict[str, Any]) -> ResponseReturnValue:
    said = request.form
    book = _book(kind, said)
    try:
        filters = _filters(said)
        _require_lines(book, filters)
    except BadInput as error:
        return _page(book, said, error.fields), 422
    order = {
        "book": kind.value,
        "year": book.year,
        "unit": said.get("unit", "").strip(),
        "filters": filters.written(),
        **more,
    }
    title = f"{deed}{_told(book, order['unit'], filters)}"
    key = once_key(actor(), said.get("idempotency_key", "").strip(), errand, order)
    answer = do_once(
        key,
        lambda office: {"id": str(order_errand(office, actor=actor(), kind=errand, title=title, order=order))},
        lambda errand_id: {"id": str(errand_id)},
    ).answer
    return redirect(url_for("errands.show", errand_id=UUID(answer["id"])))


def _filters(said: Mapping[str, str]) -> Filters:
    """What is to be printed: a range of the page's own fields, the filters it kept, or those a list sends itself."""
    scope = said.get("scope")
    if scope is None:
        return Filters.read(said)
    if scope == "filtered":
        return Filters.read(dict(parse_qsl(said.get("asked", ""))))
    if scope == "numbers":
        return _needed(Filters.read({name: said.get(name, "") for name in _NUMBERS}), "since", "ใส่เลขแรกหรือเลขสุดท้าย")
    if scope == "days":
        days = _needed(Filters.read(_typed_days(said)), "entered_from", "ใส่วันแรกหรือวันสุดท้าย")
        return days
    return Filters()


def _require_lines(book: PrintedBook, filters: Filters) -> None:
    """Raise BadInput when nothing would stand on the paper."""
    if anything_to_print(reader(), actor(), book, filters):
        return
    told = f"ทะเบียนเล่มนี้มีเลข {book.lowest}–{book.last}" if book.lowest <= book.last else "ทะเบียนเล่มนี้ยังไม่มีรายการ"
    asked = filters.written()
    field = next((first for first, last in (_NUMBERS, _DAYS) if first in asked or last in asked), "scope")
    raise BadInput({field: thai_digits(f"ไม่มีรายการในขอบเขตนี้ {told}")})


def _needed(filters: Filters, field: str, words: str) -> Filters:
    if not filters.on:
        raise BadInput({field: words})
    return filters


def _typed_days(said: Mapping[str, str]) -> dict[str, str]:
    """The days as they were typed, in the form that filters read."""
    wrong: dict[str, str] = {}
    days: dict[str, str] = {}
    today = office_date(services().clock.now())
    for name in _DAYS:
        try:
            day = read_date(said.get(name, ""), today)
        except NotADate as error:
            wrong[name] = str(error)
        else:
            days[name] = day.isoformat() if day else ""
    if wrong:
        raise BadInput(wrong)
    return days


def _told(book: PrintedBook, unit: str, filters: Filters) -> str:
    """The register and the range in words, for the list of errands and the journal."""
    words = [book.kind.thai, book.keeper if unit else "", f"ปี {book.year}"]
    if filters.since is not None or filters.until is not None:
        first, last = filters.since or book.lowest, filters.until or book.last
        words.append(f"เลข {first}–{last}")
    if filters.entered_from or filters.entered_to:
        words.append(_days_told(filters))
    if filters.asks_content:
        words.append("ตามตัวกรอง")
    return thai_digits(" ".join(filter(None, words)))


def _days_told(filters: Filters) -> str:
    first, last = filters.entered_from, filters.entered_to
    if first == last:
        return f"ลงทะเบียนวันที่ {thai_date(first)}"
    since = f"ตั้งแต่ {thai_date(first)}" if first else ""
    until = f"ถึง {thai_date(last)}" if last else ""
    return "ลงทะเบียน" + " ".join(filter(None, (since, until)))


def _page(book: PrintedBook, said: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    asked = said.get("asked", "")
    return render_template(
        "printing/register.html",
        book=book,
        unit=request.values.get("unit", ""),
        said=said,
        asked=asked,
        scopes=[*([("filtered", "ตามตัวกรองของรายการ")] if asked else []), *SCOPES],
        errors=errors or {},
        once=uuid4().hex,
    )
