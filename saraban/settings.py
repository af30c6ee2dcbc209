"""The shape of the configuration: frozen, units in names, checked at start. `config.py` outside holds the values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(Exception):
    """The installation must not start like this; the words say what to set."""


@dataclass(frozen=True)
class MailServer:
    """One login at a mail server, for submission or for IMAP. `security` is "starttls", "tls" or "none"; `folder`
    is the one that is read."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    ca_file: Path | None = None
    timeout_seconds: float = 30.0
    folder: str = "INBOX"

    def __post_init__(self) -> None:
        for name in ("host", "security", "user", "password", "folder"):
            if not isinstance(getattr(self, name), str) or not getattr(self, name):
                raise SettingsError(f"{name} ต้องเป็นข้อความ")
        if type(self.port) is not int:
            raise SettingsError("port ต้องเป็นตัวเลขไม่มีเครื่องหมายคำพูด เช่น port = 587")
        if type(self.timeout_seconds) not in (int, float):
            raise SettingsError("timeout_seconds ต้องเป็นจำนวนวินาที")
        if self.ca_file is not None and not self.ca_file.is_file():
            raise SettingsError(f"ไม่พบไฟล์ใบรับรองราก ca_file {self.ca_file}")


@dataclass(frozen=True)
class AgencyMail:
    """The two doors of an agency's central mailbox."""

    smtp: MailServer
    imap: MailServer


DEMO_SECRET = "demo-secret-key-for-loopback-only"


@dataclass(frozen=True)
class Settings:
    """Everything an installation can be told. `data_folder` holds database, blobs and keys; `mail` is by agency code;
    `scans_folder` has a folder for each agency's scanners (scans/ in the data folder without it); `roots_file` (PEM)
    names the roots that seals may chain to, `licensed_roots_file` those of licensed providers of certificates,
    `tsa_roots_file` those of the time-stamping authority at `tsa_url`; without `tsa_url` nothing is time-stamped.
    `public_url` is the address by which anybody reaches this installation: it stands in the QR codes of issued pages,
    which have none without it. `crls_folder` holds revocation lists (crls/ in the data folder without it);
    `relay_connections` and `relay_messages_per_minute` bound what a worker asks of one mail relay, 0 for no bound;
    `pkcs11_module` is the driver of the tokens on which officers' keys may lie. `clamd` is the socket of the virus
    scanner (a path, or host:port); without it nothing is scanned. For `public_answer_seconds` a process gives out of
    memory what it told of a document that anybody verifies; 0 for never."""

    data_folder: Path
    database_url: str
    secret_key: str = field(repr=False)
    master_key: str = field(repr=False)
    roots_file: Path | None = None
    licensed_roots_file: Path | None = None
    crls_folder: Path | None = None
    scans_folder: Path | None = None
    mail: Mapping[str, AgencyMail] = field(default_factory=dict)
    demo: bool = False
    secure_cookies: bool = True
    trusted_proxies: int = 0
    font_family: str = "TH Sarabun New"
    senders: int = 3
    relay_connections: int = 4
    relay_messages_per_minute: int = 1200
    lease_seconds: float = 60.0
    session_hours: int = 10
    login_limit: str = "10 per minute"
    password_memory_kib: int = 65536
    pkcs11_module: Path | None = None
    tsa_url: str = ""
    tsa_roots_file: Path | None = None
    tsa_timeout_seconds: float = 15.0
    public_url: str = ""
    clamd: str = ""
    public_answer_seconds: float = 5.0

    def __post_init__(self) -> None:
        if not self.secret_key or (self.secret_key == DEMO_SECRET and not self.demo):
            raise SettingsError("ตั้ง SARABAN_SECRET_KEY เป็นข้อความสุ่มยาวอย่างน้อย 32 ตัวก่อนเริ่มใช้งาน")
        if len(self.secret_key) < 32:
            raise SettingsError("SARABAN_SECRET_KEY สั้นเกินไป ใช้อย่างน้อย 32 ตัว")
        if not self.master_key:
            raise SettingsError("ตั้ง SARABAN_MASTER_KEY ซึ่งใช้ปิดผนึกกุญแจตราประทับก่อนเริ่มใช้งาน")
        if self.relay_connections < 0 or self.relay_messages_per_minute < 0:
            raise SettingsError("SARABAN_RELAY_CONNECTIONS และ SARABAN_RELAY_PER_MINUTE ต้องไม่ติดลบ (0 คือไม่จำกัด)")
        if not 0 <= self.public_answer_seconds <= LONGEST_PUBLIC_ANSWER_SECONDS:
            raise SettingsError(
                f"SARABAN_PUBLIC_ANSWER_SECONDS ต้องเป็นวินาที 0 ถึง {LONGEST_PUBLIC_ANSWER_SECONDS} (0 คือไม่เก็บคำตอบไว้)"
            )
        if self.pkcs11_module and not self.pkcs11_module.is_file():
            raise SettingsError(f"SARABAN_PKCS11_MODULE: ไม่พบไฟล์ {self.pkcs11_module}")
        if self.tsa_url and not self.tsa_url.startswith(("https://", "http://")):
            raise SettingsError("SARABAN_TSA_URL ต้องขึ้นต้นด้วย https:// หรือ http://")
        if self.tsa_url and not (self.tsa_roots_file or self.roots_file):
            raise SettingsError("ตั้ง SARABAN_TSA_ROOTS เป็นไฟล์ใบรับรองรากของผู้ประทับรับรองเวลา")

        if self.clamd and not _is_socket(self.clamd):
            raise SettingsError("SARABAN_CLAMD เป็นที่อยู่ของ socket เช่น /run/clamav/clamd.ctl หรือ host:port")
        if self.public_url and (why := _why_no_public_url(self.public_url)):
            raise SettingsError(f"SARABAN_PUBLIC_URL {why}")

    @property
    def blobs_folder(self) -> Path:
        """Where files are kept by their digest."""
        return self.data_folder / "blobs"

    @property
    def move_in_folder(self) -> Path:
        """Where folders with the registers of old systems are put, by agency."""
        return self.data_folder / "move-in"

    @property
    def keys_folder(self) -> Path:
        """Where seal keys and officers' keys are kept, encrypted."""
        return self.data_folder / "keys"


LONGEST_PUBLIC_ANSWER_SECONDS = 15
"""Well below the half minute for which browsers and proxies may keep what is told of a document."""
LONGEST_PUBLIC_URL = 60
"""More would make the squares of the QR code too small for a telephone."""


def _is_socket(where: str) -> bool:
    host, _, port = where.rpartition(":")
    return where.startswith("/") or (bool(host) and port.isascii() and port.isdigit() and 0 < int(port) < 65536)


def _why_no_public_url(url: str) -> str:
    """What is wrong with the public address; empty when it can stand in QR codes."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")):
        return "ต้องขึ้นต้นด้วย https://"
    if not parts.hostname or parts.query or parts.fragment or parts.username or not url.isascii() or url.endswith("/"):
        return "ต้องเป็นที่อยู่เช่น https://saraban.example.go.th ไม่มี / ต่อท้าย"
    return f"ยาวเกิน {LONGEST_PUBLIC_URL} ตัวอักษร" if len(url) > LONGEST_PUBLIC_URL else ""
