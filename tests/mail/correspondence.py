"""What the tests of this folder write and wait for."""

from __future__ import annotations

import time
from typing import Protocol
from uuid import UUID, uuid4

from saraban.domain.attachment import Digest
from saraban.exchange.envelope import Encoded, Envelope, Literal, OutboxKind, Segment
from saraban.mail.accounts import MailAccount
from saraban.mail.imap import ImapMailbox, ImapMailboxes
from saraban.mail.smtp import SmtpTransport
from saraban.usecases.mailing import SendResult

MOC, NSO, EDU = "saraban@moc.test", "saraban@nso.test", "saraban@edu.test"


class MailServer(Protocol):
    """What the hub and the real servers have in common."""

    def smtp_account(self, address: str) -> MailAccount: ...

    def imap_account(self, address: str) -> MailAccount: ...


def a_message(text: bytes = b"body\r\n", *, sender: str = MOC, recipient: str = NSO, subject: str = "test") -> bytes:
    """A complete message with CRLF; nothing is missing that a server would add."""
    head = f"From: <{sender}>\r\nTo: <{recipient}>\r\nSubject: {subject}\r\nMessage-ID: <{uuid4()}@moc.test>\r\n"
    date = "Date: Mon, 23 Nov 2026 09:30:00 +0700\r\nMIME-Version: 1.0\r\n"
    return (head + date + "Content-Type: text/plain\r\n\r\n").encode("ascii") + text


def an_envelope(
    raw: bytes | None = None,
    *,
    sender: str = MOC,
    recipient: str = NSO,
    kind: OutboxKind = OutboxKind.RECEIPT,
    envid: UUID | None = None,
    fallback: str = "",
    segments: tuple[Segment, ...] | None = None,
) -> Envelope:
    """An envelope around these bytes; of the kind receipt, for which no delivery notice is asked."""
    raw = a_message() if raw is None else raw
    parts = (Literal(raw),) if segments is None else segments
    return Envelope(sender, recipient, "<x@moc.test>", parts, Digest.of(raw), len(raw), kind, envid, fallback)


def no_files(digest: Digest) -> bytes:
    """The blobs of an envelope that has none."""
    raise KeyError(digest.hex)


def encoded(text: bytes) -> Encoded:
    """A segment that stands for this text."""
    return Encoded(Digest.of(b"the file of " + text[:100]), Digest.of(text), len(text))


class Post:
    """A transport and mailboxes at one server; agencies are named by their address."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.transport = SmtpTransport(lambda code, _: server.smtp_account(code))
        self.mailboxes = ImapMailboxes(lambda code, _: server.imap_account(code))

    def send(self, envelope: Envelope, by: str = MOC) -> SendResult:
        """Send with the login of this address."""
        return self.transport.send(by, envelope, no_files)

    def highest(self, address: str) -> int:
        """The highest UID in the INBOX now, 0 when it is empty."""
        with self.mailboxes.open(address) as reader:
            return max(reader.new_uids(0), default=0)

    def wait_for(self, reader: ImapMailbox, after: int, count: int = 1) -> list[int]:
        """UIDs above `after`, as soon as there are so many; fails after ten seconds."""
        until = time.monotonic() + 10
        while len(found := reader.new_uids(after)) < count:
            assert time.monotonic() < until, f"{len(found)} of {count} messages arrived"
            reader.idle(1)
        return found

    def fetched(self, address: str, after: int, count: int = 1) -> list[bytes]:
        """The raw messages that come after this UID."""
        with self.mailboxes.open(address) as reader:
            return [reader.fetch(uid) for uid in self.wait_for(reader, after, count)]
