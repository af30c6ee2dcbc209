"""Following what was sent: counts, receivers, the ladder of one dispatch and the evidence behind each rung.

The page asks for its living part every two seconds and gets 204 while nothing has changed, so that neither focus nor
reading is disturbed; once nothing is likely to move it stops asking.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.agency import PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.calendar import BANGKOK, office_date
from saraban.domain.dispatch import DispatchId, EvidenceKind
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.letter import LetterId
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import letters as letter_rows
from saraban.reading import tracking as rows
from saraban.usecases import confirming, viewing
from saraban.web import ladder
from saraban.web.downloads import download
from saraban.web.forms.amending import show_errors
from saraban.web.forms.dates import NotADate, NotATime, read_clock, read_day, without_time
from saraban.web.forms.tracking import ConfirmForm

bp = Blueprint("tracking", __name__, url_prefix="/letters/<uuid:letter_id>/tracking")

T = TypeVar("T")
RECEIVERS_SHOWN = 100


@bp.get("")
def show(letter_id: UUID) -> ResponseReturnValue:
    """The whole page."""
    return _show(letter_id, None)


def _show(letter_id: UUID, dispatch_id: UUID | None, form: ConfirmForm | None = None) -> str:
    letter = letter_rows.letter(reader(), actor(), letter_id)
    living = _living(letter_id, str(dispatch_id or ""))
    return render_template(
        "tracking/show.html",
        letter=letter,
        confirm=form or ConfirmForm(formdata=None, kind="phone"),
        confirm_open=form is not None,
        **living,
    )


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


@bp.post("/<uuid:dispatch_id>/confirm")
def confirm(letter_id: UUID, dispatch_id: UUID) -> ResponseReturnValue:
    """Write down that the receiver confirmed on the telephone or in a reply."""
    form = ConfirmForm()
    of_letter = _of_letter(letter_id, dispatch_id)
    try:
        confirming.confirm_by_hand(services(), actor=actor(), dispatch_id=of_letter, **_confirmation(form))
    except BadInput as error:
        show_errors(form, {_FORM_FIELDS.get(name, name): words for name, words in error.fields.items()}, "name")
        return _show(letter_id, dispatch_id, form), 422
    except RuleBroken as error:
        show_errors(form, {"kind": error.thai}, "kind")
        return _show(letter_id, dispatch_id, form), 422
    refresh_reader()
    flash("บันทึกการยืนยันของผู้รับแล้ว เป็นหลักฐานที่ไม่มีลายมือชื่อ", "green")
    return redirect(url_for(".show", letter_id=letter_id, dispatch=dispatch_id, _anchor="ladder"))


_FORM_FIELDS = {"at": "on"}


def _confirmation(form: ConfirmForm) -> dict[str, Any]:
    """What was typed, as the use case takes it. Raises BadInput by field for days and times that cannot be read."""
    now, wrong = services().clock.now(), dict[str, str]()
    today = office_date(now)
    day = _read(form, "day", wrong, lambda text: read_day(text, today))
    on = _read(form, "on", wrong, lambda text: read_day(text, today))
    clock = _read(form, "clock", wrong, read_clock)
    try:
        kind = EvidenceKind(form.kind.data or "")
    except ValueError:
        kind, wrong["kind"] = EvidenceKind.PHONE, "เลือกว่ายืนยันทางใด"
    if wrong:
        raise BadInput(wrong)
    at = None
    if clock is not None:
        at = datetime.combine(on or today, clock, BANGKOK)
    elif on is not None and on != today:
        at = without_time(on, now)
    words = {name: getattr(form, name).data or "" for name in ("name", "position", "phone", "number", "note")}
    return {"kind": kind, "day": day, "at": at, **words}


def _read(form: ConfirmForm, name: str, wrong: dict[str, str], how: Callable[[str], T]) -> T | None:
    try:
        return how(getattr(form, name).data or "")
    except (NotADate, NotATime) as error:
        wrong[name] = str(error)
        return None


def _of_letter(letter_id: UUID, dispatch_id: UUID) -> DispatchId:
    if rows.dispatch(reader(), actor(), dispatch_id).letter_id != letter_id:
        raise NotFound
    return DispatchId(dispatch_id)


def _living(letter_id: UUID, wanted: str = "") -> dict[str, Any]:
    dispatches = rows.dispatches(reader(), actor(), letter_id)
    group = request.args.get("group", "")
    shown = [row for row in dispatches if not group or ladder.group_of(row) == group]
    page = max(1, request.args.get("page", 1, type=int))
    pages = max(1, -(-len(shown) // RECEIVERS_SHOWN))
    page = min(page, pages)
    listed = shown[(page - 1) * RECEIVERS_SHOWN : page * RECEIVERS_SHOWN]
    focused = _focused(dispatches, listed, wanted or request.args.get("dispatch", ""))
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
                row,
                ladder.evidence_of(row),
                ladder.kept_by(row),
                ladder.trouble_words(row),
                row is focused,
                ladder.said_words(row),
            )
            for row in listed
        ],
        "found": len(shown),
        "page_number": page,
        "page_count": pages,
        "focused": focused,
        "rungs": ladder.ladder(focused, timeline) if focused else [],
        "proofs": ladder.proofs(timeline),
        "may_confirm": focused is not None and actor().role is PositionRole.CLERK,
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


def _focused(
    dispatches: list[rows.DispatchRow], listed: list[rows.DispatchRow], wanted: str
) -> rows.DispatchRow | None:
    """The dispatch that the address names; without one the first of the list, where trouble stands first."""
    if wanted:
        found = next((row for row in dispatches if str(row.id) == wanted), None)
        if found is None:
            raise NotFound
        return found
    return listed[0] if listed else None
