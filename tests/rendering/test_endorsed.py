"""What officers wrote on a marked copy: every word is there, nothing of the letter is covered, and pages are added when
there is no room."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from saraban.domain.classification import Digits
from saraban.domain.errors import RuleBroken
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.papers import WrittenNote
from tests.builders import NOW


def _page(lines: int) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    for number in range(lines):
        canvas.drawString(60, 780 - number * 16, f"line {number} of the letter that came in, all across the page " * 2)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _notes(count: int) -> list[WrittenNote]:
    text = "เพื่อดำเนินการ: กองกฎหมาย\nเพื่อโปรดพิจารณา"
    return [WrittenNote(f"{text} {n}", "นางปราณี มีสุข", "หัวหน้าส่วนราชการ", NOW) for n in range(count)]


def _texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


@pytest.mark.parametrize(("lines", "count", "pages"), [(10, 2, 1), (46, 2, 2), (10, 30, 3)])
def test_notes_stand_where_the_page_is_blank_and_go_on_when_it_is_full(
    renderer: PdfRenderer, lines: int, count: int, pages: int
) -> None:
    copy = renderer.endorsed_copy(_page(lines), _notes(count), Digits.THAI)
    texts = _texts(copy)

    assert len(texts) == pages
    assert texts[0].count("of the letter") == lines * 2
    assert sum(text.count("หัวหน้าส่วนราชการ") for text in texts) == count


def test_a_page_that_cannot_be_read_is_told(renderer: PdfRenderer) -> None:
    with pytest.raises(RuleBroken):
        renderer.endorsed_copy(b"%PDF-1.7 nothing", _notes(1), Digits.THAI)
