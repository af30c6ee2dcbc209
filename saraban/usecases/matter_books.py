"""Where it is kept what letters name and what clerks tied, as a Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.content import Reference
from saraban.domain.matter import Tie


class Matters(Protocol):
    """References of letters, each to the letter it names as soon as that is known, and ties made by hand."""

    def refer(self, agency_id: AgencyId, owner_id: UUID, references: Sequence[Reference]) -> None:
        """Keep what a letter refers to under อ้างถึง, in place of what was kept before, and find each letter that is
        named."""
        ...

    def refresh(self, owners: Sequence[UUID]) -> None:
        """Read anew what these letters and lines refer to under อ้างถึง and mention in their text, and let those that
        name them find them."""
        ...

    def tie(self, tie: Tie) -> None:
        """Keep what a clerk said, over what was said before."""
        ...

    def agency_of(self, thing_id: UUID) -> AgencyId | None:
        """Whose letter or line this is; None when there is none."""
        ...
