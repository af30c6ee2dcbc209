"""A ruled table that runs over sheets: the head row on every sheet, rows that may be longer than a sheet, bands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from saraban.rendering import paper
from saraban.rendering.print_file import PrintFile, SetLine

_PAD = 3.2
_ABOVE, _BELOW = 0.82, 0.40
"""From a row's edge to its first baseline, and from the last baseline to the lower edge, in type sizes: marks above and
below Thai letters stay inside the cell."""
_HEAVY, _FINE = 0.8, 0.35


@dataclass(frozen=True)
class Column:
    """A column: its caption and its width in points; numbers and dates are centred in it."""

    caption: str
    width: float
    centred: bool = False


class Mark(Enum):
    """How a row is marked."""

    NONE = "none"
    STRUCK = "struck"
    HATCHED = "hatched"


@dataclass(frozen=True)
class Frame:
    """Where the table stands on every sheet, in points: left edge, upper edge of the head row, lowest edge of the last
    row; and its type."""

    left: float
    top: float
    bottom: float
    size: float
    leading: float


@dataclass(frozen=True)
class Cell:
    """Set lines of one cell. `never_struck`: it stays unmarked in a struck row. `red`: the first so many lines are
    red."""

    lines: tuple[SetLine, ...]
    never_struck: bool = False
    red: int = 0


class RuledTable:
    """Draws rows as they come; `dress` writes what stands around the table on a sheet that begins, and is told its
    number from 1. `frame` is called for each sheet, so that sheets may differ."""

    def __init__(
        self,
        file: PrintFile,
        columns: Sequence[Column],
        frame: Callable[[int], Frame],
        dress: Callable[[int], None],
    ) -> None:
        self._file, self._columns, self._frame_of, self._dress = file, columns, frame, dress
        self.frame = frame(1)
        self.sheet = 0
        self.y = 0.0
        self._ruled_from = 0.0

    @property
    def columns(self) -> Sequence[Column]:
        """The columns."""
        return self._columns

    @property
    def width(self) -> float:
        """The width of all columns."""
        return sum(column.width for column in self._columns)

    def cell(self, index: int, text: str, *, red: str = "", bold: bool = False, never_struck: bool = False) -> Cell:
        """The text set for that column, its lines below one another; `red` stands above it in red."""
        room, size = self._columns[index].width - 2 * _PAD, self.frame.size
        marks = self._file.paragraph(red, room, size, bold=True) if red else ()
        lines = (one for part in text.splitlines() for one in self._file.paragraph(part, room, size, bold=bold))
        return Cell((*marks, *lines), never_struck, len(marks))

    def begin_sheet(self) -> None:
        """End the sheet at hand, if any, and begin the next."""
        if self.sheet:
            self.end_sheet()
        self.sheet += 1
        self.frame = self._frame_of(self.sheet)
        self._dress(self.sheet)
        self._file.colour()
        self._head_row()

    def row(self, cells: Sequence[Cell], mark: Mark = Mark.NONE, *, least: int = 1) -> None:
        """A row of at least `least` lines; one that is longer than what is left goes to the next sheet, and one that is
        longer than a sheet is parted."""
        count = max(least, *(len(cell.lines) for cell in cells))
        if not self.fits(min(count, self._most_lines())):
            self.begin_sheet()
        start = 0
        while start < count:
            if start:
                self.begin_sheet()
            part = min(count - start, self._lines_left())
            self._draw(cells, start, part, mark, ends=start + part == count)
            start += part

    def fits(self, lines: int) -> bool:
        """Is there room for a row of so many lines on this sheet?"""
        return self.sheet > 0 and self.y - self._height(lines) >= self.frame.bottom

    def band(self, line: SetLine, *, with_lines: int = 1) -> None:
        """A line over all columns, which stays with a row of so many lines; at the head of a new sheet when there is no
        room for both."""
        height = self._height(1)
        if self.y - height - self._height(min(with_lines, self._most_lines() - 2)) < self.frame.bottom:
            self.begin_sheet()
        self._upright_rules()
        frame, low = self.frame, self.y - height
        self._file.tint(frame.left, low, self.width, height, 0.95)
        self._file.rule(frame.left, low, frame.left, self.y, _HEAVY)
        self._file.rule(frame.left + self.width, low, frame.left + self.width, self.y, _HEAVY)
        self._file.rule(frame.left, low, frame.left + self.width, low, _FINE)
        self._file.show(frame.left + 2 * _PAD, low + frame.size * _BELOW, line)
        self.y = self._ruled_from = low

    def end_sheet(self) -> None:
        """Close the table on this sheet and put the sheet away."""
        self.close()
        self._file.end_page()

    def close(self) -> None:
        """Rule the table to where it has come; what follows stands below it on the same sheet."""
        self._upright_rules()
        self._file.rule(self.frame.left, self.y, self.frame.left + self.width, self.y, _HEAVY)

    # --- drawing ----------------------------------------------------------------------------------------------

    def _height(self, lines: int) -> float:
        frame = self.frame
        return (lines - 1) * frame.leading + (_ABOVE + _BELOW) * frame.size

    def _most_lines(self) -> int:
        """Lines of a row that has a sheet for itself."""
        head = max(len(lines) for lines in self._captions())
        return max(1, self._lines_in(self.frame.top - self.frame.bottom - self._height(head)))

    def _lines_left(self) -> int:
        return max(1, self._lines_in(self.y - self.frame.bottom))

    def _lines_in(self, height: float) -> int:
        frame = self.frame
        return int((height - (_ABOVE + _BELOW) * frame.size) / frame.leading + 1.0001)

    def _captions(self) -> list[tuple[SetLine, ...]]:
        return [
            self._file.paragraph(column.caption, column.width - _PAD, self.frame.size, bold=True)
            for column in self._columns
        ]

    def _head_row(self) -> None:
        """The captions, repeated on every sheet."""
        file, frame, captions = self._file, self.frame, self._captions()
        most = max(len(lines) for lines in captions)
        height = self._height(most)
        file.tint(frame.left, frame.top - height, self.width, height)
        x = frame.left
        for column, lines in zip(self._columns, captions, strict=True):
            y = frame.top - _ABOVE * frame.size - (most - len(lines)) * frame.leading / 2
            for line in lines:
                file.centred(x + column.width / 2, y, line)
                y -= frame.leading
            x += column.width
        file.rule(frame.left, frame.top, frame.left + self.width, frame.top, _HEAVY)
        file.rule(frame.left, frame.top - height, frame.left + self.width, frame.top - height, _HEAVY)
        self.y, self._ruled_from = frame.top - height, frame.top

    def _draw(self, cells: Sequence[Cell], start: int, count: int, mark: Mark, *, ends: bool) -> None:
        """Lines `start` to `start + count` of a row."""
        file, frame, height = self._file, self.frame, self._height(count)
        if mark is Mark.HATCHED:
            file.hatch(frame.left, self.y - height, self.width, height)
        first, x = self.y - _ABOVE * frame.size, frame.left
        for column, cell in zip(self._columns, cells, strict=True):
            shown = self._continued(cell, start) if start and column is self._columns[0] else cell.lines
            for number, line in enumerate(shown[start : start + count], start=start):
                at = x + (column.width - line.width) / 2 if column.centred else x + _PAD
                y = first - (number - start) * frame.leading
                self._write(at, y, line, red=number < cell.red)
                if mark is Mark.STRUCK and not cell.never_struck:
                    file.rule(at - 1, y + 0.24 * frame.size, at + line.width + 1, y + 0.24 * frame.size, 0.6)
            x += column.width
        self.y -= height
        if ends:
            file.rule(frame.left, self.y, frame.left + self.width, self.y, _FINE)

    def _continued(self, cell: Cell, start: int) -> tuple[SetLine, ...]:
        """The first cell of a parted row says on the next sheet which row goes on."""
        before = cell.lines[:1] * start
        return (*before, *cell.lines[:1], self._file.line("(ต่อ)", self.frame.size))

    def _write(self, x: float, y: float, line: SetLine, *, red: bool) -> None:
        if not red:
            self._file.show(x, y, line)
            return
        self._file.colour(paper.RED)
        self._file.show(x, y, line)
        self._file.colour()

    def _upright_rules(self) -> None:
        """The rules between columns, from where they were drawn last."""
        if self.y >= self._ruled_from:
            return
        x = self.frame.left
        for column in self._columns:
            self._file.rule(x, self.y, x, self._ruled_from, _HEAVY if x == self.frame.left else _FINE)
            x += column.width
        self._file.rule(x, self.y, x, self._ruled_from, _HEAVY)
        self._ruled_from = self.y
