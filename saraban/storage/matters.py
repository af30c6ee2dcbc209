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
from saraban.exchange.referring import mentioned_in, references_in
from saraban.storage.search import number_key
from saraban.storage.tables.finding import file_texts
from saraban.storage.tables.letters import files, incoming, letters
from saraban.storage.tables.matter import references, ties
from saraban.storage.tables.registers import entries

_WRITTEN = select(letters.c.id, letters.c.agency_id, letters.c.references, letters.c.body.label("text"))
_CAME = select(incoming.c.id, incoming.c.agency_id, incoming.c.text)
_LINES = select(entries.c.id, entries.c.agency_id, literal("").label("text"))
_MENTIONED_FROM = 1000
"""The first ordinal of what is mentioned: behind all that stands under อ้างถึง."""


class MatterBooks:
    """What belongs together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def refer(self, agency_id: AgencyId, owner_id: UUID, named: Sequence[Reference]) -> None:
        """Keep what a letter refers to."""
        self._write(agency_id, owner_id, named, mentioned=False)

    def refresh(self, owners: Sequence[UUID]) -> None:
        """Read anew what these refer to, and let others find them."""
        told = list(owners)
        kept, mentions = self._kept(told)
        pages = self._pages(told)
        for statement, key in ((_WRITTEN, letters.c.id), (_CAME, incoming.c.id), (_LINES, entries.c.id)):
            for row in self._connection.execute(statement.where(key.in_(told))).all():
                page, ours = pages.get(row.id, ""), key is letters.c.id
                named = [Reference(number, _day(day), sender) for number, day, sender in row.references] if ours else []
                if not named and (ours or row.id not in kept):
                    named = references_in(page) or references_in(row.text)
                if named or (ours and row.id in kept):  # what a manifest says goes before what a text seems to say
                    self.refer(row.agency_id, row.id, named)
                said = mentioned_in(f"{row.text}\n{page}")
                if said or row.id in mentions:
                    self._write(row.agency_id, row.id, said, mentioned=True)
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

    def _write(self, agency_id: AgencyId, owner_id: UUID, named: Sequence[Reference], *, mentioned: bool) -> None:
        of_owner = references.c.owner_id == owner_id
        self._connection.execute(delete(references).where(of_owner, references.c.mentioned == mentioned))
        if mentioned:  # what stands under อ้างถึง is not said twice
            caption = select(references.c.number_key).where(of_owner)
            known = set(self._connection.scalars(caption))
            named = [one for one in named if number_key(one.number) not in known]
        rows = [
            {
                "owner_id": owner_id,
                "ordinal": ordinal,
                "agency_id": agency_id,
                "number": one.number,
                "number_key": number_key(one.number),
                "day": one.date,
                "sender": one.sender,
                "mentioned": mentioned,
                "thing_id": self._named(agency_id, owner_id, number_key(one.number), one.date, exactly=mentioned),
            }
            for ordinal, one in enumerate(named, _MENTIONED_FROM if mentioned else 0)
        ]
        if rows:
            self._connection.execute(insert(references), rows)

    def _kept(self, owners: Sequence[UUID]) -> tuple[set[UUID], set[UUID]]:
        """Those of which references are kept, and those of which mentions are."""
        rows = self._connection.execute(
            select(references.c.owner_id, references.c.mentioned).where(references.c.owner_id.in_(owners))
        ).all()
        return {row.owner_id for row in rows if not row.mentioned}, {row.owner_id for row in rows if row.mentioned}

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
                thing = self._named(agency_id, row.owner_id, key, row.day, exactly=row.mentioned)
                if thing != row.thing_id:
                    one = (references.c.owner_id == row.owner_id, references.c.ordinal == row.ordinal)
                    self._connection.execute(update(references).where(*one).values(thing_id=thing))

    def _named(self, agency_id: AgencyId, owner_id: UUID, key: str, day: date | None, *, exactly: bool) -> UUID | None:
        """The one letter or line with this number (of that day, where both are known or `exactly`), None for none or
        several."""
        lines = select(entries.c.id, entries.c.subject_of, entries.c.letter_date).where(
            entries.c.agency_id == agency_id, entries.c.number_key == key
        )
        return _only(self._connection.execute(lines).all(), owner_id, day, exactly) if key else None


def _only(rows: Iterable[Any], owner_id: UUID, day: date | None, exactly: bool) -> UUID | None:
    days = {day} if exactly else {day, None}
    things = {row.subject_of or row.id for row in rows if row.letter_date in days or (day is None and not exactly)} - {
        owner_id
    }
    return things.pop() if len(things) == 1 else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
