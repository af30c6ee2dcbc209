"""The programs of PostgreSQL: where they are found, what is said without them, and that no password is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from saraban.domain.errors import RuleBroken
from saraban.storage.database_copies import connection_words, database_copier, find_program


def test_the_newest_of_debians_programs_is_taken(tmp_path: Path) -> None:
    for version in ("9", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin/pg_dump").touch()

    assert find_program("pg_dump", tmp_path) == str(tmp_path / "17/bin/pg_dump")


def test_a_missing_program_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RuleBroken, match="apt-get install postgresql-client"):
        find_program("pg_dump", tmp_path)


def test_the_password_goes_by_the_environment() -> None:
    place, secret = connection_words(make_url("postgresql+psycopg://saraban:ลับ%20มาก@db/office?sslmode=require"))

    assert "ลับ" not in place and secret == {"PGPASSWORD": "ลับ มาก"}
    assert {"host=db", "user=saraban", "dbname=office", "sslmode=require"} <= set(place.split())


@pytest.mark.only_database("postgresql")
def test_what_pg_restore_says_is_passed_on(empty_database_url: str, tmp_path: Path) -> None:
    copier = database_copier(empty_database_url)
    (tmp_path / "copy").write_bytes(b"no dump")

    assert copier.is_empty()
    with pytest.raises(RuleBroken, match="pg_restore ทำงานไม่สำเร็จ"):
        copier.restore(tmp_path / "copy")
    assert copier.is_empty()
