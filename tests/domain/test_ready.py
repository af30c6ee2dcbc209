"""Ready pages: places that exist, and a way to JSON and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.letter import LetterState
from saraban.domain.ready import ReadyPage, Spot
from tests.builders import CONTENT, NOW, a_letter, an_actor

READY = ReadyPage(Digest.of(b"pdf"), "หนังสือ.pdf", 2, number=Spot(1, 38, 42.5), signature=Spot(2, 110, 200))


def test_a_ready_page_goes_to_json_and_comes_back() -> None:
    assert ReadyPage.of(READY.as_dict()) == READY
    assert ReadyPage.of(None) is None
    assert READY.places() == "เลขที่ หน้า 1 ห่างซ้าย 38 มม. บน 42.5 มม. · ลายมือชื่อ หน้า 2 ห่างซ้าย 110 มม. บน 200 มม."


@pytest.mark.parametrize(
    "spot", [Spot(0, 1, 1), Spot(3, 1, 1), Spot(1, -1, 1), Spot(1, 1, 298), Spot(1, float("nan"), 1)]
)
def test_a_place_that_there_is_not_is_refused_by_its_mark(spot: Spot) -> None:
    with pytest.raises(BadInput) as refused:
        replace(READY, date=spot).expect_on_pages()

    assert list(refused.value.fields) == ["date"]


def test_a_letter_with_a_ready_page_needs_no_text_and_keeps_it_when_revised() -> None:
    letter = a_letter(content=replace(CONTENT, body=""))
    assert "body" in letter.content.missing()
    before = letter.content_digest()
    letter.take_ready(READY, at=NOW)

    assert letter.content.missing() == {} and letter.content_digest() != before
    letter.revise(replace(CONTENT, subject="เรื่องใหม่"), by=an_actor(), at=NOW)
    assert (letter.content.subject, letter.content.ready) == ("เรื่องใหม่", READY)
    assert letter.content.as_form(Form.ANNOUNCEMENT).ready == READY
    letter.take_ready(None, at=NOW)
    assert letter.content.ready is None


def test_a_letter_on_its_route_takes_no_other_page() -> None:
    letter = a_letter(state=LetterState.SUBMITTED)
    with pytest.raises(StageNotAllowed):
        letter.take_ready(READY, at=NOW)
