"""Following what was sent: counts, receivers, the ladder of one dispatch and the evidence behind each rung.

The page asks for its living part every two seconds and gets 204 while nothing has changed, so that neither focus nor
reading is disturbed; once nothing is likely to move it stops asking.
"""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.attachment import Digest
from saraban.domain.dispatch import DispatchId
from saraban.domain.errors import NotFound
from saraban.domain.letter import LetterId
from saraban.doorway import actor, reader, services
from saraban.reading import letters as letter_rows
from saraban.reading import tracking as rows
from saraban.usecases import viewing
from saraban.web import ladder
from saraban.web.downloads import download

bp = Blueprint("tracking", __name__, url_prefix="/letters/<uuid:letter_id>/tracking")

RECEIVERS_SHOWN = 100


@bp.get("")
def show(letter_id: UUID) -> ResponseReturnValue:
    """The whole page."""
    letter = letter_rows.letter(reader(), actor(), letter_id)
    return render_template("tracking/show.html", letter=letter, **_living(letter_id))


@bp.get("/live")
def live(letter_id: UUID) -> ResponseReturnValue:
    """The living part alone; 204 when it is still what the asker has (`seen`)."""
    living = _living(letter_id)
    if request.args.get("seen") == living["seen"]:
        return Response(status=204)
    return render_template("tracking/live.html", **living)


@bp.get("/evidence/<sha256>.eml")
def evidence(letter_id: UUID, sha256: str) -> Response:
    """The raw message behind a rung, byte for byte."""
    try:
        raw = Digest(sha256)
    except ValueError:
        raise NotFound from None
    data = viewing.open_evidence(services(), actor=actor(), letter_id=LetterId(letter_id), raw=raw)
    return download(data, f"receipt-{sha256[:12]}.eml", "message/rfc822")


@bp.get("/<uuid:dispatch_id>/message.eml")
def message(letter_id: UUID, dispatch_id: UUID) -> Response:
    """The message that was sent, byte for byte."""
    data = viewing.open_sent_message(services(), actor=actor(), dispatch_id=_of_letter(letter_id, dispatch_id))
    return download(data, f"{dispatch_id}.eml", "message/rfc822")


@bp.get("/<uuid:dispatch_id>/manifest.json")
def manifest(letter_id: UUID, dispatch_id: UUID) -> Response:
    """The manifest that our seal signed."""
    data = viewing.open_sent_manifest(services(), actor=actor(), dispatch_id=_of_letter(letter_id, dispatch_id))
    return download(data, "manifest.json", "application/json")


def _of_letter(letter_id: UUID, dispatch_id: UUID) -> DispatchId:
    if rows.dispatch(reader(), actor(), dispatch_id).letter_id != letter_id:
        raise NotFound
    return DispatchId(dispatch_id)


def _living(letter_id: UUID) -> dict[str, Any]:
    dispatches = rows.dispatches(reader(), actor(), letter_id)
    group = request.args.get("group", "")
    shown = [row for row in dispatches if not group or ladder.group_of(row) == group]
    page = max(1, request.args.get("page", 1, type=int))
    pages = max(1, -(-len(shown) // RECEIVERS_SHOWN))
    page = min(page, pages)
    listed = shown[(page - 1) * RECEIVERS_SHOWN : page * RECEIVERS_SHOWN]
    focused = _focused(dispatches, listed)
    timeline = rows.timeline(reader(), actor(), focused.id) if focused else []
    counts = {code: 0 for code, _ in ladder.GROUPS}
    for row in dispatches:
        counts[ladder.group_of(row)] += 1
    seen = hashlib.sha256(repr((dispatches, timeline)).encode()).hexdigest()[:16]

    def address(**changes: Any) -> str:
        values = {"group": group or None, "page": page if page > 1 else None, "dispatch": focused and focused.id}
        return url_for(".show", letter_id=letter_id, **{**values, **changes})

    return {
        "letter_id": letter_id,
        "group": group,
        "groups": ladder.GROUPS,
        "counts": counts,
        "total": len(dispatches),
        "receivers": [
            ladder.Receiver(
                row, ladder.evidence_of(row), ladder.kept_by(row), ladder.trouble_words(row), row is focused
            )
            for row in listed
        ],
        "found": len(shown),
        "page_number": page,
        "page_count": pages,
        "focused": focused,
        "rungs": ladder.ladder(focused, timeline) if focused else [],
        "proofs": ladder.proofs(timeline),
        "address": address,
        "seen": seen,
        "at_rest": ladder.at_rest(dispatches),
        "live_url": url_for(
            ".live",
            letter_id=letter_id,
            group=group or None,
            page=page if page > 1 else None,
            dispatch=focused and focused.id,
            seen=seen,
        ),
    }


def _focused(dispatches: list[rows.DispatchRow], listed: list[rows.DispatchRow]) -> rows.DispatchRow | None:
    """The dispatch that the address names; without one the first of the list, where trouble stands first."""
    wanted = request.args.get("dispatch", "")
    if wanted:
        found = next((row for row in dispatches if str(row.id) == wanted), None)
        if found is None:
            raise NotFound
        return found
    return listed[0] if listed else None
