"""Rows of a letter onto pages: no line left alone, two lines of text with the closing, room for the signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from saraban.rendering import paper
from saraban.rendering.paragraph import Line
from saraban.rendering.shaping import ThaiTTFont


@dataclass(frozen=True)
class Span:
    """A line at a distance from the left edge of the paper."""

    x: float
    line: Line
    font: ThaiTTFont


@dataclass(frozen=True)
class Row:
    """What stands on one baseline. `before` is white above it, not used at the head of a page; `paragraph` tells which
    rows belong together; `body` is True for the text of the letter."""

    spans: tuple[Span, ...]
    paragraph: int
    before: float = 0.0
    body: bool = False

    @property
    def words(self) -> str:
        """The row's text, for the catch-word."""
        return " ".join(span.line.text.strip() for span in self.spans)


@dataclass
class Leaf:
    """A page: rows with their baselines, and the height at which it goes on."""

    rows: list[tuple[Row, float]] = field(default_factory=list)
    y: float = 0.0


def first_baseline(number: int, of_first_page: float) -> float:
    """Where the first row of page `number` (from 0) stands."""
    return of_first_page if number == 0 else paper.CONTINUED_FIRST_BASELINE


def paginate(rows: Sequence[Row], leading: float, of_first_page: float, tail: float) -> list[Leaf]:
    """Set the rows on pages. `tail` is the height below the last row that the closing, the signature and the unit block
    need; the last page has it, and at least two lines of text stand on it as far as there are any."""
    leaves: list[Leaf] = []
    start = 0
    with_closing = min(paper.BODY_LINES_WITH_CLOSING, sum(row.body for row in rows))
    while True:
        baseline = first_baseline(len(leaves), of_first_page)
        end = _filled(rows, leading, start, baseline)
        cut = end
        if end == len(rows):
            if _leaf(rows[start:], leading, baseline).y - tail >= paper.BOTTOM:
                leaves.append(_leaf(rows[start:], leading, baseline))
                return leaves
            cut = len(rows) - with_closing
        elif len(rows) - end < with_closing:
            cut = len(rows) - with_closing
        cut = _without_lonely_lines(rows, start, cut)
        if cut <= start:
            # The signature does not fit below even these few lines: it goes to a page of its own.
            cut = end
        leaves.append(_leaf(rows[start:cut], leading, baseline))
        start = cut
        if start == len(rows):
            leaves.append(_leaf((), leading, first_baseline(len(leaves), of_first_page)))
            return leaves


def _filled(rows: Sequence[Row], leading: float, start: int, baseline: float) -> int:
    """The index of the first row that no longer fits on the page that begins with `start`; at least one row does."""
    y = baseline
    for index in range(start, len(rows)):
        if index > start:
            y -= rows[index].before + leading
            if y < paper.BOTTOM:
                return index
    return len(rows)


def _without_lonely_lines(rows: Sequence[Row], start: int, cut: int) -> int:
    """A cut at or above `cut` that leaves no first or last line of a paragraph alone on a page; `cut` itself when
    there is none."""
    for candidate in range(cut, max(start, cut - 4), -1):
        if not _leaves_a_lonely_line(rows, candidate):
            return candidate
    return cut


def _leaves_a_lonely_line(rows: Sequence[Row], cut: int) -> bool:
    if not 0 < cut < len(rows) or rows[cut - 1].paragraph != rows[cut].paragraph:
        return False
    begins = cut == 1 or rows[cut - 2].paragraph != rows[cut - 1].paragraph
    ends = cut == len(rows) - 1 or rows[cut + 1].paragraph != rows[cut].paragraph
    return begins or ends


def _leaf(rows: Sequence[Row], leading: float, baseline: float) -> Leaf:
    """A page with these rows; `y` is the baseline of the last, or one line above the first when there are none."""
    leaf = Leaf(y=baseline + leading)
    for number, row in enumerate(rows):
        leaf.y -= leading + (row.before if number else 0.0)
        leaf.rows.append((row, leaf.y))
    return leaf
