"""Receivers outside the directory: the agency's own list, and adding one while a letter is written."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput
from saraban.domain.outsider import OutsiderId
from saraban.domain.permissions import may_keep_outsiders, words_of
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import directory
from saraban.usecases.outsiders import add_outsider, retire_outsider
from saraban.web.forms.letters import LetterForm

bp = Blueprint("outsiders", __name__, url_prefix="/directory/outsiders")


@bp.get("")
def index() -> ResponseReturnValue:
    """The list, with the form that puts one onto it."""
    return _page({}, {})


@bp.post("")
def add() -> ResponseReturnValue:
    """Put a receiver onto the list."""
    typed = {name: request.form.get(name, "").strip() for name in ("name", "mailbox")}
    try:
        made = add_outsider(services(), actor=actor(), name=typed["name"], mailbox=typed["mailbox"])
    except BadInput as error:
        return _page(typed, error.fields), 422
    refresh_reader()
    flash(f"เพิ่ม{made.name}แล้ว เลือกเป็นผู้รับในร่างหนังสือได้", "green")
    return redirect(url_for(".index"))


@bp.post("/<uuid:outsider_id>/retire")
def retire(outsider_id: UUID) -> ResponseReturnValue:
    """Take a receiver off the list."""
    retire_outsider(services(), actor=actor(), outsider_id=OutsiderId(outsider_id))
    refresh_reader()
    flash("เอาออกจากรายการแล้ว หนังสือที่เคยส่งไม่เปลี่ยน", "green")
    return redirect(url_for(".index"))


def take_typed(form: LetterForm) -> None:
    """Add the receiver that was typed beside the recipients, and choose it. Raises BadInput under the draft's fields;
    when nothing was typed, only if its button was pressed."""
    name, mailbox = (request.form.get(f"outsider_{part}", "").strip() for part in ("name", "mailbox"))
    if not (name or mailbox or request.form.get("deed") == "outsider"):
        return
    try:
        made = add_outsider(services(), actor=actor(), name=name, mailbox=mailbox)
    except BadInput as error:
        raise BadInput({f"outsider_{part}": words for part, words in error.fields.items()}) from error
    refresh_reader()
    chosen = list(form.recipients.data or [])
    if made.code not in chosen:
        form.recipients.data = [*chosen, made.code]


def _page(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "directory/outsiders.html",
        outsiders=directory.outsiders(reader(), actor()),
        typed=typed,
        errors=errors,
        why_not=words_of(may_keep_outsiders(actor())),
    )
