"""The past of the demo: a clock that stands in it while it is written."""

from __future__ import annotations

from datetime import datetime, timedelta

from saraban.bootstrap import SystemClock
from saraban.domain.calendar import BANGKOK


class DemoClock:
    """The machine's clock, or one that is behind it while the past is written."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self._behind = timedelta(0)

    def now(self) -> datetime:
        """The moment, aware and in UTC."""
        return self._real.now() - self._behind

    def stand(self, moment: datetime) -> None:
        """Go on from that moment."""
        self._behind = self._real.now() - moment

    def stand_days_ago(self, days: int) -> None:
        """Go on from so many days before today; 0 is the present."""
        self._behind = timedelta(days=days)


def last_year(now: datetime) -> datetime:
    """A working day at the end of the year before, on which the demo begins."""
    return datetime(now.astimezone(BANGKOK).year - 1, 12, 19, 10, 0, tzinfo=BANGKOK)


def close_of_last_year(now: datetime) -> datetime:
    """When the books of that year were closed."""
    return datetime(now.astimezone(BANGKOK).year, 1, 5, 10, 0, tzinfo=BANGKOK)
