"""The whole database as one file, and back: SQLite by its online backup, PostgreSQL by pg_dump and pg_restore
(usecases.safekeeping.DatabaseCopier)."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url

from saraban.domain.errors import RuleBroken
from saraban.storage import migration
from saraban.storage.database import BUSY_TIMEOUT_SECONDS, open_engine
from saraban.usecases.safekeeping import DatabaseCopier

_DEBIAN = Path("/usr/lib/postgresql")
_MOST_WAITED = 2.0


def database_copier(url: str) -> DatabaseCopier:
    """The one that fits the database at this URL."""
    return _Sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _PostgreSQL(url)


class _Copier:
    def __init__(self, url: str) -> None:
        self._url, self._parsed = url, make_url(url)

    def is_empty(self) -> bool:
        """Does the database have no table yet?"""
        engine = open_engine(self._url, writing=False, pool_size=1)
        try:
            return not inspect(engine).get_table_names()
        finally:
            engine.dispose()


class _Sqlite(_Copier):
    kind, file_name = "sqlite", "database.sqlite"

    def dump(self, to: Path) -> None:
        """A consistent copy in one step: with a write-ahead log the writers need not wait for it."""
        with closing(self._open(self._file)) as source, closing(self._open(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            _examine(target)

    def settle(self) -> None:
        """The write-ahead log goes into the database and is cut off. While somebody reads an older state that cannot
        be; then the log is overwritten in time."""
        with closing(sqlite3.connect(self._file, timeout=_MOST_WAITED)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def restore(self, copy: Path) -> None:
        """The pages go into the new file in one transaction."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open(copy)) as source, closing(self._open(self._file)) as target:
            _examine(source)
            source.backup(target)
        migration.upgrade(self._url)

    @property
    def _file(self) -> Path:
        return Path(self._parsed.database or "")

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS)


def _examine(connection: sqlite3.Connection) -> None:
    try:
        [(word,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        word = str(error)
    if word != "ok":
        raise RuleBroken(f"ฐานข้อมูลเสียหาย: {word}", code="backup-damaged")


class _PostgreSQL(_Copier):
    kind, file_name = "postgresql", "database.dump"

    def dump(self, to: Path) -> None:
        """What pg_dump sees in one snapshot, compressed, without owners and privileges."""
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")

    def settle(self) -> None:
        """Its log is the server's, which recycles it."""

    def restore(self, copy: Path) -> None:
        """In one transaction: all of it or nothing."""
        self._run(
            "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", last=str(copy)
        )
        migration.upgrade(self._url)

    def _run(self, program: str, *arguments: str, last: str = "") -> None:
        path = find_program(program)
        place, secret = connection_words(self._parsed)
        command = [path, *arguments, f"--dbname={place}", *([last] if last else [])]
        done = subprocess.run(
            command, env={**os.environ, **secret}, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode:
            raise RuleBroken(f"{program} ทำงานไม่สำเร็จ: {done.stderr.strip()[-600:]}", code="program-failed")


def find_program(name: str, debian: Path = _DEBIAN) -> str:
    """Where PostgreSQL's own program lies: the newest of Debian's, since it also reads older servers, else the one on
    the path. RuleBroken says how to get it."""
    kept = [path for path in debian.glob(f"*/bin/{name}") if path.parts[-3].isdigit()]
    if kept:
        return str(max(kept, key=lambda path: int(path.parts[-3])))
    found = shutil.which(name)
    if found is None:
        raise RuleBroken(
            f"ไม่พบโปรแกรม {name} ของ PostgreSQL ติดตั้งด้วย apt-get install postgresql-client แล้วลองใหม่",
            code="program-missing",
        )
    return found


def connection_words(url: URL) -> tuple[str, Mapping[str, str]]:
    """libpq's connection string without the password, and the environment that holds it: arguments of a program can be
    seen by everybody on the machine."""
    words = {key: str(value) for key, value in url.query.items()}
    password = url.password or words.pop("password", None)
    named = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    place = make_conninfo(**{**words, **{key: str(value) for key, value in named.items() if value is not None}})
    return place, {} if password is None else {"PGPASSWORD": str(password)}
