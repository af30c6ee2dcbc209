"""เรื่องที่ต้องแก้: one inbox of troubles. Each card has its ways out as buttons; who sees to it, and until when it is put
off, is said right on it. What was not taken in is listed beside it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.permissions import may_attend
from saraban.doorway import actor, mending, reader, refresh_reader, services
from saraban.doorway.dates import NotADate, read_date, without_time
from saraban.reading import not_taken as left_out
from saraban.reading import people
from saraban.reading import problems as rows
from saraban.reading.trouble_kinds import KINDS, OWNERS, ProblemCard
from saraban.usecases import viewing
from saraban.web.choosing import chosen_view
from saraban.web.downloads import download
from saraban.web.filters import link, thai_digits

bp = Blueprint("problems", __name__, url_prefix="/problems")

CARDS_SHOWN = 30
"""Each card brings its own forms; a circular that fails brings hundreds of cards."""
_MOST = 2_000
VIEWS = {"all": "ทั้งหมด", "mine": "ของฉัน", "nobody": "ยังไม่มีผู้รับเรื่อง", "others": "ผู้อื่นรับแล้ว", "put-off": "พักไว้"}


@bp.get("")
def index() -> ResponseReturnValue:
    """The cards, by view and kind."""
    return _page()


@bp.post("")
def act() -> ResponseReturnValue:
    """One of the ways out of a card, or what is said about it."""
    key, deed = request.form.get("key", ""), request.form.get("deed", "")
    if deed not in mending.DEEDS:
        raise NotFound
    try:
        _, said = mending.act_on(
            services(),
            reader(),
            actor(),
            key,
            deed,
            reason=request.form.get("reason", ""),
            to=request.form.get("to", ""),
            until=_until(deed),
        )
    except BadInput as error:
        refresh_reader()
        return _page(wrong=(key, deed, error.fields)), 422
    except (NotFound, RuleBroken) as error:
        flash(error.thai, "amber")  # a colleague was faster, or the cause is gone
        return redirect(_back())
    refresh_reader()
    flash(said, "green")
    return redirect(_back())


def _until(deed: str) -> datetime | None:
    """The morning of the day that was typed; None for none, and for other deeds. Raises BadInput."""
    if deed != "put-off":
        return None
    now = services().clock.now()
    try:
        day = read_date(request.form.get("until", ""), office_date(now))
    except NotADate as error:
        raise BadInput({"until": str(error)}) from None
    return without_time(day, now) if day is not None else None


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


# --- showing --------------------------------------------------------------------------------------------------------


def address_of(card: ProblemCard) -> str:
    """Where the card leads."""
    match card.kind:
        case "held" | "quarantine" | "recall":
            return link("incoming.show", incoming_id=card.id)
        case "dispatch" | "expiry" | "reply" | "contradiction":
            return link("tracking.show", letter_id=card.letter_id, dispatch=card.id, _anchor="ladder")
        case "duty":
            return link("incoming.index")
        case "check":
            return link("proving.index")
        case "dead" | "unscanned" | "unsealed" | "unstamped":
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
    view, kind = chosen_view("view", VIEWS, "all"), chosen_view("kind", KINDS, "")
    now = services().clock.now()
    found = rows.inbox_of(reader(), actor(), now, view=view, kind=kind, most=_MOST)
    me = actor().person_id
    pages = max(1, -(-len(found.cards) // CARDS_SHOWN))
    place = next((n for n, card in enumerate(found.cards) if wrong is not None and card.key == wrong[0]), None)
    page = min(_page_number() if place is None else place // CARDS_SHOWN + 1, pages)
    return render_template(
        "problems/index.html",
        inbox=found,
        cards=found.cards[(page - 1) * CARDS_SHOWN : page * CARDS_SHOWN],
        page_number=page,
        page_count=pages,
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


def _page_number() -> int:
    """Which page of the cards; the first for what is no number."""
    said = request.values.get("page", "1")
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 6 else 1


def _back() -> str:
    view, kind = _chosen()
    page = _page_number()
    return url_for(
        ".index",
        view=view if view in VIEWS and view != "all" else None,
        kind=kind or None,
        page=page if page > 1 else None,
    )
