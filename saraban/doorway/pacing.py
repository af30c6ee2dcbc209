"""How often strangers may do something that costs, or might be guessing. Nobody's address is kept: in memory stands a
keyed digest under a key that is drawn by lot every day and written nowhere."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from time import monotonic

from saraban.domain.errors import TooMuch

_DAY_SECONDS = 86_400.0
_MOST_KEPT = 50_000


class Pace:
    """At most `most` notes in `seconds` from one address (from one /64 of IPv6, which is one subscriber's), or from
    whatever `name` makes of what is told. Each process counts for itself."""

    def __init__(self, most: int, seconds: float, *, name: Callable[[str | None], str] | None = None) -> None:
        self._most, self._seconds = most, seconds
        self._told = name or _subscriber
        self._lock = threading.Lock()
        self._notes: dict[bytes, tuple[float, int]] = {}
        self._key, self._key_since = secrets.token_bytes(32), monotonic()

    def wait(self, address: str | None) -> int:
        """In how many seconds the address may go on; 0 when it may now."""
        now = monotonic()
        with self._lock:
            since, count = self._notes.get(self._name(address, now), (now, 0))
            left = since + self._seconds - now
        return 0 if count < self._most or left <= 0 else int(left) + 1

    def note(self, address: str | None) -> None:
        """The address did it once more."""
        now = monotonic()
        with self._lock:
            name = self._name(address, now)
            since, count = self._notes.get(name, (now, 0))
            if now - since >= self._seconds:
                since, count = now, 0
            self._notes[name] = (since, count + 1)
            if len(self._notes) > _MOST_KEPT:
                self._forget(now)

    def _name(self, address: str | None, now: float) -> bytes:
        if now - self._key_since >= _DAY_SECONDS:
            self._key, self._key_since = secrets.token_bytes(32), now
            self._notes.clear()
        return hashlib.blake2b(self._told(address).encode(), key=self._key, digest_size=16).digest()

    def _forget(self, now: float) -> None:
        """Drop what no longer counts; when that is not enough, the older half."""
        kept = {name: note for name, note in self._notes.items() if now - note[0] < self._seconds}
        if len(kept) > _MOST_KEPT:
            newest = sorted(kept.items(), key=lambda item: item[1][0])[len(kept) // 2 :]
            kept = dict(newest)
        self._notes = kept


def expect_patience(pace: Pace, of: str | None, words: str) -> None:
    """Raise TooMuch, with these words, the minutes and its `seconds`, while the pace lets this one wait."""
    if seconds := pace.wait(of):
        error = TooMuch(f"{words} รอ {-(-seconds // 60)} นาทีแล้วลองอีกครั้ง")
        error.seconds = seconds
        raise error


def everybody(_: str | None) -> str:
    """The name of all together, for a pace that is nobody's own."""
    return "everybody"


def _subscriber(address: str | None) -> str:
    try:
        found = ip_address(address or "")
    except ValueError:
        return "nowhere"
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or int(found) >> 64)
