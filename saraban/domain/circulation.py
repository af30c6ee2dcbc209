"""Letters that are passed round inside an agency so that people read them (เวียนให้ทราบ), and groups of readers.

Each reader opens the letter and notes it (รับทราบ), at two times; where the sender asked for no more than reading,
opening is noting. Whoever is on the list reads the letter by it; a classified one only with clearance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId
from saraban.domain.circulation_events import CirculationStopped, LetterCirculated, ReaderNoted, ReadersReminded
from saraban.domain.errors import BadInput, ConcurrentEdit, StageNotAllowed
from saraban.domain.group import fault_of_name
from saraban.domain.notice import About

CirculationId = NewType("CirculationId", UUID)
ReaderGroupId = NewType("ReaderGroupId", UUID)
MOST_WORDS, MOST_READERS, MOST_NOTE = 200, 3_000, 500
EVERYBODY = "everybody"


class Asks(str, Enum):
    """What is asked of a reader."""

    NOTE = "note"
    OPEN = "open"

    @property
    def thai(self) -> str:
        """What he is to do, in words."""
        return {"note": "เปิดอ่านและกดรับทราบ", "open": "เปิดอ่าน ถือว่ารับทราบ"}[self.value]


@dataclass(eq=False)
class Circulation:
    """One sending of a letter to its readers. `to` are the names of what was chosen, `stopped_at` is set when its
    sender took it back from those who had not opened it; `reminders` counts how often the others were reminded."""

    id: CirculationId
    agency_id: AgencyId
    about: About
    about_id: UUID
    asks: Asks
    note: str
    to: tuple[str, ...]
    giver_id: PersonId | None
    giver_position_id: PositionId | None
    given_by: str
    given_title: str
    at: datetime
    stopped_at: datetime | None = None
    reminders: int = 0
    reminded_at: datetime | None = None
    version: int = 1

    @property
    def letter_id(self) -> UUID | None:
        """The outgoing letter."""
        return self.about_id if self.about is About.LETTER else None

    @property
    def incoming_id(self) -> UUID | None:
        """The letter that came in."""
        return self.about_id if self.about is About.INCOMING else None

    def begun(self, readers: int, *, by: Actor) -> LetterCirculated:
        """The fact that it went to so many readers."""
        return LetterCirculated(
            at=self.at,
            by=by,
            letter_id=self.letter_id,
            incoming_id=self.incoming_id,
            circulation_id=self.id,
            asks=self.asks.value,
            to=self.to,
            readers=readers,
            note=self.note,
        )

    def remind(self, readers: int, *, by: Actor, at: datetime) -> ReadersReminded:
        """Those who have not noted it are reminded; not twice within the hour."""
        self._expect_running()
        if self.reminded_at is not None and (at - self.reminded_at).total_seconds() < 3600:
            raise StageNotAllowed("เตือนไปแล้วไม่ถึงหนึ่งชั่วโมง เตือนอีกครั้งได้ภายหลัง", code="reminded-already")
        if not readers:
            raise StageNotAllowed("ทุกคนรับทราบแล้ว ไม่มีผู้ที่ต้องเตือน", code="all-noted")
        self.reminders, self.reminded_at = self.reminders + 1, at
        return ReadersReminded(
            at=at,
            by=by,
            letter_id=self.letter_id,
            incoming_id=self.incoming_id,
            circulation_id=self.id,
            readers=readers,
        )

    def stop(self, readers: int, *, by: Actor, at: datetime) -> CirculationStopped:
        """It is taken back from so many who have not opened it."""
        self._expect_running()
        self.stopped_at = at
        return CirculationStopped(
            at=at,
            by=by,
            letter_id=self.letter_id,
            incoming_id=self.incoming_id,
            circulation_id=self.id,
            readers=readers,
        )

    def _expect_running(self) -> None:
        if self.stopped_at is not None:
            raise StageNotAllowed("หยุดเวียนรายการนี้แล้ว เวียนใหม่ได้", code="circulation-stopped")


@dataclass(eq=False)
class Reader:
    """A person on the list of a letter, as called on the day of sending: when he opened the letter, and when he noted
    it. Nobody is on it twice for the same letter."""

    id: UUID
    circulation_id: CirculationId
    agency_id: AgencyId
    about_id: UUID
    person_id: PersonId
    name: str
    title: str
    unit_name: str
    opened_at: datetime | None = None
    noted_at: datetime | None = None

    def open(self, asks: Asks, at: datetime) -> bool:
        """He has opened the letter; where no more was asked he has noted it with that. False when it was so before."""
        if self.opened_at is not None:
            return False
        self.opened_at = at
        if asks is Asks.OPEN:
            self.noted_at = at
        return True

    def note(self, *, by: Actor, at: datetime) -> ReaderNoted:
        """รับทราบ: he has noted it. Raises StageNotAllowed the second time."""
        if self.noted_at is not None:
            raise StageNotAllowed("ท่านรับทราบหนังสือนี้แล้ว", code="noted-already")
        self.opened_at = self.opened_at or at
        self.noted_at = at
        return ReaderNoted(at=at, by=by, thing_id=self.circulation_id, about_id=self.about_id)


@dataclass(eq=False)
class ReaderGroup:
    """A list of readers by which letters are sent again and again: words of people, units and units with all below
    them, which are looked up on the day of sending. `owner_id` is the person whose own it is, None for one that all
    use."""

    id: ReaderGroupId
    agency_id: AgencyId
    owner_id: PersonId | None
    name: str
    words: tuple[str, ...]
    changed_at: datetime
    changed_by: str
    active: bool = True
    version: int = 1

    @property
    def token(self) -> str:
        """The word by which it is chosen."""
        return f"group:{self.id}"

    def expect_version(self, version: int | None) -> None:
        """Raise ConcurrentEdit when the caller looked at another version (None: the caller does not care)."""
        if version is not None and version != self.version:
            raise ConcurrentEdit

    def change(self, name: str, words: Iterable[str], *, by: str, at: datetime) -> None:
        """Give it another name and other readers. Raises BadInput by field."""
        name, kept = " ".join(name.split()), tuple(dict.fromkeys(words))
        wrong: dict[str, str] = {}
        if fault := fault_of_name(name, "ผู้อำนวยการทุกกอง"):
            wrong["name"] = fault
        if not kept:
            wrong["to"] = "เลือกผู้อ่านอย่างน้อยหนึ่งคนหรือหนึ่งหน่วยงาน"
        elif len(kept) > MOST_WORDS or any(word.startswith("group:") for word in kept):
            wrong["to"] = "กลุ่มมีได้ไม่เกิน ๒๐๐ รายการ และมีกลุ่มอื่นอยู่ในกลุ่มไม่ได้"
        if wrong:
            raise BadInput(wrong)
        self.name, self.words, self.changed_by, self.changed_at = name, kept, by, at


def expect_note(note: str) -> str:
    """What the sender says to the readers; BadInput when it is too long."""
    note = note.replace("\r\n", "\n").strip()
    if len(note) > MOST_NOTE:
        raise BadInput({"note": "ข้อความถึงผู้อ่านยาวเกิน ๕๐๐ ตัวอักษร"})
    return note
