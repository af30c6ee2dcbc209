"""The columns of a sheet that people bring: matched by their headings, in Thai or English, and adjustable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from saraban.domain.register import BookKind, Matter
from saraban.doorway.headings import plain_heading
from saraban.usecases.sheets import Sheet
from saraban.web.filters import thai_digits
from saraban.web.forms.entries import CAPTIONS, read_matter

COLUMNS = (
    "number",
    "letter_date",
    "sender",
    "addressee",
    "subject",
    "practice",
    "note",
    "urgency",
    "secrecy",
    "received_at",
)
OUTGOING = tuple(name for name in COLUMNS if name != "number")
TEMPLATE = ("ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ", "ชั้นความเร็ว", "ชั้นความลับ", "วันที่รับ")
EXAMPLE_MARK = "แถวตัวอย่าง ไม่นำเข้า"
EXAMPLE = (
    "กค 0408/123", "20/11/2569", "กรมบัญชีกลาง", "อธิบดี", "ซักซ้อมความเข้าใจแนวทางปฏิบัติในการจัดซื้อจัดจ้าง", "กองคลัง",
    EXAMPLE_MARK, "ด่วน", "", "21/11/2569 09.30",
)  # fmt: skip
_YEARS_OF_CELLS = range(1900, 2200)
"""Christian years that a cell's day has; a Buddhist one stays the text that it is."""
_HEADINGS: Mapping[str, Sequence[str]] = {
    "number": ("ที่", "เลขที่", "เลขที่หนังสือ", "ที่หนังสือ", "หนังสือที่", "เลขหนังสือ", "number", "no", "letterno"),
    "letter_date": ("ลงวันที่", "วันที่", "วันที่หนังสือ", "วันเดือนปี", "หนังสือลงวันที่", "ลว", "date", "letterdate"),
    "sender": ("จาก", "ผู้ส่ง", "หน่วยงานผู้ส่ง", "ส่วนราชการผู้ส่ง", "จากหน่วยงาน", "from", "sender"),
    "addressee": ("ถึง", "เรียน", "ผู้รับ", "ถึงหน่วยงาน", "to", "addressee"),
    "subject": ("เรื่อง", "ชื่อเรื่อง", "หัวข้อ", "subject", "title"),
    "practice": ("การปฏิบัติ", "ส่งให้", "มอบหมาย", "ผู้รับผิดชอบ", "หน่วยงานที่รับผิดชอบ", "practice", "action"),
    "note": ("หมายเหตุ", "note", "remark", "remarks"),
    "urgency": ("ชั้นความเร็ว", "ความเร็ว", "ความเร่งด่วน", "urgency", "priority"),
    "secrecy": ("ชั้นความลับ", "ความลับ", "secrecy", "class"),
    "received_at": ("วันที่รับ", "รับวันที่", "วันที่รับจริง", "รับเมื่อ", "วันเวลาที่รับ", "received", "receivedat", "receiveddate"),
}


@dataclass
class Preview:
    """A sheet as it would be entered: its letters, which rows are the example of the template and
    are left out, and by row what is wrong in words. Rows count from 0; `numbers` are those that people see beside
    them."""

    matters: list[Matter] = field(default_factory=list)
    examples: set[int] = field(default_factory=set)
    wrong: dict[int, dict[str, str]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)

    @property
    def letters(self) -> list[int]:
        """The places of the rows that are letters."""
        return [place for place in range(len(self.matters)) if place not in self.examples]

    def row(self, place: int) -> int:
        """The number of the row in the sheet."""
        return self.numbers[place]


def guess_columns(headings: Sequence[str], kind: BookKind) -> dict[str, int]:
    """Which column holds what, by its heading; each column once, the first that fits."""
    plain = [plain_heading(heading) for heading in headings]
    found: dict[str, int] = {}
    for name in columns_of(kind):
        words = [plain_heading(word) for word in _HEADINGS[name]]
        at = next((at for word in words for at, heading in enumerate(plain) if heading == word), None)
        if at is not None and at not in found.values():
            found[name] = at
    return found


def columns_of(kind: BookKind) -> tuple[str, ...]:
    """The columns that a book takes: outgoing ones give the number themselves."""
    return COLUMNS if kind.incoming else OUTGOING


def chosen_columns(form: Mapping[str, str], kind: BookKind, width: int) -> dict[str, int]:
    """The columns as a person has set them."""
    found = {}
    for name in columns_of(kind):
        text = form.get(f"column_{name}", "")
        if text.isascii() and text.isdigit() and int(text) < width:
            found[name] = int(text)
    return found


def read_rows(sheet: Sheet, columns: Mapping[str, int], kind: BookKind, now: datetime) -> Preview:
    """All rows as letters, with what is wrong in each. The example of the template is left out as it is; where somebody
    wrote over it and let its mark stand, that is asked about."""
    example = [EXAMPLE[COLUMNS.index(name)] for name in columns_of(kind)]
    preview = Preview(numbers=sheet.numbers)
    for place, cells in enumerate(sheet.rows):
        words = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
        matter, unread = read_matter(words, now)
        faults = {name: text for name, text in matter.faults(kind, now).items() if name not in unread} | unread
        preview.matters.append(matter)
        if EXAMPLE_MARK in cells:
            if [cell.strip() for cell in cells if cell.strip()] == [text for text in example if text]:
                preview.examples.add(place)
                continue
            faults["note"] = f"ลบคำว่า {EXAMPLE_MARK} ถ้าแถวนี้เป็นหนังสือจริง"
        if faults:
            preview.wrong[place] = faults
    return preview


def in_words(faults: Mapping[str, str]) -> str:
    """What is wrong with a row in one line."""
    places = {name: place for place, name in enumerate(COLUMNS)}
    return " · ".join(
        f"{CAPTIONS.get(name, name)}: {thai_digits(faults[name])}"
        for name in sorted(faults, key=lambda name: places.get(name, len(places)))
    )


def as_cell(text: str) -> str | date:
    """A cell of the sheet as it is given back: a day where the cell was one, which came as 2026-11-23."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if len(text) == 10 and day.year in _YEARS_OF_CELLS else text
