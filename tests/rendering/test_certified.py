"""Certified copies on paper: the word above every page, the block where nothing stands, whatever the page is like."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from saraban.domain.classification import Digits, Form
from saraban.domain.errors import RuleBroken
from saraban.rendering import paper
from saraban.usecases.papers import CopyCertificate, DuplicateHand, DuplicateMarks
from tests.rendering.a_page import COPIED, MORNING, assert_is_pdfa_3a
from tests.rendering.measuring import find, ink, ink_box, is_blank, mm
from tests.rendering.some_forms import long, typical

OFFICER = CopyCertificate("นางสาวน้ำฟ้า กตัญญู", "เจ้าพนักงานธุรการชำนาญงาน", MORNING, COPIED)


def full_page(turn=0, size=(595.28, 841.89)):
    """A page grey all over, as a poor scan is."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    canvas.setPageRotation(turn)
    canvas.setFillGray(0.8)
    canvas.rect(0, 0, *size, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def words_above(pdf):
    """Every place of the word that a copy bears above its pages, which is larger than the text."""
    places, nth = [], 0
    while True:
        try:
            places.append(find(pdf, "สำเนา", nth=nth))
        except IndexError:
            return [place for place in places if place.size == 20]
        nth += 1


@pytest.mark.parametrize("form", [Form.EXTERNAL, Form.MEMORANDUM, Form.STAMPED, Form.MINUTES, Form.NEWS])
def test_a_copy_of_our_own_letter_has_word_and_block_and_covers_nothing(renderer, form):
    original = renderer.letter(typical(form), at=MORNING).pdf
    copy = renderer.certified_copy(original, OFFICER)
    word, caption = words_above(copy.pdf)[0], find(copy.pdf, "สำเนาถูกต้อง")
    name = find(copy.pdf, f"({OFFICER.name})")

    assert (word.page, word.middle, word.size) == (0, mm(105), 20) and word.baseline < 14
    assert caption.middle == mm(name.middle) and caption.page == copy.block.page
    middle = (copy.block.x0 + copy.block.x1) / 2 / paper.CM * 10
    top = (paper.PAGE_HEIGHT - copy.block.y1) / paper.CM * 10
    assert middle == mm(name.middle) and caption.baseline < top + 3 < name.baseline
    assert is_blank(copy.pdf, copy.block.page, copy.block.x0, copy.block.y0, copy.block.x1, copy.block.y1)
    low = (paper.PAGE_HEIGHT - copy.block.y0) / paper.CM * 10
    if copy.block.page == 0:
        with pytest.raises(AssertionError):
            ink_box(ink(original), middle - 30, top - 7, middle + 30, low + 20)
    assert copy == renderer.certified_copy(original, OFFICER), "equal input gives equal bytes"
    assert_is_pdfa_3a(copy.pdf)


def test_every_page_says_so_and_only_the_last_is_certified(renderer):
    original = renderer.letter(long(Form.EXTERNAL), at=MORNING)
    copy = renderer.certified_copy(original.pdf, OFFICER)

    assert [word.page for word in words_above(copy.pdf)] == list(range(original.pages))
    assert find(copy.pdf, "สำเนาถูกต้อง").page == original.pages - 1 == copy.block.page


def test_a_page_without_room_is_followed_by_another(renderer):
    copy = renderer.certified_copy(full_page(), OFFICER)

    assert copy.block.page == 1 == find(copy.pdf, "สำเนาถูกต้อง").page
    with pikepdf.open(io.BytesIO(copy.pdf)) as document:
        assert len(document.pages) == 2


def test_a_certificate_on_a_page_of_its_own_names_what_it_certifies(renderer):
    """It could be put behind any paper otherwise."""
    received = replace(COPIED, received="12/2569", subject="การสำรวจความพร้อมในการรับส่งหนังสือ 3 ด้าน " * 6)
    copy = renderer.certified_copy(full_page(), replace(OFFICER, of=received))
    _, added = pdfium.PdfDocument(copy.pdf)
    page = " ".join(added.get_textpage().get_text_bounded().split())
    for words in (
        "หนังสือภายนอก",
        "กรมตัวอย่าง",
        "ตย ๐๑๐๖/ว ๒๔๑๘",
        "๒๓ พฤศจิกายน ๒๕๖๙",
        "การสำรวจความพร้อมในการรับส่งหนังสือ ๓ ด้าน",
        "๑๒/๒๕๖๙",
        "๑ หน้า ไม่รวมหน้านี้",
        "จากระบบสารบรรณของกรมส่งเสริมการอ่าน วันที่ ๒๓ พฤศจิกายน ๒๕๖๙ เวลา ๐๘.๔๑ น.",
    ):
        assert words in page, words
    block = copy.block
    assert is_blank(copy.pdf, 1, block.x0, block.y0, block.x1, block.y1)
    assert find(copy.pdf, "หน้า ไม่รวม").baseline < find(copy.pdf, "สำเนาถูกต้อง").baseline

    arabic = renderer.certified_copy(full_page(), replace(OFFICER, digits=Digits.ARABIC))
    assert "ตย 0106/ว 2418" in pdfium.PdfDocument(arabic.pdf)[1].get_textpage().get_text_bounded()


def test_a_letter_without_number_day_and_sender_says_so(renderer):
    mail = replace(COPIED, number="", day=None, agency="")
    copy = renderer.certified_copy(full_page(), replace(OFFICER, of=mail))
    page = pdfium.PdfDocument(copy.pdf)[1].get_textpage().get_text_bounded()

    assert "ไม่มีเลขที่" in page and "ไม่มีวันที่" in page and "กรมตัวอย่าง" not in page


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_certified_as_it_is_seen(renderer, turn):
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595.28, 841.89), invariant=1)
    canvas.setPageRotation(turn)
    canvas.drawString(300, 400, "letter")
    canvas.showPage()
    canvas.save()
    copy = renderer.certified_copy(out.getvalue(), OFFICER)
    block = copy.block
    with pikepdf.open(io.BytesIO(copy.pdf)) as document:
        _, _, across, up = (float(side) for side in document.pages[0].mediabox)

    assert block.page == 0 and 0 <= block.x0 < block.x1 <= across and 0 <= block.y0 < block.y1 <= up
    wide, high = block.x1 - block.x0, block.y1 - block.y0
    assert (wide > high) is (turn == 180)


def test_what_cannot_be_read_is_refused(renderer):
    with pytest.raises(RuleBroken):
        renderer.certified_copy(b"%PDF-1.7 spoiled", OFFICER)


def test_the_hands_of_a_duplicate_on_a_page_of_their_own_stand_below_what_names_the_letter(renderer):
    marks = DuplicateMarks((DuplicateHand("ร่าง", "นายเอก ใจดี", date(2026, 11, 23)),), COPIED)
    full, roomy = renderer.duplicate(full_page(), marks), renderer.letter(typical(Form.EXTERNAL), at=MORNING).pdf
    _, added = pdfium.PdfDocument(full)
    page = " ".join(added.get_textpage().get_text_bounded().split())

    for words in (
        "สำเนาคู่ฉบับ",
        "กรมตัวอย่าง",
        "ตย ๐๑๐๖/ว ๒๔๑๘",
        "๒๓ พฤศจิกายน ๒๕๖๙",
        "การสำรวจความพร้อม",
        "๑ หน้า ไม่รวมหน้านี้",
    ):
        assert words in page, words
    assert find(full, "หน้า ไม่รวม").baseline < find(full, "นายเอก ใจดี").baseline
    assert "ไม่รวมหน้านี้" not in pdfium.PdfDocument(renderer.duplicate(roomy, marks))[0].get_textpage().get_text_bounded()
