"""Where the reading log is kept, as Protocols: lines wait beside the database until the worker takes them in, so that
no page waits for a transaction of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.reading_log import Mark, Reading


@dataclass(frozen=True)
class Owner:
    """Whose letter or line it is."""

    unit_id: UnitId | None


class ReadingSpool(Protocol):
    """Lines that were noted and not yet taken in. They outlive the process that noted them."""

    def note(self, reading: Reading) -> None:
        """Put a line at the end; takes microseconds."""
        ...

    def take(self) -> tuple[str, Sequence[Reading]] | None:
        """The oldest batch with its name; None when nothing waits. The same batch again until it is done."""
        ...

    def done(self, name: str) -> None:
        """The batch is in the database."""
        ...


class Readings(Protocol):
    """The log in the database: lines are added and never changed."""

    def known(self, ids: Collection[UUID]) -> set[UUID]:
        """Which of these lines are there already."""
        ...

    def owners(self, subjects: Collection[UUID]) -> Mapping[UUID, Owner]:
        """Whose these letters and lines of registers are."""
        ...

    def recent(self, person_id: PersonId, since: datetime) -> Sequence[tuple[UUID, datetime]]:
        """What a person read since then."""
        ...

    def add(self, rows: Sequence[tuple[Reading, Owner | None, tuple[Mark, ...]]], today: date) -> None:
        """Add lines to the days on which they were noted; what comes after its day was tied in belongs to today."""
        ...

    def open_day(self, agency_id: AgencyId, before: date) -> date | None:
        """The oldest day with lines that is not tied into the journal, before this day."""
        ...

    def day(self, agency_id: AgencyId, day: date) -> tuple[int, Digest]:
        """How many lines a day has, and the root over them."""
        ...

    def seal(self, agency_id: AgencyId, day: date, lines: int, root: Digest) -> None:
        """Keep that the day is tied in."""
        ...
