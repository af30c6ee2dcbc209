"""The ports of the mail: an agency's relay, its mailbox, the reader of foreign mail and the doctor of all three."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from saraban.domain.attachment import Digest
from saraban.exchange.envelope import Envelope
from saraban.exchange.parse import InboundMessage


class SendOutcome:
    """How one attempt ended; see the kinds below. `reply` is the server's line, kept as evidence."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    LATER = "later"


@dataclass(frozen=True)
class SendResult:
    """The outcome of one attempt to one recipient: one of SendOutcome, the SMTP code (0 when there was none), the reply
    in words, whether DSN was asked for, and whether the connection was lost after the final dot (`ambiguous`:
    the server may have it; a TEMPORARY that must be retried with the same bytes). LATER is no attempt: the relay is not
    to be pressed any harder now, `after_seconds` says until when."""

    outcome: str
    code: int
    reply: str
    dsn: bool = False
    ambiguous: bool = False
    after_seconds: float = 0.0


class Vanished(Exception):
    """The mail is no longer in the folder: somebody has removed it since it was listed."""


class Transport(Protocol):
    """Gives one envelope to the relay of an agency: that of the mailbox that sends it, else of the central one."""

    def send(self, agency_code: str, envelope: Envelope, blob: Callable[[Digest], bytes]) -> SendResult:
        """Send it; failures are results, not exceptions."""
        ...

    def close(self) -> None: ...


class MailboxReader(Protocol):
    """An open IMAP folder of one agency."""

    @property
    def uidvalidity(self) -> int: ...

    def new_uids(self, after: int) -> list[int]:
        """UIDs above `after`, ascending."""
        ...

    def size(self, uid: int) -> int:
        """RFC822.SIZE in octets; Vanished when it is gone."""
        ...

    def pieces(self, uid: int) -> Iterator[bytes]:
        """The exact bytes in pieces of at most 1 MiB; the message is not marked as read. Vanished when it is gone, also
        between two pieces."""
        ...

    def mark_taken(self, uids: Sequence[int]) -> None:
        """Set \\Seen, so that a person at the webmail sees what the gateway has."""
        ...

    def idle(self, seconds: float) -> bool:
        """Wait for news at most so long; True when something changed. Polls where the server has no IDLE."""
        ...

    def quota(self) -> tuple[int, int] | None:
        """Octets used and octets allowed; None where the server tells no quota (RFC 9208)."""
        ...

    def move(self, uids: Sequence[int], folder: str) -> bool:
        """Move mails into another folder, which is made when it is missing; those that are gone do not matter. False
        when the server cannot do it without touching other mails."""
        ...

    def remove(self, uids: Sequence[int]) -> bool:
        """Remove mails for good, in the same way."""
        ...


class Mailboxes(Protocol):
    """Opens mailboxes."""

    def open(self, agency_code: str, address: str = "") -> AbstractContextManager[MailboxReader]:
        """Log in and select the folder of the agency's mailbox at this address, of its central one without; the error
        family is mail.errors (TemporaryFailure …)."""
        ...


class ForeignMailReader(Protocol):
    """Runs the parser of foreign mail in a child process with limits of memory and time."""

    def read(self, raw: bytes) -> InboundMessage:
        """The message; raises exchange.parse.Unreadable when the mail is beyond reading."""
        ...


@dataclass(frozen=True)
class Finding:
    """One step of an examination: a stable name, whether it went well (None: works, but worth knowing), Thai words for
    the person, and what the administrator can do about it."""

    step: str
    good: bool | None
    words: str
    fix: str = ""


class MailDoctor(Protocol):
    """Tries a mailbox of an agency step by step."""

    def examine(self, agency_code: str, address: str = "") -> Iterator[Finding]:
        """What it finds, in order; a side is not examined further than its first step that fails."""
        ...


class LockBox(Protocol):
    """Keeps small secrets under the installation's master key."""

    def lock(self, secret: str, purpose: str) -> str:
        """The secret as text that says nothing without the master key; it opens for this purpose only."""
        ...

    def unlock(self, locked: str, purpose: str) -> str:
        """The secret again; WrongPassphrase when the master key is another one or the text was changed or moved."""
        ...


@dataclass(frozen=True)
class AccessToken:
    """An access token of OAuth 2.0 and when it ends; `refresh_token` is the one to use next time."""

    value: str
    ends_at: datetime
    refresh_token: str


class TokenOffice(Protocol):
    """The token endpoint of a mail provider (RFC 6749)."""

    def refresh(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        scope: str,
        at: datetime,
        ca_text: str = "",
    ) -> AccessToken:
        """A new access token (section 6); roots in `ca_text` (PEM) are trusted beside those of the machine. Raises
        RuleBroken with Thai words for the administrator."""
        ...
