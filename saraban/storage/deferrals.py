"""The register of services that are not digital yet, on its shelf."""

from __future__ import annotations

from sqlalchemy import Connection

from saraban.domain.agency import AgencyId
from saraban.domain.deferral import Deferral, DeferralId
from saraban.domain.errors import NotFound
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.progress import deferrals

_deferrals: Shelf[Deferral] = plain_shelf(deferrals, Deferral)


class DeferralBooks:
    """The agencies' registers of exceptions (usecases.deferrals.Deferrals)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, deferral: Deferral) -> None:
        """Put a service onto the register."""
        _deferrals.add(self._connection, deferral)

    def save(self, deferral: Deferral) -> None:
        """Write it back."""
        _deferrals.save(self._connection, deferral)

    def get(self, agency_id: AgencyId, deferral_id: DeferralId) -> Deferral:
        """The line; NotFound when it is another agency's."""
        deferral = _deferrals.get(self._connection, deferral_id)
        if deferral.agency_id != agency_id:
            raise NotFound
        return deferral
