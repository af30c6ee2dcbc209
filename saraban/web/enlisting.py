"""Sheets of units, posts and people: previewed line by line, then taken in as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import BytesIO

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.organisation_lists import ListKind
from saraban.domain.permissions import may_administer, require
from saraban.doorway import actor, refresh_reader, services
from saraban.doorway.dates import NotADate, read_date
from saraban.usecases import enlisting, importing
from saraban.usecases.sheets import keep_sheet, kept_sheet
from saraban.web.downloads import download
from saraban.web.filters import thai_digits
from saraban.web.organisation import bp, today
from saraban.web.own_tokens import OwnTokens

__all__ = ["bp"]
_EXAMPLES = {
    ListKind.UNITS: ("plan-1", "กลุ่มงานแผน", "plan", "1203"),
    ListKind.POSITIONS: ("101", "นักวิเคราะห์นโยบายและแผน", "plan-1", "เจ้าหน้าที่สารบรรณ", ""),
    ListKind.PEOPLE: ("somjai.j", "นางสาวสมใจ ใจดี", "101", "somjai.j@example.go.th"),
}
_SHOWN = 200


@bp.get("/import")
def bring() -> ResponseReturnValue:
    """Where a sheet is chosen."""
    return _page({}, {})


@bp.get("/import/<kind>.xlsx")
def template(kind: str) -> Response:
    """A sheet with the headings and an example."""
    require(may_administer(actor()))
    listed = _kind(kind)
    if listed is None:
        raise NotFound
    out = BytesIO()
    services().spreadsheets.write_xlsx(listed.thai, list(listed.columns.values()), [_EXAMPLES[listed]], out)
    return download(out.getvalue(), f"แบบนำเข้า{listed.thai}.xlsx", importing.XLSX, plain="template")


@bp.post("/import")
def look_through() -> ResponseReturnValue:
    """What the sheet says, line by line; with `really` it is taken in, unless a line is wrong."""
    require(may_administer(actor()))
    said = {name: request.form.get(name, "").strip() for name in ("kind", "since", "authority", "token")}
    name = ""
    try:
        kind = _kind(said["kind"])
        if kind is None:
            raise BadInput({"kind": "เลือกว่าเป็นรายการของอะไร"})
        digest, name = _sheet(said["token"], kind)
        said["token"] = _token(digest, name, kind)  # what else is wrong does not lose the file
        since = _day(said["since"])
        sheet = kept_sheet(services(), digest)
        really = bool(request.form.get("really"))
        found = enlisting.enlist(
            services(),
            actor=actor(),
            kind=kind,
            rows=sheet.rows,
            numbers=sheet.numbers,
            since=since,
            authority=said["authority"],
            file=name,
            really=really,
        )
    except BadInput as error:
        return _page(said, error.fields, name), 422
    refresh_reader()
    done = really and not found.faults
    if done and not found.passwords:
        told = f"เพิ่ม {found.added} แก้ {found.changed} คงเดิม {found.same}"
        flash(f"นำเข้า{kind.thai}แล้ว {thai_digits(told)}", "green")
        return redirect(url_for(".index"))
    shown = [*sorted(found.faults), *(at for at in found.words if at not in found.faults)][:_SHOWN]
    page = render_template(
        "organisation/preview.html",
        kind=kind,
        name=name,
        said=said,
        rows=[(sheet.numbers[at], sheet.rows[at], found.faults.get(at, ""), found.words.get(at, "")) for at in shown],
        total=len(sheet.rows),
        found=found,
        done=done,
    )
    return page, 422 if found.faults and really else 200


def _page(said: Mapping[str, str], errors: Mapping[str, str], kept: str = "") -> str:
    """`kept` is the name of the sheet that is there already."""
    require(may_administer(actor()))
    return render_template(
        "organisation/import.html", kinds=list(ListKind), said=said, errors=errors, kept=kept, today=today()
    )


def _kind(text: str) -> ListKind | None:
    return next((kind for kind in ListKind if kind.value == text), None)


def _day(text: str) -> date:
    try:
        day = read_date(text, today())
    except NotADate as error:
        raise BadInput({"since": str(error)}) from None
    if day is None:
        raise BadInput({"since": "กรอกวันที่"})
    return day


def _sheet(token: str, kind: ListKind) -> tuple[Digest, str]:
    """The sheet that was uploaded, or the one that was kept when it was looked through."""
    file = request.files.get("file")
    if token and not (file is not None and file.filename):
        try:
            digest, name, of = OwnTokens("kept-list").said(token)
        except BadSignature:
            digest, name, of = "", "", ""
        if of != kind.value:
            raise BadInput({"file": "ไฟล์ที่ส่งไว้ใช้ไม่ได้แล้ว เลือกไฟล์อีกครั้ง"})
        return Digest(digest), name
    if file is None or not file.filename:
        raise BadInput({"file": "เลือกไฟล์ XLSX หรือ CSV"})
    data = file.stream.read(enlisting.LARGEST_SHEET + 1)
    sheet = enlisting.read_list(services(), actor=actor(), data=data, name=file.filename, kind=kind)
    return keep_sheet(services(), sheet=sheet), file.filename


def _token(digest: Digest, name: str, kind: ListKind) -> str:
    return OwnTokens("kept-list").made(digest.hex, name, kind.value)
