"""An office in a fresh database of each kind, and a connection that reads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine

from saraban.storage.database import open_engine
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
    """A connection for reading that keeps no snapshot: it sees what was committed before each statement."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
