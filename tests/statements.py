"""Statements of the tests are compiled once a process.

SQLAlchemy keeps what it has compiled with each engine, and almost every test has engines of its own, which speak the
same dialects with the same settings. This module is a pytest plugin and is loaded by `tests/conftest.py`.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event


class _Statements(dict[Any, Any]):
    """What was compiled, for all dialects of a class. The keys that SQLAlchemy makes begin with the dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        """What was compiled for a dialect of the same class."""
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        """Keep it for every dialect of this class."""
        super().__setitem__((type(key[0]), *key[1:]), compiled)


_statements: MutableMapping[Any, Any] = _Statements()


def _share(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_statements)


def pytest_configure(config: pytest.Config) -> None:
    """From now on every connection looks among the statements of all."""
    event.listen(Engine, "engine_connect", _share)
