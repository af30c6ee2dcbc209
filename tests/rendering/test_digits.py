"""Thai or Arabic digits: what Saraban writes has those that were chosen; what was typed is left alone in Arabic."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from docx import Document

from saraban.domain.classification import Digits, Form
from saraban.rendering.thai import thai_date, thai_digits, written_in
from saraban.usecases.paging import page_data
from saraban.usecases.papers import CopyCertificate, ReceivingStamp
from tests.rendering.a_page import COPIED, MORNING, a_page_letter, packed, pdfium_text, poppler_text
from tests.rendering.some_forms import SAMPLES, long, typical

_THAI_DIGIT = re.compile("[๐-๙]")
_ARABIC_DIGIT = re.compile("[0-9]")
FORMS = sorted({sample.form for sample in SAMPLES.values()}, key=list(Form).index)


def in_arabic(text: str) -> str:
    """The text with Arabic digits alone."""
    return text.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"))


def typed_in_arabic(form: Form, letter=None):
    """The document of a form with no Thai digit typed in it."""
    letter = letter or typical(form)
    texts = {name: in_arabic(getattr(letter, name)) for name in ("subject", "salutation", "body", "phone")}
    return replace(letter, **texts, details={key: in_arabic(text) for key, text in letter.details.items()})


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_printed_with_the_digits_that_were_chosen(renderer, form):
    letter = replace(typed_in_arabic(form), date=date(2026, 11, 23), number="ตย 0106/2418")
    thai = pdfium_text(renderer.letter(replace(letter, email="saraban@x.go.th"), at=MORNING).pdf)
    arabic = pdfium_text(renderer.letter(replace(letter, digits=Digits.ARABIC), at=MORNING).pdf)

    assert _THAI_DIGIT.search(arabic) is None and _ARABIC_DIGIT.search(arabic)
    assert _THAI_DIGIT.search(thai) and "2569" not in thai
    # A form of the minutes prints its own day, ข้อบังคับ and ระเบียบ the year alone in the head.
    assert "๒๕๖๙" in thai and "2569" in arabic


@pytest.mark.parametrize("form", [Form.EXTERNAL, Form.ORDER, Form.MINUTES])
def test_pages_are_numbered_with_the_digits_that_were_chosen(renderer, form):
    letter = long(form)
    thai = pdfium_text(renderer.letter(letter, at=MORNING).pdf)
    arabic = pdfium_text(renderer.letter(replace(letter, digits=Digits.ARABIC), at=MORNING).pdf)

    assert "- ๒ -" in thai and "- ๔ -" in thai
    assert "- 2 -" in arabic and "- 4 -" in arabic and "- ๒ -" not in arabic


def test_what_was_typed_is_left_alone_in_arabic_and_made_thai_otherwise(renderer, tmp_path):
    letter = a_page_letter(body="ข้อ ๑ มี 25 คน และ ๓๐ คน\n\n๑. รายการที่ 1\n\n2. รายการที่ ๒", subject="แผนปี 2569 ระยะที่ ๒")
    thai = packed(poppler_text(renderer.letter(letter, at=MORNING).pdf, tmp_path))
    arabic = packed(poppler_text(renderer.letter(replace(letter, digits=Digits.ARABIC), at=MORNING).pdf, tmp_path))

    assert packed("ข้อ ๑ มี ๒๕ คน และ ๓๐ คน") in thai and packed("แผนปี ๒๕๖๙ ระยะที่ ๒") in thai
    assert packed("ข้อ ๑ มี 25 คน และ ๓๐ คน") in arabic and packed("แผนปี 2569 ระยะที่ ๒") in arabic
    assert packed("๑. รายการที่ 1") in arabic and packed("2. รายการที่ ๒") in arabic
    assert packed("ที่ ตย 0106/ว 2418") in arabic and packed("23 พฤศจิกายน 2569") in arabic
    assert packed("ลงวันที่ 30 กันยายน 2569") in arabic and packed("จำนวน 1 ชุด") in arabic


def test_a_word_file_has_the_digits_that_were_chosen(renderer):
    letter = typed_in_arabic(Form.EXTERNAL, a_page_letter())
    told = {}
    for digits in Digits:
        document = Document(io.BytesIO(renderer.letter_docx(replace(letter, digits=digits))))
        cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
        told[digits] = "\n".join(p.text for place in (document, *cells) for p in place.paragraphs)

    assert "๒๓ พฤศจิกายน ๒๕๖๙" in told[Digits.THAI]
    assert "23 พฤศจิกายน 2569" in told[Digits.ARABIC] and _THAI_DIGIT.search(told[Digits.ARABIC]) is None


def test_the_stamp_the_signature_and_the_certified_copy_have_them_too(renderer):
    page = renderer.letter(a_page_letter(digits=Digits.ARABIC), at=MORNING)
    stamped = renderer.stamped_copy(page.pdf, ReceivingStamp("กรมตัวอย่าง", "4120", MORNING, Digits.ARABIC))
    thai = renderer.stamped_copy(page.pdf, ReceivingStamp("กรมตัวอย่าง", "4120", MORNING))
    copy = renderer.certified_copy(page.pdf, CopyCertificate("ก ข", "นิติกรชำนาญการ", MORNING, COPIED, Digits.ARABIC))

    assert page.block.digits is copy.block.digits is Digits.ARABIC
    assert "23 พ.ย. 2569 08.41 น." in pdfium_text(renderer.signature_block(page.block, MORNING))
    assert "4120" in pdfium_text(stamped) and "08.41" in pdfium_text(stamped)
    assert "๔๑๒๐" in pdfium_text(thai) and "๐๘.๔๑" in pdfium_text(thai)
    assert _THAI_DIGIT.search(pdfium_text(copy.pdf)) is None


def test_the_data_in_the_page_is_the_same_whatever_digits_are_printed():
    letter = a_page_letter()

    assert page_data(letter) == page_data(replace(letter, digits=Digits.ARABIC))


def test_the_digits_hold_inside_alone_and_come_back_after_a_failure():
    day = date(2026, 1, 2)
    with pytest.raises(ZeroDivisionError), written_in(Digits.ARABIC):
        assert (thai_digits("12"), thai_date(day)) == ("12", "2 มกราคม 2569")
        raise ZeroDivisionError

    assert (thai_digits("12"), thai_date(day)) == ("๑๒", "๒ มกราคม ๒๕๖๙")
