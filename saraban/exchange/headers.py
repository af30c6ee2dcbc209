"""Writing mail headers: seven bits, short lines, nothing cut inside a character.

RFC 2047 for words, RFC 2231 for file names, RFC 5322 for folding. Text from anywhere may be given: line breaks and
control characters become spaces, so that nobody adds a header through a subject.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from uuid import UUID

from saraban.domain.calendar import office_time

_CHARSET = "UTF-8''"
LINE = 76  # RFC 2047, section 2: the most for a line that holds an encoded word
_WORD = 75  # RFC 2047, section 2: the most for one encoded word
_OPEN, _CLOSE = "=?utf-8?B?", "?="
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ATTRIBUTE_CHARS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&+-.^_`{|}~")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,127}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}@[!-;=?-~]{1,250}>")
_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]+@[A-Za-z0-9.\[\]:-]+")


def opening(
    sender: tuple[str, str], to: tuple[str, str], *, subject: str, message_id: str, at: datetime, envelope: str
) -> list[str]:
    """The six headers that every message begins with (docs/wire.md, section 2). `sender` and `to` are each a display
    name and an address; `at` becomes Date; `envelope` is what Saraban-Envelope says after the version."""
    return [
        mailbox("From", *sender),
        mailbox("To", *to),
        unstructured("Subject", subject),
        plain("Message-ID", message_id),
        plain("Date", format_datetime(office_time(at).replace(microsecond=0))),
        plain("Saraban-Envelope", f"1; {envelope}"),
    ]


def message_id(own: UUID, address: str) -> str:
    """The Message-ID of what bears this id and leaves from this address, with its angle brackets."""
    return f"<{own}@{address.rpartition('@')[2]}>"


def plain(name: str, value: str) -> str:
    """A header whose value is ASCII already. Raises ValueError for anything that would break out of the line."""
    if not value.isascii() or _CONTROLS.search(value.replace("\r\n ", "")):
        raise ValueError(f"not a plain header value: {name}")
    return f"{name}: {value}\r\n"


def unstructured(name: str, text: str) -> str:
    """A header of words, such as Subject; Thai becomes encoded words, folded."""
    text = _one_line(text)
    if text.isascii() and "=?" not in text and len(name) + 2 + len(text) <= LINE:
        return f"{name}: {text}\r\n"
    return f"{name}: {_encoded(text, LINE - len(name) - 2)}\r\n"


def mailbox(name: str, display: str, address: str) -> str:
    """A header of one mailbox with its display name. Raises ValueError when the address is none."""
    if not is_address(address):
        raise ValueError(f"not a mail address: {address[:80]!r}")
    display = _one_line(display)
    if not display:
        return f"{name}: {address}\r\n"
    quoted = '"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if not display.isascii() or "=?" in display or len(name) + 2 + len(quoted) > LINE:
        quoted = _encoded(display, LINE - len(name) - 2)
    return f"{name}: {quoted}\r\n <{address}>\r\n"


@lru_cache(maxsize=256)
def parameter(name: str, value: str) -> str:
    """A parameter of Content-Type or Content-Disposition, from its semicolon on, each piece on a line of its own:
    a quoted string when it is short ASCII, else RFC 2231 with continuations at whole characters."""
    value = _CONTROLS.sub(" ", value)
    if value.isascii() and len(value) <= 50 and "%" not in value:
        return f';\r\n {name}="' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    room = LINE - len(f" {name}*00*=UTF-8'';")
    pieces = list(_pieces((_percent(character) for character in value), room))
    if len(pieces) == 1:
        return f";\r\n {name}*=UTF-8''{pieces[0]}"
    return "".join(
        f";\r\n {name}*{place}*={_CHARSET if place == 0 else ''}{piece}" for place, piece in enumerate(pieces)
    )


def media_type(text: str) -> str:
    """The media type when it is a plain type/subtype, otherwise application/octet-stream."""
    main, slash, sub = text.strip().lower().partition("/")
    if slash and _TOKEN.fullmatch(main) and _TOKEN.fullmatch(sub) and main not in ("multipart", "message"):
        return f"{main}/{sub}"
    return "application/octet-stream"


def is_message_id(text: str) -> bool:
    """True for <left@right> without spaces: what may be repeated in a header of ours."""
    return bool(_MESSAGE_ID.fullmatch(text))


def is_address(text: str) -> bool:
    """True for an ASCII address that may stand between angle brackets."""
    return bool(_ADDRESS.fullmatch(text))


def _one_line(text: str) -> str:
    return _CONTROLS.sub(" ", text).encode("utf-8", "replace").decode().strip()


@lru_cache(maxsize=256)  # all letters of a circular have the same subject and sender
def _encoded(text: str, first_room: int) -> str:
    words = []
    room = min(first_room, _WORD)
    taken = b""
    for character in text:
        octets = character.encode()
        if taken and _length(len(taken) + len(octets)) > room:
            words.append(taken)
            taken, room = b"", _WORD
        taken += octets
    words.append(taken)
    return "\r\n ".join(_OPEN + base64.b64encode(word).decode() + _CLOSE for word in words)


def _length(octets: int) -> int:
    return len(_OPEN) + len(_CLOSE) + -(-octets // 3) * 4


def _percent(character: str) -> str:
    octets = character.encode("utf-8", "replace")
    return "".join(chr(octet) if octet in _ATTRIBUTE_CHARS else f"%{octet:02X}" for octet in octets)


def _pieces(characters: Iterator[str], room: int) -> Iterator[str]:
    piece = ""
    for character in characters:
        if len(piece) + len(character) > room:
            yield piece
            piece = ""
        piece += character
    yield piece
