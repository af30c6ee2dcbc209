"""What happens to orders by which one acts for another position."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class DelegationEntered(DomainEvent):
    """An order was entered: who acts for which position, in which capacity, on which days, by which document."""

    name = "delegation.entered"
    thing_id: UUID
    position: str
    delegate: str
    capacity: str
    since: date
    until: date | None
    document: str


@dataclass(frozen=True, kw_only=True)
class DelegationRevoked(DomainEvent):
    """An order was ended before its day."""

    name = "delegation.revoked"
    thing_id: UUID
    position: str
    delegate: str
    reason: str
