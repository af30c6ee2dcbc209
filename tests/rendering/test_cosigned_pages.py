"""Pages that several sign: every name stands below its own empty place, whatever the form and however many they are."""

from __future__ import annotations

import io
from itertools import combinations

import docx
import pypdfium2 as pdfium
import pytest

from saraban.domain.classification import Form
from saraban.domain.content import MOST_COSIGNERS
from saraban.domain.forms import RULES
from saraban.rendering import paper
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.pages import PageCosigner
from saraban.usecases.proofs import SignatureBlock
from tests.rendering.a_page import MORNING, assert_is_pdfa_3a
from tests.rendering.some_forms import typical

FORMS = [form for form in RULES if RULES[form].has("cosigners") and form is not Form.MINUTES]
NAMES = ("นายหนึ่ง ตัวอย่าง", "นางสองสี ตัวอย่าง", "นายสามารถ ตัวอย่าง", "นางสี่แพร่ง ตัวอย่าง", "นายห้าว ตัวอย่าง")
LONG = "ผู้อำนวยการสำนักส่งเสริมและพัฒนาระบบงานสารบรรณอิเล็กทรอนิกส์ของส่วนราชการ"


def where(pdf: bytes, page: int, words: str) -> tuple[float, float, float, float]:
    """The box of the last place at which these words stand on a page."""
    document = pdfium.PdfDocument(io.BytesIO(pdf))
    try:
        text = document[page].get_textpage()
        found = text.search(words)
        places = []
        while (at := found.get_next()) is not None:
            boxes = [text.get_charbox(number) for number in range(at[0], at[0] + at[1])]
            places.append((min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), boxes[0][3]))
        assert places, words
        return places[-1]
    finally:
        document.close()


def apart(one: SignatureBlock, other: SignatureBlock) -> bool:
    return one.x1 <= other.x0 or other.x1 <= one.x0 or one.y1 <= other.y0 or other.y1 <= one.y0


@pytest.mark.parametrize("count", [1, 2, MOST_COSIGNERS])
@pytest.mark.parametrize("form", FORMS)
def test_each_name_stands_below_its_own_place(renderer: PdfRenderer, form: Form, count: int) -> None:
    cosigners = [PageCosigner(name, [LONG if n == 0 else "กรรมการ"]) for n, name in enumerate(NAMES[:count])]
    letter = typical(form, cosigners=cosigners, signer_name="นางสาวปิ่นมณี รู้แจ้งกิจ", signer_titles=("อธิบดีกรมตัวอย่าง",))
    page = renderer.letter(letter, at=MORNING)
    blocks = (*page.cosigners, page.block)

    assert [block.name for block in blocks] == [*NAMES[:count], letter.signer_name]
    assert {block.page for block in blocks} == {page.block.page}
    assert all(apart(one, other) for one, other in combinations(blocks, 2))
    for block in blocks:
        assert block.x0 >= 0 and block.x1 <= paper.PAGE_WIDTH and block.y0 > 0 and block.y1 - block.y0 > 45
        left, _, right, top = where(page.pdf, block.page, block.name)
        assert (left + right) / 2 == pytest.approx((block.x0 + block.x1) / 2, abs=4)
        assert 0 <= block.y0 - top < 30, "just above the name"
    assert_is_pdfa_3a(page.pdf)


def test_one_who_signs_alone_stands_where_he_always_stood(renderer: PdfRenderer) -> None:
    alone = renderer.letter(typical(Form.ORDER), at=MORNING)

    assert alone.cosigners == ()
    assert (alone.block.x0 + alone.block.x1) / 2 == pytest.approx(paper.RIGHT_HALF, abs=0.01)


def test_the_recorder_of_minutes_has_a_place_when_he_signs_and_none_when_he_is_only_named(
    renderer: PdfRenderer,
) -> None:
    named = renderer.letter(typical(Form.MINUTES, signer_name="นายสมชาย ตรวจดี"), at=MORNING)
    recorder = PageCosigner("นายเขียน จดไว", ["นักวิชาการ"])
    signing = renderer.letter(typical(Form.MINUTES, signer_name="นายสมชาย ตรวจดี", cosigners=[recorder]), at=MORNING)

    assert named.cosigners == ()
    [place] = signing.cosigners
    assert (place.x0 + place.x1) / 2 == pytest.approx(paper.LEFT_HALF, abs=0.01)
    assert (signing.block.x0 + signing.block.x1) / 2 == pytest.approx(paper.RIGHT_HALF, abs=0.01)
    assert where(signing.pdf, place.page, "ผู้จดรายงานการประชุม")[2] < signing.block.x0
    assert where(signing.pdf, place.page, "ผู้ตรวจรายงานการประชุม")[0] > place.x1


def test_the_word_file_has_the_names_side_by_side_too(renderer: PdfRenderer) -> None:
    cosigners = [PageCosigner(name, ["กรรมการ"]) for name in NAMES[:2]]
    letter = typical(Form.ORDER, cosigners=cosigners)
    document = docx.Document(io.BytesIO(renderer.letter_docx(letter)))
    lines = [paragraph.text for paragraph in document.paragraphs]
    beside = next(line for line in lines if NAMES[0] in line)

    assert beside.split("\t")[1:] == [f"({NAMES[0]})", f"({NAMES[1]})"]
    assert any(letter.signer_name in line for line in lines[lines.index(beside) + 1 :])
