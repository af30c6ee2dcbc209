"""Who takes part in a meeting: of this agency or outside, with the own link, and whether he came."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.meeting import MOST_WORDS, Meeting, one_line
from saraban.domain.numbering import thai_digits

MOST_PEOPLE = 300
_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_OTHER_ENDS = re.compile("[\r\v\f\x1c-\x1f\x85\u2028\u2029]")
"""Signs that Python counts among blanks and other programs among line ends: within a name they are neither."""


class Part(str, Enum):
    """What somebody is in a meeting. Of its secretaries some are members, who have a vote, and others are not."""

    CHAIR = "chair"
    MEMBER = "member"
    MEMBER_SECRETARY = "member-secretary"
    MEMBER_ASSISTANT = "member-assistant-secretary"
    SECRETARY = "secretary"
    ASSISTANT = "assistant-secretary"
    ATTENDING = "attending"

    @property
    def thai(self) -> str:
        """The part in words."""
        return {
            "chair": "ประธานกรรมการ", "member": "กรรมการ", "member-secretary": "กรรมการและเลขานุการ",
            "member-assistant-secretary": "กรรมการและผู้ช่วยเลขานุการ", "secretary": "เลขานุการ",
            "assistant-secretary": "ผู้ช่วยเลขานุการ", "attending": "ผู้เข้าร่วมประชุม",
        }[self.value]  # fmt: skip


_TYPED_PARTS = {
    **{one.thai: one for one in Part},
    **{one.value: one for one in Part},
    "": Part.MEMBER,
    "ประธาน": Part.CHAIR,
    "ประธานที่ประชุม": Part.CHAIR,
    "เลขา": Part.SECRETARY,
    "เลขาฯ": Part.SECRETARY,
    "กรรมการและเลขา": Part.MEMBER_SECRETARY,
    "กรรมการ/เลขานุการ": Part.MEMBER_SECRETARY,
    "กรรมการและผู้ช่วยเลขา": Part.MEMBER_ASSISTANT,
    "ผู้ช่วยเลขา": Part.ASSISTANT,
    "ผู้เข้าร่วม": Part.ATTENDING,
    "ผู้เข้าประชุม": Part.ATTENDING,
}
"""How people write them."""


def typed_part(text: str) -> Part | None:
    """The part that somebody typed, who typed none is a member; None for one that is not known here."""
    return _TYPED_PARTS.get(" ".join(text.split()))


class Presence(str, Enum):
    """Whether somebody came."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    ABSENT = "absent"

    @property
    def thai(self) -> str:
        """The presence in words."""
        return {"unknown": "ยังไม่ลงชื่อ", "present": "มาประชุม", "absent": "ไม่มาประชุม"}[self.value]


@dataclass(eq=False)
class Participant:
    """Who takes part, of this agency or outside. `key` is that of the own link, with 100 random bits. `stands_in`:
    who came in the participant's stead."""

    id: UUID
    agency_id: AgencyId
    meeting_id: UUID
    name: str
    post: str
    office: str
    mail: str
    part: Part
    place: int
    key: str
    presence: Presence = Presence.UNKNOWN
    arrived_at: datetime | None = None
    way: str = ""
    stands_in: str = ""
    reason: str = ""
    invited_at: datetime | None = None

    def sign_in(self, meeting: Meeting, way: str, stands_in: str, *, now: datetime) -> bool:
        """ลงชื่อ by the own link ("own") or at the door ("room"); False when that was done before. Raises
        StageNotAllowed outside of the hours and where the secretary wrote that he did not come."""
        if not meeting.doors_open(now):
            raise StageNotAllowed("ยังไม่ถึงเวลาลงชื่อ หรือพ้นเวลาลงชื่อแล้ว")
        if self.presence is Presence.PRESENT:
            return False
        self._mark(Presence.PRESENT, way, stands_in, "", now)
        return True

    def mark(self, presence: Presence, stands_in: str, reason: str, *, now: datetime) -> None:
        """The secretary writes down whether he came."""
        self._mark(presence, "secretary", stands_in, reason, now)

    def _mark(self, presence: Presence, way: str, stands_in: str, reason: str, now: datetime) -> None:
        self.stands_in, self.reason = one_line("stands_in", stands_in), one_line("reason", reason)
        self.presence, self.way = presence, way if presence is not Presence.UNKNOWN else ""
        self.arrived_at = now if presence is Presence.PRESENT else None
        if presence is not Presence.PRESENT:
            self.stands_in = ""
        if presence is not Presence.ABSENT:
            self.reason = ""


@dataclass(frozen=True)
class Heard:
    """What the secretary says of somebody when he calls the roll."""

    presence: Presence
    stands_in: str = ""
    reason: str = ""


def unsaid(people: Iterable[Participant]) -> list[Participant]:
    """Members who did not sign in and of whom nobody has said whether they came: the minutes can call them neither
    present nor absent. Who only attends is in the minutes when he came (form 11)."""
    return [one for one in people if one.presence is Presence.UNKNOWN and one.part is not Part.ATTENDING]


@dataclass(frozen=True)
class Invited:
    """A participant as he is typed: one a line, "ชื่อ | ตำแหน่ง | หน่วยงาน | อีเมล | หน้าที่"."""

    name: str
    post: str = ""
    office: str = ""
    mail: str = ""
    part: Part = Part.MEMBER


def read_people(text: str) -> list[Invited]:
    """Participants out of typed lines. Raises BadInput, which names the line."""
    found = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        cells = [" ".join(cell.split()) for cell in line.split("|")]
        name, post, office, mail, part = (cells + [""] * 5)[:5]
        parts = _TYPED_PARTS
        wrong = ""
        if len(cells) > 5 or not name:
            wrong = "ใส่ ชื่อ | ตำแหน่ง | หน่วยงาน | อีเมล | หน้าที่"
        elif any(len(cell) > MOST_WORDS or not cell.isprintable() for cell in cells) or _OTHER_ENDS.search(line):
            wrong = "ข้อความยาวเกินไป หรือมีอักขระที่พิมพ์ไม่ได้"
        elif mail and not _MAIL.fullmatch(mail):
            wrong = "อีเมลไม่ถูกต้อง"
        elif part not in parts:
            wrong = "หน้าที่ใส่ได้คือ " + ", ".join(one.thai for one in Part)
        if wrong:
            raise BadInput({"people": thai_digits(f"บรรทัดที่ {number}: {wrong}")})
        found.append(Invited(name, post, office, mail.lower(), parts[part]))
    if not found:
        raise BadInput({"people": "ใส่ผู้เข้าประชุมอย่างน้อยหนึ่งคน"})
    if len(found) > MOST_PEOPLE:
        raise BadInput({"people": thai_digits(f"ผู้เข้าประชุมไม่เกิน {MOST_PEOPLE} คน")})
    return found


def written_people(people: Iterable[Participant]) -> str:
    """Participants as they are typed, a line each: `read_people` reads them again."""
    return "".join(f"{' | '.join((one.name, one.post, one.office, one.mail, one.part.thai))}\n" for one in people)
