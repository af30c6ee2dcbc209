"""The book of notices, as the use cases need it, and the notices that several of them give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId
from saraban.domain.letter import Letter
from saraban.domain.notice import About, Notice, NoticeKind


class Notices(Protocol):
    """What people are told. That it is somebody's turn at a letter is told by the books when the letter is saved."""

    def tell(self, told: Sequence[Notice]) -> int:
        """Write down what people did not hear of before; how many there were."""
        ...

    def holders(self, positions: Sequence[PositionId], on: date) -> Mapping[PositionId, PersonId]:
        """Who holds these positions on a day."""
        ...

    def mark_read(self, agency_id: AgencyId, person_id: PersonId, at: datetime, notice_id: UUID | None = None) -> int:
        """Note that the person has seen one notice, or all (None); how many were unread."""
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
