"""Registers on sheets: forms 13 and 14 (clauses 38, 43 and 79), the registers of classified information, and the books
that have no form, all A4 landscape; and the sheet of reserved numbers that is filled in by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import BinaryIO

from saraban.domain.calendar import BUDDHIST_OFFSET, MONTHS
from saraban.domain.register import EntryState
from saraban.rendering import paper
from saraban.rendering.print_file import PrintFile
from saraban.rendering.ruled_table import Cell, Column, Frame, Mark, RuledTable
from saraban.rendering.thai import short_thai_date, thai_date
from saraban.usecases.papers import Progress, RegisterHead, RegisterLine

SHEET = (paper.PAGE_HEIGHT, paper.PAGE_WIDTH)
_LEFT, _RIGHT = 1.5 * paper.CM, SHEET[0] - 1.5 * paper.CM
_TITLE_LINE = SHEET[1] - 1.75 * paper.CM
_KEEPER_LINE = _TITLE_LINE - 0.72 * paper.CM
_TITLE_SIZE, _SMALL_SIZE = 20.0, 13.0
_FRAME = Frame(left=_LEFT, top=_KEEPER_LINE - 0.28 * paper.CM, bottom=1.5 * paper.CM, size=14.0, leading=15.6)
_BLANK_LINES = 2
"""Lines of a row that is filled in by hand."""
_TOLD_EVERY = 100
_BLANKS = (("วันที่", 1.2), ("เดือน", 3.4), ("พ.ศ.", 1.6))
"""The blanks of the head and their widths in centimetres."""
_GAP = 6.0


def print_register(
    family: str, head: RegisterHead, lines: Iterable[RegisterLine], out: BinaryIO, progress: Progress
) -> int:
    """Write a register and give the number of its sheets (`Papers.register`)."""
    sheets = _Sheets(PrintFile(family, SHEET, f"{head.title} {head.year}"), head)
    done = 0
    for done, line in enumerate(lines, start=1):
        sheets.enter(line)
        if done % _TOLD_EVERY == 0:
            progress(done)
    sheets.end(done)
    progress(done)
    sheets.file.save(out)
    return sheets.file.pages


class _Sheets:
    """A register on its way onto sheets; each says how many there are, where that is known (`of`)."""

    def __init__(self, file: PrintFile, head: RegisterHead, of: int = 0) -> None:
        self.file, self._head, self._of = file, head, of
        self.table = RuledTable(file, _columns(head), lambda _: _FRAME, self._dress)
        self._day: date | None = None
        self._states = dict.fromkeys(EntryState, 0)

    def enter(self, line: RegisterLine) -> None:
        """Draw a line; a new day has its own band, unless a sheet begins with it, whose head tells the day."""
        cells = self._cells(line)
        day, self._day = self._day, line.day
        self._states[line.state] += 1
        if not self.table.sheet:
            self.table.begin_sheet()
        elif day != line.day:
            self._begin_day(line.day, max(len(cell.lines) for cell in cells))
        self.table.row(cells, _MARKS[line.state])

    def end(self, total: int) -> None:
        """Close the last sheet with the count of what was printed."""
        if not self.table.sheet:
            self.table.begin_sheet()
        told = [f"รวม {total:,} รายการ"]
        for state, word in ((EntryState.VOID, "ยกเลิก"), (EntryState.RESERVED, "จองไว้")):
            if self._states[state]:
                told.append(f"{word} {self._states[state]:,}")
        self.note(" ".join(told) if total else "ไม่มีรายการ")

    def note(self, words: str) -> None:
        """Close the table, and the file with words below it."""
        self.table.close()
        line = self.file.line(words, _SMALL_SIZE, room=_RIGHT - _LEFT)
        self.file.show(_LEFT, max(self.table.y - 14, _FRAME.bottom - 13), line)
        self.file.end_page()

    def blank(self, serial: int, number: str) -> None:
        """Draw a line of which only the number is printed."""
        if not self.table.sheet:
            self.table.begin_sheet()
        texts = [str(serial), number, *[""] * 6]
        self.table.row([self.table.cell(i, text) for i, text in enumerate(texts)], least=_BLANK_LINES)

    def _begin_day(self, day: date, lines: int) -> None:
        if self.table.fits(lines + 2):
            self.table.band(self.file.line(f"วันที่ {day.day} เดือน {MONTHS[day.month - 1]} พ.ศ. "
                                           f"{day.year + BUDDHIST_OFFSET}", _FRAME.size, bold=True),
                            with_lines=lines)  # fmt: skip
        else:
            self.table.begin_sheet()

    def _cells(self, line: RegisterLine) -> list[Cell]:
        cell = self.table.cell
        marks = " ".join(filter(None, (line.urgency.thai, line.secrecy.thai)))
        letter_date = "" if line.letter_date is None else short_thai_date(line.letter_date)
        return [
            cell(0, str(line.serial), never_struck=True),
            cell(1, line.number),
            cell(2, letter_date),
            cell(3, line.sender),
            cell(4, line.addressee),
            cell(5, line.subject),
            cell(6, line.practice),
            cell(7, line.remark, red=marks, never_struck=True),
        ]

    # --- what stands around the table -------------------------------------------------------------------------

    def _dress(self, sheet: int) -> None:
        """Head and foot of a sheet: the form's head with its day, the keeper, the number of the sheet, the class."""
        file, head = self.file, self._head
        self._draw_head()
        right = file.line(f"แผ่นที่ {sheet} ของ {self._of}" if self._of else f"แผ่นที่ {sheet}", _SMALL_SIZE)
        file.ending(_RIGHT, _KEEPER_LINE, right)
        form = f"แบบที่ {head.form}" if head.form.isdigit() else head.form
        file.ending(_RIGHT, _TITLE_LINE + 2, file.line(form, _SMALL_SIZE))
        keeper = head.agency_name if head.keeper == head.agency_name else f"{head.agency_name} {head.keeper}"
        period = file.line(_period(head), _SMALL_SIZE)
        room = _RIGHT - _LEFT - right.width - period.width - 6 * _GAP
        owner = file.line(keeper, _SMALL_SIZE, room=room)
        file.show(_LEFT, _KEEPER_LINE, owner)
        file.show(_LEFT + owner.width + 3 * _GAP, _KEEPER_LINE, period)
        if head.secrecy.thai:
            words = file.line(head.secrecy.thai, paper.SECRECY_SIZE, bold=True)
            file.colour(paper.RED)
            file.centred(SHEET[0] / 2, SHEET[1] - 0.95 * paper.CM, words)
            file.centred(SHEET[0] / 2, 0.6 * paper.CM, words)
            file.colour()

    def _draw_head(self) -> None:
        """As in "ทะเบียนหนังสือรับ วันที่ …… เดือน ………… พ.ศ. ……", in the middle."""
        file, day = self.file, self._day
        values = ["", "", ""] if day is None else [str(day.day), MONTHS[day.month - 1], str(day.year + BUDDHIST_OFFSET)]
        title = file.line(self._head.title, _TITLE_SIZE, bold=True)
        captions = [file.line(caption, 16) for caption, _ in _BLANKS]
        blanks = [width * paper.CM for _, width in _BLANKS]
        x = (SHEET[0] - title.width - sum(c.width + 2 * _GAP for c in captions) - sum(blanks) - _GAP) / 2
        file.show(x, _TITLE_LINE, title)
        x += title.width + 2 * _GAP
        for caption, blank, value in zip(captions, blanks, values, strict=True):
            file.show(x, _TITLE_LINE, caption)
            x += caption.width + _GAP / 2
            file.dots(x, x + blank, _TITLE_LINE)
            if value:
                file.centred(x + blank / 2, _TITLE_LINE, file.line(value, 16))
            x += blank + _GAP


_MARKS = {EntryState.USED: Mark.NONE, EntryState.VOID: Mark.STRUCK, EntryState.RESERVED: Mark.HATCHED}


def _columns(head: RegisterHead) -> list[Column]:
    """The columns of forms 13 and 14 with their order and captions."""
    widths = (
        (head.serial_caption, 1.8, True),
        (head.number_caption, 3.0, False),
        ("ลงวันที่", 2.4, True),
        ("จาก", 3.7, False),
        ("ถึง", 3.7, False),
        ("เรื่อง", 6.2, False),
        ("การปฏิบัติ", 2.8, False),
        ("หมายเหตุ", 3.1, False),
    )
    return [Column(caption, width * paper.CM, centred) for caption, width, centred in widths]


def _period(head: RegisterHead) -> str:
    """The days that were asked for, or the year."""
    if head.since is None and head.until is None:
        return f"ประจำปี พ.ศ. {head.year}"
    if head.since == head.until and head.since is not None:
        return f"รายการวันที่ {thai_date(head.since)}"
    since = f"ตั้งแต่วันที่ {thai_date(head.since)}" if head.since else ""
    until = f"ถึงวันที่ {thai_date(head.until)}" if head.until else ""
    return " ".join(filter(None, ("รายการ", since, until)))


def print_reserved_block(
    family: str, head: RegisterHead, serials: Sequence[int], numbers: Sequence[str], reason: str, out: BinaryIO
) -> None:
    """Write the sheets of reserved numbers (`Papers.reserved_block`): once to count them, and once with their count, so
    that a lost sheet is missed."""
    counted = _reserved_sheets(family, head, serials, numbers, reason)
    _reserved_sheets(family, head, serials, numbers, reason, of=counted.pages).save(out)


def _reserved_sheets(
    family: str, head: RegisterHead, serials: Sequence[int], numbers: Sequence[str], reason: str, of: int = 0
) -> PrintFile:
    sheets = _Sheets(PrintFile(family, SHEET, f"{head.title} {head.year} เลขที่จองไว้"), head, of)
    for index, serial in enumerate(serials):
        sheets.blank(serial, numbers[index] if index < len(numbers) else "")
    words = f"เลขที่จองไว้ {len(serials):,} เลข กรอกด้วยมือแล้วนำมาลงในระบบตามเลขเดิม เหตุที่จอง {reason}"
    sheets.note(words)
    return sheets.file
