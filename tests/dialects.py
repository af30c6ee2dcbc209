"""What SQLAlchemy makes of a statement, and what it asks a new database, serves all databases of a process.

Almost every test has a database of its own, and with it engines of its own. Each would compile all its statements
anew, which takes several times as long as a database of a few rows takes to answer, and ask its server the same four
questions; and what the product keeps for a dialect (`planning.spelt`) would be kept for every engine there ever was.
All databases of one kind are of one server or one library here, so their dialects are told that they are alike.

This module is a pytest plugin and is loaded by `tests/conftest.py`.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_KINDS: tuple[Any, ...] = (PGDialect_psycopg, SQLiteDialect_pysqlite)


def pytest_configure(config: pytest.Config) -> None:
    """From now on every dialect is equal to those of its kind."""
    for kind in _KINDS:
        if "__hash__" not in vars(kind):  # a test of the reports begins a session in this process
            _liken(kind)


def _liken(kind: Any) -> None:
    compiled: dict[Any, Any] = {}
    learnt: dict[str, Any] = {}
    learn = kind.initialize

    def same(one: object, other: object) -> bool:
        return type(one) is kind and type(other) is kind

    def engine_created(_: type, engine: Engine) -> None:
        engine._compiled_cache = compiled

    def initialize(dialect: Any, connection: Connection) -> None:
        if not learnt:
            before = dict(vars(dialect))
            learn(dialect, connection)
            changed = {name: value for name, value in vars(dialect).items() if before.get(name, compiled) is not value}
            learnt.update(changed)
        vars(dialect).update(learnt)

    kind.__eq__, kind.__hash__ = same, lambda _: hash(kind)
    kind.initialize, kind.engine_created = initialize, classmethod(engine_created)
