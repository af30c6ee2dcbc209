"""Lists of readers on the shelf, and what people have seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, or_, select, union
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.circulation import Circulation, CirculationId, Reader, ReaderGroup, ReaderGroupId
from saraban.domain.errors import NotFound
from saraban.domain.loan import LoanState
from saraban.storage.shelves import AT_ONCE, Shelf, batched, plain_shelf
from saraban.storage.tables import circulation as t
from saraban.storage.tables.archive import loans

_circulations: Shelf[Circulation] = plain_shelf(t.circulations, Circulation, to=tuple)
_readers: Shelf[Reader] = plain_shelf(t.readers, Reader)
_groups: Shelf[ReaderGroup] = plain_shelf(t.reader_groups, ReaderGroup, words=tuple)
_OF_LETTER = union(
    select(t.readers.c.person_id).where(t.readers.c.about_id == bindparam("letter")),
    select(loans.c.borrower_id).where(
        loans.c.subject_of == bindparam("letter"), loans.c.state == LoanState.OUT, loans.c.borrower_id.is_not(None)
    ),
)
_ON_LIST = select(t.readers).where(t.readers.c.circulation_id == bindparam("circulation"))
_UNNOTED = _ON_LIST.where(t.readers.c.noted_at.is_(None))
_OF_PERSON = select(t.readers).where(
    t.readers.c.about_id == bindparam("letter"), t.readers.c.person_id == bindparam("person")
)
_DROP_UNOPENED = delete(t.readers).where(
    t.readers.c.circulation_id == bindparam("circulation"), t.readers.c.opened_at.is_(None)
)
_SEEN_GROUPS = (
    select(t.reader_groups)
    .where(
        t.reader_groups.c.agency_id == bindparam("agency"),
        t.reader_groups.c.active,
        or_(t.reader_groups.c.owner_id.is_(None), t.reader_groups.c.owner_id == bindparam("person")),
    )
    .order_by(t.reader_groups.c.name)
)
_SEEN_AT = select(t.sightings.c.at).where(
    t.sightings.c.person_id == bindparam("person"), t.sightings.c.about_id == bindparam("letter")
)


def _later(table: Any, *key: str) -> dict[str, Any]:
    """The row with this moment, or the one that was there when that is later; for each kind of database."""
    made = {}
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql)):
        put = dialect.insert(table)
        made[name] = put.on_conflict_do_update(
            index_elements=list(key), set_={"at": put.excluded.at}, where=table.c.at < put.excluded.at
        )
    return made


_SEE = _later(t.sightings, "person_id", "about_id")
_MARK = _later(t.read_marks, "person_id", "list")


def readers_of(connection: Connection, letter_id: UUID) -> frozenset[PersonId]:
    """Those to whom a letter was passed round, and who has borrowed it."""
    return frozenset(connection.execute(_OF_LETTER, {"letter": letter_id}).scalars())


def note_deeds(connection: Connection, deeds: Sequence[tuple[PersonId, UUID, datetime]]) -> None:
    """Who did something to a letter has seen it as it is then."""
    rows = [{"person_id": person, "about_id": about, "at": at} for person, about, at in sorted(set(deeds), key=str)]
    if rows:
        connection.execute(_SEE[connection.dialect.name], rows)


class CirculationBooks:
    """Lists of readers and groups of them (usecases.reading_books.Circulations)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, circulation: Circulation, readers: Sequence[Reader]) -> None:
        """Keep a new one with its readers."""
        _circulations.add(self._connection, circulation)
        for some in batched(readers, AT_ONCE):
            _readers.add(self._connection, *some)

    def save(self, circulation: Circulation) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        _circulations.save(self._connection, circulation)

    def get(self, agency_id: AgencyId, circulation_id: CirculationId) -> Circulation:
        """The circulation; NotFound when it is another agency's."""
        found = _circulations.get(self._connection, circulation_id)
        if found.agency_id != agency_id:
            raise NotFound
        return found

    def unnoted(self, circulation_id: CirculationId) -> Sequence[Reader]:
        """Its readers who have not noted the letter."""
        return _readers.find(self._connection, _UNNOTED, {"circulation": circulation_id})

    def reader(self, about_id: UUID, person_id: PersonId) -> Reader | None:
        """The person on the list of a letter; None when he is on none."""
        found = _readers.find(self._connection, _OF_PERSON, {"letter": about_id, "person": person_id})
        return found[0] if found else None

    def save_reader(self, reader: Reader) -> None:
        """Write a reader back."""
        _readers.save(self._connection, reader)

    def drop_unopened(self, circulation_id: CirculationId) -> int:
        """Take those off the list who have not opened the letter; how many there were."""
        return self._connection.execute(_DROP_UNOPENED, {"circulation": circulation_id}).rowcount

    def add_group(self, group: ReaderGroup) -> None:
        """Keep a new group."""
        _groups.add(self._connection, group)

    def save_group(self, group: ReaderGroup) -> None:
        """Write a group back; ConcurrentEdit when somebody was faster."""
        _groups.save(self._connection, group)

    def group(self, agency_id: AgencyId, group_id: ReaderGroupId) -> ReaderGroup:
        """The group; NotFound when it is another agency's."""
        group = _groups.get(self._connection, group_id)
        if group.agency_id != agency_id:
            raise NotFound
        return group

    def groups(self, agency_id: AgencyId, person_id: PersonId | None) -> Sequence[ReaderGroup]:
        """The agency's groups and the person's own that are in use, by name."""
        return _groups.find(self._connection, _SEEN_GROUPS, {"agency": agency_id, "person": person_id})

    def see(self, person_id: PersonId, about_id: UUID, changed_at: datetime, at: datetime) -> bool:
        """Keep that the person has seen a letter; False, and nothing is written, when he had since it changed."""
        before = self._connection.execute(_SEEN_AT, {"person": person_id, "letter": about_id}).scalar()
        if before is not None and before >= changed_at:
            return False
        note_deeds(self._connection, [(person_id, about_id, at)])
        return True

    def mark_list(self, person_id: PersonId, name: str, at: datetime) -> None:
        """Keep that the person holds a whole list for read until now."""
        row = {"person_id": person_id, "list": name, "at": at}
        self._connection.execute(_MARK[self._connection.dialect.name], row)
