"""The books of officers' desks, as use cases see them; `storage` implements the Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.batch import Batch, BatchId, BatchLine


class Batches(Protocol):
    """Batches, and the phrases that officers keep."""

    def add(self, batch: Batch) -> None: ...
    def get(self, agency_id: AgencyId, batch_id: BatchId) -> Batch: ...
    def save(self, batch: Batch) -> None:
        """Write the batch back, without its letters; ConcurrentEdit when somebody was faster."""
        ...

    def save_lines(self, batch: Batch) -> None: ...
    def mark(self, batch_id: BatchId, line: BatchLine) -> None:
        """Write what became of a letter."""
        ...

    def hold(self, batch_id: BatchId, runner: UUID, until: datetime) -> None:
        """Go on holding it; ConcurrentEdit when it was stopped or another goes through it."""
        ...

    def phrases(self, person_id: PersonId, kind: str) -> tuple[str, ...] | None: ...
    def keep_phrases(self, person_id: PersonId, kind: str, phrases: Sequence[str]) -> None: ...
