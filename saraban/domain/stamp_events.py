"""What happens to the receiving stamp of a letter (form 12), and to time-stamps that come later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, kw_only=True)
class StampedLate(DomainEvent):
    """A file that went out without a time-stamp has a detached one now: which file, what it is (domain.late_stamp), the
    time that the authority vouches for, and who it is."""

    name = "file.stamped-late"
    thing_id: UUID
    sha256: Digest
    what: str
    stamped_at: datetime
    stamped_by: str
