"""The rows of a page's plan as paragraphs of a DOCX, each at its height on the page by the white before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from saraban.rendering import paper
from saraban.rendering.body import Table, Words
from saraban.rendering.docx_origin import PARTS, bookmark
from saraban.rendering.docx_parts import DEPTH, RISE, TOP, DocxPage, Look, Stop
from saraban.rendering.docx_pictures import drawn, float_by_paragraph, float_on_page
from saraban.rendering.forms.memorandum import Leader
from saraban.rendering.forms.parts import HeadRule
from saraban.rendering.frame import Plan, foot_gap, is_long
from saraban.rendering.pagination import Row, Running, Span, height
from saraban.rendering.paragraph import Line
from saraban.rendering.thai import NBSP
from saraban.usecases.pages import PageLetter

_LARGE = 18.0
"""Type above this size has lines of its own height, 1.3 or 1.2 times as much."""
_NEAR = 0.7
"""Words so near to one another, in points, are one run of words; so near to an axis, they stand on it."""
_ON_BASELINE = 8.0
_TABLE_GAP = 1.0
_OVER = 12.0


class Writer:
    """Writes one plan into one document."""

    def __init__(self, page: DocxPage, letter: PageLetter, plan: Plan, leading: float) -> None:
        self._page, self._letter, self._plan, self._leading = page, letter, plan, leading
        # From the last baseline down to the end of what is written; below the head of the page at first.
        self._below = plan.first - paper.PAGE_HEIGHT + TOP
        self._is_first = True
        self._last: Any = None
        self._parts: dict[str, list[Any]] = {}

    def write(self, text_ends: float) -> None:
        """All of it; `text_ends` is the last baseline of the text on the page."""
        plan, letter = self._plan, self._letter
        rows, above = list(plan.rows), ""
        x, y = plan.urgency
        urgency = Look(paper.URGENCY_SIZE, bold=True, colour=paper.RED)
        if letter.urgency.thai and abs(y - plan.first) < _ON_BASELINE:
            rows[0] = self._with_urgency(rows[0], x)
        elif letter.urgency.thai and paper.PAGE_HEIGHT - y > TOP + paper.URGENCY_SIZE:
            self._below = y - paper.PAGE_HEIGHT + TOP
            self._put(0.0, letter.urgency.thai, urgency, exact=paper.URGENCY_SIZE)
            self._is_first, self._below = True, self._below + plan.first - y
        elif letter.urgency.thai:
            above = letter.urgency.thai
        begins = self._page.above_and_below(letter.secrecy.thai, above)
        if above:
            self._below = plan.first - paper.PAGE_HEIGHT + begins
        kept = _rows_with_closing(rows)
        at = 0
        for _, group in groupby(rows, key=lambda row: id(row.whole or row)):
            members = list(group)
            at += len(members)
            self._rows(members, keep=members[-1].keep or at > kept)
        for row in plan.ending:
            self._rows([row], keep=row is not plan.ending[-1] or (bool(plan.foot) and not is_long(plan.foot)))
        gap = foot_gap(plan.foot, text_ends - height(plan.ending, self._leading), self._leading) if plan.foot else 0.0
        for _, group in groupby(plan.foot, key=lambda row: id(row.whole or row)):
            members = list(group)
            keep = members[-1] is not plan.foot[-1] and not is_long(plan.foot)
            self._rows(members, keep=keep, further=gap)
            gap = 0.0
        for part, paragraphs in self._parts.items():
            bookmark(paragraphs, part)
        emblem, face = plan.emblem, self._page.face
        if emblem is not None and (picture := drawn(lambda canvas: emblem(canvas, face))):
            float_on_page(self._page.document.paragraphs[0], picture, "ตรา")

    # --- one paragraph or one row -----------------------------------------------------------------------------

    def _rows(self, rows: Sequence[Row], *, keep: bool, further: float = 0.0) -> None:
        """The rows of one whole, or a row that is no part of any."""
        row, whole = rows[0], rows[0].whole
        drop = row.drop(self._leading) + further
        if isinstance(whole, Table):
            self._table(whole, row)
        elif isinstance(whole, Running):
            self._running(row, whole, drop, keep=keep)
        elif any(isinstance(mark, HeadRule) for mark in row.marks):
            self._rule(row, drop)
        else:
            self._single(row, drop, keep=keep)

    def _table(self, table: Table, row: Row) -> None:
        gap = row.before + self._leading - self._below - RISE * self._leading - paper.BEFORE / 2
        self._page.line(exact=_TABLE_GAP if row.breaks else max(gap, _TABLE_GAP), breaks=row.breaks)
        self._page.table(table)
        self._is_first, self._below = False, 0.42 * paper.TYPE_SIZE
        made = self._page.document.tables[-1]
        self._note(row, made.rows[0].cells[0].paragraphs[0]._p)
        self._note(row, made.rows[-1].cells[-1].paragraphs[-1]._p)

    def _running(self, row: Row, whole: Running, drop: float, *, keep: bool) -> None:
        """A paragraph that the reader cuts into lines; what stands before it hangs at the left of its edge."""
        setting, left = whole.setting, whole.left - paper.LEFT
        heads = [span for span in row.spans if span.x < whole.left - _NEAR]
        first = setting.first_indent
        stops: list[Stop] = []
        if heads:
            first = heads[0].x - whole.left
            stops = [Stop(span.x - paper.LEFT) for span in (*heads[1:], row.spans[-1])]
        paragraph = self._put(
            drop, left=left, first=first, stops=stops, keep=keep, breaks=row.breaks,
            align=WD_ALIGN_PARAGRAPH.THAI_JUSTIFY if setting.justify else None,
        )  # fmt: skip
        for span in heads:
            self._page.add(paragraph, f"{span.line.text.strip()}\t", self._look(span))
        words = Words(setting.text.replace(NBSP, " "), setting.bold)
        self._page.add_runs(paragraph, words.runs())
        self._note(row, paragraph._p)

    def _rule(self, row: Row, drop: float) -> None:
        half = next(mark.half for mark in row.marks if isinstance(mark, HeadRule))
        high = max(drop - paper.HEAD_RULE_RISE - self._below, 1.0)
        paragraph = self._page.line(
            left=paper.CENTRE - half - paper.LEFT, right=paper.RIGHT - paper.CENTRE - half, exact=high, keep=True
        )
        self._page.rule(paragraph)
        self._is_first, self._below, self._last = False, -paper.HEAD_RULE_RISE, paragraph

    def _single(self, row: Row, drop: float, *, keep: bool) -> None:
        """A row as a paragraph of its own: around an axis, or from tab stop to tab stop."""
        size = max((span.size or paper.TYPE_SIZE for span in row.spans), default=paper.TYPE_SIZE)
        exact = 0.0 if size < _LARGE else size * (1.3 if size < 24 else 1.2)
        # Blank lines for a signature are lines in which one can write.
        for _ in range(int(row.lines) - 1 if row.lines >= 2 and row.spans else 0):
            self._put(self._leading, keep=True)
            drop -= self._leading
        leaders = [mark for mark in row.marks if isinstance(mark, Leader)]
        pictures = [mark for mark in row.marks if not isinstance(mark, Leader)]
        if pictures and self._last is not None:
            # The white goes before, so that pictures are measured from the words.
            white = drop - self._below - RISE * (exact or self._leading)
            self._last.paragraph_format.space_after = Pt(max(white, 0.0))
            self._below += max(white, 0.0)
        groups = _groups(row.spans)
        axis = _axis(groups)
        if leaders:
            paragraph = self._on_leaders(row, leaders, drop, exact, keep=keep)
        elif axis is not None:
            slack = (axis - paper.LEFT) - (paper.RIGHT - axis)
            paragraph = self._put(drop, left=max(slack, 0.0), right=max(-slack, 0.0), exact=exact,
                                  align=WD_ALIGN_PARAGRAPH.CENTER, keep=keep, breaks=row.breaks)  # fmt: skip
        else:
            paragraph = self._put(drop, exact=exact, keep=keep, breaks=row.breaks, **_stops(groups))
        for number, group in enumerate([] if leaders else groups):
            for place, span in enumerate(group):
                tab = "\t" if place == 0 and axis is None and (number or _needs_tab(groups)) else ""
                self._page.add(paragraph, tab + span.line.text.replace(NBSP, " "), self._look(span))
        self._note(row, paragraph._p)
        for mark in pictures:
            self._float(paragraph, partial(mark), exact or self._leading)

    def _on_leaders(self, row: Row, leaders: Sequence[Leader], drop: float, exact: float, *, keep: bool) -> Any:
        """Captions, and words on dotted lines up to their ends."""
        pairs = []
        for number, leader in enumerate(leaders):
            before = leaders[number - 1].right if number else 0.0
            pairs.append((leader, [span for span in row.spans if before <= span.x < leader.left - _NEAR],
                          [span for span in row.spans if leader.left <= span.x < leader.right]))  # fmt: skip
        stops, left = [], 0.0
        for number, (leader, captions, _) in enumerate(pairs):
            stops += [Stop(span.x - paper.LEFT) for span in captions if number]
            if captions:
                stops.append(Stop(leader.left - paper.LEFT))
            else:
                left = leader.left - paper.LEFT
            stops.append(Stop(leader.right - paper.LEFT, right=leader.right > paper.RIGHT - _NEAR))
        paragraph = self._put(drop, left=left, exact=exact, keep=keep, stops=stops)
        for number, (_, captions, filled) in enumerate(pairs):
            for span in captions:
                self._page.add(paragraph, ("\t" if number else "") + span.line.text + "\t", self._look(span))
            for span in filled:
                self._page.add(paragraph, f" {span.line.text}", replace(self._look(span), dotted=True))
            self._page.add(paragraph, "\t", Look(dotted=True))
        return paragraph

    def _put(self, drop: float, text: str = "", look: Look | None = None, *, exact: float = 0.0, **how: Any) -> Any:
        """A paragraph whose first baseline lies so far below the last one."""
        high = exact or self._leading
        before = (0.0 if self._is_first else drop) - self._below - RISE * high
        paragraph = self._page.line(text, look or Look(), before=max(before, 0.0), exact=exact, **how)
        self._is_first, self._below, self._last = False, DEPTH * high, paragraph
        return paragraph

    def _note(self, row: Row, paragraph: Any) -> None:
        """Remember the paragraphs of a part for its bookmark."""
        if row.part in PARTS:
            self._parts.setdefault(row.part, []).append(paragraph)

    def _float(self, paragraph: Any, mark: Any, high: float) -> None:
        """What a mark draws, where it draws it."""
        baseline = paper.PAGE_HEIGHT / 2
        picture = drawn(lambda canvas: mark(canvas, baseline, self._leading))
        if picture is not None:
            down = picture.y - (paper.PAGE_HEIGHT - baseline) + RISE * high
            float_by_paragraph(paragraph, picture, "ภาพ", down)

    def _look(self, span: Span) -> Look:
        size = (span.size or paper.TYPE_SIZE * self._page.face.factor) / self._page.face.factor
        return Look(size, span.font is self._page.face.bold, span.colour)

    def _with_urgency(self, row: Row, x: float) -> Row:
        """The first row with the urgency on it."""
        face, text = self._page.face, self._letter.urgency.thai
        size = paper.URGENCY_SIZE * face.factor
        span = Span(x, Line(text, 0.0, face.bold.width(text, size), spread=False), face.bold, size, paper.RED)
        return replace(row, spans=(span, *row.spans))


def _rows_with_closing(rows: Sequence[Row]) -> int:
    """Behind how many rows those begin that stand on the page of the closing: the last lines of the text."""
    body = [number for number, row in enumerate(rows) if row.body]
    return body[-paper.BODY_LINES_WITH_CLOSING :][0] if body else len(rows)


def _groups(spans: Sequence[Span]) -> list[list[Span]]:
    """The spans of a row in runs of words."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and abs(_end(groups[-1][-1]) - span.x) < _NEAR:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _end(span: Span) -> float:
    return span.x + span.font.width(span.line.text, span.size or paper.TYPE_SIZE)


def _axis(groups: Sequence[Sequence[Span]]) -> float | None:
    """Around which axis a row of one run of words stands."""
    if len(groups) != 1:
        return None
    first, last = groups[0][0], groups[0][-1]
    middle = (first.x + _end(last)) / 2
    if first is last and first.axis is not None:
        return first.axis
    return paper.CENTRE if abs(middle - paper.CENTRE) < _NEAR else None


def _needs_tab(groups: Sequence[Sequence[Span]]) -> bool:
    """Does the first run of words of a row of several begin at a tab stop?"""
    return len(groups) > 1 and (groups[0][0].axis is not None or groups[0][0].x > paper.LEFT + _NEAR)


def _stops(groups: Sequence[Sequence[Span]]) -> dict[str, Any]:
    """The indent of a row of one run of words, or the tab stops of one of several."""
    if len(groups) == 1:
        # The page has these words on one line. Another program's widths must not part them: they may reach further.
        over = paper.RIGHT - _end(groups[0][-1]) < _OVER
        return {"left": groups[0][0].x - paper.LEFT, "right": -_OVER if over else 0.0}
    stops = []
    for number, group in enumerate(groups):
        if number or _needs_tab(groups):
            axis = group[0].axis if len(group) == 1 else None
            stops.append(Stop((group[0].x if axis is None else axis) - paper.LEFT, centre=axis is not None))
    return {"stops": stops}
