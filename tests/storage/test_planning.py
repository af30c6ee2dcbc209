"""Statements of every page are planned once for a connection, and no others."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, Integer, Text, bindparam, event, func, literal, literal_column, select
from sqlalchemy.exc import DBAPIError

from saraban.domain.letter_state import LetterState
from saraban.storage.database import one_moment, open_engine
from saraban.storage.planning import one_after_another, planned_once, spelt, spelt_out, told
from saraban.storage.tables.letters import letters

NUMBER = select(letters.c.id).where(letters.c.state.in_([LetterState.DRAFT]), letters.c.number == bindparam("number"))


def prepared(connection: Connection) -> int:
    """How many statements the server has prepared for this connection."""
    said = connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar_one()
    return int(said)


@pytest.mark.only_database("postgresql")
def test_a_statement_stays_prepared_for_those_who_begin_no_transaction(database_url: str) -> None:
    engine = open_engine(database_url, writing=False, pool_size=1)
    for expected in (1, 1):
        with engine.connect() as connection:
            for number in ("ก 1", "ก 2"):
                connection.execute(NUMBER, {"number": number})
                with planned_once(connection):
                    connection.execute(NUMBER, {"number": number})
            assert prepared(connection) == expected
    with one_moment(engine) as connection:
        assert prepared(connection) == 1
        connection.rollback()
        assert prepared(connection) == 0, "what a rollback forgets"
    engine.dispose()


@pytest.mark.only_database("postgresql")
def test_a_plan_for_any_values_is_asked_for_that_statement_alone(database_url: str) -> None:
    engine, mode = open_engine(database_url, writing=False, pool_size=1), "SHOW plan_cache_mode"
    asked = spelt(select(func.current_setting("plan_cache_mode"), told("n", Integer)), engine.dialect)
    failing = spelt(select(literal_column("1") / told("n", Integer)), engine.dialect)
    for opened in (engine.connect, partial(one_moment, engine)):
        with opened() as connection:
            assert connection.exec_driver_sql(mode).scalar_one() == "auto", "every list is planned for its values"
            for n in (1, 2):
                assert asked.rows_by_one_plan(connection, {"n": n, "other": 0}) == [("force_generic_plan", n)]
            assert connection.exec_driver_sql(mode).scalar_one() == "auto"
        with opened() as connection:
            assert failing.rows_by_one_plan(connection, {"n": 1}) == [(1,)]
            with pytest.raises(DBAPIError):
                failing.rows_by_one_plan(connection, {"n": 0})
        with opened() as connection:
            assert connection.exec_driver_sql(mode).scalar_one() == "auto"
    engine.dispose()


def test_fixed_words_stand_in_the_text_and_values_do_not(database_url: str) -> None:
    engine, said = open_engine(database_url, writing=False), list[str]()
    event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    with engine.connect() as connection:
        connection.execute(spelt_out(NUMBER), {"number": "ก 1"})
    engine.dispose()

    assert "'draft'" in said[-1]
    assert "ก 1" not in said[-1]


def test_without_postgresql_nothing_is_different(database_url: str) -> None:
    engine = open_engine(database_url, writing=False)
    with engine.connect() as connection, planned_once(connection):
        assert connection.execute(spelt_out(NUMBER), {"number": "ก 1"}).all() == []
    engine.dispose()


def test_a_statement_that_is_spelt_once_is_told_its_values_each_time(database_url: str) -> None:
    fixed = "100% it's ? :x %(y)s"
    engine = open_engine(database_url, writing=False)
    once = spelt(select(literal(fixed), told("said", Text)).limit(told("most", Integer)), engine.dialect)
    with engine.connect() as connection:
        for said in ("ก", "100% '"):
            assert once.rows(connection, {"said": said, "most": 1, "other": 0}) == [(fixed, said)]
    engine.dispose()


@pytest.mark.only_database("sqlite")
def test_one_answer_after_another_until_there_are_enough(database_url: str) -> None:
    engine = open_engine(database_url, writing=False)
    each = [select(told(f"v{at}", Integer)).offset(1 if at == 1 else 0) for at in range(4)]
    whole = one_after_another([spelt(one, engine.dialect) for one in each], "most")
    with engine.connect() as connection:
        values = {"v0": 10, "v1": 11, "v2": 12, "v3": 13}
        assert whole.rows(connection, {**values, "most": 9}) == [(10,), (12,), (13,)]
        assert whole.rows(connection, {**values, "most": 2}) == [(10,), (12,)]
    engine.dispose()
