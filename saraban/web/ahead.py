"""The route that a draft will take, shown beside its fields before it is submitted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, NotPermitted
from saraban.domain.letter import Content, LetterId
from saraban.doorway import actor, services
from saraban.usecases import routing
from saraban.usecases.routing import StepAhead
from saraban.web.course import RoutePerson, ShownStep, drawn_stage
from saraban.web.forms.letters import LetterForm
from saraban.web.letters import bp

__all__ = ["bp"]
NOBODY = "(ไม่มีผู้ดำรงตำแหน่ง)"


@dataclass(frozen=True)
class RouteAhead:
    """The course as it is drawn: who sees it next, and in words why there is none or who is missing on it."""

    steps: list[ShownStep]
    following: StepAhead | None
    vacant: str = ""
    why_none: str = "ยังไม่ได้กำหนดเส้นทางเสนอของหนังสือแบบนี้ จึงยังเสนอไม่ได้ ติดต่อผู้ดูแลระบบ"


def route_ahead(content: Content, *, letter_id: UUID | None = None, unit_code: str = "") -> RouteAhead:
    """The route that this content would take from here; none in a unit for which the caller may not draft."""
    try:
        ahead = routing.route_ahead(
            services(),
            actor=actor(),
            content=content,
            letter_id=LetterId(letter_id) if letter_id is not None else None,
            unit_code=unit_code or None,
        )
    except (BadInput, NotPermitted) as error:
        words = next(iter(error.fields.values())) if isinstance(error, BadInput) else error.thai
        return RouteAhead([], None, why_none=words)
    vacant = next((one.title for one in ahead if not one.person), "")
    return RouteAhead(drawn_ahead(ahead), ahead[0] if ahead else None, vacant)


def drawn_ahead(ahead: list[StepAhead]) -> list[ShownStep]:
    """The course to come, a stage at a time."""
    shown = []
    for stage in sorted({one.stage for one in ahead}):
        steps = [one for one in ahead if one.stage == stage]
        people = [RoutePerson(one.person or NOBODY, False, one.title) for one in steps]
        shown.append(drawn_stage([(one.kind, one.need) for one in steps], people))
    return shown


@bp.post("/route")
def route_of_new() -> ResponseReturnValue:
    """The route of a letter that was never saved, as its fields stand."""
    form = LetterForm.typed()
    return _drawn(form, None)


@bp.post("/<uuid:letter_id>/route")
def route_of_draft(letter_id: UUID) -> ResponseReturnValue:
    """The route of a draft, as its fields stand."""
    return _drawn(LetterForm.typed(), letter_id)


def _drawn(form: LetterForm, letter_id: UUID | None) -> str:
    ahead = route_ahead(form.routed, letter_id=letter_id, unit_code=form.unit.data or "")
    return render_template("letters/route_line.html", ahead=ahead)
