"""The course of a letter as its pages draw it: the route with who stands where, what officers wrote, and what became
void when it came back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from saraban.domain.agency import PositionId
from saraban.domain.letter import Letter, LetterState
from saraban.domain.route import RouteStep, StepKind, StepState
from saraban.web.filters import initials

_BACK = ("ส่งคืน", "ดึงกลับ")
_TELLING = (*_BACK, "ไม่เห็นชอบ", "เปลี่ยนเส้นทาง")
VOID = "ฉบับก่อน ยกเลิกแล้ว"
OLDER = "ให้ไว้กับฉบับก่อน"
VACANT = "ยังไม่มีผู้ดำรงตำแหน่ง"
SKIPPED = "ไม่ต้องรอ ครบจำนวนแล้ว"
_GIVEN = frozenset({kind.deed for kind in StepKind if kind is not StepKind.SIGN} | {"ไม่เห็นชอบ"})


@dataclass(frozen=True)
class Note:
    """An endorsement as the list of notes takes it."""

    name: str
    title: str
    at: datetime
    text: str
    initials: str
    signed: bool
    void: bool = False
    older: bool = False


@dataclass(frozen=True)
class Returned:
    """A letter's way back to its drafter."""

    name: str
    title: str
    at: datetime
    words: str
    deed: str


@dataclass(frozen=True)
class RoutePerson:
    """Who stands at a step: the position where it is not known already, and what became of it in words; `state` is one
    of those of a step, or "now", "void", "note" (to be noted) and "" (still to come)."""

    name: str
    done: bool
    title: str = ""
    state: str = ""
    words: str = ""
    at: datetime | None = None
    older: str = ""


@dataclass(frozen=True)
class ShownStep:
    """A stage of the route as the drawing takes it. `parallel`: several are asked at the same time; `need` of
    the `out_of` who decide are enough, 0 for all."""

    name: str
    status: str
    people: list[RoutePerson]
    parallel: bool = False
    need: int = 0
    out_of: int = 0


def last_return(letter: Letter) -> Returned | None:
    """Who sent a letter back that lies with its drafter now, when and with what words; None for any other letter."""
    if letter.state is not LetterState.RETURNED:
        return None
    found = next((one for one in reversed(letter.endorsements) if one.deed in _BACK), None)
    return Returned(found.person_name, found.title, found.at, found.note, found.deed) if found is not None else None


def shown_route(letter: Letter, vacant: Collection[PositionId] = ()) -> list[ShownStep]:
    """The course of the letter, its drafter first. What was signed of a letter that came back is void. `vacant`: which
    positions nobody fills."""
    begun = letter.state is not LetterState.DRAFT
    back = letter.state is LetterState.RETURNED
    drafter = RoutePerson(letter.drafter_name, begun and not back, state="now" if back else "")
    shown = [ShownStep("ร่าง", "done" if begun and not back else "now", [drafter])]
    for stage in sorted({step.stage for step in letter.route}):
        shown.append(_shown_stage(letter, [step for step in letter.route if step.stage == stage], vacant))
    return shown


def drawn_stage(asked: Sequence[tuple[StepKind, int]], people: list[RoutePerson], status: str = "") -> ShownStep:
    """A stage whose officers are asked these things; with each how many the stage needs."""
    deciding = [need for kind, need in asked if kind.decides]
    need = max(deciding, default=0)
    name = " · ".join(dict.fromkeys(kind.thai for kind, _ in asked))
    return ShownStep(name, status, people, len(people) > 1, need if need < len(deciding) else 0, len(deciding))


def _shown_stage(letter: Letter, steps: list[RouteStep], vacant: Collection[PositionId]) -> ShownStep:
    people = [_shown_person(letter, step, step.position_id in vacant) for step in steps]
    states = {one.state for one in people}
    status = next((known for known in ("now", "void") if known in states), "")
    if not status and StepState.RETURNED in {step.state for step in steps}:
        status = "back"
    elif not status and all(step.state is not StepState.WAITING for step in steps):
        status = "done"
    return drawn_stage([(step.kind, step.need) for step in steps], people, status)


def _shown_person(letter: Letter, step: RouteStep, vacant: bool) -> RoutePerson:
    gone = letter.state in (LetterState.RETURNED, LetterState.WITHDRAWN)
    name = step.person_name or step.title
    title = step.title if step.person_name else ""
    if gone and step.kind is StepKind.SIGN and step.state is StepState.DONE:
        return RoutePerson(step.person_name, False, VOID, "void")
    older = OLDER if letter.given_to_older(step) else ""
    if step.state is not StepState.WAITING:
        words = {StepState.SKIPPED: SKIPPED, StepState.OBJECTED: "ไม่เห็นชอบ", StepState.RETURNED: "ส่งคืน"}.get(
            step.state, ""
        )
        done = step.state is StepState.DONE
        return RoutePerson(name, done, title, step.state.value, words, step.at, older)
    if step.earlier is not None:
        older = f"{step.earlier.person_name} {OLDER} ถามใหม่"
    if step in letter.current_steps():
        return RoutePerson(name, False, title, "now", "ขณะนี้รอ", None, older)
    if not step.kind.decides and step in letter.notes_waiting():
        return RoutePerson(name, False, title, "note", "ยังไม่รับทราบ", None, older)
    return RoutePerson(name, False, title, "", VACANT if vacant else "", None, older)


def shown_notes(letter: Letter) -> list[Note]:
    """What officers did and wrote, oldest first. A signature before the letter last came back is void."""
    now = letter.content_digest()
    back = max((at for at, one in enumerate(letter.endorsements) if one.deed in _BACK), default=-1)
    return [
        Note(
            one.person_name,
            f"{one.title} (แทน {one.for_name})" if one.for_name else one.title,
            one.at,
            f"{one.deed}: {one.note}" if one.note and one.deed in _TELLING else one.note or one.deed,
            initials(one.person_name),
            one.deed == "ลงนาม" and at > back,
            one.deed == "ลงนาม" and at < back,
            one.deed in _GIVEN and one.content != now,
        )
        for at, one in enumerate(letter.endorsements)
    ]
