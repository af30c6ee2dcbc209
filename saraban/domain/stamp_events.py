"""What happens to the receiving stamp of a letter (form 12)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class StampPlaced(DomainEvent):
    """The receiving stamp was put somewhere else on the first page; `place` says where, in words."""

    name = "stamp.placed"
    thing_id: UUID
    place: str


@dataclass(frozen=True, kw_only=True)
class StampSealed(DomainEvent):
    """A copy of the received file was sealed inside, its stamp being the face of the seal."""

    name = "stamp.sealed"
    thing_id: UUID
    sha256: Digest
