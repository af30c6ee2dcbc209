"""Just enough ASN.1 (ITU-T X.690) for CMS: writing DER, and reading what others wrote in DER or BER.

Reading is strict about bounds: every element lies inside its parent, depth and size are limited, and whatever is wrong
raises Malformed, never anything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = 0x17, 0x18, 0x30, 0x31
CONTEXT_0, CONTEXT_1, CONTEXT_2, CONTEXT_3 = 0xA0, 0xA1, 0xA2, 0xA3
_DEEPEST = 24


class Malformed(ValueError):
    """The bytes are not what the standard asks for. The message is for the log; `thai` is for a person."""

    def __init__(self, message: str, thai: str = "โครงสร้างข้อมูลไม่เป็นไปตามมาตรฐาน") -> None:
        super().__init__(message)
        self.thai = thai


def tlv(tag: int, *parts: bytes) -> bytes:
    """An element with this tag octet around the joined parts, in DER."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER, given in dotted form."""
    return tlv(OID, oid_content(dotted))


@cache
def oid_content(dotted: str) -> bytes:
    """The content octets of an OBJECT IDENTIFIER (X.690, 8.19), by which identifiers are compared while reading."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    octets = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | (arc & 0x7F))
        octets += bytes(reversed(groups))
    return bytes(octets)


def set_of(*elements: bytes) -> bytes:
    """A SET OF with its elements in the order of DER (X.690, 11.6)."""
    return tlv(SET, *sorted(elements))


def time(moment: datetime) -> bytes:
    """The moment as CMS writes it: UTCTime from 1950 through 2049, GeneralizedTime otherwise (RFC 5652, 11.3)."""
    moment = moment.astimezone(UTC)
    if 1950 <= moment.year < 2050:
        return tlv(UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(GENERALIZED_TIME, moment.strftime("%Y%m%d%H%M%SZ").encode())


class Element(NamedTuple):
    """An element inside `data`: `start` is where its header begins, `content` to `end` is what is in it, and `after`
    is where the next one begins. `definite` is False when BER left the length open."""

    data: bytes
    tag: int
    start: int
    content: int
    end: int
    after: int
    definite: bool

    @property
    def whole(self) -> bytes:
        """The element with its header, exactly as written."""
        return self.data[self.start : self.after]

    @property
    def inside(self) -> bytes:
        """The content octets."""
        return self.data[self.content : self.end]

    def children(self) -> list[Element]:
        """The elements inside, in order. Raises Malformed when they do not fill it exactly."""
        return list(_elements(self.data, self.content, self.end))

    def expect(self, tag: int) -> Element:
        """Itself, when it has this tag; Malformed otherwise."""
        if self.tag != tag:
            raise Malformed(f"tag {self.tag:#x} where {tag:#x} belongs")
        return self

    def small_integer(self) -> int:
        """The value of an INTEGER of at most four octets."""
        self.expect(INTEGER)
        if not 1 <= self.end - self.content <= 4:
            raise Malformed("integer too long")
        return int.from_bytes(self.inside, "big", signed=True)

    def moment(self) -> datetime:
        """The value of a UTCTime or GeneralizedTime, in UTC and to the second (RFC 5280, 4.1.2.5)."""
        text = self.inside.decode("ascii", "replace")
        try:
            if self.tag == UTC_TIME and len(text) == 13:
                century = "19" if text[:2] >= "50" else "20"
                return datetime.strptime(century + text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
            if self.tag == GENERALIZED_TIME and len(text) == 15:
                return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
        except ValueError as error:
            raise Malformed("not a time") from error
        raise Malformed("not a time")


def read(data: bytes) -> Element:
    """The one element that these bytes are. Raises Malformed, also when something follows it."""
    element = _element(data, 0, len(data), 0)
    if element.after != len(data):
        raise Malformed("something follows the end")
    return element


def without_padding(data: bytes) -> bytes:
    """The one element at the beginning, without the zeros that a PDF reserves behind it (ISO 32000-1, 12.8.3.3).
    Raises Malformed when anything else follows."""
    element = _element(data, 0, len(data), 0)
    if data[element.after :].strip(b"\0"):
        raise Malformed("something follows the end")
    return element.whole


def _elements(data: bytes, position: int, end: int) -> Iterator[Element]:
    while position < end:
        element = _element(data, position, end, 0)
        yield element
        position = element.after


def _element(data: bytes, start: int, limit: int, depth: int) -> Element:
    if limit - start < 2:
        raise Malformed("cut short")
    tag, length = data[start], data[start + 1]
    if tag & 0x1F == 0x1F:
        raise Malformed("tag number above 30")
    content = start + 2
    if length < 0x80:
        end = content + length
    elif length == 0x80:
        return _open_ended(data, tag, start, limit, depth)
    else:
        octets = length & 0x7F
        if octets > 4 or content + octets > limit:
            raise Malformed("length")
        end = content + octets + int.from_bytes(data[content : content + octets], "big")
        content += octets
    if end > limit:
        raise Malformed("longer than what it is in")
    return Element(data, tag, start, content, end, end, True)


def _open_ended(data: bytes, tag: int, start: int, limit: int, depth: int) -> Element:
    """An element of indefinite length: it ends with two zero octets (X.690, 8.1.5)."""
    if not tag & 0x20 or depth >= _DEEPEST:
        raise Malformed("indefinite length")
    position = start + 2
    while True:
        if data[position : position + 2] == b"\0\0" and position + 2 <= limit:
            return Element(data, tag, start, start + 2, position, position + 2, False)
        position = _element(data, position, limit, depth + 1).after
