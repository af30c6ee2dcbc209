"""Work about incoming letters: one's own, that of the unit, and what one gave to others."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.doorway import actor, reader, services
from saraban.reading import tasks as rows
from saraban.web.choosing import chosen_view
from saraban.web.incoming_work import STATE_WORDS

bp = Blueprint("tasks", __name__, url_prefix="/tasks")

WHOSE = (("mine", "งานของฉัน"), ("unit", "งานของหน่วยงาน"), ("given", "งานที่มอบไป"))
STATES = (("open", "ยังไม่เสร็จ"), ("due", "ใกล้กำหนดหรือเกินกำหนด"), ("done", "จบแล้ว"))


@bp.get("")
def index() -> ResponseReturnValue:
    """The tasks of one's own, of the unit or those given, by how far they have come."""
    whose, state = chosen_view("whose", rows.WHOSE, "mine"), chosen_view("state", rows.STATES, "open")
    today = office_date(services().clock.now())
    return render_template(
        "tasks/index.html",
        whose=whose,
        state=state,
        views=WHOSE,
        states=STATES,
        words=STATE_WORDS,
        page=rows.tasks_of(reader(), actor(), today, whose=whose, state=state, cursor=request.args.get("cursor")),
        counts=rows.counts(reader(), actor(), today),
    )
