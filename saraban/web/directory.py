"""The directory: agencies that can be written to, and what their mailboxes can take."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.doorway import reader, services
from saraban.reading.directory import agencies

bp = Blueprint("directory", __name__, url_prefix="/directory")

_SHOWN = 50


@bp.get("")
def index() -> ResponseReturnValue:
    """The agencies that match, a page of them."""
    q = request.args.get("q", "").strip()[:200]
    return render_template(
        "directory/index.html",
        q=q,
        page=agencies(reader(), q=q, cursor=request.args.get("cursor"), limit=_SHOWN),
        today=office_date(services().clock.now()),
    )
