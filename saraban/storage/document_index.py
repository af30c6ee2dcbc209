"""The index of letters and lines: trigrams, by FTS5 on SQLite and by pg_trgm on PostgreSQL, behind one class.

On SQLite rows come in the order of time, so looking stops when there are enough; what is wanted of subjects and marks
alone is asked of a smaller index, so that a word of every text does not make each of them be looked at. On PostgreSQL
the index gives rows in no order: the newest are read as they stand, which finds what is frequent, and then the index is
asked for what is rare. There to plan the condition of what somebody may read costs more than to find a rare word, so it
is asked apart, of those that were found, by a plan that is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Float,
    FromClause,
    Integer,
    Text,
    and_,
    any_,
    case,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
)

from saraban.storage.planning import Spelt, one_after_another, planned_once, spelt, told
from saraban.storage.search import like_pattern, normal_form, stands_in
from saraban.storage.tables.finding import documents
from saraban.storage.wanted import HEADS, SCANS, WORDS, Group, Place, Wanted

NEAR, FURTHEST = 1_000, 30_000
"""How many of the newest are read as they stand on PostgreSQL, before the index is asked; and how many at most."""
DEARER = 8
"""So many can be read as they stand in the time in which the index gives one."""
OFTEN = 4
"""So many among the nearest are often enough to look for more further back."""
COLLECTED = 6_000
PROBED, FREQUENT = 100, 5
"""Of how many of the newest so many have what is asked for when it is frequent, for which the index would be slow."""
LATEST = 2_000
"""How many of the newest are read for a word that is too short for the index."""
OWN = "own"
"""The words of a line without those of its files; no index has it."""
STATEMENTS = 1_000
"""How many statements are kept as they are spelt: each is of one person and of one number of words and signs."""
_FTS_OF_ALL, _FTS_OF_HEADS = "search_documents_fts", "search_heads_fts"
_NEWEST, _RARE, _OLDER = "newest", "rare", "older"
_PLACE = (documents.c.id, documents.c.owner_id, documents.c.kind)
_IN_ALL = literal_column(f"(SELECT reltuples FROM pg_class WHERE oid = '{documents.name}'::regclass)", Float)
"""How many rows there are, as PostgreSQL has estimated when it last counted; less than none when it never has."""
_MOST, _SINCE = told("most", Integer), told("since", BigInteger)


class Sight:
    """What somebody may find: rows that the condition `visible` over them allows. `opened` is the condition that the
    words of a row's files count, too: where they do not, the row must be found without them."""

    def __init__(self, visible: ColumnElement[bool], opened: ColumnElement[bool]) -> None:
        self.visible, self.opened = visible, opened

    def by_what_is_open(self, groups: Sequence[_Shape]) -> ColumnElement[bool]:
        """The condition that a row has the groups without words that may not be told."""
        beyond_heads = [group for group in groups if not HEADS.issuperset(group.columns)]
        if not beyond_heads:
            return true()
        return or_(self.opened, and_(*(group.without_files().condition() for group in beyond_heads)))


class DocumentIndex:
    """Asks the index for rows that somebody may find, the newest first."""

    def __init__(self, connection: Connection, sight: Sight) -> None:
        self._connection, self._sight = connection, sight
        self._sqlite = connection.dialect.name == "sqlite"
        self._oldest: dict[int, int] = {}
        self._in_all = 0.0

    def find(self, wanted: Wanted, most: int) -> list[Place]:
        """At most so many, the newest first. Words that are too short for the index are looked for among what the other
        words and signs leave."""
        if not wanted.scope:
            return []
        if self._sqlite:
            return [place for _, place in self._by_fts([(0, wanted)], most)]
        return self._by_trigrams(wanted, most)

    def ranked(self, tiers: Sequence[tuple[int, Wanted]], most: int) -> list[tuple[int, Place]]:
        """At most so many with the number of their tier: those of the first, then those of the second that are not in
        the first, and so on; in each the newest first."""
        if not tiers[0][1].scope:
            return []
        if all(group.indexed for _, wanted in tiers for group in wanted.groups):
            at_once = self._by_fts(tiers, most) if self._sqlite else self._by_trigrams_at_once(tiers, most)
            if at_once is not None:
                return at_once
        found: dict[UUID, tuple[int, Place]] = {}
        for rank, wanted in tiers:
            for place in self.find(wanted, most):
                found.setdefault(place.owner_id, (rank, place))
            if len(found) >= most:
                break
        return list(found.values())[:most]

    def latest(self, wanted: Wanted, most: int) -> list[Place]:
        """Among the newest rows alone, read as they stand."""
        if not wanted.scope:
            return []
        return self._read(_NEWEST, wanted, most, since=self._since(LATEST))

    def texts(self, wanted: Wanted, most: int) -> Sequence[Any]:
        """The texts of rows, the newest first: those in which a word is looked for that may be written otherwise."""
        places = self.find(wanted, most)
        words = case((self._sight.opened, documents.c.words), else_=documents.c.own).label(WORDS)
        columns = (documents.c.id, documents.c.subject, documents.c.marks, words)
        return self._connection.execute(select(*columns).where(documents.c.id.in_([p.id for p in places]))).all()

    # --- SQLite ---------------------------------------------------------------------------------------------------

    def _by_fts(self, tiers: Sequence[tuple[int, Wanted]], most: int) -> list[tuple[int, Place]]:
        """One question for all tiers. Each leaves out what those before it have found, so that the first so many of all
        the answers are the answer. That is told by the rows: FTS5 would go through all that those have to find what
        to leave out."""
        values: dict[str, Any] = {"most": most}
        forms = []
        for at, (rank, wanted) in enumerate(tiers):
            before = range(at)
            widest = tuple(n for n in before if not any(tiers[n][1].within(tiers[m][1]) for m in before[n + 1 :]))
            values |= {f"rank{at}": rank, f"asked{at}": _asked_of(wanted)} | _patterns(f"w{at}", wanted)
            fts = _FTS_OF_HEADS if all(group.in_heads for group in wanted.groups) else _FTS_OF_ALL
            forms.append((fts, _shapes(f"w{at}", wanted.groups), widest))
        statement = _fts_statement(self._connection.dialect, self._sight, tuple(forms))
        return [(row[0], _place(*row[1:])) for row in statement.rows(self._connection, values)]

    # --- PostgreSQL -----------------------------------------------------------------------------------------------

    def _by_trigrams_at_once(self, tiers: Sequence[tuple[int, Wanted]], most: int) -> list[tuple[int, Place]] | None:
        """All that have what the last tier wants, which those before it want, too, each of the first tier that it is
        in. Where enough of the newest are of the first tier, those are the answer, and it is they that are looked for
        as they stand as far back as they seem to be. None when what is wanted is too frequent to be collected and put
        in order, but not among the best."""
        best = tiers[:1]
        near = self._candidates(best, most, window=NEAR)
        if OFTEN <= len(near) < most:
            further = min(FURTHEST, 2 * NEAR * most // len(near))
            if not 0 < self._in_all / NEAR * len(near) * DEARER < further:
                near = self._candidates(best, most, window=further)
        if len(near) < most:
            if len(self._candidates(tiers[-1:], FREQUENT, window=PROBED)) >= FREQUENT:
                return None
            found = self._candidates(tiers, COLLECTED + 1)
            if len(found) <= COLLECTED:
                return self._seen(tiers, sorted(found, key=lambda one: (one[0], -one[1].id)), most)
            near = self._candidates(best, most, window=FURTHEST)
        seen = self._seen(best, near, most) if len(near) >= most else []
        return seen if len(seen) >= most else None

    def _candidates(
        self, tiers: Sequence[tuple[int, Wanted]], most: int, *, window: int = 0
    ) -> list[tuple[int, Place]]:
        """Rows that the signs allow, with the place of their tier: of so many of the newest, in their order, or of all,
        in none."""
        wanted = tiers[-1][1]
        shapes = tuple(_shapes(f"w{at}", one.groups) for at, (_, one) in enumerate(tiers))
        values: dict[str, Any] = {"most": most, "window": window} | _signs(wanted)
        for at, (_, one) in enumerate(tiers):
            values |= _patterns(f"w{at}", one)
        signs = len(wanted.scope), len(wanted.narrowed)
        statement = _candidates_statement(self._connection.dialect, window > 0, *signs, shapes)
        # The newest are read in one way whatever is asked for; how the index is asked depends on it.
        with planned_once(self._connection) if window else nullcontext():
            rows = statement.rows(self._connection, values)
        if window and rows:
            self._in_all = rows[0][4]
        return [(row[0], _place(*row[1:4])) for row in rows]

    def _seen(
        self, tiers: Sequence[tuple[int, Wanted]], found: Sequence[tuple[int, Place]], most: int
    ) -> list[tuple[int, Place]]:
        """The first so many of those found that may be seen, with the number of their tier."""
        seen: list[tuple[int, Place]] = []
        for first in range(0, len(found), most):
            some = found[first : first + most]
            opened = self._opened(tiers[-1][1], [place.id for _, place in some])
            for at, place in some:
                rank, wanted = tiers[at]
                if place.id in opened and (opened[place.id] or all(group.in_heads for group in wanted.groups)):
                    seen.append((rank, place))
            if len(seen) >= most:
                break
        return seen[:most]

    def _opened(self, wanted: Wanted, ids: Sequence[int]) -> dict[int, bool]:
        """Of these rows those that may be seen; whether that is so with what is wanted."""
        statement = _sight_statement(self._connection.dialect, self._sight, _shapes("w", wanted.groups))
        with planned_once(self._connection):
            rows = statement.rows(self._connection, {"ids": list(ids)} | _patterns("w", wanted))
        return {row[0]: row[1] for row in rows}

    def _by_trigrams(self, wanted: Wanted, most: int) -> list[Place]:
        since = self._since(NEAR)
        near = self._read(_NEWEST, wanted, most, since=since)
        if len(near) >= most or not since:
            return near
        found = sorted(self._read(_RARE, wanted, COLLECTED + 1, since=since), key=lambda place: -place.id)
        if len(found) > COLLECTED:
            found = self._read(_OLDER, wanted, most, since=since)
        return (near + found)[:most]

    def _read(self, way: str, wanted: Wanted, most: int, *, since: int) -> list[Place]:
        form = (way, len(wanted.scope), len(wanted.narrowed), _shapes("w", wanted.groups))
        statement = _plain_statement(self._connection.dialect, self._sight, *form)
        values = {"most": most, "since": since} | _signs(wanted) | _patterns("w", wanted)
        return [_place(*row) for row in statement.rows(self._connection, values)]

    def _since(self, newest: int) -> int:
        """The id from which on there are so many rows; 0 when there are not."""
        if newest not in self._oldest:
            rows = _since_statement(self._connection.dialect).rows(self._connection, {"before": newest - 1})
            self._oldest[newest] = int(rows[0][0]) if rows else 0
        return self._oldest[newest]


@dataclass(frozen=True)
class _Shape:
    """A group but for its words, which are the values of these names; their patterns are those of `_like` of them."""

    names: tuple[str, ...]
    columns: tuple[str, ...]
    indexed: bool

    def condition(self, rows: FromClause = documents) -> ColumnElement[bool]:
        """The condition over rows that are looked at one by one."""
        ways = [told(name, Text) for name in self.names]
        return or_(*(stands_in(rows.c[name], way) for name in self.columns for way in ways))

    def by_index(self) -> ColumnElement[bool]:
        """The same as PostgreSQL's index takes it, which for a row that it does not give takes eight times as long."""
        ways = [told(_like(name), Text) for name in self.names]
        return or_(*(documents.c[name].like(way, escape="\\") for name in self.columns for way in ways))

    def without_files(self) -> _Shape:
        """The same, looked for in what a line says itself."""
        return replace(self, columns=tuple(OWN if one == WORDS else one for one in self.columns if one != SCANS))


def _shapes(prefix: str, groups: Sequence[Group]) -> tuple[_Shape, ...]:
    return tuple(
        _Shape(tuple(f"{prefix}_{at}_{n}" for n in range(len(group.ways))), group.columns, group.indexed)
        for at, group in enumerate(groups)
    )


def _patterns(prefix: str, wanted: Wanted) -> dict[str, str]:
    """The values of the names in the shapes, and of the names of their patterns."""
    values: dict[str, str] = {}
    for at, group in enumerate(wanted.groups):
        for n, way in enumerate(group.ways):
            name, lead, tail = f"{prefix}_{at}_{n}", way[: len(way) - len(way.lstrip())], way[len(way.rstrip()) :]
            # Spaces at the ends, where words begin and end, are kept.
            values[name] = f"{lead}{normal_form(way)}{tail}"
            values[_like(name)] = f"%{lead}{like_pattern(way)[1:-1]}{tail}%"
    return values


def _like(name: str) -> str:
    return f"{name}_like"


@lru_cache(maxsize=STATEMENTS)
def _fts_statement(
    dialect: Dialect, sight: Sight, forms: tuple[tuple[str, tuple[_Shape, ...], tuple[int, ...]], ...]
) -> Spelt:
    each = []
    for at, (fts, groups, before) in enumerate(forms):
        row: ColumnElement[int] = literal_column(f"{fts}.rowid")
        short = [group.condition() for group in groups if not group.indexed]
        statement = (
            select(told(f"rank{at}", Integer), *_PLACE)
            .select_from(text(fts))
            .join(documents, documents.c.id == row)
            .where(
                literal_column(fts).op("MATCH")(told(f"asked{at}", Text)),
                *short,
                *(not_(and_(*(group.condition() for group in forms[n][1]))) for n in before),
                sight.visible,
                sight.by_what_is_open(groups),
            )
            .order_by(row.desc())
            .limit(_MOST)
        )
        each.append(spelt(statement, dialect))
    return one_after_another(each, "most")


def _signs(wanted: Wanted) -> dict[str, str]:
    """The values of the names in `_with_signs`, and of the names of their patterns."""
    named = {f"scope{at}": sign for at, sign in enumerate(wanted.scope)}
    named |= {f"narrowed{at}": sign for at, sign in enumerate(wanted.narrowed)}
    return named | {_like(name): f"%{sign}%" for name, sign in named.items()}


def _with_signs(rows: FromClause, scope: int, narrowed: int, *, by_index: bool) -> list[ColumnElement[bool]]:
    """The conditions that rows have one of the signs of the scope and all that narrow it."""

    def has(name: str) -> ColumnElement[bool]:
        signs = rows.c.signs
        return signs.like(told(_like(name), Text)) if by_index else stands_in(signs, told(name, Text))

    return [or_(*(has(f"scope{at}") for at in range(scope))), *(has(f"narrowed{at}") for at in range(narrowed))]


@lru_cache(maxsize=STATEMENTS)
def _candidates_statement(
    dialect: Dialect, newest: bool, scope: int, narrowed: int, tiers: tuple[tuple[_Shape, ...], ...]
) -> Spelt:
    rows: FromClause = documents
    if newest:
        latest = select(documents).order_by(documents.c.id.desc()).limit(told("window", Integer))
        rows = latest.subquery("newest")
    has = [and_(true(), *(group.condition(rows) for group in groups)) for groups in tiers[:-1]]
    tier = case(*((one, at) for at, one in enumerate(has)), else_=len(has)) if has else literal_column("0", Integer)
    wanted = [group.condition(rows) if newest else group.by_index() for group in tiers[-1]]
    statement = select(tier, rows.c.id, rows.c.owner_id, rows.c.kind)
    if newest:
        statement = statement.add_columns(_IN_ALL)
    statement = statement.where(*wanted, *_with_signs(rows, scope, narrowed, by_index=not newest)).limit(_MOST)
    return spelt(statement.order_by(rows.c.id.desc()) if newest else statement, dialect)


@lru_cache(maxsize=STATEMENTS)
def _sight_statement(dialect: Dialect, sight: Sight, groups: tuple[_Shape, ...]) -> Spelt:
    opened = sight.by_what_is_open(groups)
    these = documents.c.id == any_(told("ids", ARRAY(BigInteger)))
    return spelt(select(documents.c.id, opened.label("opened")).where(these, sight.visible), dialect)


@lru_cache(maxsize=STATEMENTS)
def _plain_statement(
    dialect: Dialect, sight: Sight, way: str, scope: int, narrowed: int, groups: tuple[_Shape, ...]
) -> Spelt:
    by_index = way != _NEWEST
    wanted = [group.by_index() if by_index else group.condition() for group in groups]
    wanted += _with_signs(documents, scope, narrowed, by_index=by_index)
    statement = select(*_PLACE).where(*wanted, sight.visible, sight.by_what_is_open(groups))
    in_order = statement.order_by(documents.c.id.desc())
    ways = {
        _NEWEST: in_order.where(documents.c.id >= _SINCE),
        # For a sum PostgreSQL cannot read all rows in the order of their ids.
        _RARE: statement.where(documents.c.id + 0 < _SINCE),
        _OLDER: in_order.where(documents.c.id < _SINCE),
    }
    return spelt(ways[way].limit(_MOST), dialect)


@lru_cache(maxsize=STATEMENTS)
def _since_statement(dialect: Dialect) -> Spelt:
    ids = select(documents.c.id).order_by(documents.c.id.desc())
    return spelt(ids.offset(told("before", Integer)).limit(1), dialect)


def _place(row_id: int, owner_id: Any, kind: str) -> Place:
    return Place(row_id, owner_id if isinstance(owner_id, UUID) else UUID(owner_id), kind)


def _asked_of(wanted: Wanted) -> str:
    """What is wanted in the language of FTS5. Words that are too short are left out."""
    asked = [f"signs : ({' OR '.join(map(_quoted, wanted.scope))})"]
    asked += [f"signs : {_quoted(sign)}" for sign in wanted.narrowed]
    return " AND ".join([*asked, *(_asked(group) for group in wanted.groups if group.indexed)])


def _asked(group: Group) -> str:
    """A group in the language of FTS5."""
    return f"{{{' '.join(group.columns)}}} : ({' OR '.join(map(_quoted, group.ways))})"


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'
