"""The verification code on a page: a QR code with the address of the public page, and below it what can be typed.

It stands in the left margin at the foot of the first page. The margin is 3 cm wide on every form, no line and no seal
reaches into it, and holes are punched higher up, so that nothing that the regulation measures moves or is covered.
"""

from __future__ import annotations

import io
from typing import Any

import segno

from saraban.domain.verification import TYPED_LETTERS, grouped
from saraban.rendering import paper
from saraban.rendering.paragraph import draw_text
from saraban.rendering.shaping import Typeface

LEFT, BOTTOM = 0.35 * paper.CM, 0.55 * paper.CM
"""The lower left corner of code and words on our own pages."""
SIDE = 2.4 * paper.CM
"""The code with its quiet zone."""
QUIET_MODULES = 4
"""White around the code, in its own squares (ISO/IEC 18004, 9.1)."""
WIDTH, HEIGHT = SIDE, SIDE + 15.0
BOX = (LEFT, BOTTOM, LEFT + WIDTH, BOTTOM + HEIGHT)
_CODE_BASELINE, _ADDRESS_BASELINE = 9.5, 2.5
_CODE_SIZE, _ADDRESS_SIZE, _SMALLEST = 10.0, 8.0, 5.0
_QUIET = SIDE / 11
_PLACE = "QR ตรวจสอบ"


PACK_SIDE = 3.0 * paper.CM
"""The code of a meeting's papers in the text of a letter: a hand with a telephone finds it from farther away."""


def draw_pack_code(canvas: Any, address: str, x: float, y: float) -> None:
    """The QR code of a meeting's papers with its lower left corner there."""
    draw_large_code(canvas, address, x, y, PACK_SIDE)


def draw_large_code(canvas: Any, text: str, x: float, y: float, side: float) -> None:
    """A QR code of that size with its lower left corner there."""
    canvas.saveState()
    _draw_code(canvas, text, x, y, side)
    canvas.restoreState()


def draw_verification(canvas: Any, address: str | None, face: Typeface, x: float = LEFT, y: float = BOTTOM) -> None:
    """The code of that address with its lower left corner there: "" draws the grey place that a draft keeps for it,
    None nothing."""
    if address is None:
        return
    canvas.saveState()
    if address:
        _draw_code(canvas, address, x, y + HEIGHT - SIDE)
        where, _, code = address.partition("://")[2].rpartition("/")
        _centred(canvas, grouped(code[:TYPED_LETTERS]), _CODE_SIZE, x, y + _CODE_BASELINE, face)
        _centred(canvas, where, _ADDRESS_SIZE, x, y + _ADDRESS_BASELINE, face)
    else:
        canvas.setStrokeColorRGB(*paper.GREY)
        canvas.setFillColorRGB(*paper.GREY)
        canvas.setLineWidth(0.7)
        canvas.setDash([3, 3])
        canvas.rect(x + _QUIET, y + HEIGHT - SIDE + _QUIET, SIDE - 2 * _QUIET, SIDE - 2 * _QUIET, stroke=1, fill=0)
        _centred(canvas, _PLACE, _CODE_SIZE, x, y + HEIGHT - SIDE / 2 - 3, face)
    canvas.restoreState()


def spoken(address: str) -> str:
    """What is said in its stead to those who do not see it."""
    where, _, code = address.partition("://")[2].rpartition("/")
    return f"QR ตรวจสอบหนังสือฉบับนี้ที่ {where} รหัส {grouped(code[:TYPED_LETTERS])}"


def qr_png(text: str) -> bytes:
    """A QR code as PNG, ten points a square."""
    out = io.BytesIO()
    segno.make(text, error="m", boost_error=False, micro=False).save(out, kind="png", scale=10, border=QUIET_MODULES)
    return out.getvalue()


def _draw_code(canvas: Any, text: str, x: float, y: float, side: float = SIDE) -> None:
    """Runs of dark squares as rectangles, one path; white around them is left as it is: paper."""
    rows = [list(row) for row in segno.make(text, error="m", boost_error=False, micro=False).matrix]
    module = side / (len(rows) + 2 * QUIET_MODULES)
    left, top = x + QUIET_MODULES * module, y + side - QUIET_MODULES * module
    path = canvas.beginPath()
    for number, row in enumerate(rows, start=1):
        at = 0
        while at < len(row):
            begin = at
            while at < len(row) and row[at]:
                at += 1
            if at > begin:
                path.rect(left + begin * module, top - number * module, (at - begin) * module, module)
            at += at == begin
    canvas.setFillColorRGB(*paper.BLACK)
    canvas.drawPath(path, stroke=0, fill=1)


def _centred(canvas: Any, words: str, size: float, x: float, y: float, face: Typeface) -> None:
    """Words in the middle of the code's width, smaller when they would be wider; left out when they could not be
    read then (a long address: the code has it anyway)."""
    font = face.regular
    size *= face.factor
    width = font.width(words, size)
    if width > WIDTH:
        size, width = size * WIDTH / width, WIDTH
    if size >= _SMALLEST * face.factor:
        draw_text(canvas, x + (WIDTH - width) / 2, y, words, font, size)
