"""A copy to be read of a document or workbook that others made: its words and tables in our typeface, as PDF/A, with
the digest of the file that it was made of. It shows what the file says, not how it looks, and says so on every page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from openpyxl.utils import get_column_letter

from saraban.domain.calendar import office_date
from saraban.rendering import paper
from saraban.rendering.foreign_reading import HEADING, SHEET
from saraban.rendering.pdfa import to_pdfa
from saraban.rendering.print_file import PrintFile
from saraban.rendering.ruled_table import Cell, Column, Frame, RuledTable
from saraban.rendering.thai import thai_date

TITLE = "สำเนาเพื่อการอ่าน จัดทำจากข้อความของแฟ้มต้นฉบับ"
_NOTE = (
    "แสดงข้อความและตารางเท่านั้น ไม่แสดงรูป แผนภูมิ สูตร และการจัดหน้า ตัวเลขในตารางเป็นค่าที่บันทึกไว้ในแฟ้ม "
    "เลขข้อของรายการแสดงเป็นเลขไทย "
    "ตัวอักษรที่แบบอักษรนี้ไม่มีแสดงเป็น ? ต้นฉบับทุกไบต์อยู่ในชุดเดียวกัน"
)
_CUT = "แฟ้มยาวกว่าที่สำเนานี้แสดงได้ ส่วนที่เหลืออยู่ในต้นฉบับเท่านั้น"
_MARGIN = 2 * paper.CM
_BOTTOM = 1.8 * paper.CM
_SIZE, _LEADING = 15.0, 18.0
_CELL, _CELL_LEADING = 12.0, 14.0
_LEAST = 70.0
_BAND = 8
"""Columns beside one another; more of a table follow below it."""
_NUMBER = 34.0
_SHORTEST, _LONGEST = 4, 40


@dataclass(frozen=True)
class ReadingCopy:
    """What the copy is of."""

    name: str
    author: str
    parts: Sequence[tuple[str, object]]
    cut: bool
    data: bytes
    at: datetime


def print_reading_copy(family: str, copy: ReadingCopy) -> bytes:
    """The copy as PDF/A-3u."""
    wide = any(len(row) > _BAND // 2 for kind, rows in copy.parts if isinstance(rows, list) for row in rows)
    size = (paper.PAGE_HEIGHT, paper.PAGE_WIDTH) if wide else (paper.PAGE_WIDTH, paper.PAGE_HEIGHT)
    file = PrintFile(family, size, TITLE)
    _Sheets(file, copy).draw()
    out = io.BytesIO()
    file.save(out)
    return to_pdfa(out.getvalue(), title=f"{TITLE}: {copy.name}", author=copy.author, at=copy.at)


class _Sheets:
    """The copy on its way onto paper."""

    def __init__(self, file: PrintFile, copy: ReadingCopy) -> None:
        self._file, self._copy = file, copy
        self._room, self._top = file.width - 2 * _MARGIN, file.height - 2.6 * paper.CM
        self._y, self._number = 0.0, 0

    def draw(self) -> None:
        """All pages."""
        self._begin()
        self._facts()
        for kind, said in self._copy.parts:
            if isinstance(said, list):
                self._table(said, lettered=kind == SHEET)
            else:
                self._words(str(said), bold=kind == HEADING)
        if self._copy.cut:
            self._words(_CUT, bold=True)
        self._file.end_page()

    def _begin(self) -> None:
        file, y = self._file, self._file.height - 1.6 * paper.CM
        self._number += 1
        file.show(_MARGIN, y, file.line(TITLE, _SIZE, bold=True, room=self._room - 60))
        file.ending(file.width - _MARGIN, y, file.line(f"หน้า {self._number}", 13.0))
        file.rule(_MARGIN, y - 7, file.width - _MARGIN, y - 7)
        self._y = self._top

    def _facts(self) -> None:
        copy = self._copy
        made = thai_date(office_date(copy.at))
        self._words(f"แฟ้มต้นฉบับ {copy.name}")
        self._words(f"SHA-256 {sha256(copy.data).hexdigest()}", size=12.0)
        self._words(f"ขนาด {len(copy.data):,} ไบต์ จัดทำสำเนาเมื่อวันที่ {made} โดย{copy.author}")
        self._words(_NOTE, size=12.0)
        self._file.rule(_MARGIN, self._y - 2, self._file.width - _MARGIN, self._y - 2)
        self._y -= _LEADING

    def _words(self, text: str, *, bold: bool = False, size: float = _SIZE) -> None:
        for part in text.splitlines():
            for line in self._file.paragraph(part, self._room, size, bold=bold, digits=False):
                if self._y < _BOTTOM:
                    self._next()
                self._file.show(_MARGIN, self._y, line)
                self._y -= _LEADING

    def _next(self) -> None:
        self._file.end_page()
        self._begin()

    def _table(self, rows: Sequence[Sequence[str]], *, lettered: bool) -> None:
        """A table in bands of columns; of a sheet with the letters of its columns and the numbers of its rows."""
        width = max((len(row) for row in rows), default=0)
        for first in range(0, width, _BAND):
            self._band(rows, range(first, min(first + _BAND, width)), lettered=lettered)

    def _band(self, rows: Sequence[Sequence[str]], places: range, *, lettered: bool) -> None:
        if self._y - _LEAST < _BOTTOM:
            self._next()
        frames = [
            Frame(left=_MARGIN, top=top, bottom=_BOTTOM, size=_CELL, leading=_CELL_LEADING)
            for top in (self._y + 6, self._top + 6)
        ]
        ruled = RuledTable(
            self._file,
            self._columns(rows, places, lettered=lettered),
            lambda n: frames[0] if n == 1 else frames[1],
            lambda n: self._begin() if n > 1 else None,
        )
        ruled.begin_sheet()
        for number, row in enumerate(rows, start=1):
            cells = [row[place] if place < len(row) else "" for place in places]
            if any(cells):
                said = [str(number), *cells] if lettered else cells
                ruled.row([self._cell(text, column.width) for text, column in zip(said, ruled.columns, strict=True)])
        ruled.close()
        self._y = ruled.y - _LEADING

    def _columns(self, rows: Sequence[Sequence[str]], places: range, *, lettered: bool) -> list[Column]:
        longest = [max((len(row[place]) for row in rows if place < len(row)), default=0) for place in places]
        shares = [min(max(one, _SHORTEST), _LONGEST) for one in longest]
        room = self._room - (_NUMBER if lettered else 0)
        captions = [get_column_letter(place + 1) if lettered else "" for place in places]
        columns = [Column(caption, room * share / sum(shares)) for caption, share in zip(captions, shares, strict=True)]
        return [Column("", _NUMBER), *columns] if lettered else columns

    def _cell(self, text: str, width: float) -> Cell:
        lines = (
            line for part in text.splitlines() for line in self._file.paragraph(part, width - 7, _CELL, digits=False)
        )
        return Cell(tuple(lines))
