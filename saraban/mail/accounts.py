"""Where a mailbox lies: host, port, protection of the connection, name and password."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from saraban.domain.errors import BadInput

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class MailAccount:
    """One login at one server, for SMTP submission or for IMAP.

    `security` is "tls" from the first byte, "starttls", or "none", which is taken for loopback hosts only.
    `ca_file` (PEM) replaces the roots of the system when given. `timeout_seconds` bounds each wait for the server.
    Raises BadInput when the port, the protection or the time makes no sense.
    """

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    ca_file: Path | None = None
    timeout_seconds: float = 30.0

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
            raise BadInput(wrong, "ค่าที่ตั้งของตู้ไปรษณีย์ไม่ถูกต้อง: " + "; ".join(wrong.values()))

    def tls_context(self) -> ssl.SSLContext:
        """A context that verifies the server's certificate and name and speaks TLS 1.2 or newer (RFC 8314, 9325)."""
        context = ssl.create_default_context(cafile=None if self.ca_file is None else str(self.ca_file))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def is_loopback(host: str) -> bool:
    """True for localhost and for addresses of the machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
