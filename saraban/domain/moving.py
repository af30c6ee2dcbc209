"""Lines of an agency's old registers, as they are brought from another system (clauses 35 to 43: what was registered
stays registered): numbers and dates stay what they were, and each line says that it is from before the system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath
from uuid import UUID

from saraban.domain.book import BookKind
from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.events import DomainEvent
from saraban.domain.keeping import Place, places_too_long
from saraban.domain.numbering import thai_digits
from saraban.domain.register import Matter

LARGEST_SERIAL = 1_000_000
EARLIEST_YEAR = 2450
OldBook = tuple[BookKind, str, int]
"""Which book a line is of: its kind, the unit's code (empty for the agency's own book), and the Buddhist year."""


@dataclass(frozen=True)
class OldKeeping:
    """How the old system kept the letter, as far as the sheet says: its group of the file plan, its class or period in
    the sheet's words, when the matter was done with, since when it is in the store, and where it stands."""

    file_code: str = ""
    period: str = ""
    finished_on: date | None = None
    stored_on: date | None = None
    place: Place = field(default_factory=Place)

    @property
    def said(self) -> bool:
        """Does the sheet say anything about it?"""
        return self != OldKeeping()

    def faults(self, begins_on: date, today: date) -> dict[str, str]:
        """What is wrong with it for a letter that was in the office from that day on, in Thai by field."""
        wrong = places_too_long(self.place)
        if self.finished_on is not None and self.finished_on > today:
            wrong["finished_on"] = "วันปฏิบัติเสร็จอยู่ในอนาคต"
        elif self.finished_on is not None and self.finished_on < begins_on:
            wrong["finished_on"] = "วันปฏิบัติเสร็จอยู่ก่อนวันที่ของหนังสือหรือวันที่รับ"
        if self.stored_on is not None and self.finished_on is None:
            wrong["stored_on"] = "หนังสือที่ส่งเก็บแล้วต้องใส่วันปฏิบัติเสร็จ"
        elif self.stored_on is not None and self.finished_on is not None and self.stored_on < self.finished_on:
            wrong["stored_on"] = "วันที่ส่งเก็บอยู่ก่อนวันปฏิบัติเสร็จ"
        elif self.stored_on is not None and self.stored_on > today:
            wrong["stored_on"] = "วันที่ส่งเก็บอยู่ในอนาคต"
        return wrong


@dataclass(frozen=True)
class OldLine:
    """A row of the old system's sheet as far as it could be read. `row` is its place as people see it in the sheet,
    `files` are paths in the folder that came with it, `unread` says in Thai what could not be read, by field."""

    row: int
    matter: Matter
    kind: BookKind | None = None
    unit: str = ""
    year: int = 0
    serial: int = 0
    files: tuple[str, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    keeping: OldKeeping = field(default_factory=OldKeeping)

    @property
    def begins_on(self) -> date:
        """The day from which the letter was in the office, as its line will tell (RegisterEntry.begins_on)."""
        received = self.matter.received_at
        known = [office_date(received)] if received is not None else []
        known += [self.matter.letter_date] if self.matter.letter_date is not None else []
        return max(known, default=date(max(1, self.year - BUDDHIST_OFFSET), 1, 1))

    @property
    def book(self) -> OldBook | None:
        """Its book; None when the sheet does not say which."""
        return (self.kind, self.unit, self.year) if self.kind is not None and self.year else None

    def faults(self, now: datetime) -> dict[str, str]:
        """What is wrong with the line by itself, in Thai by field; empty when it may be looked at beside others."""
        wrong = dict(self.unread)
        this_year = office_date(now).year + BUDDHIST_OFFSET
        if self.kind is None:
            wrong.setdefault("book", "ใส่ว่าอยู่ในทะเบียนใด เช่น รับ หรือ ส่ง")
        else:
            own = self.matter.faults(self.kind, now)
            wrong = {name: words for name, words in own.items() if name not in wrong} | wrong
            if self.kind.secret:
                wrong["book"] = "ทะเบียนข้อมูลข่าวสารลับย้ายเข้าด้วยวิธีนี้ไม่ได้"
        if not self.matter.secrecy.is_open:
            wrong["secrecy"] = "หนังสือที่มีชั้นความลับให้นายทะเบียนข้อมูลข่าวสารลับลงเอง"
        if "year" not in wrong and not EARLIEST_YEAR <= self.year <= this_year:
            wrong["year"] = thai_digits(f"ปีของทะเบียนต้องอยู่ระหว่าง {EARLIEST_YEAR} ถึง {this_year}")
        if "serial" not in wrong and not 1 <= self.serial <= LARGEST_SERIAL:
            wrong["serial"] = "ใส่เลขทะเบียนเดิมเป็นตัวเลข"
        told = self.keeping.faults(self.begins_on, office_date(now))
        wrong = {name: words for name, words in told.items() if name not in wrong} | wrong
        for path in self.files:
            if not is_inside(path):
                wrong["files"] = f"ชื่อไฟล์ {path} ออกนอกโฟลเดอร์"
        return wrong


def is_inside(path: str) -> bool:
    """True when a path stays in the folder that it is read in."""
    parts = PurePosixPath(path.replace("\\", "/"))
    return bool(parts.parts) and not parts.is_absolute() and ".." not in parts.parts and ":" not in parts.parts[0]


def twins(lines: Iterable[OldLine]) -> dict[int, int]:
    """Rows that give a number which an earlier row of the same book gives, with that row."""
    first: dict[tuple[OldBook, int], int] = {}
    found = {}
    for line in lines:
        if line.book is not None and line.serial:
            earlier = first.setdefault((line.book, line.serial), line.row)
            if earlier != line.row:
                found[line.row] = earlier
    return found


@dataclass(frozen=True, kw_only=True)
class RegistersMovedIn(DomainEvent):
    """Lines of an old system were entered. `thing_id` is the errand that did it, `folder` whence they came, `lines` how
    many were entered, `known` how many were there before, `left_out` how many rows had faults."""

    name = "registers.moved-in"
    thing_id: UUID
    folder: str
    lines: int
    known: int
    left_out: int
