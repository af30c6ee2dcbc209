"""What happens to the work that an incoming letter makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class IncomingEndorsed(DomainEvent):
    """An officer wrote on an incoming letter: over what, for whom, until when; by which standing order, if by one."""

    name = "incoming.endorsed"
    incoming_id: UUID
    deed: str
    note: str
    to: tuple[str, ...]
    due: date | None
    seen: Digest
    digest: Digest
    under: str


@dataclass(frozen=True, kw_only=True)
class TaskGiven(DomainEvent):
    """A unit, a position or a person was given something to do about a letter."""

    name = "task.given"
    incoming_id: UUID
    task_id: UUID
    purpose: str
    to: str
    due: date | None


@dataclass(frozen=True, kw_only=True)
class TaskTaken(DomainEvent):
    """An officer sees to what was given to his unit or his post."""

    name = "task.taken"
    incoming_id: UUID
    task_id: UUID
    to: str


@dataclass(frozen=True, kw_only=True)
class TaskFinished(DomainEvent):
    """What was to be done is done."""

    name = "task.finished"
    incoming_id: UUID
    task_id: UUID
    to: str
    result: str


@dataclass(frozen=True, kw_only=True)
class TaskReturned(DomainEvent):
    """A receiver gave back what was not for him."""

    name = "task.returned"
    incoming_id: UUID
    task_id: UUID
    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TaskTakenBack(DomainEvent):
    """Who gave something to do took it back."""

    name = "task.taken-back"
    incoming_id: UUID
    task_id: UUID
    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReplyBegun(DomainEvent):
    """A letter was begun that answers an incoming one."""

    name = "incoming.reply-begun"
    incoming_id: UUID
    reply_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReplySent(DomainEvent):
    """The letter that answers an incoming one was sent out."""

    name = "incoming.reply-sent"
    incoming_id: UUID
    reply_id: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderStands(DomainEvent):
    """A standing order was made or changed: which letters go to whom by themselves."""

    name = "standing-order.kept"
    thing_id: UUID
    called: str
    to: str


@dataclass(frozen=True, kw_only=True)
class OrderEnded(DomainEvent):
    """A standing order was ended."""

    name = "standing-order.ended"
    thing_id: UUID
    called: str
