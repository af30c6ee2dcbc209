"""The report to the OPDC on sheets of A4, lying: a summary, pictures of the months, and the tables behind them."""

from __future__ import annotations

import io

from saraban.domain.calendar import office_date, office_time
from saraban.rendering import paper
from saraban.rendering.pdfa import to_pdfa
from saraban.rendering.print_file import PrintFile
from saraban.rendering.ruled_table import Column, Frame, RuledTable
from saraban.rendering.thai import one_line, thai_date, thai_digits
from saraban.usecases.progress_papers import ReportBars, ReportSheet, ReportTable

TITLE = "รายงานความคืบหน้าการปฏิบัติงานด้วยระบบดิจิทัล"
_MARGIN = 1.5 * paper.CM
_WIDTH, _HEIGHT = paper.PAGE_HEIGHT, paper.PAGE_WIDTH
_ROOM = _WIDTH - 2 * _MARGIN
_SIZE, _HEAD, _TITLE, _LEADING = 14.0, 17.0, 21.0, 16.0
_TOP, _BOTTOM = _HEIGHT - 2.6 * paper.CM, 1.5 * paper.CM
_LEAST = 110.0
"""A table that has less room than this begins on the next sheet."""
_GREYS = (0.25, 0.62, 0.9)
_BAR, _STEP = 9.0, 17.0


def print_report(family: str, sheet: ReportSheet) -> bytes:
    """The report as PDF/A."""
    file = PrintFile(family, (_WIDTH, _HEIGHT), TITLE)
    _Report(file, sheet).draw()
    out = io.BytesIO()
    file.save(out)
    title = thai_digits(f"{TITLE} {sheet.period}")
    return to_pdfa(out.getvalue(), title=title, author=one_line(sheet.agency_name), at=sheet.made_at)


class _Report:
    """The report on its way onto paper."""

    def __init__(self, file: PrintFile, sheet: ReportSheet) -> None:
        self._file, self._sheet = file, sheet
        self._y, self._number = 0.0, 0

    def draw(self) -> None:
        """All sheets."""
        self._begin()
        self._summary()
        self._pictures()
        for table in self._sheet.tables:
            self._table(table)
        self._file.end_page()

    def _begin(self) -> None:
        """The head of a sheet: on the first the title, on the others what it goes on from."""
        file, sheet = self._file, self._sheet
        self._number += 1
        if self._number > 1:
            named = f"{TITLE} {sheet.period} (ต่อ)"
            count = file.line(f"- {self._number} -", _SIZE)
            file.ending(_WIDTH - _MARGIN, _HEIGHT - 1.6 * paper.CM, count)
            file.show(_MARGIN, _HEIGHT - 1.6 * paper.CM, file.line(named, _SIZE, room=_ROOM - 60))
            self._y = _TOP + 16
            return
        y = _HEIGHT - 1.7 * paper.CM
        owner = f"{sheet.agency_name} {sheet.scope}".strip()
        for text, size in ((TITLE, _TITLE), (f"{owner} {sheet.period}", _HEAD)):
            file.centred(_WIDTH / 2, y, file.line(text, size, bold=True, room=_ROOM))
            y -= 22
        at = sheet.made_at
        made = f"จัดทำเมื่อวันที่ {thai_date(office_date(at))} เวลา {office_time(at):%H.%M} น. โดย{sheet.made_by}"
        file.centred(_WIDTH / 2, y + 2, file.line(made, _SIZE, room=_ROOM))
        self._y = y - 16

    def _next_sheet(self) -> None:
        self._file.end_page()
        self._begin()

    def _summary(self) -> None:
        """Pairs of a term and a value, three beside one another."""
        file, place = self._file, _ROOM / 3
        for start in range(0, len(self._sheet.summary), 3):
            for column, (term, value) in enumerate(self._sheet.summary[start : start + 3]):
                x = _MARGIN + column * place
                shown = file.line(value, _SIZE, bold=True)
                name = file.line(term, _SIZE, room=place - shown.width - 14)
                file.show(x, self._y, name)
                file.show(x + name.width + 6, self._y, shown)
            self._y -= _LEADING
        self._y -= 8

    def _pictures(self) -> None:
        """Two beside one another."""
        width = (_ROOM - 18) / 2
        for start in range(0, len(self._sheet.bars), 2):
            pair = self._sheet.bars[start : start + 2]
            height = 52 + _STEP * max(len(one.labels) for one in pair)
            if self._y - height < _BOTTOM:
                self._next_sheet()
            for column, bars in enumerate(pair):
                self._picture(bars, _MARGIN + column * (width + 18), width)
            self._y -= height

    def _picture(self, bars: ReportBars, x: float, width: float) -> None:
        file, y = self._file, self._y - 14
        file.show(x, y, file.line(bars.title, _HEAD, bold=True, room=width))
        y -= 18
        at = x
        for grey, part in zip(_GREYS, bars.parts, strict=False):
            file.tint(at, y - 1, _BAR, _BAR, grey)
            file.box(at, y - 1, _BAR, _BAR, 0.3)
            named = file.line(part, 13)
            file.show(at + _BAR + 4, y, named)
            at += _BAR + 4 + named.width + 14
        y -= _STEP + 2
        most = max([1, *(sum(values) for values in bars.values)])
        room = width - 52 - 44
        for label, values in zip(bars.labels, bars.values, strict=True):
            file.ending(x + 46, y, file.line(label, 13, room=46))
            at = x + 52
            for grey, value in zip(_GREYS, values, strict=False):
                if value:
                    long = room * value / most
                    file.tint(at, y - 1.5, long, _BAR, grey)
                    file.box(at, y - 1.5, long, _BAR, 0.3)
                    at += long
            if any(values):
                file.show(at + 4, y, file.line(f"{sum(values):,}", 13))
            y -= _STEP

    def _table(self, table: ReportTable) -> None:
        file = self._file
        if self._y - _LEAST < _BOTTOM:
            self._next_sheet()
        self._y -= 18
        file.show(_MARGIN, self._y, file.line(table.title, _HEAD, bold=True, room=_ROOM))
        self._y -= 8
        fit = _ROOM / sum(width for _, width, _ in table.columns)
        columns = [Column(caption, width * fit, centred) for caption, width, centred in table.columns]
        first = Frame(left=_MARGIN, top=self._y, bottom=_BOTTOM, size=_SIZE, leading=15.6)
        further = Frame(left=_MARGIN, top=_TOP + 8, bottom=_BOTTOM, size=_SIZE, leading=15.6)
        ruled = RuledTable(
            file, columns, lambda n: first if n == 1 else further, lambda n: self._begin() if n > 1 else None
        )
        ruled.begin_sheet()
        rows = table.rows or [["ไม่มีรายการ", *[""] * (len(columns) - 1)]]
        for number, row in enumerate(rows, start=1):
            bold = table.last and number == len(rows)
            ruled.row([ruled.cell(i, text, bold=bold) for i, text in enumerate(row)])
        ruled.close()
        self._y = ruled.y
        for line in file.paragraph(table.told, _ROOM, 13.0) if table.told else ():
            self._y -= 15
            if self._y < _BOTTOM:
                self._next_sheet()
                self._y -= 15
            file.show(_MARGIN, self._y, line)
        self._y -= 10
