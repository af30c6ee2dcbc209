"""The legal books on screen (forms 13 and 14): all books of a year, a book with its filters and the views
that its reader keeps. They are printed in `printing.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.agency import UnitId
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.numbering import arabic_digits
from saraban.domain.permissions import may_enter, words_of
from saraban.domain.register import BookKind
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import books as book_rows
from saraban.reading import people, saved_views
from saraban.reading import registers as rows
from saraban.reading.audit import last_check
from saraban.reading.holds import held_among
from saraban.reading.opening import openable
from saraban.reading.organisation import unit_names
from saraban.reading.paging import Page
from saraban.usecases import keeping_views
from saraban.web.register_lists import CAPTIONS, CHOICES, EXTRA_COLUMNS, FORM_COLUMNS, ListAsked, of_view, read_list

bp = Blueprint("registers", __name__, url_prefix="/registers")

LINES_SHOWN = 50
_WHOLE_LIST = "all"


@dataclass(frozen=True)
class Day:
    """The lines of one day of the office."""

    date: date
    lines: list[rows.EntryRow]


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every book of a year: its keeper, its numbers and how its lines stand."""
    this_year = _this_year()
    year = _number("year", this_year)
    found = book_rows.books(reader(), actor(), year, this_year=this_year)
    checked = last_check(reader(), actor())
    why_not = [_why_not_enter(one, this_year) for one in found]
    return render_template(
        "registers/index.html",
        books=found,
        why_not=why_not,
        troubles={one.book_id: one.troubles for one in checked.books} if checked is not None else {},
        reasons=sorted({reason for reason in why_not if reason}),
        year=year,
        this_year=this_year,
        years=sorted({this_year, year, *book_rows.years(reader(), actor())}, reverse=True),
    )


@bp.get("/<book>")
def book(book: str) -> ResponseReturnValue:
    """A register of one year, the newest number first, as its address asks for it."""
    kind = _kind(book)
    views = saved_views.own(reader(), actor(), _screen(kind))
    first = next((view for view in views if view.is_default), None)
    if not request.args and first is not None:
        return redirect(url_for(".book", book=kind.value) + (f"?{first.query}" if first.query else "?view=all"))
    asked = read_list(request.args, office_date(services().clock.now()))
    return _list(kind, asked, views), 422 if asked.wrong else 200


@bp.post("/<book>/views")
def save_view(book: str) -> ResponseReturnValue:
    """Keep the list as it is asked for under a name."""
    kind = _kind(book)
    query = of_view(request.form.get("query", ""))
    try:
        keeping_views.save_view(
            services(),
            actor=actor(),
            screen=_screen(kind),
            name=request.form.get("name", ""),
            query=query,
            is_default=bool(request.form.get("is_default")),
        )
    except BadInput as error:
        flash(next(iter(error.fields.values())), "amber")
        return redirect(_back_to(kind, query))
    refresh_reader()
    flash(f"เก็บมุมมอง “{' '.join(request.form['name'].split())}” แล้ว", "green")
    return redirect(_back_to(kind, query))


@bp.post("/<book>/views/begin")
def begin_with_view(book: str) -> ResponseReturnValue:
    """Let the list open with one of the views, or whole again."""
    kind = _kind(book)
    chosen = request.form.get("view", "")
    keeping_views.begin_with_view(
        services(), actor=actor(), screen=_screen(kind), view_id=_id(chosen) if chosen else None
    )
    refresh_reader()
    flash("ทะเบียนนี้จะเปิดด้วยมุมมองที่เลือก" if chosen else "ทะเบียนนี้จะเปิดด้วยรายการทั้งหมด", "green")
    return redirect(_back_to(kind, of_view(request.form.get("query", ""))))


@bp.post("/<book>/views/<uuid:view_id>/forget")
def forget_view(book: str, view_id: UUID) -> ResponseReturnValue:
    """Forget one of the views; the lines are not touched."""
    kind = _kind(book)
    keeping_views.forget_view(services(), actor=actor(), screen=_screen(kind), view_id=view_id)
    refresh_reader()
    flash("ลบมุมมองแล้ว รายการในทะเบียนยังอยู่ครบ", "green")
    return redirect(_back_to(kind, ""))


def _list(kind: BookKind, asked: ListAsked, views: list[saved_views.ViewRow]) -> str:
    context = _context(kind)
    page: Page[rows.EntryRow] = Page([])
    if not asked.wrong:
        page = rows.entries(
            reader(),
            actor(),
            kind=kind,
            year=context["year"],
            unit_code=context["unit"] or None,
            filters=asked.filters,
            cursor=request.args.get("cursor"),
            back=request.args.get("back"),
            limit=LINES_SHOWN,
        )
    names = unit_names(reader(), actor().agency_id)
    owners = names.by_code(actor().on)
    days = _days(page.items)
    query = asked.query()
    return render_template(
        "registers/book.html",
        **context,
        asked=asked,
        query=query,
        chips=asked.chips(owners),
        views=views,
        view=next((view for view in views if view.query == query), None),
        page=page,
        days=days,
        closes=book_rows.closed_days(reader(), actor(), [day.date for day in days]),
        openable=openable(reader(), actor(), kind, (line.subject_of for line in page.items)),
        with_files=rows.with_files(reader(), page.items),
        held=held_among(reader(), (line.id for line in page.items)),
        owners=owners,
        unit_names={line.id: names.on(line.unit_id, office_date(line.at)) for line in page.items},
        captions=CAPTIONS,
        form_columns=FORM_COLUMNS,
        extra_columns=EXTRA_COLUMNS,
        choices=CHOICES,
        cleared=actor().clearance,
        once=uuid4().hex,
        clear=_with_query(_place(kind, context["year"], context["unit"]), asked.bare().query()),
    )


def _context(kind: BookKind) -> dict[str, Any]:
    """The book that is asked for and what may be chosen instead."""
    this_year = _this_year()
    year = _number("year", this_year)
    unit = request.args.get("unit", "")
    keepers = {"": people.agency(reader(), actor().agency_id).name} | book_rows.keepers(reader(), actor(), kind)
    if unit not in keepers:
        raise NotFound("หน่วยงานนี้ไม่ได้เก็บทะเบียนของตนเอง")
    found = book_rows.span(reader(), actor(), kind, year, unit or None)
    return {
        "kind": kind,
        "year": year,
        "years": sorted({this_year, year, *book_rows.years(reader(), actor(), kind)}, reverse=True),
        "unit": unit,
        "keepers": sorted(keepers.items()),
        "keeper": keepers[unit],
        "first": found.first if found else 1,
        "lowest": found.lowest if found else 1,
        "last": found.last if found and found.last >= found.lowest else 0,
        "closed_at": found.closed_at if found else None,
        "this_year": this_year,
    }


def _why_not_enter(one: book_rows.Book, this_year: int) -> str:
    """Why no letter can be logged in the book now; empty when it can."""
    if one.closed_at is not None or one.year != this_year:
        return "ลงทะเบียนได้เฉพาะเล่มของปีนี้ที่ยังเปิดอยู่"
    return words_of(may_enter(actor(), one.kind, UnitId(one.unit_id) if one.unit_id else None, Secrecy.OPEN))


def _kind(book: str) -> BookKind:
    """The register of that name; NotFound when there is none."""
    try:
        return BookKind(book)
    except ValueError:
        raise NotFound("ไม่มีทะเบียนชื่อนี้") from None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _screen(kind: BookKind) -> str:
    return f"registers/{kind.value}"


def _back_to(kind: BookKind, query: str) -> str:
    """The list of the year and keeper in the form that was sent, asked for as in the query."""
    year, unit = request.form.get("year", ""), request.form.get("unit", "")
    place = _place(kind, year if year.isdigit() else None, unit)
    return _with_query(place, query)


def _place(kind: BookKind, year: object, unit: str) -> str:
    """The whole list of a book: `view` tells that it was asked for, so that no kept view opens in its place."""
    return url_for(".book", book=kind.value, year=year, unit=unit or None, view=_WHOLE_LIST)


def _with_query(place: str, query: str) -> str:
    return f"{place}&{query}" if query else place


def _this_year() -> int:
    return RegisterYear.containing(services().clock.now()).buddhist


def _number(name: str, default: int) -> int:
    """A number of the query, with Thai or Arabic digits; the default for anything else."""
    text = arabic_digits(request.args.get(name, "")).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else default


def _days(lines: Iterable[rows.EntryRow]) -> list[Day]:
    return [Day(day, list(group)) for day, group in groupby(lines, key=lambda line: office_date(line.at))]
