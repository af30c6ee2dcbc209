"""Where anybody writes to an agency, and follows a letter by number and code: no login, no cookie, phone first."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

import segno
from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date, office_time
from saraban.domain.errors import BadInput, NotFound, SarabanError, TooMuch
from saraban.domain.petition import Written
from saraban.domain.verification import TYPED_LETTERS, grouped
from saraban.doorway import petitions as counter
from saraban.doorway import plain_reader, services
from saraban.doorway.errors import as_response, problem_of
from saraban.reading.petitions import Followed, Taker, takers
from saraban.usecases.petitioning import Receipt
from saraban.web import petition_words as words
from saraban.web.downloads import download
from saraban.web.filters import thai_datetime, thai_digits
from saraban.web.guards import csrf
from saraban.web.labels import reason_label
from saraban.web.public_words import day, digits

bp = Blueprint("petition_form", __name__, url_prefix="/w")

_FIELDS = ("name", "mailbox", "phone", "address", "subject", "text")
_MOST_TYPED = 20_000


@bp.get("")
def choose() -> ResponseReturnValue:
    """The agencies that take letters; where there is but one, its form."""
    with plain_reader() as reader:
        found = takers(reader)
    if len(found) == 1:
        return redirect(url_for(".form", agency=found[0].code, lang=request.args.get("lang")), 303)
    return _page("petition_form/choose.html", takers=found)


@bp.get("/to/<agency>")
def form(agency: str) -> ResponseReturnValue:
    """The form of an agency, with a key of its own."""
    to = _taker(agency)
    if to is None:
        return _page("petition_form/gone.html"), 404
    return _form(to, {}, {}, secrets.token_urlsafe(32))


@bp.post("/to/<agency>")
def send(agency: str) -> ResponseReturnValue:
    """Take the letter in and give the receipt; what was typed wrongly stays in the form."""
    to = _taker(agency)
    if to is None:
        return _gone()
    typed = {name: request.form.get(name, "")[:_MOST_TYPED] for name in _FIELDS}
    key, brought = request.form.get("key", ""), counter.brought(request.files.getlist("files"))
    try:
        if _as_json():  # a program that has opened no form, and must be able to send again what brought no answer
            key = counter.key_of_program(key, request.headers.get("Idempotency-Key"))
        receipt = counter.hand_in(to.code, key, Written(**typed), brought)
    except NotFound:
        return _gone()
    except (BadInput, TooMuch) as error:
        if _as_json():
            return _wait(error) if isinstance(error, TooMuch) else _problem(error)
        if isinstance(error, TooMuch):
            return _form(to, typed, {}, key, again=bool(brought), wait=error.thai), 429
        if "key" in error.fields:
            key = secrets.token_urlsafe(32)
        return _form(to, typed, error.fields, key, again=bool(brought)), 422
    return _hidden(jsonify(counter.receipt_told(receipt))) if _as_json() else _receipt(receipt)


@bp.get("/follow")
def ask() -> ResponseReturnValue:
    """Where number and code are typed."""
    return _page("petition_form/follow.html", typed={}, error="")


@bp.post("/follow")
def follow() -> ResponseReturnValue:
    """What is known by a number and the short code; alike for all that lead to nothing."""
    typed = {name: request.form.get(name, "")[:200] for name in ("number", "code")}
    try:
        return _status(counter.follow(**typed), **typed)
    except NotFound as error:
        if _as_json():
            return _problem(error)
        return _page("petition_form/follow.html", typed=typed, error=_words()["unknown"]), 404
    except TooMuch as error:
        return _wait(error)


@bp.get("/f/<code>")
def status(code: str) -> ResponseReturnValue:
    """What is known by a whole code, as the QR code of a receipt has it; for programs as JSON."""
    try:
        return _status(counter.follow("", code), number="", code=code)
    except NotFound as error:
        return _problem(error) if _as_json() else (_page("petition_form/unknown.html"), 404)
    except TooMuch as error:
        return _wait(error)


@bp.post("/follow/answer")
def answer() -> ResponseReturnValue:
    """The file of the answer, for saving."""
    try:
        name, data = counter.fetch_answer(request.form.get("number", "")[:200], request.form.get("code", "")[:200])
    except NotFound:
        return _page("petition_form/unknown.html"), 404
    except TooMuch as error:
        return _wait(error)
    return _hidden(download(data, name, "application/pdf"))


# No cookie stands behind what is sent here: whoever sends it may do what anybody may.
csrf.exempt(bp)


def _taker(code: str) -> Taker | None:
    with plain_reader() as reader:
        return next((one for one in takers(reader) if one.code == code), None)


def _form(
    to: Taker,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    key: str,
    *,
    again: bool = False,
    wait: str = "",
) -> Response:
    if _language() == "en":
        errors = {name: words.ERRORS_EN.get(name, told) for name, told in errors.items()}
        wait = wait and _words()["wait_title"]
    told = {name: thai_digits(words_) if _language() == "th" else words_ for name, words_ in errors.items()}
    return _page(
        "petition_form/form.html", to=to, typed=typed, errors=told, key=key, again=again, wait=wait, of=_name(to)
    )


def _receipt(receipt: Receipt) -> Response:
    address = counter.follow_address(receipt.code)
    return _page(
        "petition_form/receipt.html",
        receipt=receipt,
        of=receipt.agency_en if _language() == "en" and receipt.agency_en else receipt.agency,
        shown_code=grouped(receipt.code[:TYPED_LETTERS]),
        qr=segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="#fff") if address else "",
        address=address,
    )


def _status(found: Followed, *, number: str, code: str) -> ResponseReturnValue:
    if _as_json():
        return _hidden(jsonify(found.as_dict()))
    waits = found.answered_at is None and found.closed_at is None
    return _page(
        "petition_form/status.html",
        found=found,
        of=found.agency_en if _language() == "en" and found.agency_en else found.agency,
        late=waits and office_date(services().clock.now()) > found.due_on,
        reason=reason_label(found.why) if found.why and _language() == "th" else "",
        number=number,
        code=code,
    )


def _page(template: str, **more: Any) -> Response:
    language = _language()
    other = "th" if language == "en" else "en"
    args = {name: value for name, value in (request.view_args or {}).items()}
    # The answer to what was sent cannot be asked for again in the other language: its form can.
    endpoint = {"petition_form.follow": "petition_form.ask", "petition_form.answer": "petition_form.ask"}.get(
        request.endpoint or "", "petition_form.form" if request.endpoint == "petition_form.send" else request.endpoint
    )
    values = {"day": partial(day, language=language), "digits": partial(digits, language=language), "at": _moment}
    return _hidden(
        make_response(
            render_template(
                template,
                w=_words(),
                language=language,
                lang="en" if language == "en" else None,
                other=other,
                other_url=url_for(endpoint or "petition_form.choose", lang="en" if other == "en" else None, **args),
                **values,
                **more,
            )
        )
    )


def _moment(value: Any) -> str:
    if _language() == "th":
        return thai_datetime(value, "long")
    return f"{day(value, 'en')}, {office_time(value).strftime('%H:%M')}"


def _name(to: Taker) -> str:
    return to.name_en if _language() == "en" and to.name_en else to.name


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "th"


def _words() -> Mapping[str, str]:
    return words.WORDS[_language()]


def _as_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def _gone() -> ResponseReturnValue:
    return _problem(NotFound()) if _as_json() else (_page("petition_form/gone.html"), 404)


def _problem(error: SarabanError) -> Response:
    return _hidden(as_response(problem_of(error)))


def _wait(error: TooMuch) -> ResponseReturnValue:
    if _as_json():
        told = _problem(error)
    else:
        told = _page("petition_form/wait.html", told=thai_digits(error.thai) if _language() == "th" else "")
        told.status_code = 429
    told.headers["Retry-After"] = str(error.seconds or counter.PACE_SECONDS)
    return told


def _hidden(answer: Response) -> Response:
    """Keep what number and code open out of caches and of search engines."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
