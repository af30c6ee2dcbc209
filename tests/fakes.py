"""Small real stand-ins of the tests: classes that do the work of the house's equipment without its machinery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FixedClock:
    """The clock of the tests: it stands still until it is told to move."""

    def __init__(self, now: datetime) -> None:
        """Begin at this moment, which must be aware; it is kept in UTC."""
        if now.tzinfo is None:
            raise ValueError("the clock of the tests needs an aware time")
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """The moment at which the clock stands, aware and in UTC."""
        return self._now

    def pass_by(self, span: timedelta) -> None:
        """Let this much time pass."""
        self._now += span

    def move_to(self, moment: datetime) -> None:
        """Put the clock to this moment, earlier or later."""
        self._now = moment.astimezone(UTC)
