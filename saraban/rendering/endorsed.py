"""The words of officers (เกษียน) on a marked copy: each in a block where the last page is blank, on more pages when that
is full."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.calendar import office_date, office_time
from saraban.domain.errors import RuleBroken
from saraban.rendering import paper
from saraban.rendering.paragraph import ThaiParagraph, draw_text
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import clean, one_line, short_thai_date, thai_digits
from saraban.rendering.uploads import REASONS
from saraban.usecases.papers import WrittenNote

MOST_BLOCKS = 60
_WIDE = 7.4 * paper.CM
_SIZE, _LEADING = 12.0, 15.0
_AROUND = 0.15 * paper.CM
_EDGE = 1.0 * paper.CM


def draw_notes(notes: Sequence[WrittenNote], face: Typeface) -> bytes:
    """A PDF with a small page for each note: what was written, and below it who, in which position and when. Not for
    two threads at once."""
    file = io.BytesIO()
    canvas: Any = Canvas(file, pagesize=(_WIDE, _LEADING), invariant=1, initialFontName=face.regular.fontName)
    size = _SIZE * face.factor
    for note in notes[:MOST_BLOCKS]:
        lines = _lines(note, face, size)
        high = 2 * _AROUND + _LEADING * len(lines)
        canvas.setPageSize((_WIDE, high))
        canvas.setFillColorRGB(1, 1, 1)
        canvas.setStrokeColorRGB(*paper.STAMP_BLUE)
        canvas.setLineWidth(0.5)
        canvas.rect(0.25, 0.25, _WIDE - 0.5, high - 0.5, stroke=1, fill=1)
        canvas.setFillColorRGB(*paper.STAMP_BLUE)
        for number, line in enumerate(lines):
            draw_text(canvas, _AROUND * 2, high - _AROUND - _LEADING * (number + 0.78), line, face.regular, size)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def put_notes(quarantine: Quarantine, pdf: bytes, notes: bytes) -> bytes:
    """A copy with the pages of `draw_notes` where its last page is blank, and on more pages. Raises RuleBroken."""
    try:
        return quarantine.run("write_notes", pdf + notes, original=len(pdf), edge=_EDGE)
    except TaskFailed as failed:
        raise RuleBroken(REASONS.get(failed.word, REASONS["damaged"])) from failed


def _lines(note: WrittenNote, face: Typeface, size: float) -> list[str]:
    room = _WIDE - 4 * _AROUND
    moment = office_time(note.at)
    when = f"{short_thai_date(office_date(note.at))} {thai_digits(f'{moment:%H.%M} น.')}"
    words = [*clean(note.text).splitlines(), f"({one_line(note.name)})", one_line(note.title), when]
    lines: list[str] = []
    for part in words:
        if part.strip():
            lines += [line.text for line in ThaiParagraph(part, face.regular, size, room, justify=False).lines()]
    return lines
