"""The port of the shelf of questions about documents; shared by those who ask, answer, seal and forget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.lookup import Lookup


class DocumentLookups(Protocol):
    """Questions about documents to their issuers: ours, and others' to us."""

    def add(self, one: Lookup) -> None: ...
    def get(self, agency_id: AgencyId, lookup_id: UUID) -> Lookup:
        """One of the agency's, held until commit; NotFound otherwise."""
        ...

    def find(self, agency_id: AgencyId, other_code: str, request_id: UUID, *, ours: bool) -> Lookup | None:
        """The one of a request, held until commit."""
        ...

    def save(self, one: Lookup) -> None: ...
    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Lookup]:
        """Lease those that owe a message."""
        ...

    def paid(self, one: Lookup) -> bool:
        """The message that it owes is sealed; False when another worker did so before, or another is owed by now."""
        ...

    def times_asked(self, agency_id: AgencyId, other_code: str, *, after: datetime) -> int:
        """How many questions the other has asked us after that moment."""
        ...

    def silent(self, asked_before: datetime, limit: int) -> Sequence[Lookup]:
        """Questions of ours from before that moment without any answer, sent once."""
        ...

    def over(self, today: date, limit: int) -> Sequence[Lookup]:
        """Those whose time to be kept is over and that are not forgotten yet."""
        ...
