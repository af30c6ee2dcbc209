"""What happens to a letter on its route besides endorsing, returning and signing; and to the tables of routes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class StepPassed(DomainEvent):
    """An officer gave an opinion, checked or approved, over this content; which others of the stage are not waited for
    any more."""

    name = "letter.step-passed"
    letter_id: UUID
    deed: str
    note: str
    content: Digest
    skipped: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StepObjected(DomainEvent):
    """An officer was against; the others of the stage can still be enough."""

    name = "letter.step-objected"
    letter_id: UUID
    reason: str
    content: Digest


@dataclass(frozen=True, kw_only=True)
class StepNoted(DomainEvent):
    """An officer for whose information the letter is has noted it."""

    name = "letter.noted"
    letter_id: UUID
    note: str
    content: Digest


@dataclass(frozen=True, kw_only=True)
class LetterSentBack(DomainEvent):
    """An officer sent the letter back to an earlier step of its route, why; from there on it is asked again."""

    name = "letter.sent-back"
    letter_id: UUID
    to: str
    reason: str
    content: Digest


@dataclass(frozen=True, kw_only=True)
class LetterPulledBack(DomainEvent):
    """The drafter took the letter back from its route before anybody signed it."""

    name = "letter.pulled-back"
    letter_id: UUID
    reason: str
    content: Digest


@dataclass(frozen=True, kw_only=True)
class CourseChanged(DomainEvent):
    """Somebody chose other steps for the rest of a letter's route: what it was and what it is."""

    name = "letter.course-changed"
    letter_id: UUID
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StepHanded(DomainEvent):
    """A step that waited for a position which nobody held was given to another position, why."""

    name = "letter.step-handed"
    letter_id: UUID
    deed: str
    before: str
    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RevisedOnRoute(DomainEvent):
    """An officer of the route changed the letter; these positions are asked again."""

    name = "letter.revised-on-route"
    letter_id: UUID
    content: Digest
    before: Digest
    again: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RouteTemplateSet(DomainEvent):
    """The route of a form was set, for the agency or for one unit; without steps the unit has none of its own."""

    name = "route-template.set"
    thing_id: UUID
    form: str
    unit: str
    steps: tuple[str, ...]
    again: str
