"""The ports of the mail: an agency's relay, its mailbox, the reader of foreign mail and the doctor of all three."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from saraban.domain.attachment import Digest
from saraban.exchange.envelope import Envelope
from saraban.exchange.parse import InboundMessage


class SendOutcome:
    """How one attempt ended; see the three kinds below. `reply` is the server's line, kept as evidence."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True)
class SendResult:
    """The outcome of one attempt to one recipient: one of SendOutcome, the SMTP code (0 when there was none), the reply
    in words, whether DSN was asked for, and whether the connection was lost after the final dot (`ambiguous`:
    the server may have it; a TEMPORARY that must be retried with the same bytes)."""

    outcome: str
    code: int
    reply: str
    dsn: bool = False
    ambiguous: bool = False


class Transport(Protocol):
    """Gives one envelope to the relay of an agency."""

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
        """RFC822.SIZE in octets."""
        ...

    def fetch(self, uid: int) -> bytes:
        """The exact bytes; the message is not marked as read."""
        ...

    def mark_taken(self, uids: Sequence[int]) -> None:
        """Set \\Seen, so that a person at the webmail sees what the gateway has."""
        ...

    def idle(self, seconds: float) -> bool:
        """Wait for news at most so long; True when something changed. Polls where the server has no IDLE."""
        ...


class Mailboxes(Protocol):
    """Opens mailboxes."""

    def open(self, agency_code: str) -> AbstractContextManager[MailboxReader]:
        """Log in and select the agency's folder; the error family is mail.errors (TemporaryFailure …)."""
        ...


class ForeignMailReader(Protocol):
    """Runs the parser of foreign mail in a child process with limits of memory and time."""

    def read(self, raw: bytes) -> InboundMessage:
        """The message; raises exchange.parse.Unreadable when the mail is beyond reading."""
        ...


class MailDoctor(Protocol):
    """Tries an agency's mailbox step by step."""

    def examine(self, agency_code: str) -> Iterator[tuple[str, bool | None, str]]:
        """(step, good or None for a remark, Thai words) in order; ends at the first step that fails."""
        ...
