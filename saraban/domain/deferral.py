"""Services of the agency that are not digital yet: the register of exceptions agreed with the OPDC, case by case, with
rank, urgency, readiness and end date (cabinet resolution of 2 April 2562, item 3.1)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, NewType
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.errors import BadInput, StageNotAllowed

DeferralId = NewType("DeferralId", UUID)
MOST_RANK = 999
_LONGEST = {"service": 200, "reason": 1_000, "agreement": 200, "note": 1_000}
_CALLED = {"service": "ชื่องานบริการ", "reason": "เหตุผล", "agreement": "หนังสือที่ตกลงกับสำนักงาน ก.พ.ร.", "note": "หมายเหตุ"}
SOON_DAYS = 30


class Pressing(str, Enum):
    """How urgent it is that the service becomes digital."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"

    @property
    def thai(self) -> str:
        """The urgency in words."""
        return {"high": "เร่งด่วนมาก", "middle": "เร่งด่วน", "low": "ไม่เร่งด่วน"}[self.value]


class Standing(str, Enum):
    """How an exception stands on a day."""

    OPEN = "open"
    SOON = "soon"
    EXPIRED = "expired"
    READY = "ready"

    @property
    def thai(self) -> str:
        """The standing in words."""
        return {"open": "อยู่ในเวลา", "soon": "ใกล้ครบกำหนด", "expired": "เลยกำหนดแล้ว", "ready": "พร้อมแล้ว"}[self.value]


@dataclass(frozen=True)
class ServiceFacts:
    """What the register says of a service. `rank`: 1 comes first; `readiness` in per cent; `until` the end that was
    agreed; `agreement` the letter by which the OPDC agreed, empty while it has not."""

    service: str
    reason: str
    rank: int
    pressing: Pressing
    readiness: int
    until: date
    agreement: str = ""
    note: str = ""


@dataclass(eq=False)
class Deferral:
    """A line of the register of exceptions. `ready_on` is the day on which the service became digital."""

    id: DeferralId
    agency_id: AgencyId
    service: str
    reason: str
    rank: int
    pressing: Pressing
    readiness: int
    until: date
    agreement: str
    note: str
    entered_at: datetime
    entered_by: str
    changed_at: datetime
    ready_on: date | None = None
    version: int = 1

    @property
    def matter(self) -> ServiceFacts:
        """What it says."""
        return ServiceFacts(*(getattr(self, f.name) for f in fields(ServiceFacts)))

    def standing(self, today: date) -> Standing:
        """How it stands on a day."""
        if self.ready_on is not None:
            return Standing.READY
        if self.until < today:
            return Standing.EXPIRED
        return Standing.SOON if (self.until - today).days <= SOON_DAYS else Standing.OPEN

    def change(self, matter: ServiceFacts, at: datetime) -> tuple[str, ...]:
        """Say something else of the service; the names of what changed. Raises StageNotAllowed once it is ready."""
        if self.ready_on is not None:
            raise StageNotAllowed("งานบริการนี้พร้อมแล้ว แก้รายการไม่ได้")
        changed = tuple(f.name for f in fields(ServiceFacts) if getattr(self, f.name) != getattr(matter, f.name))
        for name in changed:
            setattr(self, name, getattr(matter, name))
        if changed:
            self.changed_at = at
        return changed

    def end(self, on: date, at: datetime) -> None:
        """The service is digital from that day on. Raises StageNotAllowed when it was before."""
        if self.ready_on is not None:
            raise StageNotAllowed("งานบริการนี้บันทึกว่าพร้อมแล้ว")
        self.ready_on, self.readiness, self.changed_at = on, 100, at


def read_matter(said: ServiceFacts) -> ServiceFacts:
    """The same with spaces folded. Raises BadInput by field."""
    texts: dict[str, Any] = {name: " ".join(getattr(said, name).split()) for name in _LONGEST}
    wrong: dict[str, str] = {}
    for name, most in _LONGEST.items():
        if len(texts[name]) > most:
            wrong[name] = f"{_CALLED[name]}ยาวเกิน {most:,} ตัวอักษร"
        elif not texts[name].isprintable():
            wrong[name] = f"{_CALLED[name]}มีอักขระที่พิมพ์ไม่ได้"
    if not texts["service"]:
        wrong["service"] = "ใส่ชื่องานบริการ"
    if not texts["reason"]:
        wrong["reason"] = "ใส่เหตุผลที่ยังไม่พร้อม"
    if not 1 <= said.rank <= MOST_RANK:
        wrong["rank"] = "ลำดับความสำคัญเป็นเลข 1 ถึง 999"
    if not 0 <= said.readiness <= 100:
        wrong["readiness"] = "ความพร้อมเป็นร้อยละ 0 ถึง 100"
    if wrong:
        raise BadInput(wrong)
    return replace(said, **texts)
