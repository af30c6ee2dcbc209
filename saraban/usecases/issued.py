"""The port of the shelf of issued documents; shared by all who issue, end and look them up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.issued import IssuedDocument, IssuedId
from saraban.domain.issued_kind import IssuedKind, IssuedKindId


class Issued(Protocol):
    """Kinds of documents that agencies issue to people, and the documents."""

    def kind(self, agency_id: AgencyId, kind_id: UUID) -> IssuedKind:
        """A kind of the agency; NotFound otherwise."""
        ...

    def kinds(self, agency_id: AgencyId) -> Sequence[IssuedKind]:
        """All kinds of the agency, by their codes."""
        ...

    def add_kind(self, kind: IssuedKind) -> None: ...
    def save_kind(self, kind: IssuedKind) -> None: ...
    def document(self, agency_id: AgencyId, document_id: UUID) -> IssuedDocument:
        """A document of the agency; NotFound otherwise."""
        ...

    def add(self, *documents: IssuedDocument) -> None: ...
    def save(self, document: IssuedDocument) -> None:
        """Write it back; ConcurrentEdit when somebody else did since it was read."""
        ...

    def by_number(self, agency_id: AgencyId, kind_id: IssuedKindId, number: str) -> Sequence[IssuedDocument]:
        """What was issued under this number (Arabic digits), the newest first."""
        ...

    def by_holder(self, agency_id: AgencyId, kind_id: IssuedKindId, holder_id: str) -> Sequence[IssuedDocument]:
        """What was issued to the person or company with this number of 13 digits, the newest first."""
        ...

    def following(self, document_id: IssuedId) -> Sequence[IssuedDocument]:
        """Documents that were begun to come after this one."""
        ...

    def count_out(self, kind_id: IssuedKindId) -> int:
        """How many of the kind have taken a number."""
        ...

    def next_serial(self, kind_id: IssuedKindId, year: int) -> int:
        """The next number of the kind in that Buddhist year (0: for ever)."""
        ...
