"""What happens to the organisation: units, positions, people and what they may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class UnitOpened(DomainEvent):
    """A unit begins; `out_of` is the unit that gave its work away, where there is one."""

    name = "unit.opened"
    thing_id: UUID
    unit: str
    code: str
    above: str
    out_of: str
    since: date
    authority: str


@dataclass(frozen=True, kw_only=True)
class UnitRenamed(DomainEvent):
    """A unit has another name from a day on."""

    name = "unit.renamed"
    thing_id: UUID
    before: str
    unit: str
    since: date
    authority: str


@dataclass(frozen=True, kw_only=True)
class UnitMoved(DomainEvent):
    """A unit stands under another unit from a day on."""

    name = "unit.moved"
    thing_id: UUID
    unit: str
    above: str
    since: date
    authority: str


@dataclass(frozen=True, kw_only=True)
class UnitMerged(DomainEvent):
    """A unit becomes a part of another from a day on, with its posts and the units below it."""

    name = "unit.merged"
    thing_id: UUID
    unit: str
    into: str
    since: date
    authority: str


@dataclass(frozen=True, kw_only=True)
class UnitEnded(DomainEvent):
    """A unit has its last day."""

    name = "unit.ended"
    thing_id: UUID
    unit: str
    until: date
    authority: str


@dataclass(frozen=True, kw_only=True)
class ChangeUndone(DomainEvent):
    """A change of a unit or a position that had not begun was taken back."""

    name = "unit.change-undone"
    thing_id: UUID
    of: str
    since: date


@dataclass(frozen=True, kw_only=True)
class PositionOpened(DomainEvent):
    """A post is there."""

    name = "position.opened"
    thing_id: UUID
    title: str
    unit: str
    role: str
    since: date
    authority: str


@dataclass(frozen=True, kw_only=True)
class PositionChanged(DomainEvent):
    """A post has another title, unit, role or right from a day on."""

    name = "position.changed"
    thing_id: UUID
    before: str
    title: str
    unit: str
    role: str
    clearance: bool
    since: date
    authority: str


@dataclass(frozen=True, kw_only=True)
class PositionEnded(DomainEvent):
    """A post has its last day, and so has who holds it."""

    name = "position.ended"
    thing_id: UUID
    title: str
    until: date
    authority: str


@dataclass(frozen=True, kw_only=True)
class PersonAppointed(DomainEvent):
    """A person holds a post from a day on."""

    name = "person.appointed"
    thing_id: UUID
    person: str
    title: str
    unit: str
    since: date
    until: date | None
    authority: str


@dataclass(frozen=True, kw_only=True)
class HoldingEnded(DomainEvent):
    """A person has the last day in a post."""

    name = "person.holding-ended"
    thing_id: UUID
    person: str
    title: str
    until: date
    authority: str


@dataclass(frozen=True, kw_only=True)
class PersonAdded(DomainEvent):
    """A person has an account."""

    name = "person.added"
    thing_id: UUID
    person: str
    username: str


@dataclass(frozen=True, kw_only=True)
class PersonRenamed(DomainEvent):
    """A person is called otherwise."""

    name = "person.renamed"
    thing_id: UUID
    before: str
    person: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class PersonSwitched(DomainEvent):
    """An account was closed, or opened again."""

    name = "person.switched"
    thing_id: UUID
    person: str
    active: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class PasswordReset(DomainEvent):
    """The administrator gave a password that works once."""

    name = "person.password-reset"
    thing_id: UUID
    person: str


@dataclass(frozen=True, kw_only=True)
class PasswordChosen(DomainEvent):
    """A person chose a password."""

    name = "person.password-chosen"
    thing_id: UUID


@dataclass(frozen=True, kw_only=True)
class ClearanceGranted(DomainEvent):
    """A person may read what is classified."""

    name = "person.clearance-granted"
    thing_id: UUID
    person: str
    since: date
    until: date | None
    authority: str


@dataclass(frozen=True, kw_only=True)
class ClearanceEnded(DomainEvent):
    """A person may read what is classified no longer than a day."""

    name = "person.clearance-ended"
    thing_id: UUID
    person: str
    until: date
    authority: str


@dataclass(frozen=True, kw_only=True)
class OrganisationImported(DomainEvent):
    """A list of units, positions or people was taken in as a whole."""

    name = "organisation.imported"
    thing_id: UUID
    kind: str
    file: str
    added: int
    changed: int
    same: int
