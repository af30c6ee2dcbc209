"""Other steps for one letter, tables of routes, being against and noting: what is kept, and who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionId
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, ConcurrentEdit, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.letter import LetterId, LetterState
from saraban.domain.route import Again, CourseStep, Holder, StepKind, StepState, TemplateStep
from saraban.storage.tables.people import holdings
from saraban.usecases import coursing
from saraban.usecases.routing import endorse_letter, return_letter, route_ahead, submit_letter
from tests.builders import CONTENT, TODAY
from tests.usecases.house import House

K = StepKind


def _position(house: House, name: str) -> PositionId:
    position = house.ours[name].position_id
    assert position is not None
    return position


def _table(house: House, *, again: Again = Again.ALL, unit: str = "", need: int = 1) -> None:
    """Two opinions at once, of which one is enough; the admin is told; the head signs."""
    steps = [
        TemplateStep(1, K.OPINION, Holder.UNIT_DIRECTOR, 1, need, edits=True),
        TemplateStep(2, K.OPINION, Holder.POSITION, 1, need, _position(house, "records"), required=False),
        TemplateStep(3, K.INFORM, Holder.POSITION, 1, 0, _position(house, "admin")),
        TemplateStep(4, K.SIGN, Holder.AGENCY_HEAD, 2),
    ]
    coursing.set_template(
        house.office, actor=house.ours["admin"], form=Form.EXTERNAL, steps=steps, again=again, unit_code=unit
    )


def _submitted(house: House) -> LetterId:
    letter_id = house.draft()
    submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    return letter_id


def _titles(house: House, letter_id: LetterId) -> list[str]:
    return [step.title for step in house.letter(letter_id).route]


def test_a_units_own_route_wins_until_it_is_taken_away(house: House) -> None:
    _table(house, unit="legal")
    own = coursing.open_template(house.office, actor=house.ours["admin"], form=Form.EXTERNAL, unit_code="legal")
    agency = coursing.open_template(house.office, actor=house.ours["admin"], form=Form.EXTERNAL)
    assert (own.of_unit, len(own.steps), agency.of_unit, len(agency.steps)) == (True, 4, False, 2)
    assert [s.kind for s in house.letter(_submitted(house)).route] == [K.OPINION, K.OPINION, K.INFORM, K.SIGN]

    coursing.set_template(house.office, actor=house.ours["admin"], form=Form.EXTERNAL, steps=[], unit_code="legal")
    assert [s.kind for s in house.letter(_submitted(house)).route] == [K.ENDORSE, K.SIGN]
    assert [one["values"]["unit"] for one in house.told("route-template.set")] == ["กองกฎหมาย"] * 2


def test_a_table_that_no_letter_could_take_is_refused_and_only_the_administrator_sets_one(house: House) -> None:
    endless = [TemplateStep(1, K.ENDORSE, Holder.UNIT_DIRECTOR)]
    unnamed = [TemplateStep(1, K.CHECK, Holder.POSITION), TemplateStep(2, K.SIGN, Holder.AGENCY_HEAD)]
    beside = [TemplateStep(1, K.CHECK, Holder.UNIT_DIRECTOR, 1), TemplateStep(2, K.SIGN, Holder.AGENCY_HEAD, 1)]
    for steps in (endless, unnamed, beside, []):
        with pytest.raises(BadInput):
            coursing.set_template(house.office, actor=house.ours["admin"], form=Form.EXTERNAL, steps=steps)
    with pytest.raises(NotPermitted):
        coursing.set_template(house.office, actor=house.ours["head"], form=Form.EXTERNAL, steps=endless)


def test_one_opinion_of_two_is_enough_and_what_became_of_all_is_kept(house: House) -> None:
    _table(house)
    letter_id = _submitted(house)
    coursing.acknowledge_letter(house.office, actor=house.ours["admin"], letter_id=letter_id)
    coursing.object_letter(house.office, actor=house.ours["records"], letter_id=letter_id, reason="เก็บไม่ได้")
    with pytest.raises(NotPermitted, match="ส่งคืน"):
        coursing.object_letter(house.office, actor=house.ours["director"], letter_id=letter_id, reason="x")
    endorse_letter(house.office, actor=house.ours["director"], letter_id=letter_id)

    letter = house.letter(letter_id)
    assert [s.state for s in letter.route] == [S.DONE, S.OBJECTED, S.DONE, S.WAITING]
    assert {s.content for s in letter.route[:3]} == {letter.content_digest()}
    assert letter.step_of(house.ours["head"]) is not None


S = StepState


def test_the_steps_of_a_draft_are_chosen_and_kept_when_it_comes_back(house: House) -> None:
    letter_id = house.draft()
    chosen = [
        CourseStep(K.CHECK, _position(house, "records"), 1),
        CourseStep(K.ENDORSE, _position(house, "director"), 2),
    ]
    with pytest.raises(RuleBroken, match="ต้องมี"):
        coursing.change_course(house.office, actor=house.ours["clerk"], letter_id=letter_id, steps=chosen[:1])
    coursing.change_course(house.office, actor=house.ours["clerk"], letter_id=letter_id, steps=chosen)
    ahead = route_ahead(house.office, actor=house.ours["clerk"], content=CONTENT, letter_id=letter_id)
    assert [one.kind for one in ahead] == [K.CHECK, K.ENDORSE, K.SIGN]
    submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    endorse_letter(house.office, actor=house.ours["records"], letter_id=letter_id)
    return_letter(house.office, actor=house.ours["director"], letter_id=letter_id, reason="แก้")
    submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    route = house.letter(letter_id).route
    assert [s.kind for s in route] == [K.CHECK, K.ENDORSE, K.SIGN]
    assert route[0].earlier is not None and route[0].state is S.WAITING
    coursing_back = [e.deed for e in house.letter(letter_id).endorsements]
    assert coursing_back == ["เสนอ", "ตรวจ", "ส่งคืน", "เสนอ"]


def test_the_officer_whose_turn_it_is_puts_others_before_the_signatory_and_may_send_back_to_them(house: House) -> None:
    letter_id = _submitted(house)
    before = house.letter(letter_id).version
    more = [CourseStep(K.CHECK, _position(house, "records"), 1)]
    with pytest.raises(NotPermitted):
        coursing.change_course(house.office, actor=house.ours["head"], letter_id=letter_id, steps=more)
    coursing.change_course(house.office, actor=house.ours["director"], letter_id=letter_id, steps=more, version=before)
    with pytest.raises(ConcurrentEdit):
        coursing.change_course(house.office, actor=house.ours["clerk"], letter_id=letter_id, steps=[], version=before)
    endorse_letter(house.office, actor=house.ours["director"], letter_id=letter_id)
    endorse_letter(house.office, actor=house.ours["records"], letter_id=letter_id)
    return_letter(house.office, actor=house.ours["head"], letter_id=letter_id, reason="ตรวจอีกครั้ง", to=2)

    letter = house.letter(letter_id)
    assert letter.state is LetterState.ENDORSED and letter.waits_for() == house.ours["records"].title
    assert _titles(house, letter_id) == [house.ours[n].title for n in ("director", "records", "head")]


def test_a_position_that_nobody_holds_is_not_chosen(house: House) -> None:
    letter_id = house.draft()
    nobody = [CourseStep(K.CHECK, _position(house, "clerk"), 1), CourseStep(K.SIGN, _position(house, "head"), 2)]
    with pytest.raises(RuleBroken, match="ผู้ลงนาม"):
        coursing.change_course(house.office, actor=house.ours["clerk"], letter_id=letter_id, steps=nobody)
    theirs = house.theirs["records"].position_id
    assert theirs is not None
    with pytest.raises(BadInput):
        coursing.change_course(
            house.office, actor=house.ours["clerk"], letter_id=letter_id, steps=[CourseStep(K.CHECK, theirs, 1)]
        )


def test_who_may_changes_the_letter_at_his_step_and_the_others_are_asked_again(house: House) -> None:
    _table(house, again=Again.FROM, need=0)
    letter_id = _submitted(house)
    endorse_letter(house.office, actor=house.ours["records"], letter_id=letter_id)
    changed = replace(house.letter(letter_id).content, subject="เรื่องที่แก้แล้ว")
    with pytest.raises(NotPermitted):
        coursing.revise_on_route(house.office, actor=house.ours["head"], letter_id=letter_id, content=changed)
    coursing.revise_on_route(house.office, actor=house.ours["director"], letter_id=letter_id, content=changed)

    letter = house.letter(letter_id)
    assert letter.route[1].earlier is not None and letter.route[1].state is S.WAITING
    [told] = house.told("letter.revised-on-route")
    assert told["values"]["again"] == [house.ours["records"].title]
    assert house.office.blobs.open(letter.content_digest()) == letter.content_bytes()


def test_a_step_before_a_vacant_post_is_given_to_another_position_and_the_letter_goes_on(house: House) -> None:
    letter_id = _submitted(house)
    clerk, records = house.ours["clerk"], house.ours["records"]

    def hand(actor: Actor = clerk, ordinal: int = 1, reason: str = "ผู้อำนวยการเกษียณ", to: str = "records") -> int:
        return coursing.hand_step(
            house.office,
            actor=actor,
            letter_id=letter_id,
            ordinal=ordinal,
            position_id=_position(house, to),
            reason=reason,
        )

    with pytest.raises(RuleBroken) as there:
        hand()
    assert there.value.code == "post-not-vacant"
    leave(house, "director")
    with pytest.raises(NotPermitted):
        hand(house.ours["head"])
    for wrong, field in (({"reason": " "}, "reason"), ({"to": "director"}, "position")):
        with pytest.raises(BadInput) as told:
            hand(**wrong)
        assert set(told.value.fields) == {field}
    hand()
    endorse_letter(house.office, actor=records, letter_id=letter_id)

    letter = house.letter(letter_id)
    assert [s.title for s in letter.route] == [records.title, house.ours["head"].title]
    assert letter.step_of(house.ours["head"]) is not None
    (event,) = house.told("letter.step-handed")
    assert (event["values"]["to"], event["values"]["reason"]) == (records.title, "ผู้อำนวยการเกษียณ")
    assert "ว่าง ให้" in letter.endorsements[1].note


def test_whoever_signs_is_not_changed_on_the_way_though_the_post_is_vacant(house: House) -> None:
    letter_id = _submitted(house)
    leave(house, "head")
    with pytest.raises(StageNotAllowed):
        coursing.hand_step(
            house.office,
            actor=house.ours["clerk"],
            letter_id=letter_id,
            ordinal=2,
            position_id=_position(house, "records"),
            reason="ว่าง",
        )


def leave(house: House, name: str) -> None:
    """Nobody holds the post of this officer from today on."""
    with house.real.writing.begin() as connection:
        held = holdings.c.person_id == house.ours[name].person_id
        connection.execute(update(holdings).where(held).values(until=TODAY - timedelta(days=1)))
