"""What happens to letters that are kept: how long, where, on which lists, and what stops their disposal."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class RetentionClassSet(DomainEvent):
    """The administrator said how long a class of letters is kept."""

    name = "retention-class.set"
    thing_id: UUID
    code: str
    basis: str
    years: int | None
    forever: bool
    retired: bool


@dataclass(frozen=True, kw_only=True)
class FileGroupSet(DomainEvent):
    """The administrator changed a group of the file plan."""

    name = "file-plan.set"
    thing_id: UUID
    code: str
    title: str
    class_code: str
    retired: bool


@dataclass(frozen=True, kw_only=True)
class KeepingClassified(DomainEvent):
    """A letter was given its class and its group; `mark` is what it then says."""

    name = "keeping.classified"
    entry_id: UUID
    class_code: str
    file_code: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class KeepingMoved(DomainEvent):
    """A letter is kept otherwise than before: in work, finished, for checking."""

    name = "keeping.moved"
    entry_id: UUID
    state: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class KeepingPlaced(DomainEvent):
    """Where the paper stands."""

    name = "keeping.placed"
    entry_id: UUID
    place: str


@dataclass(frozen=True, kw_only=True)
class KeepingExtended(DomainEvent):
    """A letter is kept longer, and why."""

    name = "keeping.extended"
    entry_id: UUID
    mark: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StoringListDrawn(DomainEvent):
    """A unit sends letters to the store, by form 19."""

    name = "storing.drawn"
    thing_id: UUID
    items: int


@dataclass(frozen=True, kw_only=True)
class StoringListReceived(DomainEvent):
    """The records officer took them in under these numbers of form 20."""

    name = "storing.received"
    thing_id: UUID
    year: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class StoringListReturned(DomainEvent):
    """The records officer sent them back."""

    name = "storing.returned"
    thing_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class HoldPlaced(DomainEvent):
    """Nothing may be done away with until this is lifted."""

    name = "hold.placed"
    entry_id: UUID
    reason: str
    order: str


@dataclass(frozen=True, kw_only=True)
class HoldLifted(DomainEvent):
    """The hold is over."""

    name = "hold.lifted"
    entry_id: UUID
    reason: str
