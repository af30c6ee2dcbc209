"""Issued documents as files: the page, what the agency's seal shows on it, and a print-out that says when it was
printed (section 10 of the Electronic Transactions Act, last part)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.calendar import office_date, office_time
from saraban.domain.errors import RuleBroken
from saraban.exchange.issued_data import JSON_NAME, XML_NAME
from saraban.rendering import paper
from saraban.rendering.emblem import Emblem
from saraban.rendering.forms.issued import as_letter, issued_document
from saraban.rendering.frame import Drawn, draw
from saraban.rendering.given import cleaned
from saraban.rendering.paragraph import draw_text
from saraban.rendering.pdfa import AttachedData
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.shaping import ThaiTTFont, Typeface
from saraban.rendering.thai import clean, one_line, short_thai_date, thai_digits
from saraban.rendering.uploads import REASONS
from saraban.usecases.pages import IssuedPage, PageData, PrintMarks
from saraban.usecases.proofs import SignatureBlock

_ABOUT = "ข้อมูลของเอกสารฉบับนี้"
_SEAL_INK = (0.14, 0.27, 0.48)
_PRINTED = (0.3, 0.3, 0.3)
_LINE_SIZE, _LINE_HIGH = 11.0, 13.0
_HEAD = 0.25 * paper.CM
"""From the upper edge to the lower edge of the line's box, above its height."""
_NOTHING = (4.0, 4.0)


def draw_issued(page: IssuedPage, face: Typeface, emblem: Emblem | None) -> Drawn:
    """The pages. Raises BadInput by field for characters that cannot be printed. Not for two threads at once."""
    letter = cleaned(as_letter(page), face)
    return draw(issued_document(letter, face, emblem), letter, face)


def attachments(data: PageData | None) -> Sequence[AttachedData]:
    """The files that lie in the document's file, in the order of their names."""
    if data is None:
        return ()
    return (
        AttachedData(JSON_NAME, "application/json", data.json, f"{_ABOUT} (JSON)"),
        AttachedData(XML_NAME, "application/xml", data.xml, f"{_ABOUT} (XML)"),
    )


def draw_seal(block: SignatureBlock, at: datetime, face: Typeface) -> bytes:
    """What the agency's seal shows in the place of a signature: a one-page PDF of the block's size."""
    width, height = block.x1 - block.x0, block.y1 - block.y0
    file = io.BytesIO()
    canvas: Any = Canvas(file, pagesize=(width, height), invariant=1, initialFontName=face.regular.fontName)
    canvas.setFillColorRGB(*_SEAL_INK)
    moment = f"{short_thai_date(office_date(at))} {thai_digits(f'{office_time(at):%H.%M}')} น."
    lines = (
        ("ประทับตราอิเล็กทรอนิกส์โดย", face.regular, 11.0, 0.76),
        (clean(block.name), face.bold, 16.0, 0.43),
        (moment, face.regular, 11.0, 0.16),
    )
    for text, font, size, place in lines:
        _centred(canvas, width, height * place, text, font, size * face.factor)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def draw_print_marks(marks: PrintMarks, face: Typeface) -> bytes:
    """A PDF of two small pages that `foreign_copies.certify` lays over a copy: the lines that stand above every page,
    and nothing. Not for two threads at once."""
    file = io.BytesIO()
    lines = print_lines(marks)
    size = (paper.PAGE_WIDTH - 2 * paper.CM, _LINE_HIGH * len(lines))
    canvas: Any = Canvas(file, pagesize=size, invariant=1, initialFontName=face.regular.fontName)
    canvas.setFillColorRGB(*_PRINTED)
    for number, line in enumerate(lines, start=1):
        y = size[1] - _LINE_HIGH * number + 3.5
        _centred(canvas, size[0], y, line, face.regular, _LINE_SIZE * face.factor)
    canvas.showPage()
    canvas.setPageSize(_NOTHING)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def print_lines(marks: PrintMarks) -> Sequence[str]:
    """What a print-out says of itself: from which system, when, by whom, and where the original is checked."""
    when = f"{short_thai_date(office_date(marks.at))} เวลา {office_time(marks.at):%H.%M} น."
    told = thai_digits(f"พิมพ์จากระบบของ{marks.agency_name} เมื่อ {when} โดย {marks.name}")
    return (one_line(told), one_line(marks.check)) if marks.check else (one_line(told),)


def print_out(quarantine: Quarantine, pdf: bytes, drawn: bytes, marks: PrintMarks) -> bytes:
    """The copy with what `draw_print_marks` drew. Raises RuleBroken."""
    nowhere = {"left": 0.0, "right": 0.0, "bottom": 0.0, "top": 0.0}
    head = _HEAD + _LINE_HIGH * (2 if marks.check else 1)
    try:
        made = quarantine.run("certify", pdf + drawn, original=len(pdf), head=head, edge=_HEAD, **nowhere)
    except TaskFailed as failed:
        raise RuleBroken(REASONS.get(failed.word, REASONS["damaged"])) from failed
    return made.partition(b"\n")[2]


def _centred(canvas: Any, width: float, y: float, text: str, font: ThaiTTFont, size: float) -> None:
    natural = font.width(text, size)
    if natural > width - 4:
        size, natural = size * (width - 4) / natural, width - 4
    draw_text(canvas, (width - natural) / 2, y, text, font, size)
