"""The columns of an old system's register: those of a sheet of letters, and which book, unit, year and number, and
how it was kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice

from saraban.domain.book import BookKind
from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.errors import BadInput
from saraban.domain.keeping import Place
from saraban.domain.moving import OldKeeping, OldLine
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import Matter
from saraban.doorway.dates import read_day
from saraban.doorway.headings import plain_heading
from saraban.usecases.ports import Services
from saraban.web.forms.entries import read_matter, read_serial
from saraban.web.forms.sheets import COLUMNS, EXAMPLE_MARK, guess_columns
from saraban.web.forms.sheets import TEMPLATE as CAPTIONS_OF

HEADINGS: Mapping[str, Sequence[str]] = {
    "book": ("ทะเบียน", "เล่ม", "ประเภททะเบียน", "ประเภท", "book", "register"),
    "unit": ("หน่วยงาน", "รหัสหน่วยงาน", "unit"),
    "year": ("ปี", "ปี พ.ศ.", "ปีทะเบียน", "year"),
    "serial": (
        "เลขทะเบียน", "เลขทะเบียนรับ", "เลขทะเบียนส่ง", "เลขรับ", "เลขที่รับ", "เลขส่ง", "ลำดับที่", "serial", "registerno",
    ),
    "file_code": ("รหัสแฟ้ม", "หมวด", "รหัสหมวด", "filecode"),
    "period": ("อายุการเก็บ", "ประเภทอายุการเก็บ", "กำหนดเก็บ", "retention"),
    "finished_on": ("วันปฏิบัติเสร็จ", "วันที่ปฏิบัติเสร็จ", "วันที่เสร็จ", "finished", "finishedon"),
    "stored_on": ("วันที่ส่งเก็บ", "วันที่เก็บ", "วันเก็บ", "stored", "storedon"),
    "room": ("ห้อง", "ห้องเก็บ", "room"),
    "shelf": ("ชั้น", "ชั้นวาง", "ตู้", "shelf"),
    "box": ("กล่อง", "กล่องที่", "box"),
    "files": ("ไฟล์", "ไฟล์แนบ", "ชื่อไฟล์", "files", "file"),
}  # fmt: skip
_OF_KEEPING = ("file_code", "period", "finished_on", "stored_on", "room", "shelf", "box")
NAMES = ("book", "unit", "year", "serial", *COLUMNS, *_OF_KEEPING, "files")
TEMPLATE = tuple(HEADINGS[name][0] if name in HEADINGS else CAPTIONS_OF[COLUMNS.index(name)] for name in NAMES)
"""The headings of the sample sheet: every column that is read."""
EXAMPLE = (
    "รับ", "", "2565", "1", "กค 0408/123", "3/1/2565", "กรมบัญชีกลาง", "อธิบดี", "ซักซ้อมความเข้าใจแนวทางปฏิบัติในการจัดซื้อจัดจ้าง",
    "กองคลัง", EXAMPLE_MARK, "ด่วน", "", "5/1/2565 09.30",
    "03", "general", "31/3/2565", "10/1/2567", "คลังเอกสาร", "2", "15", "2565/1.pdf",
)  # fmt: skip
_EXAMPLE_FILLED = [text for text in EXAMPLE if text]
_CAPTIONS = {"book": "ทะเบียน", "serial": "เลขทะเบียน"}
_SHORT = {
    "รับ": BookKind.RECEIVING,
    "ส่ง": BookKind.SENDING,
    "เวียน": BookKind.CIRCULARS,
    "ระเบียบ": BookKind.RULES,
    "ข้อบังคับ": BookKind.RULES,
}
_BETWEEN = re.compile(r"[|;\n]")


def read_old_lines(rows: Sequence[Sequence[str]], office: Services) -> Iterator[OldLine]:
    """The lines of a sheet, the row of headings first; empty rows and the example of the sample sheet are passed over,
    and rows count as people see them. Raises BadInput when the columns for the book or the number are not there."""
    head, headings = next(((n, row) for n, row in enumerate(rows) if sum(map(_filled, row)) > 1), (0, []))
    read = columns_read(headings)
    missing = [words for name, words in _CAPTIONS.items() if name not in read]
    if missing:
        raise BadInput({"file": f"ไม่พบคอลัมน์ {' และ '.join(missing)} ในแถวหัวตาราง"})
    own = {name: at for name, at in read.items() if name in HEADINGS}
    others = {name: at for name, at in read.items() if name not in HEADINGS}
    now = office.clock.now()
    for place, cells in enumerate(islice(rows, head + 1, None), start=head + 2):
        if not any(map(_filled, cells)):
            continue
        filled = [cell.strip() for cell in cells if _filled(cell)]
        if filled == _EXAMPLE_FILLED:
            continue
        said = {name: cells[at].strip() for name, at in own.items()}
        matter, unread = read_matter({name: cells[at] for name, at in others.items()}, now)
        if EXAMPLE_MARK in filled:
            unread["note"] = f"ลบคำว่า {EXAMPLE_MARK} ถ้าแถวนี้เป็นหนังสือจริง"
        yield _line(place, said, matter, unread, now)


def _line(place: int, said: Mapping[str, str], matter: Matter, unread: dict[str, str], now: datetime) -> OldLine:
    kind, year, serial = None, 0, 0
    try:
        kind = _book(said["book"])
    except ValueError as error:
        unread["book"] = str(error)
    try:
        serial = read_serial(said["serial"]) or 0
    except ValueError as error:
        unread["serial"] = str(error)
    try:
        year = _year(said.get("year", ""), matter)
    except ValueError as error:
        unread["year"] = str(error)
    files = tuple(part.strip() for part in _BETWEEN.split(said.get("files", "")) if part.strip())
    keeping = _keeping(said, unread, office_date(now))
    return OldLine(place, matter, kind, said.get("unit", ""), year, serial, files, unread, keeping)


def _keeping(said: Mapping[str, str], unread: dict[str, str], today: date) -> OldKeeping:
    days: dict[str, date | None] = {}
    for name, caption in (("finished_on", "วันปฏิบัติเสร็จ"), ("stored_on", "วันที่ส่งเก็บ")):
        try:
            days[name] = read_day(said.get(name, ""), today)
        except ValueError as error:
            unread[name] = f"{caption}: {error}"
    place = Place(*(" ".join(said.get(name, "").split()) for name in ("room", "shelf", "box")))
    code, period = said.get("file_code", ""), said.get("period", "")
    return OldKeeping(code, period, days.get("finished_on"), days.get("stored_on"), place)


def columns_read(headings: Sequence[str]) -> dict[str, int]:
    """Which of the columns (NAMES) stands where in a row of headings."""
    own = _columns(headings)
    others = guess_columns(headings, BookKind.RECEIVING)
    return own | {name: at for name, at in others.items() if at not in own.values()}


def _columns(headings: Sequence[str]) -> dict[str, int]:
    plain = [plain_heading(heading) for heading in headings]
    found = {}
    for name, words in HEADINGS.items():
        known = {plain_heading(word) for word in words}
        at = next((at for at, heading in enumerate(plain) if heading in known), None)
        if at is not None:
            found[name] = at
    return found


def _book(text: str) -> BookKind | None:
    plain = "".join(text.split())
    short = plain.removeprefix("ทะเบียน").removeprefix("หนังสือ")
    for kind in BookKind:
        if plain in (kind.value, kind.thai) or short == kind.thai.removeprefix("ทะเบียน").removeprefix("หนังสือ"):
            return kind
    if plain and short not in _SHORT:
        raise ValueError(f"ไม่รู้จักทะเบียน “{text}” ใช้ รับ ส่ง เวียน คำสั่ง ระเบียบ ประกาศ รับรอง หรือ รายงานการประชุม")
    return _SHORT.get(short)


def _year(text: str, matter: Matter) -> int:
    """The Buddhist year of the book: as it stands there, or that of the day on which the letter came or is dated."""
    plain = arabic_digits(text).strip()
    if plain:
        if not (plain.isascii() and plain.isdigit() and len(plain) == 4):
            raise ValueError("ใส่ปีของทะเบียนเป็น พ.ศ. สี่หลัก เช่น ๒๕๖๕")
        return int(plain) if int(plain) > 2300 else int(plain) + BUDDHIST_OFFSET
    day = office_date(matter.received_at) if matter.received_at is not None else matter.letter_date
    if day is None:
        raise ValueError("ใส่ปีของทะเบียน หรือวันที่ของหนังสือ")
    return day.year + BUDDHIST_OFFSET


def _filled(cell: str) -> bool:
    return bool(cell.strip())
