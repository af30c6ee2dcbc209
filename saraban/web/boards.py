"""ภาพรวมงาน: what waits, how long it takes and what came and went, drawn and as tables; each number leads to its
letters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.board import OFFICE_DAY, PERIODS, Asked, BoardScope, Flow, Waits
from saraban.domain.calendar import WEEKDAYS, office_date
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.permissions import may_see_board, may_see_report
from saraban.domain.route import StepKind
from saraban.domain.task import Purpose
from saraban.doorway import actor, reader, services
from saraban.reading import behind as lists
from saraban.reading import boards as rows
from saraban.reading.petitions import PetitionBoard, petition_board
from saraban.web.filters import thai_digits

bp = Blueprint("boards", __name__, url_prefix="/boards")


@bp.get("")
def index() -> ResponseReturnValue:
    """The board of a person, a unit or the agency."""
    asked = _asked(actor())
    return render_template(
        "boards/index.html",
        board=rows.board(reader(), actor(), asked, services().clock.now()),
        views=_views(actor(), asked),
        units=_units(actor(), asked),
        periods=[(f"{thai_digits(n)} สัปดาห์", _address(asked, weeks=n), n == asked.weeks) for n in PERIODS],
        weekdays=WEEKDAYS,
        span=span,
        behind=_behind(asked),
        address=_address,
        opens=_opens(actor(), asked),
        report=_report(actor(), asked),
        public=_public(asked),
    )


@bp.get("/letters")
def letters() -> ResponseReturnValue:
    """The letters behind a number."""
    asked, figure = _asked(actor()), _figure()
    found = lists.behind(
        reader(), actor(), asked, figure, services().clock.now(), cursor=request.args.get("cursor") or None
    )
    return render_template(
        "boards/letters.html",
        found=found,
        title=title_of(figure),
        back=_address(asked),
        asked=asked,
        is_tasks=figure.what in lists.TASKS,
    )


TASK_WORDS = {"tasks": "งานที่ยังไม่เสร็จ", "tasks-late": "งานที่เกินกำหนด", "tasks-done": "งานที่เสร็จแล้ว"}


def span(minutes: int | None) -> str:
    """How long, in words: hours and minutes of the office, from one day on in working days."""
    if minutes is None:
        return "–"
    if minutes >= OFFICE_DAY:
        days = round(minutes / OFFICE_DAY, 1)
        return thai_digits(f"{days:g} วันทำการ")
    hours, left = divmod(minutes, 60)
    words = [f"{hours} ชม."] if hours else []
    return thai_digits(" ".join([*words, f"{left} นาที"] if left or not hours else words))


def title_of(figure: lists.Figure) -> str:
    """What a list holds."""
    kinds = {kind.value: kind.thai for kind in StepKind} | {flow.value: flow.thai for flow in Flow}
    kinds |= {waits.value: waits.thai for waits in Waits}
    kinds |= {purpose.value: purpose.thai for purpose in Purpose}
    words = kinds.get(figure.kind, "")
    if figure.what in TASK_WORDS:
        return TASK_WORDS[figure.what] + words
    if figure.what in ("waiting", "late"):
        waits = words if figure.kind in {each.value for each in Waits} else f"รอ{words or 'พิจารณา'}"
        return waits + (" ที่เกินกำหนด" if figure.what == "late" else "")
    title = f"{words or 'พิจารณา'}แล้ว" if figure.what == "done" else words
    if figure.weekday is not None and figure.hour is not None:
        title += f" วัน{WEEKDAYS[figure.weekday]} {figure.hour:02d}.00–{figure.hour:02d}.59 น."
    return thai_digits(title)


def _asked(who: Actor) -> Asked:
    default = BoardScope.ME
    if may_see_board(who, Asked(BoardScope.AGENCY)) is None and not may_open(who):
        default = BoardScope.AGENCY
    try:
        scope = BoardScope(request.args.get("scope", default.value))
        weeks = int(request.args.get("weeks", "12"))
        unit = request.args.get("unit", "")
        unit_id = UnitId(UUID(unit)) if unit else who.unit_id
    except ValueError:
        raise NotFound from None
    if weeks not in PERIODS:
        raise NotFound
    return Asked(scope, unit_id if scope is BoardScope.UNIT else None, weeks)


def may_open(who: Actor) -> bool:
    """Does the person have letters to work on? Who only keeps registers or the system begins with the agency."""
    return who.role is not None and who.role.value not in ("records", "admin")


def _figure() -> lists.Figure:
    given = request.args
    what = given.get("what", "")
    try:
        figure = lists.Figure(
            what,
            given.get("kind", ""),
            date.fromisoformat(given["week"]) if given.get("week") else None,
            int(given["weekday"]) if given.get("weekday") else None,
            int(given["hour"]) if given.get("hour") else None,
            UUID(given["part"]) if given.get("part") else None,
        )
    except ValueError:
        raise NotFound from None
    if figure.weekday is not None and not 0 <= figure.weekday < len(WEEKDAYS):
        raise BadInput({"weekday": "ไม่มีวันนี้ในสัปดาห์"})
    return figure


def _views(who: Actor, asked: Asked) -> list[tuple[str, str, bool, None]]:
    own = (Asked(BoardScope.ME), Asked(BoardScope.UNIT, who.unit_id), Asked(BoardScope.AGENCY))
    return [
        (one.scope.thai, _address(one, weeks=asked.weeks), one.scope is asked.scope, None)
        for one in own
        if may_see_board(who, one) is None
    ]


def _units(who: Actor, asked: Asked) -> list[tuple[str, str]]:
    """The units among which the head chooses."""
    if asked.scope is not BoardScope.UNIT:
        return []
    units = rows.units_to_see(reader(), who)
    return [
        (str(unit_id), name)
        for unit_id, name in units
        if may_see_board(who, Asked(BoardScope.UNIT, UnitId(unit_id))) is None
    ]


def _opens(who: Actor, asked: Asked) -> bool:
    """Do the units of the agency's board lead to boards of their own?"""
    return asked.scope is BoardScope.AGENCY and may_see_board(who, Asked(BoardScope.UNIT, who.unit_id)) is None


def _public(asked: Asked) -> PetitionBoard | None:
    """How the public is answered, on the agency's board."""
    if asked.scope is not BoardScope.AGENCY:
        return None
    now = services().clock.now()
    return petition_board(reader(), actor(), now - timedelta(weeks=asked.weeks), office_date(now))


def _report(who: Actor, asked: Asked) -> str:
    """Where the report to the OPDC stands, for who sees it of what this board shows; empty for others."""
    if asked.scope is BoardScope.ME:
        return ""
    unit = asked.unit_id if asked.scope is BoardScope.UNIT else None
    return url_for("progress.index", unit=unit) if may_see_report(who, unit) is None else ""


def _address(asked: Asked, **changed: Any) -> str:
    values: dict[str, Any] = {"scope": asked.scope.value, "unit": asked.unit_id, "weeks": asked.weeks} | changed
    return url_for("boards.index", **{name: value for name, value in values.items() if value is not None})


def _behind(asked: Asked) -> Any:
    def address(what: str, kind: str = "", **more: Any) -> str:
        values: dict[str, Any] = {"scope": asked.scope.value, "unit": asked.unit_id, "weeks": asked.weeks, "what": what}
        return url_for("boards.letters", **values, **({"kind": kind, **more} if kind else more))

    return address
