"""One search over letters, incoming letters and registers."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from saraban.doorway import actor, reader
from saraban.reading.search import search

bp = Blueprint("search", __name__, url_prefix="/search")

MOST_HITS = 100


@bp.get("")
def index() -> ResponseReturnValue:
    """What was found, best first; the bare page when nothing is asked."""
    q = request.args.get("q", "").strip()[:200]
    hits = search(reader(), actor(), q, MOST_HITS)
    return render_template("search/index.html", q=q, hits=hits, most=MOST_HITS)
