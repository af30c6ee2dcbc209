"""The route that a letter would take: its template, or what was chosen for it, with those who hold the steps today.
Shared by submitting, by the page that shows the course ahead, and by changing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from saraban.domain.agency import Unit
from saraban.domain.content import Content
from saraban.domain.errors import RuleBroken
from saraban.domain.joining import joined
from saraban.domain.route import CourseStep, Holder, RouteStep, RouteTemplate, StepKind, TemplateStep
from saraban.usecases.books import UnitOfWork
from saraban.usecases.posts import position_post, post_of
from saraban.usecases.roll import Post


@dataclass(frozen=True)
class PlannedStep:
    """A step to come. `post` is None, or without a holder, while nobody can take it; `holder` then says whom it is for.
    `chosen`: somebody put it into this letter's route."""

    kind: StepKind
    post: Post | None
    stage: int
    need: int = 0
    required: bool = False
    edits: bool = False
    holder: Holder | None = None
    chosen: bool = False

    @property
    def vacant(self) -> bool:
        """Does nobody hold the position or act in it?"""
        return self.post is None or not self.post.taken

    @property
    def title(self) -> str:
        """The position, or whom the step is for where there is none."""
        if self.post is not None:
            return self.post.position.title
        return self.holder.thai if self.holder is not None else ""


@dataclass(frozen=True)
class Plan:
    """The route of a letter as it would be taken now. `lacking` are required steps that somebody left out."""

    template: RouteTemplate
    steps: tuple[PlannedStep, ...]
    lacking: tuple[PlannedStep, ...] = ()

    def drawn(self) -> list[RouteStep]:
        """The steps of the route, to be taken. Raises RuleBroken for a step that nobody holds or that is missing."""
        if self.lacking:
            first = self.lacking[0]
            raise RuleBroken(
                joined(first.title, f" ({first.kind.thai}) เป็นลำดับที่ต้องมีของเส้นทางนี้ ใส่กลับในเส้นทางก่อนเสนอ"),
                code="step-required",
            )
        route: list[RouteStep] = []
        for step in self.steps:
            if step.post is None or (step.chosen and step.vacant):
                raise RuleBroken(
                    joined("เส้นทางเสนอขาด", step.title, " ยังไม่มีผู้ดำรงตำแหน่ง ติดต่อผู้ดูแลระบบ"), code="vacant-step"
                )
            route.append(route_step(step, len(route) + 1))
        if not route:
            raise RuleBroken("ยังไม่ได้กำหนดเส้นทางเสนอของหนังสือแบบนี้ ติดต่อผู้ดูแลระบบ", code="no-route")
        return route


def route_step(step: PlannedStep, ordinal: int) -> RouteStep:
    """A step of a route for a post that is there."""
    assert step.post is not None
    post = step.post
    return RouteStep(
        ordinal,
        step.kind,
        post.position.id,
        post.position.title,
        post.unit.name,
        stage=step.stage,
        need=step.need,
        required=step.required,
        edits=step.edits,
    )


def plan(
    uow: UnitOfWork,
    content: Content,
    unit: Unit,
    on: date,
    own: Sequence[CourseStep] | None = None,
    template: RouteTemplate | None = None,
) -> Plan:
    """The steps by the route table, or `own` before those who sign, with those who hold them; the cosigners stand
    before the signatory. Nobody is asked twice: who signs as a cosigner has approved, and so has who was asked before.
    A step that is not required is left out while nobody holds it. `template`: other rows than those that are set."""
    template = template or uow.agencies.route_template(unit.agency_id, content.route_form, unit.id)
    rows = list(_rows(uow, template, content, unit, on))
    lacking: list[PlannedStep] = []
    if own is not None and (signing := next((s.stage for s in rows if s.kind is StepKind.SIGN), None)) is not None:
        theirs = [s for s in rows if s.stage < signing]
        chosen = list(_chosen(uow, unit, own, theirs, on))
        lacking = [s for s in theirs if s.required and not any(_same(s, one) for one in chosen)]
        last = max((s.stage for s in chosen), default=0)
        rows = [*chosen, *(_moved(s, s.stage + last) for s in rows if s.stage >= signing)]
    return Plan(template, tuple(_numbered(rows)), tuple(lacking))


def _rows(uow: UnitOfWork, template: RouteTemplate, content: Content, unit: Unit, on: date) -> Iterator[PlannedStep]:
    asked = set(content.cosigners)
    for row in template.steps:
        stage = row.stage * 10
        if row.kind is StepKind.SIGN:
            for n, one in enumerate(content.cosigners):
                yield PlannedStep(StepKind.SIGN, position_post(uow, unit, one, on), stage - 9 + n, required=True)
        post = post_of(uow, unit, row, on)
        if post is None and not _waits(row, unit):
            continue
        if row.kind.passes and post is not None:
            if post.position.id in asked:
                continue
            asked.add(post.position.id)
        yield PlannedStep(row.kind, post, stage, row.need, row.required, row.edits, row.holder)


def _waits(row: TemplateStep, unit: Unit) -> bool:
    """Does a letter wait for a step that nobody holds?"""
    if row.holder is Holder.PARENT_DIRECTOR and unit.parent_id is None:
        return False
    return row.kind.decides and (row.required or row.kind is StepKind.SIGN)


def _chosen(
    uow: UnitOfWork, unit: Unit, own: Sequence[CourseStep], theirs: Sequence[PlannedStep], on: date
) -> Iterator[PlannedStep]:
    for one in own:
        made = PlannedStep(one.kind, position_post(uow, unit, one.position_id, on), one.stage, one.need, chosen=True)
        row = next((s for s in theirs if _same(s, made)), None)
        yield (
            made
            if row is None
            else PlannedStep(one.kind, row.post, one.stage, one.need, row.required, row.edits, row.holder, chosen=True)
        )


def _same(one: PlannedStep, other: PlannedStep) -> bool:
    if one.post is None or other.post is None:
        return one.kind is other.kind and one.post is other.post
    return one.kind is other.kind and one.post.position.id == other.post.position.id


def _moved(step: PlannedStep, stage: int) -> PlannedStep:
    return PlannedStep(step.kind, step.post, stage, step.need, step.required, step.edits, step.holder, step.chosen)


def _numbered(rows: Sequence[PlannedStep]) -> Iterator[PlannedStep]:
    """The same with stages that follow on from one."""
    stages = sorted({s.stage for s in rows})
    for step in sorted(rows, key=lambda s: s.stage):
        yield _moved(step, stages.index(step.stage) + 1)
