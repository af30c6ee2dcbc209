"""Long statements that every page asks for: PostgreSQL plans them once for a connection and not at every page, which
costs several times what running them does. Others are spelt once, and each time only told their values: SQLAlchemy
would look over every part of them again, which for a short question costs as much as the answer.

SQLite is told what it cannot know (`of_found`, `few`): the product never has it gather statistics, and where somebody
does, a state in which all letters of a quiet day stand is none that is rare."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import visitors
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from saraban.storage.database import sent_at_once

_PLAIN = DefaultDialect()


class of_found(FunctionElement[bool]):
    """A condition that is only asked of rows that were found by another: SQLite does not go by its columns to find
    them. Without, it takes the way to all letters of an agency for a good one, since it is told their agency."""

    # No Boolean, of which SQLAlchemy would ask SQLite whether it is equal to 1; that hides it from every index.
    inherit_cache = True


class few(FunctionElement[bool]):
    """A condition that holds for few rows, whatever SQLite's statistics say: it goes by its index, and does not read
    the table."""

    inherit_cache = True


@compiles(of_found)
@compiles(few)
def _as_it_is(element: FunctionElement[bool], compiler: Any, **more: Any) -> str:
    return f"({compiler.process(element.clauses, **more)})"


@compiles(of_found, "sqlite")
def _opaque(element: of_found, compiler: Any, **more: Any) -> str:
    return f"+({compiler.process(element.clauses, **more)})"


@compiles(few, "sqlite")
def _rare(element: few, compiler: Any, **more: Any) -> str:
    return f"likelihood({compiler.process(element.clauses, **more)}, 0.001)"


@contextmanager
def planned_once(connection: Connection) -> Iterator[None]:
    """Statements of the block are prepared on the server, which soon keeps one plan for all values. Only for those in
    which no plan is much better for one value than for another, and whose fixed words are in their text (`spelt_out`).
    The connection forgets them when a transaction is rolled back, for which reason readers begin none
    (`storage.database`)."""
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    before, driver.prepare_threshold = driver.prepare_threshold, 0
    try:
        yield
    finally:
        driver.prepare_threshold = before


def spelt_out(statement: Select[Any]) -> Select[Any]:
    """The statement with states, kinds and other fixed words in its text, by which a plan for all values may use the
    indexes over few rows; ids and times stay parameters. SQLite plans anew at every asking what is told a word that
    one of its indexes over few rows also names: that takes ten times as long as the answer."""

    def replaced(element: Any, **_: Any) -> Any:
        if not isinstance(element, BindParameter) or not _is_word(element.value):
            return None
        if isinstance(element.value, bool | list | tuple):  # databases write these each in its own way
            return element.render_literal_execute()
        written = element.type.literal_processor(_PLAIN)
        return literal_column(written(element.value), element.type) if written else element.render_literal_execute()

    return cast("Select[Any]", visitors.replacement_traverse(statement, {}, replaced))


@dataclass(frozen=True)
class Spelt:
    """A statement as its database takes it. Its answers come as the driver gives them."""

    text: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    positional: bool
    columns: tuple[str, ...] = ()

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """Ask it with these values; those that it does not name are left alone."""
        all_values = self.with_fixed(values)
        told = tuple(all_values[name] for name in self.names) if self.positional else all_values
        return connection.exec_driver_sql(self.text, told).all()

    def with_fixed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values that it names, with those that it always has."""
        return {name: values[name] if name in values else self.fixed[name] for name in self.names}

    def rows_by_one_plan(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """The same by a plan for any values (PostgreSQL), from the first time on, and also where PostgreSQL takes plans
        for certain values to be cheaper, for which it plans ever again. The setting is for this statement alone:
        PostgreSQL goes by it also for those that are not prepared, and would read all rows where the value is one of a
        few that an index names. It travels with the statement, and what fails takes it back."""
        return asked_together(connection, [(_ONE_PLAN, {}), (self, values), (_ANY_PLAN, {})])[1]

    def named(self, rows: Iterable[Any]) -> list[Any]:
        """Rows with the names of their columns."""
        return list(map(_shape(self.columns)._make, rows))


@cache
def _shape(columns: tuple[str, ...]) -> Any:
    return namedtuple("_Row", columns)


def asked_together(connection: Connection, asked: Sequence[tuple[Spelt, Mapping[str, Any]]]) -> list[Sequence[Any]]:
    """The answers to several statements with their values, in one trip there and back (PostgreSQL). Each is planned as
    in `planned_once`."""
    driver: Any = connection.connection.driver_connection
    with planned_once(connection), sent_at_once(connection):
        answers = [driver.execute(one.text, one.with_fixed(values)) for one, values in asked]
    return [answer.fetchall() if answer.description else () for answer in answers]


def told(name: str, kind: type[TypeEngine[Any]] | TypeEngine[Any]) -> BindParameter[Any]:
    """A value that a statement is told each time."""
    return bindparam(name, type_=kind, required=False)


def among(column: ColumnElement[UUID], name: str, dialect: Dialect) -> ColumnElement[bool]:
    """The condition that the column is one of the ids that are told under this name (`ids_told`): one value, so that
    the statement is the same for few and for many."""
    if dialect.name == "sqlite":
        each = func.json_each(told(name, Text)).table_valued("value")
        return column.in_(select(type_coerce(each.c.value, column.type)))
    return column == any_(told(name, ARRAY(Uuid)))


def ids_told(ids: Iterable[UUID], dialect: Dialect) -> Any:
    """Ids as a statement that was spelt for this database takes them."""
    return json.dumps([one.hex for one in ids]) if dialect.name == "sqlite" else list(ids)


def as_id(given: Any) -> UUID:
    """An id as the driver gave it."""
    return given if isinstance(given, UUID) else UUID(given)


def as_day(given: Any) -> date | None:
    """A day, or none, as the driver gave it."""
    return date.fromisoformat(given) if isinstance(given, str) else given


def spelt(statement: Select[Any], dialect: Dialect) -> Spelt:
    """The statement with every value that is known in its text; what it is `told` is asked for each time."""

    def replaced(element: Any, **_: Any) -> Any:
        known = isinstance(element, BindParameter) and element.value is not None
        return element.render_literal_execute() if known else None

    whole = cast("Select[Any]", visitors.replacement_traverse(statement, {}, replaced))
    compiled: Any = whole.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    positions = compiled.positiontup
    names = tuple(compiled.params if positions is None else positions)
    # What a dialect adds by itself, as SQLite's LIMIT without a number before OFFSET.
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return Spelt(str(compiled), names, fixed, positions is not None, tuple(whole.selected_columns.keys()))


def one_after_another(all_of_them: Sequence[Spelt], limit: str) -> Spelt:
    """The answers of each, one after another, until there are as many as the value of that name says; those that come
    later are then not asked (SQLite)."""
    text = " UNION ALL ".join(f"SELECT * FROM ({one.text})" for one in all_of_them)
    names: list[str] = []
    fixed: dict[str, Any] = {}
    for at, one in enumerate(all_of_them):
        own = {name: f"{at} {name}" for name in one.fixed}
        names += [own.get(name, name) for name in one.names]
        fixed |= {own[name]: value for name, value in one.fixed.items()}
    return Spelt(f"{text} LIMIT ?", (*names, limit), fixed, positional=True)


def side_by_side(all_of_them: Sequence[Spelt]) -> Spelt:
    """The answers of all in one, for statements whose values have names; a value of one name is the same in each
    (PostgreSQL)."""
    text = " UNION ALL ".join(f"({one.text})" for one in all_of_them)
    names = tuple(dict.fromkeys(name for one in all_of_them for name in one.names))
    fixed = {name: value for one in all_of_them for name, value in one.fixed.items()}
    return Spelt(text, names, fixed, positional=False)


_ONE_PLAN = Spelt("SET plan_cache_mode = force_generic_plan", (), {}, positional=False)
_ANY_PLAN = Spelt("RESET plan_cache_mode", (), {}, positional=False)


def _is_word(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and all(map(_is_word, value))
    return isinstance(value, str | int | Enum)
