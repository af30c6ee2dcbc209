"""JSON as the wire wants it: written canonically (RFC 8785), read with suspicion.

`canonical` writes; `read_object` and `Members` read foreign bytes and raise Malformed, with Thai words, for whatever is
not exactly what docs/wire.md promises. Nothing here knows whether it reads a manifest or a statement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

import rfc8785

from saraban.domain.attachment import Digest
from saraban.domain.calendar import BANGKOK, aware_utc

MAX_BYTES = 1 << 20  # docs/wire.md, section 3: a receiver must accept a manifest of 1 MiB
MAX_DEPTH = 16  # what we define nests 3 deep; the rest is room for unknown members
MAX_SAFE_INTEGER = (1 << 53) - 1  # RFC 7493 (I-JSON), which RFC 8785 builds on

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Enum)

# The closing quote is optional so that an unterminated string is swallowed once, not scanned again from every quote.
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})", re.ASCII)
_MAILBOX = re.compile(r"[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
# Control characters, and halves of surrogate pairs, which are no characters at all.
_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_BREAKS = re.compile(r"[\t\r\n\x85\u2028\u2029]")
_YEARS = range(1900, 2400)  # above it stands a Buddhist year where the Common Era is asked for


class Malformed(ValueError):
    """The bytes are not what the wire promises; `thai` says where and how, for a person."""

    def __init__(self, thai: str) -> None:
        super().__init__(thai)
        self.thai = thai


def canonical(value: Mapping[str, object]) -> bytes:
    """The canonical bytes (RFC 8785) of an object. Raises ValueError for what I-JSON cannot hold.

    What we write ourselves has neither fractions nor names outside ASCII: of that the standard library's encoder makes
    the same bytes in a twentieth of the time, which a circular asks for thousands of times."""
    plain: Any = dict(value)
    if _is_plain(plain):
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return rfc8785.dumps(plain)


def _is_plain(value: object) -> bool:
    """Is this written alike by both encoders? Fractions, large numbers, names that sort otherwise in UTF-16, and
    subclasses (an Enum is a text too) are left to the one that knows."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if isinstance(value, int) and kind is int:
        return -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER
    if isinstance(value, dict) and kind is dict:
        return all(type(name) is str and name.isascii() and _is_plain(inner) for name, inner in value.items())
    return isinstance(value, list) and kind is list and all(map(_is_plain, value))


def wire_moment(moment: datetime) -> str:
    """A moment as RFC 3339 on the clock of Bangkok, to the second. Raises ValueError without a zone."""
    return aware_utc(moment).astimezone(BANGKOK).isoformat(timespec="seconds")


def read_object(data: bytes, at_most: int = MAX_BYTES) -> dict[str, object]:
    """The JSON object in these bytes. Raises Malformed when it is too large, too deep, repeats a key, holds NaN, a
    number outside I-JSON, a lone surrogate or a control character, or is no object at all."""
    if len(data) > at_most:
        raise Malformed(f"ใหญ่เกิน {at_most >> 20} เมบิไบต์")
    if _depth(data) > MAX_DEPTH:
        raise Malformed(f"ซ้อนกันลึกเกิน {MAX_DEPTH} ชั้น")
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_safe_integer,
        )
    except Malformed:
        raise
    except UnicodeDecodeError as error:
        raise Malformed("ไม่ใช่อักขระ UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise Malformed("ไม่ใช่ JSON ที่ถูกต้อง") from error
    if not isinstance(value, dict):
        raise Malformed("ต้องเป็นวัตถุ JSON")
    _check_strings(value)
    return value


class Members:
    """The members of one object, each read as the type it must have. `where` names the object in the words of the
    wire ("files[2]."). Null means absent (docs/wire.md, section 3); a member that is needed and absent is Malformed."""

    def __init__(self, values: Mapping[str, object], where: str = "") -> None:
        self._values = values
        self._where = where

    def has(self, name: str) -> bool:
        """True when the member is there and not null."""
        return self._values.get(name) is not None

    def maybe(self, name: str, read: Callable[[str], _T]) -> _T | None:
        """The member as `read` understands it, or None when it is absent."""
        return read(name) if self.has(name) else None

    def text(self, name: str) -> str:
        """A string; it may be empty and hold line breaks."""
        value = self._needed(name)
        if not isinstance(value, str):
            raise self.wrong(name, "ต้องเป็นข้อความ")
        return value

    def words(self, name: str) -> str:
        """A string that says something."""
        value = self.text(name)
        if not value.strip():
            raise self.wrong(name, "ต้องไม่ว่าง")
        return value

    def line(self, name: str) -> str:
        """A string that says something on one line."""
        value = self.words(name)
        if _LINE_BREAKS.search(value):
            raise self.wrong(name, "ต้องอยู่ในบรรทัดเดียว")
        return value

    def mailbox(self, name: str) -> str:
        """A mail address in ASCII, as an rfc822Name holds it (RFC 5280, section 4.2.1.6)."""
        value = self.line(name)
        if not _MAILBOX.fullmatch(value):
            raise self.wrong(name, "ไม่ใช่ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์")
        return value

    def integer(self, name: str, low: int = 0, high: int = MAX_SAFE_INTEGER) -> int:
        """A whole number between the two bounds; true and false are no numbers."""
        value = self._needed(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(name, "ต้องเป็นจำนวนเต็ม")
        if not low <= value <= high:
            raise self.wrong(name, "อยู่นอกช่วงที่ใช้ได้")
        return value

    def boolean(self, name: str) -> bool:
        """True or false, and nothing that counts as either."""
        value = self._needed(name)
        if not isinstance(value, bool):
            raise self.wrong(name, "ต้องเป็น true หรือ false")
        return value

    def uuid(self, name: str) -> UUID:
        """A UUID in its 36 characters."""
        value = self.text(name)
        if not _UUID.fullmatch(value):
            raise self.wrong(name, "ไม่ใช่ UUID")
        return UUID(value)

    def digest(self, name: str) -> Digest:
        """A SHA-256 in hexadecimal; capitals are forgiven."""
        try:
            return Digest(self.text(name).lower())
        except ValueError as error:
            raise self.wrong(name, "ไม่ใช่ค่า SHA-256") from error

    def day(self, name: str) -> date:
        """A date as YYYY-MM-DD in the Common Era."""
        value = self.text(name)
        try:
            if not _DAY.fullmatch(value):
                raise ValueError(value)
            day = date.fromisoformat(value)
        except ValueError as error:
            raise self.wrong(name, "ไม่ใช่วันที่แบบ ปปปป-ดด-วว") from error
        self._check_year(name, day.year)
        return day

    def moment(self, name: str) -> datetime:
        """A moment of RFC 3339 with its offset, as aware UTC."""
        value = self.text(name)
        try:
            if not _MOMENT.fullmatch(value):
                raise ValueError(value)
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise self.wrong(name, "ไม่ใช่เวลาตาม RFC 3339 ที่มีเขตเวลา") from error
        self._check_year(name, moment.year)
        return moment.astimezone(UTC)

    def choice(self, name: str, of: type[_E]) -> _E:
        """A member of a closed list."""
        value = self.text(name)
        try:
            return of(value)
        except ValueError as error:
            raise self.wrong(name, f'ไม่รู้จักค่า "{value[:40]}"') from error

    def one_of(self, name: str, allowed: Iterable[str]) -> str:
        """One of these words."""
        value = self.text(name)
        if value not in allowed:
            raise self.wrong(name, f'ไม่รู้จักค่า "{value[:40]}"')
        return value

    def inner(self, name: str) -> Members:
        """The members of an inner object."""
        value = self._needed(name)
        if not isinstance(value, dict):
            raise self.wrong(name, "ต้องเป็นวัตถุ JSON")
        return Members(value, f"{self._where}{name}.")

    def objects(self, name: str, at_most: int) -> list[Members]:
        """The members of each object of a list, at most so many; an absent list is empty."""
        inner = []
        for place, item in enumerate(self._list(name, at_most)):
            if not isinstance(item, dict):
                raise self.wrong(f"{name}[{place}]", "ต้องเป็นวัตถุ JSON")
            inner.append(Members(item, f"{self._where}{name}[{place}]."))
        return inner

    def uuids(self, name: str, at_most: int) -> list[UUID]:
        """The UUIDs of a list, at most so many; an absent list is empty."""
        return [
            Members({f"{name}[{place}]": item}, self._where).uuid(f"{name}[{place}]")
            for place, item in enumerate(self._list(name, at_most))
        ]

    def wrong(self, name: str, thai: str) -> Malformed:
        """The refusal of one member, to be raised."""
        return Malformed(f"{self._where}{name}: {thai}")

    def _list(self, name: str, at_most: int) -> list[object]:
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(name, "ต้องเป็นรายการ")
        if len(value) > at_most:
            raise self.wrong(name, f"มีเกิน {at_most} รายการ")
        return value

    def _needed(self, name: str) -> object:
        value = self._values.get(name)
        if value is None:
            raise self.wrong(name, "ขาดหายไป")
        return value

    def _check_year(self, name: str, year: int) -> None:
        if year not in _YEARS:
            raise self.wrong(name, "ปีต้องเป็นคริสต์ศักราช")


def _depth(data: bytes) -> int:
    deepest = depth = 0
    for match in _BRACKETS.finditer(data):
        token = match.group()
        if token in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif token in (b"]", b"}"):
            depth -= 1
    return deepest


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("มีชื่อสมาชิกซ้ำกัน")
    return members


def _no_constant(name: str) -> object:
    raise Malformed(f"ใช้ค่า {name} ไม่ได้")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Malformed("มีตัวเลขใหญ่เกินไป")
    return value


def _safe_integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_SAFE_INTEGER:
        raise Malformed("มีตัวเลขใหญ่เกินไป")
    return int(text)


def _check_strings(value: object) -> None:
    """Raise Malformed for a string that no database and no mail can carry. The depth is bounded before."""
    if isinstance(value, str):
        if _UNUSABLE.search(value):
            raise Malformed("มีอักขระควบคุมหรืออักขระที่ใช้ไม่ได้")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_strings(name)
            _check_strings(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_strings(inner)
