"""The ways out of a sending that failed, on the tracking page: the right address, or the same envelope once more."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.dispatch import DispatchId
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import tracking as rows
from saraban.usecases import readdressing, resending
from saraban.web import tracking
from saraban.web.forms.amending import show_errors
from saraban.web.forms.tracking import AddressForm

bp = Blueprint("readdressing", __name__, url_prefix="/letters/<uuid:letter_id>/tracking/<uuid:dispatch_id>")


@bp.post("/address")
def correct(letter_id: UUID, dispatch_id: UUID) -> ResponseReturnValue:
    """แก้ที่อยู่แล้วส่งใหม่; what was typed wrongly stays in the dialog."""
    form = AddressForm()
    of_letter = _of_letter(letter_id, dispatch_id)
    try:
        made = readdressing.correct_address(
            services(),
            actor=actor(),
            dispatch_id=of_letter,
            name=form.name.data or "",
            mailbox=form.mailbox.data or "",
        )
    except BadInput as error:
        show_errors(form, error.fields, "mailbox")
        return tracking.page_of(letter_id, dispatch_id, address=form), 422
    except RuleBroken as error:
        flash(error.thai, "amber")  # a colleague was faster, or the letter arrived meanwhile
        return redirect(url_for("tracking.show", letter_id=letter_id, dispatch=dispatch_id, _anchor="ladder"))
    refresh_reader()
    flash(f"ส่งไปที่ {made.to_mailbox} แล้ว หลักฐานของที่อยู่เดิมยังอยู่", "green")
    return redirect(url_for("tracking.show", letter_id=letter_id, dispatch=made.id, _anchor="ladder"))


@bp.post("/again")
def again(letter_id: UUID, dispatch_id: UUID) -> ResponseReturnValue:
    """ส่งอีกครั้ง: the same envelope to the same address."""
    try:
        resending.send_again(services(), actor=actor(), dispatch_id=_of_letter(letter_id, dispatch_id))
        flash("สั่งส่งซองเดิมอีกครั้งแล้ว", "green")
    except RuleBroken as error:
        flash(error.thai, "amber")
    refresh_reader()
    return redirect(url_for("tracking.show", letter_id=letter_id, dispatch=dispatch_id, _anchor="ladder"))


def _of_letter(letter_id: UUID, dispatch_id: UUID) -> DispatchId:
    if rows.dispatch(reader(), actor(), dispatch_id).letter_id != letter_id:
        raise NotFound
    return DispatchId(dispatch_id)
