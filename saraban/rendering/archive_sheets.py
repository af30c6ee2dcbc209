"""Lists of the archive on sheets of A4: forms 19 to 25 (clauses 55, 58, 60, 66), the record of a destruction (clause
68.5), and ตรากำหนดเก็บหนังสือ (clause 73)."""

from __future__ import annotations

from collections.abc import Sequence

from saraban.rendering import paper
from saraban.rendering.print_file import PrintFile
from saraban.rendering.ruled_table import Column, Frame, RuledTable
from saraban.rendering.thai import thai_date
from saraban.usecases.archive_press import ArchiveForm, ArchiveSheet, KeepingMark

_MARGIN = 1.5 * paper.CM
_SIZE, _TITLE_SIZE, _SMALL_SIZE = 14.0, 20.0, 13.0
_SIGNING, _LINE = 78.0, 18.0
"""Room for a signature with name and post, and a line of text."""
_CAPTIONED = {
    *(ArchiveForm.TRANSFER, ArchiveForm.OWN_KEEPING, ArchiveForm.DEPOSIT),
    *(ArchiveForm.DISPOSAL, ArchiveForm.DESTRUCTION),
}
"""Forms with กระทรวง/ทบวง, กรม and กอง at their heads; the record of a destruction goes with form 25."""
MARK_SIZE = (7.0 * paper.CM, 2.4 * paper.CM)
"""Room for the words and, below them, for the initials."""
_MARKS_ACROSS, _MARKS_DOWN, _MARK_HEIGHT = 2, 8, 3.3 * paper.CM
MARK_TYPE = 24.0
_MARK_BLUE = (0.05, 0.2, 0.6)
Captions = tuple[tuple[str, float, bool], ...]

_FILE = ("รหัสแฟ้ม", 2.0, True)
_NUMBER = ("ที่", 3.6, False)
_DATE = ("ลงวันที่", 2.6, True)
_REGISTER = ("เลขทะเบียนรับ", 2.5, True)
_ORDINAL = ("ลำดับที่", 1.3, True)
_NOTE = ("หมายเหตุ", 4.2, False)
_GIVEN: Captions = (_ORDINAL, _FILE, _NUMBER, _DATE, _REGISTER, ("เรื่อง", 10.5, False), _NOTE)
_FORMS: dict[ArchiveForm, tuple[str, Captions]] = {
    ArchiveForm.STORING: (
        "บัญชีหนังสือส่งเก็บ",
        (_ORDINAL, _NUMBER, _DATE, ("เรื่อง", 6.3, False), ("อายุการเก็บหนังสือ", 2.6, True), ("หมายเหตุ", 1.6, False)),
    ),
    ArchiveForm.STORE_REGISTER: (
        "ทะเบียนหนังสือเก็บ",
        (
            *(_ORDINAL, ("วันเก็บ", 2.6, True), _REGISTER, _NUMBER, ("เรื่อง", 8.6, False), _FILE),
            *(("กำหนดเวลาเก็บ", 3.0, True), ("หมายเหตุ", 3.1, False)),
        ),
    ),
    ArchiveForm.TRANSFER: ("บัญชีส่งมอบหนังสือครบ ๒๐ ปี", _GIVEN),
    ArchiveForm.OWN_KEEPING: (
        "บัญชีหนังสือครบ ๒๐ ปีที่ขอเก็บเอง",
        (_ORDINAL, _FILE, _NUMBER, _DATE, ("เรื่อง", 13.0, False), _NOTE),
    ),
    ArchiveForm.DEPOSIT: ("บัญชีฝากหนังสือ", _GIVEN),
    ArchiveForm.LOAN_CARD: (
        "บัตรยืมหนังสือ",
        (
            *(("รายการ", 7.2, False), ("ผู้ยืม", 4.2, False), ("ผู้รับ", 4.4, False), ("วันยืม", 2.5, True)),
            *(("กำหนดส่งคืน", 2.5, True), ("ผู้ส่งคืน", 3.4, False), ("วันส่งคืน", 2.5, True)),
        ),
    ),
    ArchiveForm.DISPOSAL: (
        "บัญชีหนังสือขอทำลาย",
        (*_GIVEN[:5], ("เรื่อง", 8.0, False), ("การพิจารณา", 3.2, True), ("หมายเหตุ", 3.5, False)),
    ),
    ArchiveForm.DESTRUCTION: (
        "บันทึกการทำลายหนังสือ",
        (*_GIVEN[:5], ("เรื่อง", 8.0, False), ("ผล", 3.2, True), ("หมายเหตุ", 3.5, False)),
    ),
}


def print_archive_list(family: str, sheet: ArchiveSheet) -> PrintFile:
    """The list with its head on every sheet, what is told below it, and who signs."""
    title, captions = _FORMS[sheet.form]
    size = (paper.PAGE_WIDTH, paper.PAGE_HEIGHT)
    if sheet.form is not ArchiveForm.STORING:
        size = (paper.PAGE_HEIGHT, paper.PAGE_WIDTH)
    file = PrintFile(family, size, title)
    width = size[0] - 2 * _MARGIN
    fit = width / sum(part for _, part, _ in captions)
    columns = [Column(caption, part * fit, centred) for caption, part, centred in captions]
    top = size[1] - (4.6 if sheet.form in _CAPTIONED else 3.4) * paper.CM
    frame = Frame(left=_MARGIN, top=top, bottom=1.6 * paper.CM, size=_SIZE, leading=15.6)
    table = RuledTable(file, columns, lambda _: frame, lambda number: _dress(file, sheet, title, number))
    table.begin_sheet()
    for row in sheet.rows:
        table.row([table.cell(i, text.replace("✕", "×")) for i, text in enumerate(row)])
    if not sheet.rows:
        table.row(
            [table.cell(i, "ไม่มีรายการ" if caption == "เรื่อง" else "") for i, (caption, _, _) in enumerate(captions)]
        )
    table.close()
    _foot(file, sheet, table.y, width)
    file.end_page()
    return file


def _dress(file: PrintFile, sheet: ArchiveSheet, title: str, number: int) -> None:
    """The head of the form: its title with the year, the agency and its part, the day, the number of the sheet."""
    middle, right = file.width / 2, file.width - _MARGIN
    named = f"{title} ประจำปี {sheet.year}" if sheet.year else title
    file.centred(
        middle, file.height - 1.6 * paper.CM, file.line(named, _TITLE_SIZE, bold=True, room=right - 3 * _MARGIN)
    )
    if sheet.form is not ArchiveForm.DESTRUCTION:
        file.ending(right, file.height - 1.2 * paper.CM, file.line(f"แบบที่ {sheet.form.value}", _SMALL_SIZE))
    day, count = (file.line(words, _SMALL_SIZE) for words in (f"วันที่ {thai_date(sheet.day)}", f"แผ่นที่ {number}"))
    y = file.height - 2.9 * paper.CM
    if sheet.form in _CAPTIONED:
        y = file.height - 2.5 * paper.CM
        for step, (caption, value) in enumerate(_owner(sheet)):
            file.filled(_MARGIN, middle, y - step * _LINE, caption, value, _SIZE)
        file.ending(right, y, day)
        file.ending(right, y - _LINE, count)
        return
    owner = sheet.agency_name if not sheet.unit else f"{sheet.agency_name} {sheet.unit}"
    file.show(_MARGIN, y, file.line(owner, _SMALL_SIZE, room=right - _MARGIN - day.width - 130))
    file.ending(right, y, count)
    file.ending(right - 80, y, day)


def _owner(sheet: ArchiveSheet) -> list[tuple[str, str]]:
    """Whose list it is, by the captions of the form; the caption is not said again in what stands on its line."""
    ministry = sheet.ministry.removeprefix("กระทรวง").removeprefix("ทบวง").strip()
    said = (("กระทรวง/ทบวง", ministry), ("กรม", sheet.agency_name), ("กอง", sheet.unit))
    return [(caption, value.removeprefix(caption).strip()) for caption, value in said]


def _foot(file: PrintFile, sheet: ArchiveSheet, y: float, width: float) -> None:
    """What is told, then who signs, side by side and at most three in a row; on a new sheet when there is no room."""
    lines = [line for words in sheet.told for line in file.paragraph(words, width, _SIZE)]
    columns = 3 if file.width > file.height else 2
    rows = [sheet.signers[start : start + columns] for start in range(0, len(sheet.signers), columns)]
    signing = _SIGNING + (_LINE if any(signer.note for signer in sheet.signers) else 0)
    if y - _LINE * (len(lines) + 1) - signing * len(rows) < 1.2 * paper.CM:
        file.end_page()
        y = file.height - 1.5 * paper.CM
    y -= 8
    for line in lines:
        y -= _LINE
        file.show(_MARGIN, y, line)
    for row in rows:
        place = width / len(row)
        for index, signer in enumerate(row):
            middle = _MARGIN + place * (index + 0.5)
            told = (f"ลงชื่อ ........................................ {signer.part}", f"({signer.name or '.' * 44})")
            for step, words in enumerate((*told, f"ตำแหน่ง {signer.title or '.' * 36}", signer.note)):
                file.centred(middle, y - 28 - step * _LINE, file.line(words, _SIZE, room=place - 8))
        y -= signing


def print_keeping_mark(family: str, words: str, *, forever: bool) -> PrintFile:
    """The mark alone, on a page of its size."""
    file = PrintFile(family, MARK_SIZE, words)
    _mark(file, 0, MARK_SIZE[1], MARK_SIZE[0], KeepingMark(words, forever, ""), "")
    file.end_page()
    return file


def print_keeping_marks(family: str, marks: Sequence[KeepingMark], initials: str) -> PrintFile:
    """Marks side by side on sheets of A4, in the order in which they come, each in a dashed frame along which it is
    cut."""
    file = PrintFile(family, (paper.PAGE_WIDTH, paper.PAGE_HEIGHT), "ตรากำหนดเก็บหนังสือ")
    width = (paper.PAGE_WIDTH - 2 * _MARGIN) / _MARKS_ACROSS
    for place, mark in enumerate(marks):
        row, column = divmod(place % (_MARKS_ACROSS * _MARKS_DOWN), _MARKS_ACROSS)
        if place and not row and not column:
            file.end_page()
        left, top = _MARGIN + column * width, file.height - _MARGIN - row * _MARK_HEIGHT
        file.box(left, top - _MARK_HEIGHT, width, _MARK_HEIGHT, dashed=True)
        _mark(file, left, top - 6, width, mark, initials)
    file.end_page()
    return file


def _mark(file: PrintFile, left: float, top: float, width: float, mark: KeepingMark, initials: str) -> None:
    """The words of a mark in their colour, the line for initials, and of which letter it is."""
    middle = left + width / 2
    file.colour(paper.RED if mark.forever else _MARK_BLUE)
    file.centred(middle, top - 26, file.line(mark.words, MARK_TYPE, bold=True))
    file.colour()
    line = f"ลงชื่อย่อ ............................ {initials}".strip()
    file.centred(middle, top - 54, file.line(line, _SMALL_SIZE, room=width - 12))
    if mark.letter:
        file.centred(middle, top - 78, file.line(mark.letter, _SMALL_SIZE, room=width - 12))
