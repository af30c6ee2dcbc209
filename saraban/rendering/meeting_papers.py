"""PdfMeetingPapers: the `MeetingPapers` that `bootstrap.py` hands to the use cases: QR codes, the poster for the door,
and the list of those present (ใบลงชื่อผู้เข้าประชุม)."""

from __future__ import annotations

import io

from saraban.rendering import paper
from saraban.rendering.print_file import PrintFile
from saraban.rendering.qr import draw_large_code, qr_png
from saraban.rendering.ruled_table import Column, Frame, RuledTable
from saraban.usecases.meeting_books import AttendanceList, Poster

_MARGIN = 1.5 * paper.CM
_SIZE, _TITLE_SIZE, _SMALL_SIZE = 14.0, 20.0, 13.0
_COLUMNS = (("ลำดับ", 1.3, True), ("ชื่อ", 5.6, False), ("ตำแหน่ง", 5.8, False), ("ลงชื่อ", 5.3, False))
_POSTER_CODE = 9.0 * paper.CM
_POSTER_TITLE, _POSTER_SIZE = 34.0, 22.0


class PdfMeetingPapers:
    """Draws what a meeting needs; may be shared by threads, since every file has fonts of its own."""

    def __init__(self, family: str = "TH Sarabun New") -> None:
        self._family = family

    def qr_picture(self, text: str) -> bytes:
        """A QR code for screens and slides."""
        return qr_png(text)

    def attendance(self, made: AttendanceList) -> bytes:
        """The list on sheets of A4, with its head on each."""
        title = "รายชื่อผู้เข้าประชุม"
        file = PrintFile(self._family, (paper.PAGE_WIDTH, paper.PAGE_HEIGHT), title)
        width = file.width - 2 * _MARGIN
        fit = width / sum(part for _, part, _ in _COLUMNS)
        columns = [Column(caption, part * fit, centred) for caption, part, centred in _COLUMNS]
        frame = Frame(_MARGIN, file.height - 4.6 * paper.CM, 1.6 * paper.CM, _SIZE, 15.6)

        def dress(number: int) -> None:
            middle, top = file.width / 2, file.height
            file.centred(middle, top - 1.6 * paper.CM, file.line(title, _TITLE_SIZE, bold=True))
            for step, words in enumerate((made.title, f"{made.when} ณ {made.place}")):
                line = file.line(words, _SIZE, room=width)
                file.centred(middle, top - (2.4 + step * 0.7) * paper.CM, line)
            y = top - 4.2 * paper.CM
            file.show(_MARGIN, y, file.line(made.agency_name, _SMALL_SIZE, room=width - 80))
            file.ending(file.width - _MARGIN, y, file.line(f"แผ่นที่ {number}", _SMALL_SIZE))

        table = RuledTable(file, columns, lambda _: frame, dress)
        table.begin_sheet()
        for number, (name, post, signed) in enumerate(made.rows, start=1):
            cells = (str(number), name, post, signed or " \n ")
            table.row([table.cell(i, text) for i, text in enumerate(cells)])
        table.close()
        file.end_page()
        return _bytes(file)

    def poster(self, made: Poster) -> bytes:
        """One sheet of A4 for the door or the screen of the room."""
        file = PrintFile(self._family, (paper.PAGE_WIDTH, paper.PAGE_HEIGHT), made.caption)
        middle, y, room = file.width / 2, file.height - 4 * paper.CM, file.width - 2 * _MARGIN
        for line in file.paragraph(made.title, room, _POSTER_TITLE, bold=True)[:4]:
            file.centred(middle, y, line)
            y -= 1.5 * paper.CM
        for words in (made.when, made.place):
            file.centred(middle, y, file.line(words, _POSTER_SIZE, room=room))
            y -= 1.1 * paper.CM
        y -= 0.6 * paper.CM
        file.centred(middle, y, file.line(made.caption, _POSTER_TITLE, bold=True, room=room))
        draw_large_code(
            file.canvas, made.address, middle - _POSTER_CODE / 2, y - 1 * paper.CM - _POSTER_CODE, _POSTER_CODE
        )
        below = y - 2 * paper.CM - _POSTER_CODE
        file.centred(middle, below, file.line(made.address, _SIZE, room=room, digits=False))
        file.centred(middle, below - 1.2 * paper.CM, file.line(made.agency_name, _POSTER_SIZE, room=room))
        file.end_page()
        return _bytes(file)


def _bytes(file: PrintFile) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()
