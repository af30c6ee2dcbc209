"""A card of the one inbox of troubles (เรื่องที่ต้องแก้). The trouble itself is read out of the state of things; what is
kept is only what people said about it: who sees to it, and until when it is put off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.errors import BadInput
from saraban.domain.problem_events import ProblemBroughtBack, ProblemPutOff, ProblemTaken

LONGEST_PUT_OFF = timedelta(days=90)
MOST_REASON = 500


def reason_of(text: str, asked: str) -> str:
    """The reason that a person gave, in one line. Raises BadInput({"reason": …}) for none and for one too long."""
    reason = " ".join(text.split())
    if not reason:
        raise BadInput({"reason": asked})
    if len(reason) > MOST_REASON:
        raise BadInput({"reason": "เหตุผลยาวเกิน ๕๐๐ ตัวอักษร"})
    return reason


@dataclass
class ProblemNote:
    """What people said about one card. `about` is the id of the thing that it tells of, None when it has none."""

    agency_id: AgencyId
    key: str
    about: UUID | None = None
    owner_id: PersonId | None = None
    owner_name: str = ""
    taken_at: datetime | None = None
    put_off_until: datetime | None = None
    put_off_reason: str = ""
    put_off_by: str = ""

    def take(self, *, title: str, owner_id: PersonId, owner: str, by: Actor, at: datetime) -> ProblemTaken:
        """Say who sees to it; a card that was put off comes into sight again."""
        self.owner_id, self.owner_name, self.taken_at = owner_id, owner, at
        self.put_off_until, self.put_off_reason, self.put_off_by = None, "", ""
        return ProblemTaken(at=at, by=by, thing_id=self.agency_id, key=self.key, title=title, owner=owner)

    def put_off(self, *, title: str, until: datetime, reason: str, by: Actor, at: datetime) -> ProblemPutOff:
        """Out of sight until that moment. Raises BadInput by field for one that is over or too far, or no reason."""
        wrong: dict[str, str] = {}
        if until <= at:
            wrong["until"] = "เลือกเวลาที่ยังไม่ถึง"
        elif until - at > LONGEST_PUT_OFF:
            wrong["until"] = "พักเรื่องได้ไม่เกิน ๙๐ วัน"
        try:
            reason = reason_of(reason, "ใส่เหตุผลที่พักเรื่องนี้ไว้")
        except BadInput as error:
            wrong |= error.fields
        if wrong:
            raise BadInput(wrong)
        self.put_off_until, self.put_off_reason, self.put_off_by = until, reason, by.name
        return ProblemPutOff(
            at=at, by=by, thing_id=self.agency_id, key=self.key, title=title, until=until, reason=reason
        )

    def bring_back(self, *, title: str, by: Actor, at: datetime) -> ProblemBroughtBack | None:
        """Into sight again; None when it was there."""
        if self.put_off_until is None:
            return None
        self.put_off_until, self.put_off_reason, self.put_off_by = None, "", ""
        return ProblemBroughtBack(at=at, by=by, thing_id=self.agency_id, key=self.key, title=title)
