"""สำเนาคู่ฉบับ: the marked copy that the sender keeps, with those who drafted, typed and checked the letter."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pypdfium2 as pdfium
import pytest

from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.route import StepKind
from saraban.usecases.duplicating import CHECKED, DRAFTED, TYPED, duplicate, hands_of
from saraban.usecases.printing_out import print_letter
from tests.usecases.house import House


def words_of(pdf: bytes) -> str:
    """The text of all pages."""
    document = pdfium.PdfDocument(io.BytesIO(pdf))
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_a_print_out_of_a_letter_says_when_by_whom_and_where_it_is_checked(either_house: House) -> None:
    house, clerk = either_house, either_house.ours["clerk"]
    letter_id = house.signed()
    _, printed = print_letter(house.office, actor=clerk, letter_id=letter_id)
    words = " ".join(words_of(printed).split())

    for said in ("พิมพ์จากระบบของ", house.ours.agency.name, clerk.name, "๒๓ พ.ย. ๒๕๖๙", "ตรวจสอบฉบับจริงที่ https://"):
        assert said in words, words
    [told] = house.told("letter.printed")
    issued = house.letter(letter_id).issued_file
    assert issued is not None and told["values"]["page"] == issued.sha256.hex
    for actor, thing, error in (
        (clerk, house.draft(), RuleBroken),
        (house.ours["head"], house.signed(secrecy=Secrecy.SECRET), RuleBroken),
        (house.theirs["head"], letter_id, NotFound),
    ):
        with pytest.raises(error):
            print_letter(house.office, actor=actor, letter_id=thing)
    assert len(house.told("letter.printed")) == 1


def test_the_duplicate_is_the_issued_page_marked_with_its_makers(house: House) -> None:
    letter_id = house.signed(typist="นางสาวพิมพ์ดี มีวินัย")
    issued = house.letter(letter_id).issued_file
    assert issued is not None
    made = duplicate(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    words = words_of(made)

    assert "สำเนาคู่ฉบับ" in words and "ผู้ลงนาม" not in words
    for name in (house.ours["clerk"].name, "นางสาวพิมพ์ดี มีวินัย", house.ours["director"].name):
        assert name in words, words
    for caption in (DRAFTED, TYPED, CHECKED):
        assert caption in words
    assert house.office.blobs.open(issued.sha256) != made
    assert duplicate(house.office, actor=house.ours["clerk"], letter_id=letter_id) == made, "made the same each time"


def test_the_drafter_typed_it_where_nobody_else_is_named_and_endorsers_checked_it(house: House) -> None:
    letter = house.letter(house.signed())
    day = date(2026, 11, 23)

    assert [(hand.caption, hand.name, hand.on) for hand in hands_of(letter)] == [
        (DRAFTED, letter.drafter_name, day),
        (TYPED, letter.drafter_name, day),
        (CHECKED, house.ours["director"].name, day),
    ]


def test_a_place_stays_open_where_nobody_checked(house: House) -> None:
    letter = house.letter(house.signed())
    letter.route = [step for step in letter.route if step.kind is StepKind.SIGN]

    assert [(hand.name, hand.on) for hand in hands_of(letter)][2:] == [("", None)]


def test_there_is_none_before_the_letter_is_issued_nor_of_a_classified_one(house: House) -> None:
    draft = house.draft()
    secret = house.signed(secrecy=Secrecy.CONFIDENTIAL)
    for letter_id in (draft, secret):
        with pytest.raises(RuleBroken) as refused:
            duplicate(house.office, actor=house.ours["clerk"], letter_id=letter_id)
        assert refused.value.code == "no-duplicate"


def test_another_agency_does_not_find_it(house: House) -> None:
    letter_id = house.signed()
    with pytest.raises(NotFound):
        duplicate(house.office, actor=replace(house.theirs["clerk"]), letter_id=letter_id)
