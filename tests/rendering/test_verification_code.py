"""The verification code on paper: read again by a program, in the margin, over nothing, and nothing moves for it."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
import zxingcpp
from PIL import ImageChops
from reportlab.pdfgen.canvas import Canvas

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.ready import ReadyPage, Spot
from saraban.rendering import paper, qr
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.pages import Page, PageLetter
from tests.rendering.a_page import MORNING, assert_is_pdfa_3a
from tests.rendering.codes import read, seen
from tests.rendering.measuring import MM, find
from tests.rendering.some_forms import SAMPLES, long, typical

ADDRESS = "https://saraban.example.go.th/v/7K3MQ2XF9TBD0123WXYZ"
LONGEST = "https://" + "a" * 52 + "/v/7K3MQ2XF9TBD0123WXYZ"


@pytest.fixture(scope="module")
def renderer():
    made = PdfRenderer()
    yield made
    made.close()


def with_code(letter: PageLetter, address: str | None = ADDRESS) -> PageLetter:
    return replace(letter, verification=address)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_form_of_every_length_has_it_on_the_first_page_over_nothing(renderer, name: str) -> None:
    letter = SAMPLES[name].letter
    bare, coded = (renderer.letter(one, at=MORNING) for one in (letter, with_code(letter)))

    assert read(coded.pdf) == [ADDRESS]
    assert (coded.pages, coded.block) == (bare.pages, bare.block)
    for number in range(bare.pages):
        before, after = seen(bare.pdf, number, 72), seen(coded.pdf, number, 72)
        changed = ImageChops.difference(before, after).getbbox()
        if number:
            assert changed is None
            continue
        left, top, right, bottom = changed
        assert right <= paper.LEFT - 2 * MM and left >= 3 * MM
        assert top >= paper.PAGE_HEIGHT - 4 * paper.CM and bottom <= paper.PAGE_HEIGHT - 5 * MM
        assert ImageChops.invert(before).crop(changed).getbbox() is None


def test_the_longest_address_still_makes_squares_that_a_telephone_reads(renderer) -> None:
    pdf = renderer.letter(with_code(typical(Form.EXTERNAL), LONGEST), at=MORNING).pdf

    assert read(pdf, dpi=110) == [LONGEST]
    assert len(zxingcpp.read_barcodes(seen(pdf))) == 1


def test_white_stands_around_it_and_it_is_large_enough(renderer) -> None:
    picture = seen(renderer.letter(with_code(typical(Form.EXTERNAL)), at=MORNING).pdf, dpi=254)
    corners = zxingcpp.read_barcodes(picture)[0].position
    wide = (corners.top_right.x - corners.top_left.x) / 10
    module = wide / 33

    assert 18 < wide < 21
    ink = ImageChops.invert(picture)
    for side in (
        (corners.top_left.x - 40 * module, corners.top_left.y, corners.top_left.x - 5, corners.bottom_left.y),
        (corners.top_right.x + 5, corners.top_left.y, corners.top_right.x + 40 * module, corners.bottom_left.y),
        (corners.top_left.x, corners.top_left.y - 40 * module, corners.top_right.x, corners.top_left.y - 5),
        (corners.bottom_left.x, corners.bottom_left.y + 5, corners.top_right.x, corners.bottom_left.y + 40 * module),
    ):
        assert ink.crop(tuple(round(edge) for edge in side)).getbbox() is None


def test_what_can_be_typed_stands_below_it_as_text(renderer) -> None:
    pdf = renderer.letter(with_code(typical(Form.ORDER)), at=MORNING).pdf

    typed, where = find(pdf, "7K3M-Q2XF-9TBD"), find(pdf, "saraban.example.go.th/v")
    assert typed.page == where.page == 0
    assert typed.baseline < where.baseline < 297 - 5
    assert typed.right < 30 and where.right < 30


def test_a_page_with_it_is_still_pdfa(renderer) -> None:
    assert_is_pdfa_3a(renderer.letter(with_code(long(Form.MEMORANDUM)), at=MORNING, data=b"{}").pdf)


def test_a_draft_keeps_the_place_in_grey(renderer) -> None:
    draft = replace(typical(Form.EXTERNAL), number=None, date=None)
    pdf = renderer.letter(with_code(draft, ""), at=MORNING).pdf
    changed = ImageChops.difference(seen(renderer.letter(draft, at=MORNING).pdf, dpi=72), seen(pdf, dpi=72)).getbbox()

    assert read(pdf) == []
    assert find(pdf, "QR").page == 0
    assert changed[2] <= paper.LEFT - 2 * MM
    assert seen(pdf, dpi=72).crop(changed).getextrema()[0] > 60


# --- pages that were written elsewhere ------------------------------------------------------------------------------


def a_ready_pdf(*ink: tuple[float, float, float, float], turn: int = 0, pages: int = 1) -> bytes:
    """A PDF of A4 with dark rectangles on its first page (x, y, wide, high)."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595.28, 841.89), invariant=1)
    for number in range(pages):
        canvas.setPageRotation(turn)
        for one in ink if number == 0 else ():
            canvas.rect(*one, fill=1)
        canvas.showPage()
    canvas.save()
    with pikepdf.open(io.BytesIO(out.getvalue())) as document:
        for page in document.pages:
            page.obj.Resources = pikepdf.Dictionary()
        made = io.BytesIO()
        document.save(made)
    return made.getvalue()


def ready_page(pdf: bytes, **marks: Spot | None) -> Page:
    digest = Digest.of(pdf)
    renderer = PdfRenderer(files={digest: pdf}.__getitem__)
    ready = ReadyPage(digest, "หนังสือ.pdf", 1, **marks)
    try:
        return renderer.letter(replace(with_code(typical(Form.EXTERNAL)), ready=ready), at=MORNING)
    finally:
        renderer.close()


def middle_of(pdf: bytes) -> tuple[float, float]:
    """Where the code stands, from the upper left corner in parts of the page."""
    picture = seen(pdf)
    at = zxingcpp.read_barcodes(picture)[0].position
    return (at.top_left.x + at.bottom_right.x) / 2 / picture.width, (
        at.top_left.y + at.bottom_right.y
    ) / 2 / picture.height


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_ready_page_has_it_in_the_corner_that_is_blank(turn: int) -> None:
    page = ready_page(a_ready_pdf((300, 400, 20, 20), turn=turn))

    assert read(page.pdf) == [ADDRESS] and not page.crowded
    x, y = middle_of(page.pdf)
    assert x < 0.2 and y > 0.8


def test_a_ready_page_with_a_taken_corner_has_it_in_the_other_one() -> None:
    page = ready_page(a_ready_pdf((50, 50, 5, 5)))
    x, y = middle_of(page.pdf)

    assert x > 0.8 and y > 0.8 and not page.crowded


def test_our_own_marks_take_a_corner_too() -> None:
    signature, number = Spot(1, 5, 265), Spot(1, 185, 270)

    assert middle_of(ready_page(a_ready_pdf(), signature=signature).pdf)[0] > 0.8
    assert ready_page(a_ready_pdf(), signature=signature, number=number).crowded


def test_a_full_ready_page_goes_without_it_and_says_so() -> None:
    page = ready_page(a_ready_pdf((40, 40, 500, 10)))

    assert page.crowded and read(page.pdf) == []


def test_the_place_is_the_same_on_ready_pages_as_on_ours() -> None:
    ours = middle_of(PdfRenderer().letter(with_code(typical(Form.EXTERNAL)), at=MORNING).pdf)

    assert middle_of(ready_page(a_ready_pdf()).pdf) == pytest.approx(ours, abs=0.005)
    assert pytest.approx(9.92, abs=0.01) == qr.LEFT and pytest.approx(15.59, abs=0.01) == qr.BOTTOM
