"""What the hub is told when it starts."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class HubAccount:
    """A mailbox: its address, which is also the login, and its password."""

    address: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class HubPorts:
    """Where the hub listens."""

    host: str
    smtp: int
    imap: int


@dataclass(frozen=True)
class HubSettings:
    """`folder` holds the mail and its index and is made when missing. Port 0 means any free port.

    With a certificate and key, STARTTLS is required before login at both doors; without them the hub speaks in clear,
    for loopback only.
    """

    folder: Path
    accounts: tuple[HubAccount, ...]
    host: str = "127.0.0.1"
    smtp_port: int = 0
    imap_port: int = 0
    hostname: str = "mail.saraban.invalid"
    size_limit: int = 35_000_000
    cert_file: Path | None = None
    key_file: Path | None = None

    def tls_context(self) -> ssl.SSLContext | None:
        """The server's TLS 1.2+ context, or None without a certificate."""
        if self.cert_file is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.cert_file, self.key_file)
        return context


class HubHooks:
    """Where a test may make the hub misbehave. The real hub has this object, which changes nothing."""

    def smtp_reply(self, stage: str, argument: str) -> str | None:
        """A reply to give instead of the usual one at MAIL, RCPT or DATA (after the final dot, nothing is kept)."""
        return None

    def extensions(self, offered: list[str]) -> list[str]:
        """The lines of the answer to EHLO."""
        return offered

    def copies(self, recipient: str) -> int:
        """How many times an accepted message is put into the recipient's mailbox."""
        return 1

    def drops_after_accept(self, sender: str) -> bool:
        """True when the connection is to be cut after the message was kept and before the 250."""
        return False

    def drops_imap(self, command: str) -> bool:
        """True when the IMAP connection is to be cut instead of answering this command."""
        return False
