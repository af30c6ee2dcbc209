"""Databases of the tests: real SQLite files and real PostgreSQL databases, one for each test.

`migrate` is run once for each kind and session; every test then gets a copy, which costs milliseconds.

Fixtures:
- `database_kind`: "sqlite" or "postgresql"; every test that asks for it, directly or not, runs once with each. The
  marker `only_database("postgresql")` keeps a test to one of them.
- `empty_database_url`: a database without a table, for the tests of the migrations.
- `database_url`: a database with all migrations applied.
- `new_database`: the same before it is made, for those that know what else to begin with.

All URLs are SQLAlchemy's. This module is a pytest plugin and is loaded by `tests/conftest.py`.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from tests import postgres_server

KINDS = ("sqlite", "postgresql")
_OWN_FOLDER = pytest.StashKey[Path]()
_FOLDER = pytest.StashKey[Path]()
_sessions: list[Path] = []
_TEMPLATE = "saraban_template"
_KEPT = "kept-names"


def migrate(url: str) -> None:
    """Apply all migrations to the database at this SQLAlchemy URL, as `flask db upgrade` does."""
    from saraban.storage.migration import upgrade

    upgrade(url)


# --- the kinds of database a test runs with ----------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses a database once with each kind, or with the one its marker names."""
    if "database_kind" not in metafunc.fixturenames:
        return
    only = metafunc.definition.get_closest_marker("only_database")
    kinds = KINDS if only is None else only.args
    unknown = set(kinds) - set(KINDS)
    if unknown or not kinds:
        raise pytest.UsageError(f"only_database names {sorted(unknown) or 'nothing'}; there are {KINDS}")
    metafunc.parametrize("database_kind", kinds, indirect=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database of this test, "sqlite" or "postgresql"."""
    return str(request.param)


# --- one folder, and at most one server, for all processes of the session ----------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of the session in the controlling process; workers inherit its name."""
    if not hasattr(config, "workerinput"):
        config.stash[_OWN_FOLDER] = postgres_server.session_folder()
    # Read once: a test of the benchmarks begins a session of its own in this process and changes the variable.
    config.stash[_FOLDER] = Path(os.environ[postgres_server.FOLDER_VARIABLE])
    _sessions.append(config.stash[_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server of the session, if a test has started it."""
    folder = config.stash.get(_OWN_FOLDER, None)
    if folder is not None:
        drop_kept(folder)
        postgres_server.stop(folder)


@pytest.fixture(scope="session")
def databases_folder(pytestconfig: pytest.Config) -> Path:
    """The folder that all processes of this session share."""
    return pytestconfig.stash[_FOLDER]


@pytest.fixture(scope="session")
def postgresql_server(databases_folder: Path) -> str:
    """The libpq URL of the session's PostgreSQL server; the test is skipped where there is none."""
    try:
        return postgres_server.server_url(databases_folder)
    except postgres_server.NoPostgreSQL as missing:
        pytest.skip(str(missing))


# --- a database for each test ------------------------------------------------------------------------------------


@pytest.fixture
def empty_database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The SQLAlchemy URL of a database without a table, removed after the test."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server = request.getfixturevalue("postgresql_server")
        with postgresql_database(server) as url:
            yield url


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """The SQLAlchemy URL of a database with all migrations applied and no rows of ours, removed after the test."""
    new_database.make()
    return new_database.url


@pytest.fixture
def new_database(
    database_kind: str, tmp_path: Path, databases_folder: Path, request: pytest.FixtureRequest
) -> Iterator[NewDatabase]:
    """The same, before it is made; removed after the test."""
    if database_kind == "sqlite":
        yield NewSqlite(databases_folder, tmp_path / "saraban.db")
        return
    made = NewPostgreSQL(databases_folder, request.getfixturevalue("postgresql_server"))
    yield made
    made.drop()


class NewDatabase(Protocol):
    """A database that a test is going to have: its URL is known before it is made. `session` is the folder of the
    session."""

    kind: str
    url: str
    session: Path

    def make(self, template: str = "") -> None:
        """Make it, or make it anew when nobody is connected: a copy of what `keep` has kept under this name, or a
        database with all migrations and no rows."""

    def keep(self) -> str:
        """Keep what lies in it for the rest of the session, under the name that is answered. Nobody is connected."""

    def forget(self, template: str) -> None:
        """Keep it no longer."""


class NewSqlite:
    """A file that is going to lie at this place."""

    kind = "sqlite"

    def __init__(self, session: Path, place: Path) -> None:
        self.session, self.url, self._place = session, f"sqlite:///{place}", place

    def make(self, template: str = "") -> None:
        """Copy a file."""
        shutil.copyfile(template or sqlite_template(self.session, migrate), self._place)

    def keep(self) -> str:
        """Copy it; what is kept is a file of the session."""
        log = self._place.with_name(self._place.name + "-wal")
        if log.exists():
            gc.collect()  # a statement that was not read to its end keeps its closed connection until it is collected
        if log.exists():
            raise RuntimeError("somebody is connected to the database that is to be kept")
        kept = self.session / f"kept-{uuid4().hex[:12]}.db"
        shutil.copyfile(self._place, kept)
        return str(kept)

    def forget(self, template: str) -> None:
        """Remove the file."""
        Path(template).unlink()


def new_sqlite(folder: Path) -> NewSqlite:
    """A file in this folder, for those who have one without a fixture of this module."""
    return NewSqlite(_sessions[0], folder / "saraban.db")


class NewPostgreSQL:
    """A database that this server is going to have."""

    kind = "postgresql"

    def __init__(self, session: Path, server: str) -> None:
        self.session, self._server, self._name = session, server, f"saraban_test_{uuid4().hex[:12]}"
        self.url = sqlalchemy_url(server, self._name)
        self._made = False

    def make(self, template: str = "") -> None:
        """Copy a database of the server."""
        self.drop()
        create_database(self._server, self._name, template or postgresql_template(self.session, self._server, migrate))
        self._made = True

    def keep(self) -> str:
        """Copy it; what is kept goes when the session ends (`drop_kept`)."""
        kept = f"{_TEMPLATE}_{uuid4().hex[:12]}"
        with (self.session / _KEPT).open("a") as names:
            names.write(f"{kept}\n")
        create_database(self._server, kept, self._name)
        return kept

    def forget(self, template: str) -> None:
        """Remove the copy."""
        drop_database(self._server, template)

    def drop(self) -> None:
        """Remove it when it was made."""
        if self._made:
            drop_database(self._server, self._name)
            self._made = False


def sqlite_template(folder: Path, prepare: Callable[[str], None]) -> Path:
    """The SQLite file that tests copy; the first caller of the session makes it by `prepare(url)`."""
    ready = folder / "template.db"
    with postgres_server.one_at_a_time(folder, "sqlite-template"):
        if not ready.exists():
            making = folder / "template-in-the-making.db"
            making.unlink(missing_ok=True)
            prepare(f"sqlite:///{making}")
            if making.with_name(making.name + "-wal").exists():
                raise RuntimeError("migrate left the SQLite database open: its write-ahead log is still there")
            making.rename(ready)
    return ready


def postgresql_template(folder: Path, server: str, prepare: Callable[[str], None]) -> str:
    """The name of the database that tests copy; the first caller of the session makes it by `prepare(url)`."""
    name = f"{_TEMPLATE}_{folder.name.rsplit('-', 1)[-1]}".lower()
    ready = folder / "template-name"
    with postgres_server.one_at_a_time(folder, "postgresql-template"):
        if not ready.exists():
            drop_database(server, name)
            create_database(server, name)
            prepare(sqlalchemy_url(server, name))
            ready.write_text(name)
    return name


def create_database(server: str, name: str, template: str | None = None) -> None:
    """Make a database: a copy of the template, or an empty one in C.UTF-8.

    The locale matters: under plain C, pg_trgm finds no trigram in Thai text.
    """
    origin = (
        sql.SQL("TEMPLATE {}").format(sql.Identifier(template))
        if template
        else sql.SQL("TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    )
    with psycopg.connect(server, autocommit=True) as connection:
        # Since version 15 a copy goes through the log unless told otherwise, which takes three times as long.
        strategy = sql.SQL("STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else "")
        connection.execute(sql.SQL("CREATE DATABASE {} {} {}").format(sql.Identifier(name), origin, strategy))


def drop_database(server: str, name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def sqlalchemy_url(server: str, name: str) -> str:
    """SQLAlchemy's URL of a database on the server whose libpq URL is given."""
    head, _, query = server.partition("?")
    place = head.rsplit("/", 1)[0].replace("postgresql:", "postgresql+psycopg:", 1)
    return f"{place}/{name}" + (f"?{query}" if query else "")


@contextmanager
def postgresql_database(server: str, template: str | None = None) -> Iterator[str]:
    """The SQLAlchemy URL of a new database, a copy of the template or empty, dropped at the end."""
    name = f"saraban_test_{uuid4().hex[:12]}"
    create_database(server, name, template)
    try:
        yield sqlalchemy_url(server, name)
    finally:
        drop_database(server, name)


def drop_kept(folder: Path) -> None:
    """Take back what was kept from a server that `DATABASE_URL` gave us; our own server is thrown away whole."""
    if os.environ.get("DATABASE_URL"):
        for list_of_names in (folder / "template-name", folder / _KEPT):
            for name in list_of_names.read_text().split() if list_of_names.exists() else ():
                drop_database(postgres_server.server_url(folder), name)
