"""Reading IMAP commands: tokens, sets of numbers, sections of a body (RFC 3501, section 9)."""

from __future__ import annotations

import re
from dataclasses import dataclass


class BadCommand(Exception):
    """The client's line does not follow the grammar; the words go into a BAD answer."""


Token = bytes | list["Token"]

_ATOM_END = frozenset(b' ()"')
_DEEPEST = 10


def tokens(parts: list[bytes]) -> list[Token]:
    """The tokens of a command, given as text and literals in turn (text first). Parentheses become lists; a body
    section such as BODY.PEEK[HEADER.FIELDS (SUBJECT)]<0.10> is one token. Raises BadCommand."""
    root: list[Token] = []
    stack = [root]
    for number, part in enumerate(parts):
        if number % 2:
            stack[-1].append(part)
        else:
            _read_text(part, stack)
    if len(stack) != 1:
        raise BadCommand("parenthesis not closed")
    return root


def _read_text(text: bytes, stack: list[list[Token]]) -> None:
    at = 0
    while at < len(text):
        byte = text[at : at + 1]
        if byte == b" ":
            at += 1
        elif byte == b"(":
            inner: list[Token] = []
            stack[-1].append(inner)
            stack.append(inner)
            if len(stack) > _DEEPEST:
                raise BadCommand("nested too deeply")
            at += 1
        elif byte == b")":
            stack.pop()
            if not stack:
                raise BadCommand("parenthesis not opened")
            at += 1
        elif byte == b'"':
            value, at = _quoted(text, at + 1)
            stack[-1].append(value)
        else:
            end = _atom_end(text, at)
            stack[-1].append(text[at:end])
            at = end


def _quoted(text: bytes, at: int) -> tuple[bytes, int]:
    value = bytearray()
    while at < len(text):
        byte = text[at]
        if byte == 0x22:
            return bytes(value), at + 1
        if byte == 0x5C:
            at += 1
            if at >= len(text):
                break
            byte = text[at]
        value.append(byte)
        at += 1
    raise BadCommand("quoted string not closed")


def _atom_end(text: bytes, at: int) -> int:
    while at < len(text) and text[at] not in _ATOM_END:
        if text[at] == 0x5B:
            close = text.find(b"]", at)
            if close < 0:
                raise BadCommand("bracket not closed")
            at = close
        at += 1
    return at


def word(token: Token) -> str:
    """The token as text; BadCommand when it is a list."""
    if isinstance(token, list):
        raise BadCommand("unexpected list")
    return token.decode("utf-8", "replace")


def numbers(spec: str, existing: list[int]) -> list[int]:
    """Those of the existing ascending numbers that a sequence set such as "1,5:7,9:*" names, ascending. "*" is the
    highest that exists. Raises BadCommand."""
    if not re.fullmatch(r"(\d{1,10}|\*)(:(\d{1,10}|\*))?(,(\d{1,10}|\*)(:(\d{1,10}|\*))?)*", spec):
        raise BadCommand("not a set of numbers")
    if not existing:
        return []
    found: set[int] = set()
    present = None
    for part in spec.split(","):
        first, _, second = part.partition(":")
        low = existing[-1] if first == "*" else int(first)
        high = low if not second else existing[-1] if second == "*" else int(second)
        low, high = min(low, high), max(low, high)
        if low == high:
            present = present if present is not None else set(existing)
            found.update({low} & present)
        else:
            found.update(n for n in existing if low <= n <= high)
    return sorted(found)


@dataclass(frozen=True)
class Section:
    """A part of a message to be fetched: "", "HEADER", "TEXT" or "HEADER.FIELDS" with names; `start` and `length` for
    a piece of it; `peek` leaves \\Seen alone; `label` is what the answer calls it."""

    part: str
    names: tuple[str, ...]
    start: int | None
    length: int
    peek: bool
    label: bytes


_SECTION = re.compile(
    r"BODY(?P<peek>\.PEEK)?\[(?P<part>|HEADER|TEXT|HEADER\.FIELDS(?:\.NOT)? \((?P<names>[^()\[\]]*)\))\]"
    r"(?:<(?P<start>\d{1,10})\.(?P<length>\d{1,10})>)?",
    re.IGNORECASE,
)


def section(item: str) -> Section | None:
    """The section that a fetch item names, or None when it is no BODY[…] item that we know."""
    old = {"RFC822": ("", False), "RFC822.HEADER": ("HEADER", True), "RFC822.TEXT": ("TEXT", False)}.get(item.upper())
    if old is not None:
        return Section(old[0], (), None, 0, old[1], item.upper().encode())
    match = _SECTION.fullmatch(item)
    if match is None:
        return None
    part = match["part"].upper().partition(" ")[0]
    start = None if match["start"] is None else int(match["start"])
    label = b"BODY[" + match["part"].encode("ascii", "replace") + b"]" + (b"" if start is None else b"<%d>" % start)
    names = tuple((match["names"] or "").replace('"', "").lower().split())
    return Section(part, names, start, int(match["length"] or 0), match["peek"] is not None, label)


def quoted(text: str) -> bytes:
    """A quoted string."""
    return b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8", "replace") + b'"'
