"""What is asked and told about letters after they arrived: sent on, asked back, replaced, completed (wire.md, 4)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class DispatchStopped(DomainEvent):
    """A clerk stopped a dispatch before any relay had it; why."""

    name = "dispatch.stopped"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecallAsked(DomainEvent):
    """A receiver was asked to give the letter back; why."""

    name = "dispatch.recall-asked"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecallNoted(DomainEvent):
    """A sender asked back what has not come yet: it will be given back when it comes."""

    name = "mail.recall-noted"
    thing_id: UUID
    sender: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecallArrived(DomainEvent):
    """The sender of a letter that is registered here asks for it back."""

    name = "incoming.recall-asked"
    incoming_id: UUID
    sender: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterGivenBack(DomainEvent):
    """A letter was given back to its sender, who had asked for it; by itself before it was registered, by a clerk
    after that."""

    name = "incoming.recalled"
    incoming_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecallDeclined(DomainEvent):
    """A letter was not given back, and why."""

    name = "incoming.recall-refused"
    incoming_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterForwarded(DomainEvent):
    """A letter that is for another agency was sent on to it."""

    name = "incoming.forwarded"
    incoming_id: UUID
    dispatch_id: UUID
    to: str
    to_name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterReplaced(DomainEvent):
    """Its sender sent a corrected letter in place of this one, which was not registered yet and is closed."""

    name = "incoming.replaced"
    incoming_id: UUID
    by_incoming: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceTaken(DomainEvent):
    """Another letter of ours took the place of this one at all its receivers: anybody with its code is told so."""

    name = "letter.place-taken"
    letter_id: UUID
    by_letter: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class PlaceGivenBack(DomainEvent):
    """The letter that took the place of this one did not come to a receiver: anybody is told that this one holds."""

    name = "letter.place-given-back"
    letter_id: UUID
    by_letter: UUID
    to: str
    state: str


@dataclass(frozen=True, kw_only=True)
class ReplacementArrived(DomainEvent):
    """Its sender sent a corrected letter in place of this one, which is registered and stays so."""

    name = "incoming.replacement-arrived"
    incoming_id: UUID
    by_incoming: UUID


@dataclass(frozen=True, kw_only=True)
class LetterCompleted(DomainEvent):
    """The matter of a registered letter is closed; whether its sender is told so."""

    name = "incoming.completed"
    incoming_id: UUID
    told: bool
