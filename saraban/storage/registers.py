"""The legal books: numbers are taken by one locking statement in the transaction that enters the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.register import BookId, BookKind, EntryState, RegisterEntry
from saraban.storage.search import entry_text
from saraban.storage.shelves import Shelf
from saraban.storage.tables.registers import books, entries

NEXT_NUMBER = (
    update(books)
    .where(
        books.c.keeper_id == bindparam("keeper"),
        books.c.kind == bindparam("of_kind"),
        books.c.year == bindparam("of_year"),
    )
    .values(last=books.c.last + 1)
    .returning(books.c.id, books.c.last)
)
# A line has no version: whoever means to use or void it holds its row (PostgreSQL; SQLite has one writer at a time).
_SUBJECT = (
    select(entries)
    .where(
        entries.c.agency_id == bindparam("agency"),
        entries.c.subject_of == bindparam("subject"),
        entries.c.state == bindparam("in_state"),
    )
    .with_for_update()
)


def _row(entry: RegisterEntry) -> dict[str, object]:
    row = {name: getattr(entry, name) for name in _FIELDS}
    row["search_text"] = (
        entry_text(entry.number, entry.subject, entry.sender, entry.addressee, str(entry.serial))
        if entry.secrecy.is_open
        else ""
    )
    return row


_RESERVED = (
    select(entries)
    .where(entries.c.state == EntryState.RESERVED, entries.c.at < bindparam("before"))
    .order_by(entries.c.at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_FIELDS = [c.name for c in entries.c if c.name != "search_text"]
_entries: Shelf[RegisterEntry] = Shelf(
    entries, to_row=_row, from_row=lambda row: RegisterEntry(**{name: row[name] for name in _FIELDS})
)


class RegisterBooks:
    """Registers on the shelf (usecases.books.Registers)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None, year: int) -> tuple[BookId, int]:
        """The next number; the book's row stays locked until the transaction ends, so no number is lost or doubled."""
        keeper: UUID = unit_id or agency_id
        values = {"keeper": keeper, "of_kind": kind, "of_year": year}
        row = self._connection.execute(NEXT_NUMBER, values).first()
        if row is None:
            self._open(agency_id, kind, keeper, year)
            row = self._connection.execute(NEXT_NUMBER, values).one()
        return BookId(row.id), row.last

    def enter(self, entry: RegisterEntry) -> None:
        """Write a line."""
        _entries.add(self._connection, entry)

    def save(self, entry: RegisterEntry) -> None:
        """Write a line back (its number never changes)."""
        _entries.save(self._connection, entry)

    def of_subject(self, agency_id: AgencyId, subject: UUID, state: EntryState) -> RegisterEntry | None:
        """The line of a letter in that state, if there is one."""
        found = _entries.find(self._connection, _SUBJECT, {"agency": agency_id, "subject": subject, "in_state": state})
        return found[0] if found else None

    def reserved_before(self, moment: datetime, limit: int) -> Sequence[RegisterEntry]:
        """Lines reserved before that moment and still without their letter."""
        return _entries.find(self._connection, _RESERVED, {"before": moment, "most": limit})

    def _open(self, agency_id: AgencyId, kind: BookKind, keeper: UUID, year: int) -> None:
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        row = {"id": uuid4(), "agency_id": agency_id, "kind": kind, "keeper_id": keeper, "year": year, "last": 0}
        self._connection.execute(dialect.insert(books).on_conflict_do_nothing(), row)
