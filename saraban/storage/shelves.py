"""A shelf writes one kind of dataclass to its table and reads it back, by field name, with statements built once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, runtime_checkable

from sqlalchemy import Connection, RowMapping, Select, Table, bindparam, insert, select, update

from saraban.domain.errors import ConcurrentEdit, NotFound

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

AT_ONCE = 500
"""Values in one list of a statement: SQLite takes 999 on some builds."""
E = TypeVar("E")
D = TypeVar("D", bound="DataclassInstance")
Row = RowMapping | Mapping[str, Any]


@runtime_checkable
class _Counted(Protocol):
    """An entity that counts its versions."""

    version: int


def batched(values: Sequence[E], size: int = AT_ONCE) -> Iterator[Sequence[E]]:
    """The values in pieces of at most so many."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


class Shelf(Generic[E]):
    """Rows of a table as dataclasses. Columns that are fields carry over by name; `spread` gives the columns that a
    field is spread over, `gather` makes the entity from a row."""

    def __init__(
        self,
        table: Table,
        *,
        to_row: Callable[[E], dict[str, Any]],
        from_row: Callable[[Row], E],
        key: tuple[str, ...] = ("id",),
    ) -> None:
        self.table = table
        self._to_row, self._from_row = to_row, from_row
        self._key = key
        self._insert = insert(table)
        self.columns: Select[Any] = select(table)
        by_key = [table.c[k] == bindparam(f"key_{k}") for k in key]
        self._select = select(table).where(*by_key)
        self._update = update(table).where(*by_key)
        self._guarded = (
            update(table).where(*by_key, table.c.version == bindparam("old_version")) if "version" in table.c else None
        )

    def get(self, connection: Connection, *key: Any) -> E:
        """The entity with this key; NotFound when there is none."""
        row = connection.execute(self._select, self._keys(key)).mappings().first()
        if row is None:
            raise NotFound
        return self._from_row(row)

    def add(self, connection: Connection, *entities: E) -> None:
        """Insert."""
        if entities:
            connection.execute(self._insert, [self._to_row(e) for e in entities])

    def row(self, entity: E) -> dict[str, Any]:
        """The entity as a row: given to `save` later, it tells what has changed since."""
        return self._to_row(entity)

    def save(self, connection: Connection, entity: E, *, read: Row | None = None) -> None:
        """Write it back: all of it, or what differs from the row that was `read`. With a version column: only over the
        version that was read, and the version grows by one; ConcurrentEdit otherwise."""
        row = self._to_row(entity)
        keys = self._keys([row.pop(k) for k in self._key])
        old = row.get("version")
        if read is not None:
            row = {name: value for name, value in row.items() if _may_differ(value, read[name])}
        if self._guarded is None:
            connection.execute(self._update, {**keys, **row})
            return
        assert isinstance(old, int)
        row["version"] = old + 1
        result = connection.execute(self._guarded, {**keys, **row, "old_version": old})
        if result.rowcount != 1:
            raise ConcurrentEdit
        _count(entity, old + 1)

    def save_held(self, connection: Connection, entities: Sequence[E]) -> None:
        """Write back entities whose rows this transaction has locked, in one statement: nobody can have been faster."""
        rows = []
        for entity in entities:
            row = self._to_row(entity)
            keys = self._keys([row.pop(k) for k in self._key])
            if "version" in row:
                row["version"] += 1
                _count(entity, row["version"])
            rows.append({**keys, **row})
        if rows:
            connection.execute(self._update, rows)

    def read(self, rows: Iterable[Row]) -> list[E]:
        """Entities of these rows."""
        return [self._from_row(row) for row in rows]

    def find(self, connection: Connection, statement: Select[Any], values: Mapping[str, Any] | None = None) -> list[E]:
        """Entities that a select over this table gives."""
        return self.read(connection.execute(statement, values or {}).mappings())

    def _keys(self, values: Iterable[Any]) -> dict[str, Any]:
        return {f"key_{k}": v for k, v in zip(self._key, values, strict=True)}


def _count(entity: object, version: int) -> None:
    assert isinstance(entity, _Counted)
    entity.version = version


def _may_differ(value: Any, before: Any) -> bool:
    """Lists and dictionaries can have changed inside while they are still the same object."""
    return isinstance(value, list | dict) or (value is not before and value != before)


def plain_shelf(table: Table, kind: type[D], key: tuple[str, ...] = ("id",), **tuples: type) -> Shelf[D]:
    """A shelf for a dataclass whose fields are columns of the same name. Columns that are no fields are left to their
    defaults; JSON columns named in `tuples` come back as that type (a tuple, say)."""
    names = [f.name for f in dataclasses.fields(kind) if f.name in table.c]

    def to_row(entity: D) -> dict[str, Any]:
        return {name: getattr(entity, name) for name in names}

    def from_row(row: Row) -> D:
        values = {name: row[name] for name in names}
        for name, make in tuples.items():
            values[name] = make(values[name])
        return kind(**values)

    return Shelf(table, to_row=to_row, from_row=from_row, key=key)
