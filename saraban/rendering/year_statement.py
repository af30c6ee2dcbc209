"""The statement that closes a year's books, A4, and what the agency's seal on it shows."""

from __future__ import annotations

import io
import textwrap

from saraban.domain.calendar import office_date, office_time
from saraban.rendering import paper
from saraban.rendering.pdfa import to_pdfa
from saraban.rendering.print_file import PrintFile
from saraban.rendering.ruled_table import Column, Frame, RuledTable
from saraban.rendering.thai import one_line, short_thai_date, thai_date, thai_digits
from saraban.usecases.papers import YearStatement
from saraban.usecases.proofs import SealBox

_SEAL_WIDTH, _SEAL_HEIGHT = 6.4 * paper.CM, 2.6 * paper.CM
YEAR_SEAL_BOX = SealBox(
    0,
    round(paper.RIGHT - _SEAL_WIDTH, 2),
    round(2.4 * paper.CM, 2),
    round(paper.RIGHT, 2),
    round(2.4 * paper.CM + _SEAL_HEIGHT, 2),
)
"""Where the seal goes: at the foot of the first page, at the right."""

TITLE = "รายการสรุปการปิดทะเบียนหนังสือ"
_LEFT = 2.5 * paper.CM
_SIZE = 16.0
_STEP = 20.0
_FIRST = Frame(left=_LEFT, top=paper.PAGE_HEIGHT - 6.0 * paper.CM, bottom=8.4 * paper.CM, size=14.0, leading=15.6)
_FURTHER = Frame(left=_LEFT, top=paper.PAGE_HEIGHT - 3.6 * paper.CM, bottom=2.2 * paper.CM, size=14.0, leading=15.6)
_ROOT_PART = 32
"""Characters of the root on a line."""
_SEAL_INK = (0.14, 0.27, 0.48)


def print_year_statement(family: str, statement: YearStatement) -> bytes:
    """The statement as PDF/A, with room for the seal."""
    file = PrintFile(family, (paper.PAGE_WIDTH, paper.PAGE_HEIGHT), TITLE)
    _Statement(file, statement).draw()
    out = io.BytesIO()
    file.save(out)
    title = thai_digits(f"{TITLE} ประจำปี พ.ศ. {statement.year}")
    return to_pdfa(out.getvalue(), title=title, author=one_line(statement.agency_name), at=statement.at)


def print_year_seal_face(family: str, statement: YearStatement) -> bytes:
    """What the seal in `YEAR_SEAL_BOX` shows: a page of the box's size."""
    size = (YEAR_SEAL_BOX.x1 - YEAR_SEAL_BOX.x0, YEAR_SEAL_BOX.y1 - YEAR_SEAL_BOX.y0)
    file = PrintFile(family, size, "ตราประทับอิเล็กทรอนิกส์")
    file.colour(_SEAL_INK)
    moment = f"{short_thai_date(office_date(statement.at))} {office_time(statement.at):%H.%M} น."
    lines = (
        ("ประทับตราอิเล็กทรอนิกส์โดย", 12.0, False, 0.76),
        (statement.agency_name, 17.0, True, 0.45),
        (moment, 12.0, False, 0.16),
    )
    for text, points, bold, place in lines:
        file.centred(size[0] / 2, size[1] * place, file.line(text, points, bold=bold, room=size[0] - 6))
    file.end_page()
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


class _Statement:
    """The statement on its way onto paper."""

    def __init__(self, file: PrintFile, statement: YearStatement) -> None:
        self._file, self._statement = file, statement
        columns = (
            ("ทะเบียน", 4.0, False),
            ("ผู้เก็บ", 3.0, False),
            ("เลขแรก", 1.6, True),
            ("เลขท้าย", 1.7, True),
            ("ใช้", 1.7, True),
            ("จอง", 1.1, True),
            ("ยกเลิก", 1.25, True),
            ("แก้ไข", 1.2, True),
            ("ลงช้า", 1.15, True),
        )
        drawn = [Column(caption, width * paper.CM * _FIT, centred) for caption, width, centred in columns]
        self._table = RuledTable(file, drawn, lambda sheet: _FIRST if sheet == 1 else _FURTHER, self._dress)

    def draw(self) -> None:
        """All sheets."""
        table = self._table
        table.begin_sheet()
        for book in self._statement.books:
            ends = (f"{number}" if number else "–" for number in (book.first, book.last))
            counts = (book.used, book.reserved, book.void, book.corrected, book.late)
            texts = (book.title, book.keeper, *ends, *(f"{number:,}" for number in counts))
            table.row([table.cell(i, text) for i, text in enumerate(texts)])
        table.end_sheet()

    def _dress(self, sheet: int) -> None:
        file, statement = self._file, self._statement
        middle = paper.PAGE_WIDTH / 2
        if sheet > 1:
            file.centred(middle, paper.PAGE_HEIGHT - 2.2 * paper.CM, file.line(f"- {sheet} -", _SIZE))
            file.show(
                _LEFT, paper.PAGE_HEIGHT - 3.2 * paper.CM, file.line(f"{TITLE} พ.ศ. {statement.year} (ต่อ)", _SIZE)
            )
            return
        y = paper.PAGE_HEIGHT - 2.8 * paper.CM
        for text, size in ((TITLE, 22.0), (statement.agency_name, 20.0), (f"ประจำปี พ.ศ. {statement.year}", 18.0)):
            file.centred(middle, y, file.line(text, size, bold=True, room=paper.RIGHT - _LEFT))
            y -= 25
        self._draw_foot()

    def _draw_foot(self) -> None:
        """The root of the last day, who closes, and the room for the seal."""
        file, statement = self._file, self._statement
        y = _FIRST.bottom - 0.9 * paper.CM
        words = "ค่าสรุป (SHA-256) ของรายการปิดทะเบียนประจำวันวันสุดท้าย ซึ่งครอบคลุมทุกรายการของปี"
        for line in file.paragraph(words, paper.RIGHT - _LEFT, _SIZE):
            file.show(_LEFT, y, line)
            y -= _STEP
        for part in textwrap.wrap(statement.root, _ROOT_PART) or ["ไม่มีรายการ"]:
            spaced = " ".join(textwrap.wrap(part, 8)) if statement.root else part
            file.show(_LEFT + 0.8 * paper.CM, y, file.line(spaced, 14, digits=False))
            y -= 17
        y = YEAR_SEAL_BOX.y1 - 6
        room = YEAR_SEAL_BOX.x0 - _LEFT - 14
        told = (
            "ผู้ปิดทะเบียน",
            statement.closed_by,
            statement.closed_by_title,
            f"ปิดเมื่อวันที่ {thai_date(office_date(statement.at))} เวลา {office_time(statement.at):%H.%M} น.",
        )
        for text in filter(None, told):
            file.show(_LEFT, y, file.line(text, _SIZE, room=room))
            y -= _STEP
        box = YEAR_SEAL_BOX
        file.box(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0, 0.5, dashed=True)
        caption = file.line("ตราประทับอิเล็กทรอนิกส์ของส่วนราชการ", 12)
        file.centred((box.x0 + box.x1) / 2, box.y0 - 13, caption)


_FIT = (paper.RIGHT - _LEFT) / paper.CM / 16.7
"""The columns are given for 16.7 cm and fill the page."""
