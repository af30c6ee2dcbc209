"""Stages of a route: which steps are asked now, when a stage has passed, and what is asked again.

One rule carries all of it: no step that decides waits in a stage before the current one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.route import Again, RouteStep, StepKind, StepState, TemplateStep

MOST_STEPS = 40


def current_stage(route: Iterable[RouteStep]) -> int | None:
    """The stage that is asked now; None when nobody is."""
    return min((s.stage for s in route if s.kind.decides and s.state is StepState.WAITING), default=None)


def asked(route: Sequence[RouteStep]) -> list[RouteStep]:
    """The steps that decide and are asked now."""
    now = current_stage(route)
    return [s for s in route if s.stage == now and s.kind.decides and s.state is StepState.WAITING]


def informed(route: Sequence[RouteStep]) -> list[RouteStep]:
    """The steps for information that the letter has reached and that nobody has noted."""
    now = current_stage(route)
    return [
        s
        for s in route
        if s.kind is StepKind.INFORM and s.state is StepState.WAITING and (now is None or s.stage <= now)
    ]


def deciding(route: Iterable[RouteStep], stage: int) -> list[RouteStep]:
    """All steps of a stage that decide."""
    return [s for s in route if s.stage == stage and s.kind.decides]


def needed(steps: Sequence[RouteStep]) -> int:
    """How many of the deciding steps of one stage are enough."""
    need = max((s.need for s in steps), default=0)
    return min(need, len(steps)) or len(steps)


def settle(route: Sequence[RouteStep], stage: int, at: datetime) -> list[RouteStep]:
    """Let those go that a stage no longer waits for, because enough of it is done. Returns them."""
    steps = deciding(route, stage)
    if sum(s.state is StepState.DONE for s in steps) < needed(steps):
        return []
    left = [s for s in steps if s.state is StepState.WAITING]
    for step in left:
        step.state, step.at = StepState.SKIPPED, at
    return left


def may_object(route: Sequence[RouteStep], step: RouteStep) -> bool:
    """Could the stage of this step still pass when its officer is against?"""
    steps = deciding(route, step.stage)
    able = sum(s.state in (StepState.DONE, StepState.WAITING) for s in steps) - 1
    return step.kind.passes and able >= needed(steps)


def first_signing(route: Iterable[RouteStep]) -> int | None:
    """The stage of the first who signs."""
    return min((s.stage for s in route if s.kind is StepKind.SIGN), default=None)


def expect_course(route: Sequence[RouteStep], *, several_sign: bool, form: str) -> None:
    """Raise RuleBroken for a route that could not end with its signatories: one after the other, and nobody decides
    after the first of them. What is for information may stand anywhere."""
    decide = [s for s in route if s.kind.decides]
    if not decide or decide[-1].kind is not StepKind.SIGN:
        raise RuleBroken("เส้นทางเสนอต้องจบที่ผู้ลงนาม", code="route-without-signatory")
    signing = [s for s in decide if s.kind is StepKind.SIGN]
    if len(signing) > 1 and not several_sign:
        raise RuleBroken(f"{form}มีผู้ลงนามได้คนเดียว", code="several-signatories")
    if len(route) > MOST_STEPS:
        raise RuleBroken("เส้นทางเสนอยาวเกิน ๔๐ ลำดับ", code="route-too-long")
    if any(s.stage >= signing[0].stage for s in decide if s.kind is not StepKind.SIGN):
        raise RuleBroken("ผู้เกษียนต้องอยู่ก่อนผู้ลงนามคนแรก ลงนามแล้วแก้หนังสือไม่ได้", code="endorser-after-signatory")
    if len({s.stage for s in signing}) < len(signing):
        raise RuleBroken("ผู้ลงนามลงนามทีละคนตามลำดับ ลงนามพร้อมกันไม่ได้", code="signatories-at-once")


def expect_template(steps: Sequence[TemplateStep]) -> None:
    """Raise BadInput for rows that are no route: what a letter could not take is not kept as a table."""
    order = [s.stage for s in steps]
    signing = [s for s in steps if s.kind is StepKind.SIGN]
    if order != sorted(order) or len(steps) > MOST_STEPS:
        raise BadInput({"steps": "ลำดับของเส้นทางต้องเรียงกันไป และไม่เกิน ๔๐ ลำดับ"})
    if len(signing) != 1:
        raise BadInput({"steps": "เส้นทางต้องมีผู้ลงนามหนึ่งลำดับพอดี ผู้ลงนามร่วมเลือกในร่างแต่ละฉบับ"})
    last = signing[0].stage
    if any(s.kind.decides and s.stage >= last for s in steps if s is not signing[0]):
        raise BadInput({"steps": "ผู้ลงนามอยู่ลำดับสุดท้ายและไม่พร้อมกับผู้อื่น หลังจากนั้นมีได้เฉพาะลำดับเพื่อทราบ"})
    for stage in set(order):
        asked = [s for s in steps if s.stage == stage and s.kind.decides]
        if any(not 0 <= s.need <= max(len(asked), 1) for s in asked):
            raise BadInput({"steps": "จำนวนที่พอต้องไม่เกินจำนวนตำแหน่งของลำดับนั้น"})


def carried(planned: Sequence[RouteStep], before: Sequence[RouteStep], again: Again) -> list[RouteStep]:
    """The route of a letter that is submitted again, with what of its last one is not asked anew by the rule. A stage
    is kept only where it is the same and had passed; nobody's signature ever is. All others remember what they gave."""
    changed = min(
        (s.stage for s in before if s.kind.decides and s.state in (StepState.WAITING, StepState.RETURNED)),
        default=None,
    )
    route, moved = [], False
    for stage in sorted({s.stage for s in planned}):
        steps = [s for s in planned if s.stage == stage]
        old = _same(steps, before)
        keeps = again is not Again.ALL and not moved and changed is not None and old is not None
        if keeps and old and changed is not None and old[0].stage < changed:
            route += [_kept(new, one) for new, one in zip(steps, old, strict=True)]
            continue
        half = keeps and again is Again.AFTER and old is not None and old[0].stage == changed
        moved = True
        for step in steps:
            last = next((s for s in before if (s.kind, s.position_id) == (step.kind, step.position_id)), None)
            if half and last is not None and last.state is StepState.DONE and step.kind.passes:
                route.append(_kept(step, last))
                continue
            if last is not None:
                last = _copy(last)
                last.ask_again()
                step.earlier = last.earlier
            route.append(step)
    return route


def _same(steps: Sequence[RouteStep], before: Sequence[RouteStep]) -> list[RouteStep] | None:
    """The old steps of the stage that asks the same of the same, in the order of these; None when there is none, or one
    who signs is among them."""
    if any(s.kind is StepKind.SIGN for s in steps):
        return None
    for stage in {s.stage for s in before}:
        old = {(s.kind, s.position_id): s for s in before if s.stage == stage}
        if set(old) == {(s.kind, s.position_id) for s in steps} and needed(list(old.values())) == needed(steps):
            return [old[s.kind, s.position_id] for s in steps]
    return None


def _kept(new: RouteStep, old: RouteStep) -> RouteStep:
    new.state, new.person_id, new.person_name, new.at = old.state, old.person_id, old.person_name, old.at
    new.content, new.earlier = old.content, old.earlier
    return new


def _copy(step: RouteStep) -> RouteStep:
    return RouteStep(**vars(step))
