"""Mails that tell people of their work: one in the morning of a working day, and one for each thing most urgent.

A mail is written down before it is sent, at most once for an occasion, and never sent a second time: where nobody can
tell whether the relay has it (the worker was killed, the line broke after the final dot) it stays at that. Whoever
missed one finds the same behind the bell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import Enum
from uuid import UUID, uuid4

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.errors import BadInput
from saraban.domain.numbering import arabic_digits
from saraban.domain.outsider import is_address

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


class MailKind(str, Enum):
    """What a mail is about: all that waits, one thing that is most urgent, or nothing but whether it arrives."""

    DIGEST = "digest"
    URGENT = "urgent"
    TRIAL = "trial"

    @property
    def thai(self) -> str:
        """In words."""
        return {"digest": "สรุปงานประจำวัน", "urgent": "เรื่องด่วนที่สุด", "trial": "อีเมลทดสอบ"}[self.value]


class MailState(str, Enum):
    """What became of a mail. `EMPTY`: there was nothing to tell any more; `OFF`: it is not wanted any more; `UNKNOWN`:
    nobody can tell whether the relay has it, and it is not sent again."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    EMPTY = "empty"
    OFF = "off"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"

    @property
    def thai(self) -> str:
        """In words."""
        return _STATES[self]


_STATES = {
    MailState.WAITING: "รอส่ง",
    MailState.SENDING: "กำลังส่ง",
    MailState.SENT: "ส่งแล้ว",
    MailState.EMPTY: "ไม่มีเรื่องให้แจ้ง",
    MailState.OFF: "ปิดรับแล้ว ไม่ได้ส่ง",
    MailState.FAILED: "ส่งไม่ได้",
    MailState.BOUNCED: "ตีกลับ ไม่ถึงผู้รับ",
    MailState.UNKNOWN: "ไม่ทราบว่าถึงหรือไม่ ไม่ส่งซ้ำ",
}


@dataclass(eq=False)
class NoticeMail:
    """A mail to one person. `occasion` tells two of a kind apart: the day, or the notice (`notice_id`) that it is
    about. `reply` is what the relay said last."""

    agency_id: AgencyId
    person_id: PersonId
    kind: MailKind
    occasion: str
    address: str
    made_at: datetime
    next_at: datetime
    give_up_at: datetime
    notice_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)
    state: MailState = MailState.WAITING
    attempts: int = 0
    leased_until: datetime | None = None
    ended_at: datetime | None = None
    reply: str = ""

    def end(self, state: MailState, at: datetime, reply: str = "") -> None:
        """It is over with this mail."""
        self.state, self.ended_at, self.leased_until, self.reply = state, at, None, reply

    def wait(self, until: datetime, reply: str, *, tried: bool = True) -> None:
        """Try again at that moment; unless it was `tried` this counts for nothing."""
        self.state, self.next_at, self.leased_until, self.reply = MailState.WAITING, until, None, reply
        self.attempts -= 0 if tried else 1


def read_email(text: str) -> str:
    """An address as it is kept, in lower case; empty for none. Raises BadInput ("email")."""
    address = text.strip().lower()
    if address and not is_address(address):
        raise BadInput({"email": "ที่อยู่อีเมลไม่ถูกแบบ เช่น somjai.j@example.go.th"})
    return address


def read_time(text: str) -> str:
    """A time of the day as it is kept, "07:30". Raises BadInput ("digest_at")."""
    found = _TIME.fullmatch(arabic_digits(text).strip())
    if found is None:
        raise BadInput({"digest_at": "ใส่เวลาเป็นชั่วโมงและนาที เช่น ๐๗:๓๐"})
    return f"{int(found[1]):02}:{found[2]}"


def time_of(text: str) -> time:
    """A time as it is kept."""
    return time.fromisoformat(text)
