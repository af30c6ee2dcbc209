"""What people decide about the mails that tell them of their work, and about the calendar of their deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class NoticeMailSet(DomainEvent):
    """Where a person is told of the work, and by which mails; set by that person or by the administrator."""

    name = "person.notice-mail-set"
    thing_id: UUID
    person: str
    email: str
    digest: bool
    urgent: bool


@dataclass(frozen=True, kw_only=True)
class CalendarMade(DomainEvent):
    """A person has a calendar of deadlines under a new address; an older address opens nothing any more."""

    name = "person.calendar-made"
    thing_id: UUID


@dataclass(frozen=True, kw_only=True)
class CalendarWithdrawn(DomainEvent):
    """A person's calendar of deadlines opens nothing any more."""

    name = "person.calendar-withdrawn"
    thing_id: UUID
