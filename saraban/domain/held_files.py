"""A file that came while the virus scanner was away: it is kept apart, unread and opened by nobody, until it was looked
through. What it came with (a letter from the public, a file for a meeting) was taken in at once.

waiting → harmless: it goes where it belongs        waiting → removed: its bytes go, and why is told
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.errors import RuleBroken
from saraban.domain.incoming import IncomingId

NOT_YET = "ไฟล์นี้ยังไม่ได้ตรวจไวรัส เพราะตัวตรวจไวรัสไม่ตอบ ระบบตรวจให้เองเมื่อตอบแล้ว จึงเปิดได้"
GONE = "ไฟล์นี้ไม่ผ่านการตรวจ ระบบไม่รับไว้"


class HeldState(str, Enum):
    """Where a held file stands."""

    WAITING = "waiting"
    HARMLESS = "harmless"
    REMOVED = "removed"

    @property
    def thai(self) -> str:
        """The state in words."""
        return {"waiting": "รอตรวจไวรัส", "harmless": "ตรวจแล้ว", "removed": "ไม่ผ่านการตรวจ ไม่รับไว้"}[self.value]


@dataclass(eq=False)
class HeldFile:
    """A file that is kept apart. It came with a letter (`incoming_id`) or is a file of a meeting (`meeting_file_id`),
    never both. `why`: while it waits what the scanner said, once removed what was wrong with it."""

    id: UUID
    agency_id: AgencyId
    name: str
    media_type: str
    size: int
    digest: Digest
    since: datetime
    incoming_id: IncomingId | None = None
    meeting_file_id: UUID | None = None
    state: HeldState = HeldState.WAITING
    why: str = ""
    settled_at: datetime | None = None

    def pass_on(self, at: datetime) -> Attachment:
        """It was found harmless: the file of its letter that it is from now on."""
        self.state, self.why, self.settled_at = HeldState.HARMLESS, "", at
        return Attachment(self.name, Role.ENCLOSURE, self.media_type, self.size, self.digest)

    def remove(self, why: str, at: datetime) -> None:
        """It is not taken, and why."""
        self.state, self.why, self.settled_at = HeldState.REMOVED, why, at

    def refuse_to_open(self) -> None:
        """Raise RuleBroken, with its Thai words, unless it was found harmless."""
        if self.state is HeldState.WAITING:
            raise RuleBroken(NOT_YET, code="not-scanned")
        if self.state is HeldState.REMOVED:
            raise RuleBroken(GONE, code="removed")
