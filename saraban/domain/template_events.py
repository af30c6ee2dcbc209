"""What happens to templates of documents."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class TemplateMade(DomainEvent):
    """A template was made."""

    name = "template.made"
    thing_id: UUID
    title: str
    form: str


@dataclass(frozen=True, kw_only=True)
class TemplateChanged(DomainEvent):
    """A template got another text; the one before is kept."""

    name = "template.changed"
    thing_id: UUID
    title: str
    form: str
    edition: int


@dataclass(frozen=True, kw_only=True)
class TemplateSwitched(DomainEvent):
    """A template is offered to those who write, or no more."""

    name = "template.switched"
    thing_id: UUID
    title: str
    active: bool
