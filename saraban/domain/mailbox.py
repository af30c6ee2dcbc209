"""A mailbox that an agency has connected: where it lies, whose it is, and what becomes of mail once it is taken in."""

from __future__ import annotations

import ipaddress
import re
import ssl
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from uuid import UUID

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.errors import BadInput

TAKEN_FOLDER = "saraban-taken"
"""Where mail goes on the server after its days, when the agency says so."""
LEAST_DAYS, MOST_DAYS = 1, 3650
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.\-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+")
_LONGEST = 500
_LONGEST_PEM = 100_000


class Protection(str, Enum):
    """How the connection is encrypted (RFC 8314)."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"

    @property
    def thai(self) -> str:
        """The words on the screen."""
        return {"starttls": "STARTTLS", "tls": "TLS ตั้งแต่ต้น", "none": "ไม่เข้ารหัส (ภายในเครื่องเดียวกัน)"}[self.value]


class Login(str, Enum):
    """By what the server knows us: a password, or a token of OAuth 2.0 (SASL XOAUTH2)."""

    PASSWORD = "password"
    OAUTH = "oauth"

    @property
    def thai(self) -> str:
        """The words on the screen."""
        return {"password": "รหัสผ่าน", "oauth": "OAuth 2.0 (XOAUTH2)"}[self.value]


class AfterTaking(str, Enum):
    """What becomes of a mail on the server once the installation has it safely."""

    KEEP = "keep"
    MOVE = "move"
    DELETE = "delete"

    @property
    def thai(self) -> str:
        """The words on the screen."""
        return {"keep": "เก็บไว้ในกล่อง ไม่ลบ", "move": f"ย้ายไปโฟลเดอร์ {TAKEN_FOLDER}", "delete": "ลบออกจากกล่อง"}[
            self.value
        ]


@dataclass(eq=False)
class ConnectedMailbox:
    """A mailbox of an agency, or of one of its units (`unit_id`), with the settings by which it is reached.

    `secret` is locked under the installation's key and says nothing by itself: the password, or what OAuth needs.
    `ca_text` (PEM) replaces the roots of the machine. `token` is the access token in force, locked too; it ends at
    `token_until`, `token_problem` says in Thai why there is no new one, and until `token_leased_until` a worker is
    asking. With `sends`, letters of the unit leave through it. `after` and `after_days` say what becomes of mail on the
    server. `changed_at` is the time of the last change by a person: connections made before it are given up.
    """

    id: UUID
    agency_id: AgencyId
    address: str
    unit_id: UnitId | None
    user: str
    smtp_host: str
    imap_host: str
    changed_at: datetime
    smtp_port: int = 587
    smtp_protection: Protection = Protection.STARTTLS
    imap_port: int = 993
    imap_protection: Protection = Protection.TLS
    folder: str = "INBOX"
    ca_text: str = ""
    login: Login = Login.PASSWORD
    token_url: str = ""
    client_id: str = ""
    scope: str = ""
    sends: bool = True
    after: AfterTaking = AfterTaking.KEEP
    after_days: int = 30
    secret: str = ""
    token: str = ""
    token_until: datetime | None = None
    token_problem: str = ""
    token_leased_until: datetime | None = None
    version: int = 1

    def check(self) -> None:
        """Raise BadInput by field for what cannot be right."""
        wrong: dict[str, str] = {}
        if len(self.address) > _LONGEST or not _ADDRESS.fullmatch(self.address):
            wrong["address"] = "ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์ไม่ถูกแบบ เช่น saraban@example.go.th"
        if not self.user or len(self.user) > _LONGEST or _has_controls(self.user):
            wrong["user"] = "ใส่ชื่อผู้ใช้ของกล่องไปรษณีย์"
        for side in ("smtp", "imap"):
            wrong |= self._wrong_door(side)
        if not self.folder or len(self.folder) > _LONGEST or _has_controls(self.folder) or not self.folder.isascii():
            wrong["folder"] = "ใส่ชื่อโฟลเดอร์ด้วยอักษรอังกฤษ เช่น INBOX"
        elif self.folder.casefold() == TAKEN_FOLDER:
            wrong["folder"] = f"โฟลเดอร์ {TAKEN_FOLDER} เป็นที่เก็บจดหมายที่รับแล้ว ใช้โฟลเดอร์อื่น"
        if self.ca_text and not _is_pem(self.ca_text):
            wrong["ca_text"] = "ใบรับรองรากต้องเป็นข้อความ PEM ที่ขึ้นต้นด้วย -----BEGIN CERTIFICATE-----"
        if self.after is not AfterTaking.KEEP and not LEAST_DAYS <= self.after_days <= MOST_DAYS:
            wrong["after_days"] = f"จำนวนวันต้องอยู่ระหว่าง {LEAST_DAYS} ถึง {MOST_DAYS}"
        if self.login is Login.OAUTH:
            wrong |= self._wrong_oauth()
        if wrong:
            raise BadInput(wrong)

    def _wrong_door(self, side: str) -> dict[str, str]:
        host, port, protection = (getattr(self, f"{side}_{what}") for what in ("host", "port", "protection"))
        wrong = {}
        if len(host) > 253 or not _HOST.fullmatch(host):
            wrong[f"{side}_host"] = "ใส่ชื่อเครื่องบริการ เช่น mail.example.go.th"
        if not 0 < port < 65536:
            wrong[f"{side}_port"] = "หมายเลขพอร์ตต้องอยู่ระหว่าง 1 ถึง 65535"
        if protection is Protection.NONE and not is_loopback(host):
            wrong[f"{side}_protection"] = "การเชื่อมต่อที่ไม่เข้ารหัสใช้ได้เฉพาะภายในเครื่องเดียวกันเท่านั้น เลือก STARTTLS หรือ TLS"
        return wrong

    def _wrong_oauth(self) -> dict[str, str]:
        wrong = {}
        scheme, found, rest = self.token_url.partition("://")
        host = rest.partition("/")[0].rpartition("@")[2].partition(":")[0]
        safe = scheme == "https" or (scheme == "http" and is_loopback(host))
        if not found or not host or not safe or len(self.token_url) > _LONGEST or _has_controls(self.token_url):
            wrong["token_url"] = "ที่อยู่ขอโทเค็นต้องขึ้นต้นด้วย https://"
        if not self.client_id or len(self.client_id) > _LONGEST or _has_controls(self.client_id):
            wrong["client_id"] = "ใส่ client id ที่ผู้ให้บริการไปรษณีย์ออกให้"
        if len(self.scope) > _LONGEST or _has_controls(self.scope):
            wrong["scope"] = "scope ยาวเกินไปหรือมีอักขระที่ใช้ไม่ได้"
        return wrong


_NOT_SET_BY_HAND = {"id", "agency_id", "address", "changed_at", "secret", "version"} | {
    f"token{rest}" for rest in ("", "_until", "_problem", "_leased_until")
}
SETTINGS = tuple(f.name for f in fields(ConnectedMailbox) if f.name not in _NOT_SET_BY_HAND)
"""The fields that a person sets, the secret apart."""


def is_loopback(host: str) -> bool:
    """True for localhost and for addresses of the machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _has_controls(text: str) -> bool:
    return any(ord(c) < 32 or ord(c) == 127 for c in text)


def _is_pem(text: str) -> bool:
    if len(text) > _LONGEST_PEM or "PRIVATE KEY" in text or "-----BEGIN CERTIFICATE-----" not in text:
        return False
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except (ssl.SSLError, ValueError):
        return False
    return True
