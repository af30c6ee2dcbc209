"""Form 1, หนังสือภายนอก, drawn on pages (regulation, clause 11; measures in `paper.py`)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.errors import BadInput
from saraban.rendering import paper
from saraban.rendering.body_table import draw_rules
from saraban.rendering.composing import foot_rows, head_rows
from saraban.rendering.garuda import draw_garuda
from saraban.rendering.pagination import Leaf, Row, paginate
from saraban.rendering.paragraph import balanced_lines, draw_line, draw_text
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import chunks, clean, one_line, thai_date, thai_digits
from saraban.usecases.ports import PageEnclosure, PageLetter, PageReference, SignatureBlock

NUMBER_TO_COME = "ที่ (รอเลข)"
DATE_TO_COME = "(รอวันที่)"
_SMALLEST_NUMBER = 9.0
_LONGEST_FOOT_WITH_SIGNATURE = 12
_CATCH_WORD_LETTERS = 10
_CATCH_WORD_WIDTH = 6 * paper.CM


@dataclass(frozen=True)
class DrawnLetter:
    """The pages as reportlab wrote them, how many, and the place kept for the signature."""

    pdf: bytes
    pages: int
    block: SignatureBlock


def draw_letter(letter: PageLetter, face: Typeface) -> DrawnLetter:
    """Set and draw a letter. A draft without number and date takes exactly the room of the issued page. Raises BadInput
    by field when a character cannot be printed with the typeface. Not for two threads at once: fonts have state."""
    return _Drawing(_cleaned(letter, face), face).drawn()


class _Drawing:
    """One letter on its way onto paper."""

    def __init__(self, letter: PageLetter, face: Typeface) -> None:
        self._letter, self._face = letter, face
        self._size = paper.TYPE_SIZE * face.factor
        self._regular, self._bold = face.regular, face.bold
        self._file = io.BytesIO()
        self._canvas: Any = Canvas(
            self._file,
            pagesize=(paper.PAGE_WIDTH, paper.PAGE_HEIGHT),
            pageCompression=1,
            invariant=1,
            initialFontName=face.regular.fontName,
            initialFontSize=self._size,
        )
        self._leading = paper.LEADING
        self._titles = [
            line
            for title in letter.signer_titles
            for line in balanced_lines(thai_digits(title), self._regular, self._size, paper.TITLE_WIDTH)
        ]

    def drawn(self) -> DrawnLetter:
        """Lay out, then draw page by page."""
        foot = foot_rows(self._letter, self._face)
        leaves = self._laid_out(head_rows(self._letter, self._face), foot)
        signature_page, closing = len(leaves) - 1, leaves[-1].y - paper.BEFORE_CLOSING - self._leading
        self._lay_foot(leaves, foot, closing)
        for number, leaf in enumerate(leaves):
            self._draw_page(number, leaf, leaves[number + 1] if number + 1 < len(leaves) else None)
            if number == signature_page:
                block = self._draw_signature(number, closing)
            self._canvas.showPage()
        self._canvas.save()
        return DrawnLetter(self._file.getvalue(), len(leaves), block)

    def _laid_out(self, rows: Sequence[Row], foot: Sequence[Row]) -> list[Leaf]:
        """The rows on pages, with single spacing or, where that saves a page, with lines a little closer."""
        kept = _lines_with_signature(foot)
        choices: list[tuple[float, list[Leaf]]] = []
        for leading in (paper.LEADING, *paper.TIGHTER_LEADINGS):
            self._leading = leading
            first = self._header_lines()[1] - paper.BEFORE - leading
            tail = self._signature_height() + ((kept + paper.LEAST_UNIT_GAP_LINES) * leading if kept else 0.0)
            choices.append((leading, paginate(rows, leading, first, tail)))
            if len(choices[-1][1]) == 1:
                break
        self._leading, leaves = min(choices, key=lambda choice: len(choice[1]))
        return leaves

    # --- the head of page 1 -----------------------------------------------------------------------------------

    def _header_lines(self) -> tuple[list[tuple[float, float, str]], float]:
        """Agency and address at the right as (x, y, text), and the baseline of the date (clauses 11.2 and 11.3)."""
        room = paper.RIGHT - (paper.CENTRE + paper.GARUDA_HALF_WIDTH)
        lines: list[str] = []
        for entry in (self._letter.agency_name, *self._letter.agency_address):
            lines += balanced_lines(thai_digits(entry), self._regular, self._size, room) if entry else []
        left = paper.RIGHT - max((self._width(line) for line in lines), default=0.0)
        placed = [(left, paper.GARUDA_FEET - self._leading * index, line) for index, line in enumerate(lines)]
        last = placed[-1][1] if placed else paper.GARUDA_FEET
        return placed, last - paper.BEFORE - self._leading

    def _draw_header(self) -> None:
        letter = self._letter
        draw_garuda(self._canvas, self._face)
        if letter.urgency.thai:
            self._red(letter.urgency.thai, paper.LEFT, paper.URGENCY_BASELINE, paper.URGENCY_SIZE)
        if letter.number is None:
            self._grey(NUMBER_TO_COME, paper.LEFT, paper.GARUDA_FEET)
        else:
            self._draw_number(f"ที่ {thai_digits(letter.number)}")
        lines, date_line = self._header_lines()
        for x, y, text in lines:
            self._text(text, x, y)
        if letter.date is None:
            self._grey(DATE_TO_COME, paper.CENTRE, date_line)
        else:
            self._text(thai_date(letter.date), paper.CENTRE, date_line)

    def _draw_number(self, text: str) -> None:
        """The number on one line always, smaller when it would run into the garuda, so that nothing below it moves."""
        room = paper.CENTRE - paper.GARUDA_HALF_WIDTH - paper.LEFT
        size = max(min(self._size, self._size * room / self._width(text)), _SMALLEST_NUMBER * self._face.factor)
        draw_text(self._canvas, paper.LEFT, paper.GARUDA_FEET, text, self._regular, size)

    # --- every page -------------------------------------------------------------------------------------------

    def _draw_page(self, number: int, leaf: Leaf, following: Leaf | None) -> None:
        if number == 0:
            self._draw_header()
        else:
            self._centred(f"- {thai_digits(str(number + 1))} -", paper.CENTRE, paper.PAGE_NUMBER_BASELINE)
        secrecy = self._letter.secrecy.thai
        if secrecy:
            size = paper.SECRECY_SIZE
            x = paper.CENTRE - self._bold.width(secrecy, size * self._face.factor) / 2
            self._red(secrecy, x, paper.SECRECY_TOP_BASELINE, size)
            self._red(secrecy, x, paper.SECRECY_BOTTOM_BASELINE, size)
        for row, y in leaf.rows:
            for span in row.spans:
                draw_line(self._canvas, span.x, y, span.line, span.font, span.size or self._size)
            draw_rules(self._canvas, row, y, self._leading, ends_page=row is leaf.rows[-1][0])
        if following is not None:
            words = self._catch_word(following.rows[0][0].words if following.rows else self._letter.closing)
            self._text(words, paper.RIGHT - self._width(words), paper.CATCH_WORD_BASELINE)

    def _catch_word(self, words: str) -> str:
        """As in "/ข้อความ...": the first words of the next page."""
        out = ""
        for piece in chunks(words):
            if out and (len(out) >= _CATCH_WORD_LETTERS or self._width(out + piece) > _CATCH_WORD_WIDTH):
                break
            out += piece
        return f"/{out.strip()}..."

    # --- closing, signature, unit -----------------------------------------------------------------------------

    def _signature_height(self) -> float:
        """From the last line of the text to the last line of the position."""
        return paper.BEFORE_CLOSING + self._leading * (1 + paper.SIGNATURE_LINES + len(self._titles))

    def _draw_signature(self, page: int, closing: float) -> SignatureBlock:
        """Closing from the page's centre, three blank lines for the signature, name and positions centred on the
        axis of the closing (clauses 11.9 to 11.11)."""
        letter = self._letter
        axis = paper.CENTRE + max(self._width(letter.closing) / 2, 1.3 * paper.CM)
        axis = min(axis, paper.RIGHT - paper.TITLE_WIDTH / 2)
        self._text(letter.closing, paper.CENTRE, closing)
        name = closing - paper.SIGNATURE_LINES * self._leading
        self._centred(f"({letter.signer_name})", axis, name)
        for index, title in enumerate(self._titles, start=1):
            self._centred(title, axis, name - index * self._leading)
        return SignatureBlock(
            page=page,
            x0=round(axis - paper.SIGNATURE_WIDTH / 2, 2),
            y0=round(name + 0.85 * paper.TYPE_SIZE, 2),
            x1=round(axis + paper.SIGNATURE_WIDTH / 2, 2),
            y1=round(closing - 0.45 * paper.TYPE_SIZE, 2),
            name=letter.signer_name,
            title=" ".join(letter.signer_titles),
        )

    def _lay_foot(self, leaves: list[Leaf], foot: Sequence[Row], closing: float) -> None:
        """The unit block below the position, three blank lines if there is room for them; a long list of copies goes on
        to further pages."""
        if not foot:
            return
        y = closing - (paper.SIGNATURE_LINES + len(self._titles)) * self._leading
        kept = _lines_with_signature(foot)
        spare = (y - paper.BOTTOM) / self._leading - kept
        y -= min(paper.UNIT_GAP_LINES, max(spare, paper.LEAST_UNIT_GAP_LINES)) * self._leading
        for row in foot:
            y -= self._leading
            if y < paper.BOTTOM - 0.01:
                leaves.append(Leaf())
                y = paper.CONTINUED_FIRST_BASELINE
            leaves[-1].rows.append((row, y))

    # --- ink --------------------------------------------------------------------------------------------------

    def _width(self, text: str) -> float:
        return self._regular.width(text, self._size)

    def _text(self, text: str, x: float, y: float) -> None:
        draw_text(self._canvas, x, y, text, self._regular, self._size)

    def _centred(self, text: str, axis: float, y: float) -> None:
        self._text(text, axis - self._width(text) / 2, y)

    def _grey(self, text: str, x: float, y: float) -> None:
        self._canvas.setFillColorRGB(*paper.GREY)
        self._text(text, x, y)
        self._canvas.setFillColorRGB(*paper.BLACK)

    def _red(self, text: str, x: float, y: float, size: float) -> None:
        self._canvas.setFillColorRGB(*paper.RED)
        draw_text(self._canvas, x, y, text, self._bold, size * self._face.factor)
        self._canvas.setFillColorRGB(*paper.BLACK)


def _lines_with_signature(foot: Sequence[Row]) -> int:
    """How many lines of the unit block must stand on the page of the signature: all, or the first of a long list."""
    return len(foot) if len(foot) <= _LONGEST_FOOT_WITH_SIGNATURE else 4


# --- what is given --------------------------------------------------------------------------------------------

_FIELD_OF_PART = {"signer_name": "signer", "signer_titles": "signer", "agency_name": "agency"}


def _cleaned(letter: PageLetter, face: Typeface) -> PageLetter:
    """The letter with every text clean and, but for the body, on one line. Raises BadInput for characters that the
    typeface lacks: an official letter must not be issued with a hole in it."""
    changes: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in fields(letter):
        value = _clean_value(getattr(letter, field.name), keep_lines=field.name == "body")
        missing = face.regular.lacks("".join(_texts(value)))
        if missing:
            wrong[_FIELD_OF_PART.get(field.name, field.name)] = f"มีอักขระที่พิมพ์ลงหนังสือไม่ได้: {' '.join(missing[:10])}"
        changes[field.name] = value
    if wrong:
        raise BadInput(wrong)
    return replace(letter, **changes)


def _clean_value(value: Any, *, keep_lines: bool) -> Any:
    """The value with its texts clean; numbers, dates and classes as they are."""
    if type(value) is str:
        return clean(value).strip("\n") if keep_lines else one_line(value)
    if isinstance(value, PageReference):
        return replace(value, number=_clean_value(value.number, keep_lines=False),
                       sender=_clean_value(value.sender, keep_lines=False))  # fmt: skip
    if isinstance(value, PageEnclosure):
        return replace(value, name=_clean_value(value.name, keep_lines=False),
                       amount=_clean_value(value.amount, keep_lines=False))  # fmt: skip
    if isinstance(value, list | tuple):
        return tuple(_clean_value(item, keep_lines=False) for item in value)
    return value


def _texts(value: Any) -> list[str]:
    """The texts inside a cleaned value."""
    if type(value) is str:
        return [value]
    if isinstance(value, PageReference):
        return [value.number, value.sender]
    if isinstance(value, PageEnclosure):
        return [value.name, value.amount]
    if isinstance(value, tuple):
        return [text for item in value for text in _texts(item)]
    return []
