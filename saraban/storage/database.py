"""Engines for SQLite and PostgreSQL, set so that both keep the same promises.

SQLite: WAL, synchronous FULL, foreign keys, what is deleted is overwritten with zeros, and writers begin with BEGIN
IMMEDIATE, so that two of them wait for each other instead of failing late. PostgreSQL: READ COMMITTED with row locks.

Who reads on PostgreSQL begins no transaction: each SELECT sees what is there when it begins, as it would with READ
COMMITTED, without the words that begin and end one; and what was prepared is not forgotten at the end. Who needs one
asks for it (`one_moment`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError

BUSY_TIMEOUT_SECONDS = 60
RESTED_SECONDS = 2.0
"""After so long a connection to PostgreSQL is asked whether it still lives before it is used."""


def open_engine(url: str, *, writing: bool, pool_size: int = 10) -> Engine:
    """An engine for writing (units of work) or for reading (screens). `url` is an SQLAlchemy URL; a plain
    `postgresql://` is taken to mean psycopg 3."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        # A plan for any values is far worse for many searches. `planning.planned_once` asks for one where it fits;
        # units of work, which ask for the same few rows again and again, get one as the driver thinks fit.
        told: dict[str, Any] = {} if writing else {"prepare_threshold": None}
        plain: dict[str, Any] = {} if writing else {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
        engine = create_engine(parsed, pool_size=pool_size, max_overflow=10, connect_args=told, **plain)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_expect_alive, engine.dialect))
        return engine
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=10,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate if writing else _begin_deferred)
    return engine


def _note_rest(_connection: Any, record: Any) -> None:
    record.info["rests_since"] = monotonic()


def _expect_alive(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection that has rested whether its server is still there; the pool makes a new one when it is not.
    One that was used a moment ago is not asked: that would be a question before each of a letter's transactions."""
    if monotonic() - record.info.get("rests_since", monotonic()) < RESTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection for which nothing changes while others write, and on which answers can be read in pieces. SQLite's
    transactions are like that."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@contextmanager
def sent_at_once(connection: Connection) -> Iterator[None]:
    """Statements of the block that have no answer go to PostgreSQL together, in one trip there and back (libpq's
    pipeline): while they are on their way the transaction holds its locks, on which others wait. What one of them
    raises is raised at the end of the block at the latest."""
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    errors = connection.dialect.loaded_dbapi.Error
    try:
        with driver.pipeline():
            yield
    except BaseException as error:
        # SQLAlchemy may think that all went well, and would leave a transaction that failed to the next who connects.
        connection.invalidate()
        if isinstance(error, errors):
            raise DBAPIError.instance(None, None, error, errors, dialect=connection.dialect) from error
        raise


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}",
        "foreign_keys=ON",
        "cache_size=-20000",
        "temp_store=MEMORY",
        "secure_delete=ON",
    ):
        connection.execute("PRAGMA " + pragma)


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
