"""References and ties on the shelf (usecases.matter_books.Matters).

A reference is found by the number of a line of the register: every letter that has a number, ours or another agency's,
stands in one. What is classified has no number there, so nothing leads to it by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, literal, or_, select, update

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Role
from saraban.domain.content import Reference
from saraban.domain.matter import Tie
from saraban.exchange.referring import references_in
from saraban.storage.search import number_key
from saraban.storage.tables.finding import file_texts
from saraban.storage.tables.letters import files, incoming, letters
from saraban.storage.tables.matter import references, ties
from saraban.storage.tables.registers import entries

_WRITTEN = select(letters.c.id, letters.c.agency_id, letters.c.references)
_CAME = select(incoming.c.id, incoming.c.agency_id, incoming.c.text)
_LINES = select(entries.c.id, entries.c.agency_id, literal("").label("text"))


class MatterBooks:
    """What belongs together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def refer(self, agency_id: AgencyId, owner_id: UUID, named: Sequence[Reference]) -> None:
        """Keep what a letter refers to."""
        self._connection.execute(delete(references).where(references.c.owner_id == owner_id))
        rows = [
            {
                "owner_id": owner_id,
                "ordinal": ordinal,
                "agency_id": agency_id,
                "number": one.number,
                "number_key": number_key(one.number),
                "day": one.date,
                "sender": one.sender,
                "thing_id": self._named(agency_id, owner_id, number_key(one.number), one.date),
            }
            for ordinal, one in enumerate(named)
        ]
        if rows:
            self._connection.execute(insert(references), rows)

    def refresh(self, owners: Sequence[UUID]) -> None:
        """Read anew what these refer to, and let others find them."""
        told = list(owners)
        kept = set(self._connection.scalars(select(references.c.owner_id).where(references.c.owner_id.in_(told))))
        pages = self._pages(told)
        for row in self._connection.execute(_WRITTEN.where(letters.c.id.in_(told))).all():
            if row.references or row.id in kept:
                named = [Reference(number, _day(day), sender) for number, day, sender in row.references]
                self.refer(row.agency_id, row.id, named)
        for statement, key in ((_CAME, incoming.c.id), (_LINES, entries.c.id)):
            for row in self._connection.execute(statement.where(key.in_(told))).all():
                if row.id in kept:
                    continue  # what a manifest says goes before what a text seems to say
                if named := references_in(pages.get(row.id, "")) or references_in(row.text):
                    self.refer(row.agency_id, row.id, named)
        self._be_found(told)

    def tie(self, tie: Tie) -> None:
        """Keep what a clerk said."""
        self._connection.execute(delete(ties).where(ties.c.one == tie.one, ties.c.other == tie.other))
        row = {name: getattr(tie, name) for name in Tie.__dataclass_fields__}
        self._connection.execute(insert(ties), row)

    def agency_of(self, thing_id: UUID) -> AgencyId | None:
        """Whose it is."""
        for table in (letters, incoming, entries):
            found = self._connection.execute(select(table.c.agency_id).where(table.c.id == thing_id)).scalar()
            if found is not None:
                return AgencyId(found)
        return None

    def _pages(self, owners: Sequence[UUID]) -> dict[UUID, str]:
        """The words of the page of each, where they are no guess of a scan."""
        of_files = (
            select(files.c.owner_id, file_texts.c.text)
            .join(files, files.c.sha256 == file_texts.c.sha256)
            .where(files.c.owner_id.in_(owners), files.c.role == Role.LETTER, file_texts.c.text != "")
            .order_by(files.c.ordinal.desc())
        )
        return {row.owner_id: row.text for row in self._connection.execute(of_files)}

    def _be_found(self, owners: Sequence[UUID]) -> None:
        """Let references that name one of these by its number lead to it."""
        lines = select(entries.c.agency_id, entries.c.number_key).where(
            or_(entries.c.id.in_(owners), entries.c.subject_of.in_(owners)), entries.c.number_key != ""
        )
        for agency_id, key in {(row.agency_id, row.number_key) for row in self._connection.execute(lines)}:
            waiting = select(references).where(references.c.agency_id == agency_id, references.c.number_key == key)
            for row in self._connection.execute(waiting).all():
                thing = self._named(agency_id, row.owner_id, key, row.day)
                if thing != row.thing_id:
                    one = (references.c.owner_id == row.owner_id, references.c.ordinal == row.ordinal)
                    self._connection.execute(update(references).where(*one).values(thing_id=thing))

    def _named(self, agency_id: AgencyId, owner_id: UUID, key: str, day: date | None) -> UUID | None:
        """The one letter or line with this number (of that day, where both are known), None for none or several."""
        lines = select(entries.c.id, entries.c.subject_of, entries.c.letter_date).where(
            entries.c.agency_id == agency_id, entries.c.number_key == key
        )
        return _only(self._connection.execute(lines).all(), owner_id, day) if key else None


def _only(rows: Iterable[Any], owner_id: UUID, day: date | None) -> UUID | None:
    things = {
        row.subject_of or row.id for row in rows if day is None or row.letter_date is None or row.letter_date == day
    } - {owner_id}
    return things.pop() if len(things) == 1 else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
