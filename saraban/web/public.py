"""What anybody may see without a login: is this document of ours, and does it still hold.

The pages are the same for everybody (no session, no token), so that they may lie in caches for half a minute:
in those of browsers and proxies, and the first seconds of it in our own memory (`doorway.public.answered`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from saraban.domain.errors import BadInput, NotFound, TooMuch
from saraban.domain.verification import DocumentState, read_code
from saraban.doorway import office
from saraban.doorway.errors import as_response, problem_of
from saraban.doorway.public import PACE_SECONDS, answered, download, look_up, may_lie_in_caches
from saraban.doorway.public import judge as judge_file
from saraban.exchange.asics import STAMP_ENDING, STAMP_TYPE
from saraban.reading.verified import Verified
from saraban.usecases.verifying import MOST_OCTETS, Brought
from saraban.web import public_words as words
from saraban.web.filters import thai_digits
from saraban.web.guards import csrf
from saraban.web.issued_words import OFFER, Ended, ended, issued_rows
from saraban.web.public_reasons import english
from saraban.web.recall_words import recall_note

bp = Blueprint("public", __name__, url_prefix="/v")

_JUDGED = ("", "original", "copy", "other", "unreadable")


@bp.get("")
def ask() -> ResponseReturnValue:
    """Where a code is typed. One that was typed leads to its page."""
    typed = request.args.get("code", "")
    if "code" not in request.args:
        return _cached(make_response(_page("public/ask.html", typed="", error="")))
    code = read_code(typed)
    if code is None:
        return _page("public/ask.html", typed=typed[:100], error=_words()["bad_code"]), 422
    return redirect(url_for(".show", code=code, lang=request.args.get("lang")), 303)


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """The document of a code, for people, and as JSON for programs that ask for it. 404 with the same words for every
    code without one."""
    as_json = _asks_json()
    shape = "json" if as_json else (_language(), _lang(), request.script_root)
    try:
        told = answered(code, shape, _as_json if as_json else _as_page, counts="lang" not in request.args)
    except NotFound:
        answer = jsonify(code="not-found") if as_json else make_response(_page("public/unknown.html"))
        answer.status_code = 404
        return _cached(answer)
    except TooMuch as error:
        return _wait(error, as_json=as_json)
    return _cached(current_app.response_class(told, mimetype="application/json" if as_json else "text/html"))


@bp.post("/<code>/file")
def judge(code: str) -> ResponseReturnValue:
    """The verdict on a file that was sent: is it one of the document's, and what of each signature in it; as JSON for
    programs that ask for it, what goes wrong as a problem document."""
    as_json, found = _asks_json(), None
    try:
        found = look_up(code)
        file = request.files.get("file")
        brought = judge_file(file.stream.read(MOST_OCTETS + 1) if file is not None else b"")
    except (NotFound, TooMuch, BadInput) as error:
        if as_json:
            answer = as_response(problem_of(error))
            answer.headers["Cache-Control"] = "no-store"
            if isinstance(error, TooMuch):
                answer.headers["Retry-After"] = str(PACE_SECONDS)
            return answer
        if isinstance(error, TooMuch):
            return _wait(error)
        if isinstance(error, NotFound) or found is None:
            return _page("public/unknown.html"), 404
        return _document(found, error=_file_error(error)), 422
    if as_json:
        told = jsonify(document=found.as_dict(), file=brought.as_dict() | {"same": _same(found, brought)})
        told.headers["Cache-Control"] = "no-store"
        return told
    return _document(found, brought=brought)


@bp.get("/<code>/file")
def original(code: str) -> ResponseReturnValue:
    """The signed file of a document whose kind lets anybody have it; for all others the page of an unknown code."""
    try:
        name, data = download(code)
    except NotFound:
        return _page("public/unknown.html"), 404
    except TooMuch as error:
        return _wait(error)
    answer = make_response(data)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return _cached(answer)


@bp.get("/<code>/time-stamps/<sha256>")
def time_stamp(code: str, sha256: str) -> ResponseReturnValue:
    """The time-stamp that a file of a document got later; for all others the page of an unknown code."""
    try:
        token = next((one.token for one in look_up(code).stamps if one.sha256 == sha256), None)
        if token is None:
            raise NotFound
    except NotFound:
        return _page("public/unknown.html"), 404
    except TooMuch as error:
        return _wait(error)
    answer = make_response(token)
    answer.mimetype = STAMP_TYPE
    answer.headers["Content-Disposition"] = f'attachment; filename="{sha256[:8]}{STAMP_ENDING}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return _cached(answer)


# No cookie stands behind what is sent here: whoever sends it may do what anybody may.
csrf.exempt(bp)


def _asks_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def _same(found: Verified, brought: Brought | None) -> str:
    """Which file of the document it is, "original" or "copy"; empty for none."""
    return next((f.what for f in found.files if brought is not None and f.sha256 == brought.sha256.hex), "")


def _as_json(found: Verified) -> bytes:
    return jsonify(found.as_dict()).get_data()


def _as_page(found: Verified) -> bytes:
    return _document(found).encode()


def _document(found: Verified, *, brought: Brought | None = None, error: str = "") -> str:
    language = _language()
    kind = words.form_name(found.form, language) if found.form is not None else found.name
    agency = found.agency_name_en if language == "en" and found.agency_name_en else found.agency_name
    agency_thai, end = language != "th" and agency == found.agency_name, ended(found, language)
    return _page(
        "public/show.html",
        found=found,
        valid=found.state is DocumentState.VALID,
        ended=end,
        headlines=_headlines(language, agency, agency_thai, end),
        rows=issued_rows(found, language),
        offer=OFFER[language],
        recall=recall_note(found.recall, language) if found.state is DocumentState.VALID else "",
        kind=found.name_en if language == "en" and found.name_en else kind,
        number=words.digits(found.number, language),
        on=words.day(found.on, language),
        cancelled_on=words.day(since, language) if (since := found.cancelled_on or found.since) else "",
        agency=agency,
        agency_thai=agency_thai,
        seals=[(one.sha256, words.day(one.valid_to, language)) for one in found.seals],
        brought=brought,
        same=_same(found, brought),
        error=error,
        late_words=lambda one: words.late(one.at, one.by, language),
        most=MOST_OCTETS,
        english=english,
    )


@lru_cache(maxsize=500)
def _headlines(language: str, agency: str, agency_thai: bool, end: Ended | None) -> dict[str, Markup]:
    """What may stand at the head of a document, by what was judged of a file: some of it only when a script has done
    that. It takes a tenth of the time of the page, and is the same for all documents of an agency that stand alike."""
    said = _macros("public/headline.html")
    return {of: said.headline(of, words.WORDS[language], agency, agency_thai, end) for of in _JUDGED}


def _page(template: str, **more: Any) -> str:
    language = _language()
    other = "th" if language == "en" else "en"
    # A page about no document names no code: it is the same for all of them.
    other_url = (
        url_for(".show", code=more["found"].code, lang=other) if "found" in more else url_for(".ask", lang=other)
    )
    return render_template(
        template,
        w=_words(),
        language=language,
        other=other,
        other_url=other_url,
        lang=_lang(),
        around=_around(language, _lang(), office().settings.public_url, request.script_root),
        **more,
    )


@lru_cache(maxsize=50)
def _around(language: str, lang: str | None, public_url: str, root: str) -> dict[str, Markup]:
    """What stands around every page alike, its addresses under `root` (request.script_root)."""
    w, said = words.WORDS[language], _macros("public/around.html")
    return {
        "look_alike": said.look_alike(w, public_url) if public_url else Markup(),
        "address": said.address(w, public_url) if public_url else Markup(),
        "foot": said.foot(w, language, lang),
    }


def _macros(template: str) -> Any:
    return current_app.jinja_env.get_template(template).module


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "th"


def _lang() -> str | None:
    """The language as the addresses of the page carry it: only where it was asked for."""
    return _language() if "lang" in request.args else None


def _words() -> Any:
    return words.WORDS[_language()]


def _file_error(error: BadInput) -> str:
    told = thai_digits(error.fields.get("file", error.thai))
    return told if _language() == "th" else "This is no PDF that can be checked, or it is larger than 20 MB."


def _cached(answer: Response) -> Response:
    """The answer with its digest as a tag, the same for everybody for half a minute at most."""
    answer.cache_control.public = True
    answer.cache_control.max_age = may_lie_in_caches()
    answer.vary.add("Accept")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _wait(error: TooMuch, *, as_json: bool = False) -> ResponseReturnValue:
    if as_json:
        answer = jsonify(code=error.code)
    else:
        english = f"Too many tries. Wait {PACE_SECONDS // 60} minutes."
        told = thai_digits(error.thai) if _language() == "th" else english
        answer = make_response(_page("public/wait.html", told=told))
    answer.status_code = 429
    answer.headers["Retry-After"] = str(PACE_SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer
