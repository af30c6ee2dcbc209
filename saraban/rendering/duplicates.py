"""The duplicate that the sender keeps (สำเนาคู่ฉบับ, clause 30): its name above every page, and at the foot of the last,
on the right, who drafted, typed and checked the letter. Where the last page has no room for that, it stands on a page
of its own, which names the letter, so that it belongs behind no other paper."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.errors import RuleBroken
from saraban.rendering import paper
from saraban.rendering.certified import HEAD, draw_sheet, rows_of
from saraban.rendering.paragraph import draw_text
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import one_line, short_thai_date
from saraban.rendering.uploads import REASONS
from saraban.usecases.papers import DuplicateMarks

WORD = "สำเนาคู่ฉบับ"
DUPLICATED = "หน้านี้เป็นหน้าสุดท้ายของสำเนาคู่ฉบับของหนังสือฉบับนี้"
_WORD_SIZE, _SIZE = 20.0, 12.0
_WORD_BOX = (5.0 * paper.CM, 0.9 * paper.CM)
_LINE = 17.0
_WIDE = 7.6 * paper.CM
_CAPTION = 1.7 * paper.CM
_EDGE = 1.0 * paper.CM


def duplicate(quarantine: Quarantine, pdf: bytes, draw: Callable[[int], tuple[bytes, float]]) -> bytes:
    """The copy with what `draw` gives: what is laid over it, and how high it may stand on a page of its own. It is
    asked with 0, and once more with the pages of the PDF when the last had no room. Raises RuleBroken."""
    place, copy = _laid(quarantine, pdf, *draw(0))
    if place["page"] >= place["pages"]:
        place, copy = _laid(quarantine, pdf, *draw(place["pages"]))
    return copy


def _laid(quarantine: Quarantine, pdf: bytes, drawn: bytes, under: float) -> tuple[dict[str, Any], bytes]:
    places = {"left": 0.0, "right": 0.0, "bottom": 0.0, "top": 0.0} | ({"under": under} if under else {})
    try:
        made = quarantine.run("certify", pdf + drawn, original=len(pdf), head=HEAD, edge=_EDGE, **places)
    except TaskFailed as failed:
        raise RuleBroken(REASONS.get(failed.word, REASONS["damaged"])) from failed
    line, _, copy = made.partition(b"\n")
    return json.loads(line), copy


def draw_duplicate(marks: DuplicateMarks, face: Typeface, pages: int = 0) -> tuple[bytes, float]:
    """A PDF of two small pages that `foreign_copies.certify` lays over a copy: the word, and the lines of those who had
    a hand in it. A line without a name is left dotted. With the number of pages that were copied there is a third, of a
    whole paper, which names the letter; how high the lines may begin there is told, too (0 without it). Not for two
    threads at once."""
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
    under = draw_sheet(canvas, DUPLICATED, rows_of(marks.of, pages), face) if pages else 0.0
    canvas.save()
    return file.getvalue(), under
