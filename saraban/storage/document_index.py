"""The index of letters and lines: trigrams, by FTS5 on SQLite and by pg_trgm on PostgreSQL, behind one class.

On SQLite rows come in the order of time, so looking stops when there are enough; what is wanted of subjects and marks
alone is asked of a smaller index, so that a word of every text does not make each of them be looked at. On PostgreSQL
the index gives rows in no order: the newest are read as they stand, which finds what is frequent, and then the index is
asked for what is rare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, case, literal_column, or_, select, text, true

from saraban.storage.search import like_pattern
from saraban.storage.tables.finding import documents

SHORTEST = 3
NEAR = 1_000
"""How many of the newest are read as they stand on PostgreSQL, before the index is asked."""
COLLECTED = 3_000
LATEST = 2_000
"""How many of the newest are read for a word that is too short for the index."""
SUBJECT, MARKS, WORDS, SCANS = "subject", "marks", "words", "scans"
OWN = "own"
"""The words of a line without those of its files; no index has it."""
_HEADS = frozenset({SUBJECT, MARKS})


@dataclass(frozen=True)
class Group:
    """One thing that must occur: any of the ways of writing it, in any of the columns."""

    ways: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def indexed(self) -> bool:
        """Can the index find it?"""
        return all(len(way) >= SHORTEST for way in self.ways)

    def condition(self) -> ColumnElement[bool]:
        """The condition over the rows, without the index of SQLite."""
        return or_(*(documents.c[name].like(_pattern(way), escape="\\") for name in self.columns for way in self.ways))

    def without_files(self) -> Group:
        """The same, looked for in what a line says itself."""
        return replace(self, columns=tuple(OWN if one == WORDS else one for one in self.columns if one != SCANS))


@dataclass(frozen=True)
class Wanted:
    """What rows must have: all of the groups, one of the signs of `scope`, all of the signs of `narrowed`."""

    groups: tuple[Group, ...]
    scope: tuple[str, ...]
    narrowed: tuple[str, ...] = ()

    def only_in(self, *columns: str) -> Wanted:
        """The same, looked for in these columns alone."""
        return replace(self, groups=tuple(replace(group, columns=columns) for group in self.groups))


@dataclass(frozen=True)
class Place:
    """A row of the index: `id` tells the order, `kind` what its owner is."""

    id: int
    owner_id: UUID
    kind: str


class DocumentIndex:
    """Asks the index for rows that the condition `visible` over them allows, the newest first. `opened` is the
    condition that the words of a row's files count, too: where they do not, the row must be found without them."""

    def __init__(self, connection: Connection, visible: ColumnElement[bool], opened: ColumnElement[bool]) -> None:
        self._connection, self._visible, self._opened = connection, visible, opened
        self._sqlite = connection.dialect.name == "sqlite"
        self._oldest: dict[int, int] = {}

    def find(self, wanted: Wanted, most: int) -> list[Place]:
        """At most so many, the newest first. Words that are too short for the index are looked for among what the other
        words and signs leave."""
        if not wanted.scope:
            return []
        return self._by_fts(wanted, most) if self._sqlite else self._by_trigrams(wanted, most)

    def latest(self, wanted: Wanted, most: int) -> list[Place]:
        """Among the newest rows alone, read as they stand."""
        if not wanted.scope:
            return []
        since = self._since(LATEST)
        return self._read(self._plain(wanted).where(documents.c.id >= since), most)

    def texts(self, wanted: Wanted, most: int) -> Sequence[Any]:
        """The texts of rows, the newest first: those in which a word is looked for that may be written otherwise."""
        places = self.find(wanted, most)
        words = case((self._opened, documents.c.words), else_=documents.c.own).label(WORDS)
        columns = (documents.c.id, documents.c.subject, documents.c.marks, words)
        return self._connection.execute(select(*columns).where(documents.c.id.in_([p.id for p in places]))).all()

    # --- SQLite ---------------------------------------------------------------------------------------------------

    def _by_fts(self, wanted: Wanted, most: int) -> list[Place]:
        heads = all(_HEADS.issuperset(group.columns) for group in wanted.groups)
        fts = "search_heads_fts" if heads else "search_documents_fts"
        row: ColumnElement[int] = literal_column(f"{fts}.rowid")
        asked = [f"signs : ({' OR '.join(map(_quoted, wanted.scope))})"]
        asked += [f"signs : {_quoted(sign)}" for sign in wanted.narrowed]
        asked += [_asked(group) for group in wanted.groups if group.indexed]
        short = [group.condition() for group in wanted.groups if not group.indexed]
        statement = (
            select(documents.c.id, documents.c.owner_id, documents.c.kind)
            .select_from(text(fts))
            .join(documents, documents.c.id == row)
            .where(text(f"{fts} MATCH :asked"), *short, self._visible, self._by_what_is_open(wanted))
            .order_by(row.desc())
            .limit(most)
        )
        return [Place(*row) for row in self._connection.execute(statement, {"asked": " AND ".join(asked)})]

    # --- PostgreSQL -----------------------------------------------------------------------------------------------

    def _by_trigrams(self, wanted: Wanted, most: int) -> list[Place]:
        since = self._since(NEAR)
        plain = self._plain(wanted)
        near = self._read(plain.where(documents.c.id >= since), most)
        if len(near) >= most or not since:
            return near
        rare = plain.where(documents.c.id + 0 < since).limit(COLLECTED + 1)
        found = sorted((Place(*row) for row in self._connection.execute(rare)), key=lambda place: -place.id)
        if len(found) > COLLECTED:
            found = self._read(plain.where(documents.c.id < since), most)
        return (near + found)[:most]

    def _plain(self, wanted: Wanted) -> Select[Any]:
        signs = or_(*(documents.c.signs.like(f"%{sign}%") for sign in wanted.scope))
        narrowed = [documents.c.signs.like(f"%{sign}%") for sign in wanted.narrowed]
        groups = [group.condition() for group in wanted.groups]
        return select(documents.c.id, documents.c.owner_id, documents.c.kind).where(
            and_(*groups, *narrowed, signs, self._visible, self._by_what_is_open(wanted))
        )

    def _by_what_is_open(self, wanted: Wanted) -> ColumnElement[bool]:
        """The condition that a row has what is wanted without words that may not be told."""
        beyond_heads = [group for group in wanted.groups if not _HEADS.issuperset(group.columns)]
        if not beyond_heads:
            return true()
        return or_(self._opened, and_(*(group.without_files().condition() for group in beyond_heads)))

    def _read(self, statement: Select[Any], most: int) -> list[Place]:
        ordered = statement.order_by(documents.c.id.desc()).limit(most)
        return [Place(*row) for row in self._connection.execute(ordered)]

    def _since(self, newest: int) -> int:
        """The id from which on there are so many rows; 0 when there are not."""
        if newest not in self._oldest:
            ids = select(documents.c.id).order_by(documents.c.id.desc()).offset(newest - 1).limit(1)
            self._oldest[newest] = int(self._connection.execute(ids).scalar() or 0)
        return self._oldest[newest]


def _asked(group: Group) -> str:
    """A group in the language of FTS5."""
    return f"{{{' '.join(group.columns)}}} : ({' OR '.join(map(_quoted, group.ways))})"


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _pattern(way: str) -> str:
    """The LIKE pattern of a way; spaces at its ends, where words begin and end, are kept."""
    lead, tail = way[: len(way) - len(way.lstrip())], way[len(way.rstrip()) :]
    return f"%{lead}{like_pattern(way)[1:-1]}{tail}%"
