"""The parts of a letter of form 1 as rows: captions with hanging lists, paragraphs of text, the unit block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from saraban.rendering import paper
from saraban.rendering.body import PageBreak, Paragraph, Table, read_body
from saraban.rendering.body_table import table_rows
from saraban.rendering.pagination import Row, Span
from saraban.rendering.paragraph import Line, ThaiParagraph
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import thai_date, thai_digits
from saraban.usecases.ports import PageEnclosure, PageLetter, PageReference

SALUTATIONS = ("ขอประทานกราบทูล", "กราบเรียน", "กราบทูล", "นมัสการ", "เรียน", "ทูล")


class Composer:
    """Collects the rows of one letter in the order of form 1."""

    def __init__(self, face: Typeface) -> None:
        self._face, self._font = face, face.regular
        self._size = paper.TYPE_SIZE * face.factor
        self._paragraphs = 0
        self.rows: list[Row] = []

    def captioned(self, caption: str, items: Sequence[str], *, before: float = paper.BEFORE) -> None:
        """A caption and its words, or its numbered list when there are several, each hanging under its beginning."""
        left = paper.LEFT
        if caption:
            left += self._width(caption) + paper.LABEL_GAP
        numbers = [thai_digits(f"{n}. ") for n in range(1, len(items) + 1)] if len(items) > 1 else [""]
        text_left = left + max(self._width(number) for number in numbers)
        for index, (number, item) in enumerate(zip(numbers, items, strict=True)):
            head: list[Span] = []
            if index == 0 and caption:
                head.append(self._span(paper.LEFT, caption + " "))
            if number:
                head.append(self._span(left, number))
            paragraph = ThaiParagraph(thai_digits(item), self._font, self._size, paper.RIGHT - text_left, justify=False)
            self._add(paragraph.lines(), text_left, head, before if index == 0 else 0.0, body=False)

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
                self.rows += table_rows(block, self._face, self._paragraphs + 1)
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
        self._add(setting.lines(), paper.LEFT, [], before + (paper.BEFORE if after_table else 0.0), body=True)

    def _add(self, lines: Sequence[Line], left: float, head: Sequence[Span], before: float, *, body: bool) -> None:
        """One paragraph's lines as rows; `head` stands on the first of them."""
        self._paragraphs += 1
        for number, line in enumerate(lines):
            spans = [*(head if number == 0 else []), Span(left, line, self._font)]
            self.rows.append(Row(tuple(spans), self._paragraphs, before if number == 0 else 0.0, body))

    def _span(self, x: float, text: str) -> Span:
        return Span(x, Line(text, 0.0, self._width(text), spread=False), self._font)

    def _width(self, text: str) -> float:
        return self._font.width(text, self._size)


def head_rows(letter: PageLetter, face: Typeface) -> list[Row]:
    """เรื่อง, salutation, อ้างถึง, สิ่งที่ส่งมาด้วย and the text (clauses 11.4 to 11.8)."""
    composer = Composer(face)
    composer.captioned("เรื่อง", [letter.subject])
    composer.captioned(*_salutation(letter.salutation))
    if letter.references:
        composer.captioned("อ้างถึง", [_reference(reference) for reference in letter.references])
    if letter.enclosures:
        composer.captioned("สิ่งที่ส่งมาด้วย", [_enclosure(enclosure) for enclosure in letter.enclosures])
    composer.text(letter.body)
    return composer.rows


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


def _salutation(text: str) -> tuple[str, list[str]]:
    """("เรียน", ["อธิบดีกรม…"]); the whole is one line without a caption when the first word is none that we know."""
    first, space, rest = text.partition(" ")
    if space and first in SALUTATIONS:
        return first, [rest.strip()]
    return "", [text]


def _reference(reference: PageReference) -> str:
    """As in "หนังสือกรม… ที่ มท 0810/123 ลงวันที่ ๑ มกราคม ๒๕๖๙" (clause 11.6)."""
    sender = reference.sender.strip()
    words = [sender if sender.startswith("หนังสือ") else f"หนังสือ{sender}", f"ที่ {reference.number}"]
    if reference.date is not None:
        words.append(f"ลงวันที่ {thai_date(reference.date)}")
    return " ".join(words)


def _enclosure(enclosure: PageEnclosure) -> str:
    """As in "แบบสำรวจ จำนวน ๑ ชุด" (clause 11.7)."""
    amount = enclosure.amount.strip()
    if amount and not amount.startswith("จำนวน"):
        amount = f"จำนวน {amount}"
    return f"{enclosure.name} {amount}".strip()
