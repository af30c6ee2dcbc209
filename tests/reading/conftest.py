"""An office in a fresh database of each kind, and a connection that reads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, event

from saraban.storage.database import _begin_deferred, open_engine
from tests.reading.office import Office, open_office


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine that may write, over a database with all migrations."""
    engine = open_engine(database_url, writing=True)
    yield engine
    engine.dispose()


@pytest.fixture
def office(engine: Engine) -> Office:
    """The agency of most tests."""
    return open_office(engine)


@pytest.fixture
def reader(database_url: str, office: Office) -> Iterator[Connection]:
    """A connection for reading, with the settings of all that read, but that keeps no snapshot: it sees what was
    committed before each statement."""
    engine = open_engine(database_url, writing=False)
    if engine.dialect.name == "sqlite":
        event.remove(engine, "begin", _begin_deferred)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()
