"""A time-stamp that comes later: of what was issued, signed or closed while the time-stamping authority did not
answer.

The bytes that went out stay as they are, for their digest is known to others. So the stamp is a detached token (RFC
3161) over the file's SHA-256 and lies beside it, as it does in an ASiC-S container with a time assertion (ETSI EN 319
162-1, 4.3.3.2, item 4 a). It proves that the file with all its signatures was there at its time, and nothing about the
moment of signing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID, uuid4

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest

RETRY_DELAYS = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 30))
CLOCKS_DIFFER_BY = timedelta(minutes=5)
DOUBTED_WAIT = timedelta(minutes=30)
"""When one is asked for again whose stamp named a time that cannot be."""
MEANS = "ไฟล์นี้พร้อมลายมือชื่อมีอยู่แล้วในเวลานั้น ไม่ใช่เวลาที่ลงนาม"


class Stamped(str, Enum):
    """What lacks a stamp or got one."""

    LETTER = "letter"
    ISSUED = "issued"
    COPY = "copy"
    RECEIVED = "received"
    YEAR = "year"
    DAY = "day"

    @property
    def thai(self) -> str:
        """What it is, in words."""
        return {
            "letter": "หนังสือที่ออก",
            "issued": "เอกสารที่ออกให้ประชาชน",
            "copy": "สำเนาที่รับรอง",
            "received": "ฉบับลงตราในไฟล์",
            "year": "รายงานปิดทะเบียน",
            "day": "การปิดวัน",
        }[self.value]


@dataclass(eq=False)
class LateStamp:
    """A file, or the statement of a day, that has no time-stamp, and the one that it got later. `thing_id`: the letter,
    the document, the line or the close that it belongs to. `why`: what the authority said when it was asked, in Thai;
    empty for one that was not asked yet, and while there is no authority. `attempts`: how often it failed for one of
    those that wait."""

    id: UUID
    agency_id: AgencyId
    kind: Stamped
    thing_id: UUID
    sha256: Digest
    made_at: datetime
    why: str
    next_at: datetime
    attempts: int = 0
    token: bytes | None = None
    stamped_at: datetime | None = None
    stamped_by: str = ""

    @classmethod
    def wanted(
        cls, kind: Stamped, agency_id: AgencyId, thing_id: UUID, sha256: Digest, at: datetime, why: str
    ) -> LateStamp:
        """What was made at this moment without a time-stamp, and why: it is asked for soon, for days at once."""
        wait = RETRY_DELAYS[0] if why else timedelta(0)
        return cls(uuid4(), agency_id, kind, thing_id, sha256, at, why, at + wait)

    def doubt(self, moment: datetime, now: datetime) -> str:
        """Why a stamp of that moment cannot be right, in Thai: it is older than the file, or lies ahead of us; else
        empty."""
        if moment < self.made_at - CLOCKS_DIFFER_BY:
            return "ผู้ประทับรับรองเวลา: เวลาในตราอยู่ก่อนเวลาที่ทำไฟล์"
        if moment > now + CLOCKS_DIFFER_BY:
            return "ผู้ประทับรับรองเวลา: เวลาในตราอยู่ในอนาคต"
        return ""


@dataclass(frozen=True)
class LateProof:
    """What the later stamp of a file proves, checked now: from when on the file was surely there, and who says so;
    `reason` why it does not hold, in Thai."""

    good: bool
    at: datetime | None
    by: str
    reason: str = ""

    @property
    def means(self) -> str:
        """What it proves and what it does not, in Thai."""
        return MEANS if self.good else self.reason

    def as_dict(self) -> dict[str, object]:
        """The shape of the API."""
        at = self.at.isoformat() if self.at is not None else None
        return {"good": self.good, "at": at, "by": self.by, "reason": self.reason}


def next_delay(attempts: int) -> timedelta:
    """How long an authority that failed so often is left in peace."""
    return RETRY_DELAYS[min(max(attempts, 1), len(RETRY_DELAYS)) - 1]


def best(proofs: Sequence[LateProof]) -> LateProof:
    """Of one or several the earliest that holds, else the first."""
    good = [one for one in proofs if one.good and one.at is not None]
    return min(good, key=lambda one: one.at.timestamp() if one.at else 0.0) if good else proofs[0]
