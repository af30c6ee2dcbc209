"""The course of a letter as its pages draw it: the route with who stands where, what officers wrote, and what became
void when it came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from saraban.domain.letter import Letter, LetterState
from saraban.domain.route import StepKind, StepState
from saraban.web.filters import initials

_BACK = ("ส่งคืน", "ดึงกลับ")
VOID = "ฉบับก่อน ยกเลิกแล้ว"


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
    """Who stands at a step; with the position, where it is not known already."""

    name: str
    done: bool
    title: str = ""


@dataclass(frozen=True)
class ShownStep:
    """A step of the route as the drawing takes it."""

    name: str
    status: str
    people: list[RoutePerson]


def last_return(letter: Letter) -> Returned | None:
    """Who sent a letter back that lies with its drafter now, when and with what words; None for any other letter."""
    if letter.state is not LetterState.RETURNED:
        return None
    found = next((one for one in reversed(letter.endorsements) if one.deed in _BACK), None)
    return Returned(found.person_name, found.title, found.at, found.note, found.deed) if found is not None else None


def shown_route(letter: Letter) -> list[ShownStep]:
    """The course of the letter, its drafter first. What was signed of a letter that came back is void."""
    waiting = letter.current_step()
    gone = letter.state in (LetterState.RETURNED, LetterState.WITHDRAWN)
    begun = letter.state not in (LetterState.DRAFT,)
    steps = [ShownStep("ร่าง", "done" if begun else "now", [RoutePerson(letter.drafter_name, begun)])]
    for step in letter.route:
        if gone and step.kind is StepKind.SIGN and step.state is StepState.DONE:
            steps.append(ShownStep(step.kind.thai, "void", [RoutePerson(step.person_name, False, VOID)]))
            continue
        status = {StepState.DONE: "done", StepState.RETURNED: "back"}.get(step.state, "")
        if waiting is not None and step is waiting:
            status = "now"
        who = step.person_name or step.title
        steps.append(ShownStep(step.kind.thai, status, [RoutePerson(who, step.state is StepState.DONE)]))
    return steps


def shown_notes(letter: Letter) -> list[Note]:
    """What officers did and wrote, oldest first. A signature before the letter last came back is void."""
    back = max((at for at, one in enumerate(letter.endorsements) if one.deed in _BACK), default=-1)
    return [
        Note(
            one.person_name,
            one.title,
            one.at,
            f"{one.deed}: {one.note}" if one.note and one.deed in _BACK else one.note or one.deed,
            initials(one.person_name),
            one.deed == "ลงนาม" and at > back,
            one.deed == "ลงนาม" and at < back,
        )
        for at, one in enumerate(letter.endorsements)
    ]
