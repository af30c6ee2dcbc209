"""Files by their digest."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, order=True)
class Digest:
    """A SHA-256 in lower-case hexadecimal. Raises ValueError when it is not one."""

    hex: str

    def __post_init__(self) -> None:
        if not _HEX.fullmatch(self.hex):
            raise ValueError(f"not a SHA-256 digest: {self.hex[:80]!r}")

    @classmethod
    def of(cls, data: bytes) -> Digest:
        """The digest of these bytes."""
        return cls(hashlib.sha256(data).hexdigest())

    @property
    def raw(self) -> bytes:
        """The 32 octets."""
        return bytes.fromhex(self.hex)

    def __str__(self) -> str:
        return self.hex


class Role(str, Enum):
    """What a file is to its letter. A page that some of its signers have signed and others not yet, or never, is kept
    as evidence and goes to nobody."""

    LETTER = "letter"
    ENCLOSURE = "enclosure"
    PART_SIGNED = "part-signed"


@dataclass(frozen=True)
class Attachment:
    """A file of a letter: its name (NFC, one path component), what it is, the digest of its bytes; `size` in octets."""

    name: str
    role: Role
    media_type: str
    size: int
    sha256: Digest


def letter_page(files: Sequence[Attachment]) -> Attachment | None:
    """The file that is the letter itself, when it is a PDF; else the first PDF."""
    pages = [f for f in files if f.media_type == "application/pdf"]
    return next((f for f in pages if f.role is Role.LETTER), pages[0] if pages else None)


_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")


def safe_name(name: str, default: str = "แฟ้มแนบ") -> str:
    """A file name that can be shown and saved anywhere: the last path component, NFC, no control or format
    characters, no reserved Windows name, at most 200 octets of UTF-8 (the extension is kept)."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    name = unicodedata.normalize("NFC", name)
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    if not name or name in (".", ".."):
        return default
    if _RESERVED.match(name):
        name = "_" + name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = name, "", ""
    room = 200 - len((dot + ending).encode())
    while len(stem.encode()) > room:
        stem = stem[:-1].rstrip(" .")
    return stem + dot + ending
