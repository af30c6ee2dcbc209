"""The administrator's pages of the routes: one for each form, of the agency or of a unit, with a picture as it is
written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.permissions import may_administer, require
from saraban.domain.route import Again, Holder, StepKind, TemplateStep
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import people
from saraban.reading import routes as reading
from saraban.usecases import coursing
from saraban.usecases.planning import PlannedStep
from saraban.web.ahead import NOBODY
from saraban.web.course import RoutePerson, ShownStep, drawn_stage
from saraban.web.filters import thai_digits
from saraban.web.forms.route_rows import BESIDE, BLANK_ROWS, RULES, RouteRow, beside_of, template_steps, typed_rows

bp = Blueprint("route_tables", __name__, url_prefix="/admin/routes")


@dataclass(frozen=True)
class Line:
    """A form with the route that its documents take, and the units that have one of their own (code, name)."""

    form: Form
    steps: str
    units: list[tuple[str, str]]


@bp.get("")
def index() -> ResponseReturnValue:
    """All forms with their routes."""
    require(may_administer(actor()))
    found = reading.templates(reader(), actor().agency_id)
    units = people.units(reader(), actor().agency_id, office_date(services().clock.now()))
    lines = [
        Line(
            form,
            _told(found.agency.get(form, ())),
            [(one.code, one.name) for one in units if one.id in found.units.get(form, [])],
        )
        for form in Form
        if form in found.agency
    ]
    return render_template("route_tables/index.html", lines=lines)


@bp.get("/<form>")
def show(form: str) -> ResponseReturnValue:
    """The route of a form, for the agency or for a unit."""
    kind, unit = _form(form), request.args.get("unit", "")
    found = coursing.open_template(services(), actor=actor(), form=kind, unit_code=unit)
    beside = beside_of([(step.stage, step.need) for step in found.steps])
    rows = [_row(step, beside[n]) for n, step in enumerate(found.steps)]
    return _page(kind, unit, rows, found.again, own=found.of_unit)


@bp.post("/<form>")
def save(form: str) -> ResponseReturnValue:
    """Keep the route, or show the rows again with one moved or more blank ones."""
    require(may_administer(actor()))
    kind, unit, act = _form(form), request.form.get("unit", ""), request.form.get("act", "")
    rows, again = typed_rows(request.form), _again()
    if "up" in request.form or act == "more":
        return _page(kind, unit, rows, again, own=True, blank=BLANK_ROWS * 2 if act == "more" else BLANK_ROWS)
    try:
        steps = [] if act == "drop" else template_steps(rows)
        coursing.set_template(services(), actor=actor(), form=kind, steps=steps, again=again, unit_code=unit)
    except BadInput as error:
        words = next(iter(error.fields.values()), error.thai)
        return _page(kind, unit, rows, again, own=True, words=words), 422
    refresh_reader()
    flash("ใช้เส้นทางของส่วนราชการแล้ว" if act == "drop" else "บันทึกเส้นทางแล้ว หนังสือที่เสนอไปแล้วใช้เส้นทางเดิม", "green")
    return redirect(url_for(".show", form=kind.value, unit=unit or None))


@bp.post("/<form>/picture")
def picture(form: str) -> ResponseReturnValue:
    """The route as the rows stand, with who would be asked today."""
    steps, words = _picture(_form(form), request.form.get("unit", ""), typed_rows(request.form))
    return render_template("route_tables/picture.html", steps=steps, words=words)


def _page(
    form: Form, unit: str, rows: list[RouteRow], again: Again, *, own: bool, blank: int = BLANK_ROWS, words: str = ""
) -> str:
    today = office_date(services().clock.now())
    posts = people.posts(reader(), actor().agency_id, today)
    steps, told = _picture(form, unit, rows)
    roles = [(one.value, one.thai) for one in Holder if one is not Holder.POSITION]
    return render_template(
        "route_tables/show.html",
        form=form,
        unit=unit,
        units=people.units(reader(), actor().agency_id, today),
        own=own,
        again=again,
        agains=list(Again),
        rows=[*rows, *[RouteRow() for _ in range(blank)]],
        kinds=[(kind.value, kind.thai) for kind in StepKind],
        whom=[("ตามหน่วยงานเจ้าของเรื่อง", roles), ("ตำแหน่งที่ระบุ", [(str(p.position_id), p.title) for p in posts])],
        besides=list(BESIDE.items()),
        rules=list(RULES.items()),
        steps=steps,
        told=told,
        words=words,
    )


def _picture(form: Form, unit: str, rows: list[RouteRow]) -> tuple[list[ShownStep], str]:
    try:
        found = coursing.pictured(
            services(), actor=actor(), form=form, steps=template_steps([r for r in rows if r.filled]), unit_code=unit
        )
    except BadInput as error:
        return [], next(iter(error.fields.values()), error.thai)
    stages = sorted({step.stage for step in found})
    return [ShownStep("ร่าง", "", [RoutePerson("ผู้ร่าง", False)]), *(_stage(found, stage) for stage in stages)], ""


def _stage(found: Sequence[PlannedStep], stage: int) -> ShownStep:
    steps = [step for step in found if step.stage == stage]
    shown = [
        RoutePerson(
            step.post.holder.name if step.post is not None and step.post.holder is not None else NOBODY,
            False,
            step.title,
        )
        for step in steps
    ]
    return drawn_stage([(step.kind, step.need) for step in steps], shown)


def _row(step: TemplateStep, beside: str) -> RouteRow:
    who = str(step.position_id) if step.holder is Holder.POSITION else step.holder.value
    return RouteRow(step.kind.value, who, beside, ("r" if step.required else "") + ("e" if step.edits else ""))


def _told(steps: Sequence[TemplateStep]) -> str:
    """The table in a line: stages one after the other, what is asked at the same time joined."""
    told = []
    for stage in sorted({step.stage for step in steps}):
        here = [step for step in steps if step.stage == stage]
        enough = f" ({thai_digits(here[0].need)} คนพอ)" if here[0].need else ""
        told.append(" + ".join(f"{step.kind.thai} {step.holder.thai}" for step in here) + enough)
    return " → ".join(told)


def _again() -> Again:
    return next((one for one in Again if one.value == request.form.get("again", "")), Again.ALL)


def _form(code: str) -> Form:
    found = next((one for one in Form if one.value == code), None)
    if found is None:
        raise NotFound
    return found
