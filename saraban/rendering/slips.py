"""Small papers that go with letters: สมุดส่งหนังสือ (form 16), ใบรับหนังสือ (form 17), บัตรตรวจค้น (form 18)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from saraban.rendering import paper
from saraban.rendering.print_file import PrintFile
from saraban.rendering.ruled_table import Column, Frame, RuledTable
from saraban.rendering.thai import short_thai_date, thai_date
from saraban.usecases.papers import CardLine, DeliveryLine, ReceiptSlip

A5 = (21.0 * paper.CM, 14.8 * paper.CM)
A8 = (7.4 * paper.CM, 5.2 * paper.CM)
_MARGIN = 1.1 * paper.CM
_TITLE_LINE = A5[1] - 1.5 * paper.CM
_FRAME = Frame(left=_MARGIN, top=_TITLE_LINE - 1.05 * paper.CM, bottom=1.0 * paper.CM, size=14.0, leading=15.6)
_BY_HAND = 2
"""Lines of a row in which a person has to sign."""


def print_delivery_book(family: str, agency_name: str, day: date, lines: Sequence[DeliveryLine]) -> PrintFile:
    """The day's letters for the messenger; receiver, day and time are filled in by hand (clause 48)."""
    file = PrintFile(family, A5, "สมุดส่งหนังสือ")
    columns = _columns(
        ("เลขทะเบียน", 2.1, True),
        ("จาก", 3.6, False),
        ("ถึง", 3.9, False),
        ("หน่วยรับ", 3.1, False),
        ("ผู้รับ", 2.5, False),
        ("วันและเวลา", 1.9, False),
        ("หมายเหตุ", 1.7, False),
    )
    table = RuledTable(
        file, columns, lambda _: _FRAME, _head(file, "สมุดส่งหนังสือ", "16", agency_name, f"วันที่ {thai_date(day)}")
    )
    table.begin_sheet()
    for line in lines:
        texts = (line.serial, line.sender, line.addressee, line.receiving_unit, "", "", line.remark)
        table.row([table.cell(i, text) for i, text in enumerate(texts)], least=_BY_HAND)
    table.end_sheet()
    return file


def print_search_card(family: str, subject: str, code: str, lines: Sequence[CardLine]) -> PrintFile:
    """The card of a subject: เรื่อง and รหัส in the head, the letters about it below (clause 51)."""
    file = PrintFile(family, A5, f"บัตรตรวจค้น {subject}")
    columns = _columns(
        ("เลขทะเบียนรับ", 2.4, True),
        ("ที่", 3.3, False),
        ("ลงวันที่", 2.55, True),
        ("รายการ", 6.95, False),
        ("การปฏิบัติ", 3.6, False),
    )

    def dress(sheet: int) -> None:
        _title(file, "บัตรตรวจค้น", "18", sheet)
        y = _TITLE_LINE - 0.75 * paper.CM
        middle = A5[0] - _MARGIN - 5.2 * paper.CM
        file.filled(_MARGIN, middle - 8, y, "เรื่อง", subject, 16)
        file.filled(middle, A5[0] - _MARGIN, y, "รหัส", code, 16)

    table = RuledTable(file, columns, lambda _: _FRAME, dress)
    table.begin_sheet()
    for line in lines:
        when = "" if line.letter_date is None else short_thai_date(line.letter_date)
        texts = (line.serial, line.number, when, line.item, line.practice)
        table.row([table.cell(i, text) for i, text in enumerate(texts)])
    table.end_sheet()
    return file


def print_receipt_slips(family: str, slips: Sequence[ReceiptSlip]) -> PrintFile:
    """A page of A8 for each letter that is handed over (clause 49)."""
    file = PrintFile(family, A8, "ใบรับหนังสือ")
    for slip in slips:
        _draw_slip(file, slip)
        file.end_page()
    return file


def _draw_slip(file: PrintFile, slip: ReceiptSlip) -> None:
    left, right, size = 0.45 * paper.CM, A8[0] - 0.45 * paper.CM, 13.0
    title = file.line("ใบรับหนังสือ", 16, bold=True)
    file.centred(A8[0] / 2, A8[1] - 0.72 * paper.CM, title)
    if slip.sender_name:
        file.centred(A8[0] / 2, A8[1] - 1.13 * paper.CM, file.line(slip.sender_name, 11, room=right - left))
    step = 0.56 * paper.CM
    y = A8[1] - 1.72 * paper.CM
    for caption, value in (("ที่", slip.number), ("ถึง", slip.addressee)):
        file.filled(left, right, y, caption, value, size)
        y -= step
    y = _two_lines(file, left, right, y, slip.subject, size, step)
    middle = A8[0] / 2 + 0.4 * paper.CM
    file.filled(left, middle - 4, y, "รับวันที่", "", size)
    clock = file.line("น.", size)
    file.filled(middle, right - clock.width - 3, y, "เวลา", "", size)
    file.ending(right, y, clock)
    file.filled(left, right, y - step, "ผู้รับ", "", size)


def _two_lines(file: PrintFile, left: float, right: float, y: float, subject: str, size: float, step: float) -> float:
    """เรื่อง on two dotted lines, smaller and at last cut when it is longer; gives the next baseline."""
    caption = file.line("เรื่อง", size)
    file.show(left, y, caption)
    begin = left + caption.width + 4
    for smaller in (size, 12.0, 11.0, 10.0):
        lines = file.paragraph(subject, right - begin - 3, smaller)
        if len(lines) <= 2:
            break
    else:
        lines = file.two_lines(subject, right - begin - 3, smaller)
    for number in range(2):
        file.dots(begin, right, y)
        if number < len(lines):
            file.show(begin + 3, y, lines[number])
        y -= step
    return y


def _columns(*rows: tuple[str, float, bool]) -> list[Column]:
    return [Column(caption, width * paper.CM, centred) for caption, width, centred in rows]


def _head(file: PrintFile, title: str, form: str, left: str, right: str) -> Callable[[int], None]:
    """Title in the middle, and a line with two statements below it."""

    def dress(sheet: int) -> None:
        _title(file, title, form, sheet)
        y = _TITLE_LINE - 0.75 * paper.CM
        day = file.line(right, 16)
        file.ending(A5[0] - _MARGIN, y, day)
        file.show(_MARGIN, y, file.line(left, 16, room=A5[0] - 2 * _MARGIN - day.width - 12))

    return dress


def _title(file: PrintFile, title: str, form: str, sheet: int) -> None:
    file.centred(A5[0] / 2, _TITLE_LINE, file.line(title, 20, bold=True))
    file.ending(A5[0] - _MARGIN, _TITLE_LINE + 2, file.line(f"แบบที่ {form}", 13))
    file.show(_MARGIN, _TITLE_LINE + 2, file.line(f"แผ่นที่ {sheet}", 13))
