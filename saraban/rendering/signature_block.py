"""What stands in the visible block of a digital signature: that it is one, whose, and when (ETDA 23-2563, type 3)."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from saraban.domain.calendar import office_date, office_time
from saraban.domain.errors import BadInput
from saraban.rendering.paragraph import draw_text
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.shaping import ThaiTTFont, Typeface
from saraban.rendering.thai import clean, short_thai_date, thai_digits
from saraban.usecases.proofs import SignatureBlock

_INK = (0.14, 0.27, 0.48)
_CAPTION = "ลงลายมือชื่อดิจิทัลโดย"
_CAPTION_SIZE, _NAME_SIZE = 11.0, 17.0
_SMALL, _PICTURE_FROM = 9.5, 0.36


_REASONS = {
    "not-picture": "ไฟล์นี้ไม่ใช่ภาพ PNG หรือ JPEG เลือกไฟล์อื่น",
    "blank": "ไม่พบลายเซ็นในภาพ เซ็นด้วยหมึกเข้มบนกระดาษขาว แล้วถ่ายหรือสแกนใหม่",
    "full": "ภาพมืดหรือมีพื้นเต็มภาพ ถ่ายลายเซ็นบนกระดาษขาวให้สว่างทั้งแผ่น",
    "shape": "ลายเซ็นสูงเกินสามเท่าของความกว้าง หมุนหรือตัดภาพให้เหลือเฉพาะลายเซ็น",
    "bomb": "ภาพมีขนาดเกิน 40 ล้านจุด ย่อภาพแล้วลองอีกครั้ง",
    "limits": "ภาพใช้หน่วยความจำหรือเวลามากเกินกำหนด จึงไม่รับ",
    "damaged": "ภาพเสีย อ่านไม่ได้ บันทึกใหม่แล้วลองอีกครั้ง",
}


def normalised_signature(quarantine: Quarantine, data: bytes) -> bytes:
    """What an officer brought as the picture of his signature, as the file that is kept. Raises BadInput({"file": …})
    with the reason in Thai."""
    try:
        return quarantine.run("signature", data)
    except TaskFailed as failed:
        raise BadInput({"file": _REASONS.get(failed.word, _REASONS["damaged"])}) from failed


def draw_block(block: SignatureBlock, at: datetime, face: Typeface, picture: bytes | None = None) -> bytes:
    """A one-page PDF of the block's size: caption, name, moment, centred; with the officer's picture (a PNG of ours)
    that stands above them, and they are smaller. Not for two threads at once."""
    width, height = block.x1 - block.x0, block.y1 - block.y0
    file = io.BytesIO()
    canvas: Any = Canvas(file, pagesize=(width, height), invariant=1, initialFontName=face.regular.fontName)
    canvas.setFillColorRGB(*_INK)
    moment = f"{short_thai_date(office_date(at))} {thai_digits(f'{office_time(at):%H.%M}')} น."
    lines: tuple[tuple[str, ThaiTTFont, float, float], ...] = (
        (_CAPTION, face.regular, _CAPTION_SIZE, 0.76),
        (clean(block.name), face.bold, _NAME_SIZE, 0.43),
        (moment, face.regular, _CAPTION_SIZE, 0.16),
    )
    if picture is not None:
        _draw_picture(canvas, picture, width, height)
        lines = (
            (f"{_CAPTION} {clean(block.name)}", face.regular, _SMALL, 0.22),
            (moment, face.regular, _SMALL, 0.05),
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


def _draw_picture(canvas: Any, picture: bytes, width: float, height: float) -> None:
    """The picture as large as it can be in the upper part of the block."""
    image = ImageReader(io.BytesIO(picture))
    wide, high = image.getSize()
    room = height * (1 - _PICTURE_FROM)
    scale = min((width - 8) / wide, room / high)
    left, bottom = (width - wide * scale) / 2, height * _PICTURE_FROM + (room - high * scale) / 2
    canvas.drawImage(image, left, bottom, wide * scale, high * scale, mask="auto")
