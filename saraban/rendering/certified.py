"""Certified copies (clause 31): the word สำเนา in the middle above every page, and the block สำเนาถูกต้อง with the name,
the position and the day, between which the signature of him who certifies is shown."""

from __future__ import annotations

import io
import json
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.calendar import office_date
from saraban.domain.errors import RuleBroken
from saraban.rendering import paper
from saraban.rendering.paragraph import balanced_lines, draw_text
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.shaping import ThaiTTFont, Typeface
from saraban.rendering.thai import one_line, thai_date
from saraban.rendering.uploads import REASONS
from saraban.usecases.papers import CertifiedPage, CopyCertificate
from saraban.usecases.proofs import SignatureBlock

WORD, CERTIFIED = "สำเนา", "สำเนาถูกต้อง"
_WORD_SIZE = 20.0
_WORD_BOX = (3.0 * paper.CM, 0.9 * paper.CM)
HEAD = 1.4 * paper.CM
"""From the upper edge to the lower edge of the word's box: above the garuda, which begins 1.5 cm down."""
_WIDE = 7.0 * paper.CM
_EDGE = 1.5 * paper.CM
_SIGNATURE_HEIGHT = 1.7 * paper.CM
_AROUND = 0.2 * paper.CM
_MORE_SIZE, _MORE_LEADING = 11.0, 13.0


def certified_copy(
    quarantine: Quarantine, pdf: bytes, drawn: bytes, high: float, certificate: CopyCertificate
) -> CertifiedPage:
    """The copy with what `draw_certificate` drew, its block so high, and the place for the signature. Raises
    RuleBroken."""
    top = high - _AROUND - paper.LEADING
    corners = {"left": _AROUND, "right": _WIDE - _AROUND, "bottom": top - _SIGNATURE_HEIGHT, "top": top}
    try:
        made = quarantine.run("certify", pdf + drawn, original=len(pdf), head=HEAD, edge=_EDGE, **corners)
    except TaskFailed as failed:
        raise RuleBroken(REASONS.get(failed.word, REASONS["damaged"])) from failed
    line, _, copy = made.partition(b"\n")
    place = json.loads(line)
    x0, y0, x1, y1 = place["box"]
    block = SignatureBlock(place["page"], x0, y0, x1, y1, certificate.name, certificate.title, certificate.digits)
    return CertifiedPage(copy, block)


def draw_certificate(certificate: CopyCertificate, face: Typeface) -> tuple[bytes, float]:
    """A PDF of two small pages that `foreign_copies.certify` lays over a copy, and the height of the second, the block.
    Not for two threads at once."""
    file = io.BytesIO()
    canvas: Any = Canvas(file, pagesize=_WORD_BOX, invariant=1, initialFontName=face.regular.fontName)
    _centred(canvas, _WORD_BOX[0] / 2, 0.22 * paper.CM, WORD, face.bold, _WORD_SIZE * face.factor)
    canvas.showPage()
    size = paper.TYPE_SIZE * face.factor
    room = _WIDE - 2 * _AROUND
    lines = [
        *balanced_lines(f"({one_line(certificate.name)})", face.regular, size, room),
        *balanced_lines(one_line(certificate.title), face.regular, size, room),
        thai_date(office_date(certificate.at)),
    ]
    small = _MORE_SIZE * face.factor
    more = balanced_lines(certificate.more, face.regular, small, room) if certificate.more else []
    high = 2 * _AROUND + paper.LEADING * (1 + len(lines)) + _SIGNATURE_HEIGHT + _MORE_LEADING * len(more)
    canvas.setPageSize((_WIDE, high))
    baseline = high - _AROUND - 0.75 * paper.LEADING
    _centred(canvas, _WIDE / 2, baseline, CERTIFIED, face.regular, size)
    for number, line in enumerate(lines):
        y = baseline - _SIGNATURE_HEIGHT - (number + 1) * paper.LEADING
        _centred(canvas, _WIDE / 2, y, line, face.regular, size)
    for number, line in enumerate(more):
        _centred(canvas, _WIDE / 2, y - (number + 1) * _MORE_LEADING, line, face.regular, small)
    canvas.showPage()
    canvas.save()
    return file.getvalue(), high


def _centred(canvas: Any, axis: float, y: float, text: str, font: ThaiTTFont, size: float) -> None:
    draw_text(canvas, axis - font.width(text, size) / 2, y, text, font, size)
