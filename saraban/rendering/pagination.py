"""Rows of a document onto pages: no line left alone, two lines of text with the ending, room for the signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from saraban.rendering import paper
from saraban.rendering.body import Table
from saraban.rendering.paragraph import Line, ThaiParagraph
from saraban.rendering.shaping import ThaiTTFont
from saraban.rendering.tagging import Path

Box = tuple[float, float, float, float]
"""Left, lower, right and upper edge."""
Mark = Callable[[Any, float, float], None]
"""Draws what is no text: it is given the canvas, the baseline of its row, and the distance of two lines."""


@dataclass(frozen=True)
class Span:
    """A line at a distance from the left edge of the paper, in its size (None: that of the text) and colour. `axis`:
    its middle is meant to stand there, however long it is. `path`: the element of the structure that it belongs to,
    when it is not that of its row."""

    x: float
    line: Line
    font: ThaiTTFont
    size: float | None = None
    colour: tuple[float, float, float] = paper.BLACK
    path: Path = ()
    axis: float | None = None


@dataclass(frozen=True)
class Running:
    """A paragraph before it was cut into lines, and where its edge is from the left edge of the paper: a word processor
    cuts it anew."""

    setting: ThaiParagraph
    left: float


@dataclass(frozen=True)
class Ruled:
    """A row's part in a table: where the upright rules stand, and whether a row of the table begins or ends with it."""

    edges: tuple[float, ...]
    begins: bool
    ends: bool


@dataclass(frozen=True)
class Row:
    """What stands on one baseline, so many `lines` and `before` below the one above it; at the head of a page neither
    counts. `paragraph` tells which rows belong together; `body` is True for the text of the document. `keep`: the row
    that follows stands on the same page. `breaks`: it stands first on a page. `head`: the rows that are repeated above
    it where it begins a page. `ruled`: it belongs to a table. `whole`: the paragraph or the table that it is a line of,
    the same for all its lines; `part`: the field of the letter that it shows. `tag`: the type of the element that its
    paragraph is. `shown`: what is said in the stead of its marks when they are a picture, and where that is from the
    baseline."""

    spans: tuple[Span, ...]
    paragraph: int
    before: float = 0.0
    body: bool = False
    lines: float = 1.0
    marks: tuple[Mark, ...] = ()
    keep: bool = False
    breaks: bool = False
    head: tuple[Row, ...] = ()
    ruled: Ruled | None = None
    whole: Running | Table | None = None
    part: str = ""
    tag: str = "P"
    shown: tuple[str, Box] | None = None

    @property
    def words(self) -> str:
        """The row's text, for the catch-word."""
        return " ".join(span.line.text.strip() for span in self.spans)

    def drop(self, leading: float) -> float:
        """How far its baseline lies below the one above it."""
        return self.before + self.lines * leading


@dataclass
class Leaf:
    """A page: rows with their baselines, and the height at which it goes on."""

    rows: list[tuple[Row, float]] = field(default_factory=list)
    y: float = 0.0

    def put(self, row: Row, leading: float) -> None:
        """Set a row below what is there."""
        self.y -= row.drop(leading)
        self.rows.append((row, self.y))


def first_baseline(number: int, of_first_page: float) -> float:
    """Where the first row of page `number` (from 0) stands."""
    return of_first_page if number == 0 else paper.CONTINUED_FIRST_BASELINE


def height(rows: Sequence[Row], leading: float) -> float:
    """From the baseline above these rows to the baseline of the last of them."""
    return sum(row.drop(leading) for row in rows)


def paginate(rows: Sequence[Row], leading: float, of_first_page: float, tail: float) -> list[Leaf]:
    """Set the rows on pages. `tail` is the height below the last row that the ending, the signature and the unit block
    need; the last page has it, and at least two lines of text stand on it as far as there are any."""
    leaves: list[Leaf] = []
    start = 0
    with_ending = min(paper.BODY_LINES_WITH_CLOSING, _body_rows_of_last_part(rows))
    while True:
        baseline = first_baseline(len(leaves), of_first_page)
        end = _filled(rows, leading, start, baseline)
        cut = end
        if end == len(rows):
            leaf = _leaf(rows, start, end, leading, baseline)
            if leaf.y - tail >= paper.BOTTOM:
                return [*leaves, leaf]
            cut = len(rows) - with_ending
        elif not rows[end].breaks and len(rows) - end < with_ending:
            cut = len(rows) - with_ending
        cut = _without_lonely_lines(rows, start, cut)
        if cut <= start:
            # The signature does not fit below even these few lines: it goes to a page of its own.
            cut = end
        leaves.append(_leaf(rows, start, cut, leading, baseline))
        start = cut
        if start == len(rows):
            return [*leaves, Leaf(y=first_baseline(len(leaves), of_first_page) + leading)]


def _body_rows_of_last_part(rows: Sequence[Row]) -> int:
    """How many lines of text follow the last begin of a page."""
    last = max((number for number, row in enumerate(rows) if row.breaks), default=0)
    return sum(row.body for row in rows[last:])


def _filled(rows: Sequence[Row], leading: float, start: int, baseline: float) -> int:
    """The index of the first row that no longer stands on the page that begins with `start`; at least one row does."""
    y = _leaf(rows, start, start + 1, leading, baseline).y
    for index in range(start + 1, len(rows)):
        y -= rows[index].drop(leading)
        if y < paper.BOTTOM or rows[index].breaks:
            return index
    return len(rows)


def _without_lonely_lines(rows: Sequence[Row], start: int, cut: int) -> int:
    """A cut at or above `cut` that leaves no first or last line of a paragraph alone on a page and parts no rows that
    are kept together; `cut` itself when there is none."""
    for candidate in range(cut, start, -1):
        if not _parts_what_belongs_together(rows, candidate):
            return candidate
    return cut


def _parts_what_belongs_together(rows: Sequence[Row], cut: int) -> bool:
    if not 0 < cut < len(rows) or rows[cut].breaks:
        return False
    if rows[cut - 1].keep:
        return True
    if rows[cut - 1].paragraph != rows[cut].paragraph:
        return False
    begins = cut == 1 or rows[cut - 2].paragraph != rows[cut - 1].paragraph
    ends = cut == len(rows) - 1 or rows[cut + 1].paragraph != rows[cut].paragraph
    return begins or ends


def _leaf(rows: Sequence[Row], start: int, end: int, leading: float, baseline: float) -> Leaf:
    """The page of the rows from `start` to before `end`, below what is repeated above the first of them."""
    repeated = rows[start].head if start else ()
    leaf = Leaf()
    for row in (*repeated, *rows[start:end]):
        if leaf.rows:
            leaf.put(row, leading)
        else:
            leaf.rows.append((row, baseline))
            leaf.y = baseline
    return leaf
