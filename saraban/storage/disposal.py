"""Lists of letters to be destroyed, and the rows of what was destroyed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, or_, select, update

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.disposal import DisposalList, disposal_of
from saraban.domain.disposal_item import flat
from saraban.domain.errors import NotFound
from saraban.domain.keeping import KeepingState, KeptItem
from saraban.storage.archive import kept_shelf
from saraban.storage.shelves import Shelf, batched
from saraban.storage.shredding import forget_words, strip, unneeded
from saraban.storage.tables import archive as t
from saraban.storage.tables import registers
from saraban.storage.tables.letters import files
from saraban.usecases.archive import Destroyed, Dropped, Gone

_PLACED = or_(*(t.kept_items.c[name] != "" for name in ("room", "shelf", "box")))
_NAMES = [f.name for f in fields(Destroyed)]


def _row(made: DisposalList) -> dict[str, Any]:
    row = {f.name: getattr(made, f.name) for f in fields(made)}
    row["items"] = [item.as_plain() for item in made.items]
    row["committee"], row["officers"] = ([flat(one) for one in people] for people in (made.committee, made.officers))
    row["confirmed"], row["agreed"] = ([str(one) for one in people] for people in (made.confirmed, made.agreed))
    return row


_lists: Shelf[DisposalList] = Shelf(t.disposal_lists, to_row=_row, from_row=lambda row: disposal_of(dict(row)))


class DisposalBooks:
    """Lists, and destroying (usecases.archive.Disposals)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, made: DisposalList) -> None:
        """Keep a new list."""
        _lists.add(self._connection, made)

    def get(self, agency_id: AgencyId, list_id: UUID) -> DisposalList:
        """A list of the agency; NotFound otherwise."""
        found = _lists.get(self._connection, list_id)
        if found.agency_id != agency_id:
            raise NotFound
        return found

    def save(self, made: DisposalList) -> None:
        """Write a list back."""
        _lists.save(self._connection, made)

    def survey(self, agency_id: AgencyId, year: int, today: date, *, electronic: bool, most: int) -> Sequence[KeptItem]:
        """What may be proposed, the oldest letters first."""
        item, line = t.kept_items.c, registers.entries.c
        statement = (
            select(t.kept_items)
            .join(registers.entries, line.id == item.entry_id)
            .where(
                item.agency_id == agency_id,
                item.state.in_([state for state in KeepingState if not state.gone]),
                item.until_year <= year,
                item.electronic.is_(True) if electronic else or_(item.electronic.is_(False), _PLACED),
                item.disposal_id.is_(None),
            )
            .order_by(line.letter_date.is_(None), line.letter_date, line.year, line.serial)
            .with_for_update(of=t.kept_items)
        )
        found = kept_shelf.find(self._connection, statement)
        due = (one for one in found if not one.why_not_due(year, today, electronic=electronic))
        return [one for _, one in zip(range(most), due, strict=False)]

    def waits(self, agency_id: AgencyId, year: int) -> bool:
        """Is there paper that may be proposed?"""
        item = t.kept_items.c
        free = (item.disposal_id, item.handover_id, item.held_by, item.loan_id, item.asked_by)
        which = (
            item.agency_id == agency_id,
            item.state.in_([state for state in KeepingState if not state.gone]),
            item.until_year <= year,
            or_(item.electronic.is_(False), _PLACED),
            or_(item.state == KeepingState.STORED, item.deposit_id.is_not(None)),
            or_(item.next_survey.is_(None), item.next_survey <= year),
            *(column.is_(None) for column in free),
        )
        return self._connection.execute(select(item.entry_id).where(*which).limit(1)).first() is not None

    # --- what was destroyed ---------------------------------------------------------------------------------------

    def destroy(self, list_id: UUID, gone: Sequence[Gone], at: datetime) -> Mapping[UUID, int]:
        """Destroy letters on the shelves; how many files of each nothing else needs."""
        found = {one: strip(self._connection, one) for one in gone}
        self._write(list_id, [(one, None) for one in gone], at)  # before it is asked what stays
        free = unneeded(self._connection, {digest for of_one in found.values() for digest in of_one})
        files = [(one, digest) for one, of_one in found.items() for digest in sorted(of_one & free, key=str)]
        self._write(list_id, files, at)
        forget_words(self._connection, free)
        return {one.entry_id: len(of_one & free) for one, of_one in found.items()}

    def shred(self, gone: Sequence[Gone], at: datetime) -> None:
        """Take letters off the shelves that came back; their files wait to be removed anew."""
        names = {digest for one in gone for digest in strip(self._connection, one)}
        entries = [one.entry_id for one in gone]
        named = select(t.destroyed.c.sha256).where(
            t.destroyed.c.entry_id.in_(entries), t.destroyed.c.sha256.is_not(None)
        )
        free = unneeded(self._connection, names | set(self._connection.execute(named).scalars()))
        forget_words(self._connection, free)
        waits = t.destroyed.c.entry_id.in_(entries)
        self._connection.execute(update(t.destroyed).where(waits).values(removed_at=None))

    def needed(self, digests: Collection[Digest]) -> Set[Digest]:
        """Those of these files that anything needs (again)."""
        return set(digests) - unneeded(self._connection, digests)

    def files_with(self, entry_ids: Collection[UUID]) -> Set[Digest]:
        """The files of these lines, there or destroyed."""
        found: set[Digest] = set()
        for some in batched(sorted(entry_ids)):
            there = select(files.c.sha256).where(files.c.owner_id.in_(some))
            gone = select(t.destroyed.c.sha256).where(
                t.destroyed.c.entry_id.in_(some), t.destroyed.c.sha256.is_not(None)
            )
            found |= set(self._connection.execute(there.union(gone)).scalars())
        return found

    def to_remove(self, most: int, after: int = 0) -> Sequence[Destroyed]:
        """Files whose bytes may still lie on the disk."""
        return self._waiting(and_(t.destroyed.c.sha256.is_not(None), t.destroyed.c.seq > after), most)

    def to_forget(self, most: int) -> Sequence[Destroyed]:
        """Letters whose words the index may still have aside."""
        return self._waiting(t.destroyed.c.sha256.is_(None), most)

    def _waiting(self, which: ColumnElement[bool], most: int) -> Sequence[Destroyed]:
        waits = and_(which, t.destroyed.c.removed_at.is_(None))
        return self._read(select(t.destroyed).where(waits).order_by(t.destroyed.c.seq).limit(most))

    def removed(self, gone: Collection[int], at: datetime) -> None:
        """Their bytes or words are gone."""
        for some in batched(list(gone)):
            self._connection.execute(update(t.destroyed).where(t.destroyed.c.seq.in_(some)).values(removed_at=at))

    def drop(self, digests: Iterable[Digest], at: datetime, *, harmful: bool = False, of_letters: bool = False) -> None:
        """The bytes of these files go once this is committed, and that moment has come."""
        told = {"at": at, "harmful": harmful, "of_letters": of_letters}
        if rows := [{"sha256": digest, **told} for digest in digests]:
            self._connection.execute(insert(t.dropped_files), rows)

    def dropped(self, most: int, now: datetime, after: int = 0) -> Sequence[Dropped]:
        """Files that were dropped until now, the oldest first."""
        c = t.dropped_files.c
        which = select(c.seq, c.sha256, c.harmful).where(c.removed_at.is_(None), c.at <= now, c.seq > after)
        return [Dropped(*row) for row in self._connection.execute(which.order_by(c.seq).limit(most))]

    def dropped_later(self, digests: Collection[Digest], now: datetime) -> Set[Digest]:
        """Those of these files that have a row whose moment is still to come."""
        c, found = t.dropped_files.c, set[Digest]()
        for some in batched(sorted(digests, key=str)):
            which = (c.sha256.in_(some), c.removed_at.is_(None), c.harmful.is_(False), c.at > now)
            found |= set(self._connection.execute(select(c.sha256).where(*which)).scalars())
        return found

    def leave_backups(self) -> Set[Digest]:
        """Files in which a virus was found, or that held letters, whose bytes were taken off the disk."""
        c = t.dropped_files.c
        return set(self._connection.execute(select(c.sha256).where(c.removed_at.is_not(None))).scalars())

    def going(self) -> Set[Digest]:
        """Files that were destroyed or dropped, may still lie on the disk, and that nothing needs."""
        c = t.destroyed.c
        waits = select(c.sha256).where(c.removed_at.is_(None), c.sha256.is_not(None))
        both = waits.union(select(t.dropped_files.c.sha256).where(t.dropped_files.c.removed_at.is_(None)))
        return unneeded(self._connection, set(self._connection.execute(both).scalars()))

    def dealt_with(self, rows: Collection[int], at: datetime | None = None) -> None:
        """These rows are done; those that the backups have to know stay, with the moment."""
        for some in batched(list(rows)):
            c = t.dropped_files.c
            if at is not None:
                stays = and_(c.seq.in_(some), or_(c.harmful.is_(True), c.of_letters.is_(True)))
                self._connection.execute(update(t.dropped_files).where(stays).values(removed_at=at))
            goes = and_(c.seq.in_(some), c.removed_at.is_(None))
            self._connection.execute(delete(t.dropped_files).where(goes))

    def destroyed_since(self, since: datetime | None, after: int = 0, most: int = 1000) -> Sequence[Destroyed]:
        """What was destroyed from a moment on."""
        which = [t.destroyed.c.seq > after] + ([t.destroyed.c.at >= since] if since is not None else [])
        return self._read(select(t.destroyed).where(*which).order_by(t.destroyed.c.seq).limit(most))

    def is_known(self, one: Destroyed) -> bool:
        """Is such a row kept?"""
        same = [t.destroyed.c.entry_id == one.entry_id, t.destroyed.c.sha256.is_not_distinct_from(one.sha256)]
        return self._connection.execute(select(t.destroyed.c.seq).where(*same).limit(1)).first() is not None

    def note(self, one: Destroyed) -> None:
        """Keep a row that a list from outside tells of."""
        self._write(one.list_id, [(Gone(one.agency_id, one.entry_id, one.subject_of), one.sha256)], one.at)

    def _write(self, list_id: UUID, gone: Iterable[tuple[Gone, Digest | None]], at: datetime) -> None:
        rows = [
            {
                **{"agency_id": one.agency_id, "list_id": list_id, "entry_id": one.entry_id},
                **{"subject_of": one.subject_of, "sha256": digest, "at": at},
            }
            for one, digest in gone
        ]
        if rows:
            self._connection.execute(insert(t.destroyed), rows)

    def _read(self, statement: Select[Any]) -> Sequence[Destroyed]:
        return [Destroyed(*(row[name] for name in _NAMES)) for row in self._connection.execute(statement).mappings()]
