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
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from saraban.domain.calendar import office_time
from saraban.domain.errors import BadInput, RuleBroken
from saraban.rendering.quarantine import Quarantine, TaskFailed

LARGEST_SHEET = 40_000_000
MOST_WRITTEN = 1_048_575
"""Rows that fit into a sheet of XLSX below its head."""

_PROCESSOR_SECONDS = 60
_WALL_SECONDS = 120.0
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
    "too-large": "ไฟล์ใหญ่เกิน 40 เมกะไบต์ แบ่งเป็นหลายไฟล์แล้วลองใหม่",
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

    def read(self, data: bytes, name: str) -> Sequence[Sequence[str]]:
        """The rows of the first sheet as text, the header among them, all of one length. A row's place is the one that
        people see, so empty rows between others stay. Raises BadInput({"file": …}) with a Thai reason."""
        try:
            if not data:
                raise TaskFailed("empty-sheet")
            if len(data) > LARGEST_SHEET:
                raise TaskFailed("too-large")
            rows: list[list[str]] = json.loads(self._quarantine.run("read_sheet", data))
        except TaskFailed as failed:
            raise BadInput({"file": _reason(failed, name)}) from failed
        width = max(map(len, rows))
        for row in rows:
            row.extend([""] * (width - len(row)))
        return rows

    def write_xlsx(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], out: BinaryIO) -> None:
        """A sheet with a frozen, bold head row; text stays text. The rows go through a temporary file and are never in
        memory together. Raises RuleBroken when there are more than a sheet can hold."""
        book = Workbook(write_only=True)
        sheet = book.create_sheet(_sheet_name(title))
        sheet.freeze_panes = "A2"
        for number, column in enumerate(columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = max(12, min(40, 2 + 1.3 * len(column)))
        sheet.append([_heading(sheet, column) for column in columns])
        try:
            for number, row in enumerate(rows):
                if number == MOST_WRITTEN:
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


def _reason(failed: TaskFailed, name: str) -> str:
    word, _, place = failed.word.partition(":")
    if word == "not-sheet" and name.lower().endswith(".ods"):
        return "ไฟล์นี้เป็นตารางของ LibreOffice (.ods) บันทึกเป็น .xlsx ก่อน"
    return _REASONS.get(word, _REASONS["damaged"]).format(place)


def _sheet_name(title: str) -> str:
    """A name that Excel accepts for a sheet: short, without its special marks."""
    return re.sub(r"[\[\]:*?/\\']", " ", _printable(title))[:31].strip() or "ทะเบียน"


def _heading(sheet: Any, text: str) -> Any:
    cell = _text_cell(sheet, text)
    cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(sheet: Any, value: object) -> Any:
    """The value as openpyxl takes it; text that it would read as a formula or an error is told to be text."""
    value = _plain(value)
    return _text_cell(sheet, value) if isinstance(value, str) and value.startswith(("=", "#")) else value


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, _printable(text))
    cell.data_type = "s"
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
