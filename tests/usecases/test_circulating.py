"""Passing letters round: whom the words of a list mean, who may, and what follows for the readers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saraban.domain.circulation import Asks
from saraban.domain.errors import BadInput, NotFound, NotPermitted, StageNotAllowed
from saraban.domain.letter import LetterId
from saraban.domain.notice import About
from saraban.reading import circulation as rows
from saraban.usecases import circulating, viewing
from tests.usecases.house import House


def _send(house: House, letter: LetterId, *to: str, asks: Asks = Asks.NOTE) -> circulating.Circulated:
    clerk = house.ours["clerk"]
    return circulating.circulate(house.office, actor=clerk, about=About.LETTER, about_id=letter, to=list(to), asks=asks)


def test_everybody_gets_it_once_but_for_the_sender_and_those_who_have_it(house: House) -> None:
    letter = house.signed()
    clerk, director = house.ours["clerk"], house.ours["director"]
    first = _send(house, letter, f"person:{director.person_id}", f"person:{director.person_id}")
    second = _send(house, letter, "everybody", f"unit:{clerk.unit_id}")

    assert (first.readers, first.already) == (1, 0)
    assert second.readers > 0 and second.already == 2
    with house.real.reading.connect() as reader:
        names = [one.name for one in rows.readers_of(reader, letter)]
    assert clerk.name not in names and names.count(director.name) == 1


def test_a_letter_that_is_not_signed_yet_is_passed_round_to_nobody(house: House) -> None:
    with pytest.raises(NotPermitted, match="ลงนามและออกเลข"):
        _send(house, house.draft(), "everybody")


def test_words_that_name_nobody_of_the_agency_are_refused(house: House) -> None:
    letter, stranger = house.signed(), house.theirs["clerk"]
    for word in (f"person:{stranger.person_id}", f"unit:{stranger.unit_id}", "nonsense", "unit:x", f"group:{letter}"):
        with pytest.raises(BadInput) as refused:
            _send(house, letter, word)
        assert "to" in refused.value.fields, word


def test_where_reading_is_enough_opening_is_noting(house: House) -> None:
    letter, director = house.signed(), house.ours["director"]
    _send(house, letter, f"person:{director.person_id}", asks=Asks.OPEN)
    viewing.open_letter(house.office, actor=director, letter_id=letter)

    with house.real.reading.connect() as reader:
        mine = rows.mine(reader, director, letter)
    assert mine is not None and mine.opened_at == mine.noted_at is not None
    with pytest.raises(StageNotAllowed, match="รับทราบหนังสือนี้แล้ว"):
        circulating.take_note(house.office, actor=director, about=About.LETTER, about_id=letter)


def test_who_is_on_no_list_has_nothing_to_note(house: House) -> None:
    with pytest.raises(NotFound):
        circulating.take_note(house.office, actor=house.ours["clerk"], about=About.LETTER, about_id=house.signed())


def test_reminders_go_to_those_who_have_not_noted_it_and_not_twice_within_the_hour(house: House) -> None:
    letter, director = house.signed(), house.ours["director"]
    sent = _send(house, letter, "everybody")
    circulating.take_note(house.office, actor=director, about=About.LETTER, about_id=letter)
    reminded = circulating.remind_readers(house.office, actor=house.ours["clerk"], circulation_id=sent.id)
    with pytest.raises(StageNotAllowed):
        circulating.remind_readers(house.office, actor=house.ours["clerk"], circulation_id=sent.id)
    house.clock.pass_by(timedelta(hours=1))

    assert reminded == sent.readers - 1
    assert circulating.remind_readers(house.office, actor=house.ours["clerk"], circulation_id=sent.id) == reminded


def test_a_circulation_that_is_stopped_leaves_the_letter_to_those_who_opened_it(house: House) -> None:
    letter, director = house.signed(), house.ours["director"]
    sent = _send(house, letter, "everybody")
    viewing.open_letter(house.office, actor=director, letter_id=letter)
    stopped = circulating.stop_circulation(house.office, actor=house.ours["clerk"], circulation_id=sent.id)

    assert stopped == sent.readers - 1
    with house.office.uow() as uow:
        assert uow.letters.get(director.agency_id, letter).readers == {director.person_id}
    with pytest.raises(StageNotAllowed, match="หยุดเวียน"):
        circulating.remind_readers(house.office, actor=house.ours["clerk"], circulation_id=sent.id)


def test_a_shared_group_is_made_by_the_central_clerk_and_a_group_holds_no_group(house: House) -> None:
    office, clerk = house.office, house.ours["clerk"]
    unit = f"unit:{clerk.unit_id}"
    mine = circulating.keep_reader_group(office, actor=clerk, name="พวกเรา", to=[unit])

    with pytest.raises(NotPermitted, match="ใช้ร่วมกัน"):
        circulating.keep_reader_group(office, actor=house.ours["director"], name="ทุกกอง", to=[unit], for_all=True)
    with pytest.raises(BadInput) as refused:
        circulating.keep_reader_group(office, actor=clerk, name="", to=[mine.token])
    assert set(refused.value.fields) == {"name", "to"}
    circulating.retire_reader_group(office, actor=clerk, group_id=mine.id)
    with pytest.raises(BadInput):
        _send(house, house.signed(), mine.token)
