"""Files of a meeting's pack: their editions, what may be handed in, and the sheets that nobody prints."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID, uuid4

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.held_files import GONE, NOT_YET, HeldFile
from saraban.domain.meeting import one_line

LARGEST = 20_000_000
"""Octets of one file."""
MOST_OF_ONE = 20
"""Files that one participant hands in for one meeting."""
_ZIP = b"PK\x03\x04"
TYPES = {
    "pdf": ("application/pdf", b"%PDF-"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", _ZIP),
    "odt": ("application/vnd.oasis.opendocument.text", _ZIP),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", _ZIP),
    "odp": ("application/vnd.oasis.opendocument.presentation", _ZIP),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "txt": ("text/plain", b""),
    "csv": ("text/csv", b""),
}
"""What may lie in a pack, by the ending of its name: its type, and how its bytes begin."""
SHOWN_BY_BROWSERS = ("application/pdf", "image/jpeg", "image/png")
_MOST_PARTS = 5_000
_MACROS = ("vbaproject.bin", "basic/", "scripts/", "macros/")


class FileState(str, Enum):
    """Where a file stands. A held one came while the virus scanner was away: nobody opens it until it was looked
    through. A removed one is opened no more, and its bytes go."""

    HELD = "held"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REMOVED = "removed"

    @property
    def thai(self) -> str:
        """The state in words."""
        return {
            "held": "รอตรวจไวรัส",
            "offered": "รอเลขานุการรับ",
            "accepted": "อยู่ในชุดเอกสาร",
            "refused": "ไม่รับเข้าชุดเอกสาร",
            "removed": "ไม่ผ่านการตรวจ ไม่รับไว้",
        }[self.value]


NOT_TAKEN = (FileState.REFUSED, FileState.REMOVED)


class FileWay(str, Enum):
    """How a file came."""

    SECRETARY = "secretary"
    LINK = "link"
    MAIL = "mail"

    @property
    def thai(self) -> str:
        """The way in words."""
        return {"secretary": "ฝ่ายเลขานุการใส่", "link": "ส่งทางลิงก์", "mail": "ส่งทางอีเมล"}[self.value]


@dataclass(eq=False)
class MeetingFile:
    """A file of a meeting. `series` is the id of its first edition; `note` says what is new in this one; `scanned`:
    a scanner looked through it. `item` is the key of its item of the agenda."""

    id: UUID
    agency_id: AgencyId
    meeting_id: UUID
    item: str
    name: str
    media_type: str
    size: int
    sha256: Digest
    pages: int
    series: UUID
    edition: int
    note: str
    state: FileState
    way: FileWay
    giver: str
    at: datetime
    participant_id: UUID | None = None
    scanned: bool = False
    reason: str = ""
    taken_at: datetime | None = None
    taken_by: str = ""

    def accept(self, item: str, before: MeetingFile | None, note: str, *, by: str, at: datetime) -> None:
        """Into the pack, under this item; in the place of an earlier file when one is given."""
        if self.state is FileState.ACCEPTED:
            raise StageNotAllowed("ไฟล์นี้อยู่ในชุดเอกสารแล้ว")
        self.refuse_to_open()
        self.item, self.state, self.reason = item, FileState.ACCEPTED, ""
        self.taken_at, self.taken_by = at, by
        self.follow(before, note)

    def refuse_to_open(self) -> None:
        """Raise StageNotAllowed, with its Thai words, while it waits for the virus scanner and once it was removed."""
        if self.state is FileState.HELD:
            raise StageNotAllowed(NOT_YET, code="not-scanned")
        if self.state is FileState.REMOVED:
            raise StageNotAllowed(GONE, code="removed")

    def kept_apart(self, why: str) -> HeldFile:
        """What waits for the virus scanner of it; `why`: what the scanner said."""
        told = (uuid4(), self.agency_id, self.name, self.media_type, self.size, self.sha256, self.at)
        return HeldFile(*told, meeting_file_id=self.id, why=why)

    def pass_on(self, pages: int, *, scanned: bool, at: datetime, files: Iterable[MeetingFile] = ()) -> None:
        """It was found harmless: what the secretary put in lies in the pack, after the editions that came in meanwhile
        (among `files`), what a participant handed in waits for the secretary. Not `scanned`: no scanner is set up any
        more."""
        self.pages, self.scanned = pages, scanned
        if self.way is not FileWay.SECRETARY:
            self.state = FileState.OFFERED
            return
        taken = [one.edition for one in files if one.series == self.series and one.state is FileState.ACCEPTED]
        self.edition = max(taken, default=0) + 1
        self.state, self.taken_at, self.taken_by = FileState.ACCEPTED, at, self.giver

    def remove(self, why: str, at: datetime) -> None:
        """It was not, and why; nobody ever opens it."""
        self.state, self.reason, self.taken_at = FileState.REMOVED, why, at

    def follow(self, before: MeetingFile | None, note: str) -> None:
        """Become the next edition of another file. Raises BadInput when it is not said what is new."""
        self.note = one_line("note", note or self.note)
        if before is None:
            return
        if not self.note:
            raise BadInput({"note": "บอกว่าฉบับนี้แก้อะไรจากฉบับก่อน"})
        if before.sha256 == self.sha256:
            raise BadInput({"file": "ไฟล์นี้เหมือนฉบับก่อนทุกไบต์"})
        self.series, self.edition = before.series, before.edition + 1

    def refuse(self, reason: str, *, by: str, at: datetime) -> None:
        """It does not go into the pack, and why."""
        if self.state is not FileState.OFFERED:
            raise StageNotAllowed(f"ไฟล์นี้{self.state.thai}")
        self.reason = one_line("reason", reason)
        if not self.reason:
            raise BadInput({"reason": "ใส่เหตุผลที่ไม่รับไฟล์"})
        self.state, self.taken_at, self.taken_by = FileState.REFUSED, at, by


@dataclass(frozen=True)
class Series:
    """A file of the pack: its newest edition, and those before it, the newest first."""

    newest: MeetingFile
    older: tuple[MeetingFile, ...] = ()

    @property
    def changed(self) -> bool:
        """Is there more than one edition?"""
        return bool(self.older)


def series_of(files: Iterable[MeetingFile]) -> list[Series]:
    """What lies in the pack, by series, in the order in which they came into it."""
    found: dict[UUID, list[MeetingFile]] = {}
    for one in sorted(files, key=lambda f: (f.taken_at or f.at, f.edition)):
        if one.state is FileState.ACCEPTED:
            found.setdefault(one.series, []).append(one)
    ordered = [sorted(of, key=lambda f: f.edition, reverse=True) for of in found.values()]
    return [Series(of[0], tuple(of[1:])) for of in ordered]


@dataclass(frozen=True)
class Saved:
    """What was not printed: pages, and sheets of paper printed on both sides."""

    pages: int = 0
    sheets: int = 0

    def __add__(self, other: Saved) -> Saved:
        return Saved(self.pages + other.pages, self.sheets + other.sheets)


def saved_by(pages: Iterable[int], people: int) -> Saved:
    """Every page of the pack, once for each participant; a sheet takes two pages of one file. Only files that have
    pages count: PDF."""
    counted = [one for one in pages if one > 0]
    return Saved(sum(counted) * people, sum((one + 1) // 2 for one in counted) * people)


def type_of(name: str, data: bytes) -> str:
    """The type of a file that may lie in a pack, by its name and its bytes. Raises BadInput for any other, for one
    whose bytes are something else than its name says, and for documents with macros."""
    stem, _, ending = name.lower().rpartition(".")
    if not stem or ending not in TYPES:
        raise BadInput({"file": "รับเฉพาะ PDF, Word, Excel, PowerPoint, OpenDocument, JPEG, PNG, TXT และ CSV"})
    if not data:
        raise BadInput({"file": "ไฟล์ว่าง ไม่มีเนื้อหา เลือกไฟล์อื่น"})
    media_type, begins = TYPES[ending]
    plain = not begins and b"\0" in data
    if plain or not data.startswith(begins):
        raise BadInput({"file": f"เนื้อไฟล์ไม่ใช่ .{ending} ตามชื่อ บันทึกไฟล์ใหม่แล้วลองอีกครั้ง"})
    if begins == _ZIP and (fault := _fault_of_office(data)):
        raise BadInput({"file": fault})
    return media_type


def _fault_of_office(data: bytes) -> str:
    """What is wrong with a document that is a ZIP. Only its list of parts is read; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = [one.lower() for one in parts.namelist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "ไฟล์เสีย อ่านไม่ได้ บันทึกไฟล์ใหม่แล้วลองอีกครั้ง"
    if len(names) > _MOST_PARTS or not {"[content_types].xml", "mimetype"} & set(names):
        return "ไฟล์นี้ไม่ใช่เอกสารสำนักงานที่อ่านได้"
    if any(one.rpartition("/")[2] == _MACROS[0] or one.startswith(_MACROS[1:]) for one in names):
        return "เอกสารมีมาโคร บันทึกเป็นแบบไม่มีมาโครแล้วลองอีกครั้ง"
    return ""


def expect_room(files: Sequence[MeetingFile], participant_id: UUID) -> None:
    """Raise BadInput for a participant who handed in as many files as one may; in the place of one that was not taken
    there is room for another."""
    if sum(one.participant_id == participant_id and one.state not in NOT_TAKEN for one in files) >= MOST_OF_ONE:
        raise BadInput({"file": "ส่งไฟล์ครบจำนวนที่รับได้แล้ว ติดต่อฝ่ายเลขานุการ"})
