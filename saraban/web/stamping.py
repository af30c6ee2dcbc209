"""The receiving stamp: its page, its place, and what is made with it. The letter's own page shows it too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.incoming import IncomingId
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import EntryId
from saraban.doorway import actor, refresh_reader, services
from saraban.usecases import stamping
from saraban.usecases.papers import StampSpot
from saraban.usecases.stamping import StampSheet
from saraban.web.downloads import PAGE_WIDTH, download
from saraban.web.filters import official_digits, thai_date, thai_time

bp = Blueprint("stamping", __name__, url_prefix="/stamping")

PDF = "application/pdf"
_NOT_A_LENGTH = "ใส่ตัวเลขเป็นมิลลิเมตร เช่น 12.5"


@dataclass(frozen=True)
class ShownPage:
    """The first page as the viewer takes it."""

    src: str
    number: int = 1


@dataclass(frozen=True)
class ShownStamp:
    """The stamp in words and where it stands, in tenths of a millimetre. `back` says which page shows it: "letter" or
    "stamp". The reasons are in Thai; empty when it can be shown or moved."""

    entry_id: UUID
    incoming_id: UUID | None
    subject: str
    file_name: str
    agency: str
    number: str
    date: str
    time: str
    page_wide: int
    page_high: int
    left: int
    top: int
    wide: int
    high: int
    why_none: str
    why_fixed: str
    wants_seal: bool
    sealed: bool
    back: str

    @property
    def movable(self) -> bool:
        """Whether the person may move it."""
        return not (self.why_none or self.why_fixed)


def shown_stamp(sheet: StampSheet, back: str) -> ShownStamp:
    """The stamp as the macros of components/stamp.html take it."""
    spot = sheet.spot or StampSpot(210, 297, 0, 0, 50, 25)
    return ShownStamp(
        entry_id=sheet.entry_id,
        incoming_id=sheet.incoming_id,
        subject=sheet.subject,
        file_name=sheet.file.name if sheet.file is not None else "",
        agency=sheet.stamp.agency_name,
        number=sheet.stamp.number,
        date=thai_date(sheet.stamp.at),
        time=thai_time(sheet.stamp.at),
        page_wide=_tenths(spot.page_wide_mm),
        page_high=_tenths(spot.page_high_mm),
        left=_tenths(spot.left_mm),
        top=_tenths(spot.top_mm),
        wide=_tenths(spot.wide_mm),
        high=_tenths(spot.high_mm),
        why_none=sheet.why_none,
        why_fixed=sheet.why_fixed,
        wants_seal=sheet.wants_seal,
        sealed=sheet.sealed is not None,
        back=back,
    )


def stamp_of_letter(incoming_id: UUID) -> ShownStamp | None:
    """The stamp of an incoming letter that was opened a moment ago; None before it was registered."""
    try:
        entry_id = stamping.entry_of_letter(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
        sheet = stamping.stamp_sheet(services(), actor=actor(), entry_id=entry_id, opened=True)
    except RuleBroken:
        return None
    return shown_stamp(sheet, "letter")


@bp.get("/<uuid:entry_id>")
def show(entry_id: UUID) -> ResponseReturnValue:
    """The first page with the stamp over it."""
    return _page(entry_id)


@bp.post("/<uuid:entry_id>/place")
def place(entry_id: UUID) -> ResponseReturnValue:
    """Put the stamp somewhere else: by script, which wants an answer in JSON, or by the two fields."""
    by_script = request.accept_mimetypes.best == "application/json"
    try:
        left, top = (None, None) if request.form.get("reset") else (_length("left"), _length("top"))
        spot = stamping.place_stamp(services(), actor=actor(), entry_id=EntryId(entry_id), left_mm=left, top_mm=top)
    except BadInput as error:
        if by_script:
            return jsonify({name: official_digits(words) for name, words in error.fields.items()}), 422
        return _page(entry_id, errors=error.fields, typed=request.form), 422
    if by_script:
        return jsonify(left=_tenths(spot.left_mm), top=_tenths(spot.top_mm))
    refresh_reader()
    flash("ย้ายตรารับแล้ว", "green")
    return redirect(_back(entry_id))


@bp.get("/<uuid:entry_id>/page.png")
def page(entry_id: UUID) -> Response:
    """The first page as an image, without the stamp."""
    data = stamping.page_image(services(), actor=actor(), entry_id=EntryId(entry_id), width=PAGE_WIDTH)
    response = Response(data, mimetype="image/png")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/<uuid:entry_id>/copy.pdf")
def copy(entry_id: UUID) -> Response:
    """The marked copy (สำเนาประทับตรารับ)."""
    return _given(stamping.marked_copy(services(), actor=actor(), entry_id=EntryId(entry_id)), "สำเนาประทับตรารับ")


@bp.get("/<uuid:entry_id>/sticker.pdf")
def sticker(entry_id: UUID) -> Response:
    """The stamp alone, for a label printer."""
    return _given(stamping.sticker(services(), actor=actor(), entry_id=EntryId(entry_id)), "ตรารับ")


@bp.post("/<uuid:entry_id>/seal")
def seal(entry_id: UUID) -> ResponseReturnValue:
    """Make the copy that is sealed inside."""
    try:
        stamping.seal_copy(services(), actor=actor(), entry_id=EntryId(entry_id))
    except RuleBroken as error:
        flash(error.thai, "red")
        return redirect(_back(entry_id))
    refresh_reader()
    flash("ลงตราในไฟล์แล้ว กด “ฉบับลงตราในไฟล์” เพื่อดาวน์โหลด", "green")
    return redirect(_back(entry_id))


@bp.get("/<uuid:entry_id>/sealed.pdf")
def sealed(entry_id: UUID) -> Response:
    """The copy that was sealed inside."""
    return _given(stamping.open_sealed(services(), actor=actor(), entry_id=EntryId(entry_id)), "ฉบับลงตราในไฟล์")


def _page(entry_id: UUID, *, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None) -> str:
    sheet = stamping.stamp_sheet(services(), actor=actor(), entry_id=EntryId(entry_id))
    pages = [ShownPage(url_for(".page", entry_id=entry_id))] if sheet.spot is not None else []
    stamp = shown_stamp(sheet, "stamp")
    return render_template("stamping/show.html", stamp=stamp, pages=pages, errors=errors or {}, typed=typed or {})


def _back(entry_id: UUID) -> str:
    """The page from which it was done: the letter's, or that of the stamp."""
    if request.form.get("back") == "letter":
        sheet = stamping.stamp_sheet(services(), actor=actor(), entry_id=EntryId(entry_id), opened=True)
        if sheet.incoming_id is not None:
            return url_for("incoming.show", incoming_id=sheet.incoming_id, _anchor="stamp-panel")
    return url_for(".show", entry_id=entry_id)


def _given(data: bytes, name: str) -> Response:
    return download(data, f"{name}.pdf", PDF, plain="received")


def _length(name: str) -> float:
    """What was typed, in Thai digits or Arabic ones."""
    text = arabic_digits(request.form.get(name, "")).replace(",", ".").strip()
    try:
        return float(text)
    except ValueError:
        raise BadInput({name: _NOT_A_LENGTH}) from None


def _tenths(millimetres: float) -> int:
    return round(millimetres * 10)
