"""The books of who reads what, as use cases see them: lists of readers, groups of them, what people have seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.circulation import Circulation, CirculationId, Reader, ReaderGroup, ReaderGroupId


class Circulations(Protocol):
    """Letters that are passed round. Who is on a letter's list is read with it (`readers`)."""

    def add(self, circulation: Circulation, readers: Sequence[Reader]) -> None: ...
    def save(self, circulation: Circulation) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        ...

    def get(self, agency_id: AgencyId, circulation_id: CirculationId) -> Circulation: ...
    def unnoted(self, circulation_id: CirculationId) -> Sequence[Reader]:
        """Its readers who have not noted the letter."""
        ...

    def reader(self, about_id: UUID, person_id: PersonId) -> Reader | None:
        """The person on the list of a letter."""
        ...

    def save_reader(self, reader: Reader) -> None: ...
    def drop_unopened(self, circulation_id: CirculationId) -> int:
        """Take those off the list who have not opened the letter; how many there were."""
        ...

    def add_group(self, group: ReaderGroup) -> None: ...
    def save_group(self, group: ReaderGroup) -> None: ...
    def group(self, agency_id: AgencyId, group_id: ReaderGroupId) -> ReaderGroup: ...
    def groups(self, agency_id: AgencyId, person_id: PersonId | None) -> Sequence[ReaderGroup]:
        """The agency's groups and the person's own that are in use, by name."""
        ...

    def see(self, person_id: PersonId, about_id: UUID, changed_at: datetime, at: datetime) -> bool:
        """Keep that the person has seen a letter; False when he had seen it since it changed."""
        ...

    def mark_list(self, person_id: PersonId, name: str, at: datetime) -> None:
        """Keep that the person holds a whole list for read until now."""
        ...
