"""What happens to an agency's mailboxes. A secret never stands in an event."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class MailboxConnected(DomainEvent):
    """A mailbox was connected on the administrator's page."""

    name = "mailbox.connected"
    thing_id: UUID
    address: str
    unit: str
    smtp: str
    imap: str
    user: str
    login: str
    after: str


@dataclass(frozen=True, kw_only=True)
class MailboxChanged(DomainEvent):
    """Settings of a mailbox were changed: the names of the fields, and whether a new secret was given."""

    name = "mailbox.changed"
    thing_id: UUID
    address: str
    unit: str
    smtp: str
    imap: str
    user: str
    login: str
    after: str
    fields: tuple[str, ...]
    new_secret: bool


@dataclass(frozen=True, kw_only=True)
class MailboxDisconnected(DomainEvent):
    """A mailbox was disconnected; what came through it stays."""

    name = "mailbox.disconnected"
    thing_id: UUID
    address: str


@dataclass(frozen=True, kw_only=True)
class MailboxRenumbered(DomainEvent):
    """The server gave the folder another UIDVALIDITY: it is read again from its beginning (RFC 3501, 2.3.1.1)."""

    name = "mailbox.renumbered"
    thing_id: UUID
    address: str
    before: int
    now: int


@dataclass(frozen=True, kw_only=True)
class MailVanished(DomainEvent):
    """Mails were in the list of the folder and gone before they could be fetched."""

    name = "mailbox.mail-vanished"
    thing_id: UUID
    address: str
    uids: tuple[int, ...]
