"""Certified copies (clause 31): the word สำเนา in the middle above every page, and the block สำเนาถูกต้อง with the name,
the position and the day, between which the signature of him who certifies is shown. Where the last page has no room for
the block, it stands on a page of its own, which names what it certifies, so that it belongs behind no other paper."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.calendar import office_date, office_time
from saraban.domain.errors import RuleBroken
from saraban.rendering import paper
from saraban.rendering.paragraph import ThaiParagraph, balanced_lines, draw_text
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.shaping import ThaiTTFont, Typeface
from saraban.rendering.thai import one_line, thai_date, thai_digits
from saraban.rendering.uploads import REASONS
from saraban.usecases.papers import CertifiedPage, CopiedLetter, CopyCertificate
from saraban.usecases.proofs import SignatureBlock

WORD, CERTIFIED = "สำเนา", "สำเนาถูกต้อง"
COPIED = "หน้านี้เป็นหน้าสุดท้ายของสำเนาหนังสือฉบับนี้"
_WORD_SIZE = 20.0
_WORD_BOX = (3.0 * paper.CM, 0.9 * paper.CM)
HEAD = 1.4 * paper.CM
"""From the upper edge to the lower edge of the word's box: above the garuda, which begins 1.5 cm down."""
_WIDE = 7.0 * paper.CM
_EDGE = 1.5 * paper.CM
_SIGNATURE_HEIGHT = 1.7 * paper.CM
_AROUND = 0.2 * paper.CM
_MORE_SIZE, _MORE_LEADING = 11.0, 13.0
_WORDS_WIDE = paper.TEXT_WIDTH - 2.4 * paper.CM


@dataclass(frozen=True)
class Certificate:
    """What is laid over a copy: a PDF of small pages, the height of the second, which is the block, and, where there is
    a third, how high above the lower edge of its paper the block may begin."""

    pdf: bytes
    high: float
    under: float | None = None


def certified_copy(
    quarantine: Quarantine, pdf: bytes, draw: Callable[[int], Certificate], certificate: CopyCertificate
) -> CertifiedPage:
    """The copy with what `draw` gives, and the place for the signature. It is asked with 0, and once more with the
    pages of the PDF when the block got a page of its own, which must say what it is about. Raises RuleBroken."""
    place, copy = _laid(quarantine, pdf, draw(0))
    if place["page"] >= place["pages"]:
        place, copy = _laid(quarantine, pdf, draw(place["pages"]))
    x0, y0, x1, y1 = place["box"]
    block = SignatureBlock(place["page"], x0, y0, x1, y1, certificate.name, certificate.title, certificate.digits)
    return CertifiedPage(copy, block)


def _laid(quarantine: Quarantine, pdf: bytes, drawn: Certificate) -> tuple[dict[str, Any], bytes]:
    top = drawn.high - _AROUND - paper.LEADING
    places = {"left": _AROUND, "right": _WIDE - _AROUND, "bottom": top - _SIGNATURE_HEIGHT, "top": top}
    if drawn.under is not None:
        places["under"] = drawn.under
    try:
        made = quarantine.run("certify", pdf + drawn.pdf, original=len(pdf), head=HEAD, edge=_EDGE, **places)
    except TaskFailed as failed:
        raise RuleBroken(REASONS.get(failed.word, REASONS["damaged"])) from failed
    line, _, copy = made.partition(b"\n")
    return json.loads(line), copy


def draw_certificate(certificate: CopyCertificate, face: Typeface, pages: int = 0) -> Certificate:
    """A PDF of two small pages that `foreign_copies.certify` lays over a copy: the word and the block. With the number
    of pages that were copied there is a third, of a whole paper, for a block that has it to itself. Not for two threads
    at once."""
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
    under = draw_sheet(canvas, COPIED, copied_rows(certificate, pages), face) if pages else None
    canvas.save()
    return Certificate(file.getvalue(), high, under)


def copied_rows(certificate: CopyCertificate, pages: int) -> list[tuple[str, str]]:
    """What a certificate on a page of its own says of the letter: captions with their words, as they are printed."""
    of, at = certificate.of, certificate.at
    made = f"จากระบบสารบรรณของ{of.system} วันที่ {thai_date(office_date(at))} เวลา {office_time(at):%H.%M} น."
    return rows_of(of, pages, [("ทำสำเนา", made)])


def rows_of(of: CopiedLetter, pages: int, more: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """What a page behind a copy says of the letter, which has so many pages."""
    rows = [
        ("ชนิด", of.kind),
        ("ของ", of.agency),
        ("ที่", of.number or "ไม่มีเลขที่"),
        ("ลงวันที่", thai_date(of.day) if of.day is not None else "ไม่มีวันที่"),
        ("เรื่อง", of.subject),
        *([("เลขรับ", of.received)] if of.received else []),
        ("จำนวน", f"{pages:,} หน้า ไม่รวมหน้านี้"),
        *more,
    ]
    return [(caption, thai_digits(one_line(words))) for caption, words in rows if words]


def draw_sheet(canvas: Any, heading: str, rows: Sequence[tuple[str, str]], face: Typeface) -> float:
    """Draw the page that says of what a copy is, and give the height at which what stands on it may begin."""
    size = paper.TYPE_SIZE * face.factor
    canvas.setPageSize((paper.PAGE_WIDTH, paper.PAGE_HEIGHT))
    y = paper.PLAIN_FIRST_BASELINE - paper.LEADING / 2
    _centred(canvas, paper.CENTRE, y, heading, face.bold, size)
    y -= paper.BEFORE
    for caption, words in rows:
        y -= paper.LEADING + paper.BEFORE
        draw_text(canvas, paper.LEFT, y, caption, face.bold, size)
        for missing in face.regular.lacks(words):
            words = words.replace(missing, "?")
        for number, line in enumerate(ThaiParagraph(words, face.regular, size, _WORDS_WIDE, justify=False).lines()):
            y -= paper.LEADING if number else 0.0
            draw_text(canvas, paper.RIGHT - _WORDS_WIDE, y, line.text, face.regular, size)
    canvas.showPage()
    return y - 1.5 * paper.LEADING


def _centred(canvas: Any, axis: float, y: float, text: str, font: ThaiTTFont, size: float) -> None:
    draw_text(canvas, axis - font.width(text, size) / 2, y, text, font, size)
