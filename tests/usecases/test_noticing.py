"""Notices: who is told what when a letter goes its way, once each, and read marks."""

from __future__ import annotations

from typing import Any

from saraban.domain.classification import Secrecy, Urgency
from saraban.reading import notices as rows
from saraban.reading.scope import MASKED_SUBJECT
from saraban.usecases.noticing import mark_read
from saraban.usecases.routing import endorse_letter, return_letter, submit_letter
from tests.usecases.house import House


def told(house: House, who: str) -> list[tuple[str, str]]:
    """What a person of ours is told, the oldest first."""
    with house.real.reading.connect() as reader:
        page = rows.listed(reader, house.ours[who])
    return [(row.kind.value, str(row.told.get("deed") or row.told.get("reason"))) for row in reversed(page.items)]


def submitted(house: House, **changes: Any) -> Any:
    """A letter before its first officer."""
    letter_id = house.draft(**changes)
    submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    return letter_id


def test_each_officer_is_told_when_his_turn_comes(either_house: House) -> None:
    letter_id = submitted(either_house)
    before = told(either_house, "head")
    endorse_letter(either_house.office, actor=either_house.ours["director"], letter_id=letter_id)

    assert told(either_house, "director") == [("step", "เกษียนเสนอ")]
    assert before == [] and told(either_house, "head") == [("step", "ลงนาม")]


def test_a_drafter_hears_why_a_letter_came_back_and_the_officer_of_its_second_coming(house: House) -> None:
    letter_id = submitted(house)
    director = house.ours["director"]
    return_letter(house.office, actor=director, letter_id=letter_id, reason="แก้วันที่ประชุม")
    submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert told(house, "clerk") == [("returned", "แก้วันที่ประชุม")]
    assert told(house, "director") == [("step", "เกษียนเสนอ")] * 2


def test_the_words_of_a_classified_letter_do_not_stand_in_the_list(house: House) -> None:
    submitted(house, secrecy=Secrecy.CONFIDENTIAL, urgency=Urgency.MOST_URGENT)
    with house.real.reading.connect() as reader:
        row = rows.listed(reader, house.ours["director"]).items[0]

    assert row.subject == MASKED_SUBJECT
    assert row.told == {} and row.urgency is Urgency.MOST_URGENT


def test_read_marks_are_ones_own(either_house: House) -> None:
    submitted(either_house)
    submitted(either_house)
    director, other = either_house.ours["director"], either_house.ours["head"]
    assert director.person_id is not None
    with either_house.real.reading.connect() as reader:
        first = rows.listed(reader, director).items[0].id

    assert mark_read(either_house.office, actor=other, notice_id=first) == 0
    assert mark_read(either_house.office, actor=director, notice_id=first) == 1
    assert mark_read(either_house.office, actor=director) == 1
    assert mark_read(either_house.office, actor=director) == 0
    with either_house.real.reading.connect() as reader:
        assert [each.count for each in rows.unread(reader, [director.person_id]).values()] == [0]
