"""An agency with its officers in a fresh database of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from saraban.storage.database import open_engine
from saraban.storage.unit_of_work import SqlUnitOfWork
from saraban.usecases.books import OnceKey
from tests.builders import NOW, StaffedAgency, a_staffed_agency

NewUow = Callable[..., SqlUnitOfWork]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine for units of work over a database with all migrations."""
    engine = open_engine(database_url, writing=True)
    yield engine
    engine.dispose()


@pytest.fixture
def new_uow(engine: Engine) -> NewUow:
    """A factory of units of work; it takes an idempotency key."""

    def make(key: OnceKey | None = None) -> SqlUnitOfWork:
        return SqlUnitOfWork(engine, lambda: NOW, key)

    return make


@pytest.fixture
def office(new_uow: NewUow) -> StaffedAgency:
    """The agency of most tests."""
    office = a_staffed_agency()
    office.move_in(new_uow())
    return office
