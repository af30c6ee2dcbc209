"""A letter as DOCX, to be changed further in Word or LibreOffice: form 1 (clause 11) and form 2 (clause 12)."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import pypdfium2 as pdfium
from docx.enum.text import WD_ALIGN_PARAGRAPH
from reportlab.pdfgen.canvas import Canvas

from saraban.domain.classification import Form
from saraban.domain.errors import RuleBroken
from saraban.rendering import paper
from saraban.rendering.composing import addressed
from saraban.rendering.docx_parts import DocxPage
from saraban.rendering.emblem import Emblem, head_of
from saraban.rendering.forms.external import enclosure_words, reference_words
from saraban.rendering.forms.memorandum import TITLE, owner_words
from saraban.rendering.forms.parts import written, written_day
from saraban.rendering.given import cleaned
from saraban.rendering.shaping import Typeface, fresh_typeface, typeface
from saraban.rendering.thai import thai_digits
from saraban.usecases.pages import PageLetter

_GARUDA_WIDTH = 2 * paper.GARUDA_HALF_WIDTH
_PICTURE_SCALE = 4.0


def letter_docx(letter: PageLetter, family: str, emblem: Emblem | None = None) -> bytes:
    """The file, with the agency's emblem or the stand-in. A draft says in it that number and date are to come. Raises
    RuleBroken for another form, BadInput by field for characters that cannot be printed."""
    if letter.form not in _FORMS:
        raise RuleBroken(f"ยังทำไฟล์ Word ของ{letter.form.thai}ไม่ได้ ทำได้เฉพาะหนังสือภายนอกและหนังสือภายใน")
    face = fresh_typeface(family)
    letter = cleaned(letter, face)
    page = DocxPage(family, face, title=letter.subject, author=letter.agency_name)
    page.page_numbers()
    if letter.secrecy.thai:
        page.on_every_page(letter.secrecy.thai)
    _FORMS[letter.form](page, letter, _stand_in() if emblem is None else _picture(emblem))
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def _external(page: DocxPage, letter: PageLetter, picture: bytes) -> None:
    """หนังสือภายนอก."""
    agency = [thai_digits(entry) for entry in (letter.agency_name, *letter.agency_address) if entry]
    side = (paper.TEXT_WIDTH - _GARUDA_WIDTH) / 2
    longest = max((_width(page.face, entry) for entry in agency), default=0.0)
    begin = max(paper.TEXT_WIDTH - longest, side + _GARUDA_WIDTH)
    number, middle, owner = page.beside((side, _GARUDA_WIDTH, side))
    if letter.urgency.thai:
        page.line(letter.urgency.thai, into=number, size=paper.URGENCY_SIZE, bold=True, red=True)
    page.fill(number, f"ที่ {thai_digits(written(letter.number, '(รอเลข)')[0])}")
    page.picture(page.fill(middle, "", align=WD_ALIGN_PARAGRAPH.CENTER), picture, paper.GARUDA_HEIGHT)
    page.fill(owner, agency[0] if agency else "", left=begin - side - _GARUDA_WIDTH)
    for entry in agency[1:]:
        page.line(entry, left=begin)
    page.line(written_day(letter.date)[0], left=paper.CENTRE - paper.LEFT, before=paper.BEFORE)
    _captioned(page, "เรื่อง", [letter.subject])
    _captioned(page, *addressed(letter.salutation))
    if letter.references:
        _captioned(page, "อ้างถึง", [reference_words(one) for one in letter.references])
    if letter.enclosures:
        _captioned(page, "สิ่งที่ส่งมาด้วย", [enclosure_words(one) for one in letter.enclosures])
    page.body(letter.body)
    closing = paper.CENTRE - paper.LEFT
    axis = closing + max(_width(page.face, letter.closing) / 2, 1.3 * paper.CM)
    page.line(letter.closing, left=closing, before=paper.BEFORE_CLOSING, keep=True)
    _signature(page, letter, axis)
    page.line("")
    for line in (letter.unit_name, f"โทร. {letter.phone}" if letter.phone else "",
                 f"ไปรษณีย์อิเล็กทรอนิกส์ {letter.email}" if letter.email else ""):  # fmt: skip
        if line:
            page.line(thai_digits(line))
    if letter.copies_to:
        _captioned(page, "สำเนาส่ง", list(letter.copies_to))


def _memorandum(page: DocxPage, letter: PageLetter, picture: bytes) -> None:
    """หนังสือภายใน."""
    side = _GARUDA_WIDTH
    corner, title, urgency = page.beside((side, paper.TEXT_WIDTH - 2 * side, side))
    page.picture(page.fill(corner, ""), picture, paper.MEMO_GARUDA_HEIGHT)
    page.fill(title, TITLE, align=WD_ALIGN_PARAGRAPH.CENTER, size=paper.MEMO_TITLE_SIZE, bold=True)
    page.fill(urgency, letter.urgency.thai, size=paper.TYPE_SIZE * 1.25, bold=True, red=True)
    _on_leaders(page, [("ส่วนราชการ", owner_words(letter))])
    _on_leaders(page, [("ที่", written(letter.number, "(รอเลข)")[0]), ("วันที่", written_day(letter.date)[0])])
    _on_leaders(page, [("เรื่อง", letter.subject)])
    _captioned(page, *addressed(letter.salutation))
    page.body(letter.body)
    _signature(page, letter, paper.RIGHT_HALF - paper.LEFT)


_FORMS = {Form.EXTERNAL: _external, Form.MEMORANDUM: _memorandum}


def _captioned(page: DocxPage, caption: str, items: list[str]) -> None:
    """A caption and its words, or its numbered list when there are several, each hanging under its beginning."""
    left = _width(page.face, caption) + paper.LABEL_GAP if caption else 0.0
    for number, item in enumerate(items, start=1):
        mark = thai_digits(f"{number}. ") if len(items) > 1 else ""
        hang = left + _width(page.face, mark)
        head = caption if number == 1 else ""
        words = f"{head}\t{mark}\t{thai_digits(item)}" if mark else f"{head}\t{thai_digits(item)}"
        page.line(
            words if caption or mark else thai_digits(item),
            left=hang,
            first=-hang,
            before=paper.BEFORE if number == 1 else 0.0,
            tabs=[(left, False), (hang, False)] if mark else [(left, False)] if caption else [],
        )


def _on_leaders(page: DocxPage, pairs: list[tuple[str, str]]) -> None:
    """Captions in bold and their words on dotted leaders, side by side when there are two."""
    step = paper.TEXT_WIDTH / len(pairs)
    paragraph = page.line("", tabs=[(step * number, True) for number in range(1, len(pairs) + 1)])
    for caption, text in pairs:
        page.add(paragraph, f"{caption} ", size=paper.MEMO_CAPTION_SIZE, bold=True)
        page.add(paragraph, f" {thai_digits(text)}\t")


def _signature(page: DocxPage, letter: PageLetter, axis: float) -> None:
    """Three blank lines, the name in brackets and the positions, centred on an axis so far from the left margin."""
    left = max(0.0, 2 * axis - paper.TEXT_WIDTH)
    for _ in range(paper.SIGNATURE_LINES - 1):
        page.line("", keep=True)
    titles = [thai_digits(title) for title in letter.signer_titles]
    lines = [f"({letter.signer_name})", *titles]
    for number, line in enumerate(lines, start=1):
        page.line(line, left=left, align=WD_ALIGN_PARAGRAPH.CENTER, keep=number < len(lines))


def _width(face: Typeface, text: str) -> float:
    return face.regular.width(text, paper.TYPE_SIZE * face.factor)


@cache
def _stand_in() -> bytes:
    return _picture(None)


def _picture(emblem: Emblem | None) -> bytes:
    """The emblem as a picture, taken from a page on which it is drawn as on letters."""
    drawn = io.BytesIO()
    face = fresh_typeface("TH Sarabun New")
    shared = typeface("TH Sarabun New").regular.fontName
    canvas: Any = Canvas(drawn, pagesize=(paper.PAGE_WIDTH, paper.PAGE_HEIGHT), initialFontName=shared)
    head_of(emblem)(canvas, face)
    canvas.showPage()
    canvas.save()
    document = pdfium.PdfDocument(drawn.getvalue())
    try:
        side = paper.CENTRE - paper.GARUDA_HALF_WIDTH
        crop = (side, paper.GARUDA_FEET, side, paper.PAGE_HEIGHT - paper.GARUDA_TOP)
        picture = document[0].render(scale=_PICTURE_SCALE, crop=crop).to_pil()
    finally:
        document.close()
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
