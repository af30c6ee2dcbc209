"""Form 1 on paper: what stands where, and what other programs read."""

from __future__ import annotations

import io
import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pikepdf
import pypdfium2 as pdfium
import pytest

from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.errors import BadInput, RuleBroken
from saraban.rendering import paper
from saraban.rendering.renderer import PdfRenderer
from saraban.rendering.shaping import typeface
from saraban.rendering.thai import clean, thai_digits
from saraban.usecases.pages import PageEnclosure, PageReference
from tests.rendering.a_page import (
    BODY,
    HARD_WORDS,
    MORNING,
    a_page_letter,
    assert_is_pdfa_3a,
    lines_with_boxes,
    packed,
    pdfium_text,
    poppler_text,
)


@pytest.fixture
def text_of(renderer, tmp_path):
    return lambda letter: poppler_text(renderer.letter(letter, at=MORNING).pdf, tmp_path, "-layout")


# --- what can be read from it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("family", ["TH Sarabun New", "Sarabun"])
def test_what_was_typed_can_be_found_and_copied(family, tmp_path):
    printed = PdfRenderer(family).letter(a_page_letter(body=BODY + "\n\n" + HARD_WORDS), at=MORNING)

    assert_is_pdfa_3a(printed.pdf)
    for read in (packed(poppler_text(printed.pdf, tmp_path, "-raw")), packed(pdfium_text(printed.pdf))):
        for word in [*thai_digits(BODY).split(), *HARD_WORDS.split()]:
            assert packed(word) in read


def test_the_letter_is_pdfa_3a_with_its_data_inside(renderer):
    printed = renderer.letter(a_page_letter(), at=MORNING, data=b'{"a":1}')

    assert_is_pdfa_3a(printed.pdf)
    with pikepdf.open(io.BytesIO(printed.pdf)) as document:
        assert document.attachments["letter.json"].get_file().read_bytes() == b'{"a":1}'
        assert str(document.docinfo["/Title"]) == a_page_letter().subject
        assert str(document.docinfo["/CreationDate"]) == "D:20261123084100+07'00'"


def test_equal_letters_are_equal_bytes_in_any_thread_and_after_other_letters(renderer):
    first = renderer.letter(a_page_letter(), at=MORNING, data=b"{}").pdf
    letters = [a_page_letter(subject=f"เรื่องที่ {n} {HARD_WORDS[n:]}") for n in range(6)] + [a_page_letter()] * 6

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda letter: renderer.letter(letter, at=MORNING, data=b"{}").pdf, letters))

    assert set(made[6:]) == {first}
    assert len(set(made)) == 7


# --- the head -------------------------------------------------------------------------------------------------


def test_number_agency_and_date_stand_where_form_1_has_them(renderer, tmp_path):
    words = lines_with_boxes(renderer.letter(a_page_letter(), at=MORNING).pdf, tmp_path)
    place = {text: (left, top, right, bottom) for _, left, top, right, bottom, text in reversed(words)}

    assert place["ที่"][0] == pytest.approx(3 * paper.CM, abs=1.5)
    assert place["กรมตัวอย่าง"][1] == pytest.approx(place["ที่"][1], abs=1.5)
    day = next(box for text, box in place.items() if text == "๒๓")
    assert day[0] == pytest.approx(paper.PAGE_WIDTH / 2, abs=1.5)
    assert max(right for _, _, _, right, _, _ in words) <= paper.PAGE_WIDTH - 2 * paper.CM + 1
    assert min(left for _, left, *_ in words) >= 3 * paper.CM - 1
    closing = place["ขอแสดงความนับถือ"]
    assert closing[0] == pytest.approx(paper.PAGE_WIDTH / 2, abs=1.5)


def test_neither_wanthi_nor_the_word_for_the_era_stands_before_the_date(text_of):
    line = next(line for line in text_of(a_page_letter()).splitlines() if "พฤศจิกายน" in line)

    assert line.strip() == "๒๓ พฤศจิกายน ๒๕๖๙"


def test_references_and_enclosures_are_numbered_when_there_are_several(text_of):
    text = text_of(
        a_page_letter(
            references=(
                PageReference("ตย 1/2", date(2026, 1, 5), "กรมหนึ่ง"),
                PageReference("ตย 3/4", None, "หนังสือกรมสอง"),
            ),
            enclosures=(PageEnclosure("แบบสำรวจ", "1 ชุด"), PageEnclosure("รายชื่อ", "จำนวน 2 แผ่น"), PageEnclosure("คู่มือ")),
        )
    )

    assert re.search(r"อ้างถึง +๑\. +หนังสือกรมหนึ่ง ที่ ตย ๑/๒ ลงวันที่ ๕ มกราคม ๒๕๖๙\n +๒\. +หนังสือกรมสอง ที่ ตย ๓/๔\n", text)
    assert re.search(r"สิ่งที่ส่งมาด้วย +๑\. +แบบสำรวจ จำนวน ๑ ชุด\n +๒\. +รายชื่อ จำนวน ๒ แผ่น\n +๓\. +คู่มือ\n", text)


def test_without_references_and_enclosures_their_captions_are_not_printed(text_of):
    text = text_of(a_page_letter(references=(), enclosures=(), copies_to=(), body="เพื่อโปรดทราบ"))

    assert "อ้างถึง" not in text and "สิ่งที่ส่งมาด้วย" not in text and "สำเนาส่ง" not in text


def test_a_draft_says_that_number_and_date_are_to_come_and_nothing_else_moves(renderer, tmp_path):
    letter = a_page_letter()
    issued = renderer.letter(letter, at=MORNING)
    draft = renderer.letter(replace(letter, number=None, date=None), at=MORNING)

    assert "(รอเลข)" in pdfium_text(draft.pdf) and "(รอวันที่)" in pdfium_text(draft.pdf)
    assert draft.block == issued.block
    boxes = [
        [word for word in lines_with_boxes(pdf, tmp_path) if not 100 < word[2] < 185] for pdf in (draft.pdf, issued.pdf)
    ]
    assert len(boxes[0]) > 20
    assert boxes[0] == boxes[1]


def test_a_very_long_number_stays_on_its_line_left_of_the_garuda(renderer, tmp_path):
    printed = renderer.letter(a_page_letter(number="กค (กวจ.พิเศษ) 0405.2.1.15/ว 123456"), at=MORNING)

    right = max(word[3] for word in lines_with_boxes(printed.pdf, tmp_path) if "๑๒๓๔๕๖" in word[5])
    assert right <= paper.CENTRE - paper.GARUDA_HALF_WIDTH + 1


def test_urgency_and_secrecy_are_printed_large_and_red(renderer):
    printed = renderer.letter(a_page_letter(urgency=Urgency.MOST_URGENT, secrecy=Secrecy.SECRET), at=MORNING)
    text = pdfium_text(printed.pdf)
    image = pdfium.PdfDocument(printed.pdf)[0].render(scale=1).to_pil().convert("RGB")

    def red(box):
        return sum(1 for r, g, b in image.crop(box).get_flattened_data() if r > 150 and g < 90 and b < 90)

    assert "ด่วนที่สุด" in text and text.count("ลับมาก") == 2
    assert red((80, 60, 250, 125)) > 200
    assert red((250, 5, 350, 45)) > 60 and red((250, 800, 350, 842)) > 60


# --- long letters ---------------------------------------------------------------------------------------------


def a_long_body(paragraphs: int) -> str:
    return "\n\n".join(f"ย่อหน้าที่ {n} {BODY.splitlines()[0]}" for n in range(1, paragraphs + 1))


def test_a_letter_of_five_pages_has_page_numbers_and_catch_words(renderer, tmp_path):
    printed = renderer.letter(a_page_letter(body=a_long_body(56)), at=MORNING)
    pages = [
        poppler_text(printed.pdf, tmp_path, "-layout", "-f", str(n), "-l", str(n)) for n in range(1, printed.pages + 1)
    ]

    assert printed.pages == 5
    assert printed.block.page == 4
    for number, (text, following) in enumerate(itertools.pairwise(pages), start=1):
        catch_word = re.search(r"/(\S[^/]*)\.\.\.\s*$", text)
        assert catch_word, text[-200:]
        lines = [line.strip() for line in following.splitlines() if line.strip()]
        assert packed(lines[0]) == f"-{thai_digits(str(number + 1))}-"
        assert packed(lines[1]).startswith(packed(catch_word[1]))
    assert "-๑-" not in packed(pages[0])
    assert_is_pdfa_3a(printed.pdf)


@pytest.mark.parametrize("paragraphs", range(1, 16))
def test_the_signature_never_stands_without_two_lines_of_text(renderer, tmp_path, paragraphs):
    printed = renderer.letter(a_page_letter(body=a_long_body(paragraphs)), at=MORNING)
    last = poppler_text(printed.pdf, tmp_path, "-layout", "-f", str(printed.pages), "-l", str(printed.pages))
    before_closing = [line for line in last.split("ขอแสดงความนับถือ")[0].splitlines() if line.strip()]

    assert printed.block.page == printed.pages - 1
    assert len(before_closing) >= (2 if printed.pages == 1 else 3)
    assert "(นางสาวปิ่นมณี" in last and "โทร. ๐ ๒๒๘๓ ๔๒๐๐" in last


def test_a_subject_of_200_letters_and_long_lists_hang_under_their_captions(renderer, tmp_path):
    subject = ("ขอความอนุเคราะห์ข้อมูลเพื่อประกอบการพิจารณางบประมาณรายจ่ายประจำปี " * 4)[:200].strip()
    letter = a_page_letter(
        subject=subject,
        references=[PageReference(f"ตย 0106/{n}", date(2026, 1, 1), "กรมตัวอย่าง") for n in range(1, 31)],
        enclosures=[PageEnclosure(f"เอกสารฉบับที่ {n}", "1 ชุด") for n in range(1, 31)],
    )
    printed = renderer.letter(letter, at=MORNING)
    read = packed(pdfium_text(printed.pdf))

    assert printed.pages >= 2
    assert "๓๐.เอกสารฉบับที่๓๐" in read and "๓๐.หนังสือกรมตัวอย่าง" in read
    words = lines_with_boxes(printed.pdf, tmp_path)
    assert min(left for _, left, *_ in words) >= 3 * paper.CM - 1
    assert max(word[3] for word in words) <= paper.RIGHT + 1


def test_a_word_wider_than_the_line_is_cut_between_letters(renderer, tmp_path):
    address = "https://www.tuayang.go.th/" + "ab-cd/" * 40 + "2569"
    printed = renderer.letter(a_page_letter(body=f"ดูที่ {address} และ{'กตัญญูที่น้ำ' * 30}"), at=MORNING)

    assert max(word[3] for word in lines_with_boxes(printed.pdf, tmp_path)) <= paper.RIGHT + 1
    assert packed(address) in packed(pdfium_text(printed.pdf))


def test_a_long_list_of_copies_goes_on_to_another_page(renderer):
    printed = renderer.letter(a_page_letter(copies_to=[f"กรมที่ {n}" for n in range(1, 61)]), at=MORNING)

    assert printed.block.page == 0 and printed.pages == 3
    assert "๖๐.กรมที่๖๐" in packed(pdfium_text(printed.pdf))


# --- the signature --------------------------------------------------------------------------------------------


def test_the_place_of_the_signature_is_empty_and_three_lines_high(renderer, tmp_path):
    printed = renderer.letter(a_page_letter(), at=MORNING)
    block = printed.block

    assert (block.name, block.title) == ("นางสาวปิ่นมณี รู้แจ้งกิจ", "รองอธิบดี ปฏิบัติราชการแทน อธิบดีกรมตัวอย่าง")
    assert block.y1 - block.y0 > 50 and block.x1 - block.x0 > 150
    image = pdfium.PdfDocument(printed.pdf)[block.page].render(scale=2).to_pil().convert("L")
    box = (block.x0 * 2, (paper.PAGE_HEIGHT - block.y1) * 2, block.x1 * 2, (paper.PAGE_HEIGHT - block.y0) * 2)
    assert image.crop([round(side) for side in box]).getextrema() == (255, 255)


def test_name_and_positions_are_centred_on_the_axis_of_the_block(renderer, tmp_path):
    printed = renderer.letter(a_page_letter(signer_name="นายเอก", signer_titles=("อธิบดี",)), at=MORNING)
    words = {word[5]: word for word in lines_with_boxes(printed.pdf, tmp_path)}
    axis = (printed.block.x0 + printed.block.x1) / 2

    assert axis > paper.CENTRE
    for text in ("(นายเอก)", "อธิบดี", "ขอแสดงความนับถือ"):
        assert (words[text][1] + words[text][3]) / 2 == pytest.approx(axis, abs=1.5)


# --- what cannot be printed -----------------------------------------------------------------------------------


def test_a_character_that_the_face_lacks_is_refused_by_its_field(renderer):
    with pytest.raises(BadInput) as refused:
        renderer.letter(a_page_letter(body="ขอเชิญประชุม 😀", subject="漢"), at=MORNING)

    assert set(refused.value.fields) == {"body", "subject"}
    assert "😀" in refused.value.fields["body"]


def test_control_characters_in_the_subject_do_not_spoil_the_file(renderer):
    printed = renderer.letter(a_page_letter(subject="เรื่อง\x0bหนึ่ง\x00 <b>&amp;"), at=MORNING)

    assert_is_pdfa_3a(printed.pdf)
    assert "เรื่องหนึ่ง <b>&amp;" in pdfium_text(printed.pdf)


def test_what_has_no_form_is_refused_in_thai(renderer):
    with pytest.raises(RuleBroken, match="หนังสืออื่น"):
        renderer.letter(a_page_letter(form=Form.OTHER), at=MORNING)


# --- marks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", ["TH Sarabun New", "Sarabun"])
def test_a_tone_mark_stands_higher_over_an_upper_vowel_than_over_a_letter(family):
    font = typeface(family).regular

    def top_of_tone(text):
        glyph = font.shape(text).glyphs[-1]
        gid = font.face.charToGlyph[ord(glyph.code)]
        from fontTools.ttLib import TTFont

        outlines = TTFont(font.face.filename)
        name = outlines.getGlyphOrder()[gid]
        return outlines["glyf"][name].yMax * 1000 / outlines["head"].unitsPerEm + glyph.dy

    assert top_of_tone(clean("ที่")) > top_of_tone(clean("ท่")) + 50


def test_sara_am_is_one_letter_again_except_after_tall_consonants():
    font = typeface("TH Sarabun New").regular

    assert [glyph.code for glyph in font.shape("กำ").glyphs][-1] == "ำ"
    assert len(font.shape("ปำ").glyphs) == 3
