"""The index of letters and lines: trigrams, by FTS5 on SQLite and by pg_trgm on PostgreSQL, behind one class.

On SQLite rows come in the order of time, so looking stops when there are enough; what is wanted of subjects and marks
alone is asked of a smaller index, so that a word of every text does not make each of them be looked at. On PostgreSQL
the index gives rows in no order: the newest are read as they stand, which finds what is frequent, and then the index is
asked for what is rare. There to plan the condition of what somebody may read costs more than to find a rare word, so it
is asked apart, of those that were found, by a plan that is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, select

from saraban.storage import document_statements as statements
from saraban.storage.document_statements import NEWEST, OLDER, RARE, Sight, shapes_of, signs_of, words_of
from saraban.storage.planning import Spelt, asked_together, planned_once
from saraban.storage.tables.finding import documents
from saraban.storage.wanted import WORDS, Group, Place, Wanted

__all__ = ["DocumentIndex", "Sight"]

NEAR, FURTHEST = 400, 30_000
"""How many of the newest are read as they stand on PostgreSQL, before the index is asked; and how many at most."""
DEARER = 8
"""So many can be read as they stand in the time in which the index gives one."""
OFTEN = 4
"""So many among the nearest are often enough to look for more further back."""
COLLECTED = 6_000
AT_FIRST = 3
"""So many times as many as are wanted are given of what was collected: the line of a letter that somebody reads is
found with the letter, and not seen beside it."""
PROBED, FREQUENT = 100, 5
"""Of how many of the newest so many have what is asked for when it is frequent, for which the index would be slow."""
LATEST = 2_000
"""How many of the newest are read for a word that is too short for the index."""
_FTS_OF_ALL, _FTS_OF_HEADS = "search_documents_fts", "search_heads_fts"


Asked = tuple[Spelt, Mapping[str, Any]]
"""A statement with its values."""
Ahead = Callable[[Sequence[Place]], Sequence[Asked]]


class DocumentIndex:
    """Asks the index for rows that somebody may find, the newest first."""

    def __init__(self, connection: Connection, sight: Sight, ahead: Ahead = lambda places: ()) -> None:
        """`ahead`: what will be asked about the first places. On PostgreSQL it is asked in the trip in which is asked
        which of them may be seen, and the answers, also of what may not be seen, are `told` afterwards."""
        self._connection, self._sight, self._ahead = connection, sight, ahead
        self.told: list[Any] = []
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
        return self._read(NEWEST, wanted, most, since=self._since(LATEST))

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
            values |= {f"rank{at}": rank, f"asked{at}": _asked_of(wanted)} | words_of(f"w{at}", wanted)
            fts = _FTS_OF_HEADS if all(group.in_heads for group in wanted.groups) else _FTS_OF_ALL
            forms.append((fts, shapes_of(f"w{at}", wanted.groups), widest))
        statement = statements.by_fts(self._connection.dialect, self._sight, tuple(forms))
        return [(row[0], _place(*row[1:])) for row in statement.rows(self._connection, values)]

    # --- PostgreSQL -----------------------------------------------------------------------------------------------

    def _by_trigrams_at_once(self, tiers: Sequence[tuple[int, Wanted]], most: int) -> list[tuple[int, Place]] | None:
        """All that have what the last tier wants, which those before it want, too, each of the first tier that it is
        in. Where enough of the newest are of the first tier, those are the answer, and it is they that are looked for
        as they stand as far back as they seem to be. None when what is wanted is too frequent to be collected and put
        in order, but not among the best."""
        best = tiers[:1]
        near, frequent = self._nearest(tiers, most)
        if OFTEN <= len(near) < most:
            further = min(FURTHEST, NEAR << (2 * most // len(near)).bit_length())  # few windows have few statements
            if not 0 < self._in_all / NEAR * len(near) * DEARER < further:
                near = self._candidates(best, most, window=further)
        if len(near) < most:
            if frequent:
                return None
            found, in_all = self._collected(tiers, AT_FIRST * most)
            if in_all <= COLLECTED:
                seen = self._seen(tiers, found, most)
                if len(seen) < most and in_all > len(found):
                    known = {place.id for _, place in found}
                    others = [one for one in self._collected(tiers, in_all)[0] if one[1].id not in known]
                    seen += self._seen(tiers, others, most)
                return seen[:most]
            near = self._candidates(best, most, window=FURTHEST)
        seen = self._seen(best, near, most) if len(near) >= most else []
        return seen if len(seen) >= most else None

    def _nearest(self, tiers: Sequence[tuple[int, Wanted]], most: int) -> tuple[list[tuple[int, Place]], bool]:
        """Those of the first tier among the newest; and whether what the last tier wants is frequent."""
        wanted = tiers[-1][1]
        values: dict[str, Any] = {"most": most, "enough": FREQUENT}
        values |= signs_of(wanted) | words_of("first", tiers[0][1]) | words_of("last", wanted)
        shapes = shapes_of("first", tiers[0][1].groups), shapes_of("last", wanted.groups)
        signs = len(wanted.scope), len(wanted.narrowed)
        statement = statements.nearest(self._connection.dialect, (NEAR, PROBED), *signs, *shapes)
        with planned_once(self._connection):
            rows = statement.rows(self._connection, values)
        self._in_all = rows[0][4] if rows else 0.0
        near = [(0, _place(*row[1:4])) for row in rows if row[0] == 0]
        near.sort(key=lambda one: -one[1].id)
        return near, len(rows) - len(near) >= FREQUENT

    def _candidates(self, tiers: Sequence[tuple[int, Wanted]], most: int, *, window: int) -> list[tuple[int, Place]]:
        """Rows of so many of the newest that the signs allow, with the place of their tier, in their order."""
        statement, values = self._asking_candidates(tiers, window)
        with planned_once(self._connection):  # these are read in one way whatever is asked for
            rows = statement.rows(self._connection, values | {"most": most})
        return [(row[0], _place(*row[1:])) for row in rows]

    def _collected(self, tiers: Sequence[tuple[int, Wanted]], first: int) -> tuple[list[tuple[int, Place]], int]:
        """Of all rows that the signs allow so many, the best first, with the place of their tier; and how many there
        are in all, of which no more than COLLECTED and one are counted."""
        statement, values = self._asking_candidates(tiers, 0)
        values |= {"most": COLLECTED + 1, "first": first}
        if statements.planned_for_any_words(shapes_of("", tiers[-1][1].groups)):  # it is mostly asked in one way
            rows = statement.rows_by_one_plan(self._connection, values)
        else:
            rows = statement.rows(self._connection, values)
        return [(row[0], _place(*row[1:4])) for row in rows], rows[0][4] if rows else 0

    def _asking_candidates(self, tiers: Sequence[tuple[int, Wanted]], window: int) -> tuple[Spelt, dict[str, Any]]:
        wanted = tiers[-1][1]
        shapes = tuple(shapes_of(f"w{at}", one.groups) for at, (_, one) in enumerate(tiers))
        values: dict[str, Any] = signs_of(wanted)
        for at, (_, one) in enumerate(tiers):
            values |= words_of(f"w{at}", one)
        signs = len(wanted.scope), len(wanted.narrowed)
        return statements.candidates(self._connection.dialect, window, *signs, shapes), values

    def _seen(
        self, tiers: Sequence[tuple[int, Wanted]], found: Sequence[tuple[int, Place]], most: int
    ) -> list[tuple[int, Place]]:
        """The first so many of those found that may be seen, with the number of their tier."""
        seen: list[tuple[int, Place]] = []
        for first in range(0, len(found), most):
            some = found[first : first + most]
            ahead = self._ahead([place for _, place in some]) if not self.told else ()
            opened = self._opened(tiers[-1][1], [place.id for _, place in some], ahead)
            for at, place in some:
                rank, wanted = tiers[at]
                if place.id in opened and (opened[place.id] or all(group.in_heads for group in wanted.groups)):
                    seen.append((rank, place))
            if len(seen) >= most:
                break
        return seen[:most]

    def _opened(self, wanted: Wanted, ids: Sequence[int], ahead: Sequence[Asked]) -> dict[int, bool]:
        """Of these rows those that may be seen; whether that is so with what is wanted."""
        statement = statements.those_seen(self._connection.dialect, self._sight, shapes_of("w", wanted.groups))
        values = {"ids": list(ids)} | words_of("w", wanted)
        seen, *told = asked_together(self._connection, [(statement, values), *ahead])
        for (one, _), rows in zip(ahead, told, strict=True):
            self.told += one.named(rows)
        return {row[0]: row[1] for row in seen}

    def _by_trigrams(self, wanted: Wanted, most: int) -> list[Place]:
        since = self._since(NEAR)
        near = self._read(NEWEST, wanted, most, since=since)
        if len(near) >= most or not since:
            return near
        found = sorted(self._read(RARE, wanted, COLLECTED + 1, since=since), key=lambda place: -place.id)
        if len(found) > COLLECTED:
            found = self._read(OLDER, wanted, most, since=since)
        return (near + found)[:most]

    def _read(self, way: str, wanted: Wanted, most: int, *, since: int) -> list[Place]:
        form = (way, len(wanted.scope), len(wanted.narrowed), shapes_of("w", wanted.groups))
        statement = statements.plain(self._connection.dialect, self._sight, *form)
        values = {"most": most, "since": since} | signs_of(wanted) | words_of("w", wanted)
        return [_place(*row) for row in statement.rows(self._connection, values)]

    def _since(self, newest: int) -> int:
        """The id from which on there are so many rows; 0 when there are not."""
        if newest not in self._oldest:
            rows = statements.since_which(self._connection.dialect).rows(self._connection, {"before": newest - 1})
            self._oldest[newest] = int(rows[0][0]) if rows else 0
        return self._oldest[newest]


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
