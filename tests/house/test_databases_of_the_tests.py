"""The databases that tests are given: the fixtures of tests/databases.py and the server behind them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests import databases, postgres_server

ROOT = Path(__file__).parents[2]


def _write(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _names(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        names = [row[0] for row in connection.execute(text("SELECT name FROM letters ORDER BY name"))]
    engine.dispose()
    return names


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_a_database_of_its_own(empty_database_url: str, database_kind: str, turn: int) -> None:
    _write(empty_database_url, "CREATE TABLE letters (name text)", "INSERT INTO letters VALUES ('หนังสือ')")

    assert empty_database_url.startswith(database_kind)
    assert _names(empty_database_url) == ["หนังสือ"]


@pytest.mark.only_database("sqlite")
def test_a_test_may_ask_for_one_kind_of_database_only(database_kind: str) -> None:
    assert database_kind == "sqlite"


def test_the_sqlite_template_is_prepared_once_and_copied(tmp_path: Path) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        _write(url, "CREATE TABLE letters (name text)", "INSERT INTO letters VALUES ('ก')")

    first = databases.sqlite_template(tmp_path, prepare)
    second = databases.sqlite_template(tmp_path, prepare)

    assert first == second
    assert len(prepared) == 1
    assert _names(f"sqlite:///{first}") == ["ก"]


def test_the_postgresql_template_is_prepared_once_and_copies_do_not_touch_it(
    postgresql_server: str, tmp_path: Path
) -> None:
    prepared: list[str] = []
    folder = tmp_path / f"session-{uuid4().hex[:8]}"
    folder.mkdir()

    def prepare(url: str) -> None:
        prepared.append(url)
        _write(url, "CREATE TABLE letters (name text)", "INSERT INTO letters VALUES ('ก')")

    template = databases.postgresql_template(folder, postgresql_server, prepare)
    try:
        for _ in range(2):
            with databases.postgresql_database(postgresql_server, template) as url:
                _write(url, "INSERT INTO letters VALUES ('ข')")
                assert _names(url) == ["ก", "ข"]
        assert databases.postgresql_template(folder, postgresql_server, prepare) == template
        assert len(prepared) == 1
    finally:
        databases.drop_database(postgresql_server, template)


def test_postgresql_finds_trigrams_in_thai(postgresql_server: str) -> None:
    with (
        databases.postgresql_database(postgresql_server) as url,
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection,
    ):
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        trigrams = connection.execute("SELECT show_trgm('หนังสือ')").fetchone()

    assert trigrams is not None and len(trigrams[0]) > 3


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("postgresql://postgres@/postgres?host=/tmp/x", "postgresql+psycopg://postgres@/one?host=/tmp/x"),
        ("postgresql://me:secret@127.0.0.1:5432/any", "postgresql+psycopg://me:secret@127.0.0.1:5432/one"),
    ],
)
def test_the_url_for_sqlalchemy_names_the_driver_and_the_database(server: str, expected: str) -> None:
    assert databases.sqlalchemy_url(server, "one") == expected


def test_a_database_url_that_is_given_is_used_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://me@127.0.0.1/any")

    assert postgres_server.server_url(tmp_path) == "postgresql://me@127.0.0.1/any"
    assert list(tmp_path.iterdir()) == []


def test_the_server_of_a_killed_session_is_swept_away_by_the_next(tmp_path: Path) -> None:
    try:
        postgres_server._find(tmp_path)
    except postgres_server.NoPostgreSQL as missing:
        pytest.skip(str(missing))
    script = (
        "import os; from tests import postgres_server as s;"
        "folder = s.session_folder(); url = s.server_url(folder); print(folder, flush=True); os._exit(9)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    killed = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    left = Path(killed.stdout.strip())
    pid = int((left / "data" / "postmaster.pid").read_text().splitlines()[0])
    assert Path(f"/proc/{pid}").exists()

    postgres_server._sweep()

    assert not left.exists()
    status = Path(f"/proc/{pid}/status")
    assert not status.exists() or "State:\tZ" in status.read_text()
