"""The frame that all forms share: pages, their numbers and catch-words, urgency and secrecy, the ending that stays
together, the place for the signature, and the unit block (measures in `paper.py`)."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.blanks import BLANK
from saraban.rendering import paper, qr
from saraban.rendering.body_table import draw_rules
from saraban.rendering.pagination import Box, Leaf, Row, Span, height, paginate
from saraban.rendering.paragraph import draw_line, draw_text, spread_out
from saraban.rendering.shaping import Typeface
from saraban.rendering.tagging import PAGINATION, Part, Tags
from saraban.rendering.thai import chunks, thai_digits
from saraban.usecases.pages import PageCosigner, PageLetter
from saraban.usecases.proofs import SignatureBlock

_LONGEST_FOOT_WITH_SIGNATURE = 12
_CATCH_WORD_LETTERS = 10
_CATCH_WORD_WIDTH = 6 * paper.CM
_HEAD, _REPEATED = -1, -2
"""The area of the structure that what stands above the rows belongs to; rows, ending and foot are 0, 1 and 2, and the
captions of a table that stand on a further page are in none."""
EMBLEM = "ตราครุฑ"
"""What is said of the emblem to those who do not see it (clause 71)."""


@dataclass(frozen=True)
class Place:
    """Where the signature goes: above that row of the ending, below what stands over it, around an axis. With a height
    it is so high, in the middle between the two."""

    above: int
    axis: float
    width: float = paper.SIGNATURE_WIDTH
    height: float | None = None


@dataclass(frozen=True)
class Plan:
    """A document of one form before it is set on pages. `first` is the baseline of its first row; `ending` is what
    stays together below the text (closing, name, position; the last page has it), `place` where the signature goes in
    it and `cosigners` where those of the others go, in their order; `foot` is the unit block below. `emblem` draws what
    stands at the head of page 1."""

    first: float
    rows: Sequence[Row]
    ending: Sequence[Row]
    place: Place | None
    foot: Sequence[Row] = ()
    emblem: Callable[[Any, Typeface], None] | None = None
    emblem_box: Box = (
        paper.CENTRE - paper.GARUDA_HALF_WIDTH,
        paper.GARUDA_FEET,
        paper.CENTRE + paper.GARUDA_HALF_WIDTH,
        paper.GARUDA_TOP,
    )
    cosigners: Sequence[Place] = ()
    urgency: tuple[float, float] = (paper.LEFT, paper.URGENCY_BASELINE)


@dataclass(frozen=True)
class Drawn:
    """The pages as reportlab wrote them, how many, and the places kept for the signature and those of the cosigners."""

    pdf: bytes
    pages: int
    block: SignatureBlock
    cosigners: tuple[SignatureBlock, ...] = ()


def draw(plan: Plan, letter: PageLetter, face: Typeface) -> Drawn:
    """Set a plan on pages and draw them. Not for two threads at once: fonts have state."""
    return _Drawing(plan, letter, face).drawn()


def laid_out(plan: Plan) -> tuple[float, list[Leaf]]:
    """The rows on pages, and the distance of two lines: that of single spacing or, where that saves a page, a little
    less."""
    kept = _lines_with_signature(plan.foot)
    choices: list[tuple[float, list[Leaf]]] = []
    for leading in (paper.LEADING, *paper.TIGHTER_LEADINGS):
        tail = height(plan.ending, leading) + ((kept + paper.LEAST_UNIT_GAP_LINES) * leading if kept else 0.0)
        choices.append((leading, paginate(plan.rows, leading, plan.first, tail)))
        if len(choices[-1][1]) == 1:
            break
    return min(choices, key=lambda choice: len(choice[1]))


def foot_gap(foot: Sequence[Row], y: float, leading: float) -> float:
    """The white between the last baseline above the unit block, which is y, and the block."""
    spare = (y - paper.BOTTOM) / leading - _lines_with_signature(foot)
    return min(paper.UNIT_GAP_LINES, max(spare, paper.LEAST_UNIT_GAP_LINES)) * leading


class _Drawing:
    """One document on its way onto paper."""

    def __init__(self, plan: Plan, letter: PageLetter, face: Typeface) -> None:
        self._plan, self._letter, self._face = plan, letter, face
        self._size = paper.TYPE_SIZE * face.factor
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
        self._tags = Tags(self._canvas)
        self._areas = {id(row): area for area, rows in enumerate((plan.rows, plan.ending, plan.foot)) for row in rows}

    def drawn(self) -> Drawn:
        """Lay out, then draw page by page."""
        self._leading, leaves = laid_out(self._plan)
        signature_page, text_ends = len(leaves) - 1, leaves[-1].y
        heights = [self._put(leaves[-1], row) for row in self._plan.ending]
        heights = [text_ends, *heights]
        signer = PageCosigner(self._letter.signer_name, self._letter.signer_titles)
        block = self._block(signature_page, heights, self._plan.place, signer)
        others = zip(self._letter.cosigners, self._plan.cosigners, strict=True) if self._plan.cosigners else ()
        cosigners = tuple(self._block(signature_page, heights, place, who) for who, place in others)
        self._lay_foot(leaves)
        for number, leaf in enumerate(leaves):
            self._draw_page(number, leaf, leaves[number + 1] if number + 1 < len(leaves) else None)
            self._tags.end_page()
            self._canvas.showPage()
        self._tags.write()
        self._canvas.save()
        return Drawn(self._file.getvalue(), len(leaves), block, cosigners)

    # --- what goes on which page ------------------------------------------------------------------------------

    def _put(self, leaf: Leaf, row: Row) -> float:
        leaf.put(row, self._leading)
        return leaf.y

    def _block(self, page: int, heights: Sequence[float], place: Place | None, signer: PageCosigner) -> SignatureBlock:
        """The place for a signature; `heights` are the baselines of the last line of the text and of the ending. A
        form without a place has a block without width."""
        title = " ".join(signer.titles)
        if place is None:
            return SignatureBlock(page, 0, 0, 0, 0, signer.name, title, self._letter.digits)
        low = heights[place.above + 1] + 0.85 * paper.TYPE_SIZE
        high = heights[place.above] - 0.45 * paper.TYPE_SIZE
        if place.height is not None:
            middle = (low + high) / 2
            low, high = middle - place.height / 2, middle + place.height / 2
        return SignatureBlock(
            page=page,
            x0=round(place.axis - place.width / 2, 2),
            y0=round(low, 2),
            x1=round(place.axis + place.width / 2, 2),
            y1=round(high, 2),
            name=signer.name,
            title=title,
            digits=self._letter.digits,
        )

    def _lay_foot(self, leaves: list[Leaf]) -> None:
        """The unit block below the position, three blank lines if there is room for them; a long list of copies goes on
        to further pages (clauses 11.12 to 11.14)."""
        foot = self._plan.foot
        if not foot:
            return
        y = leaves[-1].y
        y -= foot_gap(foot, y, self._leading)
        for row in foot:
            y -= self._leading
            if y < paper.BOTTOM - 0.01:
                leaves.append(Leaf())
                y = paper.CONTINUED_FIRST_BASELINE
            leaves[-1].rows.append((row, y))

    # --- ink --------------------------------------------------------------------------------------------------

    def _draw_page(self, number: int, leaf: Leaf, following: Leaf | None) -> None:
        if number == 0:
            self._draw_head()
        else:
            self._tags.artifact(PAGINATION)
            words = f"- {thai_digits(str(number + 1))} -"
            self._text(words, paper.CENTRE - self._width(words) / 2, paper.PAGE_NUMBER_BASELINE)
        secrecy = self._letter.secrecy.thai
        if secrecy:
            width = self._face.bold.width(secrecy, paper.SECRECY_SIZE * self._face.factor)
            for y in (paper.SECRECY_TOP_BASELINE, paper.SECRECY_BOTTOM_BASELINE):
                if number == 0 and y == paper.SECRECY_TOP_BASELINE:
                    self._tags.element(_HEAD, (Part("P", "secrecy"),))
                else:
                    self._tags.artifact(PAGINATION)
                self._red(secrecy, paper.CENTRE - width / 2, y, paper.SECRECY_SIZE)
        for row, y in leaf.rows:
            self._draw_row(row, y, ends_page=row is leaf.rows[-1][0])
        if following is not None:
            self._tags.artifact(PAGINATION)
            words = self._catch_word(following.rows[0][0].words)
            self._text(words, paper.RIGHT - self._width(words), paper.CATCH_WORD_BASELINE)

    def _draw_head(self) -> None:
        """Emblem and urgency (clauses 28 and 71), and the verification code in the margin."""
        if self._plan.emblem is not None:
            self._tags.picture(_HEAD, EMBLEM, self._plan.emblem_box)
            self._plan.emblem(self._canvas, self._face)
        if urgency := self._letter.urgency.thai:
            self._tags.element(_HEAD, (Part("P", "urgency"),))
            self._red(urgency, *self._plan.urgency, paper.URGENCY_SIZE)
        if (address := self._letter.verification) is not None:
            if address:
                self._tags.picture(_HEAD, qr.spoken(address), qr.BOX)
            else:
                self._tags.artifact()
            qr.draw_verification(self._canvas, address, self._face)

    def _mark_blanks(self, span: Span, y: float) -> None:
        """Grey below the blanks of a draft, which nobody signs before they are filled in."""
        size = span.size or self._size
        glyphs = spread_out(span.line, span.font, size).glyphs
        self._canvas.saveState()
        self._canvas.setFillColorRGB(*paper.BLANK)
        for found in BLANK.finditer(span.line.text):
            begin, end = (
                sum(glyph.advance for glyph in glyphs if glyph.cluster < at) * size / 1000 for at in found.span()
            )
            left = span.x + span.line.indent + begin
            self._canvas.rect(left, y - 0.3 * size, end - begin, size, stroke=0, fill=1)
        self._canvas.restoreState()

    def _draw_row(self, row: Row, y: float, *, ends_page: bool) -> None:
        tags, area = self._tags, self._areas.pop(id(row), _REPEATED)
        if row.marks:
            self._mark(row, area, y)
        paragraph = (Part(row.tag, row.paragraph),)
        for span in row.spans:
            if area == _REPEATED:
                tags.artifact(PAGINATION)
            else:
                tags.element(area, span.path or paragraph)
            if span.colour != paper.BLACK:
                self._canvas.setFillColorRGB(*span.colour)
            if self._letter.number is None and "{{" in span.line.text:
                self._mark_blanks(span, y)
            draw_line(self._canvas, span.x, y, span.line, span.font, span.size or self._size)
            if span.colour != paper.BLACK:
                self._canvas.setFillColorRGB(*paper.BLACK)
        if row.ruled is not None:
            tags.artifact()
            draw_rules(self._canvas, row, y, self._leading, ends_page=ends_page)

    def _mark(self, row: Row, area: int, y: float) -> None:
        """What a row has besides its words."""
        if row.shown is None:
            self._tags.artifact()
        else:
            words, (x0, y0, x1, y1) = row.shown
            self._tags.picture(area, words, (x0, y + y0, x1, y + y1))
        for mark in row.marks:
            mark(self._canvas, y, self._leading)

    def _catch_word(self, words: str) -> str:
        """As in "/ข้อความ...": the first words of the next page."""
        out = ""
        for piece in chunks(words):
            if out and (len(out) >= _CATCH_WORD_LETTERS or self._width(out + piece) > _CATCH_WORD_WIDTH):
                break
            out += piece
        return f"/{out.strip()}..."

    def _width(self, text: str) -> float:
        return self._face.regular.width(text, self._size)

    def _text(self, text: str, x: float, y: float) -> None:
        draw_text(self._canvas, x, y, text, self._face.regular, self._size)

    def _red(self, text: str, x: float, y: float, size: float) -> None:
        self._canvas.setFillColorRGB(*paper.RED)
        draw_text(self._canvas, x, y, text, self._face.bold, size * self._face.factor)
        self._canvas.setFillColorRGB(*paper.BLACK)


def _lines_with_signature(foot: Sequence[Row]) -> int:
    """How many lines of the unit block must stand on the page of the signature: all, or the first of a long list."""
    return 4 if is_long(foot) else len(foot)


def is_long(foot: Sequence[Row]) -> bool:
    """A unit block with so many copies that it does not stay whole."""
    return len(foot) > _LONGEST_FOOT_WITH_SIGNATURE
