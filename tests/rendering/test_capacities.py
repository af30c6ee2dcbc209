"""What stands below the name of who signs for another (annex 3): his own post, then the capacity with the position."""

from __future__ import annotations

import io
from uuid import uuid4

import docx
import pypdfium2 as pdfium
import pytest

from saraban.domain.capacity import Acting, Capacity
from saraban.domain.classification import Form
from saraban.domain.delegation import DelegationId
from saraban.domain.forms import RULES
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.pages import PageCosigner
from tests.rendering.a_page import MORNING
from tests.rendering.some_forms import typical

HEAD = "อธิบดีกรมตัวอย่าง"
SIGNED = [form for form in RULES if RULES[form].has("cosigners") and form is not Form.MINUTES]


def lines_of(capacity: Capacity, *own: str) -> tuple[str, ...]:
    """The lines below the name of who acts for the head in this capacity."""
    return Acting("x", DelegationId(uuid4()), capacity, own or ("รองอธิบดีกรมตัวอย่าง",), HEAD, "", "").lines


def text_of(pdf: bytes) -> list[str]:
    document = pdfium.PdfDocument(io.BytesIO(pdf))
    try:
        return [line.strip() for page in document for line in page.get_textpage().get_text_bounded().splitlines()]
    finally:
        document.close()


@pytest.mark.parametrize("capacity", Capacity)
def test_the_capacity_stands_in_a_line_of_its_own_on_the_page_and_in_word(
    renderer: PdfRenderer, capacity: Capacity
) -> None:
    lines = lines_of(capacity)
    letter = typical(Form.EXTERNAL, signer_name="นายสมชาย ดีมาก", signer_titles=lines)
    printed = text_of(renderer.letter(letter, at=MORNING).pdf)
    at = printed.index("(นายสมชาย ดีมาก)")
    assert printed[at + 1 : at + 3] == ["รองอธิบดีกรมตัวอย่าง", f"{capacity.thai}{HEAD}"]

    paragraphs = [p.text.strip() for p in docx.Document(io.BytesIO(renderer.letter_docx(letter))).paragraphs]
    at = next(n for n, text in enumerate(paragraphs) if "(นายสมชาย ดีมาก)" in text)
    assert paragraphs[at + 1 : at + 3] == ["รองอธิบดีกรมตัวอย่าง", f"{capacity.thai}{HEAD}"]


@pytest.mark.parametrize("form", SIGNED)
def test_every_form_that_is_signed_has_room_for_stacked_capacities(renderer: PdfRenderer, form: Form) -> None:
    lines = lines_of(Capacity.ON_BEHALF, "ผู้อำนวยการสำนัก", "รักษาราชการแทนรองอธิบดีกรมตัวอย่าง")
    page = renderer.letter(typical(form, signer_name="นายสมชาย ดีมาก", signer_titles=lines), at=MORNING)
    printed = text_of(page.pdf)
    at = max(n for n, line in enumerate(printed) if line == "(นายสมชาย ดีมาก)")

    assert printed[at + 1 : at + 4] == list(lines)
    assert page.block.title == " ".join(lines)


def test_who_signs_besides_may_act_for_another_too(renderer: PdfRenderer) -> None:
    other = PageCosigner("นางสองสี ตัวอย่าง", lines_of(Capacity.DEPUTY))
    page = renderer.letter(typical(Form.ORDER, cosigners=[other]), at=MORNING)

    assert page.cosigners[0].title == f"รองอธิบดีกรมตัวอย่าง รักษาราชการแทน{HEAD}"
    assert "รักษาราชการแทน" in "".join(text_of(page.pdf))
