"""Cutting foreign mail into parts, on its raw bytes and within limits.

Python's own parser is not used here: it raises on mail that really comes, takes minutes on mail made to hurt, and what
it writes back is not what it read, which breaks every signature. This one only finds delimiters (RFC 2046, section 5.1)
and remembers where things lie; nothing is ever serialised again. Forwarded messages (message/rfc822) are not entered:
what is inside them is not what this sender sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from saraban.domain.errors import SarabanError
from saraban.domain.receipt import ReasonCode
from saraban.exchange.decoding import decode_body, file_name, guess, parameters

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN = re.compile(rb"(?:from|subject|date|message-id)[ \t]*:", re.IGNORECASE)
_FIRST_OCTETS = 64 * 1024
_TYPE = re.compile(r"\s*([A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127})\s*(?:;|$|\s)")


class Unreadable(SarabanError):
    """The mail is beyond reading: past a hard stop. `code` is a reason code of the wire. The raw bytes are kept."""

    def __init__(self, code: str, thai: str) -> None:
        super().__init__(thai, code=code)

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str]]:
        return Unreadable, (self.code, self.thai)


@dataclass(frozen=True)
class Limits:
    """Hard stops of the parser (docs/wire.md, section 3), all above what a receiver must accept."""

    max_bytes: int = 45_000_000
    max_parts: int = 500
    max_depth: int = 20
    max_header_bytes: int = 256 * 1024
    max_header_lines: int = 1_000
    max_files: int = 200


@dataclass(frozen=True)
class Headers:
    """The fields of one header block: lower-case names and raw values, unfolded."""

    fields: tuple[tuple[str, bytes], ...]

    def first(self, name: str) -> str:
        """The first field of this name as text (raw bytes guessed, encoded words left), or the empty string."""
        return next((guess(value).strip() for key, value in self.fields if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every field of this name."""
        return [guess(value).strip() for key, value in self.fields if key == name]


@dataclass(frozen=True)
class Part:
    """A part of the message: where it begins, where its body begins and where it ends in `raw`."""

    raw: bytes = field(repr=False)
    start: int
    body: int
    end: int
    headers: Headers
    media_type: str
    children: tuple[Part, ...] = ()

    @property
    def entity(self) -> bytes:
        """Its exact bytes, header and body."""
        return self.raw[self.start : self.end]

    @property
    def payload(self) -> bytes:
        """Its body without the transfer encoding."""
        return decode_body(self.raw[self.body : self.end], self.headers.first("content-transfer-encoding"))

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of its Content-Type."""
        return parameters(self.headers.first("content-type"))

    @property
    def file_name(self) -> str | None:
        """The name that it gives its file, or None."""
        return file_name(self.headers.first("content-disposition"), self.headers.first("content-type"))

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in the order of the message."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_parts(raw: bytes, limits: Limits, defects: list[str]) -> Part:
    """The message as a tree of parts. Raises Unreadable past a hard stop; smaller faults are added to `defects`."""
    if len(raw) > limits.max_bytes:
        raise Unreadable(ReasonCode.TOO_LARGE.value, f"ไปรษณีย์ใหญ่เกิน {limits.max_bytes // 1_000_000} ล้านไบต์")
    return _Splitter(raw, limits, defects).part(0, len(raw), depth=0)


def read_headers(raw: bytes, start: int, end: int, limits: Limits, *, top: bool = False) -> tuple[Headers, int]:
    """The header block that begins at `start`, and where the body begins. A line that is no field ends the block of a
    part (the blank line was forgotten) and is passed over at the top. Raises Unreadable past the limits."""
    fields: list[tuple[str, list[bytes]]] = []
    lines, position = 0, start
    while position < end:
        newline = raw.find(b"\n", position, end)
        stop = end if newline < 0 else newline + 1
        if raw[position] in b"\r\n" and raw[position:stop] in (b"\n", b"\r\n"):
            position = stop
            break
        match = _FIELD.match(raw, position, stop)
        continues = bool(fields) and raw[position] in b" \t"
        if match is None and not continues and not top:
            break
        lines += 1
        if lines > limits.max_header_lines or stop - start > limits.max_header_bytes:
            raise Unreadable(ReasonCode.UNREADABLE.value, "ส่วนหัวของไปรษณีย์ยาวเกินกำหนด")
        if match is not None:
            fields.append((match[1].decode("ascii").lower(), [raw[match.end() : stop].rstrip(b"\r\n")]))
        elif continues:
            fields[-1][1].append(raw[position:stop].rstrip(b"\r\n"))
        position = stop
    return Headers(tuple((name, b"".join(pieces)) for name, pieces in fields)), position


def header_fields(raw: bytes) -> bytes:
    """A mail that has nothing but the fields by which a person knows it, as far as the first 64 KiB hold them."""
    kept: list[bytes] = []
    keeps = False
    for line in raw[:_FIRST_OCTETS].split(b"\n"):
        if line.strip() == b"":
            break
        if line[:1] not in b" \t":
            keeps = _KNOWN.match(line) is not None and len(kept) < 40
        if keeps:
            kept.append(line.rstrip(b"\r")[:2_000])
    return b"\r\n".join([*kept, b"", b""])


class _Splitter:
    """Counts parts while it cuts."""

    def __init__(self, raw: bytes, limits: Limits, defects: list[str]) -> None:
        self._raw = raw
        self._limits = limits
        self._defects = defects
        self._parts = 0

    def part(self, start: int, end: int, depth: int) -> Part:
        """The part between these places."""
        self._parts += 1
        if self._parts > self._limits.max_parts:
            raise Unreadable(ReasonCode.UNREADABLE.value, f"ไปรษณีย์มีเกิน {self._limits.max_parts} ส่วน")
        if depth > self._limits.max_depth:
            raise Unreadable(ReasonCode.UNREADABLE.value, f"ไปรษณีย์ซ้อนกันเกิน {self._limits.max_depth} ชั้น")
        headers, body = read_headers(self._raw, start, end, self._limits, top=depth == 0)
        match = _TYPE.match(headers.first("content-type"))
        media_type = match[1].lower() if match else "text/plain"
        children: tuple[Part, ...] = ()
        if media_type.startswith("multipart/"):
            children = self._children(headers, body, end, depth)
        return Part(self._raw, start, body, end, headers, media_type, children)

    def _children(self, headers: Headers, body: int, end: int, depth: int) -> tuple[Part, ...]:
        boundary = parameters(headers.first("content-type")).get("boundary", "").rstrip()
        if not boundary or not boundary.isascii():
            self._defects.append("boundary-missing")
            return ()
        children: list[Part] = []
        begin: int | None = None
        for line, after, closing in self._delimiters(boundary.encode("ascii"), body, end):
            if begin is not None:
                children.append(self.part(begin, max(begin, line), depth + 1))
            begin = None if closing else after
            if closing:
                break
        if begin is not None:
            self._defects.append("boundary-not-closed")
            children.append(self.part(begin, end, depth + 1))
        return tuple(children)

    def _delimiters(self, boundary: bytes, body: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """For each delimiter line: where the content before it ends (its line end belongs to the delimiter), where
        the content after it begins, and whether it closes."""
        raw = self._raw
        # The line end before the dashes is searched for together with them, which is fastest; the one behind is only
        # looked at, since it may be the one before the next delimiter.
        line = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*+(?=\r?\n|\Z)")
        for match in line.finditer(raw, body - 1, end):
            before = match.start() - (1 if raw[match.start() - 1] == 0x0D else 0)
            after = min(match.end() + (2 if raw[match.end() : match.end() + 1] == b"\r" else 1), end)
            yield before, after, match[1] is not None
