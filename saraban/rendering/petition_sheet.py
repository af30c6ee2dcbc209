"""A letter from the public on paper: what was typed into the form, who wrote, and which files came with it (A4)."""

from __future__ import annotations

from saraban.domain.calendar import office_date, office_time
from saraban.rendering import paper
from saraban.rendering.print_file import PrintFile
from saraban.rendering.thai import thai_date
from saraban.usecases.petition_books import PetitionSheet

_LEFT, _RIGHT = 3.0 * paper.CM, 2.0 * paper.CM
_TOP, _BOTTOM = 2.2 * paper.CM, 2.0 * paper.CM
_STAMP = 3.2 * paper.CM
"""Left free at the upper right of the first page for the receiving stamp (clause 37)."""
_SIZE, _SMALL, _LEADING = 16.0, 14.0, 20.0
_TITLE = "เรื่องจากประชาชน (ส่งผ่านแบบฟอร์มอิเล็กทรอนิกส์)"


def print_petition(family: str, sheet: PetitionSheet) -> PrintFile:
    """The sheet, as many pages as the words take. Addresses and telephone numbers keep the digits that were typed."""
    file = PrintFile(family, (paper.PAGE_WIDTH, paper.PAGE_HEIGHT), sheet.subject)
    page = _Page(file)
    width = paper.PAGE_WIDTH - _LEFT - _RIGHT
    page.y -= _STAMP
    page.line(_TITLE, bold=True)
    arrived = office_time(sheet.arrived_at).strftime("%H.%M")
    page.line(f"เข้าสู่ระบบวันที่ {thai_date(office_date(sheet.arrived_at))} เวลา {arrived} น.", size=_SMALL)
    page.gap()
    page.words(f"เรื่อง {sheet.subject}", width)
    page.words(f"ถึง {sheet.agency}", width)
    page.gap()
    blank = False
    for words in sheet.text.split("\n"):
        if not words.strip():
            blank = True  # several blank lines are one
            continue
        if blank:
            page.gap()
        blank = False
        page.words(words, width)
    page.gap()
    for caption, value in sheet.sender:
        page.line(f"{caption} {value}", digits=False)
    if sheet.files:
        page.gap()
        page.line(f"แนบไฟล์ {len(sheet.files)} ไฟล์")
        for name in sheet.files:
            page.line(f"– {name}", size=_SMALL, digits=False)
    file.end_page()
    return file


class _Page:
    """The page that is being written; a new one begins where there is no room."""

    def __init__(self, file: PrintFile) -> None:
        self._file = file
        self.y = paper.PAGE_HEIGHT - _TOP

    def words(self, text: str, width: float) -> None:
        """Text in as many lines as it takes."""
        for line in self._file.paragraph(text, width, _SIZE):
            self._down()
            self._file.show(_LEFT, self.y, line)

    def line(self, text: str, *, size: float = _SIZE, bold: bool = False, digits: bool = True) -> None:
        """Text on one line, smaller where it is long."""
        self._down()
        room = paper.PAGE_WIDTH - _LEFT - _RIGHT
        self._file.show(_LEFT, self.y, self._file.line(text, size, bold=bold, room=room, digits=digits))

    def gap(self) -> None:
        """Half a line of nothing."""
        self.y -= _LEADING / 2

    def _down(self) -> None:
        if self.y - _LEADING < _BOTTOM:
            self._file.end_page()
            self.y = paper.PAGE_HEIGHT - _TOP
        self.y -= _LEADING
