"""What stands in the visible block of a digital signature: that it is one, whose, and when (ETDA 23-2563, type 3)."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.calendar import office_date, office_time
from saraban.rendering.paragraph import draw_text
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import clean, short_thai_date, thai_digits
from saraban.usecases.proofs import SignatureBlock

_INK = (0.14, 0.27, 0.48)
_CAPTION = "ลงลายมือชื่อดิจิทัลโดย"
_CAPTION_SIZE, _NAME_SIZE = 11.0, 17.0


def draw_block(block: SignatureBlock, at: datetime, face: Typeface) -> bytes:
    """A one-page PDF of the block's size: caption, name, moment, centred. Not for two threads at once."""
    width, height = block.x1 - block.x0, block.y1 - block.y0
    file = io.BytesIO()
    canvas: Any = Canvas(file, pagesize=(width, height), invariant=1, initialFontName=face.regular.fontName)
    canvas.setFillColorRGB(*_INK)
    moment = f"{short_thai_date(office_date(at))} {thai_digits(f'{office_time(at):%H.%M}')} น."
    lines = (
        (_CAPTION, face.regular, _CAPTION_SIZE, 0.76),
        (clean(block.name), face.bold, _NAME_SIZE, 0.43),
        (moment, face.regular, _CAPTION_SIZE, 0.16),
    )
    for text, font, size, place in lines:
        size *= face.factor
        natural = font.width(text, size)
        if natural > width - 4:
            size, natural = size * (width - 4) / natural, width - 4
        draw_text(canvas, (width - natural) / 2, height * place, text, font, size)
    canvas.showPage()
    canvas.save()
    return file.getvalue()
