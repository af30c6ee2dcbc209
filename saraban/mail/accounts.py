"""Where a mailbox lies: host, port, protection of the connection, name and password."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from saraban.domain.errors import BadInput
from saraban.domain.mailbox import is_loopback

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class MailAccount:
    """One login at one server, for SMTP submission or for IMAP.

    `security` is "tls" from the first byte, "starttls", or "none", which is taken for loopback hosts only.
    `ca_file` or `ca_text` (PEM) replaces the roots of the system when given. `timeout_seconds` bounds each wait for the
    server. `token`, when given, is an access token of OAuth 2.0 with which one logs in instead of the password
    (XOAUTH2). `folder` is the one that is read.
    Raises BadInput when the port, the protection or the time makes no sense.
    """

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    ca_file: Path | None = None
    timeout_seconds: float = 30.0
    ca_text: str = ""
    token: str = field(default="", repr=False)
    folder: str = "INBOX"

    def __post_init__(self) -> None:
        wrong: dict[str, str] = {}
        if not self.host or any(c.isspace() for c in self.host):
            wrong["host"] = "ต้องระบุชื่อเครื่องบริการไปรษณีย์"
        if not 0 < self.port < 65536:
            wrong["port"] = "หมายเลขพอร์ตต้องอยู่ระหว่าง 1 ถึง 65535"
        if self.security not in ("starttls", "tls", "none"):
            wrong["security"] = "ต้องเป็น starttls, tls หรือ none"
        elif self.security == "none" and not is_loopback(self.host):
            wrong["security"] = "การเชื่อมต่อที่ไม่เข้ารหัสใช้ได้เฉพาะภายในเครื่องเดียวกันเท่านั้น"
        if not self.timeout_seconds > 0:
            wrong["timeout_seconds"] = "เวลารอต้องมากกว่าศูนย์"
        if wrong:
            raise BadInput(wrong, "ค่าที่ตั้งของกล่องไปรษณีย์ไม่ถูกต้อง: " + "; ".join(wrong.values()))

    def patient(self, seconds: float) -> MailAccount:
        """The same account with shorter waits, never with longer ones."""
        return replace(self, timeout_seconds=min(seconds, self.timeout_seconds))

    def tls_context(self) -> ssl.SSLContext:
        """A context that verifies the server's certificate and name and speaks TLS 1.2 or newer (RFC 8314, 9325)."""
        own = None if self.ca_file is None else str(self.ca_file)
        context = ssl.create_default_context(cafile=own, cadata=self.ca_text or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def xoauth2(user: str, token: str) -> bytes:
    """The one answer of the SASL mechanism XOAUTH2: who one is and the bearer token."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()
