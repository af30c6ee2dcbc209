"""Pictures of signatures: the paper goes and the ink stays; what is none is refused with its reason."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.proofs import SignatureBlock
from tests.builders import NOW
from tests.rendering.signatures_drawn import drawn, photographed, strokes, written

KEPT: dict[Digest, bytes] = {}


@pytest.fixture(scope="module")
def press() -> Iterator[PdfRenderer]:
    """A renderer that opens the files that were kept here."""
    made = PdfRenderer(files=KEPT.__getitem__)
    yield made
    made.close()


@pytest.mark.parametrize("brought", [drawn, photographed], ids=["drawn", "photographed"])
def test_the_ink_stays_on_nothing_and_is_cut_to_its_edges(press: PdfRenderer, brought) -> None:  # type: ignore[no-untyped-def]
    picture = Image.open(io.BytesIO(press.signature_picture(brought())))

    assert picture.format == "PNG" and picture.mode == "RGBA"
    assert picture.width <= 900 and picture.height <= 360
    ink = picture.getchannel("A")
    assert all(ink.getpixel(corner) < 60 for corner in ((0, 0), (picture.width - 1, 0)))  # type: ignore[operator]
    box = ink.point(lambda value: 255 if value > 128 else 0).getbbox()
    assert box is not None and box[0] < 12 and box[1] < 12, "cut to the ink"
    assert picture.width - box[2] < 12 and picture.height - box[3] < 12
    colours = picture.convert("RGB").getcolors()
    assert colours is not None and len(colours) == 1, "one ink"
    red, _, blue = colours[0][1]  # type: ignore[misc]
    assert blue > red, "blue ink stays blue"


def test_equal_input_gives_equal_bytes_without_what_a_camera_says(press: PdfRenderer) -> None:
    once, again = press.signature_picture(photographed()), press.signature_picture(photographed())

    assert once == again and len(once) < 100_000
    assert b"Exif" not in once and b"tEXt" not in once


def hatched() -> Image.Image:
    """A sheet that is full of thick lines."""
    sheet = Image.new("L", (900, 400), 255)
    pen = ImageDraw.Draw(sheet)
    for y in range(0, 400, 40):
        pen.rectangle((0, y, 900, y + 29), fill=0)
    return sheet


REFUSED = {
    "nothing on it": (written(Image.new("RGB", (900, 400), "white")), "ไม่พบลายเซ็น"),
    "all lines": (written(hatched()), "มืด"),
    "no picture": (b"%PDF-1.7 not a picture", "ไม่ใช่ภาพ"),
    "upright": (written(strokes(Image.new("RGB", (1600, 500), "white"), (0, 0, 0)).rotate(90, expand=True)), "สูงเกิน"),
    "cut off": (drawn()[:400], "เสีย"),
    "huge": (written(Image.new("1", (8000, 6000), 1)), "40 ล้าน"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_shows_no_signature_is_refused_with_its_reason(press: PdfRenderer, case: str) -> None:
    data, words = REFUSED[case]
    with pytest.raises(BadInput) as refused:
        press.signature_picture(data)

    assert words in refused.value.fields["file"]


def test_the_picture_is_printed_in_the_block_above_name_and_moment(press: PdfRenderer) -> None:
    kept = press.signature_picture(drawn())
    KEPT[Digest.of(kept)] = kept
    block = SignatureBlock(0, 0, 0, 198, 63, "นางปราณี มีสุข", "หัวหน้า")
    plain = press.signature_block(block, NOW)
    shown = press.signature_block(replace(block, picture=Digest.of(kept)), NOW)

    with pikepdf.open(io.BytesIO(shown)) as document:
        [image] = [one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/SMask") is not None]
        assert int(image.Width) <= 900
    with pikepdf.open(io.BytesIO(plain)) as document:
        assert not [one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/SMask")]
    document = pdfium.PdfDocument(shown)
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    assert "ลงลายมือชื่อดิจิทัลโดย นางปราณี มีสุข" in words.replace("\r\n", " ")
