"""QR codes as a program of others reads them (zxing-cpp): on pages at the resolutions of a poor screen, an ordinary
scanner and a printer, and in pictures that are printed as large as they are meant to be."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image

RESOLUTIONS = (72, 150, 300)
"""Dots per inch at which every code must be read back."""
_INCH_CM = 2.54


def seen(pdf: bytes, number: int = 0, dpi: int = 150) -> Any:
    """A page as a grey picture, with what stands in the boxes of its signatures."""
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    picture = document[number].render(scale=dpi / 72).to_pil().convert("L")
    document.close()
    return picture


def read(pdf: bytes, number: int = 0, dpi: int = 150) -> list[str]:
    """What is read on a page, in order."""
    return sorted(found.text for found in zxingcpp.read_barcodes(seen(pdf, number, dpi)))


def read_at_all(pdf: bytes, number: int = 0) -> list[str]:
    """What is read on a page, the same at every resolution."""
    told = {dpi: read(pdf, number, dpi) for dpi in RESOLUTIONS}
    assert all(one == told[RESOLUTIONS[0]] for one in told.values()), told
    return told[RESOLUTIONS[0]]


def read_picture_at_all(data: bytes, side_cm: float) -> list[str]:
    """What is read in a square picture that is printed so large, the same at every resolution."""
    picture = Image.open(io.BytesIO(data)).convert("L")
    told = {}
    for dpi in RESOLUTIONS:
        side = round(side_cm / _INCH_CM * dpi)
        paper = Image.new("L", (2 * side, 2 * side), 255)
        paper.paste(picture.resize((side, side), Image.Resampling.BOX), (side // 2, side // 2))
        told[dpi] = sorted(found.text for found in zxingcpp.read_barcodes(paper))
    assert all(one == told[RESOLUTIONS[0]] for one in told.values()), told
    return told[RESOLUTIONS[0]]
