"""Letters from the public on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, bindparam, select
from sqlalchemy import text as sql

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.incoming import IncomingId
from saraban.domain.petition import Petition
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.petitions import OPEN
from saraban.storage.tables.petitions import petitions as t

_shelf: Shelf[Petition] = plain_shelf(t, Petition)
_BY_CODE = select(t).where(t.c.code == bindparam("of"))
_BY_TYPED = select(t).where(t.c.typed == bindparam("of"))
_BY_KEY = select(t).where(t.c.form_key == bindparam("of"))
_OF_LETTER = select(t).where(t.c.agency_id == bindparam("agency"), t.c.incoming_id == bindparam("letter"))
_WAITING = (
    select(t)
    .where(t.c.agency_id == bindparam("agency"), sql(OPEN), t.c.due_on <= bindparam("day"))
    .order_by(t.c.due_on, t.c.id)
)


class PetitionBooks:
    """Letters from the public (usecases.petition_books.Petitions)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, petition: Petition) -> None:
        """Keep a new one."""
        _shelf.add(self._connection, petition)

    def save(self, petition: Petition) -> None:
        """Write one back."""
        _shelf.save(self._connection, petition)

    def of_letter(self, agency_id: AgencyId, incoming_id: IncomingId) -> Petition | None:
        """That of an incoming letter of the agency; None for a letter that is none."""
        found = _shelf.find(self._connection, _OF_LETTER, {"agency": agency_id, "letter": incoming_id})
        return found[0] if found else None

    def of_form(self, key: Digest) -> Petition | None:
        """The letter of a form that was sent before, of whatever agency."""
        found = _shelf.find(self._connection, _BY_KEY, {"of": key})
        return found[0] if found else None

    def by_code(self, code: Digest) -> Petition | None:
        """The letter of a whole code, of whatever agency."""
        found = _shelf.find(self._connection, _BY_CODE, {"of": code})
        return found[0] if found else None

    def by_number(self, serial: int, year: int, typed: Digest) -> Petition | None:
        """The letter with this number whose code begins so; None for either alone."""
        found = _shelf.find(self._connection, _BY_TYPED, {"of": typed})
        return next((one for one in found if (one.serial, one.year) == (serial, year)), None)

    def due(self, agency_id: AgencyId, day: date) -> Sequence[Petition]:
        """The agency's whose sender waits and whose last day is not after this one, the oldest duty first."""
        return _shelf.find(self._connection, _WAITING, {"agency": agency_id, "day": day})
