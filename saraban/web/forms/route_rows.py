"""The rows by which a route is written on a page: what is asked, of whom, beside whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import MultiDict

from saraban.domain.agency import PositionId
from saraban.domain.errors import BadInput
from saraban.domain.route import CourseStep, Holder, StepKind, TemplateStep

BLANK_ROWS = 2
BESIDE = {
    "": "ถามทีละลำดับ",
    "all": "พร้อมกับลำดับก่อนหน้า รอทุกคน",
    **{str(n): f"พร้อมกับลำดับก่อนหน้า {'๐๑๒๓๔๕'[n]} คนพอ" for n in range(1, 6)},
}
RULES = {"r": "ต้องมี", "": "เอาออกได้", "re": "ต้องมี และแก้ร่างได้", "e": "เอาออกได้ และแก้ร่างได้"}


@dataclass(frozen=True)
class RouteRow:
    """A row as it stands in the fields. `who` is a holder of a template or the id of a position; `fixed`: it may be
    moved but not taken away."""

    kind: str = ""
    who: str = ""
    beside: str = ""
    rule: str = "r"
    fixed: bool = False

    @property
    def filled(self) -> bool:
        """Does the row say anything?"""
        return bool(self.kind and self.who)


def typed_rows(form: MultiDict[str, str]) -> list[RouteRow]:
    """The rows of the request, without the blank ones; one of them moved up where that was asked."""
    kinds, whom = form.getlist("kind"), form.getlist("who")
    beside, rules = form.getlist("beside"), form.getlist("rule")
    rows = [
        RouteRow(kind, who, beside[n] if n < len(beside) else "", rules[n] if n < len(rules) else "")
        for n, (kind, who) in enumerate(zip(kinds, whom, strict=False))
    ]
    up = form.get("up", "")
    if up.isascii() and up.isdigit() and 0 < int(up) < len(rows):
        at = int(up)
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    return [row for row in rows if row.kind or row.who]


def stages_of(rows: Sequence[RouteRow]) -> list[tuple[int, int]]:
    """The stage of each row, and how many of the stage are enough."""
    stages: list[int] = []
    for row in rows:
        stages.append(stages[-1] if stages and row.beside else (stages[-1] + 1 if stages else 1))
    needs = {
        stage: max((_need(row.beside) for row, at in zip(rows, stages, strict=True) if at == stage), default=0)
        for stage in stages
    }
    return [(stage, needs[stage]) for stage in stages]


def template_steps(rows: Sequence[RouteRow]) -> list[TemplateStep]:
    """The rows as those of a route table. Raises BadInput for one that is not filled in."""
    steps = []
    for n, (row, (stage, need)) in enumerate(zip(rows, stages_of(rows), strict=True), 1):
        kind = _kind(row)
        holder = next((one for one in Holder if one.value == row.who and one is not Holder.POSITION), None)
        position = _position(row.who) if holder is None else None
        steps.append(
            TemplateStep(n, kind, holder or Holder.POSITION, stage, need, position, "r" in row.rule, "e" in row.rule)
        )
    return steps


def course_steps(rows: Sequence[RouteRow]) -> list[CourseStep]:
    """The rows as the steps of one letter. Raises BadInput for one that is not filled in."""
    return [
        CourseStep(_kind(row), _position(row.who), stage, need)
        for row, (stage, need) in zip(rows, stages_of(rows), strict=True)
    ]


def beside_of(steps: Sequence[tuple[int, int]]) -> list[str]:
    """The choice of each row by its stage and need, in their order."""
    told, before = [], 0
    for stage, need in steps:
        told.append("" if stage != before else (str(need) if str(need) in BESIDE else "all"))
        before = stage
    return told


def _need(beside: str) -> int:
    return int(beside) if beside.isascii() and beside.isdigit() else 0


def _kind(row: RouteRow) -> StepKind:
    kind = next((one for one in StepKind if one.value == row.kind), None)
    if kind is None or not row.filled:
        raise BadInput({"steps": "เลือกสิ่งที่ให้ทำและผู้ทำให้ครบทุกลำดับ ลำดับที่ไม่ใช้ให้เลือก “ไม่ใช้”"})
    return kind


def _position(who: str) -> PositionId:
    try:
        return PositionId(UUID(who))
    except ValueError:
        raise BadInput({"steps": "เลือกสิ่งที่ให้ทำและผู้ทำให้ครบทุกลำดับ ลำดับที่ไม่ใช้ให้เลือก “ไม่ใช้”"}) from None
