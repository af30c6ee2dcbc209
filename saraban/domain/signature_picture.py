"""The picture of an officer's signature, drawn or brought: it is printed in the visible block of the digital signature
and is none itself (ETDA 23-2563 judges the certificate, not the picture)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class SignaturePictureSet(DomainEvent):
    """An officer put the picture in place; `sha256` is what is printed from now on. `thing_id` is the person."""

    name = "person.signature-picture-set"
    thing_id: UUID
    sha256: Digest


@dataclass(frozen=True, kw_only=True)
class SignaturePictureRemoved(DomainEvent):
    """An officer took the picture away. Letters that were issued with it keep their bytes."""

    name = "person.signature-picture-removed"
    thing_id: UUID
    sha256: Digest
