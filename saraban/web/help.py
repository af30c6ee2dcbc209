"""The handbook inside the program."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from saraban.domain.forms import RULES
from saraban.exchange.event_words import EVENTS
from saraban.web.filters import EVIDENCE, STATES

bp = Blueprint("help", __name__)


@bp.get("/help")
def index() -> ResponseReturnValue:
    """What each post does, the forms, the states, the verdict's parts, the evidence and the keys."""
    return render_template("help/index.html", states=STATES, evidence_kinds=EVIDENCE, rules=RULES.values())


@bp.get("/help/events")
def events() -> ResponseReturnValue:
    """What the events of the journal are called, by their codes, as a journal that is taken away has them."""
    return render_template("help/events.html", events=sorted(EVENTS.items()))
