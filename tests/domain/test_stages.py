"""Stages of a route: who is asked at the same time, how many are enough, and what is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from saraban.domain import permissions as p
from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.letter import Letter, LetterState
from saraban.domain.route import Again, RouteStep, StepKind, StepState
from tests.builders import CONTENT, NOW, a_letter, an_actor

AGENCY = an_actor()
CLERK = AGENCY


def _officer(name: str, role: PositionRole = PositionRole.DIRECTOR) -> Actor:
    return replace(an_actor(role, name=name, title=name), agency_id=AGENCY.agency_id)


ONE, TWO, THREE, CHIEF, READER = (_officer(name) for name in ("หนึ่ง", "สอง", "สาม", "เลขา", "ผู้อ่าน"))
HEAD = _officer("อธิบดี", PositionRole.HEAD)
K, S = StepKind, StepState


def _step(who: Actor, kind: StepKind, stage: int, **more: Any) -> RouteStep:
    assert who.position_id is not None
    return RouteStep(0, kind, who.position_id, who.title, "กอง", stage=stage, **more)


def _route(*, need: int = 0) -> list[RouteStep]:
    """Three give their opinion at the same time, one reads, one endorses and may edit, the head signs."""
    steps = [_step(who, K.OPINION, 1, need=need) for who in (ONE, TWO, THREE)]
    steps += [_step(READER, K.INFORM, 1), _step(CHIEF, K.ENDORSE, 2, edits=True), _step(HEAD, K.SIGN, 3)]
    return [replace(step, ordinal=n) for n, step in enumerate(steps, 1)]


def _letter(*, need: int = 0) -> Letter:
    letter = a_letter(CLERK)
    letter.submit(_route(need=need), by=CLERK, at=NOW)
    return letter


def _pass(letter: Letter, *officers: Actor) -> None:
    for who in officers:
        letter.endorse(by=who, note="", at=NOW)


def _states(letter: Letter) -> list[str]:
    return [step.state.value for step in letter.route if step.kind.decides]


def test_all_of_a_stage_are_asked_at_the_same_time_and_in_any_order() -> None:
    letter = _letter()
    assert [s.title for s in letter.current_steps()] == ["หนึ่ง", "สอง", "สาม"]
    assert letter.waits_for() == "หนึ่ง, สอง และ สาม"
    assert p.may_endorse(TWO, letter) is None and p.may_endorse(CHIEF, letter) is not None
    _pass(letter, TWO, THREE)
    refusal = p.may_endorse(TWO, letter)
    assert refusal is not None and refusal.thai == "ขณะนี้หนังสือรอหนึ่ง"
    _pass(letter, ONE)

    assert [s.title for s in letter.current_steps()] == ["เลขา"]


def test_as_many_as_are_needed_are_enough_and_the_others_are_told() -> None:
    letter = _letter(need=2)
    _pass(letter, ONE)
    event = letter.endorse(by=THREE, note="เห็นด้วย", at=NOW)

    assert event.skipped == ("สอง",) and event.name == "letter.step-passed"
    assert _states(letter) == ["done", "skipped", "done", "waiting", "waiting"]
    with pytest.raises(StageNotAllowed, match="เลขา"):
        letter.endorse(by=TWO, note="", at=NOW)


def test_one_may_be_against_as_long_as_the_others_can_be_enough() -> None:
    letter = _letter(need=2)
    letter.object(by=ONE, reason="ไม่คุ้ม", at=NOW)
    with pytest.raises(StageNotAllowed, match="ส่งคืน"):
        letter.object(by=TWO, reason="ไม่คุ้ม", at=NOW)
    refusal = p.may_object(TWO, letter)
    assert refusal is not None and "ส่งคืน" in refusal.thai
    _pass(letter, TWO, THREE)

    assert _states(letter) == ["objected", "done", "done", "waiting", "waiting"]
    assert letter.endorsements[1].deed == "ไม่เห็นชอบ"
    with pytest.raises(StageNotAllowed):
        letter.object(by=CHIEF, reason="คนเดียวค้านไม่ได้", at=NOW)


def test_what_is_for_information_is_noted_at_any_time_and_holds_nothing_up() -> None:
    letter = _letter()
    assert letter.step_of(READER) is None and letter.note_of(READER) is not None
    _pass(letter, ONE, TWO, THREE)
    letter.acknowledge(by=READER, note="", at=NOW)

    assert letter.state is LetterState.ENDORSED and letter.endorsements[-1].deed == "ทราบ"
    refusal = p.may_acknowledge(READER, letter)
    assert refusal is not None and "แล้ว" in refusal.thai
    with pytest.raises(StageNotAllowed):
        letter.acknowledge(by=READER, note="", at=NOW)


def test_a_letter_goes_back_to_an_earlier_step_and_all_after_it_are_asked_again() -> None:
    letter = _letter()
    _pass(letter, ONE, TWO, THREE, CHIEF)
    with pytest.raises(BadInput):
        letter.send_back(by=HEAD, reason="ตัวเลขข้อ ๓", to=6, at=NOW)
    letter.send_back(by=HEAD, reason="ตัวเลขข้อ ๓", to=2, at=NOW)

    assert _states(letter) == ["done", "waiting", "done", "waiting", "waiting"]
    assert [s.title for s in letter.current_steps()] == ["สอง"]
    again = letter.route[1].earlier
    assert again is not None and again.person_name == "สอง" and again.content == letter.content_digest()
    assert letter.endorsements[-1].note == "ถึงสอง: ตัวเลขข้อ ๓"


@pytest.mark.parametrize(
    ("again", "states"),
    [
        (Again.ALL, ["waiting"] * 5),
        (Again.FROM, ["done", "skipped", "done", "waiting", "waiting"]),
        (Again.AFTER, ["done", "skipped", "done", "waiting", "waiting"]),
    ],
)
def test_what_is_asked_again_of_a_letter_that_was_changed_follows_the_route(again: Again, states: list[str]) -> None:
    letter = _letter(need=2)
    _pass(letter, ONE, THREE)
    letter.send_back(by=CHIEF, reason="แก้เรื่อง", at=NOW)
    letter.revise(replace(CONTENT, subject="แก้แล้ว"), by=CLERK, at=NOW)
    letter.submit(_route(need=2), by=CLERK, at=NOW + timedelta(hours=1), again=again)

    assert _states(letter) == states
    kept = [letter.given_to_older(step) for step in letter.route if step.state is S.DONE]
    asked = [step.earlier is not None for step in letter.route if step.title == "หนึ่ง"]
    assert all(kept) and (asked == [True] or again is not Again.ALL)


@pytest.mark.parametrize(("again", "stage"), [(Again.ALL, 1), (Again.FROM, 2), (Again.AFTER, 2)])
def test_an_officer_who_may_changes_the_letter_and_nothing_earlier_stays_silently(again: Again, stage: int) -> None:
    letter = _letter()
    _pass(letter, ONE, TWO, THREE)
    with pytest.raises(BadInput):
        letter.revise_on_route(replace(CONTENT, subject=""), by=CHIEF, at=NOW, again=again)
    event = letter.revise_on_route(replace(CONTENT, subject="ใหม่"), by=CHIEF, at=NOW, again=again)

    assert letter.current_steps()[0].stage == stage
    assert len(event.again) == (3 if again is Again.ALL else 0)
    for step in letter.route[:3]:
        assert letter.given_to_older(step) or (step.earlier is not None and step.state is S.WAITING)
    with pytest.raises(StageNotAllowed):
        letter.revise_on_route(CONTENT, by=HEAD, at=NOW, again=again)


def test_the_rest_of_the_route_is_changed_but_not_what_has_begun_is_required_or_signs() -> None:
    letter = _letter()
    mine, sign = letter.route[4], letter.route[5]
    extra = _step(READER, K.CHECK, 1)
    with pytest.raises(RuleBroken, match="ต้องมี"):
        letter.change_rest([extra], by=ONE, at=NOW)
    with pytest.raises(RuleBroken, match="ผู้ลงนาม"):
        letter.change_rest([mine, sign], by=ONE, at=NOW)
    with pytest.raises(BadInput):
        letter.change_rest([mine, extra, extra], by=ONE, at=NOW)
    event = letter.change_rest([extra, replace(mine, stage=2)], by=ONE, at=NOW)

    assert event.after == ("หนึ่ง", "สอง", "สาม", "ผู้อ่าน", "ผู้อ่าน", "เลขา", "อธิบดี")
    assert [s.ordinal for s in letter.route] == [1, 2, 3, 4, 5, 6, 7]
    assert [s.stage for s in letter.route] == [1, 1, 1, 1, 2, 3, 4]
    assert letter.route[5].edits and letter.own_course is not None and len(letter.own_course) == 6
    _pass(letter, ONE, TWO, THREE, READER, CHIEF)
    with pytest.raises(StageNotAllowed, match="ก่อนถึงลำดับลงนาม"):
        letter.change_rest([], by=HEAD, at=NOW)


def test_who_may_change_the_rest_of_the_route() -> None:
    letter = _letter()
    assert p.may_change_course(CLERK, letter) is None and p.may_change_course(TWO, letter) is None
    refusal = p.may_change_course(CHIEF, letter)
    assert refusal is not None and refusal.thai.endswith("คือหนึ่ง, สอง และ สาม")


def test_signatories_sign_one_after_the_other_and_nobody_decides_beside_them() -> None:
    letter = a_letter(CLERK)
    beside = [_step(ONE, K.APPROVE, 1), _step(HEAD, K.SIGN, 1)]
    at_once = [_step(ONE, K.SIGN, 1), _step(HEAD, K.SIGN, 1)]
    for steps, code in ((beside, "endorser-after-signatory"), (at_once, "signatories-at-once")):
        with pytest.raises(RuleBroken) as refused:
            letter.submit([replace(s, ordinal=n) for n, s in enumerate(steps, 1)], by=CLERK, at=NOW)
        assert refused.value.code == code
    letter.submit([_step(HEAD, K.SIGN, 1), _step(READER, K.INFORM, 2)], by=CLERK, at=NOW)
    assert letter.note_of(READER) is None, "the letter has not come so far"
