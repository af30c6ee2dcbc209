"""The page of an acknowledgement link: a receiver without the system reads the letter, checks it and says that it came.

Anybody who has the link may open it; nobody logs in. Looking never acknowledges, since programs that check mail open
every link. The token in the address is what protects the form: who does not have it cannot forge a request, so no
cookie is asked for (mail programs open links without any).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, StageNotAllowed
from saraban.doorway import services
from saraban.doorway.dates import NotADate, read_day
from saraban.usecases import confirming
from saraban.usecases.confirming import LinkPage
from saraban.web.downloads import digest_of, download
from saraban.web.guards import csrf, limiter
from saraban.web.public_words import day, digits

bp = Blueprint("acknowledging", __name__, url_prefix="/r")

LOOKS, DEEDS = "120 per minute", "20 per minute"
_FIELDS = ("name", "position", "number", "day")
_ENGLISH = {
    "name": "Please enter the name of the person who received the letter (at most 200 characters).",
    "position": "Please enter your position or office (at most 200 characters).",
    "number": "Please enter your receiving number (at most 40 characters), or leave both number and date empty.",
    "day": "This date cannot be read, lies ahead, or lies before the letter was sent. Example: 26/11/2569.",
}


@bp.get("/<token>")
@limiter.limit(LOOKS)
def show(token: str) -> ResponseReturnValue:
    """The letter behind the link, with the form or with what was acknowledged."""
    try:
        page = confirming.open_link(services(), token=token)
    except NotFound:
        return _gone()
    return _page(page, token)


@bp.post("/<token>")
@limiter.limit(DEEDS)
def acknowledge(token: str) -> ResponseReturnValue:
    """ได้รับหนังสือแล้ว: once, with name and position; what was typed wrongly stays in the form."""
    typed = {name: request.form.get(name, "").strip()[:2_000] for name in _FIELDS}
    try:
        day = read_day(typed["day"], office_date(services().clock.now()))
    except NotADate as error:
        day, wrong = None, {"day": str(error)}
    else:
        wrong = {}
    try:
        if wrong:
            page = confirming.open_link(services(), token=token)
            return _page(page, token, typed, wrong), 422
        who = {name: typed[name] for name in ("name", "position", "number")}
        confirming.acknowledge_by_link(services(), token=token, day=day, **who)
    except NotFound:
        return _gone()
    except BadInput as error:
        return _page(confirming.open_link(services(), token=token), token, typed, error.fields), 422
    except (StageNotAllowed, ConcurrentEdit):
        pass  # a second press, or somebody else in the office was faster: the page shows who
    return redirect(url_for(".show", token=token, lang=_language_argument()), 303)


@bp.get("/<token>/files/<sha256>")
@limiter.limit(LOOKS)
def file(token: str, sha256: str) -> ResponseReturnValue:
    """A file of the letter, byte for byte as it was sent."""
    try:
        found, data = confirming.open_link_file(services(), token=token, sha256=digest_of(sha256))
    except NotFound:
        return _gone()
    return _hidden(download(data, found.name, found.media_type, plain=f"file-{sha256[:8]}"))


csrf.exempt(acknowledge)


def _page(
    page: LinkPage, token: str, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> Response:
    errors = dict(wrong or {})
    if _english():
        errors = {name: _ENGLISH.get(name, words) for name, words in errors.items()}
    return _shown("acknowledging/show.html", page=page, token=token, typed=typed or {}, errors=errors, said=_said(page))


def _said(page: LinkPage) -> dict[str, Any]:
    """Who acknowledged, and under which number, when somebody did."""
    kept = (page.done.statement or {}) if page.done is not None else {}
    return {**kept.get("confirmed_by", {}), "register": kept.get("register")}


def _gone() -> ResponseReturnValue:
    """One page for links that never were and for those whose time is over: the two must look alike."""
    return _shown("acknowledging/gone.html"), 404


def _shown(template: str, **values: Any) -> Response:
    language = "en" if _english() else "th"
    values |= {"day": partial(day, language=language), "digits": partial(digits, language=language)}
    return _hidden(make_response(render_template(template, english=_english(), **values)))


def _hidden(answer: Response) -> Response:
    """Keep the address, which is the key, out of search engines; every page of ours keeps it from other sites' logs."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _english() -> bool:
    return request.args.get("lang") == "en"


def _language_argument() -> str | None:
    return "en" if _english() else None
