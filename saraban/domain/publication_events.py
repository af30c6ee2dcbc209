"""What happens to what is shown to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class LetterPublished(DomainEvent):
    """A document was shown to the public, with or without its enclosures."""

    name = "letter.published"
    letter_id: UUID
    publication_id: UUID
    kind: str
    with_enclosures: bool


@dataclass(frozen=True, kw_only=True)
class PublicationTakenBack(DomainEvent):
    """A document is shown to the public no longer; why."""

    name = "letter.publication-taken-back"
    letter_id: UUID
    publication_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChannelOpened(DomainEvent):
    """The agency announced an electronic channel by which people may write to it."""

    name = "channel.opened"
    thing_id: UUID
    kind: str
    called: str
    where: str
    announced: str
    since: date


@dataclass(frozen=True, kw_only=True)
class ChannelEnded(DomainEvent):
    """An electronic channel is one no longer."""

    name = "channel.ended"
    thing_id: UUID
    called: str
    where: str
