"""Work in the background: how far it is, and the file that it made."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from saraban.doorway import actor, reader, services
from saraban.reading import errands as rows
from saraban.usecases.errands import RESULT_GONE, errand_file
from saraban.web.downloads import download

bp = Blueprint("errands", __name__, url_prefix="/errands")
_PLACES = {
    "holder-links": "issued",
    "issued-run": "issued",
    "move-in": "settings",
    "receivers-sheet": "outgoing",
    "remind-receivers": "outgoing",
    "sweep-store": "settings",
    "test-mailbox": "mailbox",
    "transfer-package": "archive",
}
"""The item of the menu under which each kind of work is ordered; the others are about the registers."""


@bp.get("")
def index() -> ResponseReturnValue:
    """What the person ordered, the newest first."""
    return render_template("errands/index.html", page=rows.own(reader(), actor(), cursor=request.args.get("cursor")))


@bp.get("/<uuid:errand_id>")
def show(errand_id: UUID) -> ResponseReturnValue:
    """One errand; asked for again by the page until it has ended."""
    found = rows.one(reader(), actor(), errand_id)
    template = "errands/live.html" if request.headers.get("HX-Request") else "errands/show.html"
    silent = found.silent(services().clock.now(), services().lease)
    place = _PLACES.get(found.kind, "books")
    return render_template(template, errand=found, place=place, silent=silent, gone=RESULT_GONE)


@bp.get("/<uuid:errand_id>/file")
def file(errand_id: UUID) -> ResponseReturnValue:
    """What it made."""
    made = errand_file(services(), actor=actor(), errand_id=errand_id)
    return download(made.data, made.name, made.media_type, plain="register")
