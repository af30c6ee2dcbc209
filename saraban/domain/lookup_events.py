"""What happens to a question about a document of another agency. The holder is never named in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class LookupAsked(DomainEvent):
    """We asked another agency about a document that it issued."""

    name = "lookup.asked"
    thing_id: UUID
    of: str
    kind: str
    purpose: str
    legal_basis: str


@dataclass(frozen=True, kw_only=True)
class LookupReceived(DomainEvent):
    """Another agency asked about a document of ours; `officer` is who asks there."""

    name = "lookup.received"
    thing_id: UUID
    of: str
    kind: str
    purpose: str
    legal_basis: str
    officer: str


@dataclass(frozen=True, kw_only=True)
class LookupAnswered(DomainEvent):
    """The issuer answered: our request (`ours`), or we the other's. How many documents were told, and files given."""

    name = "lookup.answered"
    thing_id: UUID
    of: str
    ours: bool
    outcome: str
    documents: int
    files: int


@dataclass(frozen=True, kw_only=True)
class LookupOpened(DomainEvent):
    """An officer opened the document that came with an answer."""

    name = "lookup.opened"
    thing_id: UUID
    of: str
    file: str


@dataclass(frozen=True, kw_only=True)
class LookupForgotten(DomainEvent):
    """The time for which an answer may be kept is over: what it told of the holder was deleted."""

    name = "lookup.forgotten"
    thing_id: UUID
    of: str
