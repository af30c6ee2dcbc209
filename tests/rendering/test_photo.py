"""Photographs of persons: made anew from what was brought, and printed on certificates where form 10 has them."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pypdfium2 as pdfium
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput
from saraban.rendering import paper
from saraban.rendering.docx_letter import letter_docx
from saraban.rendering.renderer import PdfRenderer
from tests.rendering.a_page import MORNING, assert_is_pdfa_3a
from tests.rendering.docx_schema import faults
from tests.rendering.some_forms import typical
from tests.rendering.test_pictures import picture

BLUE = (20, 60, 230)
MM = 25.4 / 72


def made(renderer: PdfRenderer, data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(renderer.photo(data)))


@pytest.mark.parametrize(
    ("size", "then"),
    [((800, 1200), (600, 900)), ((300, 450), (300, 450)), ((1200, 1200), (600, 900)), ((240, 500), (240, 360))],
)
def test_a_photograph_is_cut_to_4_by_6_and_never_made_larger(
    renderer: PdfRenderer, size: tuple[int, int], then: tuple[int, int]
) -> None:
    assert made(renderer, picture(size)).size == then


def test_nothing_stays_of_where_and_with_what_it_was_taken(renderer: PdfRenderer) -> None:
    turned, out = Image.new("RGB", (1200, 800), BLUE), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "ผู้ผลิตกล้อง"
    exif.get_ifd(0x8825)[2] = (13.0, 45.0, 0.0)
    turned.save(out, "JPEG", exif=exif, comment=b"secret place", icc_profile=b"profile" * 99)

    photo = made(renderer, out.getvalue())

    assert photo.size == (600, 900), "it was turned upright before its notes were thrown away"
    assert not photo.getexif() and not {"exif", "comment", "icc_profile", "dpi"} & set(photo.info)


def test_a_picture_that_shines_through_stands_on_white_and_grey_becomes_colour(renderer: PdfRenderer) -> None:
    clear = made(renderer, picture((300, 450), "RGBA", color=(0, 0, 0, 0)))
    grey = made(renderer, picture((300, 450), "L", color=99))

    assert min(clear.getpixel((150, 200))) > 250 and grey.mode == "RGB"


@pytest.mark.parametrize("data", [b"", b"GIF89a", picture((9000, 9000), "1"), picture((300, 450))[:60]])
def test_what_is_no_photograph_is_refused_with_a_reason(renderer: PdfRenderer, data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        renderer.photo(data)

    assert "รูปถ่าย" in refused.value.fields["photo"]


WHOLE = {kind: picture((300, 450), kind=kind, color=BLUE) for kind in ("JPEG", "PNG")}


@settings(max_examples=60, deadline=5_000)
@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.integers(0, 5_000), st.binary(min_size=1, max_size=5)), min_size=1, max_size=6),
)
def test_a_damaged_photograph_is_printed_or_refused(kind: str, changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(WHOLE[kind])
    for place, octets in changes:
        at = place % len(data)
        data[at : at + len(octets)] = octets
    try:
        photo = made(SHARED, bytes(data))
    except BadInput as refused:
        assert "รูปถ่าย" in refused.fields["photo"]
    else:
        assert photo.width * 3 == pytest.approx(photo.height * 2, abs=4)


SHARED = PdfRenderer()


def certificate(**changes: Any) -> tuple[PdfRenderer, Any]:
    data = WHOLE["JPEG"]
    digest = Digest.of(data)
    letter = replace(typical(Form.CERTIFICATE), photo=digest, details={"holder": "นายกตัญญู ฎีกาวงศ์"}, **changes)
    return PdfRenderer(files={digest: data}.__getitem__), letter


@pytest.mark.parametrize("issued", [True, False])
def test_it_is_printed_4_by_6_at_the_left_below_the_date_with_the_seal_on_its_corner(issued: bool) -> None:
    renderer, letter = certificate(**({} if issued else {"number": None, "date": None}))
    try:
        page = renderer.letter(letter, at=MORNING)
    finally:
        renderer.close()

    assert_is_pdfa_3a(page.pdf)
    scale = 4
    seen = pdfium.PdfDocument(page.pdf)[0].render(scale=scale).to_pil().convert("RGB")
    blue = [(x, y) for y in range(0, seen.height, 2) for x in range(0, seen.width, 2)
            if seen.getpixel((x, y))[2] > 200 and seen.getpixel((x, y))[0] < 60]  # fmt: skip
    left, right = (edge(x for x, _ in blue) / scale * MM for edge in (min, max))
    top, bottom = (edge(y for _, y in blue) / scale * MM for edge in (min, max))
    assert (left, right - left, bottom - top) == pytest.approx((30, 40, 60), abs=0.4)
    corner = seen.crop(tuple(round(scale * v / MM) for v in (right - 18, bottom - 22, right + 20, bottom)))
    red = sum(r > 150 and g < 60 and b < 60 for r, g, b in corner.getdata())
    assert (red > 500) is issued
    assert page.block.x0 > paper.LEFT + paper.PHOTO_WIDTH, "the signature stands beside it"


def test_a_word_file_has_the_photograph_and_the_seal_over_it() -> None:
    renderer, letter = certificate()
    try:
        data = renderer.letter_docx(letter)
    finally:
        renderer.close()

    anchors = list(Document(io.BytesIO(data)).element.iter(qn("wp:anchor")))
    sizes = [int(one.find(qn("wp:extent")).get("cx")) / 360_000 for one in anchors]
    order = {round(size, 1): int(one.get("relativeHeight")) for size, one in zip(sizes, anchors, strict=True)}
    assert faults(data) == [] and order[4.5] > order[4.0]


def test_a_certificate_without_one_is_as_before() -> None:
    plain = letter_docx(typical(Form.CERTIFICATE), "TH Sarabun New")
    named = letter_docx(replace(typical(Form.CERTIFICATE), details={"holder": "นาย"}), "TH Sarabun New")

    texts = [[p.text for p in Document(io.BytesIO(data)).paragraphs] for data in (plain, named)]
    assert texts[0] == texts[1]
