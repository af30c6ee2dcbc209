"""A letter that the public writes to the agency: what is taken, by which number and code it is followed, when it counts
as received, and by when it is to be answered.

Electronic Transactions Act B.E. 2544, section 23: received when it enters the designated system. Act on Performing
Administrative Functions by Electronic Means B.E. 2565, section 10: received at that moment, or, outside office hours,
at the next opening of the office. Both moments are kept. The days for the answer are the agency's own decision
(AgencyOptions.petition_days; shipped with the 15 days of the Royal Decree on Good Governance B.E. 2546, section 38).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, AgencyOptions
from saraban.domain.attachment import Digest, safe_name
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.numbering import arabic_digits, thai_digits
from saraban.domain.outsider import is_address
from saraban.domain.petition_events import PetitionAnswered, PetitionFiled, PetitionFilePassed, PetitionFileRemoved
from saraban.domain.receipt import Reason, ReasonCode
from saraban.domain.verification import CODE_LETTERS, TYPED_LETTERS, code_from, read_code
from saraban.domain.workdays import WorkCalendar

PetitionId = NewType("PetitionId", UUID)

MOST_FILES, LARGEST_FILE, LARGEST_TOGETHER = 5, 10_000_000, 14_000_000
"""Five of ten megabytes each, fourteen together: what another agency still takes in a mail, after base64."""
MOST_DAYS = 365
_MOST = {"name": 200, "mailbox": 254, "phone": 60, "address": 500, "subject": 300, "text": 10_000}
_CALLED = {
    "name": "ชื่อ",
    "mailbox": "อีเมล",
    "phone": "โทรศัพท์",
    "address": "ที่อยู่",
    "subject": "เรื่อง",
    "text": "ข้อความ",
}
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_NUMBER = re.compile(r"(\d{1,7})/(\d{4})")
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_KINDS = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
)
_WEBP = ("image/webp", (".webp",))


class PetitionState(str, Enum):
    """How far it has come, as its sender is told."""

    RECEIVED = "received"
    REGISTERED = "registered"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    CLOSED = "closed"

    @property
    def thai(self) -> str:
        """The state in words."""
        return {
            "received": "ได้รับแล้ว รอลงทะเบียน",
            "registered": "ลงทะเบียนแล้ว กำลังดำเนินการ",
            "answered": "ตอบแล้ว",
            "forwarded": "ส่งต่อหน่วยงานที่รับผิดชอบแล้ว",
            "closed": "สิ้นสุดแล้ว",
        }[self.value]


@dataclass(frozen=True)
class Written:
    """What somebody wrote: who, how he is reached, about what, and the words. No identity number is asked for."""

    name: str
    subject: str
    text: str
    mailbox: str = ""
    phone: str = ""
    address: str = ""

    def tidied(self) -> Written:
        """Lines folded, what cannot be seen left out, the address of the mailbox in lower case."""
        lines = {name: _one_line(getattr(self, name)) for name in ("name", "subject", "phone", "address")}
        text = _seen(self.text.replace("\r\n", "\n").replace("\r", "\n"), keep="\n").strip()
        return Written(**lines, text=text, mailbox=_one_line(self.mailbox).lower())

    def expect_whole(self) -> None:
        """Raise BadInput by field for what is missing, too long or cannot be."""
        wrong = {
            name: f"{_CALLED[name]}ยาวเกิน {thai_digits(most)} ตัวอักษร"
            for name, most in _MOST.items()
            if len(getattr(self, name)) > most
        }
        for name, words in (("name", "ใส่ชื่อบุคคลหรือนิติบุคคล"), ("subject", "ใส่เรื่อง"), ("text", "ใส่ข้อความถึงหน่วยงาน")):
            if not getattr(self, name):
                wrong[name] = words
        if self.mailbox and "mailbox" not in wrong and not is_address(self.mailbox):
            wrong["mailbox"] = "อีเมลไม่ถูกแบบ เช่น somchai@example.com หรือเว้นว่าง"
        if wrong:
            raise BadInput(wrong)


@dataclass(frozen=True)
class BroughtFile:
    """A file as it was sent with a letter."""

    name: str
    data: bytes


@dataclass(frozen=True)
class TakenFile:
    """A file whose kind was found in its own bytes; its name ends as that kind does."""

    name: str
    media_type: str
    data: bytes


@dataclass(eq=False)
class Petition:
    """A letter from the public, beside the incoming letter that it is. `code` and `typed` are digests of the code and
    of its short form: the code itself stands only in what its sender was told. `arrived_at` is when it entered the
    system, `deemed_at` when the office has it; `due_on` the last day for the answer. `answer_id` is the letter that
    answers, `answer` the file that its sender may fetch; `closed_at` when it ended without one. `form_key` tells
    the form that was sent twice; `by_mail`: it came to the mailbox and not through a form."""

    id: PetitionId
    agency_id: AgencyId
    incoming_id: IncomingId
    year: int
    serial: int
    code: Digest
    typed: Digest
    arrived_at: datetime
    deemed_at: datetime
    due_on: date
    form_key: Digest | None = None
    by_mail: bool = False
    answered_at: datetime | None = None
    answer_id: UUID | None = None
    answer: Digest | None = None
    closed_at: datetime | None = None
    version: int = 1

    @property
    def number(self) -> str:
        """เลขรับเรื่อง, with Arabic digits."""
        return f"{self.serial}/{self.year}"

    @property
    def open(self) -> bool:
        """Does its sender still wait?"""
        return self.answered_at is None and self.closed_at is None

    def filed(self, *, files: int, by: Actor, at: datetime) -> PetitionFiled:
        """It got its number; nothing of its sender stands in the journal."""
        return PetitionFiled(
            at=at,
            by=by,
            incoming_id=self.incoming_id,
            number=self.number,
            deemed_at=self.deemed_at,
            due_on=self.due_on,
            files=files,
            by_mail=self.by_mail,
        )

    def give_answer(
        self, *, letter_id: UUID | None, file: Digest | None, mailed: bool, by: Actor, at: datetime
    ) -> PetitionAnswered:
        """Its sender has the answer: on the page behind the code, by mail where he named a mailbox. A later answer
        takes the place of the first on the page; the day of the first stays, since by it the duty is done."""
        if self.closed_at is not None and self.answered_at is None:
            raise StageNotAllowed("เรื่องนี้สิ้นสุดแล้ว ตอบผ่านหน้าติดตามไม่ได้", code="petition-closed")
        self.answered_at = self.answered_at or at
        self.answer_id, self.answer = letter_id, file
        return PetitionAnswered(at=at, by=by, incoming_id=self.incoming_id, number=self.number, mailed=mailed)

    def file_passed(self, file: Digest, *, by: Actor, at: datetime) -> PetitionFilePassed:
        """A file of it that waited for the virus scanner lies with it now."""
        return PetitionFilePassed(at=at, by=by, incoming_id=self.incoming_id, number=self.number, sha256=file)

    def file_removed(self, file: Digest, why: str, *, by: Actor, at: datetime) -> PetitionFileRemoved:
        """A file of it that waited is not taken, and why."""
        return PetitionFileRemoved(at=at, by=by, incoming_id=self.incoming_id, number=self.number, sha256=file, why=why)

    def close(self, at: datetime) -> None:
        """It ended: sent back, sent on, or its matter was closed. Nothing happens to one that has ended."""
        self.closed_at = self.closed_at or at


def petition_number(letter: IncomingLetter) -> str:
    """The เลขรับเรื่อง of an incoming letter of the public; empty for any other."""
    return str(letter.details.get("petition", ""))


def expect_responsible(letter: IncomingLetter, reason: Reason, named: str) -> str:
    """The agency that is responsible where ours is not, as its sender is told (B.E. 2565, section 10), on one line.
    Raises BadInput where it has to be named and is not, and where nobody would be told."""
    named = _one_line(named)
    if named and not petition_number(letter):
        raise BadInput({"responsible": "บอกหน่วยงานที่รับผิดชอบได้เฉพาะเรื่องจากประชาชน"})
    if len(named) > _MOST["name"]:
        raise BadInput({"responsible": "ชื่อหน่วยงานยาวเกิน ๒๐๐ ตัวอักษร"})
    if petition_number(letter) and reason.code is ReasonCode.NOT_ADDRESSEE and not named:
        words = "ใส่ชื่อหน่วยงานที่รับผิดชอบ กฎหมายให้แจ้งผู้ยื่น (พ.ร.บ. พ.ศ. ๒๕๖๕ มาตรา ๑๐) ถ้าอยู่ในทำเนียบ ให้ส่งต่อแทน"
        raise BadInput({"responsible": words})
    return named


def read_key(text: str) -> str:
    """The key of a form: drawn by the server, or by the program that sends it. Raises BadInput for anything else."""
    if not _KEY.fullmatch(text):
        raise BadInput({"key": "หน้านี้เปิดไว้นานหรือไม่สมบูรณ์ เปิดแบบฟอร์มใหม่แล้วส่งอีกครั้ง"})
    return text


def code_of_key(key: str) -> str:
    """The code of a letter out of the key of its form: whoever presses twice gets the same receipt. The keys that come
    here are made of those that were sent, with the secret of the installation (`doorway.petitions`)."""
    return code_from(bytes.fromhex(Digest.of(b"saraban petition code\0" + key.encode()).hex))


def digest_of_key(key: str) -> Digest:
    """By which the letter of a form is known when it is sent again."""
    return Digest.of(b"saraban petition key\0" + key.encode())


def digests_of(code: str) -> tuple[Digest, Digest]:
    """What is kept of a whole code: its digest, and that of the part that is typed."""
    return _digest(code), _digest(code[:TYPED_LETTERS])


@dataclass(frozen=True)
class Trace:
    """By what a letter is looked for: a whole code, or the short form of one with the number beside it."""

    digest: Digest
    whole: bool
    serial: int = 0
    year: int = 0


def traced(number: str, code: str) -> Trace | None:
    """What somebody wrote who follows a letter; None for what can be neither. The short form counts only together with
    its number, a number that is given beside a whole code is not needed."""
    plain = read_code(code)
    if plain is None:
        return None
    if len(plain) == CODE_LETTERS:
        return Trace(_digest(plain), whole=True)
    found = _NUMBER.fullmatch("".join(arabic_digits(number).split()))
    return Trace(_digest(plain), False, int(found[1]), int(found[2])) if found else None


def deemed_received(arrived_at: datetime, calendar: WorkCalendar) -> datetime:
    """When the office has it: the moment itself within hours, else the next opening (B.E. 2565, section 10)."""
    return calendar.office_moment(arrived_at)


def due_of(deemed_at: datetime, days: int) -> date:
    """The last day for the answer. The first day is not counted, and an agency's own duty is not put off by a holiday
    (Administrative Procedure Act B.E. 2539, section 64)."""
    return office_date(deemed_at) + timedelta(days=days)


def expect_days(options: AgencyOptions) -> None:
    """Raise BadInput for days that cannot be counted."""
    if not 1 <= options.petition_days <= MOST_DAYS:
        raise BadInput({"petition_days": f"ใส่จำนวนวันตั้งแต่ ๑ ถึง {thai_digits(MOST_DAYS)}"})


def take_files(brought: Sequence[BroughtFile]) -> list[TakenFile]:
    """The files as they are kept: few, small, and of the kinds that are taken, each named for what it is. Raises
    BadInput({"files": …})."""
    if len(brought) > MOST_FILES:
        raise BadInput({"files": f"แนบได้ไม่เกิน {thai_digits(MOST_FILES)} ไฟล์"})
    taken: list[TakenFile] = []
    for file in brought:
        shown = safe_name(file.name)
        if not file.data:
            raise BadInput({"files": f"{shown}: ไฟล์ว่างเปล่า"})
        if len(file.data) > LARGEST_FILE:
            raise BadInput({"files": f"{shown}: ใหญ่เกิน ๑๐ MB"})
        kind = _kind_of(file.data)
        if kind is None:
            raise BadInput({"files": f"{shown}: รับเฉพาะ PDF และภาพ JPEG PNG WebP"})
        media_type, endings = kind
        shown = shown if shown.lower().endswith(endings) else safe_name(shown + endings[0])
        taken.append(TakenFile(free_name(shown, (one.name for one in taken)), media_type, file.data))
    if sum(len(one.data) for one in taken) > LARGEST_TOGETHER:
        raise BadInput({"files": "ไฟล์รวมกันใหญ่เกิน ๑๔ MB"})
    return taken


def _kind_of(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    for beginning, media_type, endings in _KINDS:
        if data.startswith(beginning):
            return media_type, endings
    return _WEBP if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, told apart from those that are taken."""
    known = {one.casefold() for one in taken}
    while name.casefold() in known:
        name = "_" + name
    return name


def _digest(code: str) -> Digest:
    return Digest.of(b"saraban petition\0" + code.encode())


def _one_line(text: str) -> str:
    return " ".join(_seen(text.replace("\n", " ").replace("\r", " ").replace("\t", " ")).split())


def _seen(text: str, keep: str = "") -> str:
    text = unicodedata.normalize("NFC", text)
    return "".join(sign for sign in text if sign in keep or unicodedata.category(sign) not in _UNSEEN)
