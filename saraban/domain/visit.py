"""Somebody from outside looks at a kept letter, or copies it (clause 65): outsiders never borrow, they look where it is
kept, with the permission of a head from the rank of a division up.

asked → permitted → done; asked → refused; permitted → gone (nobody came)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.events import DomainEvent
from saraban.domain.keeping import expect_short
from saraban.domain.outsider import is_address


class VisitState(str, Enum):
    """Where a visit stands."""

    ASKED = "asked"
    PERMITTED = "permitted"
    REFUSED = "refused"
    DONE = "done"
    GONE = "gone"

    @property
    def thai(self) -> str:
        """The state in words."""
        return _STATES[self]


_STATES = {
    VisitState.ASKED: "รออนุญาต",
    VisitState.PERMITTED: "อนุญาตแล้ว รอมาดู",
    VisitState.REFUSED: "ไม่อนุญาต",
    VisitState.DONE: "ดูแล้ว",
    VisitState.GONE: "ไม่ได้มาดู",
}
OPEN_VISITS = (VisitState.ASKED, VisitState.PERMITTED)


@dataclass(frozen=True, kw_only=True)
class _OfVisit(DomainEvent):
    """Something about a visit. Who comes, and what for, is not told: it stands on the visit."""

    entry_id: UUID
    visit: UUID


@dataclass(frozen=True, kw_only=True)
class VisitAsked(_OfVisit):
    """An outsider wants to look at a letter, or to copy it."""

    name = "visit.asked"
    copies: bool


@dataclass(frozen=True, kw_only=True)
class VisitPermitted(_OfVisit):
    """The head of the unit, or of the agency, lets it be looked at."""

    name = "visit.permitted"


@dataclass(frozen=True, kw_only=True)
class VisitRefused(_OfVisit):
    """He does not, and why."""

    name = "visit.refused"
    reason: str


@dataclass(frozen=True, kw_only=True)
class VisitDone(_OfVisit):
    """It was looked at while an officer was there, and what was copied."""

    name = "visit.done"
    on: date
    copied: str


@dataclass(frozen=True, kw_only=True)
class VisitGone(_OfVisit):
    """Nobody came."""

    name = "visit.gone"


@dataclass(eq=False)
class Visit:
    """A visit to one letter. `evidence` is by what the visitor showed who he is; `copied` what he took copies of;
    `comes_on` the day on which he wants to come; `mail` where he is answered; `asker_id` who wrote it down."""

    id: UUID
    agency_id: AgencyId
    entry_id: UUID
    unit_id: UnitId | None
    visitor: str
    evidence: str
    purpose: str
    copies: bool
    asked_at: datetime
    asked_by: str
    state: VisitState = VisitState.ASKED
    answered_at: datetime | None = None
    answered_by: str = ""
    answered_title: str = ""
    reason: str = ""
    shown_on: date | None = None
    shown_by: str = ""
    copied: str = ""
    asker_id: PersonId | None = None
    comes_on: date | None = None
    mail: str = ""
    version: int = 1

    def asked(self, *, by: Actor) -> VisitAsked:
        """It was asked for. Raises BadInput where something is missing, or his mailbox is none."""
        named = (("visitor", self.visitor, "ชื่อผู้ขอดู"), ("evidence", self.evidence, "หลักฐานที่แสดงตน"))
        wrong = {
            name: f"ใส่{what}" for name, text, what in (*named, ("purpose", self.purpose, "เหตุที่ขอดู")) if not text.strip()
        }
        if self.mail and not is_address(self.mail):
            wrong["mail"] = "ที่อยู่อีเมลไม่ถูกแบบ เช่น somjai.j@example.com"
        if self.comes_on is not None and self.comes_on < office_date(self.asked_at):
            wrong["comes_on"] = "วันนัดผ่านไปแล้ว"
        if wrong:
            raise BadInput(wrong)
        expect_short(visitor=self.visitor, evidence=self.evidence, purpose=self.purpose)
        return VisitAsked(**self._fact(by, self.asked_at), copies=self.copies)

    def permit(self, *, by: Actor, at: datetime) -> VisitPermitted:
        """It may be looked at."""
        self._answer(VisitState.PERMITTED, by, at)
        return VisitPermitted(**self._fact(by, at))

    def refuse(self, reason: str, *, by: Actor, at: datetime) -> VisitRefused:
        """It may not, and why. Raises BadInput."""
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ไม่อนุญาต"})
        expect_short(reason=reason)
        self._answer(VisitState.REFUSED, by, at)
        self.reason = reason.strip()
        return VisitRefused(**self._fact(by, at), reason=self.reason)

    def show(self, on: date, copied: str, *, by: Actor, at: datetime) -> VisitDone:
        """It was looked at on that day under this officer's eyes. Raises BadInput for copies nobody asked for."""
        self._expect(VisitState.PERMITTED)
        if copied.strip() and not self.copies:
            raise BadInput({"copied": "อนุญาตให้ดูเท่านั้น ไม่ได้อนุญาตให้คัดลอก"})
        expect_short(copied=copied)
        self.state, self.shown_on, self.shown_by, self.copied = VisitState.DONE, on, by.name, copied.strip()
        return VisitDone(**self._fact(by, at), on=on, copied=self.copied)

    def nobody_came(self, *, by: Actor, at: datetime) -> VisitGone:
        """It is over without anybody having come."""
        self._expect(VisitState.PERMITTED)
        self.state = VisitState.GONE
        return VisitGone(**self._fact(by, at))

    def _answer(self, state: VisitState, by: Actor, at: datetime) -> None:
        self._expect(VisitState.ASKED)
        self.state, self.answered_at, self.answered_by, self.answered_title = state, at, by.name, by.title

    def _expect(self, state: VisitState) -> None:
        if self.state is not state:
            raise StageNotAllowed(f"คำขอดูนี้{self.state.thai}")

    def _fact(self, by: Actor, at: datetime) -> dict[str, Any]:
        return {"at": at, "by": by, "entry_id": self.entry_id, "visit": self.id}
