"""Verification codes: the port of their shelf, and how a document gets its own; shared by all who issue documents."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.verification import ENTROPY_OCTETS, SubjectKind, VerificationCode, code_from


class Verifications(Protocol):
    """The codes by which anybody can look a document up, and how often that was done."""

    def of(self, agency_id: AgencyId, kind: SubjectKind, subject_id: UUID) -> VerificationCode | None: ...
    def of_each(self, agency_id: AgencyId, kind: SubjectKind, subject_ids: Sequence[UUID]) -> Mapping[UUID, str]:
        """The whole codes of those of these documents that have one."""
        ...

    def add(self, *codes: VerificationCode) -> None: ...
    def count(self, seen: Mapping[str, int], day: date) -> None:
        """Add scans of that day, by whole codes."""
        ...


def code_of(shelf: Verifications, agency_id: AgencyId, kind: SubjectKind, subject_id: UUID, at: datetime) -> str:
    """The code of a document, made by lot when it has none. A document keeps its code for ever: also when signing
    failed and is tried again with another number."""
    kept = shelf.of(agency_id, kind, subject_id)
    if kept is None:
        kept = _drawn(agency_id, kind, subject_id, at)
        shelf.add(kept)
    return kept.code


def codes_of(
    shelf: Verifications, agency_id: AgencyId, kind: SubjectKind, subject_ids: Sequence[UUID], at: datetime
) -> Mapping[UUID, str]:
    """The codes of several documents, as `code_of` gives them."""
    kept = shelf.of_each(agency_id, kind, subject_ids)
    made = [_drawn(agency_id, kind, one, at) for one in subject_ids if one not in kept]
    shelf.add(*made)
    return {**kept, **{one.subject_id: one.code for one in made}}


def _drawn(agency_id: AgencyId, kind: SubjectKind, subject_id: UUID, at: datetime) -> VerificationCode:
    return VerificationCode(code_from(secrets.token_bytes(ENTROPY_OCTETS)), agency_id, kind, subject_id, at)
