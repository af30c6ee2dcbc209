"""Registers: the legal books (forms 13 and 14, and the series of clause 16.2, 24.1, 25 and 32) and their lines.

One book is (agency, kind, unit or none, Buddhist year). A number is taken, reserved, voided; it never vanishes and is
never given twice, and every change of a line is an event with the digest of what the line says after it.

reserved → used        reserved or used → void
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, NewType
from uuid import UUID

from saraban.domain import number_events as events
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.attachment import Attachment, Digest
from saraban.domain.book import Book as Book
from saraban.domain.book import BookId as BookId
from saraban.domain.book import BookKind as BookKind
from saraban.domain.calendar import BUDDHIST_OFFSET, aware_utc, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.events import plain
from saraban.domain.numbering import arabic_digits, thai_digits

EntryId = NewType("EntryId", UUID)


class EntryState(str, Enum):
    """A line's state; a line never vanishes."""

    RESERVED = "reserved"
    USED = "used"
    VOID = "void"


class Origin(str, Enum):
    """How the letter of a line came or went."""

    SYSTEM = "system"
    PAPER = "paper"
    COUNTER = "counter"
    BEFORE = "before"

    @property
    def thai(self) -> str:
        """The way in words."""
        return {
            "system": "ทางระบบ",
            "paper": "กระดาษ ทางไปรษณีย์หรือผู้นำส่ง",
            "counter": "ยื่นที่หน่วยงาน",
            "before": "มีอยู่ก่อนใช้ระบบ",
        }[self.value]


MATTER = ("number", "letter_date", "sender", "addressee", "subject", "practice", "note", "urgency", "secrecy")
_CAPTIONS = {
    "number": "ที่",
    "letter_date": "ลงวันที่",
    "sender": "จาก",
    "addressee": "ถึง",
    "subject": "เรื่อง",
    "practice": "การปฏิบัติ",
    "note": "หมายเหตุ",
    "urgency": "ชั้นความเร็ว",
    "secrecy": "ชั้นความลับ",
    "received_at": "วันเวลาที่รับจริง",
}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST = {"number": 100, "sender": 300, "addressee": 300, "subject": 500, "practice": 500, "note": 1000}


def fault_of(text: str, called: str, most: int) -> str:
    """What is wrong with words that somebody wrote, in Thai: too many, or such that nobody can print."""
    if len(text) > most:
        return thai_digits(f"{called}ยาวเกิน {most:,} ตัวอักษร")
    if _UNPRINTABLE.search(text):
        return f"{called}มีอักขระที่พิมพ์ไม่ได้"
    return ""


def caption(name: str) -> str:
    """The Thai caption of a column of a line."""
    return _CAPTIONS.get(name, name)


@dataclass(frozen=True)
class Matter:
    """What a clerk writes into a line: the columns of forms 13 and 14. `number` with Arabic digits. `received_at` is
    when it truly came or went, None for now."""

    number: str = ""
    letter_date: date | None = None
    sender: str = ""
    addressee: str = ""
    subject: str = ""
    practice: str = ""
    note: str = ""
    urgency: Urgency = Urgency.NORMAL
    secrecy: Secrecy = Secrecy.OPEN
    received_at: datetime | None = None

    def tidied(self) -> Matter:
        """The same with spaces folded and Arabic digits in the number; what was done and the note keep their lines."""
        return replace(
            self,
            number=" ".join(arabic_digits(self.number).split()),
            sender=" ".join(self.sender.split()),
            addressee=" ".join(self.addressee.split()),
            subject=" ".join(self.subject.split()),
            practice=self.practice.strip(),
            note=self.note.strip(),
        )

    def faults(self, kind: BookKind, now: datetime) -> dict[str, str]:
        """What is missing or wrong for a line of such a book: field name to Thai words; empty when it may be entered.
        The number may be missing on incoming letters (outsiders write none); outgoing ones get theirs from the book."""
        wrong: dict[str, str] = {}
        if not self.subject.strip():
            wrong["subject"] = "ใส่เรื่อง ถ้าหนังสือไม่มีชื่อเรื่องให้สรุปใจความ"
        if kind.incoming and not self.sender.strip():
            wrong["sender"] = "ใส่ว่าหนังสือมาจากหน่วยงานหรือผู้ใด"
        for name, most in _LONGEST.items():
            if told := fault_of(getattr(self, name), _CAPTIONS[name], most):
                wrong[name] = told
        today = office_date(now)
        if self.letter_date is not None and self.letter_date > today:
            wrong["letter_date"] = "วันที่ของหนังสืออยู่ในอนาคต ตรวจปีพุทธศักราชอีกครั้ง"
        if self.letter_date is not None and self.letter_date.year < 1900:
            wrong["letter_date"] = "วันที่ของหนังสือเก่าเกินไป ตรวจปีพุทธศักราชอีกครั้ง"
        if self.received_at is not None and self.received_at > now:
            wrong["received_at"] = "วันเวลาที่รับอยู่ในอนาคต"
        elif kind.incoming and "letter_date" not in wrong and self._before_its_date():
            wrong["received_at"] = "หนังสือรับก่อนวันที่ที่ลงในหนังสือไม่ได้ ตรวจวันที่รับจริงกับวันที่ของหนังสือ"
        if kind.secret and self.secrecy.is_open:
            wrong["secrecy"] = "ทะเบียนข้อมูลข่าวสารลับใช้กับหนังสือที่มีชั้นความลับ"
        return wrong

    def _before_its_date(self) -> bool:
        """True when it came on a day before the one that is written on it."""
        if self.letter_date is None or self.received_at is None:
            return False
        return office_date(self.received_at) < self.letter_date


@dataclass(frozen=True)
class Correction:
    """One column of a line that was rectified: what it said, what it says, why, and who allowed it."""

    entry_id: EntryId
    at: datetime
    by: str
    field: str
    old: str
    new: str
    reason: str
    authority: str


@dataclass(eq=False)
class RegisterEntry:
    """A line of a register, with the columns of forms 13 and 14. `subject_of` is the outgoing or incoming letter, None
    for a letter on paper; `at` is the moment of entry and `received_at` the true one where it is another."""

    id: EntryId
    agency_id: AgencyId
    book_id: BookId
    kind: BookKind
    year: int
    serial: int
    state: EntryState
    subject_of: UUID | None
    number: str
    letter_date: date | None
    sender: str
    addressee: str
    subject: str
    practice: str
    note: str
    urgency: Urgency
    secrecy: Secrecy
    unit_id: UnitId | None
    at: datetime
    entered_by: str
    void_reason: str = ""
    void_authority: str = ""
    origin: Origin = Origin.SYSTEM
    received_at: datetime | None = None
    corrected: int = 0
    files: list[Attachment] = field(default_factory=list)

    @property
    def is_late(self) -> bool:
        """True when it was entered on a later day of the office than it came or went."""
        return self.received_at is not None and office_date(self.received_at) < office_date(self.at)

    @property
    def begins_on(self) -> date:
        """The day on which the letter was in the office: it came or went, and bears its date. Of a line from before the
        system that tells neither, the beginning of its year."""
        moment = self.received_at or (self.at if self.origin is not Origin.BEFORE else None)
        known = [office_date(moment)] if moment is not None else []
        known += [self.letter_date] if self.letter_date is not None else []
        return max(known, default=date(self.year - BUDDHIST_OFFSET, 1, 1))

    def digest(self) -> Digest:
        """SHA-256 of the line as canonical JSON: every column (moments in UTC), and the digests of its files."""
        values = {name: plain(getattr(self, name)) for name in _HASHED}
        for name in ("at", "received_at"):
            moment: datetime | None = getattr(self, name)
            values[name] = plain(moment and aware_utc(moment))
        values["files"] = [{"name": f.name, "sha256": f.sha256.hex, "role": f.role.value} for f in self.files]
        text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return Digest.of(text.encode())

    def entered(self, *, by: Actor, at: datetime, reason: str = "", authority: str = "") -> events.NumberEvent:
        """What happened when the line was written: its number was taken, or reserved with reason and authority."""
        if self.state is EntryState.RESERVED:
            return events.NumberReserved(**self._fact(by, at), number=self.number, reason=reason, authority=authority)
        return events.NumberTaken(**self._fact(by, at), number=self.number, origin=self.origin.value)

    def use(self, *, by: Actor, at: datetime) -> events.NumberUsed:
        """The reserved number has its letter."""
        if self.state is not EntryState.RESERVED:
            raise StageNotAllowed("เลขนี้ไม่ได้จองไว้")
        self.state = EntryState.USED
        return events.NumberUsed(**self._fact(by, at), number=self.number)

    def bind(self, matter: Matter, *, origin: Origin, by: Actor, at: datetime) -> events.NumberUsed:
        """Write the letter into a line that was reserved without one. The number stays what was printed."""
        self.may_be_bound()
        for name in MATTER:
            setattr(self, name, getattr(matter, name))
        self.received_at, self.origin = matter.received_at, origin
        self.at, self.entered_by = at, by.name
        return self.use(by=by, at=at)

    def may_be_bound(self) -> None:
        """Raise StageNotAllowed, in Thai, unless it is reserved and waits for a letter on paper."""
        if self.state is EntryState.VOID:
            raise StageNotAllowed("เลขนี้ยกเลิกแล้ว ผูกกับหนังสือไม่ได้")
        if self.state is not EntryState.RESERVED:
            raise StageNotAllowed("เลขนี้มีหนังสือแล้ว")
        if self.subject_of is not None:
            raise StageNotAllowed("เลขนี้จองไว้สำหรับหนังสือที่กำลังลงนามในระบบ")

    def void(self, *, reason: str, authority: str, by: Actor, at: datetime) -> events.NumberVoided:
        """Strike the number, with the reason and who ordered it; it stays readable and is never used again."""
        self.may_be_voided()
        wrong = {}
        if not reason.strip():
            wrong["reason"] = "ใส่เหตุผลที่ยกเลิก เช่น ลงซ้ำกับเลขรับ ๔๑๑๒"
        if not authority.strip():
            wrong["authority"] = "ใส่ผู้สั่งให้ยกเลิก เช่น คำสั่งหัวหน้าหน่วยงานสารบรรณกลาง"
        if wrong := _why(reason, authority) | wrong:
            raise BadInput(wrong)
        self.state, self.void_reason, self.void_authority = EntryState.VOID, reason.strip(), authority.strip()
        return events.NumberVoided(
            **self._fact(by, at), number=self.number, reason=self.void_reason, authority=self.void_authority
        )

    def may_be_voided(self) -> None:
        """Raise StageNotAllowed, in Thai, when it is void already."""
        if self.state is EntryState.VOID:
            raise StageNotAllowed("เลขนี้ยกเลิกแล้ว", code="already-void")

    def may_be_given_up(self) -> None:
        """Raise StageNotAllowed, in Thai, when a person may not strike it: a number whose letter is being signed is let
        go by the system alone, at the end of its day."""
        self.may_be_voided()
        if self.state is EntryState.RESERVED and self.subject_of is not None:
            raise StageNotAllowed(
                "เลขนี้จองไว้สำหรับหนังสือที่กำลังลงนามในระบบ ถ้าลงนามไม่เสร็จภายในวันนี้ ระบบยกเลิกเลขให้เอง",
                code="being-signed",
            )

    def may_be_rectified(self) -> None:
        """Raise StageNotAllowed, in Thai, unless it is a used line."""
        if self.state is EntryState.RESERVED:
            raise StageNotAllowed("เลขนี้จองไว้ ยังไม่มีรายการให้แก้ไข ผูกเลขกับหนังสือก่อน")
        if self.state is EntryState.VOID:
            raise StageNotAllowed("เลขนี้ยกเลิกแล้ว รายการที่ยกเลิกแก้ไขไม่ได้")

    def may_be_acted_on(self) -> None:
        """Raise StageNotAllowed, in Thai, unless what was done may be written into it."""
        if self.state is not EntryState.USED:
            raise StageNotAllowed("บันทึกการปฏิบัติได้เฉพาะรายการที่ใช้เลขแล้วและยังไม่ยกเลิก")

    def may_take_scan(self) -> None:
        """Raise StageNotAllowed, in Thai, unless it is about a letter on paper and not void."""
        if self.subject_of is not None:
            raise StageNotAllowed("รายการนี้มีหนังสืออยู่ในระบบแล้ว ไม่ต้องแนบไฟล์สแกน")
        if self.state is EntryState.VOID:
            raise StageNotAllowed("เลขนี้ยกเลิกแล้ว แนบไฟล์เพิ่มไม่ได้")

    def rectify(
        self, changes: Mapping[str, Any], *, reason: str, authority: str, by: Actor, at: datetime
    ) -> tuple[events.NumberRectified, list[Correction]]:
        """Change columns of a used line, keeping what they said. `changes` may hold any column of MATTER (BadInput for
        others, for no change, or without a reason). The number of an outgoing line cannot be changed, and a classified
        line keeps being one."""
        self.may_be_rectified()
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่แก้ไข"})
        if wrong := _why(reason, authority):
            raise BadInput(wrong)
        if "number" in changes and not self.kind.incoming and changes["number"] != self.number:
            raise RuleBroken("เลขที่หนังสือออกแล้วแก้ไม่ได้ ยกเลิกเลขแล้วออกใหม่", code="number-fixed")
        if not self.secrecy.is_open and changes.get("secrecy") is Secrecy.OPEN:
            raise RuleBroken("ปรับชั้นความลับลงต้องทำตามระเบียบว่าด้วยการรักษาความลับของทางราชการ", code="secrecy-fixed")
        unknown = set(changes) - {*MATTER, "received_at"}
        if unknown:
            raise BadInput(dict.fromkeys(unknown, "แก้ไขช่องนี้ไม่ได้"))
        made, reason, authority = [], reason.strip(), authority.strip()
        for name, new in changes.items():
            old = getattr(self, name)
            if old == new:
                continue
            made.append(Correction(self.id, at, by.name, name, _shown(old), _shown(new), reason, authority))
            setattr(self, name, new)
        if not made:
            raise BadInput({"reason": "ยังไม่มีช่องใดที่ต่างจากเดิม"})
        self.corrected += len(made)
        told = tuple(f"{c.field}: {c.old} → {c.new}" for c in made) if self.secrecy.is_open else ()
        event = events.NumberRectified(
            **self._fact(by, at), number=self.number, changes=told, reason=reason, authority=authority
        )
        return event, made

    def act(self, practice: str, *, by: Actor, at: datetime) -> events.PracticeNoted:
        """Write what was done into การปฏิบัติ (clauses 39 and 47), which is filled in as the matter goes on."""
        self.may_be_acted_on()
        if told := fault_of(practice, _CAPTIONS["practice"], _LONGEST["practice"]):
            raise BadInput({"practice": told})
        self.practice = practice.strip()
        return events.PracticeNoted(**self._fact(by, at), practice=self.practice if self.secrecy.is_open else "")

    def keep_up(
        self, *, subject: str, addressee: str, urgency: Urgency, secrecy: Secrecy, by: Actor, at: datetime
    ) -> events.NumberReserved:
        """While a number waits for its signature the letter may have been changed: the line tells what it says now."""
        self.subject, self.addressee, self.urgency, self.secrecy = subject, addressee, urgency, secrecy
        return events.NumberReserved(**self._fact(by, at), number=self.number, reason="ลงนามหนังสืออีกครั้ง")

    def attach(self, file: Attachment, *, by: Actor, at: datetime) -> events.ScanAttached:
        """Add a scan or another file of the letter on paper. Nothing is taken away again."""
        self.may_take_scan()
        if any(f.sha256 == file.sha256 for f in self.files):
            raise BadInput({"file": "ไฟล์นี้แนบไว้แล้ว"})
        self.files.append(file)
        return events.ScanAttached(**self._fact(by, at), file_name=file.name, sha256=file.sha256)

    def lose_files(self, list_id: UUID, *, by: Actor, at: datetime) -> events.FilesDestroyed:
        """Its letter was destroyed by this list: the line stays without files."""
        count = len(self.files)
        self.files.clear()
        return events.FilesDestroyed(**self._fact(by, at), list_id=list_id, files=count)

    def _fact(self, by: Actor, at: datetime) -> dict[str, Any]:
        place = {"entry_id": self.id, "book_id": self.book_id, "serial": self.serial}
        return {"at": at, "by": by, **place, "line": self.digest()}


_HASHED = tuple(f.name for f in fields(RegisterEntry) if f.name != "files")


def _why(reason: str, authority: str) -> dict[str, str]:
    wrong = {"reason": fault_of(reason, "เหตุผล", 1000), "authority": fault_of(authority, "ผู้สั่ง", 500)}
    return {name: told for name, told in wrong.items() if told}


def _shown(value: Any) -> str:
    return "" if value is None else str(plain(value))
