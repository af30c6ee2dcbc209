"""Verification codes: the port of their shelf, and how a document gets its own; shared by all who issue documents."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.verification import ENTROPY_OCTETS, SubjectKind, VerificationCode, code_from


class Verifications(Protocol):
    """The codes by which anybody can look a document up, and how often that was done."""

    def of(self, agency_id: AgencyId, kind: SubjectKind, subject_id: UUID) -> VerificationCode | None: ...
    def add(self, code: VerificationCode) -> None: ...
    def count(self, seen: Mapping[str, int], day: date) -> None:
        """Add scans of that day, by whole codes."""
        ...


def code_of(shelf: Verifications, agency_id: AgencyId, kind: SubjectKind, subject_id: UUID, at: datetime) -> str:
    """The code of a document, made by lot when it has none. A document keeps its code for ever: also when signing
    failed and is tried again with another number."""
    kept = shelf.of(agency_id, kind, subject_id)
    if kept is None:
        kept = VerificationCode(code_from(secrets.token_bytes(ENTROPY_OCTETS)), agency_id, kind, subject_id, at)
        shelf.add(kept)
    return kept.code
