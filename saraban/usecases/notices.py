"""The book of notices, as the use cases need it, and the notices that several of them give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId
from saraban.domain.classification import Urgency
from saraban.domain.letter import Letter
from saraban.domain.notice import About, Notice, NoticeKind


@dataclass(frozen=True)
class Waiting:
    """A letter that waits before a position, since when; `asked` the day by which it asks for an answer."""

    letter_id: UUID
    position_id: PositionId
    since: datetime
    urgency: Urgency
    asked: date | None


@dataclass(frozen=True)
class Ordered:
    """A task that somebody still has to do by a day: his own, or that of the holder of a position."""

    task_id: UUID
    incoming_id: UUID
    person_id: PersonId | None
    position_id: PositionId | None
    due: date


class Notices(Protocol):
    """What people are told. That it is somebody's turn at a letter is told by the books when the letter is saved."""

    def tell(self, told: Sequence[Notice]) -> int:
        """Write down what people did not hear of before; how many there were."""
        ...

    def holders(self, positions: Sequence[PositionId], on: date) -> Mapping[PositionId, PersonId]:
        """Who holds these positions on a day."""
        ...

    def begin_day(self, agency_id: AgencyId, day: date) -> bool:
        """Begin to tell the deadlines of a day; False when that was done before."""
        ...

    def waiting(self, agency_id: AgencyId) -> Sequence[Waiting]:
        """All that waits before officers of the agency, but for what is for information."""
        ...

    def ordered(self, agency_id: AgencyId) -> Sequence[Ordered]:
        """The tasks of the agency that have a day, are not done and are a person's or a position's."""
        ...

    def held(self, positions: Sequence[PositionId]) -> Mapping[PositionId, Sequence[tuple[date, date | None]]]:
        """When somebody held these positions, or acted for them by an order."""
        ...

    def mark_read(self, agency_id: AgencyId, person_id: PersonId, at: datetime, notice_id: UUID | None = None) -> int:
        """Note that the person has seen one notice, or all (None); how many were unread."""
        ...

    def mark_about(self, agency_id: AgencyId, person_id: PersonId, about_id: UUID, at: datetime) -> int:
        """Note that the person has seen what his notices about a thing tell; how many were unread."""
        ...


def returned(letter: Letter, *, by: Actor, reason: str, at: datetime) -> list[Notice]:
    """Tell the drafter that the letter came back; nobody when he sent it back himself."""
    if letter.drafter_id == by.person_id:
        return []
    told = {"by": by.name, "reason": reason.strip()[:300]}
    return [
        Notice(
            agency_id=letter.agency_id,
            person_id=letter.drafter_id,
            kind=NoticeKind.RETURNED,
            about=About.LETTER,
            about_id=letter.id,
            occasion=str(letter.version),
            at=at,
            told=told,
        )
    ]
