"""Many documents for people at once, from a sheet: a line for each, and links by which holders fetch theirs.

The link has 144 random bits and is written down nowhere but where it is told: kept is its digest alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.dispatch import SERVER_SAID
from saraban.domain.errors import ConcurrentEdit
from saraban.domain.events import DomainEvent
from saraban.domain.issued import IssuedId
from saraban.domain.issued_kind import IssuedKindId

IssuedRunId = NewType("IssuedRunId", UUID)
HolderLinkId = NewType("HolderLinkId", UUID)
MOST_LINES = 2_000
LONGEST_MAIL = 254
"""RFC 5321, 4.5.3.1.3, as erratum 1690 has it."""
TOKEN_BYTES = 18
LONGEST_WHY = 400


@dataclass(frozen=True)
class SheetLine:
    """A line of the sheet: the holder, where a link may be sent (empty for nowhere), and the values by key; `row` is
    the number that people see beside it in their spreadsheet, 0 for what comes from none."""

    holder_name: str
    holder_id: str = ""
    mail: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    row: int = 0

    def number(self, place: int) -> int:
        """By which it is told, standing at this place from 0."""
        return self.row or place + 1


@dataclass
class RunLine:
    """A document of a run; `ordinal` is its row in the sheet, and `why` the last try with it failed, in Thai."""

    run_id: IssuedRunId
    ordinal: int
    document_id: IssuedId
    mail: str
    why: str = ""


@dataclass(eq=False)
class IssuedRun:
    """Documents of one kind that were begun together. Who signs them holds the run for a while (`runner`): a run whose
    signer's process died goes on where it was."""

    id: IssuedRunId
    agency_id: AgencyId
    kind_id: IssuedKindId
    title: str
    person_id: PersonId
    made_by: str
    made_at: datetime
    documents: int
    runner: UUID | None = None
    leased_until: datetime | None = None
    version: int = 1

    def is_held(self, now: datetime) -> bool:
        """Does somebody's process go through it now?"""
        return self.runner is not None and self.leased_until is not None and self.leased_until > now

    def begin(self, runner: UUID, *, at: datetime, until: datetime) -> None:
        """Go through it. Raises ConcurrentEdit while another does."""
        if self.is_held(at):
            raise ConcurrentEdit("ชุดนี้กำลังลงนามอยู่")
        self.runner, self.leased_until = runner, until

    def stop(self) -> None:
        """Nobody goes through it any more; who did stops before the next document."""
        self.runner, self.leased_until = None, None


@dataclass(eq=False)
class HolderLink:
    """A link by which the holder fetches a document, without logging in: the digest of its token, to which mailbox it
    was sent (empty for one that was handed over), and how often the file was fetched by it."""

    id: HolderLinkId
    agency_id: AgencyId
    document_id: IssuedId
    token: Digest
    mail: str
    made_by: str
    made_at: datetime
    withdrawn_at: datetime | None = None
    fetched_at: datetime | None = None
    fetches: int = 0
    returned_at: datetime | None = None
    why_returned: str = ""

    def went_just_now(self, mail: str, now: datetime) -> bool:
        """Did it go to this mailbox within the last minute, and answers still? A second press means the same mail."""
        answers = self.withdrawn_at is None and self.returned_at is None
        return answers and self.mail.lower() == mail.lower() and self.made_at > now - timedelta(minutes=1)

    def come_back(
        self, number: str, reason: str, said: str = "", *, by: Actor, at: datetime
    ) -> HolderLinkReturned | None:
        """A mail server said that the mail did not reach the holder: for which reason in our words, and what it `said`,
        which may name the mailbox and is kept with the link alone. None when that is known already."""
        if self.returned_at is not None or not self.mail:
            return None
        self.returned_at, self.why_returned = at, (f"{reason}{SERVER_SAID}{said}" if said else reason)[:LONGEST_WHY]
        return HolderLinkReturned(
            at=at, by=by, thing_id=self.document_id, link_id=self.id, number=number, reason=reason
        )


class Delivery(str, Enum):
    """How far a document came on its way to its holder. One that was fetched is there, by whatever link."""

    NO_ADDRESS = "no-address"
    NOT_YET = "not-yet"
    ON_ITS_WAY = "on-its-way"
    SENT = "sent"
    RETURNED = "returned"
    HANDED = "handed"
    WITHDRAWN = "withdrawn"
    FETCHED = "fetched"

    @property
    def thai(self) -> str:
        """In words."""
        return _DELIVERIES[self]


_DELIVERIES = {
    Delivery.NO_ADDRESS: "ไม่มีอีเมล",
    Delivery.NOT_YET: "ยังไม่ได้ส่ง",
    Delivery.ON_ITS_WAY: "กำลังส่ง",
    Delivery.SENT: "ส่งแล้ว",
    Delivery.RETURNED: "ส่งไม่ถึง",
    Delivery.HANDED: "ทำลิงก์แล้ว",
    Delivery.WITHDRAWN: "ยกเลิกลิงก์แล้ว",
    Delivery.FETCHED: "ดาวน์โหลดแล้ว",
}


@dataclass(frozen=True, kw_only=True)
class IssuedRunBegun(DomainEvent):
    """So many documents were begun from a sheet and put before who approves or signs them."""

    name = "issued-run.begun"
    thing_id: UUID
    kind: str
    documents: int
    sheet: Digest


@dataclass(frozen=True, kw_only=True)
class HolderLinkMade(DomainEvent):
    """A link was made by which the holder fetches a document; `mailed` when it went out by mail."""

    name = "issued.link-made"
    thing_id: UUID
    link_id: UUID
    number: str
    mailed: bool


@dataclass(frozen=True, kw_only=True)
class HolderLinkWithdrawn(DomainEvent):
    """A link of a document answers no longer."""

    name = "issued.link-withdrawn"
    thing_id: UUID
    link_id: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class HolderLinkReturned(DomainEvent):
    """The mail with a link did not reach the holder, as a mail server says; the reason names no mailbox."""

    name = "issued.link-returned"
    thing_id: UUID
    link_id: UUID
    number: str
    reason: str
