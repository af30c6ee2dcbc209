"""The deeds of the officer's desk: endorsing, returning, signing. `desk.py` shows where they are done."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import SarabanError
from saraban.domain.joining import joined
from saraban.domain.letter import LetterId
from saraban.doorway import actor, refresh_reader, services
from saraban.usecases import routing, signing
from saraban.web.desk import bp, desk_page, next_on_desk
from saraban.web.downloads import digest_of
from saraban.web.filters import letter_number
from saraban.web.letters import version_seen

__all__ = ["bp"]


@bp.post("/<uuid:letter_id>/endorse")
def endorse(letter_id: UUID) -> ResponseReturnValue:
    """Write one's words and pass the letter on."""
    following = next_on_desk(letter_id)
    try:
        routing.endorse_letter(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            note=request.form.get("note", ""),
            version=version_seen(),
        )
    except SarabanError as error:
        return desk_page(letter_id, error=error, deed="endorse")
    return _next(following, "ลงเกษียนและเสนอต่อแล้ว")


@bp.post("/<uuid:letter_id>/return")
def give_back(letter_id: UUID) -> ResponseReturnValue:
    """Send the letter back to its drafter with the reason."""
    following = next_on_desk(letter_id)
    try:
        routing.return_letter(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            reason=request.form.get("reason", ""),
            version=version_seen(),
            to=_step_chosen(),
        )
    except SarabanError as error:
        return desk_page(letter_id, error=error, deed="return")
    return _next(following, "ส่งคืนพร้อมเหตุผลแล้ว")


@bp.post("/<uuid:letter_id>/sign")
def sign(letter_id: UUID) -> ResponseReturnValue:
    """Sign with the passphrase of one's key: the number is given and the bytes freeze."""
    following = next_on_desk(letter_id)
    try:
        signed = signing.sign_letter(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            passphrase=request.form.get("passphrase", ""),
            version=version_seen(),
            seen=digest_of(page) if (page := request.form.get("page", "")) else None,
        )
    except SarabanError as error:
        return desk_page(letter_id, error=error, deed="sign")
    if signed.trouble:
        flash(f"ลายมือชื่อไม่มีตราประทับเวลา {signed.trouble} หนังสือใช้ได้ แต่เวลาที่ลงนามไม่มีผู้รับรอง", "amber")
    number = letter_number(signed.number)
    if signed.waits_for:
        return _next(following, f"ลงนามแล้ว เลขที่ {number} จองไว้ {joined('ต่อไปรอ', signed.waits_for, 'ลงนาม')}")
    return _next(following, f"ลงนามแล้ว ออกเลขที่ {number}")


def _next(following: UUID | None, words: str) -> ResponseReturnValue:
    """On to the letter that lay under it, or to the desk."""
    refresh_reader()
    flash(words, "green")
    return redirect(url_for(".show", letter_id=following) if following is not None else url_for(".desk"))


def _step_chosen() -> int | None:
    """The step to which a letter goes back by its ordinal; None for its drafter."""
    text = request.form.get("to", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
