"""The page behind a holder's link: what the document is, whether it holds, and the file while it does.

Anybody who has the link may open it; nobody logs in, no cookie is set. Who tries addresses that are none waits.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import NotFound, RuleBroken
from saraban.doorway import services
from saraban.usecases import holder_links
from saraban.web.downloads import ascii_number, download
from saraban.web.guards import limiter
from saraban.web.issued_words import ended_words
from saraban.web.public_words import day, digits

bp = Blueprint("holder", __name__, url_prefix="/d")

LOOKS = "60 per minute"


@bp.get("/<token>")
@limiter.limit(LOOKS)
def show(token: str) -> ResponseReturnValue:
    """The document behind the link. Looking changes nothing: programs that check mail open every link."""
    try:
        page = holder_links.open_link(services(), token=token)
    except NotFound:
        return _gone()
    language = "en" if _english() else "th"
    return _shown("holder/show.html", page=page, token=token, ended=ended_words(page.state, language))


@bp.get("/<token>/file.pdf")
@limiter.limit(LOOKS)
def file(token: str) -> ResponseReturnValue:
    """The signed file; that it was fetched is counted. A document that does not hold shows its page instead."""
    try:
        data, number = holder_links.fetch(services(), token=token)
    except NotFound:
        return _gone()
    except RuleBroken:
        return redirect(url_for(".show", token=token, lang="en" if _english() else None), 303)
    return _hidden(download(data, f"{number}.pdf", "application/pdf", plain=ascii_number(number) or "document"))


@bp.get("/<token>/print.pdf")
@limiter.limit(LOOKS)
def print_out(token: str) -> ResponseReturnValue:
    """The document for paper, which says when and from which system its holder printed it. Otherwise as the file."""
    try:
        data, number = holder_links.print_out(services(), token=token)
    except NotFound:
        return _gone()
    except RuleBroken:
        return redirect(url_for(".show", token=token, lang="en" if _english() else None), 303)
    name = f"พิมพ์จากระบบ {number}.pdf"
    return _hidden(download(data, name, "application/pdf", plain=f"print-out-{ascii_number(number)}".rstrip("-")))


def _gone() -> ResponseReturnValue:
    """One page for links that never were and for those that were withdrawn: the two must look alike."""
    return _shown("holder/gone.html"), 404


def _shown(template: str, **values: Any) -> Response:
    language = "en" if _english() else "th"
    values |= {"day": partial(day, language=language), "digits": partial(digits, language=language)}
    return _hidden(make_response(render_template(template, english=_english(), **values)))


def _hidden(answer: Response) -> Response:
    """Keep the address, which is the key, out of search engines and caches."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _english() -> bool:
    return request.args.get("lang") == "en"
