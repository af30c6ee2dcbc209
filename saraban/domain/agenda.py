"""What lies before a person, by how near its deadline is: the matter of the morning's mail and of the calendar.

The words of a classified letter are in none of it: both leave the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.deadline import Due, Standing
from saraban.domain.notice import About


@dataclass(frozen=True)
class Matter:
    """A letter or a task that waits for a person. `key` tells it from all others, and stays; `deed` is what is asked,
    `title` the post in which, `since` when it came. `subject` of a classified letter says nothing but that it is one,
    and `number` is then empty. Without a `due` nobody named a day."""

    key: str
    about: About
    about_id: UUID
    deed: str
    subject: str
    number: str
    urgency: Urgency
    secrecy: Secrecy
    since: datetime
    title: str
    due: Due | None = None


@dataclass(frozen=True)
class Below:
    """What is late with others in a unit, or in the whole agency, that somebody is over: how many letters, and the
    oldest of those that he may read, each with the post where it lies."""

    name: str
    count: int
    shown: tuple[Matter, ...]


@dataclass(frozen=True)
class Agenda:
    """All that waits for a person on a day, the most pressing first. `new` letters came in and are to be registered,
    `new_urgent` of them are most urgent."""

    person: str
    day: date
    matters: tuple[Matter, ...]
    new: int = 0
    new_urgent: int = 0
    below: tuple[Below, ...] = ()

    @property
    def late(self) -> list[Matter]:
        """What should have been done before that day."""
        return [one for one in self.matters if one.due is not None and one.due.standing is Standing.LATE]

    @property
    def today(self) -> list[Matter]:
        """What is due on that day."""
        return [one for one in self.matters if one.due is not None and one.due.standing is Standing.TODAY]

    @property
    def tomorrow(self) -> list[Matter]:
        """What is due on the next working day."""
        return [one for one in self.matters if one.due is not None and _is_next(one.due)]

    @property
    def later(self) -> list[Matter]:
        """What has more time, or no day at all."""
        return [one for one in self.matters if one.due is None or not (_presses(one.due) or _is_next(one.due))]

    @property
    def empty(self) -> bool:
        """Is there nothing to tell?"""
        return not (self.matters or self.new or self.below)


def in_order(matters: list[Matter]) -> tuple[Matter, ...]:
    """The earliest deadline first, then the most urgent, then what has waited longest."""
    far = date.max
    return tuple(sorted(matters, key=lambda m: (m.due.day if m.due else far, -m.urgency.rank, m.since, m.key)))


def _presses(due: Due) -> bool:
    return due.standing in (Standing.LATE, Standing.TODAY)


def _is_next(due: Due) -> bool:
    return not _presses(due) and due.days == 1
