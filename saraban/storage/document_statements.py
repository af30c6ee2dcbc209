"""The statements by which the index of letters and lines is asked. Each is spelt once for a person and for so many
words and signs, and is told each time which they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Dialect,
    Float,
    FromClause,
    Integer,
    Text,
    and_,
    any_,
    case,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
)

from saraban.storage.planning import Spelt, one_after_another, side_by_side, spelt, told
from saraban.storage.search import like_pattern, normal_form, stands_in
from saraban.storage.tables.finding import documents
from saraban.storage.wanted import HEADS, SCANS, WORDS, Group, Wanted

OWN = "own"
"""The words of a line without those of its files; no index has it."""
STATEMENTS = 1_000
"""How many statements are kept as they are spelt: each is of one person and of one number of words and signs."""
_FEW_WAYS = 12
NEWEST, RARE, OLDER = "newest", "rare", "older"
_PLACE = (documents.c.id, documents.c.owner_id, documents.c.kind)
_IN_ALL = literal_column(f"(SELECT reltuples FROM pg_class WHERE oid = '{documents.name}'::regclass)", Float)
"""How many rows there are, as PostgreSQL has estimated when it last counted; less than none when it never has."""
_MOST, _SINCE = told("most", Integer), told("since", BigInteger)


class Sight:
    """What somebody may find: rows that the condition `visible` over them allows. `opened` is the condition that the
    words of a row's files count, too: where they do not, the row must be found without them."""

    def __init__(self, visible: ColumnElement[bool], opened: ColumnElement[bool]) -> None:
        self.visible, self.opened = visible, opened

    def by_what_is_open(self, groups: Sequence[Shape]) -> ColumnElement[bool]:
        """The condition that a row has the groups without words that may not be told."""
        beyond_heads = [group for group in groups if not HEADS.issuperset(group.columns)]
        if not beyond_heads:
            return true()
        return or_(self.opened, and_(*(group.without_files().condition() for group in beyond_heads)))


@dataclass(frozen=True)
class Shape:
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

    def without_files(self) -> Shape:
        """The same, looked for in what a line says itself."""
        return replace(self, columns=tuple(OWN if one == WORDS else one for one in self.columns if one != SCANS))


def shapes_of(prefix: str, groups: Sequence[Group]) -> tuple[Shape, ...]:
    """The shape of each group, whose ways take names that begin with `prefix`: `words_of` gives their values."""
    return tuple(
        Shape(tuple(f"{prefix}_{at}_{n}" for n in range(len(group.ways))), group.columns, group.indexed)
        for at, group in enumerate(groups)
    )


def words_of(prefix: str, wanted: Wanted) -> dict[str, str]:
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
def by_fts(dialect: Dialect, sight: Sight, forms: tuple[tuple[str, tuple[Shape, ...], tuple[int, ...]], ...]) -> Spelt:
    """`most` of the rows that somebody may find, by so many tiers, each asked of one index and leaving out what those
    of these places have found (SQLite)."""
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


def signs_of(wanted: Wanted) -> dict[str, str]:
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
def candidates(dialect: Dialect, window: int, scope: int, narrowed: int, tiers: tuple[tuple[Shape, ...], ...]) -> Spelt:
    """Of so many of the newest in their order, `most` that the last tier wants, each with the place of the first that
    wants it; or for a window of 0 `most` of all, of which `first` are given, the best, each also with how many there
    are (PostgreSQL)."""
    newest = window > 0
    rows = _newest(window) if newest else documents
    has = [and_(true(), *(group.condition(rows) for group in groups)) for groups in tiers[:-1]]
    tier = case(*((one, at) for at, one in enumerate(has)), else_=len(has)) if has else literal_column("0", Integer)
    wanted = [group.condition(rows) if newest else group.by_index() for group in tiers[-1]]
    statement = select(tier.label("tier"), rows.c.id, rows.c.owner_id, rows.c.kind)
    statement = statement.where(*wanted, *_with_signs(rows, scope, narrowed, by_index=not newest))
    if newest:
        return spelt(statement.order_by(rows.c.id.desc()).limit(_MOST), dialect)
    # Planned as if all were wanted: told how many are, a plan for any words reads all rows and hopes to meet them soon.
    found = statement.cte("found").prefix_with("MATERIALIZED")
    some = select(found).limit(_MOST).subquery()
    best = select(some, func.count().over().label("in_all")).order_by(some.c.tier, some.c.id.desc())
    return spelt(best.limit(told("first", Integer)), dialect)


def planned_for_any_words(shapes: Sequence[Shape]) -> bool:
    """Is the plan of `candidates` for any words good for these? PostgreSQL takes it that each way finds one row of two
    hundred in each column: of several words it would not ask the index for the rarest, and with many ways it would
    read all rows."""
    return len(shapes) == 1 and len(shapes[0].names) * len(shapes[0].columns) <= _FEW_WAYS


@lru_cache(maxsize=STATEMENTS)
def nearest(
    dialect: Dialect,
    windows: tuple[int, int],
    scope: int,
    narrowed: int,
    first: tuple[Shape, ...],
    last: tuple[Shape, ...],
) -> Spelt:
    """Two answers in one trip, with 0 and 1 before them: `most` of so many of the newest that have the first, and
    `enough` of so many that have the last; each with the number of all rows (PostgreSQL)."""
    each = []
    for place, (shapes, most) in enumerate(((first, "most"), (last, "enough"))):
        rows = _newest(windows[place])
        statement = select(literal_column(str(place), Integer), rows.c.id, rows.c.owner_id, rows.c.kind, _IN_ALL)
        wanted = [group.condition(rows) for group in shapes] + _with_signs(rows, scope, narrowed, by_index=False)
        statement = statement.where(*wanted).order_by(rows.c.id.desc()).limit(told(most, Integer))
        each.append(spelt(statement, dialect))
    return side_by_side(each)


def _newest(window: int) -> FromClause:
    """So many of the newest rows. The number stands in the text: a plan for any number takes a tenth of all rows."""
    return select(documents).order_by(documents.c.id.desc()).limit(window).subquery("newest")


@lru_cache(maxsize=STATEMENTS)
def those_seen(dialect: Dialect, sight: Sight, groups: tuple[Shape, ...]) -> Spelt:
    """Of the rows with these `ids` those that may be seen, and whether they may be with what is wanted (PostgreSQL)."""
    opened = sight.by_what_is_open(groups)
    these = documents.c.id == any_(told("ids", ARRAY(BigInteger)))
    return spelt(select(documents.c.id, opened.label("opened")).where(these, sight.visible), dialect)


@lru_cache(maxsize=STATEMENTS)
def plain(dialect: Dialect, sight: Sight, way: str, scope: int, narrowed: int, groups: tuple[Shape, ...]) -> Spelt:
    """`most` rows that somebody may find: `since` an id, as they stand; or before it, by the index and in no order, or
    in theirs (RARE, OLDER)."""
    by_index = way != NEWEST
    wanted = [group.by_index() if by_index else group.condition() for group in groups]
    wanted += _with_signs(documents, scope, narrowed, by_index=by_index)
    statement = select(*_PLACE).where(*wanted, sight.visible, sight.by_what_is_open(groups))
    in_order = statement.order_by(documents.c.id.desc())
    ways = {
        NEWEST: in_order.where(documents.c.id >= _SINCE),
        # For a sum PostgreSQL cannot read all rows in the order of their ids.
        RARE: statement.where(documents.c.id + 0 < _SINCE),
        OLDER: in_order.where(documents.c.id < _SINCE),
    }
    return spelt(ways[way].limit(_MOST), dialect)


@lru_cache(maxsize=STATEMENTS)
def since_which(dialect: Dialect) -> Spelt:
    """The id that so many are younger than as `before` says."""
    ids = select(documents.c.id).order_by(documents.c.id.desc())
    return spelt(ids.offset(told("before", Integer)).limit(1), dialect)
