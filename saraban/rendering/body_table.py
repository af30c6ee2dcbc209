"""A table in the text of a letter as rows of the page: columns as wide as their words ask, cells in lines, rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from saraban.rendering import paper
from saraban.rendering.body import Align, Table, Words
from saraban.rendering.pagination import Row, Ruled, Span
from saraban.rendering.paragraph import Line, ThaiParagraph
from saraban.rendering.shaping import Typeface
from saraban.rendering.tagging import Part
from saraban.rendering.thai import thai_digits

PAD = 4.0
"""White at the left and the right of the words of a cell."""
ABOVE = 2.5
"""White above the first line of a row, beyond the leading."""
RULE_DROP = 0.42
"""From the last baseline of a row to its rule, in type sizes: marks below letters stay above the rule."""
_LEAST_WORD = 0.8 * paper.CM
_MOST_WORD = 0.4 * paper.TEXT_WIDTH
_MOST_REPEATED = 8
"""Captions of more lines are not repeated: there would be no room for what stands below them."""
_RULE = 0.5


def table_rows(table: Table, face: Typeface, paragraph: int) -> list[Row]:
    """The rows of a table that is as wide as the text; `paragraph` is the number of its first row. A row of the table
    stays on one page, and on a later page the captions stand above it again."""
    size = paper.TYPE_SIZE * face.factor
    rows = [(table.head, True)] if table.has_head else []
    rows += [(cells, False) for cells in table.rows]
    widths = column_widths(table, face)
    lefts = [paper.LEFT + sum(widths[:index]) for index in range(len(widths))]
    out: list[Row] = []
    head: tuple[Row, ...] = ()
    whole = Part("Table", paragraph)
    for number, (cells, is_head) in enumerate(rows):
        font = face.bold if is_head else face.regular
        lines = [
            _placed(_cell(cell, face, size, width, bold=is_head), Align.CENTRE if is_head else align)
            for cell, width, align in zip(cells, widths, table.columns, strict=True)
        ]
        count = max(len(column) for column in lines)
        set_rows = [
            Row(
                tuple(
                    Span(
                        x + PAD, column[at], font, path=(whole, Part("TR", number), Part("TH" if is_head else "TD", x))
                    )
                    for x, column in zip(lefts, lines, strict=True)
                    if at < len(column)
                ),
                paragraph + number,
                before=(ABOVE if number else ABOVE + paper.BEFORE) if at == 0 else 0.0,
                body=True,
                keep=at < count - 1 or is_head,
                head=head,
                ruled=Ruled((*lefts, paper.RIGHT), begins=at == 0, ends=at == count - 1),
            )
            for at in range(count)
        ]
        if is_head and count <= _MOST_REPEATED:
            head = tuple(set_rows)
        out += set_rows
    return out


def column_widths(table: Table, face: Typeface) -> list[float]:
    """The widths of the columns, together that of the text: each has room for its longest word if that is possible, and
    what is left goes to those whose words would need more lines."""
    size = paper.TYPE_SIZE * face.factor
    captions = [(table.head, True)] if table.has_head else []
    rows = [*captions, *((cells, False) for cells in table.rows)]
    return _widths(
        [[_cell(cells[n], face, size, paper.TEXT_WIDTH, bold=is_head) for cells, is_head in rows]
         for n in range(len(table.columns))]
    )  # fmt: skip


def draw_rules(canvas: Any, row: Row, y: float, leading: float, *, ends_page: bool) -> None:
    """The rules of a table around a row of the page whose baseline is at `y`."""
    ruled = row.ruled
    if ruled is None:
        return
    low = y - RULE_DROP * paper.TYPE_SIZE
    high = low + leading + (ABOVE if ruled.begins else 0.0)
    canvas.setLineWidth(_RULE)
    for x in ruled.edges:
        canvas.line(x, low, x, high)
    if ruled.begins:
        canvas.line(ruled.edges[0], high, ruled.edges[-1], high)
    if ruled.ends or ends_page:
        canvas.line(ruled.edges[0], low, ruled.edges[-1], low)


def _cell(cell: Words, face: Typeface, size: float, width: float, *, bold: bool) -> ThaiParagraph:
    return ThaiParagraph(
        thai_digits(cell.text),
        face.bold if bold else face.regular,
        size,
        width - 2 * PAD,
        justify=False,
        bold=() if bold else cell.bold,
        bold_font=face.bold,
    )


def _placed(paragraph: ThaiParagraph, align: Align) -> list[Line]:
    """The lines of a cell where its column wants them."""
    part = {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}[align]
    return [
        replace(line, indent=part * max(0.0, paragraph.width - paragraph.length(line))) for line in paragraph.lines()
    ]


def _widths(columns: Sequence[Sequence[ThaiParagraph]]) -> list[float]:
    least = [
        max(_LEAST_WORD, *(min(cell.longest_piece(), _MOST_WORD) for cell in cells)) + 2 * PAD for cells in columns
    ]
    whole = [max(_LEAST_WORD, *(cell.longest_line() for cell in cells)) + 2 * PAD for cells in columns]
    if sum(whole) <= paper.TEXT_WIDTH:
        return [width * paper.TEXT_WIDTH / sum(whole) for width in whole]
    spare = paper.TEXT_WIDTH - sum(least)
    if spare <= 0:
        return [width * paper.TEXT_WIDTH / sum(least) for width in least]
    wishes = [wish - need for wish, need in zip(whole, least, strict=True)]
    return [need + spare * wish / sum(wishes) for need, wish in zip(least, wishes, strict=True)]
