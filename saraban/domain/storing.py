"""บัญชีหนังสือส่งเก็บ (form 19, clauses 54 and 55): what a unit sends into the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.disposal_item import day_of
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.keeping import expect_short
from saraban.domain.keeping_events import StoringListReceived, StoringListReturned


class StoringState(str, Enum):
    """Where a list of form 19 stands."""

    DRAWN = "drawn"
    RECEIVED = "received"
    RETURNED = "returned"

    @property
    def thai(self) -> str:
        """The state in words."""
        return {"drawn": "รอหน่วยเก็บรับ", "received": "รับเก็บแล้ว", "returned": "ส่งคืนหน่วยงาน"}[self.value]


@dataclass(frozen=True)
class StoringLine:
    """A line of form 19 as it was drawn up; words of a classified letter are not among them."""

    entry_id: UUID
    number: str
    letter_date: date | None
    subject: str
    term: str
    note: str = ""

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> StoringLine:
        """The one that was kept as JSON."""
        return cls(**{**kept, "entry_id": UUID(kept["entry_id"]), "letter_date": day_of(kept["letter_date"])})


@dataclass(eq=False)
class StoringList:
    """บัญชีหนังสือส่งเก็บ (form 19): a unit sends what is finished, the records officer takes it in. `serial` counts the
    unit's lists of the year."""

    id: UUID
    agency_id: AgencyId
    unit_id: UnitId
    unit_name: str
    year: int
    serial: int
    lines: tuple[StoringLine, ...]
    made_at: datetime
    made_by: str
    made_title: str
    state: StoringState = StoringState.DRAWN
    settled_at: datetime | None = None
    settled_by: str = ""
    settled_title: str = ""
    reason: str = ""
    version: int = 1

    def receive(self, *, year: int, first: int, by: Actor, at: datetime) -> StoringListReceived:
        """Everything on it is in the store, under numbers from `first` on."""
        self._settle(StoringState.RECEIVED, by, at)
        return StoringListReceived(
            at=at, by=by, thing_id=self.id, year=year, first=first, last=first + len(self.lines) - 1
        )

    def give_back(self, reason: str, *, by: Actor, at: datetime) -> StoringListReturned:
        """It goes back to its unit, with the reason."""
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ส่งคืน"})
        expect_short(reason=reason)
        self._settle(StoringState.RETURNED, by, at)
        self.reason = reason.strip()
        return StoringListReturned(at=at, by=by, thing_id=self.id, reason=self.reason)

    def _settle(self, state: StoringState, by: Actor, at: datetime) -> None:
        if self.state is not StoringState.DRAWN:
            raise StageNotAllowed(f"บัญชีนี้{self.state.thai}")
        self.state, self.settled_at, self.settled_by, self.settled_title = state, at, by.name, by.title


def storing_list_of(row: Mapping[str, Any]) -> StoringList:
    """The list whose fields are in a row, its lines as plain JSON values."""
    values = {f.name: row[f.name] for f in fields(StoringList)}
    return StoringList(**values | {"lines": tuple(StoringLine.from_plain(one) for one in values["lines"])})
