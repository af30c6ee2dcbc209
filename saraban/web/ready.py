"""A PDF as the letter itself: brought, looked at, its marks placed, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.letter import Letter, LetterId
from saraban.domain.numbering import arabic_digits
from saraban.domain.permissions import may_revise
from saraban.domain.ready import MARKS, ReadyPage, Spot
from saraban.doorway import actor, refresh_reader, services
from saraban.usecases import drafting, viewing
from saraban.usecases import ready as deeds
from saraban.web.filters import official_digits, thai_digits
from saraban.web.letters import OPEN_FOR_CHANGE, pages_of, version_seen

bp = Blueprint("ready", __name__, url_prefix="/letters")

_PARTS = ("page", "left", "top")


@bp.get("/<uuid:letter_id>/ready")
def index(letter_id: UUID) -> ResponseReturnValue:
    """The file to bring, or the pages with their marks."""
    return _page(letter_id)


@bp.post("/<uuid:letter_id>/ready")
def bring(letter_id: UUID) -> ResponseReturnValue:
    """Take a PDF as the letter."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise BadInput({"file": "เลือกไฟล์ PDF ก่อน"})
        ready = deeds.bring_ready(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            name=file.filename,
            stream=cast(BinaryIO, file.stream),
        )
    except BadInput as error:
        return _page(letter_id, errors=error.fields), 422
    refresh_reader()
    flash(f"ใช้ไฟล์นี้เป็นตัวหนังสือแล้ว มี {thai_digits(ready.pages)} หน้า เลือกตำแหน่งเลขที่ วันที่ และลายมือชื่อต่อได้", "green")
    return redirect(url_for(".index", letter_id=letter_id))


@bp.post("/<uuid:letter_id>/ready/places")
def place(letter_id: UUID) -> ResponseReturnValue:
    """Say where number, date and signature go."""
    try:
        spots = _typed()
        deeds.place_marks(
            services(), actor=actor(), letter_id=LetterId(letter_id), version=version_seen(),
            number=spots["number"], date=spots["date"], signature=spots["signature"],
        )  # fmt: skip
    except BadInput as error:
        return _page(letter_id, errors=error.fields, typed=request.form), 422
    refresh_reader()
    flash("บันทึกตำแหน่งแล้ว ดูผลที่หน้าตัวอย่าง", "green")
    return redirect(url_for(".index", letter_id=letter_id))


@bp.post("/<uuid:letter_id>/ready/remove")
def remove(letter_id: UUID) -> ResponseReturnValue:
    """Take the PDF away; the written text is the letter again."""
    try:
        deeds.remove_ready(services(), actor=actor(), letter_id=LetterId(letter_id))
    except RuleBroken as error:
        flash(error.thai, "amber")
        return redirect(url_for(".index", letter_id=letter_id))
    refresh_reader()
    flash("เอาไฟล์ออกแล้ว หนังสือใช้ข้อความที่พิมพ์ในร่าง", "green")
    return redirect(url_for("letters.edit", letter_id=letter_id))


def _page(letter_id: UUID, *, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None) -> str:
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    refusal = may_revise(actor(), letter)
    ready = letter.content.ready
    pages, why_no_pages = pages_of(letter) if ready is not None else ([], [])
    return render_template(
        "letters/ready.html",
        letter=letter,
        ready=ready,
        crowded=ready is not None and bool(pages) and _is_crowded(letter),
        pages=pages,
        why_no_pages=why_no_pages,
        why_not=refusal.thai if refusal is not None else _why_closed(letter),
        most=deeds.MOST_OCTETS,
        marks=MARKS,
        values=typed if typed is not None else _written(ready),
        errors={field: official_digits(words) for field, words in (errors or {}).items()},
    )


def _is_crowded(letter: Letter) -> bool:
    """Has the draft's first page no blank corner for the verification code?"""
    if letter.issued_file is not None:
        return False
    return drafting.preview_letter(services(), actor=actor(), letter_id=letter.id).crowded


def _why_closed(letter: Letter) -> str:
    return "" if letter.state in OPEN_FOR_CHANGE else "แก้ไขได้เฉพาะร่างหนังสือหรือหนังสือที่ถูกส่งคืน"


def _written(ready: ReadyPage | None) -> dict[str, str]:
    """The places as they stand in the fields."""
    out = dict[str, str]()
    for mark in MARKS:
        spot: Spot | None = getattr(ready, mark) if ready is not None else None
        if spot is not None:
            values = zip(_PARTS, (spot.page, spot.left_mm, spot.top_mm), strict=True)
            out |= {f"{mark}_{part}": thai_digits(f"{value:g}") for part, value in values}
    return out


def _typed() -> dict[str, Spot | None]:
    """The places that were typed; a mark with nothing typed goes nowhere. Raises BadInput by mark."""
    spots, wrong = dict[str, Spot | None](), {}
    for mark in MARKS:
        texts = [arabic_digits(request.form.get(f"{mark}_{part}", "")).replace(",", ".").strip() for part in _PARTS]
        spots[mark] = None
        if any(texts):
            try:
                spots[mark] = Spot(int(texts[0]), float(texts[1]), float(texts[2]))
            except ValueError:
                wrong[mark] = "ใส่หน้า ระยะจากซ้าย และระยะจากบนเป็นตัวเลขให้ครบ หรือเว้นว่างทั้งหมด"
    if wrong:
        raise BadInput(wrong)
    return spots
