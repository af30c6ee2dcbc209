"""Certified copies, on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.copying import CertifiedCopy
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.letters import certified_copies

_copies: Shelf[CertifiedCopy] = plain_shelf(certified_copies, CertifiedCopy)
_OF_LETTER = (
    select(certified_copies)
    .where(
        certified_copies.c.agency_id == bindparam("agency"),
        certified_copies.c.letter_id == bindparam("letter"),
        certified_copies.c.sha256.is_not(None),
    )
    .order_by(certified_copies.c.at, certified_copies.c.id)
)
_EMPTY = (
    update(certified_copies)
    .where(certified_copies.c.agency_id == bindparam("agency"), certified_copies.c.letter_id == bindparam("letter"))
    .values(original=None, sha256=None)
)


class CopyBooks:
    """Certified copies on the shelf (usecases.books.CertifiedCopies)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, copy: CertifiedCopy) -> None:
        """Keep a copy beside its letter; it is never changed."""
        _copies.add(self._connection, copy)

    def of(self, agency_id: AgencyId, letter_id: UUID) -> Sequence[CertifiedCopy]:
        """The copies of a letter of the agency, the oldest first."""
        return _copies.find(self._connection, _OF_LETTER, {"agency": agency_id, "letter": letter_id})

    def empty(self, agency_id: AgencyId, letter_id: UUID) -> Sequence[Digest]:
        """Forget the files of these copies, and give their digests; that they were made stays."""
        gone = [one.sha256 for one in self.of(agency_id, letter_id)]
        if gone:
            self._connection.execute(_EMPTY, {"agency": agency_id, "letter": letter_id})
        return gone
