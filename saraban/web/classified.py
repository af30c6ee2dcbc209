"""Before a classified letter is opened the person is asked for the password again: a desk that was left open tells
nobody what is secret. The answer holds for this letter and for a while; every opening is recorded as always.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput
from saraban.doorway import actor, reader, services
from saraban.reading.scope import is_classified
from saraban.usecases.reassuring import confirm_person
from saraban.web.guards import is_local, limiter, login_limit, signed_in

bp = Blueprint("classified", __name__)

HOLDS = timedelta(minutes=15)
_MOST_REMEMBERED = 20
_SESSION = "classified"


def install(app: Flask) -> None:
    """Stand before every page of a letter."""
    app.before_request(_ask_again)


@bp.post("/classified/<uuid:letter_id>")
@limiter.limit(login_limit, deduct_when=lambda answer: answer.status_code >= 400)
def confirm(letter_id: UUID) -> ResponseReturnValue:
    """With the password the letter opens, where the person wanted to go."""
    wanted = request.form.get("next", "")
    address = wanted if is_local(wanted) else url_for("home.index")
    try:
        confirm_person(services(), actor=actor(), password=request.form.get("password", ""))
    except BadInput as error:
        return _page(letter_id, address, error.fields["password"]), 422
    held = {key: at for key, at in _held().items() if _is_fresh(at)}
    held[str(letter_id)] = services().clock.now().isoformat()
    session[_SESSION] = dict(list(held.items())[-_MOST_REMEMBERED:])
    return redirect(address)


def _ask_again() -> ResponseReturnValue | None:
    named: dict[str, Any] = request.view_args or {}
    letter_id = named.get("letter_id") or named.get("incoming_id")
    if request.method not in ("GET", "HEAD") or not isinstance(letter_id, UUID) or request.blueprint == "classified":
        return None
    if request.path.startswith("/api/") or not signed_in():
        return None
    if not is_classified(reader(), actor(), letter_id) or _is_fresh(_held().get(str(letter_id), "")):
        return None
    if request.path.endswith(".png") or "HX-Request" in request.headers:
        return Response(status=403)
    return _page(letter_id, request.full_path.rstrip("?")), 403


def _page(letter_id: UUID, address: str, error: str = "") -> str:
    return render_template("classified/ask.html", letter_id=letter_id, address=address, error=error)


def _held() -> dict[str, str]:
    found = session.get(_SESSION)
    return dict(found) if isinstance(found, dict) else {}


def _is_fresh(at: str) -> bool:
    return bool(at) and services().clock.now() - datetime.fromisoformat(at) < HOLDS
