"""The reading log: who has read the letters of one's unit, and the auditor's list of the whole agency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.permissions import may_see_readings
from saraban.domain.reading_log import MANY_THINGS, MANY_WITHIN, Mark, ReadingDeed
from saraban.doorway import actor, reader, services
from saraban.doorway.dates import NotADate, read_date
from saraban.reading import reading_log
from saraban.reading.reading_log import Wanted

bp = Blueprint("reads", __name__, url_prefix="/readings")
E = TypeVar("E", bound=Enum)


@bp.get("")
def index() -> ResponseReturnValue:
    """Who has read the letters of my unit."""
    return _page("mine", reading_log.of_my_unit)


@bp.get("/all")
def everything() -> ResponseReturnValue:
    """Everything that was read in the agency."""
    return _page("all", reading_log.of_agency)


def _page(view: str, rows: Callable[..., object]) -> str:
    wanted, problem = _wanted()
    return render_template(
        "reads/index.html",
        view=view,
        page=rows(reader(), actor(), wanted, cursor=request.args.get("cursor")),
        wanted=wanted,
        problem=problem,
        deeds=list(ReadingDeed),
        marks=list(Mark),
        audits=may_see_readings(actor()) is None,
        many=(MANY_THINGS, int(MANY_WITHIN.total_seconds() // 60)),
        asked=any(request.args.get(name) for name in ("q", "deed", "mark", "since", "until", "about")),
    )


def _wanted() -> tuple[Wanted, str]:
    """The filters of the address, and what is wrong with a day that was typed."""
    today = office_date(services().clock.now())
    days: dict[str, date | None] = {}
    problem = ""
    for name in ("since", "until"):
        try:
            days[name] = read_date(request.args.get(name, ""), today)
        except NotADate as error:
            problem = str(error)
    wanted = Wanted(
        q=request.args.get("q", "").strip(),
        deed=_one(ReadingDeed, "deed"),
        mark=_one(Mark, "mark"),
        since=days.get("since"),
        until=days.get("until"),
        about=_id(request.args.get("about", "")),
    )
    return wanted, problem


def _one(kind: type[E], name: str) -> E | None:
    value = request.args.get(name, "")
    return next((one for one in kind if one.value == value), None)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
