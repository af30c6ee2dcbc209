"""The receiving stamp, ตรารับหนังสือ (form 12; clauses 37 and 78): 2.5 by 5 cm, agency, เลขรับ, วันที่, เวลา."""

from __future__ import annotations

import io
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.calendar import office_date, office_time
from saraban.rendering import paper
from saraban.rendering.paragraph import balanced_lines, draw_text
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import clean, short_thai_date, thai_digits
from saraban.usecases.papers import ReceivingStamp

COPY_WORDS = "สำเนาประทับตรารับ"
COPY_WORDS_SIZE = (3.4 * paper.CM, 0.6 * paper.CM)
"""Width and height of the second page of `draw_stamp`."""

_INSET = 0.22 * paper.CM
_AGENCY_SIZE = 13.0
_LINE_SIZE = 13.0
_SMALLEST = 6.0
_COPY_TYPE = 12.0


def draw_stamp(stamp: ReceivingStamp, face: Typeface) -> bytes:
    """A PDF of two small pages that `foreign.put_stamp` lays over a copy: the stamp, and the words in the margin.
    Not for two threads at once with one typeface: fonts have state."""
    file = io.BytesIO()
    canvas = _stamped_canvas(file, stamp, face)
    canvas.setPageSize(COPY_WORDS_SIZE)
    canvas.setFillColorRGB(*paper.STAMP_BLUE)
    size = _COPY_TYPE * face.factor
    width = face.bold.width(COPY_WORDS, size)
    draw_text(canvas, COPY_WORDS_SIZE[0] - width, 0.17 * paper.CM, COPY_WORDS, face.bold, size)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def draw_sticker(stamp: ReceivingStamp, face: Typeface) -> bytes:
    """The stamp alone, on a page of its size: for a label printer, and as the face of a seal."""
    file = io.BytesIO()
    _stamped_canvas(file, stamp, face).save()
    return file.getvalue()


def _stamped_canvas(file: io.BytesIO, stamp: ReceivingStamp, face: Typeface) -> Any:
    """A canvas whose first page is the stamp."""
    size = (paper.STAMP_WIDTH, paper.STAMP_HEIGHT)
    canvas: Any = Canvas(file, pagesize=size, invariant=1, initialFontName=face.regular.fontName)
    canvas.setFillColorRGB(*paper.STAMP_BLUE)
    canvas.setStrokeColorRGB(*paper.STAMP_BLUE)
    _draw_frame(canvas)
    _draw_agency(canvas, clean(stamp.agency_name), face)
    moment = office_time(stamp.at)
    lines = (
        ("เลขรับ", thai_digits(clean(stamp.number))),
        ("วันที่", short_thai_date(office_date(stamp.at))),
        ("เวลา", thai_digits(f"{moment:%H.%M} น.")),
    )
    for index, (caption, value) in enumerate(lines):
        _draw_field(canvas, (1.36 - index * 0.53) * paper.CM, caption, value, face)
    canvas.showPage()
    return canvas


def _draw_frame(canvas: Any) -> None:
    """The border, all of it inside the 2.5 by 5 cm, on white so that the stamp can be read over anything."""
    canvas.setLineWidth(0.9)
    canvas.saveState()
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(0.45, 0.45, paper.STAMP_WIDTH - 0.9, paper.STAMP_HEIGHT - 0.9, stroke=1, fill=1)
    canvas.restoreState()


def _draw_agency(canvas: Any, name: str, face: Typeface) -> None:
    """The agency's name at the top, on one line or two, smaller when it must be."""
    room = paper.STAMP_WIDTH - 2 * _INSET
    size = _AGENCY_SIZE * face.factor
    lines = [name]
    if face.bold.width(name, size) > room:
        size *= 0.80
        lines = balanced_lines(name, face.bold, size, room)
        while len(lines) > 2 and size > _SMALLEST * face.factor:
            size -= 0.5
            lines = balanced_lines(name, face.bold, size, room)
    top = 1.92 * paper.CM if len(lines) == 1 else 2.17 * paper.CM
    for index, line in enumerate(lines[:2]):
        x = (paper.STAMP_WIDTH - face.bold.width(line, size)) / 2
        draw_text(canvas, x, top - index * size / face.factor * 1.05, line, face.bold, size)


def _draw_field(canvas: Any, y: float, caption: str, value: str, face: Typeface) -> None:
    """A caption, a dotted line, and what is written on it."""
    size = _LINE_SIZE * face.factor
    left, right = 1.25 * paper.CM, paper.STAMP_WIDTH - _INSET
    draw_text(canvas, _INSET, y, caption, face.regular, size)
    canvas.saveState()
    canvas.setLineWidth(0.5)
    canvas.setDash(0.6, 1.4)
    canvas.line(left, y - 2.2, right, y - 2.2)
    canvas.restoreState()
    width = face.regular.width(value, size)
    if width > right - left:
        size, width = size * (right - left) / width, right - left
    draw_text(canvas, (left + right - width) / 2, y, value, face.regular, size)
