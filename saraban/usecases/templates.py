"""Templates of documents, as use cases see them; `storage` implements the Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.templates import Template, TemplateId, TemplateText


@dataclass(frozen=True)
class Edition:
    """A text that a template has or had: when it was written and by whom."""

    number: int
    text: TemplateText
    at: datetime
    person: str


class Templates(Protocol):
    """Templates with all their texts, and what each person thinks of them."""

    def get(self, agency_id: AgencyId, template_id: UUID) -> Template:
        """The template; NotFound when it is another agency's."""
        ...

    def add(self, template: Template) -> None:
        """Put a new one on the shelf with its first text."""
        ...

    def save(self, template: Template, *, new_text: bool = False) -> None:
        """Write it back, and keep its text as another edition; ConcurrentEdit when somebody else did since."""
        ...

    def editions(self, agency_id: AgencyId, template_id: UUID) -> Sequence[Edition]:
        """Its texts, the newest first."""
        ...

    def keep_picture(self, template_id: TemplateId, picture: Digest, picture_of: str) -> None:
        """Note the picture of its first page; this changes no version."""
        ...

    def note_use(self, person_id: PersonId, template_id: TemplateId, at: datetime) -> None:
        """Count that a person began a letter from it."""
        ...

    def mark_favourite(self, person_id: PersonId, template_id: TemplateId, favourite: bool) -> None:
        """Note that it is a favourite of the person, or no more."""
        ...
