"""Officers walk a route in any order on a real database: what is kept is what the domain says, the desks show whose
turn it is, and what is refused changes nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypedDict

from sqlalchemy import select

from saraban.domain.actor import Actor
from saraban.domain.classification import Form
from saraban.domain.errors import SarabanError
from saraban.domain.letter import Letter, LetterId, LetterState
from saraban.domain.permissions import may_endorse, may_object, may_return, may_revise, may_sign
from saraban.domain.route import Again, CourseStep, Holder, StepKind, TemplateStep
from saraban.storage.tables.desk import turns
from saraban.usecases import coursing, routing
from tests.web.installation import Installation

OFFICERS = ("reading-director", "reading-records", "reading-admin", "reading-head", "reading-clerk")
K = StepKind


class _Stage(TypedDict):
    actor: Actor
    letter_id: LetterId


def _table(town: Installation, again: Again, need: int) -> None:
    named = {name: town.actor(f"reading-{name}").position_id for name in ("records", "admin")}
    steps = [
        TemplateStep(1, K.OPINION, Holder.UNIT_DIRECTOR, 1, need),
        TemplateStep(2, K.CHECK, Holder.POSITION, 1, need, named["records"]),
        TemplateStep(3, K.APPROVE, Holder.POSITION, 2, 0, named["admin"], required=False),
        TemplateStep(4, K.SIGN, Holder.AGENCY_HEAD, 3),
    ]
    admin = town.actor("reading-admin")
    coursing.set_template(town.services, actor=admin, form=Form.EXTERNAL, steps=steps, again=again)


def _letter(town: Installation, letter_id: LetterId) -> Letter:
    agency_id = town.actor("reading-clerk").agency_id
    with town.services.uow() as uow:
        return uow.letters.get(agency_id, letter_id)


def _deed(town: Installation, dice: random.Random, who: Actor, letter: Letter) -> tuple[bool, Callable[[], object]]:
    """A deed of this officer, and whether it must work."""
    office, stage = town.services, _Stage(actor=who, letter_id=letter.id)
    asked, back = letter.step_of(who), [None, *(s.ordinal for s in letter.earlier_steps(who))]
    to, records = dice.choice(back), town.actor("reading-records").position_id
    assert records is not None
    ways: list[tuple[bool, Callable[[], object]]] = [
        (
            asked is not None and may_endorse(who, letter) is None,
            lambda: routing.endorse_letter(office, **stage),
        ),
        (
            asked is not None and may_object(who, letter) is None,
            lambda: coursing.object_letter(office, reason="ไม่คุ้ม", **stage),
        ),
        (
            asked is not None and may_return(who, letter) is None,
            lambda: routing.return_letter(office, reason="แก้", to=to, **stage),
        ),
        (
            letter.state in (LetterState.SUBMITTED, LetterState.ENDORSED) and may_revise(who, letter) is None,
            lambda: routing.recall_letter(office, reason="แก้", **stage),
        ),
        (
            letter.state is LetterState.RETURNED and may_revise(who, letter) is None,
            lambda: routing.submit_letter(office, **stage),
        ),
    ]
    if letter.rest_is_open() and not any(s.required for s in letter.changeable()) and asked is not None:
        rest = [CourseStep(K.CHECK, records, 1)]
        ways.append((True, lambda: coursing.change_course(office, steps=rest, **stage)))
    return dice.choice(ways)


def test_what_officers_do_in_any_order_is_kept_as_the_domain_says(
    town: Installation, rounds: Callable[[int, int], int]
) -> None:
    for walk in range(rounds(1, 40)):
        dice = random.Random(walk)
        _table(town, dice.choice(list(Again)), dice.choice((0, 1)))
        letter_id = town.submitted()
        for _ in range(rounds(15, 40)):
            letter, who = _letter(town, letter_id), town.actor(dice.choice(OFFICERS))
            works, deed = _deed(town, dice, who, letter)
            try:
                deed()
                assert works, f"{who.title} did what the domain forbids"
            except SarabanError as refused:
                assert not works and refused.thai, f"{who.title}: {refused.thai}"
                assert vars(_letter(town, letter_id)) == vars(letter), "what is refused changes nothing"
            after = _letter(town, letter_id)
            with town.office.reading.connect() as connection:
                rows = connection.execute(select(turns).where(turns.c.letter_id == letter_id)).all()
            assert {row.position_id for row in rows} == {step.position_id for step in after.current_steps()}
            assert rows or after.state is LetterState.RETURNED
            head = after.step_of(town.actor("reading-head"))
            assert head is None or may_sign(town.actor("reading-head"), after) is None
