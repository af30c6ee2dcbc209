"""The pages of a meeting for those who have no account: its pack behind the QR code, a participant's own page, and the
list at the door. Made for a phone; Thai, or English with ?lang=en.

The codes in the addresses, 100 random bits each, are what protects the forms: no cookie is asked for. Only a restricted
pack, once its one-time code was typed, sets one. It is signed, lasts twelve hours, goes nowhere but to the addresses of
this one pack and opens nothing but that. In the address such a pass would be passed on with every link that somebody
copies out of his browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial, wraps
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from saraban.domain.errors import BadInput, NotFound, StageNotAllowed, TooMuch
from saraban.domain.meeting_files import LARGEST, SHOWN_BY_BROWSERS, TYPES, FileState, MeetingFile
from saraban.doorway import services
from saraban.doorway.packs import (
    PACE_SECONDS,
    ask_number,
    expect_slow_uploads,
    open_own,
    open_pack,
    open_room,
    try_number,
)
from saraban.usecases import attending_meetings
from saraban.web.downloads import download
from saraban.web.filters import thai_digits
from saraban.web.guards import csrf
from saraban.web.pack_words import ERRORS_EN, WORDS, moment
from saraban.web.public_words import day, digits

bp = Blueprint("packs", __name__, url_prefix="/m")

COOKIE = "meeting-pack"
PASS_LIFE = timedelta(hours=12)


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """The papers by item of the agenda; the gate, with the same words and status, for every other address."""
    try:
        pack = open_pack(code, partial(_passed, code))
    except TooMuch as error:
        return _wait(error)
    if pack is None:
        return _gate(code)
    return _page("packs/show.html", code=code, pack=pack, meeting=pack.meeting)


@bp.get("/<code>/files/<sha256>")
def file(code: str, sha256: str) -> ResponseReturnValue:
    """A file of the pack, in any of its editions."""
    try:
        pack = open_pack(code, partial(_passed, code))
    except TooMuch as error:
        return _wait(error)
    found = pack.file(sha256) if pack is not None else None
    if found is None:
        return _gate(code)
    return file_answer(found, attending_meetings.open_pack_file(services(), found))


@bp.post("/<code>/code")
def number(code: str) -> ResponseReturnValue:
    """Ask for a one-time code: the answer is the same for every address and every code."""
    mail = request.form.get("mail", "").strip()[:254]
    if "@" not in mail:
        return _gate(code, mail=mail, error=_words()["bad_mail"], status=422)
    try:
        ask_number(code, mail)
    except TooMuch as error:
        return _wait(error)
    return _page("packs/number.html", code=code, mail=mail, error="")


@bp.post("/<code>/open")
def enter(code: str) -> ResponseReturnValue:
    """Open a restricted pack with the one-time code that came by mail."""
    mail, typed = request.form.get("mail", "").strip()[:254], request.form.get("number", "")[:40]
    try:
        who = try_number(code, mail, typed)
    except TooMuch as error:
        return _wait(error)
    except NotFound:
        return _page("packs/number.html", code=code, mail=mail, error=_words()["bad_number"]), 422
    answer = redirect(url_for(".show", code=code, lang=_lang()), 303)
    answer.set_cookie(
        COOKIE,
        _signer().dumps([code, str(who)]),
        max_age=int(PASS_LIFE.total_seconds()),
        path=url_for(".show", code=code),
        secure=bool(current_app.config.get("SESSION_COOKIE_SECURE")),
        httponly=True,
        samesite="Lax",
    )
    return answer


# --- the own link -----------------------------------------------------------------------------------------------------


def _alike(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """A page of a key in its address: every key that opens nothing gets the same answer."""

    @wraps(view)
    def answered(key: str) -> ResponseReturnValue:
        try:
            return view(key)
        except NotFound:
            return _page("packs/gone.html"), 404
        except TooMuch as error:
            return _wait(error)

    return answered


@bp.get("/own/<key>")
@_alike
def own(key: str) -> ResponseReturnValue:
    """A participant's page: the papers, files to hand in, signing in."""
    return _own(key)


@bp.post("/own/<key>/files")
@_alike
def hand_in(key: str) -> ResponseReturnValue:
    """Hand in a file. What was typed stays when it is refused; the file has to be chosen again."""
    typed = {name: request.form.get(name, "")[:2_000] for name in ("item", "note")}
    given = request.files.get("file")
    open_own(key)
    expect_slow_uploads()
    try:
        if given is None or not given.filename:
            raise BadInput({"file": "เลือกไฟล์ก่อน"})
        stream = cast(BinaryIO, given.stream)
        attending_meetings.hand_in(services(), key=key, name=given.filename, stream=stream, **typed)
    except BadInput as error:
        return _own(key, typed, error.fields), 422
    except StageNotAllowed:
        return _own(key), 409
    return redirect(url_for(".own", key=key, lang=_lang(), sent=1), 303)


@bp.get("/own/<key>/files/<sha256>/qr.png")
def own_qr(key: str, sha256: str) -> ResponseReturnValue:
    """The QR code of a file that the participant handed in and that lies in the pack, to be shown in the place of
    copies."""

    @_alike
    def drawn(key: str) -> ResponseReturnValue:
        page, home = open_own(key), services().public_url
        taken = [one for one in page.given if one.sha256.hex == sha256 and one.state is FileState.ACCEPTED]
        if not taken or not home:
            raise NotFound
        picture = services().meeting_papers.qr_picture(f"{home}/m/{page.pack.meeting.code}/files/{sha256}")
        return _hidden(Response(picture, mimetype="image/png"))

    return drawn(key)


@bp.post("/own/<key>/here")
@_alike
def here(key: str) -> ResponseReturnValue:
    """ลงชื่อเข้าประชุม, by the own link."""
    typed = {"stands_in": request.form.get("stands_in", "")[:2_000]}
    open_own(key)
    try:
        attending_meetings.sign_in(services(), key=key, **typed)
    except BadInput as error:
        return _own(key, typed, error.fields), 422
    except StageNotAllowed:
        return _own(key), 409
    return redirect(url_for(".own", key=key, lang=_lang()), 303)


def _own(key: str, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None) -> Response:
    page = open_own(key)
    now, meeting = services().clock.now(), page.pack.meeting
    errors = {name: _told(name, words) for name, words in (wrong or {}).items()}
    return _page(
        "packs/own.html",
        own=key,
        page=page,
        meeting=meeting,
        takes=meeting.takes_files(now),
        until=meeting.hand_in_until or meeting.begins_at,
        doors=meeting.doors_open(now),
        typed=typed or {},
        errors=errors,
        sent="sent" in request.args and not errors,
        home=services().public_url,
        most=LARGEST,
        endings=",".join(f".{one}" for one in TYPES),
    )


# --- at the door ------------------------------------------------------------------------------------------------------


@bp.get("/room/<key>")
@_alike
def room(key: str) -> ResponseReturnValue:
    """The list at the door, while it is time to sign in."""
    return _room(key)


@bp.post("/room/<key>")
@_alike
def come_in(key: str) -> ResponseReturnValue:
    """ลงชื่อเข้าประชุม, by the own name on the list."""
    typed = {name: request.form.get(name, "")[:2_000] for name in ("who", "stands_in")}
    open_room(key)
    try:
        who = UUID(typed["who"])
    except ValueError:
        return _room(key, typed | {"who": ""}, {"who": _words()["choose"]}), 422
    try:
        attending_meetings.sign_in_at_door(services(), room=key, person_id=who, stands_in=typed["stands_in"])
    except BadInput as error:
        return _room(key, typed, error.fields), 422
    return _room(key, done=who)


def _room(
    key: str,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    done: UUID | None = None,
) -> Response:
    pack, people = open_room(key)
    errors = {name: _told(name, words) for name, words in (wrong or {}).items()}
    name = next((name for one, name, _, _ in people if one == done), "")
    told = {"people": people, "typed": typed or {}, "errors": errors, "done": name}
    return _page("packs/room.html", room=key, meeting=pack.meeting, pack=pack, **told)


# No session stands behind what is sent here: whoever has the address may do what it is for.
csrf.exempt(bp)


# --- answers ----------------------------------------------------------------------------------------------------------


def file_answer(found: MeetingFile, data: bytes) -> Response:
    """A file for the browser, of the type that we found it to be, which is never that of a page."""
    answer = download(data, found.name, found.media_type, plain=f"file-{found.sha256.hex[:8]}")
    if found.media_type in SHOWN_BY_BROWSERS:
        shown = answer.headers["Content-Disposition"].replace("attachment", "inline", 1)
        answer.headers["Content-Disposition"] = shown
    return _hidden(answer)


def _gate(code: str, *, mail: str = "", error: str = "", status: int = 200) -> ResponseReturnValue:
    """One page for packs that are restricted, closed or never were: they must look alike."""
    return _page("packs/gate.html", code=code, mail=mail, error=error), status


def _wait(error: TooMuch) -> ResponseReturnValue:
    english = f"Too many tries. Wait {PACE_SECONDS // 60} minutes."
    answer = _page("packs/wait.html", told=thai_digits(error.thai) if _language() == "th" else english)
    answer.headers["Retry-After"] = str(PACE_SECONDS)
    return answer, 429


def _page(template: str, **values: Any) -> Response:
    language = _language()
    other = "th" if language == "en" else "en"
    here = {name: values[value] for name, value in _ADDRESSES.get(template, {}).items()}
    told = {
        "w": _words(),
        "language": language,
        "lang": _lang(),
        "other": other,
        "other_url": url_for(_ENDPOINTS[template], lang=other, **here) if here else "",
        "day": partial(day, language=language),
        "moment": partial(moment, language=language),
        "digits": partial(digits, language=language),
    }
    return _hidden(make_response(render_template(template, **told, **values)))


_ENDPOINTS = {
    "packs/show.html": ".show", "packs/gate.html": ".show", "packs/number.html": ".show",
    "packs/own.html": ".own", "packs/room.html": ".room",
}  # fmt: skip
_ADDRESSES = {
    name: {"code": "code"} if end == ".show" else {"key": end.removeprefix(".")} for name, end in _ENDPOINTS.items()
}


def _hidden(answer: Response) -> Response:
    """Keep the address, which is the key, out of search engines and out of other sites' logs."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _passed(code: str) -> UUID | None:
    """The participant whose pass the browser shows for this pack."""
    try:
        told = _signer().loads(request.cookies.get(COOKIE, ""), max_age=int(PASS_LIFE.total_seconds()))
        return UUID(told[1]) if told[0] == code else None
    except (BadSignature, ValueError, TypeError, IndexError, KeyError):
        return None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=COOKIE)


def _told(name: str, words: str) -> str:
    return thai_digits(words) if _language() == "th" else ERRORS_EN.get(name, words)


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "th"


def _lang() -> str | None:
    return "en" if _language() == "en" else None


def _words() -> Mapping[str, str]:
    return WORDS[_language()]
