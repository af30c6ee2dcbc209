"""What the screens of the archive share: doing a deed and saying what came of it, and fields of their forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeAlias, TypeVar
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.dates import NotADate, read_date
from saraban.doorway.errors import problem_of
from saraban.reading import people
from saraban.web.refilling import refill

PDF = "application/pdf"
Came = TypeVar("Came")
Said: TypeAlias = str | Callable[[Came], tuple[str, str]]


def done(
    deed: Callable[[], Came], words: Said[Came], then: Callable[[Came], str], page: Callable[[], str]
) -> ResponseReturnValue:
    """Do it, say that it was done, and go on to where `then` leads with what came of it. What is refused is said on the
    page from which it was sent, which keeps what was typed. `words` may depend on what came of it, with a colour."""
    try:
        came = deed()
    except (BadInput, RuleBroken) as error:
        wrong = error.fields if isinstance(error, BadInput) else {}
        flash(" · ".join(dict.fromkeys(wrong.values())) or error.thai, "red" if wrong else "amber")
        refill(wrong)
        refresh_reader()
        return page(), problem_of(error).status
    flash(*((words, "green") if isinstance(words, str) else words(came)))
    refresh_reader()
    return redirect(then(came))


def typed_day(name: str) -> date | None:
    """The day in a field of the form. Raises BadInput."""
    try:
        return read_date(request.form.get(name, ""), office_date(services().clock.now()))
    except NotADate as error:
        raise BadInput({name: str(error)}) from None


def typed_year(name: str) -> int | None:
    """The Buddhist year in a field of the form. Raises BadInput."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or not 2400 < int(text) < 3000:
        raise BadInput({name: "ใส่ปี พ.ศ. สี่หลัก เช่น ๒๕๘๕"})
    return int(text)


def agency_name() -> str:
    """The name of the agency, for its lists."""
    return people.agency(reader(), actor().agency_id).name


def chosen(name: str = "entry") -> list[UUID]:
    """What was ticked or chosen in a field. Raises NotFound for what is no id."""
    try:
        return [UUID(one) for one in request.form.getlist(name) if one]
    except ValueError:
        raise NotFound from None
