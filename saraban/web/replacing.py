"""Sending a corrected letter in place of one that was sent: which one, and at which of its receivers."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.dispatch import DispatchId
from saraban.domain.errors import NotFound, SarabanError
from saraban.domain.letter import LetterId, LetterState
from saraban.domain.permissions import may_dispatch, words_of
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import tracking as rows
from saraban.usecases import dispatching, viewing
from saraban.web.filters import thai_digits

bp = Blueprint("replacing", __name__, url_prefix="/letters/<uuid:letter_id>/replace")


@bp.get("")
def choose(letter_id: UUID) -> ResponseReturnValue:
    """The letters that were sent to the same receivers; with `old`, at which of them this one takes its place."""
    return _page(letter_id)


@bp.post("")
def send(letter_id: UUID) -> ResponseReturnValue:
    """Send the letter to all its receivers; at those that were ticked it takes the place of the old one."""
    try:
        replaces = [DispatchId(UUID(one)) for one in request.form.getlist("replaces")]
    except ValueError:
        raise NotFound from None
    try:
        sent = dispatching.dispatch_letter(services(), actor=actor(), letter_id=LetterId(letter_id), replaces=replaces)
    except SarabanError as error:
        refresh_reader()
        return _page(letter_id, error), 422
    refresh_reader()
    instead = sum(one.replaces is not None for one in sent)
    flash(f"เข้ากล่องออกแล้ว {thai_digits(len(sent))} ซอง แทนฉบับเดิม {thai_digits(instead)} แห่ง", "green")
    return redirect(url_for("tracking.show", letter_id=letter_id))


def _page(letter_id: UUID, error: SarabanError | None = None) -> str:
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    why_not = words_of(may_dispatch(actor(), letter))
    if not why_not and letter.state is not LetterState.ISSUED:
        why_not = "ส่งแทนฉบับเดิมได้เฉพาะหนังสือที่ออกเลขแล้วและยังไม่ได้ส่ง"
    found = rows.replaceable(reader(), actor(), letter.id, letter.content.recipients)
    old = request.values.get("old", "") or (str(found[0].letter_id) if len(found) == 1 else "")
    chosen = next((one for one in found if str(one.letter_id) == old), None)
    ticked = request.form.getlist("replaces") if error is not None else None
    return render_template(
        "letters/replacing.html",
        letter=letter,
        found=found,
        chosen=chosen,
        ticked=ticked,
        why_not=why_not,
        error=error,
    )
