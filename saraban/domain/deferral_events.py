"""What happens to the register of services that are not digital yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class DeferralEntered(DomainEvent):
    """A service that is not digital yet came onto the register, with the end that was agreed."""

    name = "deferral.entered"
    thing_id: UUID
    service: str
    until: date


@dataclass(frozen=True, kw_only=True)
class DeferralChanged(DomainEvent):
    """The register says something else of a service: the names of the fields that changed."""

    name = "deferral.changed"
    thing_id: UUID
    service: str
    until: date
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DeferralEnded(DomainEvent):
    """A service is digital."""

    name = "deferral.ended"
    thing_id: UUID
    service: str
    on: date
