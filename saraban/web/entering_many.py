"""Many letters at once: a grid that is filled by keyboard or pasted from a sheet, and sheets that are brought as files.
All rows are entered or none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any, BinaryIO, cast
from uuid import uuid4

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, Finding, PossibleDuplicate, SarabanError
from saraban.domain.register import Matter
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading import entering as rows
from saraban.reading import lookalikes
from saraban.usecases import errands, importing, recording
from saraban.usecases.ports import Services
from saraban.usecases.recording import BadRows
from saraban.usecases.sheets import Sheet, keep_sheet, kept_sheet
from saraban.web.downloads import download
from saraban.web.entering import bp
from saraban.web.entering_scans import desk
from saraban.web.filters import official_digits, thai_digits
from saraban.web.forms import sheets
from saraban.web.forms.entries import CAPTIONS, read_matter
from saraban.web.own_tokens import OwnTokens

__all__ = ["bp"]
GRID = ("sender", "number", "letter_date", "subject", "addressee", "practice", "urgency", "note")
MOST_IN_GRID = 500
_EMPTY_ROWS = 8
_BAD_SHOWN, _ALIKE_SHOWN, _GOOD_SHOWN = 500, 500, 20


@dataclass
class GridRow:
    """A row of the grid as it was typed, what is wrong in its cells, and what must be looked at before."""

    cells: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    asked: Asked | None = None


@dataclass(frozen=True)
class Asked:
    """Why a row seems to be in the register already: the reasons in words, the lines to be laid beside its letter, and
    the keys by which a clerk says that it is another letter. `ticked`: the clerk has said so."""

    matter: Matter
    reasons: tuple[str, ...]
    lines: tuple[lookalikes.Known, ...]
    keys: str
    ticked: bool


# --- the grid ---------------------------------------------------------------------------------------------------------


@bp.get("/<book>/grid")
def grid(book: str) -> ResponseReturnValue:
    """An empty grid."""
    return _grid(desk(book), [])


@bp.post("/<book>/grid")
def enter_grid(book: str) -> ResponseReturnValue:
    """Enter all rows that are not empty, or none and say in each cell what is wrong."""
    here = desk(book)
    names = _grid_columns(here)
    typed = [GridRow(dict(zip(names, cells, strict=False))) for cells in _sent_rows(names)]
    typed = [row for row in typed if any(text.strip() for text in row.cells.values())]
    problem: SarabanError | None = None
    try:
        matters = _read_grid(here, typed)
        said = _enter_all(here, matters)
    except BadRows as error:
        for place, faults in error.rows.items():
            typed[place].errors = faults
        problem = error
    except SarabanError as error:
        problem = error
    refresh_reader()
    if isinstance(problem, PossibleDuplicate):
        for place, asked in _asked(problem.findings, matters).items():
            typed[place].asked = asked
    if problem is not None:
        return _grid(here, typed, problem)
    flash(said["words"], "green")
    entered = request.form.get("idempotency_key", "")
    return redirect(url_for(".grid", book=here.kind.value, unit=here.keeper.code or None, entered=entered or None))


def _grid_columns(here: rows.Desk) -> tuple[str, ...]:
    return tuple(name for name in GRID if name != "number" or here.kind.incoming)


def _sent_rows(names: Sequence[str]) -> list[list[str]]:
    """The rows as the script packs them into one field, or as fields of the form where there is no script."""
    packed = request.form.get("packed", "")
    if packed:
        try:
            found = json.loads(packed)
            sent = [[str(cell) for cell in row][: len(names)] for row in found]
        except (ValueError, TypeError):
            raise BadInput({"rows": "อ่านตารางที่ส่งมาไม่ได้ ลองส่งอีกครั้ง"}) from None
    else:
        columns = [request.form.getlist(name) for name in names]
        sent = [list(row) for row in zip(*columns, strict=False)]
    if len(sent) > MOST_IN_GRID:
        raise BadInput({"rows": f"ตารางรับได้ {thai_digits(MOST_IN_GRID)} แถว รายการที่มากกว่านี้นำเข้าเป็นไฟล์"})
    return sent


def _read_grid(here: rows.Desk, typed: Sequence[GridRow]) -> list[Matter]:
    now = services().clock.now()
    if not typed:
        raise BadInput({"rows": "ยังไม่มีแถวที่กรอก"}, "ยังไม่มีแถวที่กรอก พิมพ์หรือวางรายการในตารางก่อน")
    matters, wrong = [], {}
    for place, row in enumerate(typed):
        matter, unread = read_matter(row.cells, now)
        faults = {name: text for name, text in matter.faults(here.kind, now).items() if name not in unread} | unread
        if faults:
            wrong[place] = faults
        matters.append(matter)
    if wrong:
        raise BadRows(wrong)
    return matters


def _enter_all(here: rows.Desk, matters: Sequence[Matter]) -> dict[str, Any]:
    accepted = _accepted()
    said = [repr(list(matters)), accepted, here.keeper.code]
    key = once_key(actor(), request.form.get("idempotency_key", "").strip(), "grid", here.kind.value, said)

    def work(office: Services) -> dict[str, Any]:
        made = recording.record_many(
            office, actor=actor(), kind=here.kind, matters=matters, unit_code=here.keeper.code, accepted=accepted
        )
        words = f"ลง{here.kind.thai}แล้ว {len(made)} ฉบับ เลข {made[0].number} ถึง {made[-1].number}"
        return {"words": official_digits(words)}

    return do_once(key, work, lambda _: {"words": f"ลง{here.kind.thai}แล้วทุกแถว"}).answer


def _accepted() -> list[str]:
    """The keys of what was shown and the clerk has ticked, row by row."""
    return " ".join(request.form.getlist("accepted")).split()


def _asked(findings: Sequence[Finding], matters: Sequence[Matter]) -> dict[int, Asked]:
    """What must be looked at, by row, with the lines of the register to be laid beside it."""
    lines = lookalikes.shown_beside(reader(), actor(), [one for finding in findings for one in finding.earlier])
    ticked = set(request.form.getlist("accepted"))
    by_row: dict[int, list[Finding]] = {}
    for finding in findings:
        by_row.setdefault(finding.row, []).append(finding)
    asked = {}
    for place, found in by_row.items():
        keys = " ".join(finding.key for finding in found)
        ids = dict.fromkeys(one for finding in found for one in finding.earlier)
        beside = tuple(lines[one] for one in ids if one in lines)
        asked[place] = Asked(matters[place], tuple(f.thai for f in found), beside, keys, keys in ticked)
    return asked


def _grid(here: rows.Desk, typed: list[GridRow], error: SarabanError | None = None) -> ResponseReturnValue:
    problem = problem_of(error) if error is not None else None
    names = _grid_columns(here)
    empty = [GridRow(dict.fromkeys(names, "")) for _ in range(max(1, _EMPTY_ROWS - len(typed)))]
    page = render_template(
        "entering/grid.html",
        desk=here,
        columns=[(name, CAPTIONS[name]) for name in names],
        rows=[*typed, *empty],
        bad=sum(1 for row in typed if row.errors),
        asked=sum(1 for row in typed if row.asked),
        problem=problem,
        most=MOST_IN_GRID,
        key=uuid4().hex,
    )
    return page, problem.status if problem is not None else 200


# --- sheets -----------------------------------------------------------------------------------------------------------


@bp.get("/<book>/sheet")
def sheet(book: str) -> ResponseReturnValue:
    """Where a sheet is chosen."""
    return render_template("entering/sheet.html", desk=desk(book), problem=None)


@bp.post("/<book>/sheet")
def preview(book: str) -> ResponseReturnValue:
    """What the sheet says, row by row, before anything is entered. The columns may be set otherwise."""
    here = desk(book)
    try:
        found, token = _sheet(here)
        return _preview(here, found, token)
    except SarabanError as error:
        problem = problem_of(error)
        return render_template("entering/sheet.html", desk=here, problem=problem), problem.status


@bp.post("/<book>/sheet/faults")
def faults(book: str) -> ResponseReturnValue:
    """The whole sheet once more, with a column that says what is wrong in each row."""
    here = desk(book)
    found, _ = _sheet(here)
    read = _read(here, found)
    asked = _known(here, read)
    cells = [
        [
            *map(sheets.as_cell, row),
            sheets.in_words(read.wrong.get(place, {})) or " · ".join(asked[place].reasons if place in asked else ()),
        ]
        for place, row in enumerate(found.rows)
    ]
    out = BytesIO()
    services().spreadsheets.write_xlsx("รายการที่ต้องแก้", [*found.headings, "สิ่งที่ต้องแก้"], cells, out)
    return download(out.getvalue(), "รายการที่ต้องแก้.xlsx", importing.XLSX, plain="faults")


@bp.post("/<book>/sheet/import")
def order(book: str) -> ResponseReturnValue:
    """Put the import down as an errand, unless a row is bad."""
    here = desk(book)
    found, token = _sheet(here)
    read = _read(here, found)
    asked = _known(here, read)
    left = {place for place, one in asked.items() if not one.ticked}
    if read.wrong or (left and not request.form.get("skip")):
        return _preview(here, found, token, insist=not read.wrong)
    places = [place for place in read.letters if place not in left]
    matters = [read.matters[place] for place in places]
    if not matters:
        flash("ไม่มีแถวใหม่ให้ลง", "amber")
        return redirect(url_for(".sheet", book=here.kind.value, unit=here.keeper.code or None))
    name = _said(token)[1]
    errand = errands.order_errand(
        services(),
        actor=actor(),
        kind=importing.ERRAND,
        title=f"นำเข้า{here.kind.thai} {name}",
        order={
            "book": here.kind.value,
            "unit": here.keeper.code,
            "list": importing.keep_list(services(), matters=matters, numbers=[read.row(place) for place in places]).hex,
            "accepted": _accepted(),
        },
        total=2 * len(matters),
    )
    return redirect(url_for("errands.show", errand_id=errand))


@bp.get("/<book>/sheet/template.xlsx")
def template(book: str) -> Response:
    """A sheet with the headings and a marked line that shows how it is filled in and is never entered."""
    here = desk(book)
    places = [sheets.COLUMNS.index(name) for name in sheets.columns_of(here.kind)]
    out = BytesIO()
    services().spreadsheets.write_xlsx(
        here.kind.thai, [sheets.TEMPLATE[at] for at in places], [[sheets.EXAMPLE[at] for at in places]], out
    )
    return download(out.getvalue(), f"แบบนำเข้า{here.kind.thai}.xlsx", importing.XLSX, plain="template")


def _sheet(here: rows.Desk) -> tuple[Sheet, str]:
    """The sheet that was uploaded, or the one that was kept when it was."""
    token = request.form.get("token", "")
    if token:
        return kept_sheet(services(), Digest(_said(token)[0])), token
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadInput({"file": "เลือกไฟล์ XLSX หรือ CSV ก่อน"}, "เลือกไฟล์ XLSX หรือ CSV ก่อน")
    found = importing.read_sheet(
        services(), actor=actor(), kind=here.kind, stream=cast(BinaryIO, file.stream), name=file.filename
    )
    kept = keep_sheet(services(), sheet=found)
    return found, OwnTokens("kept-sheet").made(kept.hex, file.filename)


def _columns(here: rows.Desk, found: Sheet) -> dict[str, int]:
    if request.form.get("columns"):
        return sheets.chosen_columns(request.form, here.kind, len(found.headings))
    return sheets.guess_columns(found.headings, here.kind)


def _read(here: rows.Desk, found: Sheet) -> sheets.Preview:
    return sheets.read_rows(found, _columns(here, found), here.kind, services().clock.now())


def _known(here: rows.Desk, read: sheets.Preview) -> dict[int, Asked]:
    """The sound rows that seem to be in the register already, or that stand twice in the sheet."""
    places = [place for place in read.letters if place not in read.wrong]
    matters = [read.matters[place] for place in places]
    found = recording.seem_known(services(), actor=actor(), kind=here.kind, matters=matters, unit_code=here.keeper.code)
    asked = _asked([_in_sheet(finding, read, places) for finding in found], read.matters)
    return dict(sorted(asked.items()))


def _in_sheet(finding: Finding, read: sheets.Preview, places: Sequence[int]) -> Finding:
    """The same with the rows as they count in the sheet."""
    words = finding.thai
    if finding.twin is not None:
        words = thai_digits(f"ซ้ำกับแถวที่ {read.row(places[finding.twin])} ของไฟล์นี้")
    return replace(finding, row=places[finding.row], thai=words)


def _preview(here: rows.Desk, found: Sheet, token: str, *, insist: bool = False) -> ResponseReturnValue:
    read = _read(here, found)
    asked = _known(here, read)
    good = [place for place in read.letters if place not in read.wrong and place not in asked]
    return render_template(
        "entering/preview.html",
        desk=here,
        sheet=found,
        token=token,
        name=_said(token)[1],
        columns=_columns(here, found),
        fields=[(name, CAPTIONS[name]) for name in sheets.columns_of(here.kind)],
        read=read,
        bad=[(place, sheets.in_words(read.wrong[place])) for place in sorted(read.wrong)[:_BAD_SHOWN]],
        alike=list(asked.items())[:_ALIKE_SHOWN],
        alike_count=len(asked),
        good=good[:_GOOD_SHOWN],
        good_count=len(good),
        insist=insist,
    )


def _said(token: str) -> list[str]:
    try:
        return OwnTokens("kept-sheet").said(token)
    except BadSignature:
        words = "ไฟล์ที่ส่งไว้ใช้ไม่ได้แล้ว เลือกไฟล์อีกครั้ง"
        raise BadInput({"file": words}, words) from None
