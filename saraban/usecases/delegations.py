"""The shelf of orders by which one acts for another, as the use cases need it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId
from saraban.domain.delegation import Delegation, DelegationId


class Delegations(Protocol):
    """Orders, and in which capacities people may act by them."""

    def add(self, one: Delegation) -> None: ...
    def save(self, one: Delegation) -> None: ...
    def get(self, agency_id: AgencyId, delegation_id: DelegationId) -> Delegation: ...
    def live(self, agency_id: AgencyId, on: date) -> Sequence[Delegation]:
        """Those that count that day or will yet."""
        ...

    def deputies(self, agency_id: AgencyId, position_id: PositionId, on: date) -> Sequence[Actor]:
        """Who may act for the position that day."""
        ...

    def capacities(self, person_id: PersonId, on: date) -> Sequence[Actor]:
        """Everything that the person may act as that day, the own posts first."""
        ...

    def held_by(self, agency_id: AgencyId, on: date) -> Mapping[PersonId, Collection[PositionId]]:
        """Which positions each person of the agency holds that day."""
        ...
