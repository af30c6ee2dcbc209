"""What people do about troubles: take them over, hand them on, put them off, send once more or stop sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class ProblemTaken(DomainEvent):
    """Somebody said that he sees to it; `owner` is another when it was handed to a colleague."""

    name = "problem.taken"
    thing_id: UUID
    key: str
    title: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class ProblemPutOff(DomainEvent):
    """The card is out of sight until a moment, and why."""

    name = "problem.put-off"
    thing_id: UUID
    key: str
    title: str
    until: datetime | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProblemBroughtBack(DomainEvent):
    """A card that was put off is in sight again, before its time."""

    name = "problem.brought-back"
    thing_id: UUID
    key: str
    title: str


@dataclass(frozen=True, kw_only=True)
class LetterSentAgain(DomainEvent):
    """A person let the same bytes go once more after they had been given up."""

    name = "dispatch.retried"
    letter_id: UUID
    dispatch_id: UUID
    to: str


@dataclass(frozen=True, kw_only=True)
class SendingClosed(DomainEvent):
    """A person stopped a sending, or closed the matter of one that came back; why."""

    name = "dispatch.closed"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageSentAgain(DomainEvent):
    """A receipt or an answer that had been given up goes once more, the same bytes."""

    name = "outbox.retried"
    thing_id: UUID
    kind: str
    to: str


@dataclass(frozen=True, kw_only=True)
class MessageStopped(DomainEvent):
    """A receipt or an answer is not sent any more; why."""

    name = "outbox.stopped"
    thing_id: UUID
    kind: str
    to: str
    reason: str
