"""The course of a letter beside passing it on: being against, noting it, choosing other steps, changing it on the way;
and the tables from which courses are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionId, Unit
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.joining import joined
from saraban.domain.letter import Letter, LetterId
from saraban.domain.letter_state import OPEN_FOR_CHANGE
from saraban.domain.permissions import (
    may_acknowledge,
    may_administer,
    may_change_course,
    may_object,
    may_revise_on_route,
    require,
)
from saraban.domain.route import Again, CourseStep, Holder, RouteStep, RouteTemplate, StepKind, TemplateStep
from saraban.domain.route_events import RouteTemplateSet
from saraban.domain.stages import expect_template
from saraban.usecases.books import UnitOfWork
from saraban.usecases.contents import content_faults
from saraban.usecases.paging import draft_page, draw
from saraban.usecases.planning import Plan, PlannedStep, plan, route_step
from saraban.usecases.ports import Services
from saraban.usecases.posts import position_post


@dataclass(frozen=True)
class Course:
    """The part of a letter's route that may be changed now. `own`: it was chosen for this letter; `stage`: that of the
    first step of the part, so that numbers go on from what has begun."""

    letter: Letter
    steps: tuple[PlannedStep, ...]
    own: bool


def open_course(office: Services, *, actor: Actor, letter_id: LetterId) -> Course:
    """What of the route of a letter the actor may change: all before those who sign of a draft, what is still to come
    of one on its way. Raises NotPermitted."""
    on = office_date(office.clock.now())
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_change_course(actor, letter))
        unit = uow.agencies.unit(letter.agency_id, letter.unit_id)
        if letter.state in OPEN_FOR_CHANGE:
            return Course(
                letter,
                before_signing(plan(uow, letter.content, unit, on, letter.own_course)),
                letter.own_course is not None,
            )
        steps = tuple(
            PlannedStep(s.kind, position_post(uow, unit, s.position_id, on), s.stage, s.need, s.required, s.edits)
            for s in letter.changeable()
        )
    return Course(letter, steps, letter.own_course is not None)


def before_signing(found: Plan) -> tuple[PlannedStep, ...]:
    """The steps of a plan before the first who signs."""
    signing = next((s.stage for s in found.steps if s.kind is StepKind.SIGN), 0)
    return tuple(s for s in found.steps if s.stage < signing)


def change_course(
    office: Services,
    *,
    actor: Actor,
    letter_id: LetterId,
    steps: Sequence[CourseStep] | None,
    version: int | None = None,
) -> int:
    """Choose other steps before those who sign, for a draft or for the rest of a route; None: those of the template,
    for a draft. Returns the new version.

    Raises BadInput for a position that is not there or not held, RuleBroken for a required step that was left out,
    ConcurrentEdit over a stale version.
    """
    now = office.clock.now()
    on = office_date(now)
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_change_course(actor, letter))
        letter.expect_version(version)
        unit = uow.agencies.unit(letter.agency_id, letter.unit_id)
        for step in steps or ():
            _expect_held(uow, unit, step, on)
        if letter.state in OPEN_FOR_CHANGE:
            planned = plan(uow, letter.content, unit, on, steps)
            planned.drawn()
            uow.record(letter.plan_course(steps, titles=[s.title for s in planned.steps], by=actor, at=now))
        else:
            uow.record(letter.change_rest(_route_steps(uow, unit, steps or (), on), by=actor, at=now))
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def hand_step(
    office: Services,
    *,
    actor: Actor,
    letter_id: LetterId,
    ordinal: int,
    position_id: PositionId,
    reason: str,
    version: int | None = None,
) -> int:
    """Give a step that waits for a vacant position to another one that somebody holds or acts in. Returns the new
    version. Raises StageNotAllowed for a step that does not wait or is signed, RuleBroken while somebody is there."""
    now = office.clock.now()
    on = office_date(now)
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_change_course(actor, letter))
        letter.expect_version(version)
        unit = uow.agencies.unit(letter.agency_id, letter.unit_id)
        step = next((one for one in letter.route if one.ordinal == ordinal), None)
        there = position_post(uow, unit, step.position_id, on) if step is not None else None
        if there is not None and there.taken:
            raise RuleBroken(
                joined(there.position.title, "มีผู้ทำหน้าที่อยู่ หนังสือรอผู้นั้น ถ้าต้องเปลี่ยนให้ดึงกลับมาแก้ก่อน"), code="post-not-vacant"
            )
        to = position_post(uow, unit, position_id, on)
        if to is None or not to.taken:
            raise BadInput({"position": "เลือกตำแหน่งที่มีผู้ดำรงหรือมีผู้ทำหน้าที่แทน"})
        asked = route_step(PlannedStep(StepKind.CHECK, to, 1), 1)
        uow.record(letter.hand_step(ordinal, asked, by=actor, reason=reason, at=now))
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def object_letter(
    office: Services,
    *,
    actor: Actor,
    letter_id: LetterId,
    reason: str,
    version: int | None = None,
    seen: Digest | None = None,
) -> int:
    """Be against, and leave the letter to the others of the stage. Returns the new version."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        letter.expect_version(version)
        require(may_object(actor, letter))
        uow.record(letter.object(by=actor, reason=reason, at=office.clock.now(), page=seen))
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def acknowledge_letter(
    office: Services, *, actor: Actor, letter_id: LetterId, note: str = "", seen: Digest | None = None
) -> int:
    """Note a letter that is for one's information. Returns the new version."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_acknowledge(actor, letter))
        uow.record(letter.acknowledge(by=actor, note=note, at=office.clock.now(), page=seen))
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def revise_on_route(
    office: Services, *, actor: Actor, letter_id: LetterId, content: Content, version: int | None = None
) -> int:
    """Change a letter at one's step of its route, where the route allows it; who is asked again is up to its table. The
    page is drawn before the transaction, as when it is submitted. Returns the new version."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise_on_route(actor, letter))
        letter.expect_version(version)
        unit = uow.agencies.unit(letter.agency_id, letter.unit_id)
        if wrong := content_faults(uow, actor, content, now):
            raise BadInput(wrong)
        page = draft_page(uow, content, unit=unit, enclosures=letter.enclosures, on=office_date(now))
    draw(office, page)
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise_on_route(actor, letter))
        letter.expect_version(version)
        again = uow.agencies.route_template(letter.agency_id, letter.content.route_form, letter.unit_id).again
        before = letter.content_bytes()
        fact = letter.revise_on_route(content, by=actor, at=now, again=again)
        office.blobs.keep(letter.content_bytes())
        office.blobs.keep(before)
        uow.record(fact)
        uow.letters.save(letter)
        uow.commit()
    return letter.version


# --- the tables ----------------------------------------------------------------------------------------------------


def open_template(office: Services, *, actor: Actor, form: Form, unit_code: str = "") -> RouteTemplate:
    """The route of a form, of the agency or as the unit takes it (its own, or else the agency's)."""
    require(may_administer(actor))
    with office.uow() as uow:
        unit = _unit(uow, actor, unit_code)
        return uow.agencies.route_template(actor.agency_id, form, unit.id if unit is not None else None)


def set_template(
    office: Services,
    *,
    actor: Actor,
    form: Form,
    steps: Sequence[TemplateStep],
    again: Again = Again.ALL,
    unit_code: str = "",
) -> None:
    """Set the route of a form for the agency, or for one unit by its code; a unit without steps takes the agency's
    again. Letters that are on their way keep the route that they have. Raises BadInput for what is no route."""
    require(may_administer(actor))
    now = office.clock.now()
    with office.uow() as uow:
        unit = _unit(uow, actor, unit_code)
        if not steps and unit is None:
            raise BadInput({"steps": "เส้นทางของส่วนราชการต้องมีอย่างน้อยผู้ลงนามหนึ่งลำดับ"})
        if steps:
            expect_template(steps)
        for step in steps:
            _expect_position(uow, actor, step, office_date(now))
        uow.agencies.set_route_template(actor.agency_id, form, steps, unit.id if unit is not None else None, again)
        told = tuple(f"{s.stage} {s.kind.thai} {s.holder.thai}" for s in steps)
        uow.record(
            RouteTemplateSet(
                at=now,
                by=actor,
                thing_id=unit.id if unit is not None else actor.agency_id,
                form=form.value,
                unit=unit.name if unit is not None else "",
                steps=told,
                again=again.value,
            )
        )
        uow.commit()


def pictured(
    office: Services, *, actor: Actor, form: Form, steps: Sequence[TemplateStep], unit_code: str = ""
) -> Sequence[PlannedStep]:
    """Who would be asked by these rows today, in a unit (the actor's own without a code): the live picture of a table
    that is being written. Nothing is written."""
    require(may_administer(actor))
    with office.uow() as uow:
        unit = _unit(uow, actor, unit_code)
        if unit is None:
            unit = _any_unit(uow, actor)
        content = Content(form=form)
        return plan(uow, content, unit, office_date(office.clock.now()), template=RouteTemplate(tuple(steps))).steps


def _any_unit(uow: UnitOfWork, actor: Actor) -> Unit:
    if actor.unit_id is not None:
        return uow.agencies.unit(actor.agency_id, actor.unit_id)
    return uow.agencies.central_unit(actor.agency_id)


def _unit(uow: UnitOfWork, actor: Actor, code: str) -> Unit | None:
    if not code:
        return None
    unit = uow.agencies.unit_by_code(actor.agency_id, code)
    if unit is None:
        raise BadInput({"unit": "ไม่พบหน่วยงานนี้ในส่วนราชการของท่าน"})
    return unit


def _expect_position(uow: UnitOfWork, actor: Actor, step: TemplateStep, on: date) -> None:
    if step.holder is not Holder.POSITION:
        return
    found = step.position_id is not None and position_post(uow, _any_unit(uow, actor), step.position_id, on)
    if not found:
        raise BadInput({"steps": "เลือกตำแหน่งของส่วนราชการให้ครบทุกลำดับ"})


def _expect_held(uow: UnitOfWork, unit: Unit, step: CourseStep, on: date) -> None:
    post = position_post(uow, unit, step.position_id, on)
    if post is None:
        raise BadInput({"steps": "ไม่พบตำแหน่งที่เลือกในส่วนราชการของท่าน"})
    if not post.taken:
        raise BadInput({"steps": joined(post.position.title, " ยังไม่มีผู้ดำรงตำแหน่ง เลือกตำแหน่งอื่น")})
    if step.kind is StepKind.SIGN:
        raise RuleBroken("ผู้ลงนามเปลี่ยนในเส้นทางไม่ได้ เลือกผู้ลงนามร่วมที่ช่องผู้ลงนามร่วมของร่าง", code="signing-stays")


def _route_steps(uow: UnitOfWork, unit: Unit, steps: Sequence[CourseStep], on: date) -> list[RouteStep]:
    return [
        route_step(
            PlannedStep(one.kind, position_post(uow, unit, one.position_id, on), one.stage, one.need, chosen=True), n
        )
        for n, one in enumerate(steps, 1)
    ]
