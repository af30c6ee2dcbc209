"""The course of a letter: the officers of the route in their order, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, update

from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.letter import Content, LetterId, LetterState
from saraban.storage.tables.people import holdings
from saraban.storage.tables.routes import route_templates
from saraban.usecases.routing import endorse_letter, return_letter, route_ahead, submit_letter
from tests.usecases.house import House


def _submit(house: House, letter_id: LetterId, **more: int) -> int:
    return submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id, **more)


def test_the_route_leads_over_the_units_director_to_the_head(house: House) -> None:
    letter_id = house.draft()
    _submit(house, letter_id)

    letter = house.letter(letter_id)
    assert letter.state is LetterState.SUBMITTED
    assert [s.position_id for s in letter.route] == [house.ours[n].position_id for n in ("director", "head")]


def test_a_unit_without_a_director_goes_to_the_one_above(house: House) -> None:
    director = house.ours["director"]
    with house.real.writing.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE position_periods SET unit_id = ? WHERE position_id = ?",
            (house.ours.central.id.hex, director.position_id.hex),
        )
    letter_id = house.draft()
    _submit(house, letter_id)

    assert house.letter(letter_id).route[0].position_id == director.position_id


@pytest.mark.parametrize("vacant", ["director", "head"])
def test_a_vacant_step_stops_the_letter_before_it_leaves_the_clerk(house: House, vacant: str) -> None:
    letter_id = house.draft()
    with house.real.writing.begin() as connection:
        connection.execute(
            update(holdings)
            .where(holdings.c.person_id == house.ours[vacant].person_id)
            .values(until=date(2026, 11, 22))
        )

    with pytest.raises(RuleBroken) as refused:
        _submit(house, letter_id)

    assert refused.value.code == "vacant-step"
    assert house.letter(letter_id).state is LetterState.DRAFT


@pytest.mark.parametrize(
    ("field", "text"), [("body", "เรียนมาเพื่อทราบ 😀"), ("subject", "ขอเชิญประชุม 会"), ("addressed_to", "เรียน 😀")]
)
def test_what_cannot_be_printed_stops_the_letter_before_it_leaves_the_clerk(
    house: House, field: str, text: str
) -> None:
    letter_id = house.draft(**{field: text})

    with pytest.raises(BadInput) as refused:
        _submit(house, letter_id)

    assert list(refused.value.fields) == [field]
    assert house.letter(letter_id).state is LetterState.DRAFT


def test_a_form_without_a_route_is_told(house: House) -> None:
    letter_id = house.draft()
    with house.real.writing.begin() as connection:
        connection.execute(delete(route_templates).where(route_templates.c.form == Form.EXTERNAL))

    with pytest.raises(RuleBroken) as refused:
        _submit(house, letter_id)

    assert refused.value.code == "no-route"


@pytest.mark.parametrize("field", ["subject", "addressed_to", "body"])
def test_what_is_missing_on_the_page_is_told_at_its_field(house: House, field: str) -> None:
    letter_id = house.draft(**{field: "  "})

    with pytest.raises(BadInput) as refused:
        _submit(house, letter_id)

    assert list(refused.value.fields) == [field]


def test_an_addressee_without_a_salutation_stays_with_the_clerk(house: House) -> None:
    letter_id = house.draft(addressed_to="เลขาธิการสำนักงาน")

    with pytest.raises(BadInput) as refused:
        _submit(house, letter_id)

    assert refused.value.fields == {"addressed_to": "ใส่คำขึ้นต้น เช่น เรียน เลขาธิการสำนักงาน"}
    assert house.letter(letter_id).state is LetterState.DRAFT


@pytest.mark.parametrize("wrong", ["clerk", "head", "central_clerk"])
def test_only_the_officer_whose_turn_it_is_endorses(house: House, wrong: str) -> None:
    letter_id = house.draft()
    _submit(house, letter_id)

    with pytest.raises(NotPermitted, match="รอ"):
        endorse_letter(house.office, actor=house.ours[wrong], letter_id=letter_id)


def test_another_agencys_director_does_not_find_the_letter(house: House) -> None:
    letter_id = house.draft()
    _submit(house, letter_id)

    with pytest.raises(NotFound):
        endorse_letter(house.office, actor=house.theirs["director"], letter_id=letter_id)


def test_the_signatory_does_not_endorse(house: House) -> None:
    with pytest.raises(NotPermitted, match="ลงนาม"):
        endorse_letter(house.office, actor=house.ours["head"], letter_id=house.before_the_head())


def test_an_officer_who_saw_an_older_version_is_told(house: House) -> None:
    letter_id = house.draft()
    seen = _submit(house, letter_id)

    with pytest.raises(ConcurrentEdit):
        endorse_letter(house.office, actor=house.ours["director"], letter_id=letter_id, version=seen - 1)
    endorse_letter(house.office, actor=house.ours["director"], letter_id=letter_id, version=seen, note=" เห็นชอบ ")

    assert house.letter(letter_id).endorsements[-1].note == "เห็นชอบ"


def test_a_returned_letter_can_be_revised_and_submitted_again_with_a_fresh_route(house: House) -> None:
    letter_id = house.before_the_head()
    with pytest.raises(BadInput):
        return_letter(house.office, actor=house.ours["head"], letter_id=letter_id, reason="  ")
    return_letter(house.office, actor=house.ours["head"], letter_id=letter_id, reason="แก้วันที่")
    assert house.letter(letter_id).state is LetterState.RETURNED

    _submit(house, letter_id)

    letter = house.letter(letter_id)
    assert [s.state.value for s in letter.route] == ["waiting", "waiting"]
    assert [e.deed for e in letter.endorsements] == ["เสนอ", "เกษียน", "ส่งคืน", "เสนอ"]


def test_a_letter_is_not_submitted_twice(house: House) -> None:
    letter_id = house.draft()
    _submit(house, letter_id)

    with pytest.raises(StageNotAllowed):
        _submit(house, letter_id)


def test_the_holder_of_another_unit_does_not_stand_in(house: House) -> None:
    stranger = replace(house.ours["director"], position_id=house.ours["records"].position_id)
    letter_id = house.draft()
    _submit(house, letter_id)

    with pytest.raises(NotPermitted):
        return_letter(house.office, actor=stranger, letter_id=letter_id, reason="x")


# --- the route before it is taken -----------------------------------------------------------------------------------


def test_the_route_ahead_is_the_one_that_submitting_takes(house: House) -> None:
    letter_id = house.draft()
    content = house.letter(letter_id).content

    ahead = route_ahead(house.office, actor=house.ours["clerk"], content=content, letter_id=letter_id)
    _submit(house, letter_id)

    taken = house.letter(letter_id).route
    assert [(one.kind, one.title, one.unit_name) for one in ahead] == [(s.kind, s.title, s.unit_name) for s in taken]
    assert [one.person for one in ahead] == [house.ours[name].name for name in ("director", "head")]


def test_a_memorandum_to_nobody_outside_ends_at_the_director(house: House) -> None:
    inside = route_ahead(house.office, actor=house.ours["clerk"], content=Content(form=Form.MEMORANDUM))
    content = Content(form=Form.MEMORANDUM, recipients=("05101",))
    outside = route_ahead(house.office, actor=house.ours["clerk"], content=content)

    assert [one.person for one in inside] == [house.ours["director"].name]
    assert [one.person for one in outside] == [house.ours[name].name for name in ("director", "head")]


def test_a_vacant_step_stands_in_the_route_ahead_without_a_person(house: House) -> None:
    with house.real.writing.begin() as connection:
        connection.execute(
            update(holdings)
            .where(holdings.c.person_id == house.ours["head"].person_id)
            .values(until=date(2026, 11, 22))
        )

    ahead = route_ahead(house.office, actor=house.ours["clerk"], content=Content())

    assert [bool(one.person) for one in ahead] == [True, False] and ahead[-1].title


def test_the_route_ahead_of_a_unit_that_the_agency_does_not_have_is_refused(house: House) -> None:
    with pytest.raises(BadInput) as refused:
        route_ahead(house.office, actor=house.ours["clerk"], content=Content(), unit_code="nowhere")

    assert set(refused.value.fields) == {"unit"}
