"""Databases for benchmarks: the same real SQLite files and throw-away PostgreSQL server that the tests use."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tests import databases, postgres_server


class Databases:
    """Gives out databases of the wanted kinds; `close` throws everything away."""

    def __init__(self, wanted: tuple[str, ...] = databases.KINDS) -> None:
        """Offer these kinds. Where there is no PostgreSQL, `missing` says why and `kinds` leaves it out."""
        self.folder = postgres_server.session_folder(durable=True)
        self.missing = ""
        self._server = ""
        kinds = list(wanted)
        if "postgresql" in kinds:
            try:
                self._server = postgres_server.server_url(self.folder, durable=True)
            except postgres_server.NoPostgreSQL as reason:
                kinds.remove("postgresql")
                self.missing = str(reason)
        self.kinds: tuple[str, ...] = tuple(kinds)

    @contextmanager
    def migrated(self, kind: str) -> Iterator[str]:
        """The SQLAlchemy URL of a new database with all migrations applied."""
        if kind == "sqlite":
            with self.empty(kind) as url:
                shutil.copyfile(databases.sqlite_template(self.folder, databases.migrate), _file(url))
                yield url
        else:
            template = databases.postgresql_template(self.folder, self._server, databases.migrate)
            with self._postgresql(template) as url:
                yield url

    @contextmanager
    def empty(self, kind: str) -> Iterator[str]:
        """The SQLAlchemy URL of a new database without a table."""
        if kind == "sqlite":
            # Not in /tmp, which may be memory: a benchmark of a disk needs the disk on which the product lies.
            place = Path("var") / f"bench-{uuid4().hex[:8]}"
            place.mkdir(parents=True)
            try:
                yield f"sqlite:///{(place / 'saraban.db').absolute()}"
            finally:
                shutil.rmtree(place, ignore_errors=True)
        else:
            with self._postgresql(None) as url:
                yield url

    def close(self) -> None:
        """Stop the server and remove its files."""
        databases.drop_kept(self.folder)
        postgres_server.stop(self.folder)

    @contextmanager
    def _postgresql(self, template: str | None) -> Iterator[str]:
        with databases.postgresql_database(self._server, template) as url:
            yield url


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))
