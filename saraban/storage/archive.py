"""How letters are kept: classes, the file plan, items, lists into the store and holds, in their tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, delete, select, type_coerce, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId
from saraban.domain.deposit import DepositList
from saraban.domain.disposal_item import flat
from saraban.domain.errors import NotFound
from saraban.domain.keeping import KeptItem, LegalHold
from saraban.domain.retention import FileGroup, RetentionClass, agency_classes, agency_plan
from saraban.domain.storing import StoringList, storing_list_of
from saraban.storage.shelves import Shelf, batched, plain_shelf
from saraban.storage.tables import archive as t

_classes: Shelf[RetentionClass] = plain_shelf(t.retention_classes, RetentionClass, key=("agency_id", "code"))
_groups: Shelf[FileGroup] = plain_shelf(t.file_groups, FileGroup, key=("agency_id", "code"))
kept_shelf: Shelf[KeptItem] = plain_shelf(t.kept_items, KeptItem, key=("entry_id",))
_holds: Shelf[LegalHold] = plain_shelf(t.legal_holds, LegalHold)


def list_row(made: StoringList | DepositList) -> dict[str, Any]:
    """The row of a list whose lines are kept as JSON."""
    row = {f.name: getattr(made, f.name) for f in fields(made)}
    return row | {"lines": [flat(line) for line in made.lines]}


_lists: Shelf[StoringList] = Shelf(t.storing_lists, to_row=list_row, from_row=lambda row: storing_list_of(dict(row)))
_LISTS_OF_LETTERS = (
    (t.storing_lists, "lines"),
    (t.deposit_lists, "lines"),
    (t.disposal_lists, "items"),
    (t.handovers, "items"),
)
"""Lists of forms 19, 23, 25, and 21 and 22, with the column of their letters as they were when they were drawn up."""
_OPEN_COUNTER = {
    "sqlite": sqlite.insert(t.store_numbers).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(t.store_numbers).on_conflict_do_nothing(),
}


class KeepingBooks:
    """How letters are kept (usecases.archive.Keeping)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def classes(self, agency_id: AgencyId) -> Sequence[RetentionClass]:
        """The agency's classes, those of the regulation first."""
        own = select(t.retention_classes).where(t.retention_classes.c.agency_id == agency_id)
        return agency_classes(agency_id, _classes.find(self._connection, own))

    def set_class(self, kind: RetentionClass) -> None:
        """Write a class down, over what was there."""
        key = (t.retention_classes.c.agency_id == kind.agency_id, t.retention_classes.c.code == kind.code)
        self._connection.execute(delete(t.retention_classes).where(*key))
        _classes.add(self._connection, kind)

    def plan(self, agency_id: AgencyId) -> Sequence[FileGroup]:
        """The groups of the file plan."""
        own = select(t.file_groups).where(t.file_groups.c.agency_id == agency_id)
        return agency_plan(agency_id, _groups.find(self._connection, own))

    def set_group(self, group: FileGroup) -> None:
        """Write a group down, over what was there."""
        key = (t.file_groups.c.agency_id == group.agency_id, t.file_groups.c.code == group.code)
        self._connection.execute(delete(t.file_groups).where(*key))
        _groups.add(self._connection, group)

    def items(self, agency_id: AgencyId, entry_ids: Collection[UUID]) -> Sequence[KeptItem]:
        """Those about which something was said, held."""
        found: list[KeptItem] = []
        for some in batched(sorted(entry_ids)):
            which = (t.kept_items.c.agency_id == agency_id, t.kept_items.c.entry_id.in_(some))
            found += kept_shelf.find(self._connection, select(t.kept_items).where(*which).with_for_update())
        return found

    def add(self, *items: KeptItem) -> None:
        """Keep new ones."""
        kept_shelf.add(self._connection, *items)

    def save(self, item: KeptItem) -> None:
        """Write one back."""
        kept_shelf.save(self._connection, item)

    def next_numbers(self, agency_id: AgencyId, of: str, year: int, count: int = 1) -> int:
        """The first of so many numbers in a row."""
        key = {"agency_id": agency_id, "of": of, "year": year}
        self._connection.execute(_OPEN_COUNTER[self._connection.dialect.name], {**key, "last": 0})
        counter = t.store_numbers.c
        statement = (
            update(t.store_numbers)
            .where(counter.agency_id == agency_id, counter.of == of, counter.year == year)
            .values(last=counter.last + count)
            .returning(counter.last)
        )
        return int(self._connection.execute(statement).scalar_one()) - count + 1

    def add_list(self, made: StoringList) -> None:
        """Keep a new list."""
        _lists.add(self._connection, made)

    def list(self, agency_id: AgencyId, list_id: UUID) -> StoringList:
        """A list of the agency; NotFound otherwise."""
        found = _lists.get(self._connection, list_id)
        expect_of(agency_id, found.agency_id)
        return found

    def save_list(self, made: StoringList) -> None:
        """Write a list back."""
        _lists.save(self._connection, made)

    def mask(self, agency_id: AgencyId, entry_id: UUID, words: str) -> None:
        """Take number, day and subject of a letter off every list, and write these words in their place."""
        masked = {"number": "", "letter_date": None, "subject": words}
        for table, name in _LISTS_OF_LETTERS:
            c, lines = table.c, table.c[name]
            named = (c.agency_id == agency_id, type_coerce(lines, Text).contains(str(entry_id)))
            held = select(c.id, c.version, lines).where(*named).with_for_update()
            for list_id, version, kept in self._connection.execute(held).all():
                told = [one | masked if one["entry_id"] == str(entry_id) else one for one in kept]
                changed = update(table).where(c.id == list_id)
                self._connection.execute(changed.values({name: told, "version": version + 1}))

    def add_hold(self, hold: LegalHold) -> None:
        """Keep a new hold."""
        _holds.add(self._connection, hold)

    def hold(self, agency_id: AgencyId, hold_id: UUID) -> LegalHold:
        """A hold of the agency; NotFound otherwise."""
        found = _holds.get(self._connection, hold_id)
        expect_of(agency_id, found.agency_id)
        return found

    def save_hold(self, hold: LegalHold) -> None:
        """Write a hold back."""
        _holds.save(self._connection, hold)


def expect_of(agency_id: AgencyId, owner: AgencyId) -> None:
    """Raise NotFound for what is another agency's."""
    if owner != agency_id:
        raise NotFound
