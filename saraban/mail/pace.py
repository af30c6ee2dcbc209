"""How hard a relay may be pressed: connections side by side, messages a minute, and a pause when it does not answer.

The limits are those of this process for one host and port; several workers have them each. A sender waits for its turn
a little; when it does not come, the message goes back into the queue as it was, for nothing was tried.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

PATIENCE_SECONDS = 10.0
FAILURES = 5
"""So many times in a row a host may fail before it is left alone for a while."""
LONGEST_PAUSE_SECONDS = 60.0
Host = tuple[str, int]


class NotYet(Exception):
    """No turn came; ask again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.1f} s")
        self.seconds = seconds


@dataclass
class _Relay:
    """What is known of a host: connections in use, messages that may go at once, when that was counted, failures in a
    row, and until when it is left alone."""

    allowance: float
    counted_at: float
    in_use: int = 0
    failures: int = 0
    alone_until: float = 0.0


class Pace:
    """Gives turns to senders. Safe to be used by several threads."""

    def __init__(
        self,
        connections: int = 0,
        per_minute: int = 0,
        *,
        now: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """At most so many connections and messages a minute for each host; 0 is no limit. A minute's messages may go
        at once after a quiet time."""
        self._connections, self._per_minute = connections, per_minute
        self._now, self._patience = now, patience
        self._change = threading.Condition()
        self._relays: dict[Host, _Relay] = {}

    @contextmanager
    def turn(self, host: Host) -> Iterator[None]:
        """Hold one of the connections for one message. Raises NotYet when none comes free in time, the minute is used
        up, or the host is left alone."""
        with self._change:
            self._wait(self._relay(host))
        try:
            yield
        finally:
            with self._change:
                self._relay(host).in_use -= 1
                self._change.notify_all()

    def answered(self, host: Host) -> None:
        """The host speaks with us."""
        with self._change:
            relay = self._relay(host)
            relay.failures, relay.alone_until = 0, 0.0

    def failed(self, host: Host) -> None:
        """The host could not be reached or closed its door (421). After several times it is left alone, each time for
        longer."""
        with self._change:
            relay = self._relay(host)
            relay.failures += 1
            if relay.failures >= FAILURES:
                pause = min(LONGEST_PAUSE_SECONDS, 2.0 ** (relay.failures - FAILURES + 1))
                relay.alone_until = self._now() + pause

    def _relay(self, host: Host) -> _Relay:
        found = self._relays.get(host)
        if found is None:
            found = self._relays[host] = _Relay(float(self._per_minute), self._now())
        return found

    def _wait(self, relay: _Relay) -> None:
        until = self._now() + self._patience
        while True:
            now = self._now()
            wait = self._must_wait(relay, now)
            if not wait:
                relay.in_use += 1
                relay.allowance -= 1
                return
            if relay.alone_until > now or now + wait > until:
                raise NotYet(wait)
            self._change.wait(wait)

    def _must_wait(self, relay: _Relay, now: float) -> float:
        """Seconds until there may be a turn; 0 when there is one now."""
        if relay.alone_until > now:
            return relay.alone_until - now
        if self._per_minute:
            grown = (now - relay.counted_at) * self._per_minute / 60.0
            relay.allowance, relay.counted_at = min(self._per_minute, relay.allowance + grown), now
            if relay.allowance < 1.0:
                return (1.0 - relay.allowance) * 60.0 / self._per_minute
        if self._connections and relay.in_use >= self._connections:
            return 1.0
        return 0.0
