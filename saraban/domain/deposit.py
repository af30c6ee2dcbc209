"""บัญชีฝากหนังสือ (form 23, clause 60): letters that are not due yet, left with an archive and still their owner's, who
uses them, takes them back with evidence, and destroys them when they are due.

drawn → accepted → ended, when the last letter is back; drawn → refused
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from saraban.domain import deposit_events as events
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.disposal_item import day_of
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.keeping import expect_short


class DepositKeeper(str, Enum):
    """With whom letters are deposited."""

    STORE = "store"
    NATIONAL = "national"

    @property
    def thai(self) -> str:
        """The keeper in words."""
        return _KEEPERS[self]


_KEEPERS = {
    DepositKeeper.STORE: "หน่วยเก็บของส่วนราชการ",
    DepositKeeper.NATIONAL: "สำนักหอจดหมายเหตุแห่งชาติ กรมศิลปากร",
}


class DepositState(str, Enum):
    """Where a list of form 23 stands."""

    DRAWN = "drawn"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    ENDED = "ended"

    @property
    def thai(self) -> str:
        """The state in words."""
        return _STATES[self]


_STATES = {
    DepositState.DRAWN: "รอผู้รับฝากตรวจรับ",
    DepositState.ACCEPTED: "รับฝากแล้ว",
    DepositState.REFUSED: "ไม่รับฝาก",
    DepositState.ENDED: "คืนครบแล้ว",
}


@dataclass(frozen=True)
class DepositLine:
    """A line of form 23 as it was drawn up; words of a classified letter are not among them. `back_on` and `evidence`:
    when and by what its owner took it back."""

    entry_id: UUID
    file_code: str
    number: str
    letter_date: date | None
    register_number: str
    subject: str
    note: str = ""
    back_on: date | None = None
    evidence: str = ""

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> DepositLine:
        """The one that was kept as JSON."""
        days = {name: day_of(kept[name]) for name in ("letter_date", "back_on")}
        return cls(**{**kept, "entry_id": UUID(kept["entry_id"]), **days})


@dataclass(eq=False)
class DepositList:
    """A list of form 23. `serial` counts the lists of the year."""

    id: UUID
    agency_id: AgencyId
    unit_id: UnitId
    unit_name: str
    keeper: DepositKeeper
    year: int
    serial: int
    lines: tuple[DepositLine, ...]
    made_at: datetime
    made_by: str
    made_title: str
    state: DepositState = DepositState.DRAWN
    accepted_on: date | None = None
    acceptor: str = ""
    acceptor_title: str = ""
    reason: str = ""
    version: int = 1

    @property
    def number(self) -> str:
        """The number of the list."""
        return f"{self.serial}/{self.year}"

    @property
    def there(self) -> list[DepositLine]:
        """The letters that its owner has not taken back."""
        return [line for line in self.lines if line.back_on is None]

    def accept(self, acceptor: str, title: str, on: date, *, by: Actor, at: datetime) -> events.DepositAccepted:
        """The keeper has looked through the letters and signed (clause 60.3): an officer of the National Archives, or
        the records officer himself for the agency's store. Raises BadInput."""
        self._expect(DepositState.DRAWN)
        if self.keeper is DepositKeeper.STORE:
            acceptor, title = by.name, by.title
        if not acceptor.strip():
            raise BadInput({"acceptor": "ใส่ชื่อเจ้าหน้าที่หอจดหมายเหตุที่ลงนามรับฝาก"})
        expect_short(order=acceptor, acceptor_title=title)
        self.state, self.accepted_on = DepositState.ACCEPTED, on
        self.acceptor, self.acceptor_title = acceptor.strip(), title.strip()
        return events.DepositAccepted(at=at, by=by, thing_id=self.id, acceptor=self.acceptor)

    def refuse(self, reason: str, *, by: Actor, at: datetime) -> events.DepositRefused:
        """They are not taken in, and why. Raises BadInput."""
        self._expect(DepositState.DRAWN)
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ไม่รับฝาก"})
        expect_short(reason=reason)
        self.state, self.reason = DepositState.REFUSED, reason.strip()
        return events.DepositRefused(at=at, by=by, thing_id=self.id, reason=self.reason)

    def take_back(self, entry_ids: Collection[UUID], evidence: str, on: date) -> list[DepositLine]:
        """Their owner takes these back, with evidence; the lines as they are then. Raises BadInput for letters that are
        not there and for want of evidence."""
        self._expect(DepositState.ACCEPTED)
        wrong = {}
        if not entry_ids or not set(entry_ids) <= {line.entry_id for line in self.there}:
            wrong["entries"] = "เลือกหนังสือที่ยังฝากอยู่"
        if not evidence.strip():
            wrong["evidence"] = "ใส่หลักฐานการขอคืน เช่น หนังสือขอคืน ที่ และวันที่"
        if wrong:
            raise BadInput(wrong)
        expect_short(order=evidence)
        self.lines = tuple(
            replace(line, back_on=on, evidence=evidence.strip()) if line.entry_id in entry_ids else line
            for line in self.lines
        )
        if not self.there:
            self.state = DepositState.ENDED
        return [line for line in self.lines if line.entry_id in entry_ids]

    def _expect(self, state: DepositState) -> None:
        if self.state is not state:
            raise StageNotAllowed(f"บัญชีนี้{self.state.thai}")


def deposit_list_of(row: Mapping[str, Any]) -> DepositList:
    """The list whose fields are in a row, its lines as plain JSON values."""
    values = {f.name: row[f.name] for f in fields(DepositList)}
    return DepositList(**values | {"lines": tuple(DepositLine.from_plain(one) for one in values["lines"])})
