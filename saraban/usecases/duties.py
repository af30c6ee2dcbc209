"""The book of the daily duty and of changed working days, as the use cases need it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from saraban.domain.agency import AgencyId
from saraban.domain.duty import DutyDone, Results
from saraban.domain.problem import ProblemNote
from saraban.domain.workdays import DayChange


class Duties(Protocol):
    """Who did which duty of which day; what an agency changed about its working days."""

    def note(self, done: DutyDone) -> bool:
        """Write it down; False when this person has done it before (the first time stands), and nothing is changed."""
        ...

    def mailbox_read_at(self, agency_id: AgencyId) -> datetime | None:
        """When the gateway last read the agency's mailboxes, the one that waits longest; None when one never was."""
        ...

    def results(self, agency_id: AgencyId, since: datetime, until: datetime) -> Results:
        """What became so far of the dispatches made between two moments."""
        ...

    def changes(self, agency_id: AgencyId) -> Sequence[DayChange]:
        """The agency's own days, in their order."""
        ...

    def change(self, change: DayChange) -> None:
        """Write a day down, over what was said of it before."""
        ...

    def undo(self, agency_id: AgencyId, day: date) -> DayChange | None:
        """Take back what was said of a day, and give it; None when there was nothing."""
        ...


class ProblemNotes(Protocol):
    """What people said about troubles."""

    def find(self, agency_id: AgencyId, key: str) -> ProblemNote | None: ...
    def write(self, note: ProblemNote) -> None:
        """Write it down, over what was said of this card before."""
        ...
