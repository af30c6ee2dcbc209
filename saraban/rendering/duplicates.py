"""The duplicate that the sender keeps (สำเนาคู่ฉบับ, clause 30): its name above every page, and at the foot of the last,
on the right, who drafted, typed and checked the letter."""

from __future__ import annotations

import io
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.errors import RuleBroken
from saraban.rendering import paper
from saraban.rendering.certified import HEAD
from saraban.rendering.paragraph import draw_text
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import one_line, short_thai_date
from saraban.rendering.uploads import REASONS
from saraban.usecases.papers import DuplicateMarks

WORD = "สำเนาคู่ฉบับ"
_WORD_SIZE, _SIZE = 20.0, 12.0
_WORD_BOX = (5.0 * paper.CM, 0.9 * paper.CM)
_LINE = 17.0
_WIDE = 7.6 * paper.CM
_CAPTION = 1.7 * paper.CM
_EDGE = 1.0 * paper.CM


def duplicate(quarantine: Quarantine, pdf: bytes, drawn: bytes) -> bytes:
    """The copy with what `draw_duplicate` drew. Raises RuleBroken."""
    nowhere = {"left": 0.0, "right": 0.0, "bottom": 0.0, "top": 0.0}
    try:
        made = quarantine.run("certify", pdf + drawn, original=len(pdf), head=HEAD, edge=_EDGE, **nowhere)
    except TaskFailed as failed:
        raise RuleBroken(REASONS.get(failed.word, REASONS["damaged"])) from failed
    return made.partition(b"\n")[2]


def draw_duplicate(marks: DuplicateMarks, face: Typeface) -> bytes:
    """A PDF of two small pages that `foreign_copies.certify` lays over a copy: the word, and the lines of those who had
    a hand in it. A line without a name is left dotted. Not for two threads at once."""
    file = io.BytesIO()
    canvas: Any = Canvas(file, pagesize=_WORD_BOX, invariant=1, initialFontName=face.regular.fontName)
    size = _WORD_SIZE * face.factor
    left = (_WORD_BOX[0] - face.bold.width(WORD, size)) / 2
    draw_text(canvas, left, 0.22 * paper.CM, WORD, face.bold, size)
    canvas.showPage()
    high = _LINE * len(marks.hands) + 0.4 * _LINE
    canvas.setPageSize((_WIDE, high))
    for number, hand in enumerate(marks.hands, start=1):
        y = high - number * _LINE
        size = _SIZE * face.factor
        draw_text(canvas, 0, y, hand.caption, face.regular, size)
        day = short_thai_date(hand.on) if hand.on is not None else ""
        words = f"{one_line(hand.name)} {day}".strip() or "." * 48
        natural = face.regular.width(words, size)
        room = _WIDE - _CAPTION
        draw_text(canvas, _CAPTION, y, words, face.regular, size * min(1.0, room / natural))
    canvas.showPage()
    canvas.save()
    return file.getvalue()
