"""เรื่องที่ต้องแก้: one inbox of troubles. Each card has its ways out as buttons; who sees to it, and until when it is put
off, is said right on it. What was not taken in is listed beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import DispatchId
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.incoming import IncomingId
from saraban.domain.permissions import may_attend
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import not_taken as left_out
from saraban.reading import people
from saraban.reading import problems as rows
from saraban.reading.troubles import KINDS, OWNERS, ProblemCard
from saraban.usecases import minding, quarantining, registering, resending, viewing
from saraban.web.downloads import download
from saraban.web.filters import link, thai_datetime, thai_digits
from saraban.web.forms.dates import NotADate, read_date, without_time

bp = Blueprint("problems", __name__, url_prefix="/problems")

VIEWS = {"all": "ทั้งหมด", "mine": "ของฉัน", "nobody": "ยังไม่มีผู้รับเรื่อง", "others": "ผู้อื่นรับแล้ว", "put-off": "พักไว้"}


@bp.get("")
def index() -> ResponseReturnValue:
    """The cards, by view and kind."""
    return _page()


@bp.post("")
def act() -> ResponseReturnValue:
    """One of the ways out of a card, or what is said about it."""
    key, deed = request.form.get("key", ""), request.form.get("deed", "")
    if deed not in DEEDS:
        raise NotFound
    now = services().clock.now()
    try:
        card = rows.card_of(reader(), actor(), now, key)
    except NotFound as error:
        flash(error.thai, "amber")  # a colleague was faster, or the cause is gone
        return redirect(_back())
    if deed in NEEDS_WAY and deed not in card.ways:
        flash("ท่านทำรายการนี้กับเรื่องนี้ไม่ได้ หรือเรื่องนี้เปลี่ยนไปแล้ว", "amber")
        return redirect(_back())
    try:
        said = DEEDS[deed](card)
    except BadInput as error:
        refresh_reader()
        return _page(wrong=(key, deed, error.fields)), 422
    except RuleBroken as error:
        flash(error.thai, "amber")
        return redirect(_back())
    refresh_reader()
    flash(said, "green")
    return redirect(_back())


@bp.get("/not-taken")
def not_taken() -> ResponseReturnValue:
    """ไม่นำเข้า: what came in and was not taken in, with every reason."""
    q = request.args.get("q", "").strip()
    found = left_out.not_taken(reader(), actor(), q=q, cursor=request.args.get("cursor"))
    return render_template("problems/not_taken.html", page=found, q=q, outcomes=left_out.OUTCOMES)


@bp.get("/not-taken/<uuid:inbox_id>.eml")
def original(inbox_id: UUID) -> Response:
    """The mail as it came, byte for byte; that of one with a virus is not given out."""
    row = left_out.one(reader(), actor(), inbox_id)
    data = viewing.open_not_taken(services(), actor=actor(), sha256=row.sha256, infected=row.infected)
    return download(data, f"mail-{str(row.id)[:8]}.eml", "message/rfc822")


# --- what can be done -----------------------------------------------------------------------------------------------


def _reason() -> str:
    return request.form.get("reason", "")


def _take(card: ProblemCard) -> str:
    minding.take_problem(services(), actor=actor(), key=card.key, about=card.id, title=card.title)
    return f"ท่านรับเรื่อง “{card.title}” แล้ว"


def _hand(card: ProblemCard) -> str:
    owner = colleague(card, request.form.get("to", ""))
    minding.take_problem(services(), actor=actor(), key=card.key, about=card.id, title=card.title, owner=owner)
    return f"ส่งต่อเรื่อง “{card.title}” ให้{owner.name}แล้ว"


def colleague(card: ProblemCard, person: str) -> Actor:
    """The colleague of this id, who must see the card too. Raises BadInput({"to": …})."""
    now = services().clock.now()
    try:
        found = people.actor_by_person(reader(), UUID(person), office_date(now))
    except ValueError:
        found = None
    if found is None or found.agency_id != actor().agency_id:
        raise BadInput({"to": "เลือกเพื่อนร่วมงานจากรายการ"})
    try:
        rows.card_of(reader(), found, now, card.key)
    except NotFound:
        raise BadInput({"to": f"{found.name}ไม่มีสิทธิเห็นเรื่องนี้ เลือกผู้อื่น"}) from None
    return found


def _put_off(card: ProblemCard) -> str:
    now = services().clock.now()
    try:
        day = read_date(request.form.get("until", ""), office_date(now))
    except NotADate as error:
        raise BadInput({"until": str(error)}) from None
    if day is None:
        raise BadInput({"until": "ใส่วันที่ให้เรื่องนี้กลับมา"})
    until = without_time(day, now)
    minding.put_problem_off(
        services(), actor=actor(), key=card.key, about=card.id, title=card.title, until=until, reason=_reason()
    )
    return f"พักเรื่องไว้ จะกลับมา {thai_datetime(until)}"


def _bring_back(card: ProblemCard) -> str:
    minding.bring_problem_back(services(), actor=actor(), key=card.key, about=card.id, title=card.title)
    return "นำเรื่องกลับมาแล้ว"


def _send_again(card: ProblemCard) -> str:
    resending.send_again(services(), actor=actor(), dispatch_id=DispatchId(_id(card)))
    return f"สั่งส่งซองเดิมถึง{card.party}อีกครั้งแล้ว"


def _stop(card: ProblemCard) -> str:
    resending.stop_sending(services(), actor=actor(), dispatch_id=DispatchId(_id(card)), reason=_reason())
    return f"ปิดการส่งถึง{card.party}แล้ว เหตุผลอยู่ในประวัติของหนังสือ"


def _message_again(card: ProblemCard) -> str:
    resending.send_message_again(services(), actor=actor(), ref=_id(card))
    return "สั่งส่งอีกครั้งแล้ว"


def _message_stop(card: ProblemCard) -> str:
    resending.stop_message(services(), actor=actor(), ref=_id(card), reason=_reason())
    return "เลิกส่งแล้ว"


def _try_again(card: ProblemCard) -> str:
    quarantining.try_mail_again(services(), actor=actor(), incoming_id=IncomingId(_id(card)))
    return "ให้ระบบอ่านและตรวจไปรษณีย์นี้ใหม่แล้ว ผลจะขึ้นภายในหนึ่งนาที"


def _set_aside(card: ProblemCard) -> str:
    registering.set_mail_aside(services(), actor=actor(), incoming_id=IncomingId(_id(card)), reason=_reason())
    return "แยกออกแล้ว ดูได้ที่รายการไม่นำเข้า"


def _id(card: ProblemCard) -> UUID:
    if card.id is None:
        raise NotFound
    return card.id


DEEDS: dict[str, Callable[[ProblemCard], str]] = {
    "take": _take,
    "hand": _hand,
    "put-off": _put_off,
    "bring-back": _bring_back,
    "send-again": _send_again,
    "stop": _stop,
    "close": _stop,
    "message-again": _message_again,
    "message-stop": _message_stop,
    "try-again": _try_again,
    "set-aside": _set_aside,
}
NEEDS_WAY = frozenset(DEEDS) - {"take", "hand", "put-off", "bring-back"}


# --- showing --------------------------------------------------------------------------------------------------------


def address_of(card: ProblemCard) -> str:
    """Where the card leads."""
    match card.kind:
        case "held" | "quarantine":
            return link("incoming.show", incoming_id=card.id)
        case "dispatch" | "expiry":
            return link("tracking.show", letter_id=card.letter_id, dispatch=card.id, _anchor="ladder")
        case "duty":
            return link("incoming.index")
        case "check":
            return link("proving.index")
        case "dead" | "unscanned" | "unsealed":
            return link("problems.index", kind=card.kind)
    return link("mailboxes.index")


def age(value: datetime) -> str:
    """How long ago that was: เมื่อครู่, ๕ นาที, ๓ ชั่วโมง, ๒ วัน."""
    minutes = max(0, int((services().clock.now() - value).total_seconds() // 60))
    if minutes < 1:
        return "เมื่อครู่"
    if minutes < 60:
        return thai_digits(f"{minutes} นาที")
    return thai_digits(f"{minutes // 60} ชั่วโมง" if minutes < 48 * 60 else f"{minutes // 1440} วัน")


def _page(wrong: tuple[str, str, dict[str, str]] | None = None) -> str:
    view, kind = _chosen()
    now = services().clock.now()
    try:
        found = rows.inbox_of(reader(), actor(), now, view=view, kind=kind)
    except BadInput:
        raise NotFound from None
    me = actor().person_id
    return render_template(
        "problems/index.html",
        inbox=found,
        view=view,
        kind=kind,
        views=VIEWS,
        kinds=KINDS,
        owners=OWNERS,
        colleagues=[one for one in people.colleagues(reader(), actor().agency_id, office_date(now)) if one.id != me],
        address_of=address_of,
        wrong=wrong,
        typed=request.form,
        age=age,
        keeps=may_attend(actor()) is None,
    )


def _chosen() -> tuple[str, str]:
    """The view and the kind, from the address or from the form that came from there."""
    return request.values.get("view", "all"), request.values.get("kind", "")


def _back() -> str:
    view, kind = _chosen()
    return url_for(".index", view=view if view in VIEWS and view != "all" else None, kind=kind or None)
