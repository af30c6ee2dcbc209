"""What all forms share on paper: text that can be read back, margins, further pages, endings, drafts."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.errors import BadInput
from saraban.domain.forms import RULES, Ending
from saraban.rendering import paper
from saraban.rendering.body import plain_text
from saraban.rendering.thai import thai_digits
from tests.rendering.a_page import HARD_WORDS, MORNING, assert_is_pdfa_3a, packed, pages_by_reader, pdfium_text
from tests.rendering.measuring import TOLERANCE, baselines, find, ink, ink_box, is_blank, mm, sides
from tests.rendering.some_forms import SAMPLES, long, typical

ON_GARUDA_PAPER = ("external", "stamped", "order", "rule", "regulation", "announcement", "statement", "certificate")
SIGNED = [form for form, rule in RULES.items() if rule.ending is Ending.SIGNED]


@pytest.fixture
def pdf_of(renderer):
    """The typical document of a form as PDF."""
    return lambda form, **changes: renderer.letter(typical(form, **changes), at=MORNING).pdf


# --- all forms ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_every_document_is_pdfa_has_its_pages_and_gives_its_text_back(renderer, tmp_path, name):
    sample = SAMPLES[name]
    printed = renderer.letter(sample.letter, at=MORNING, data=b"{}")

    assert_is_pdfa_3a(printed.pdf)
    assert renderer.letter(sample.letter, at=MORNING, data=b"{}").pdf == printed.pdf
    assert printed.pages == {"short": 1, "typical": 2 if sample.form is Form.MINUTES else 1, "long": 4}[sample.length]
    body = thai_digits(plain_text(sample.letter.body))
    for reader, pages in pages_by_reader(printed.pdf, tmp_path).items():
        read = "\n".join(_without_page_numbers_and_catch_words(pages)).replace("\u2060", "")
        assert packed(body) in packed(read), reader
        # No phrase falls to pieces, not even where a line is spread to the margin.
        on_one_line = read.replace("\r", "").replace("\n", "")
        assert [words for words in body.split() if words not in on_one_line] == [], reader


def test_hard_words_come_back_from_every_part_of_a_page(renderer, tmp_path):
    cells = "".join(f"| {word} | **{word}** |\n" for word in HARD_WORDS.split())
    body = f"{HARD_WORDS * 3}\n\n**{HARD_WORDS}**\n\n| ก | ข |\n|---|---|\n{cells}"
    letter = typical(Form.EXTERNAL, subject=HARD_WORDS, signer_name=HARD_WORDS, signer_titles=(HARD_WORDS,), body=body)
    pdf = renderer.letter(letter, at=MORNING).pdf

    for reader, pages in pages_by_reader(pdf, tmp_path).items():
        read = "".join(pages).replace("\u2060", "")
        for word in HARD_WORDS.split():
            assert read.count(word) >= 9, (reader, word)


def _without_page_numbers_and_catch_words(pages):
    for number, text in enumerate(pages):
        lines = [line for line in text.replace("\x0c", "").splitlines() if line.strip()]
        if number:
            assert packed(lines[0]) == f"-{thai_digits(str(number + 1))}-"
            lines = lines[1:]
        if number + 1 < len(pages):
            assert lines[-1].strip().startswith("/") and lines[-1].strip().endswith("...")
            lines = lines[:-1]
        yield "\n".join(lines)


@pytest.mark.parametrize("form", RULES)
def test_the_text_keeps_the_margins_and_begins_two_and_a_half_centimetres_in(renderer, form):
    letter = long(form)
    pdf = renderer.letter(letter, at=MORNING).pdf
    words = thai_digits(plain_text(letter.body))[:9]

    assert find(pdf, words).left == mm(55)
    left, right = sides(pdf)
    assert left >= 30 - TOLERANCE and right <= 190 + TOLERANCE
    lowest = sorted({line for _, line in baselines(pdf)})[-2:]
    assert lowest[0] <= 277 + TOLERANCE and lowest[1] == mm(297 - 12.5), "below it there is the catch-word alone"


@pytest.mark.parametrize("form", RULES)
def test_further_pages_have_their_number_above_and_the_next_words_below(renderer, form):
    pdf = renderer.letter(long(form), at=MORNING).pdf

    number = find(pdf, "- ๒ -")
    assert (number.page, number.middle, number.baseline) == (1, mm(105), mm(26))
    catch_word = find(pdf, "...")
    assert (catch_word.page, catch_word.right, catch_word.baseline) == (0, mm(190), mm(297 - 12.5))


@pytest.mark.parametrize("form", RULES)
def test_a_draft_takes_exactly_the_room_of_the_issued_document(renderer, form):
    letter = typical(form)
    issued = renderer.letter(letter, at=MORNING)
    draft = renderer.letter(replace(letter, number=None, date=None), at=MORNING)

    assert (draft.pages, draft.block) == (issued.pages, issued.block)
    assert baselines(draft.pdf) == baselines(issued.pdf)


@pytest.mark.parametrize("form", RULES)
def test_a_draft_of_which_nothing_is_written_has_its_page(renderer, form):
    details = {detail.key: " \n|\n" for detail in RULES[form].details}
    empty = typical(
        form, subject="", salutation="", body="", number=None, date=None, signer_name="", signer_titles=[""]
    )

    for letter in (empty, replace(empty, details=details)):
        printed = renderer.letter(letter, at=MORNING)
        assert printed.pages == 1 == printed.block.page + 1


@pytest.mark.parametrize("form", SIGNED)
def test_the_place_of_the_signature_is_empty_between_the_text_and_the_name(renderer, form):
    letter = typical(form)
    printed = renderer.letter(letter, at=MORNING)
    block = printed.block
    name = find(printed.pdf, f"({letter.signer_name})")

    assert block.is_shown and block.name == letter.signer_name
    assert is_blank(printed.pdf, block.page, block.x0, block.y0, block.x1, block.y1)
    assert block.page == name.page == printed.pages - 1
    assert (block.x0 + block.x1) / 2 / paper.CM * 10 == mm(name.middle)
    gap = name.baseline - (paper.PAGE_HEIGHT - block.y0) / paper.CM * 10
    assert gap == mm(0.85 * 16 / paper.CM * 10)
    above = max(line for page, line in baselines(printed.pdf) if page == name.page and line < name.baseline - 1)
    assert (paper.PAGE_HEIGHT - block.y1) / paper.CM * 10 > above
    assert name.baseline - above == mm(4 * paper.LEADING / paper.CM * 10), "three blank lines"


@pytest.mark.parametrize("form", RULES)
def test_no_ending_stands_without_two_lines_of_text(renderer, form):
    of_two_pages = 0
    letter = typical(form)
    letter = replace(letter, details={key: text for key, text in letter.details.items() if key != "effective"})
    for count in range(12, 32):
        printed = renderer.letter(replace(letter, body="ข้อความที่สั้นเพียงบรรทัดเดียว\n\n" * count), at=MORNING)
        text = [find(printed.pdf, "ข้อความที่สั้น", nth=nth) for nth in (-1, -2)]

        assert [line.page for line in text] == [printed.pages - 1] * 2, f"{count} lines"
        assert printed.block.page == printed.pages - 1
        of_two_pages += printed.pages == 2
    assert of_two_pages > 3


@pytest.mark.parametrize("form", ON_GARUDA_PAPER)
def test_the_garuda_is_three_centimetres_high_in_the_middle(pdf_of, form):
    left, top, right, bottom = ink_box(ink(pdf_of(form, urgency=Urgency.NORMAL)), 75, 5, 135, 45.6)

    assert top == mm(15) and bottom == mm(45)
    assert (left + right) / 2 == mm(105)


@pytest.mark.parametrize("form", RULES)
def test_urgency_and_secrecy_are_red_and_large_on_every_form(renderer, form):
    letter = typical(form, urgency=Urgency.MOST_URGENT, secrecy=Secrecy.CONFIDENTIAL)
    pdf = renderer.letter(letter, at=MORNING).pdf

    urgency, above, below = find(pdf, "ด่วนที่สุด"), find(pdf, "ลับ"), find(pdf, "ลับ", nth=-1)
    assert (urgency.size, urgency.bold, above.size) == (32, True, 24)
    assert above.middle == mm(105) == below.middle
    assert above.baseline < 13 and below.baseline > 285
    ink_box(ink(pdf, red=True), urgency.left, urgency.baseline - 6, urgency.right, urgency.baseline)
    ends = ink_box(ink(pdf), urgency.left, urgency.baseline - 4, urgency.right + 0.2, urgency.baseline)[2]
    assert ends <= urgency.right + 0.2, "nothing runs into it"


def test_a_letter_that_cannot_be_printed_is_refused_by_its_detail(renderer):
    details = dict(typical(Form.MINUTES).details, present="นายหนึ่ง 😀 | กรรมการ")

    with pytest.raises(BadInput) as refused:
        renderer.letter(typical(Form.MINUTES, details=details), at=MORNING)

    assert list(refused.value.fields) == ["details.present"]


def test_details_of_another_form_are_not_printed(pdf_of):
    text = pdfium.PdfDocument(pdf_of(Form.ANNOUNCEMENT, details={"edition": "7"}))[0].get_textpage().get_text_bounded()

    assert "ฉบับที่" not in text


def test_minutes_that_end_after_midnight_say_on_which_day(renderer):
    letter = typical(Form.MINUTES)
    details = {**letter.details, "held_on": "2026-11-23", "ends": "00.30", "ended_on": "2026-11-24"}
    late = pdfium_text(renderer.letter(replace(letter, details=details), at=MORNING).pdf)
    same = pdfium_text(renderer.letter(replace(letter, details={**details, "ended_on": "2026-11-23"}), at=MORNING).pdf)

    assert "เลิกประชุมเวลา ๐๐.๓๐ น. ของวันที่ ๒๔ พฤศจิกายน ๒๕๖๙" in late and "ของวันที่" not in same
