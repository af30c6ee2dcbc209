"""Who may come in at all: the login, tokens against forged requests, strict headers, and a limit on guessing.

Everything is closed unless it is named in `OPEN`; `tests/house/test_routes_need_login.py` walks over all routes. The
API has a door of its own and asks for its token itself.
"""

from __future__ import annotations

import time
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import ConcurrentEdit
from saraban.doorway import actor, office, reader, services
from saraban.doorway.acting import GONE, capacities, let_in_as, refuse_gone
from saraban.reading.acting import of_person
from saraban.web.sessions import has_none

OPEN = frozenset(
    {
        "static",
        "auth.login",
        "health.show",
        "acknowledging.show",
        "holder.show",
        "holder.file",
        "holder.print_out",
        "acknowledging.acknowledge",
        "acknowledging.file",
        "packs.show",
        "packs.file",
        "packs.number",
        "packs.enter",
        "packs.own",
        "packs.own_qr",
        "packs.hand_in",
        "packs.here",
        "packs.room",
        "packs.come_in",
        "public.ask",
        "public.show",
        "public.judge",
        "petition_form.choose",
        "petition_form.form",
        "petition_form.send",
        "petition_form.ask",
        "petition_form.follow",
        "petition_form.status",
        "petition_form.answer",
        "public.original",
        "public.time_stamp",
        "announcements.agencies",
        "announcements.board",
        "announcements.item",
        "announcements.file",
        "announcements.feed",
        "announcements.data",
        "announcements.dataset",
        "public_register.agencies",
        "public_register.show",
        "public_register.data",
        "public_register.dataset",
        "calendar.feed",
    }
)
API = "/api/"
ACTING = "acting_as"
MUST_CHOOSE = "choose-password"
"""Stands in a session that began with a password of the administrator's: another is chosen before all else."""
SINCE = "since"
"""When the cookie of the session was last made anew, in seconds of the epoch."""
RENEWED_AFTER = {"navigate": 300.0, "": 300.0}
"""Seconds, by who asks (Sec-Fetch-Mode; some programs do not say)."""
RENEWED_BEHIND_A_PAGE = 1800.0
_WITH_ANY_PASSWORD = frozenset({"staff.password", "auth.logout"})
CONTENT_POLICY = {
    "default-src": "'self'",
    # Pages of unsaved drafts come inside the answer, because they are kept nowhere.
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

VIEWER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'none'"
)

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)
_logins = LoginManager()

# Nothing there has a limit of this kind; to find that out costs more than many a look at a document.
limiter.request_filter(lambda: has_none(request.path))


class SignedInPerson(UserMixin):  # type: ignore[misc]
    """The account of a session, with everything that the person may act as today."""

    def __init__(self, *capacities: Actor) -> None:
        """Wrap the actors that stand for a person, the own posts first."""
        self.capacities = capacities

    def get_id(self) -> str:
        """The person's id, which is what the session keeps."""
        return str(self.capacities[0].person_id)


def install(app: Flask) -> None:
    """Put the guards before an application. The login is asked first, then the token against forged requests."""
    secure = bool(app.config.get("SESSION_COOKIE_SECURE"))
    app.before_request(_ask_for_login)
    app.after_request(_let_viewers_draw)  # before Talisman, and therefore after it
    _logins.init_app(app, add_context_processor=False)
    _logins.user_loader(_person)
    csrf.init_app(app)
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    limiter.init_app(app)
    Talisman(
        app,
        force_https=False,  # the reverse proxy before us redirects
        strict_transport_security=secure,
        session_cookie_secure=secure,
        session_cookie_samesite="Lax",
        frame_options="DENY",
        content_security_policy=CONTENT_POLICY,
        referrer_policy="same-origin",
        permissions_policy={"camera": "()", "microphone": "()", "geolocation": "()", "browsing-topics": "()"},
    )
    app.after_request(_keep_out_of_caches)
    app.after_request(_prolong)
    app.jinja_env.globals["page_before"] = lambda: page_before() or ""
    app.jinja_env.globals["shown_capacity"] = shown_capacity


def login_limit() -> str:
    """How often a wrong password may be given from one address."""
    return office().settings.login_limit


def is_local(address: str | None) -> bool:
    """True for a path of this site, to which a login may lead back."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return False
    return "\\" not in address and all(ord(sign) > 31 for sign in address)


def signed_in() -> bool:
    """Did the person of this request sign in?"""
    return bool(current_user and current_user.is_authenticated)


def _person(person_id: str) -> SignedInPerson | None:
    try:
        key = UUID(person_id)
    except ValueError:
        return None
    found = of_person(reader(), key, office_date(services().clock.now()))
    return SignedInPerson(*found) if found else None


def _ask_for_login() -> ResponseReturnValue | None:
    if request.endpoint in OPEN or request.path.startswith(API):
        return None
    if signed_in():
        _let_in_as_chosen()
        if session.get(MUST_CHOOSE) and request.endpoint not in _WITH_ANY_PASSWORD:
            return redirect(url_for("staff.password"))
        return None
    if request.endpoint is None:
        return None  # there is no such address, and that is all anybody hears
    login = url_for("auth.login", next=request.full_path.rstrip("?") if request.method == "GET" else page_before())
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": url_for("auth.login", next=page_before())})
    if request.accept_mimetypes.best == "application/json":
        return Response(status=401)
    if request.method != "GET":
        flash("หมดเวลาใช้งาน เข้าสู่ระบบแล้วทำรายการอีกครั้ง", "amber")
    return redirect(login)


def _let_viewers_draw(answer: Response) -> Response:
    """A document or picture that the browser shows by itself is no page: the viewer around it is the browser's own and
    is styled inside, which the policy of pages would forbid. Nothing else is let in, and no type is guessed."""
    shown = answer.headers.get("Content-Disposition", "").startswith("inline")
    if shown and answer.mimetype in ("application/pdf", "image/jpeg", "image/png"):
        answer.headers["Content-Security-Policy"] = VIEWER_POLICY
    return answer


def _prolong(answer: Response) -> Response:
    """Who works stays signed in. The cookie is made anew only now and then, and seldom by what a page asks for behind
    its back: an answer that comes late with the cookie of a moment ago would take back what came between, the message
    that a deed is done."""
    if session.permanent:
        limit = RENEWED_AFTER.get(request.headers.get("Sec-Fetch-Mode", ""), RENEWED_BEHIND_A_PAGE)
        now = time.time()
        if now - session.get(SINCE, 0.0) > limit:
            session[SINCE] = now
    return answer


def _let_in_as_chosen() -> None:
    """Let the person in, in the capacity that the session keeps. Nothing is done in one that is gone, nor in another
    than the page showed on which the button was pressed."""
    if not let_in_as(cast(SignedInPerson, current_user).capacities, session.get(ACTING, "")):
        session.pop(ACTING)
        if request.method not in ("GET", "HEAD"):
            raise refuse_gone()
        flash(GONE, "amber")
    shown = request.form.get(ACTING, "") if request.method == "POST" else ""
    if shown and shown != actor().key and request.endpoint != "delegations.choose":
        raise ConcurrentEdit(
            f"ท่านเปลี่ยนตำแหน่งในอีกหน้าต่างหนึ่ง ขณะนี้ทำหน้าที่เป็น {actor().title} จึงยังไม่ได้ทำรายการ เลือกตำแหน่งแล้วทำอีกครั้ง"
        )


def shown_capacity() -> str:
    """The capacity in which a page is shown, as its forms tell it; empty for who has but one."""
    return actor().key if len(capacities()) > 1 else ""


def page_before() -> str | None:
    """The page of this site from which a form was sent: the address of the form itself may be no page."""
    came = urlsplit(request.referrer or "")
    address = f"{came.path}?{came.query}" if came.query else came.path
    return address if came.netloc == request.host and is_local(address) else None


def _keep_out_of_caches(response: Response) -> Response:
    if "Cache-Control" not in response.headers and not request.path.startswith(API):
        response.headers["Cache-Control"] = "private, no-store"
    return response
