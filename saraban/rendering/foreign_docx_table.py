"""Tables of DOCX files as tables of a letter's text. Word's cells may reach over columns and rows; ours are plain, so
what was joined is parted. Runs only inside the child process of `quarantine.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from saraban.rendering.body import Align, Table, Words

MOST_COLUMNS = 30
_ALIGN = {"center": Align.CENTRE, "right": Align.RIGHT, "end": Align.RIGHT}


@dataclass(frozen=True)
class _Cell:
    """A place in the grid. `below`: it belongs to the cell above it; `beside`: to the one at its left; `wide`: over so
    many columns."""

    words: Words
    below: bool = False
    beside: bool = False
    wide: int = 1


def read_table(element: Any, words_of: Callable[[Any], Words]) -> Table | None:
    """A table whose first row holds the captions; None when there are no words in it. A cell over several rows or
    columns says its words once, at its first; captions in two rows become one row of both. Rows without words stay:
    they are there to be filled by hand."""
    grid: list[list[_Cell]] = []
    aligns: dict[int, Align | None] = {}
    for row in element.iter(qn("w:tr")):
        if next(row.iterancestors(qn("w:tbl"))) is not element or row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
            continue
        cells = _row(row, element, words_of)
        if len(grid) < 2:
            # Captions are centred anyhow; the first row below them tells how the column stands.
            aligns |= dict(enumerate(_aligns(row, element)))
        grid.append(cells)
    width = max(map(len, grid), default=0)
    if not any(cell.words.text for row in grid for cell in row):
        return None
    full = [[*row, *[_Cell(Words(""))] * (width - len(row))] for row in grid]
    if len(full) > 2 and _is_head_of_two(full[0], full[1]):
        full = [_one_head(full[0], full[1]), *full[2:]]
    columns = tuple(aligns.get(column) or Align.LEFT for column in range(width))
    rows = [tuple(cell.words for cell in row) for row in full]
    return Table(columns, rows[0], tuple(rows[1:]))


def has_joined_cells(elements: Iterable[Any]) -> bool:
    """Does any table in these elements have cells that reach over columns or rows?"""
    return any(
        _span(cell) > 1 or any(cell.find(qn(tag)) is not None for tag in ("w:vMerge", "w:hMerge"))
        for element in elements
        for cell in element.iter(qn("w:tcPr"))
    )


def _row(row: Any, table: Any, words_of: Callable[[Any], Words]) -> list[_Cell]:
    cells: list[_Cell] = []
    for cell in _cells(row, table):
        if len(cells) >= MOST_COLUMNS:
            break
        properties = cell.find(qn("w:tcPr"))
        below, beside = (
            properties is not None and _continues(properties.find(qn(tag))) for tag in ("w:vMerge", "w:hMerge")
        )
        wide = min(_span(properties), MOST_COLUMNS - len(cells))
        cells.append(_Cell(Words("") if below or beside else words_of(cell), below, beside, wide))
        cells += [_Cell(Words(""), below, beside=True)] * (wide - 1)
    return cells


def _cells(row: Any, table: Any) -> list[Any]:
    """The cells of a row, without those of tables inside it."""
    return [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tbl"))) is table]


def _is_head_of_two(first: list[_Cell], second: list[_Cell]) -> bool:
    """Captions in two rows: some stand over several columns that have captions of their own below, and all others reach
    down into the second row."""
    over = [at for at, cell in enumerate(first) if cell.beside or cell.wide > 1]
    return bool(over) and all(
        second[at].below or (at in over and bool(second[at].words.text)) for at in range(len(first))
    )


def _one_head(first: list[_Cell], second: list[_Cell]) -> list[_Cell]:
    head, over = [], Words("")
    for above, below in zip(first, second, strict=True):
        over = over if above.beside else above.words
        joined = above.words if below.below else Words(f"{over.text} {below.words.text}".strip())
        head.append(_Cell(joined))
    return head


def _continues(element: Any) -> bool:
    return element is not None and element.get(qn("w:val"), "continue") == "continue"


def _span(properties: Any) -> int:
    found = properties.find(qn("w:gridSpan")) if properties is not None else None
    value = found.get(qn("w:val"), "1") if found is not None else "1"
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 4 else 1


def _aligns(row: Any, table: Any) -> list[Align | None]:
    """How the cells of a row stand, column by column."""
    out: list[Align | None] = []
    for cell in _cells(row, table):
        if len(out) >= MOST_COLUMNS:
            break
        out += [_align(cell)] * min(_span(cell.find(qn("w:tcPr"))), MOST_COLUMNS)
    return out


def _align(cell: Any) -> Align | None:
    for paragraph in cell.iter(qn("w:p")):
        found = paragraph.find(f"{qn('w:pPr')}/{qn('w:jc')}")
        return _ALIGN.get(found.get(qn("w:val"), "")) if found is not None else None
    return None
