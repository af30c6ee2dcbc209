"""The directory: agencies that can be written to, and what their mailboxes can take."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.doorway import reader, services
from saraban.reading.directory import agencies

bp = Blueprint("directory", __name__, url_prefix="/directory")

MOST_SHOWN = 200


@bp.get("")
def index() -> ResponseReturnValue:
    """The agencies that match; the first two hundred when nothing is asked."""
    q = request.args.get("q", "").strip()[:200]
    found = agencies(reader(), q=q, limit=MOST_SHOWN + 1)
    return render_template(
        "directory/index.html",
        q=q,
        agencies=found[:MOST_SHOWN],
        more=len(found) > MOST_SHOWN,
        most=MOST_SHOWN,
        today=office_date(services().clock.now()),
    )
