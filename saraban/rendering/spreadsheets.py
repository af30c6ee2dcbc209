"""SheetDesk: the `Spreadsheets` that `bootstrap.py` hands to the use cases."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from saraban.domain.calendar import office_time
from saraban.domain.errors import BadInput, RuleBroken
from saraban.rendering.quarantine import Quarantine, TaskFailed

LARGEST_SHEET, LARGEST_IN_BACKGROUND = 40_000_000, 80_000_000
"""Octets, for whoever waits for it and for the worker: a hundred thousand lines in Thai are 45 MB of CSV."""
MOST_WRITTEN = 1_048_575
"""Rows that fit into a sheet of XLSX below its head."""

_PROCESSOR_SECONDS, _WALL_SECONDS = 60, 120.0
_PROCESSOR_IN_BACKGROUND, _WALL_IN_BACKGROUND = 240, 480.0
"""The largest workbook takes a minute of an idle processor."""
_BUDDHIST = "[$-107041E]dd/mm/yyyy;@"
"""A day with the year of the Buddhist era: calendar 07 of the locale 041E (ECMA-376, 18.8.31)."""
_LINE = Side("thin", "BFBFBF")
_RULED = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_TEXT, _DAY, _HEAD, _HEADING = "Register", "Register day", "Register head", "Register heading"
"""Names of styles, each found once for a file and not once for a cell."""
_PIECE = 64_000
_LONGEST_CELL = 32_767
_FORMULA = tuple("=+-@＝＋－＠")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REASONS = {
    "not-sheet": "ไฟล์นี้ไม่ใช่ตาราง ใช้ไฟล์ Excel (.xlsx) หรือ CSV",
    "old-sheet": "ไฟล์นี้เป็น Excel รุ่นเก่า (.xls) เปิดใน Excel แล้วบันทึกเป็น .xlsx ก่อน",
    "encrypted": "ไฟล์ตั้งรหัสผ่านไว้ เอารหัสผ่านออกแล้วลองใหม่",
    "damaged": "ไฟล์เสีย อ่านไม่ได้ เปิดใน Excel แล้วบันทึกใหม่",
    "bomb": "ไฟล์ขยายใหญ่ผิดปกติเมื่อเปิดอ่าน จึงไม่รับ",
    "limits": "ไฟล์ใช้หน่วยความจำหรือเวลามากเกินกำหนด แบ่งเป็นหลายไฟล์แล้วลองใหม่",
    "too-large": "ไฟล์ใหญ่เกิน {} เมกะไบต์ แบ่งเป็นหลายไฟล์แล้วลองใหม่",
    "too-many-rows": "ตารางมีเกิน 100,000 แถว แบ่งเป็นหลายไฟล์แล้วลองใหม่",
    "too-many-cells": "ตารางมีเกิน 60 คอลัมน์ ลบคอลัมน์ที่ไม่ใช้ออกแล้วลองใหม่",
    "too-much-text": "ข้อความในตารางยาวเกินกำหนด แบ่งเป็นหลายไฟล์แล้วลองใหม่",
    "empty-sheet": "ไม่พบข้อมูลในแผ่นงานแรกของไฟล์",
    "encoding": "อ่านตัวอักษรในไฟล์ไม่ได้ บันทึกเป็น CSV แบบ UTF-8 แล้วลองใหม่",
    "formula": "เซลล์ {} เป็นสูตรที่ยังไม่ได้คำนวณ เปิดใน Excel แล้วบันทึกใหม่ หรือวางเป็นค่า",
    "quotes": "เครื่องหมายคำพูดแถวบรรทัดที่ {} ไม่ครบคู่ แก้ไขแล้วลองใหม่",
}


class SheetDesk:
    """Reads sheets that people bring, in a child process with limits, and writes those that they take away. May be
    shared by threads."""

    def __init__(self, quarantine: Quarantine | None = None) -> None:
        self._quarantine = quarantine or Quarantine(wall_seconds=_WALL_SECONDS, processor_seconds=_PROCESSOR_SECONDS)
        self._patient = quarantine or Quarantine(
            wall_seconds=_WALL_IN_BACKGROUND, processor_seconds=_PROCESSOR_IN_BACKGROUND
        )

    def read(self, data: bytes, name: str, *, in_background: bool = False) -> Sequence[Sequence[str]]:
        """The rows of the first sheet as text, the header among them, all of one length. A row's place is the one that
        people see, so empty rows between others stay. `in_background`, where nobody waits, a sheet may be larger and
        take longer. Raises BadInput({"file": …}) with a Thai reason."""
        largest = LARGEST_IN_BACKGROUND if in_background else LARGEST_SHEET
        try:
            if not data:
                raise TaskFailed("empty-sheet")
            if len(data) > largest:
                raise TaskFailed(f"too-large:{largest // 1_000_000}")
            quarantine = self._patient if in_background else self._quarantine
            rows: list[list[str]] = json.loads(quarantine.run("read_sheet", data))
        except TaskFailed as failed:
            raise BadInput({"file": _reason(failed, name)}) from failed
        width = max(map(len, rows))
        for row in rows:
            row.extend([""] * (width - len(row)))
        return rows

    def write_xlsx(
        self,
        title: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        out: BinaryIO,
        *,
        heading: Sequence[str] = (),
        widths: Sequence[float] = (),
    ) -> None:
        """A sheet with a frozen, bold head row below the lines of `heading`, set up for A4 landscape; text stays text,
        days show the Buddhist year. The rows go through a temporary file and are never in memory together. Raises
        RuleBroken when there are more than a sheet can hold."""
        book = Workbook(write_only=True)
        for style in _styles():
            book.add_named_style(style)
        sheet = book.create_sheet(_sheet_name(title))
        head = len(heading) + 1
        _set_up(sheet, head, widths or [max(12, min(40, 2 + 1.3 * len(column))) for column in columns])
        for line in heading:
            sheet.append([_text_cell(sheet, line, _HEADING)])
        sheet.append([_text_cell(sheet, column, _HEAD) for column in columns])
        try:
            for number, row in enumerate(rows):
                if number == MOST_WRITTEN - len(heading):
                    raise RuleBroken(f"รายการเกิน {MOST_WRITTEN:,} แถว ซึ่งเกินที่ไฟล์ Excel เก็บได้ เลือกส่งออกเป็น CSV แทน")
                sheet.append([_cell(sheet, value) for value in row])
        finally:
            sheet.close()
        book.save(out)

    def write_csv(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
        """The same as CSV in UTF-8 with BOM, in pieces; text that a spreadsheet would take for a formula gets a leading
        apostrophe."""
        text = io.StringIO()
        text.write("\ufeff")
        writer = csv.writer(text)
        writer.writerow([_guarded(column) for column in columns])
        for row in rows:
            writer.writerow([_guarded(value) for value in row])
            if text.tell() >= _PIECE:
                yield text.getvalue().encode()
                text.seek(0)
                text.truncate()
        yield text.getvalue().encode()

    def close(self) -> None:
        """End the process that reads foreign sheets."""
        self._quarantine.close()
        self._patient.close()


def _reason(failed: TaskFailed, name: str) -> str:
    word, _, place = failed.word.partition(":")
    if word == "not-sheet" and name.lower().endswith(".ods"):
        return "ไฟล์นี้เป็นตารางของ LibreOffice (.ods) บันทึกเป็น .xlsx ก่อน"
    return _REASONS.get(word, _REASONS["damaged"]).format(place)


def _sheet_name(title: str) -> str:
    """A name that Excel accepts for a sheet: short, without its special marks."""
    return re.sub(r"[\[\]:*?/\\']", " ", _printable(title))[:31].strip() or "ทะเบียน"


def _styles() -> Iterator[NamedStyle]:
    """The styles of a file; openpyxl ties them to it."""
    yield NamedStyle(_TEXT, alignment=_WRAPPED, border=_RULED)
    yield NamedStyle(_DAY, alignment=_WRAPPED, border=_RULED, number_format=_BUDDHIST)
    yield NamedStyle(_HEAD, font=Font(bold=True), alignment=_WRAPPED, border=_RULED)
    yield NamedStyle(_HEADING, font=Font(bold=True, size=14))


def _set_up(sheet: Any, head: int, widths: Sequence[float]) -> None:
    """How the sheet looks and prints: the rows down to the head stay in sight and stand on every page of paper."""
    sheet.freeze_panes = f"A{head + 1}"
    sheet.print_title_rows = f"1:{head}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.oddFooter.right.text = "หน้า &P / &N"
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def _cell(sheet: Any, given: object) -> Any:
    """The value as a cell with its style; text is told to be text, even where it looks like a formula or an error."""
    value: Any = _plain(given)
    if isinstance(value, str):
        return _text_cell(sheet, value, _TEXT)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date) and not isinstance(value, datetime):
        cell.style = _DAY
    elif not isinstance(value, datetime):
        cell.style = _TEXT
    return cell


def _text_cell(sheet: Any, text: str, style: str) -> Any:
    cell = WriteOnlyCell(sheet, _printable(text))
    cell.data_type = "s"
    cell.style = style
    if text.startswith(_FORMULA):
        cell.quotePrefix = True
    return cell


def _guarded(value: object) -> object:
    value = _plain(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, str) and value.lstrip().startswith(_FORMULA):
        return f"'{value}"
    return value


def _plain(value: object) -> object:
    """What a cell can hold: a number, a day, a moment on the office's clock, or text without what cannot be printed."""
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, datetime):
        return office_time(value).replace(tzinfo=None) if value.tzinfo is not None else value
    return value if isinstance(value, date) else _printable(str(value))


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)[:_LONGEST_CELL]
