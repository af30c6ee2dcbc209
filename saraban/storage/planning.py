"""Long statements that every page asks for: PostgreSQL plans them once for a connection and not at every page, which
costs several times what running them does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, Select
from sqlalchemy.sql import visitors


@contextmanager
def planned_once(connection: Connection) -> Iterator[None]:
    """Statements of the block are prepared on the server, which soon keeps one plan for all values. Only for those in
    which no plan is much better for one value than for another, and whose fixed words are in their text (`spelt_out`).
    The connection forgets them when a transaction is rolled back, for which reason readers begin none
    (`doorway.plain_reader`)."""
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    before, driver.prepare_threshold = driver.prepare_threshold, 0
    try:
        yield
    finally:
        driver.prepare_threshold = before


def spelt_out(statement: Select[Any]) -> Select[Any]:
    """The statement with states, kinds and other fixed words in its text, by which a plan for all values may use the
    indexes over few rows; ids and times stay parameters."""

    def replaced(element: Any, **_: Any) -> Any:
        if isinstance(element, BindParameter) and _is_word(element.value):
            return element.render_literal_execute()
        return None

    return cast("Select[Any]", visitors.replacement_traverse(statement, {}, replaced))


def _is_word(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and all(map(_is_word, value))
    return isinstance(value, str | int | Enum)
