"""The text of a letter as it is kept: a small subset of Markdown, read into blocks.

A blank line begins a new paragraph; so does a line that begins with an item's number ("๑. ", "๑.๑ ", "(๑) ", "- ");
any other line end is kept. `**words**` are bold. A pipe table is GFM's. A paragraph of `---` alone begins a new page. A
backslash takes its meaning from the sign of ASCII punctuation behind it (CommonMark 0.31, 2.4).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from saraban.rendering.thai import NBSP

_READER = MarkdownIt("zero").enable("table")
_PAGE_BREAK = "---"
_SPACE = f" {NBSP}"
_DEEPEST = 3
_PARTS = re.compile(r"\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<stars>\*+)|(?P<plain>[^\\*]+|\\)")
_MARKS_OF_A_LETTER = re.compile("[\u0300-\u036f\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]*")
_ITEM = re.compile(
    r"(?P<mark>(?P<number>[๐-๙0-9]{1,2}(?:\.[๐-๙0-9]{1,2})*)\.|(?P<deep>[๐-๙0-9]{1,2}(?:\.[๐-๙0-9]{1,2})+)"
    r"|(?P<bracket>\([๐-๙0-9ก-ฮ]{1,2}\)|[๐-๙0-9]{1,2}\))|[-–•])[ \u00a0]+(?=\S)"
)


@dataclass(frozen=True)
class Words:
    """A text and the stretches of it, as (start, end) in order, that are bold."""

    text: str
    bold: tuple[tuple[int, int], ...] = ()

    def cut(self, start: int, end: int) -> Words:
        """The part from `start` to before `end`."""
        first = bisect_right(self.bold, start, key=lambda stretch: stretch[1])
        last = bisect_left(self.bold, end, key=lambda stretch: stretch[0])
        held = ((max(a, start) - start, min(b, end) - start) for a, b in self.bold[first:last])
        return Words(self.text[start:end], tuple(held))

    def runs(self) -> Iterator[tuple[str, bool]]:
        """The text in runs, each with whether it is bold."""
        at = 0
        for start, end in self.bold:
            if at < start:
                yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        if at < len(self.text):
            yield self.text[at:], False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph or an item of a list, whose number stands in its words. `level`: how deep the item stands.
    `opens`: a blank line was before it."""

    words: Words
    level: int = 0
    opens: bool = True


class Align(Enum):
    """Where the words of a column stand in it."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True)
class Table:
    """A table: its columns, the row of captions (all empty when it has none), and its rows, each with a cell for every
    column."""

    columns: tuple[Align, ...]
    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]

    @property
    def has_head(self) -> bool:
        """True when any column has a caption."""
        return any(cell.text for cell in self.head)


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Paragraph | Table | PageBreak


def read_body(body: str) -> tuple[Block, ...]:
    """The blocks of a text whose line ends are "\\n". Every text can be read: what is no mark is words."""
    blocks: list[Block] = []
    tokens = _READER.parse("\n".join(line.strip(_SPACE) for line in body.split("\n")))
    above, at = _Above(), 0
    while at < len(tokens):
        kind = tokens[at].type
        if kind == "table_open":
            end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
            table = _table(tokens[at:end])
            if table.has_head or table.rows:
                blocks.append(table)
            at = end
        elif kind == "inline" and tokens[at].content == _PAGE_BREAK:
            blocks.append(PageBreak())
        elif kind == "inline":
            blocks += _paragraphs(_words(tokens[at].content), above)
        at += 1
    return tuple(blocks)


def is_item(text: str) -> bool:
    """Does a paragraph with this text begin with an item's number?"""
    return _ITEM.match(text) is not None


def plain_text(body: str) -> str:
    """The words without the marks, for those who read them outside a page: cells of a row parted by a space."""
    out: list[str] = []
    for block in read_body(body):
        if isinstance(block, Paragraph):
            out.append(("\n" if block.opens and out else "") + block.words.text.replace(NBSP, " "))
        elif isinstance(block, Table):
            rows = [block.head, *block.rows] if block.has_head else block.rows
            out.append("\n" * bool(out) + "\n".join(" ".join(cell.text for cell in row if cell.text) for row in rows))
    return "\n".join(out)


# --- paragraphs and items -------------------------------------------------------------------------------------


@dataclass
class _Above:
    """How deep the last item with a number (๑. ๑.๑) stood, and the last with one in brackets; -1: there was none."""

    number: int = -1
    bracket: int = -1


def _paragraphs(words: Words, above: _Above) -> Iterator[Paragraph]:
    """What stands between two blank lines, in paragraphs; `above` goes along."""
    opens = True
    for start, end in _stretches(words.text):
        part = words.cut(start, end)
        item = _ITEM.match(part.text)
        level = _level(item, above)
        if item is not None:
            part = _without_spaces_after_the_mark(part, item)
        yield Paragraph(part, level, opens)
        opens = False


def _stretches(text: str) -> Sequence[tuple[int, int]]:
    """Where each paragraph begins and ends. A line that begins with an item's number begins a new one."""
    out: list[tuple[int, int]] = []
    for found in re.finditer(r"[^\n]+", text):
        start = found.start() if not out or _ITEM.match(found[0]) else out.pop()[0]
        out.append((start, found.end()))
    return out


def _without_spaces_after_the_mark(words: Words, item: re.Match[str]) -> Words:
    """An item with one no-break space between its number and its words."""
    mark, end = item.end("mark"), item.end()
    by = end - mark - 1

    def moved(at: int) -> int:
        return at if at <= mark else max(at - by, mark)

    bold = tuple((moved(a), moved(b)) for a, b in words.bold if moved(a) < moved(b))
    return Words(words.text[:mark] + NBSP + words.text[end:], bold)


def _level(item: re.Match[str] | None, above: _Above) -> int:
    """How deep an item stands: ๑. is level 0, ๑.๑ level 1; (๑) stands below the number before it, (ก) below (๑) or
    that number, a dash below whatever it follows."""
    if item is None:
        return 0
    number = item["number"] or item["deep"]
    if number:
        above.number, above.bracket = min(number.count("."), _DEEPEST), -1
        return above.number
    mark = item["mark"] or item["bracket"]
    if any(letter.isdigit() for letter in mark):
        above.bracket = min(above.number + 1, _DEEPEST)
        return above.bracket
    return min(max(above.number, above.bracket) + 1, _DEEPEST)


# --- tables ---------------------------------------------------------------------------------------------------


def _table(tokens: Sequence[Token]) -> Table:
    """A table from the tokens of its rows and cells."""
    rows: list[list[Words]] = []
    columns: list[Align] = []
    for token, following in pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(_words(following.content))
            if token.type == "th_open":
                side = str(token.attrs.get("style", "")).removeprefix("text-align:")
                columns.append(Align(side) if side else Align.LEFT)
    return Table(tuple(columns), tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))


# --- bold and backslashes -------------------------------------------------------------------------------------


def _words(text: str) -> Words:
    """A text with its marks taken out. Two asterisks open bold when no space follows and close it when none is before;
    those that close nothing, and one or three, are words."""
    pieces: list[str] = []
    length = 0
    opened: tuple[int, int] | None = None
    bold: list[tuple[int, int]] = []
    for part in _PARTS.finditer(text):
        if part["stars"] == "**":
            after, before = text[part.end() : part.end() + 1], text[part.start() - 1 : part.start()]
            if opened is None and after and not after.isspace():
                opened = (len(pieces), length)
                pieces.append("")
                continue
            if opened is not None and length > opened[1] and not before.isspace():
                bold.append((opened[1], length))
                opened = None
                continue
        pieces.append(part["escaped"] or part[0])
        length += len(pieces[-1])
    if opened is not None:
        pieces[opened[0]] = "**"
    whole = "".join(pieces)
    edges = [tuple(_MARKS_OF_A_LETTER.match(whole, edge).end() for edge in stretch) for stretch in bold]  # type: ignore[union-attr]
    return Words(whole, tuple((a, b) for a, b in edges if a < b))
