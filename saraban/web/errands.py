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
    return render_template(template, errand=found, silent=silent, gone=RESULT_GONE)


@bp.get("/<uuid:errand_id>/file")
def file(errand_id: UUID) -> ResponseReturnValue:
    """What it made."""
    made = errand_file(services(), actor=actor(), errand_id=errand_id)
    return download(made.data, made.name, made.media_type, plain="register")
