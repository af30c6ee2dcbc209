"""Versions of drafts, on the shelf."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from saraban.domain.agency import AgencyId
from saraban.domain.letter import LetterId
from saraban.domain.versions import SavedVersion
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.letters import letter_versions

_versions: Shelf[SavedVersion] = plain_shelf(letter_versions, SavedVersion)
_OF_LETTER = (
    select(letter_versions)
    .where(letter_versions.c.agency_id == bindparam("agency"), letter_versions.c.letter_id == bindparam("letter"))
    .order_by(letter_versions.c.ordinal)
)
_LAST = (
    select(letter_versions)
    .where(letter_versions.c.agency_id == bindparam("agency"), letter_versions.c.letter_id == bindparam("letter"))
    .order_by(letter_versions.c.ordinal.desc())
    .limit(1)
)


class VersionBooks:
    """Versions of drafts on the shelf (usecases.books.SavedVersions)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, version: SavedVersion) -> None:
        """Begin a version."""
        _versions.add(self._connection, version)

    def save(self, version: SavedVersion) -> None:
        """Write back the last version of a letter, which goes on."""
        _versions.save(self._connection, version)

    def last(self, agency_id: AgencyId, letter_id: LetterId) -> SavedVersion | None:
        """The version that stands in the letter; None when none was noted."""
        found = _versions.find(self._connection, _LAST, {"agency": agency_id, "letter": letter_id})
        return found[0] if found else None

    def of(self, agency_id: AgencyId, letter_id: LetterId) -> Sequence[SavedVersion]:
        """The versions of a letter of the agency, the oldest first."""
        return _versions.find(self._connection, _OF_LETTER, {"agency": agency_id, "letter": letter_id})
