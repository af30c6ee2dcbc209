"""The legal books on screen and on paper (forms 13 and 14): a book of a year, search in it, and a range to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.errors import NotFound
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import BookKind
from saraban.doorway import actor, reader, services
from saraban.reading import people
from saraban.reading import registers as rows
from saraban.reading.opening import openable
from saraban.reading.paging import write_cursor

bp = Blueprint("registers", __name__, url_prefix="/registers")

LINES_SHOWN = 50
MOST_PRINTED = 1_000
_USUALLY_PRINTED = 100


@dataclass(frozen=True)
class Day:
    """The lines of one day of the office."""

    date: date
    lines: list[rows.EntryRow]


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every book of a year: its keeper, its numbers and how its lines stand."""
    this_year = RegisterYear.containing(services().clock.now()).buddhist
    year = _number("year", this_year)
    found = rows.books(reader(), actor())
    return render_template(
        "registers/index.html",
        books=[book for book in found if book.year == year],
        year=year,
        years=sorted({this_year, year, *(book.year for book in found)}, reverse=True),
    )


@bp.get("/<book>")
def book(book: str) -> ResponseReturnValue:
    """A register of one year, the newest number first."""
    return _book(_kind(book))


@bp.get("/<book>/print")
def paper(book: str) -> ResponseReturnValue:
    """A range of numbers as the form has it, in the order of the book, for the printer."""
    kind = _kind(book)
    context = _context(kind)
    to = _number("to", context["last"])
    since = _number("from", max(1, to - _USUALLY_PRINTED + 1))
    lines = _range(kind, context["year"], context["unit"], since, min(to, since + MOST_PRINTED - 1))
    return render_template(
        "registers/print.html",
        **context,
        days=_days(lines),
        since=since,
        to=to,
        cut=to - since + 1 > MOST_PRINTED,
        most=MOST_PRINTED,
    )


def _kind(book: str) -> BookKind:
    """The register of that name; NotFound when there is none."""
    try:
        return BookKind(book)
    except ValueError:
        raise NotFound("ไม่มีทะเบียนชื่อนี้") from None


def _book(kind: BookKind) -> ResponseReturnValue:
    context = _context(kind)
    q = request.args.get("q", "").strip()
    page = rows.entries(
        reader(),
        actor(),
        kind=kind,
        year=context["year"],
        unit_code=context["unit"] or None,
        q=q,
        cursor=request.args.get("cursor"),
        limit=LINES_SHOWN,
    )
    return render_template(
        "registers/book.html",
        **context,
        q=q,
        page=page,
        days=_days(page.items),
        openable=openable(reader(), actor(), kind, (line.subject_of for line in page.items)),
    )


def _context(kind: BookKind) -> dict[str, Any]:
    """The book that is asked for and what may be chosen instead."""
    this_year = RegisterYear.containing(services().clock.now()).buddhist
    year = _number("year", this_year)
    unit = request.args.get("unit", "")
    agency_id = actor().agency_id
    keepers = {"": people.agency(reader(), agency_id).name} | rows.keepers(reader(), actor(), kind)
    if unit not in keepers:
        raise NotFound("หน่วยงานนี้ไม่ได้เก็บทะเบียนของตนเอง")
    # The last number is asked of the book alone: counting its lines would cost more the longer the book grows.
    newest = rows.entries(reader(), actor(), kind=kind, year=year, unit_code=unit or None, limit=1)
    return {
        "kind": kind,
        "year": year,
        "years": sorted({this_year, year, *rows.years(reader(), actor(), kind)}, reverse=True),
        "unit": unit,
        "keepers": sorted(keepers.items()),
        "keeper": keepers[unit],
        "last": newest.total or 0,
    }


def _number(name: str, default: int) -> int:
    """A number of the query, with Thai or Arabic digits; the default for anything else."""
    text = arabic_digits(request.args.get(name, "")).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else default


def _range(kind: BookKind, year: int, unit: str, since: int, to: int) -> list[rows.EntryRow]:
    lines: list[rows.EntryRow] = []
    cursor: str | None = write_cursor(max(0, since - 1))
    while cursor is not None:
        page = rows.entries(
            reader(),
            actor(),
            kind=kind,
            year=year,
            unit_code=unit or None,
            cursor=cursor,
            limit=200,
            newest_first=False,
        )
        lines += [line for line in page.items if line.serial <= to]
        cursor = page.next if page.items and page.items[-1].serial < to else None
    return lines


def _days(lines: Iterable[rows.EntryRow]) -> list[Day]:
    return [
        Day(day, list(group))
        for day, group in groupby(lines, key=lambda line: office_date(line.at))
    ]
