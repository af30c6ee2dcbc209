"""The photograph on a certificate (clause 24.7): 4 by 6 cm, with the agency's seal over its lower right corner, and
below it the holder's signature and name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PhotoBrought(DomainEvent):
    """The photograph of the holder of a certificate was put on it; `sha256` is that of what is kept and printed."""

    name = "letter.photo-brought"
    letter_id: UUID
    sha256: Digest


@dataclass(frozen=True, kw_only=True)
class PhotoRemoved(DomainEvent):
    """The photograph was taken off a certificate."""

    name = "letter.photo-removed"
    letter_id: UUID
    sha256: Digest
