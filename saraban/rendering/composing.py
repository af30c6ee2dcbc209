"""The parts of documents as rows: lines in their places, captions with hanging lists, the text, the unit block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from saraban.domain.meeting import is_pack_address
from saraban.rendering import paper
from saraban.rendering.body import PageBreak, Paragraph, Table, is_item, read_body
from saraban.rendering.body_table import table_rows
from saraban.rendering.pagination import Box, Mark, Row, Running, Span
from saraban.rendering.paragraph import Line, ThaiParagraph, balanced_lines
from saraban.rendering.qr import PACK_SIDE, draw_pack_code
from saraban.rendering.shaping import ThaiTTFont, Typeface
from saraban.rendering.tagging import Part, Path
from saraban.rendering.thai import thai_digits
from saraban.usecases.pages import PageLetter

SALUTATIONS = ("ขอประทานกราบทูล", "กราบเรียน", "กราบทูล", "นมัสการ", "เรียน", "ทูล")
SMALLEST, SMALL = 9.0, 13.0
"""No text is made smaller than this to stay on its line."""


class Composer:
    """Collects the rows of one document from above to below. Sizes are those of TH Sarabun New."""

    def __init__(self, face: Typeface) -> None:
        self._face, self._font = face, face.regular
        self._size = paper.TYPE_SIZE * face.factor
        self._paragraphs = 0
        self._items: list[tuple[int, Path]] = []
        self._is_titled = False
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
        tag: str = "P",
        shown: tuple[str, Box] | None = None,
    ) -> None:
        """A row of its own, so many lines and `before` below the one above it; `tag` is the type of its element,
        `shown` what the marks show."""
        self._paragraphs += 1
        self._is_titled |= tag == "H1"
        self.rows.append(
            Row(spans, self._paragraphs, before, lines=lines, marks=marks, keep=keep, part=part, tag=tag, shown=shown)
        )

    def element(self, tag: str = "P") -> Path:
        """A new element, for spans of several rows or for some of one."""
        self._paragraphs += 1
        self._is_titled |= tag == "H1"
        return (Part(tag, self._paragraphs),)

    def span(
        self,
        x: float,
        text: str,
        *,
        bold: bool = False,
        size: float = paper.TYPE_SIZE,
        colour: tuple[float, float, float] = paper.BLACK,
        room: float = 0.0,
        path: Path = (),
        spaced: bool = False,
    ) -> Span:
        """Text that begins at x, with Thai digits; made smaller when it would be longer than the room. `path`: its
        element; `spaced`: it goes on in another span, and there is a space between."""
        words, font = thai_digits(text), self._weight(bold)
        width = font.width(words, size * self._face.factor)
        if room and width > room:
            size = max(size * room / width, SMALLEST)
        size *= self._face.factor
        return Span(x, Line(words, 0.0, font.width(words, size), spread=False, spaced=spaced), font, size, colour, path)

    def around(
        self,
        axis: float,
        text: str,
        *,
        bold: bool = False,
        size: float = paper.TYPE_SIZE,
        colour: tuple[float, float, float] = paper.BLACK,
        path: Path = (),
        spaced: bool = False,
    ) -> Span:
        """Text with its middle on the axis."""
        begin = axis - self.width(text, bold=bold, size=size) / 2
        span = self.span(begin, text, bold=bold, size=size, colour=colour, path=path, spaced=spaced)
        return replace(span, axis=axis)

    def centred(
        self, axis: float, text: str, room: float, *, before: float = 0.0, part: str = "", tag: str = "P"
    ) -> None:
        """Text around the axis, in as few lines as the room allows, which are about equally long."""
        path = self.element(tag)
        for number, (line, spaced) in enumerate(with_spaces(text, self.balanced(text, room))):
            span = self.around(axis, line, path=path, spaced=spaced)
            self.put(span, before=before if number == 0 else 0.0, part=part)

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

    def captioned(
        self, caption: str, items: Sequence[str], *, before: float = paper.BEFORE, part: str = "", tag: str = "P"
    ) -> None:
        """A caption and its words, or its numbered list when there are several, each hanging under its beginning."""
        left = paper.LEFT
        if caption:
            left += self.width(caption) + paper.LABEL_GAP
        numbers = [thai_digits(f"{n}. ") for n in range(1, len(items) + 1)] if len(items) > 1 else [""]
        text_left = left + max(self.width(number) for number in numbers)
        of_caption, of_list = (self.element(), self.element("L")) if len(items) > 1 else ((), ())
        for index, (number, item) in enumerate(zip(numbers, items, strict=True)):
            head: list[Span] = []
            if index == 0 and caption:
                head.append(self.span(paper.LEFT, caption + " ", path=of_caption))
            path = (*of_list, Part("LI", index)) if of_list else ()
            if number:
                head.append(self.span(left, number, path=(*path, Part("Lbl", 0))))
            paragraph = ThaiParagraph(thai_digits(item), self._font, self._size, paper.RIGHT - text_left, justify=False)
            self._add(
                paragraph,
                text_left,
                head,
                before if index == 0 else 0.0,
                body=False,
                part=part,
                tag=tag,
                path=(*path, Part("LBody", 0)) if path else (),
            )

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
                self._items = []
            elif is_pack_address(block.words.text):
                self._pack(block.words.text, paper.BEFORE if block.opens else 0.0)
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
        path = self._item(block.level) if is_item(words.text) and not is_heading else ()
        if not path:
            self._items = []
        tag = ("H2" if self._is_titled else "H1") if is_heading else "P"
        self._add(setting, paper.LEFT, [], before, body=True, keep=is_heading, tag=tag, path=path)

    def _pack(self, address: str, before: float) -> None:
        """The address of a meeting's papers, with its QR code below it on the same page."""
        self._items = []
        left = paper.CENTRE - PACK_SIDE / 2
        self.put(self.around(paper.CENTRE, address, size=SMALL), before=before, keep=True, part="body")

        def draw(canvas: Any, y: float, leading: float) -> None:
            del leading
            draw_pack_code(canvas, address, left, y)

        box = (left, 0.0, left + PACK_SIDE, PACK_SIDE)
        self.put(before=PACK_SIDE, lines=0.3, marks=(draw,), part="body", shown=(f"QR เอกสารประชุมที่ {address}", box))

    def _item(self, level: int) -> Path:
        """The element of an item's words: in the list that goes on, or in a new one within the item above it."""
        while self._items and self._items[-1][0] > level:
            self._items.pop()
        if self._items and self._items[-1][0] == level:
            around = self._items.pop()[1][:-2]
        else:
            around = (*(self._items[-1][1] if self._items else ()), *self.element("L"))
        path = (*around, *self.element("LI"), Part("LBody", 0))
        self._items.append((level, path))
        return path

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
        tag: str = "P",
        path: Path = (),
    ) -> None:
        """One paragraph's lines as rows; `head` stands on the first of them. `keep`: the row below the last stands on
        the same page."""
        self._paragraphs += 1
        lines, whole = setting.lines(), Running(setting, left)
        self._is_titled |= tag == "H1"
        for number, line in enumerate(lines):
            spans = [*(head if number == 0 else []), Span(left, line, self._font, path=path)]
            is_kept = keep and number == len(lines) - 1
            above = before if number == 0 else 0.0
            self.rows.append(
                Row(tuple(spans), self._paragraphs, above, body, keep=is_kept, whole=whole,
                    part="body" if body else part, tag=tag)
            )  # fmt: skip


def with_spaces(text: str, lines: Sequence[str]) -> list[tuple[str, bool]]:
    """The lines of a text, each with whether its words go on and a space stood where it ends."""
    out, at = [], 0
    for line in lines:
        end = at + len(line)
        goes_on = text[end : end + 1] == " "
        out.append((line, goes_on))
        at = end + len(text[end:]) - len(text[end:].lstrip(" "))
    return out


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
