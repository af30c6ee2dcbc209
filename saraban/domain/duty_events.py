"""What happens in the daily duty, and to the calendar of working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class MailboxAttended(DomainEvent):
    """A keeper looked into the central mailbox, for the first time in this half of the day."""

    name = "duty.mailbox-opened"
    thing_id: UUID
    day: date
    duty: str
    mailbox_read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ResultsReviewed(DomainEvent):
    """A keeper looked at what became of the letters sent on a day."""

    name = "duty.results-reviewed"
    thing_id: UUID
    day: date
    sent: int
    answered: int
    trouble: int


@dataclass(frozen=True, kw_only=True)
class WorkdayChanged(DomainEvent):
    """The administrator said that a day is off or is a working day, or (`undone`) took that back."""

    name = "agency.workday-changed"
    thing_id: UUID
    day: date
    off: bool
    title: str
    undone: bool = False
