"""The parts of documents as rows: lines in their places, captions with hanging lists, the text, the unit block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from saraban.rendering import paper
from saraban.rendering.body import PageBreak, Paragraph, Table, read_body
from saraban.rendering.body_table import table_rows
from saraban.rendering.pagination import Mark, Row, Running, Span
from saraban.rendering.paragraph import Line, ThaiParagraph, balanced_lines
from saraban.rendering.shaping import ThaiTTFont, Typeface
from saraban.rendering.thai import thai_digits
from saraban.usecases.pages import PageLetter

SALUTATIONS = ("ขอประทานกราบทูล", "กราบเรียน", "กราบทูล", "นมัสการ", "เรียน", "ทูล")
SMALLEST = 9.0
"""No text is made smaller than this to stay on its line."""


class Composer:
    """Collects the rows of one document from above to below. Sizes are those of TH Sarabun New."""

    def __init__(self, face: Typeface) -> None:
        self._face, self._font = face, face.regular
        self._size = paper.TYPE_SIZE * face.factor
        self._paragraphs = 0
        self.rows: list[Row] = []

    # --- lines in their places --------------------------------------------------------------------------------

    def put(
        self,
        *spans: Span,
        before: float = 0.0,
        lines: float = 1.0,
        marks: tuple[Mark, ...] = (),
        keep: bool = False,
        part: str = "",
    ) -> None:
        """A row of its own, so many lines and `before` below the one above it."""
        self._paragraphs += 1
        self.rows.append(Row(spans, self._paragraphs, before, lines=lines, marks=marks, keep=keep, part=part))

    def span(
        self,
        x: float,
        text: str,
        *,
        bold: bool = False,
        size: float = paper.TYPE_SIZE,
        colour: tuple[float, float, float] = paper.BLACK,
        room: float = 0.0,
    ) -> Span:
        """Text that begins at x, with Thai digits; made smaller when it would be longer than the room."""
        words, font = thai_digits(text), self._weight(bold)
        width = font.width(words, size * self._face.factor)
        if room and width > room:
            size = max(size * room / width, SMALLEST)
        size *= self._face.factor
        return Span(x, Line(words, 0.0, font.width(words, size), spread=False), font, size, colour)

    def around(
        self,
        axis: float,
        text: str,
        *,
        bold: bool = False,
        size: float = paper.TYPE_SIZE,
        colour: tuple[float, float, float] = paper.BLACK,
    ) -> Span:
        """Text with its middle on the axis."""
        begin = axis - self.width(text, bold=bold, size=size) / 2
        return replace(self.span(begin, text, bold=bold, size=size, colour=colour), axis=axis)

    def centred(self, axis: float, text: str, room: float, *, before: float = 0.0, part: str = "") -> None:
        """Text around the axis, in as few lines as the room allows, which are about equally long."""
        for number, line in enumerate(self.balanced(text, room)):
            self.put(self.around(axis, line), before=before if number == 0 else 0.0, part=part)

    def balanced(self, text: str, room: float) -> list[str]:
        """Text in as few lines as the room allows, about equally long; none for empty text."""
        return balanced_lines(thai_digits(text), self._font, self._size, room) if text else []

    def filled(self, text: str, room: float) -> list[str]:
        """Text in lines that are as full as the room allows."""
        return [line.text for line in ThaiParagraph(thai_digits(text), self._font, self._size, room).lines()]

    def width(self, text: str, *, bold: bool = False, size: float = paper.TYPE_SIZE) -> float:
        """How long the text is with Thai digits."""
        return self._weight(bold).width(thai_digits(text), size * self._face.factor)

    def _weight(self, bold: bool) -> ThaiTTFont:
        return self._face.bold if bold else self._face.regular

    # --- paragraphs -------------------------------------------------------------------------------------------

    def captioned(self, caption: str, items: Sequence[str], *, before: float = paper.BEFORE, part: str = "") -> None:
        """A caption and its words, or its numbered list when there are several, each hanging under its beginning."""
        left = paper.LEFT
        if caption:
            left += self.width(caption) + paper.LABEL_GAP
        numbers = [thai_digits(f"{n}. ") for n in range(1, len(items) + 1)] if len(items) > 1 else [""]
        text_left = left + max(self.width(number) for number in numbers)
        for index, (number, item) in enumerate(zip(numbers, items, strict=True)):
            head: list[Span] = []
            if index == 0 and caption:
                head.append(self.span(paper.LEFT, caption + " "))
            if number:
                head.append(self.span(left, number))
            paragraph = ThaiParagraph(thai_digits(item), self._font, self._size, paper.RIGHT - text_left, justify=False)
            self._add(paragraph, text_left, head, before if index == 0 else 0.0, body=False, part=part)

    def text(self, body: str) -> None:
        """The text: paragraphs parted by blank lines, first lines at 2.5 cm, numbered items too; a single line end is
        kept (clause 11.8). Tables are as wide as the text."""
        first = len(self.rows)
        breaks, after_table = False, False
        for block in read_body(body):
            begin = len(self.rows)
            if isinstance(block, PageBreak):
                breaks = begin > first
                continue
            if isinstance(block, Table):
                rows = table_rows(block, self._face, self._paragraphs + 1)
                self.rows += [replace(row, whole=block) for row in rows]
                self._paragraphs = self.rows[-1].paragraph
            else:
                self._paragraph(block, paper.BEFORE if block.opens else 0.0, after_table=after_table)
            if breaks:
                self.rows[begin] = replace(self.rows[begin], breaks=True)
            breaks, after_table = False, isinstance(block, Table)

    def _paragraph(self, block: Paragraph, before: float, *, after_table: bool) -> None:
        words = block.words
        setting = ThaiParagraph(
            thai_digits(words.text),
            self._font,
            self._size,
            paper.TEXT_WIDTH,
            paper.FIRST_LINE_INDENT + paper.LEVEL_INDENT * block.level,
            bold=words.bold,
            bold_font=self._face.bold,
        )
        is_heading = words.bold == ((0, len(words.text)),)
        before += paper.BEFORE if after_table else 0.0
        self._add(setting, paper.LEFT, [], before, body=True, keep=is_heading)

    def _add(
        self,
        setting: ThaiParagraph,
        left: float,
        head: Sequence[Span],
        before: float,
        *,
        body: bool,
        keep: bool = False,
        part: str = "",
    ) -> None:
        """One paragraph's lines as rows; `head` stands on the first of them. `keep`: the row below the last stands on
        the same page."""
        self._paragraphs += 1
        lines, whole = setting.lines(), Running(setting, left)
        for number, line in enumerate(lines):
            spans = [*(head if number == 0 else []), Span(left, line, self._font)]
            is_kept = keep and number == len(lines) - 1
            self.rows.append(
                Row(tuple(spans), self._paragraphs, before if number == 0 else 0.0, body, keep=is_kept, whole=whole,
                    part="body" if body else part)
            )  # fmt: skip


def foot_rows(letter: PageLetter, face: Typeface) -> list[Row]:
    """The unit that owns the matter, how to reach it, and who gets copies (clauses 11.12 to 11.14)."""
    composer = Composer(face)
    lines = [
        letter.unit_name,
        f"โทร. {letter.phone}" if letter.phone else "",
        f"ไปรษณีย์อิเล็กทรอนิกส์ {letter.email}" if letter.email else "",
    ]
    for line in filter(None, lines):
        composer.captioned("", [line], before=0.0)
    if letter.copies_to:
        composer.captioned("สำเนาส่ง", list(letter.copies_to), before=0.0)
    return composer.rows


def addressed(text: str) -> tuple[str, list[str]]:
    """("เรียน", ["อธิบดีกรม…"]); the whole is one line without a caption when the first word is none that we know."""
    first, space, rest = text.partition(" ")
    if space and first in SALUTATIONS:
        return first, [rest.strip()]
    return "", [text]
