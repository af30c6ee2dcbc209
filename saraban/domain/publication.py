"""What is for everybody: announcements, statements and news (clauses 19 to 22) and circulars that the agency shows to
the public, and the electronic channels by which people reach it (Act on Electronic Government Services, B.E. 2565,
sections 10 and 20)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.letter_state import LetterState
from saraban.domain.outsider import is_address

PublicationId = NewType("PublicationId", UUID)
ChannelId = NewType("ChannelId", UUID)
SHOWN_STATES = (LetterState.ISSUED, LetterState.DISPATCHED, LetterState.CLOSED)
"""Only what was signed and numbered is shown."""
MOST_REASON, MOST_NAME, MOST_WHERE = 500, 200, 300
_WEB = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[^\s<>\"']*)?")


class PublicKind(str, Enum):
    """What the public finds a document under."""

    ANNOUNCEMENT = "announcement"
    STATEMENT = "statement"
    NEWS = "news"
    CIRCULAR = "circular"

    @property
    def thai(self) -> str:
        """The kind in words."""
        return {"announcement": "ประกาศ", "statement": "แถลงการณ์", "news": "ข่าว", "circular": "หนังสือเวียน"}[self.value]


_OF_FORM = {
    Form.ANNOUNCEMENT: PublicKind.ANNOUNCEMENT,
    Form.STATEMENT: PublicKind.STATEMENT,
    Form.NEWS: PublicKind.NEWS,
}


def kind_for_public(content: Content) -> PublicKind | None:
    """Under what the public would find it; None for what is addressed to somebody, or classified."""
    if not content.secrecy.is_open:
        return None
    return PublicKind.CIRCULAR if content.circular else _OF_FORM.get(content.form)


def forbid_publication(state: LetterState, content: Content) -> None:
    """Raise RuleBroken when the document can be shown to nobody outside, whoever asks."""
    if not content.secrecy.is_open:
        raise RuleBroken("หนังสือที่มีชั้นความลับเผยแพร่ไม่ได้", code="secrecy-not-allowed")
    if kind_for_public(content) is None:
        raise RuleBroken("เผยแพร่ได้เฉพาะประกาศ แถลงการณ์ ข่าว และหนังสือเวียน", code="not-for-public")
    if state not in SHOWN_STATES:
        raise StageNotAllowed("เผยแพร่ได้เมื่อลงนามและออกเลขแล้ว")


@dataclass(eq=False)
class Publication:
    """That a document is shown to everybody, until somebody takes it back."""

    id: PublicationId
    agency_id: AgencyId
    letter_id: UUID
    kind: PublicKind
    with_enclosures: bool
    published_at: datetime
    published_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    reason: str = ""
    version: int = 1

    def take_back(self, reason: str, by: str, at: datetime) -> None:
        """Show it no longer. Raises StageNotAllowed when it was taken back before, BadInput without a reason."""
        if self.withdrawn_at is not None:
            raise StageNotAllowed("ถอนออกจากหน้าประชาชนแล้ว")
        reason = " ".join(reason.split())
        if not reason or len(reason) > MOST_REASON:
            raise BadInput({"reason": "ใส่เหตุผลที่ถอน" if not reason else f"เหตุผลยาวเกิน {MOST_REASON} ตัวอักษร"})
        self.withdrawn_at, self.withdrawn_by, self.reason = at, by, reason


class ChannelKind(str, Enum):
    """What kind of channel."""

    MAIL = "mail"
    WEB = "web"
    OTHER = "other"

    @property
    def thai(self) -> str:
        """The kind in words."""
        return {"mail": "ไปรษณีย์อิเล็กทรอนิกส์", "web": "เว็บไซต์หรือระบบบริการ", "other": "ช่องทางอื่น"}[self.value]


@dataclass(eq=False)
class Channel:
    """An electronic channel by which people may write to the agency. `announced` is the announcement that names it,
    `since` the day from which it holds."""

    id: ChannelId
    agency_id: AgencyId
    kind: ChannelKind
    name: str
    where: str
    announced: str
    since: date
    ended_on: date | None = None


def read_channel(kind: ChannelKind, name: str, where: str, announced: str) -> tuple[str, str, str]:
    """Name, place and announcement as they are kept. Raises BadInput by field."""
    name, where, announced = (" ".join(text.split()) for text in (name, where, announced))
    wrong: dict[str, str] = {}
    if not name or len(name) > MOST_NAME or not name.isprintable():
        wrong["name"] = "ใส่ชื่อช่องทางหรือเรื่องที่รับ ไม่เกิน 200 ตัวอักษร"
    if len(announced) > MOST_NAME or not announced.isprintable():
        wrong["announced"] = "ประกาศที่กำหนดช่องทาง ไม่เกิน 200 ตัวอักษร"
    if kind is ChannelKind.MAIL and not is_address(where):
        wrong["where"] = "ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์ไม่ถูกแบบ เช่น service@example.go.th"
    elif kind is ChannelKind.WEB and (len(where) > MOST_WHERE or not _WEB.fullmatch(where)):
        wrong["where"] = "ที่อยู่เว็บไม่ถูกแบบ เช่น https://service.example.go.th"
    elif not where or len(where) > MOST_WHERE or not where.isprintable():
        wrong["where"] = "ใส่ที่อยู่ของช่องทาง ไม่เกิน 300 ตัวอักษร"
    if wrong:
        raise BadInput(wrong)
    return name, where, announced
