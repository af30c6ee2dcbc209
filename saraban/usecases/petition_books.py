"""The ports of letters from the public: of their shelf, and of the press that puts one on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
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


@dataclass(frozen=True)
class PetitionSheet:
    """A letter from the public as it is printed: the words as they were typed, who wrote (rows of caption and value),
    and the names of the files that came with it."""

    agency: str
    subject: str
    text: str
    sender: Sequence[tuple[str, str]]
    files: Sequence[str]
    arrived_at: datetime


class PetitionPress(Protocol):
    """Puts letters from the public on paper."""

    def petition(self, sheet: PetitionSheet) -> bytes:
        """A4 as PDF, as many pages as the words take; nothing on it looks like a letter of an agency."""
        ...
