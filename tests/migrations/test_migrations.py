"""The migrations: up, down and up again; no drift; one head; numbered names."""

from __future__ import annotations

import re

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from saraban.storage.migration import SCRIPTS, downgrade, drift, upgrade
from saraban.storage.tables import metadata


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = {n for n in inspect(engine).get_table_names() if "_fts" not in n} - {"alembic_version"}
    engine.dispose()
    return names


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_the_tables_come_and_go_and_come_again(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    assert _tables(empty_database_url) == set(metadata.tables)
    downgrade(empty_database_url, "base")
    assert _tables(empty_database_url) == set()
    upgrade(empty_database_url)
    assert _tables(empty_database_url) == set(metadata.tables)
    assert drift(empty_database_url) == ""


def test_upgrading_what_is_newest_changes_nothing(database_url: str) -> None:
    upgrade(database_url)

    assert drift(database_url) == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP INDEX ix_letters_agency_id_updated_at", "ix_letters_agency_id_updated_at"),
        ("ALTER TABLE letters ADD COLUMN forgotten text", "forgotten"),
        ("CREATE TABLE forgotten_table (id integer)", "forgotten_table"),
        ("DROP TABLE once_keys", "once_keys"),
    ],
)
def test_a_difference_between_code_and_database_is_told(database_url: str, change: str, told: str) -> None:
    _execute(database_url, change)

    assert told in drift(database_url)


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return ScriptDirectory.from_config(config)


def test_there_is_one_head_and_one_line_of_numbered_migrations() -> None:
    revisions = [script.revision for script in _scripts().walk_revisions()][::-1]

    assert len(_scripts().get_heads()) == 1
    assert revisions == [f"{n:04}" for n in range(1, len(revisions) + 1)]


def test_every_migration_is_named_for_what_it_does_and_says_why() -> None:
    for script in _scripts().walk_revisions():
        name = script.path.rsplit("/", 1)[-1]
        assert re.fullmatch(rf"{script.revision}_[a-z_]+\.py", name)
        assert script.module.__doc__ and len(script.module.__doc__) > 40


def test_every_constraint_has_a_name_by_which_a_later_migration_finds_it(database_url: str) -> None:
    engine = create_engine(database_url)
    inspector = inspect(engine)
    unnamed = [
        (table, found)
        for table in metadata.tables
        for found in (*inspector.get_foreign_keys(table), *inspector.get_unique_constraints(table))
        if not found["name"]
    ]
    engine.dispose()

    assert unnamed == []
