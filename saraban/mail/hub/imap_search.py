"""SEARCH over one folder: the keys that mail programs and gateways use (RFC 3501, section 6.4.4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from saraban.mail.hub.imap_grammar import BadCommand, Token, numbers, word
from saraban.mail.hub.store import StoredMail

_FLAG_KEYS = {name.upper(): f"\\{name}" for name in ("Seen", "Deleted", "Answered", "Flagged", "Draft")}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

Rows = Callable[[list[int]], list[StoredMail]]
HeaderOf = Callable[[StoredMail], bytes]


class Search:
    """One search: the folder as the client knows it, and ways to look further when a key asks for it."""

    def __init__(self, known: list[int], rows: Rows, header_of: HeaderOf) -> None:
        self._known = known
        self._rows = rows
        self._header_of = header_of

    def uids(self, keys: list[Token]) -> list[int]:
        """UIDs of the messages that all keys hold for, ascending. Raises BadCommand."""
        rest = list(keys)
        if len(rest) > 1 and not isinstance(rest[0], list) and word(rest[0]).upper() == "CHARSET":
            rest = rest[2:]
        if not rest:
            raise BadCommand("nothing to search for")
        found = self._known
        while rest and found:
            found = self._narrowed(found, rest)
        return found

    def _narrowed(self, among: list[int], rest: list[Token]) -> list[int]:
        """Take one key off the list and keep what it holds for."""
        token = _next(rest)
        if isinstance(token, list):
            inner = list(token)
            while inner:
                among = self._narrowed(among, inner)
            return among
        key = word(token).upper()
        if key in ("ALL", "OLD"):
            return among
        if key in ("RECENT", "NEW"):
            return []
        if key == "UID":
            wanted = set(numbers(word(_next(rest)), self._known))
            return [uid for uid in among if uid in wanted]
        if re.fullmatch(r"[\d:*,]+", key):
            places = set(numbers(key, list(range(1, len(self._known) + 1))))
            wanted = {uid for place, uid in enumerate(self._known, 1) if place in places}
            return [uid for uid in among if uid in wanted]
        if key == "NOT":
            without = set(self._narrowed(among, rest))
            return [uid for uid in among if uid not in without]
        if key == "OR":
            either = set(self._narrowed(among, rest)) | set(self._narrowed(among, rest))
            return [uid for uid in among if uid in either]
        test = self._test(key, rest)
        return [mail.uid for mail in self._rows(among) if test(mail)] if among else []

    def _test(self, key: str, rest: list[Token]) -> Callable[[StoredMail], bool]:
        """The question that a key asks of one message."""
        if key in _FLAG_KEYS:
            return lambda mail: _FLAG_KEYS[key] in mail.flags
        if key.startswith("UN") and key[2:] in _FLAG_KEYS:
            return lambda mail: _FLAG_KEYS[key[2:]] not in mail.flags
        if key in ("KEYWORD", "UNKEYWORD"):
            flag = word(_next(rest))
            return lambda mail: (flag in mail.flags) is (key == "KEYWORD")
        if key in ("LARGER", "SMALLER"):
            size = _number(word(_next(rest)))
            return lambda mail: mail.size > size if key == "LARGER" else mail.size < size
        if key in ("SINCE", "BEFORE", "ON"):
            day = _day(word(_next(rest)))
            return lambda mail: _compared(key, datetime.fromtimestamp(mail.at, UTC).date(), day)
        if key in ("FROM", "TO", "CC", "SUBJECT"):
            return self._in_header(key, word(_next(rest)))
        if key == "HEADER":
            name = word(_next(rest))
            return self._in_header(name, word(_next(rest)))
        raise BadCommand(f"unknown search key {key[:40]}")

    def _in_header(self, name: str, value: str) -> Callable[[StoredMail], bool]:
        line = re.compile(rb"(?im)^" + re.escape(name.encode()) + rb":(.*(?:\r\n[ \t].*)*)")
        wanted = value.lower().encode()
        return lambda mail: any(wanted in found.lower() for found in line.findall(self._header_of(mail)))


def _compared(key: str, arrived: date, day: date) -> bool:
    if key == "ON":
        return arrived == day
    return arrived >= day if key == "SINCE" else arrived < day


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,10}", text):
        raise BadCommand("not a number")
    return int(text)


def _day(text: str) -> date:
    """A date such as 23-Nov-2026; BadCommand when it is none."""
    match = re.fullmatch(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})", text)
    if match is None or match[2].lower() not in _MONTHS:
        raise BadCommand("not a date")
    try:
        return date(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
    except ValueError as error:
        raise BadCommand("not a date") from error


def _next(rest: list[Token]) -> Token:
    if not rest:
        raise BadCommand("search key without its value")
    return rest.pop(0)
