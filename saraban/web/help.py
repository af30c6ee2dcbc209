"""The handbook inside the program."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from saraban.domain.forms import RULES
from saraban.web.filters import EVIDENCE, STATES

bp = Blueprint("help", __name__)


@bp.get("/help")
def index() -> ResponseReturnValue:
    """What each post does, the forms, the states, the verdict's parts, the evidence and the keys."""
    return render_template("help/index.html", states=STATES, evidence_kinds=EVIDENCE, rules=RULES.values())
