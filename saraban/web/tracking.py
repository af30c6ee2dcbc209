"""Following what was sent: counts, receivers, the ladder of one dispatch and the evidence behind each rung.

The page asks for its living part every two seconds and gets 204 while nothing has changed, so that neither focus nor
reading is disturbed; once nothing is likely to move it stops asking.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.agency import PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.calendar import BANGKOK, office_date
from saraban.domain.dispatch import DispatchId, DispatchState, EvidenceKind
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.letter import LetterId
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.dates import NotADate, NotATime, read_clock, read_day, without_time
from saraban.exchange.replies import receiving_number
from saraban.reading import letters as letter_rows
from saraban.reading import receivers
from saraban.reading import tracking as rows
from saraban.usecases import confirming, recalling, viewing
from saraban.web import ladder
from saraban.web.downloads import download
from saraban.web.filters import thai_digits
from saraban.web.forms.amending import show_errors
from saraban.web.forms.tracking import AddressForm, AskBackForm, ConfirmForm

bp = Blueprint("tracking", __name__, url_prefix="/letters/<uuid:letter_id>/tracking")

T = TypeVar("T")
RECEIVERS_SHOWN = 100


@bp.get("")
def show(letter_id: UUID) -> ResponseReturnValue:
    """The whole page."""
    return page_of(letter_id, None)


def page_of(
    letter_id: UUID,
    dispatch_id: UUID | None,
    form: ConfirmForm | None = None,
    ask: AskBackForm | None = None,
    address: AddressForm | None = None,
) -> str:
    """The page, at a dispatch; with a form that was refused, its dialog open."""
    letter = letter_rows.letter(reader(), actor(), letter_id)
    living = _living(letter_id, str(dispatch_id or ""))
    return render_template(
        "tracking/show.html",
        letter=letter,
        confirm=form or _confirm_form(living),
        confirm_open=form is not None,
        remind_key=uuid4().hex,
        sheet_key=uuid4().hex,
        ask=ask or AskBackForm(formdata=None),
        ask_open=ask is not None,
        address_form=address or _address_form(living["focused"]),
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
        return page_of(letter_id, dispatch_id, form), 422
    except RuleBroken as error:
        show_errors(form, {"kind": error.thai}, "kind")
        return page_of(letter_id, dispatch_id, form), 422
    refresh_reader()
    flash("บันทึกการยืนยันของผู้รับแล้ว เป็นหลักฐานที่ไม่มีลายมือชื่อ", "green")
    return redirect(url_for("tracking.show", letter_id=letter_id, dispatch=dispatch_id, _anchor="ladder"))


@bp.post("/<uuid:dispatch_id>/ask-back")
def ask_back(letter_id: UUID, dispatch_id: UUID) -> ResponseReturnValue:
    """Stop what has not left, ask back what has: of one receiver or of all with whom the letter has not ended."""
    form = AskBackForm()
    chosen = {_of_letter(letter_id, dispatch_id)}
    if form.everyone.data:
        now = services().clock.now()
        found = rows.dispatches(reader(), actor(), letter_id)
        chosen |= {DispatchId(row.id) for row in found if not ladder.why_not_asked_back(row, now)}
    try:
        done = recalling.ask_back(services(), actor=actor(), dispatches=chosen, reason=form.reason.data or "")
    except BadInput as error:
        show_errors(form, error.fields, "reason")
        return page_of(letter_id, dispatch_id, ask=form), 422
    except RuleBroken as error:
        show_errors(form, {"reason": error.thai}, "reason")
        return page_of(letter_id, dispatch_id, ask=form), 422
    refresh_reader()
    told = [f"หยุดส่งก่อนออกแล้ว {thai_digits(done.stopped)} แห่ง" if done.stopped else ""]
    told += [f"ขอเรียกคืนแล้ว {thai_digits(done.asked)} แห่ง รอผู้รับตอบ" if done.asked else ""]
    flash(" ".join(one for one in told if one), "green")
    return redirect(url_for("tracking.show", letter_id=letter_id, dispatch=dispatch_id, _anchor="ladder"))


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
    who, group, q = actor(), request.args.get("group", ""), request.args.get("q", "").strip()[:200]
    whole = receivers.picture(reader(), who, letter_id)
    asked = max(1, request.args.get("page", 1, type=int))
    listed = receivers.receivers(reader(), who, letter_id, group=group, q=q, page=asked, size=RECEIVERS_SHOWN)
    focused = _focused(letter_id, listed.rows, wanted or request.args.get("dispatch", ""))
    timeline = rows.timeline(reader(), who, focused.id) if focused else []
    told = (whole, listed, timeline)
    seen = hashlib.sha256(repr(told).encode()).hexdigest()[:16]
    kept: dict[str, Any] = {
        "group": group or None,
        "q": q or None,
        "page": listed.number if listed.number > 1 else None,
    }

    def address(**changes: Any) -> str:
        return url_for("tracking.show", letter_id=letter_id, **{**kept, "dispatch": focused and focused.id, **changes})

    return {
        "letter_id": letter_id,
        "group": group,
        "q": q,
        "groups": [g for g in ladder.GROUPS if g[0] not in ladder.RARE or whole.counts[g[0]] or g[0] == group],
        "counts": whole.counts,
        "total": whole.total,
        "remindable": whole.remindable,
        "receivers": [
            ladder.Receiver(
                row,
                ladder.evidence_of(row),
                ladder.kept_by(row),
                ladder.trouble_words(row),
                focused is not None and row.id == focused.id,
                ladder.said_words(row),
            )
            for row in listed.rows
        ],
        "found": listed.found,
        "page_number": listed.number,
        "page_count": listed.pages,
        "focused": focused,
        "rungs": ladder.ladder(focused, timeline) if focused else [],
        "proofs": ladder.proofs(timeline),
        "may_confirm": focused is not None and who.role is PositionRole.CLERK,
        "may_remind": who.role is PositionRole.CLERK and sum(whole.remindable.values()) > 0,
        "why_not_asked": _why_not_asked(focused) if focused else "",
        "unread": focused is not None and ladder.to_be_read(focused),
        "correctable": focused is not None and focused.state in (DispatchState.INVALID, DispatchState.REFUSED),
        "contradicted": focused is not None and ladder.contradicted(focused),
        "mending": ladder.mending(focused) if focused and who.role is PositionRole.CLERK else None,
        "others": rows.editions(reader(), actor(), focused) if focused else [],
        "address": address,
        "seen": seen,
        "at_rest": whole.at_rest,
        "live_url": url_for("tracking.live", letter_id=letter_id, **kept, dispatch=focused and focused.id, seen=seen),
    }


def _confirm_form(living: dict[str, Any]) -> ConfirmForm:
    """An empty form; while an answer is unread, with the receiving number that it seems to name."""
    if not living["unread"]:
        return ConfirmForm(formdata=None, kind=EvidenceKind.PHONE.value)
    replies = [proof.text for proof in living["proofs"] if proof.kind == EvidenceKind.REPLY.value]
    number = thai_digits(receiving_number(replies[-1])) if replies else ""
    return ConfirmForm(formdata=None, kind=EvidenceKind.REPLY.value, number=number)


def _address_form(focused: rows.DispatchRow | None) -> AddressForm:
    kept = {"mailbox": focused.to_mailbox, "name": focused.to_name} if focused else {}
    return AddressForm(formdata=None, **kept)


def _why_not_asked(row: rows.DispatchRow) -> str:
    if actor().role is not PositionRole.CLERK:
        return "เรียกหนังสือคืนได้เฉพาะเจ้าหน้าที่สารบรรณ"
    return ladder.why_not_asked_back(row, services().clock.now())


def _focused(letter_id: UUID, listed: list[rows.DispatchRow], wanted: str) -> rows.DispatchRow | None:
    """The dispatch that the address names; without one the first of the list, where trouble stands first."""
    if not wanted:
        return listed[0] if listed else None
    try:
        found = rows.dispatch(reader(), actor(), UUID(wanted))
    except ValueError:
        raise NotFound from None
    if found.letter_id != letter_id:
        raise NotFound
    return found
