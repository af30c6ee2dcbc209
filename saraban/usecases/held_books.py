"""The port of files that wait for the virus scanner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from saraban.domain.held_files import HeldFile
from saraban.domain.incoming import IncomingId


class HeldFiles(Protocol):
    """Files that are kept apart."""

    def add(self, *files: HeldFile) -> None: ...
    def save(self, file: HeldFile) -> None: ...
    def of_letter(self, incoming_id: IncomingId) -> Sequence[HeldFile]:
        """Those that came with a letter, also what became of them."""
        ...

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[HeldFile]:
        """Lease files that wait, the oldest first."""
        ...

    def put_off(self, file_id: UUID, why: str, until: datetime) -> None:
        """Not before that moment."""
        ...
