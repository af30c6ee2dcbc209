"""How the stranger writes mail: canonical JSON (RFC 8785), MIME (RFC 2045) and S/MIME (RFC 8551)."""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.header import Header
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from tests.stranger.seals import Key

Json = dict[str, Any]
SIGNATURE = "application/pkcs7-signature"


def canonical(value: Json) -> bytes:
    """RFC 8785 for what the wire carries: names in ASCII, whole numbers, text in NFC."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", text).encode()


def leaf(media_type: str, data: bytes, name: str = "") -> bytes:
    """A leaf part in base64; its name in RFC 2231."""
    head = f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n"
    if name.isascii():
        head += f'Content-Disposition: attachment; filename="{name}"\r\n' if name else ""
    else:
        head += f"Content-Disposition: attachment;\r\n filename*=UTF-8''{quote(name, safe='')}\r\n"
    return head.encode() + b"\r\n" + base64.encodebytes(data).replace(b"\n", b"\r\n")


def multipart(kind: str, parts: Iterable[bytes]) -> bytes:
    """A part of parts. `kind` is the media type with its parameters."""
    line = uuid4().hex
    head = f'Content-Type: {kind};\r\n boundary="{line}"\r\n\r\n'.encode()
    return head + b"".join(b"--%s\r\n%s\r\n" % (line.encode(), part) for part in parts) + b"--%s--\r\n" % line.encode()


def signed(part: bytes, key: Key) -> bytes:
    """The S/MIME multipart/signed around a part that has CRLF line ends already."""
    kind = f'multipart/signed; protocol="{SIGNATURE}"; micalg=sha-256'
    return multipart(kind, [part, leaf(f"{SIGNATURE}; name=smime.p7s", key.sign(part), "smime.p7s")])


def message(headers: Mapping[str, str | None], entity: bytes) -> bytes:
    """Header lines, those that are not None, and the entity."""
    lines = [f"{name}: {value}\r\n" for name, value in headers.items() if value is not None]
    return "".join(lines).encode("ascii") + b"MIME-Version: 1.0\r\n" + entity


def encoded(text: str) -> str:
    """A header's words in RFC 2047."""
    return Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")


def moment(at: datetime) -> str:
    """RFC 3339 on the clock of Bangkok."""
    return (at.astimezone(UTC) + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%S+07:00")
