"""The codes and links of a letter that came in, with the names of their hosts before anything is opened."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import RuleBroken
from saraban.domain.incoming import IncomingId
from saraban.doorway import actor, services
from saraban.usecases.linking import LinkDesk, links_of_incoming

bp = Blueprint("linking", __name__)


@bp.get("/incoming/<uuid:incoming_id>/links")
def incoming(incoming_id: UUID) -> ResponseReturnValue:
    """What the letter would lead to: listed hosts open at once, others after a question, the rest never."""
    why, desk = "", LinkDesk("", (), ())
    try:
        desk = links_of_incoming(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    except RuleBroken as error:
        why = error.thai
    back = url_for("incoming.show", incoming_id=incoming_id)
    return render_template("incoming/links.html", desk=desk, why_not=why, back=("หนังสือ", back))
