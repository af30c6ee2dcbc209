"""The matter: letters of both registers that belong together, because one answers or names another, or because a clerk
says so (a matter is what a search card of the regulation gathers, clause 48)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.errors import BadInput
from saraban.domain.events import DomainEvent

MOST_REASON = 500


@dataclass(frozen=True)
class Tie:
    """What a clerk said about two letters or lines: that they belong together (`joined`), or that they do not although
    one names the other. `one` is the smaller id: a tie has no direction."""

    agency_id: AgencyId
    one: UUID
    other: UUID
    joined: bool
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MatterTied(DomainEvent):
    """A clerk said that two letters belong to one matter, or that they do not."""

    name = "matter.tied"
    thing_id: UUID
    other_id: UUID
    joined: bool
    reason: str


def tie(agency_id: AgencyId, first: UUID, second: UUID, *, joined: bool, by: str, reason: str, at: datetime) -> Tie:
    """The tie between two different things. Parting needs a reason. Raises BadInput beside the field."""
    reason = " ".join(reason.split())
    if first == second:
        raise BadInput({"other": "เป็นหนังสือฉบับเดียวกัน เลือกฉบับอื่น"})
    if not joined and not reason:
        raise BadInput({"reason": "ใส่เหตุผลที่แยกออกจากเรื่อง"})
    if len(reason) > MOST_REASON:
        raise BadInput({"reason": f"เหตุผลยาวเกิน {MOST_REASON} ตัวอักษร"})
    one, other = sorted((first, second))
    return Tie(agency_id, one, other, joined, by, reason, at)
