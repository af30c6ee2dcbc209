"""Photographed and scanned letters become pages; and where a stamp stands is told as it is then printed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from saraban.domain.errors import RuleBroken
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.papers import StampPlace
from tests.rendering.test_foreign import STAMP, a_pdf, blue_box, crop

MM = 25.4 / 72


def picture(size: tuple[int, int], mode: str = "RGB", kind: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, **more).save(out, kind)
    return out.getvalue()


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    return [(round(page.get_width()), round(page.get_height())) for page in pdfium.PdfDocument(pdf)]


@pytest.mark.parametrize(
    ("size", "page"),
    [((1654, 2339), (595, 842)), ((2339, 1654), (842, 595)), ((400, 400), (595, 595)), ((10, 900), (9, 842))],
)
def test_a_picture_is_as_large_as_it_can_be_on_a_sheet(
    renderer: PdfRenderer, size: tuple[int, int], page: tuple[int, int]
) -> None:
    assert sizes(renderer.picture_pdf(picture(size))) == [page]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colour_is_shown(renderer: PdfRenderer, mode: str) -> None:
    kind = "TIFF" if mode in ("CMYK", "I;16") else "PNG"

    assert renderer.check_upload(renderer.picture_pdf(picture((300, 400), mode, kind))) == 1


def test_what_shines_through_is_paper(renderer: PdfRenderer) -> None:
    pdf = renderer.picture_pdf(picture((300, 400), "RGBA", color=(0, 0, 0, 0)))

    image = pdfium.PdfDocument(pdf)[0].render(scale=0.2).to_pil().convert("L")
    assert image.getextrema()[0] > 250


def test_a_fax_of_several_pages_keeps_them(renderer: PdfRenderer) -> None:
    out = io.BytesIO()
    frames = [Image.new("1", (1728, 2200), 1) for _ in range(3)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], compression="group4")

    assert len(sizes(renderer.picture_pdf(out.getvalue()))) == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ไม่ใช่ภาพ"),
        (b"%PDF-1.7\n", "ไม่ใช่ภาพ"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ไม่ใช่ภาพ"),
        (picture((900, 900))[:200], "เสีย"),
    ],
)
def test_what_is_no_good_picture_is_refused_in_thai(renderer: PdfRenderer, data: bytes, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        renderer.picture_pdf(data)


def test_a_picture_that_unfolds_without_end_is_refused_in_thai(renderer: PdfRenderer) -> None:
    with pytest.raises(RuleBroken, match=r"ผิดปกติ|เสีย"):
        renderer.picture_pdf(picture((20_000, 20_000), "1"))


def turned(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.Rotate = 90


def enlarged(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.UserUnit = 2


@pytest.mark.parametrize("change", [lambda document: None, turned, crop, enlarged])
@pytest.mark.parametrize("place", [None, StampPlace(10, 20), StampPlace(900, 900)])
def test_where_the_stamp_is_said_to_stand_it_is_printed(
    renderer: PdfRenderer, change: Callable[[pikepdf.Pdf], None], place: StampPlace | None
) -> None:
    pdf = a_pdf(change=change)

    unit = 2 if change is enlarged else 1  # PDFium draws such a page in its own unit.

    spot = renderer.stamp_spot(pdf, place)
    left, top, right, _, wide, high = (edge * MM * unit for edge in blue_box(renderer.stamped_copy(pdf, STAMP, place)))

    assert spot.page_wide_mm == pytest.approx(wide, abs=1)
    assert spot.page_high_mm == pytest.approx(high, abs=1)
    assert spot.wide_mm == pytest.approx(50, abs=0.1)
    assert right - left == pytest.approx(spot.wide_mm, abs=1)
    assert left == pytest.approx(spot.left_mm, abs=1)
    if place != StampPlace(900, 900):  # There the words of the copy stand above the stamp.
        assert top == pytest.approx(spot.top_mm, abs=1)
    assert spot.left_mm + spot.wide_mm <= spot.page_wide_mm + 0.1
    assert spot.top_mm + spot.high_mm <= spot.page_high_mm + 0.1
