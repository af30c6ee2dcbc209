"""The port of the shelf of letters from the public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.incoming import IncomingId
from saraban.domain.petition import Petition


class Petitions(Protocol):
    """Letters from the public."""

    def add(self, petition: Petition) -> None: ...
    def save(self, petition: Petition) -> None: ...
    def of_letter(self, agency_id: AgencyId, incoming_id: IncomingId) -> Petition | None: ...
    def of_form(self, key: Digest) -> Petition | None:
        """The letter of a form that was sent before, of whatever agency."""
        ...

    def by_code(self, code: Digest) -> Petition | None:
        """The letter of a whole code, of whatever agency."""
        ...

    def by_number(self, serial: int, year: int, typed: Digest) -> Petition | None:
        """The letter with this number whose code begins so; None for either alone."""
        ...

    def due(self, agency_id: AgencyId, day: date) -> Sequence[Petition]:
        """The agency's whose sender waits and whose last day is not after this one."""
        ...
