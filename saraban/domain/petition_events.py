"""What happens to letters from the public. Nothing of who wrote stands in the journal: that is in the letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PetitionFiled(DomainEvent):
    """A letter from the public was taken in under this number: when the office has it, and by when it is answered."""

    name = "petition.filed"
    incoming_id: UUID
    number: str
    deemed_at: datetime | None
    due_on: date
    files: int
    by_mail: bool


@dataclass(frozen=True, kw_only=True)
class PetitionAnswered(DomainEvent):
    """The answer was laid where its sender fetches it; whether it was mailed, too."""

    name = "petition.answered"
    incoming_id: UUID
    number: str
    mailed: bool


@dataclass(frozen=True, kw_only=True)
class PetitionFilePassed(DomainEvent):
    """A file that was kept apart while the virus scanner was away was found harmless and lies with its letter."""

    name = "petition.file-passed"
    incoming_id: UUID
    number: str
    sha256: Digest


@dataclass(frozen=True, kw_only=True)
class PetitionFileRemoved(DomainEvent):
    """A file that was kept apart was not taken, and why; its bytes are gone."""

    name = "petition.file-removed"
    incoming_id: UUID
    number: str
    sha256: Digest
    why: str
