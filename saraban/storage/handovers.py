"""Lists of forms 21 and 22 in their table."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.content import Reference
from saraban.domain.disposal_item import flat
from saraban.domain.errors import NotFound
from saraban.domain.events import plain
from saraban.domain.handover import MAY_BE_LISTED, HandoverList, HandoverState, handover_of
from saraban.domain.keeping import KeptItem
from saraban.storage.archive import kept_shelf
from saraban.storage.shelves import Shelf, batched
from saraban.storage.tables import archive as t
from saraban.storage.tables.exchange import dispatches
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import files as letter_files
from saraban.storage.tables.matter import references as named
from saraban.storage.tables.registers import entries


def _row(made: HandoverList) -> dict[str, Any]:
    row = {f.name: getattr(made, f.name) for f in fields(made)}
    return row | {"items": [flat(item) for item in made.items]}


_years = t.handover_years.c
_SAID = tuple(
    entries.c[name]
    for name in (
        *("id", "kind", "year", "serial", "number", "letter_date", "sender", "addressee", "subject", "practice"),
        *("note", "urgency", "secrecy"),
    )
)


def _of_year(agency_id: AgencyId, year: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _years.agency_id == agency_id, _years.year == year


_lists: Shelf[HandoverList] = Shelf(t.handovers, to_row=_row, from_row=lambda row: handover_of(dict(row)))


class HandoverBooks:
    """Lists of twenty years (usecases.archive.Handovers)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, made: HandoverList) -> None:
        """Keep a new list."""
        _lists.add(self._connection, made)

    def get(self, agency_id: AgencyId, list_id: UUID) -> HandoverList:
        """A list of the agency; NotFound otherwise."""
        found = _lists.get(self._connection, list_id)
        if found.agency_id != agency_id:
            raise NotFound
        return found

    def save(self, made: HandoverList) -> None:
        """Write a list back."""
        _lists.save(self._connection, made)

    def drawn(self, agency_id: AgencyId, year: int) -> bool:
        """Have all lists of that year drawn themselves up?"""
        return self._connection.execute(select(_years.year).where(*_of_year(agency_id, year))).first() is not None

    def waiting(self, agency_id: AgencyId) -> Sequence[HandoverList]:
        """Lists with letters that have not gone yet."""
        c = t.handovers.c
        drawn = select(t.handovers).where(c.agency_id == agency_id, c.state == HandoverState.DRAWN)
        return [made for made in _lists.find(self._connection, drawn.order_by(c.drawn_at, c.id)) if made.items]

    def note_drawn(self, agency_id: AgencyId, year: int, at: datetime | None) -> None:
        """They have, or (None) there is more."""
        self._connection.execute(delete(t.handover_years).where(*_of_year(agency_id, year)))
        if at is not None:
            values = {"agency_id": agency_id, "year": year, "drawn_at": at}
            self._connection.execute(insert(t.handover_years).values(values))

    def listed(self, agency_id: AgencyId, year: int) -> Collection[UUID]:
        """The letters on lists of that year."""
        of_year = (t.handovers.c.agency_id == agency_id, t.handovers.c.year == year)
        lists = _lists.find(self._connection, select(t.handovers).where(*of_year))
        return {item.entry_id for made in lists for item in made.items}

    def told(self, agency_id: AgencyId) -> Collection[UUID]:
        """The letters on lists that were handed over."""
        handed = (t.handovers.c.agency_id == agency_id, t.handovers.c.state == HandoverState.HANDED)
        lists = _lists.find(self._connection, select(t.handovers).where(*handed))
        return {item.entry_id for made in lists for item in made.items}

    def due(self, agency_id: AgencyId, made_until: date, most: int) -> Sequence[KeptItem]:
        """Kept letters that were made until that day, or asked for, and stand on no list."""
        item, line = t.kept_items.c, entries.c
        statement = (
            select(t.kept_items)
            .join(entries, line.id == item.entry_id)
            .where(
                item.agency_id == agency_id,
                item.state.in_(MAY_BE_LISTED),
                or_(line.letter_date <= made_until, item.asked_by.is_not(None)),
                or_(item.asked_by.is_(None), item.held_by.is_(None)),
                item.disposal_id.is_(None),
                item.handover_id.is_(None),
                item.deposit_id.is_(None),
            )
            .order_by(line.letter_date, line.year, line.serial)
            .limit(most)
            .with_for_update(of=t.kept_items)
        )
        return kept_shelf.find(self._connection, statement)

    def as_they_are(self, agency_id: AgencyId, entry_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """A digest of each line with its files."""
        found: dict[UUID, str] = {}
        for some in batched(sorted(entry_ids)):
            which = (entries.c.agency_id == agency_id, entries.c.id.in_(some))
            lines = self._connection.execute(select(entries.c.subject_of, *_SAID).where(*which)).all()
            files = self._named_files([one for line in lines for one in (line.id, line.subject_of) if one is not None])
            for line in lines:
                its = [files.get(line.id, []), files.get(line.subject_of, [])]
                found[line.id] = Digest.of(json.dumps([plain(list(line[1:])), its]).encode()).hex
        return found

    def _named_files(self, owners: Collection[UUID]) -> Mapping[UUID, list[str]]:
        """Digest and name of the files of each of these."""
        c, found = letter_files.c, dict[UUID, list[str]]()
        statement = select(c.owner_id, c.sha256, c.name).where(c.owner_id.in_(owners))
        for owner, digest, name in self._connection.execute(statement.order_by(c.owner_id, c.ordinal)):
            found.setdefault(owner, []).append(f"{digest} {name}")
        return found

    def references(self, agency_id: AgencyId, owners: Collection[UUID]) -> Sequence[Reference]:
        """What these refer to, without what their sentences are only taken to speak of."""
        which = (named.c.agency_id == agency_id, named.c.owner_id.in_(owners), named.c.mentioned.is_(False))
        statement = select(named.c.number, named.c.day, named.c.sender).where(*which)
        rows = self._connection.execute(statement.order_by(named.c.owner_id, named.c.ordinal))
        return list(dict.fromkeys(Reference(*row) for row in rows))

    def receivers(self, agency_id: AgencyId, letter_id: UUID) -> Sequence[Mapping[str, str | None]]:
        """To whom a letter was sent, and what became of it."""
        which = (dispatches.c.agency_id == agency_id, dispatches.c.letter_id == letter_id)
        rows = self._connection.execute(
            select(dispatches).where(*which).order_by(dispatches.c.to_code, dispatches.c.id)
        )
        return [
            {
                **{"code": row.to_code, "name": row.to_name, "state": row.state.value},
                "settled_at": row.settled_at.isoformat() if row.settled_at else None,
                "register_number": f"{row.register_number}/{row.register_year or ''}" if row.register_number else None,
            }
            for row in rows
        ]

    def journal(self, agency_id: AgencyId, subjects: Collection[UUID]) -> Sequence[str]:
        """The journal's lines about these."""
        found: list[tuple[int, str]] = []
        for some in batched(sorted(subjects)):
            which = (journal.c.agency_id == agency_id, journal.c.subject.in_(some))
            found += [(row.seq, row.text) for row in self._connection.execute(select(journal).where(*which))]
        return [text for _, text in sorted(found)]
