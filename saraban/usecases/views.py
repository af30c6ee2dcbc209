"""Views of lists that a person keeps, as use cases see them; `storage` implements the Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import PersonId


@dataclass(frozen=True)
class SavedView:
    """A list as a person wants to see it again: `screen` names the list, `query` is the rest of its address. The screen
    opens with the one that `is_default`."""

    id: UUID
    person_id: PersonId
    screen: str
    name: str
    query: str
    made_at: datetime
    is_default: bool = False


class SavedViews(Protocol):
    """The views that people keep; each sees their own."""

    def of(self, person_id: PersonId, screen: str) -> Sequence[SavedView]: ...
    def put(self, view: SavedView) -> None: ...
    def drop(self, view_id: UUID) -> None: ...
    def begin_with(self, person_id: PersonId, screen: str, view_id: UUID | None) -> None: ...
