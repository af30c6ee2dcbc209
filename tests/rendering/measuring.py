"""Where things stand on a page, in millimetres from its upper left corner: letters by pdfium, ink by pixels."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from PIL import ImageChops

from saraban.rendering import paper

_DPI = 254
"""Ten pixels for a millimetre."""
MM = paper.CM / 10
TOLERANCE = 0.5
"""Millimetres."""


def mm(value: float) -> Any:
    """About so many millimetres."""
    return pytest.approx(value, abs=TOLERANCE)


@dataclass(frozen=True)
class Letters:
    """Words on a page: the page from 0, where their first letter begins, its baseline, and its type."""

    page: int
    left: float
    baseline: float
    right: float
    size: float
    bold: bool

    @property
    def middle(self) -> float:
        """The middle between where they begin and where they end."""
        return (self.left + self.right) / 2


def find(pdf: bytes, words: str, *, nth: int = 0) -> Letters:
    """The words where they occur for the nth time (from 0); -1 is the last time."""
    found = []
    document = pdfium.PdfDocument(pdf)
    for number, page in enumerate(document):
        text_page = page.get_textpage()
        text = text_page.get_text_range()
        at = text.find(words)
        while at >= 0:
            found.append(_letters(number, page, text_page, at, at + len(words)))
            at = text.find(words, at + 1)
    document.close()
    assert found, f"{words} is not on the page"
    return found[nth]


def baselines(pdf: bytes) -> list[tuple[int, float]]:
    """Every line of the document as its page and its baseline, each once."""
    out = set()
    document = pdfium.PdfDocument(pdf)
    for number, page in enumerate(document):
        text_page = page.get_textpage()
        for at, letter in enumerate(text_page.get_text_range()):
            # Marks above others are raised, so only letters with a place on the line count.
            if "ก" <= letter <= "ฮ" or "๐" <= letter <= "๙":
                out.add((number, round(_origin(page, text_page, at)[1], 1)))
    document.close()
    return sorted(out)


def sides(pdf: bytes) -> tuple[float, float]:
    """Where the leftmost letter of all pages begins and where the rightmost ends."""
    document = pdfium.PdfDocument(pdf)
    pages = [page.get_textpage() for page in document]
    boxes = [page.get_charbox(at, loose=True) for page in pages for at in range(page.count_chars())]
    boxes = [box for box in boxes if box[2] > box[0]]
    document.close()
    return min(box[0] for box in boxes) / MM, max(box[2] for box in boxes) / MM


def ink(pdf: bytes, page: int = 0, *, red: bool = False) -> Any:
    """The page as a picture in which ink is white and paper black, ten pixels for a millimetre; red ink alone when it
    is asked for."""
    document = pdfium.PdfDocument(pdf)
    picture = document[page].render(scale=_DPI / 72).to_pil().convert("RGB")
    document.close()
    r, g, _ = picture.split()
    if red:
        g = g.point(lambda value: 255 if value < 120 else 0)
        r = r.point(lambda value: 255 if value > 150 else 0)
        return ImageChops.multiply(r, g)
    return g.point(lambda value: 255 if value < 128 else 0)


def ink_box(picture: Any, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    """The smallest box, in millimetres, around the ink within another."""
    box = picture.crop(tuple(round(side * 10) for side in (left, top, right, bottom))).getbbox()
    assert box, "there is no ink"
    return (left + box[0] / 10, top + box[1] / 10, left + box[2] / 10, top + box[3] / 10)


def is_blank(pdf: bytes, page: int, x0: float, y0: float, x1: float, y1: float) -> bool:
    """Is there no ink in this box, which is given in points as a signature block is?"""
    high = paper.PAGE_HEIGHT
    box = tuple(round(side / MM * 10) for side in (x0, high - y1, x1, high - y0))
    return ink(pdf, page).crop(box).getbbox() is None


def _letters(number: int, page: Any, text_page: Any, begin: int, end: int) -> Letters:
    left, baseline = _origin(page, text_page, begin)
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(100)
    raw.FPDFText_GetFontInfo(text_page, begin, name, 100, flags)
    _, _, right, _ = text_page.get_charbox(end - 1, loose=True)
    size = raw.FPDFText_GetFontSize(text_page, begin)
    return Letters(number, left, baseline, right / MM, size, b"Bold" in name.value)


def _origin(page: Any, text_page: Any, at: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    assert raw.FPDFText_GetCharOrigin(text_page, at, x, y)
    return x.value / MM, (page.get_height() - y.value) / MM
