"""Thai or Arabic digits by the agency's choice, and by the letter's own."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pikepdf
import pypdfium2 as pdfium
import pytest

from saraban.domain.classification import Digits
from saraban.domain.letter import LetterId
from saraban.usecases import bookkeeping, drafting
from tests.usecases.house import House


def preview(house: House, letter_id: LetterId) -> str:
    """The words of the page of a draft."""
    page = drafting.preview_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    return str(pdfium.PdfDocument(page.pdf)[0].get_textpage().get_text_bounded())


def choose_arabic(house: House) -> None:
    """Our agency writes with Arabic digits from now on."""
    options = replace(house.ours.agency.options, arabic_digits=True)
    bookkeeping.set_options(house.office, actor=house.ours["admin"], options=options)


def test_the_agency_chooses_and_a_letter_may_choose_otherwise(either_house: House) -> None:
    body = "ประชุม 9 คน"
    plain = either_house.draft(body=body)
    thai = either_house.draft(body=body, digits=Digits.THAI)
    before = preview(either_house, plain)
    choose_arabic(either_house)

    assert either_house.letter(thai).content.digits is Digits.THAI and either_house.letter(plain).content.digits is None
    assert "ประชุม ๙ คน" in before
    assert "ประชุม 9 คน" in preview(either_house, plain) and "ประชุม ๙ คน" in preview(either_house, thai)
    assert either_house.told("agency.options-set")[0]["values"]["arabic_digits"] is True


@pytest.mark.parametrize("arabic", [False, True])
def test_an_issued_page_is_printed_so_and_its_data_says_the_same(house: House, arabic: bool) -> None:
    if arabic:
        choose_arabic(house)
    letter = house.letter(house.signed())
    page = letter.issued_file
    assert page is not None and letter.number is not None
    pdf = house.office.blobs.open(page.sha256)
    words = pdfium.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        data = json.loads(document.attachments["letter.json"].get_file().read_bytes())

    assert ("23 พฤศจิกายน 2569" in words, "๒๓ พฤศจิกายน ๒๕๖๙" in words) == (arabic, not arabic)
    assert (letter.number in words) == arabic
    assert data["number"] == letter.number and data["date"] == "2026-11-23" and "digits" not in data
