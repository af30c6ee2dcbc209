"""What happens with those who have nothing but a mailbox: receivers, and senders of ordinary mail."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class OutsiderAdded(DomainEvent):
    """A receiver outside the directory came onto the agency's list, or got another name."""

    name = "receiver.added"
    thing_id: UUID
    mailbox: str
    called: str


@dataclass(frozen=True, kw_only=True)
class OutsiderRetired(DomainEvent):
    """A receiver outside the directory went off the agency's list."""

    name = "receiver.retired"
    thing_id: UUID
    mailbox: str


@dataclass(frozen=True, kw_only=True)
class DispatchReaddressed(DomainEvent):
    """A sending that did not reach its receiver was closed, and the letter goes to the corrected address `mailbox`."""

    name = "dispatch.readdressed"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    mailbox: str


@dataclass(frozen=True, kw_only=True)
class DispatchConfirmed(DomainEvent):
    """A receiver confirmed a dispatch without a sealed receipt: by the link in its mail, by a reply or by telephone.
    `kind` is the class of the evidence, `who` the person who confirmed, `number` the receiving number if any."""

    name = "dispatch.confirmed"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    kind: str
    who: str
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class MailMadeLetter(DomainEvent):
    """A clerk made an incoming letter of an ordinary mail; of how many files, and whether its sender is answered."""

    name = "incoming.made-of-mail"
    incoming_id: UUID
    number: str
    files: int
    answered: bool


@dataclass(frozen=True, kw_only=True)
class MailSetAside(DomainEvent):
    """A clerk found that an ordinary mail is no letter; why."""

    name = "incoming.set-aside"
    incoming_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class MailTriedAgain(DomainEvent):
    """A mail that was kept apart is to be read and scanned anew."""

    name = "mail.tried-again"
    incoming_id: UUID
