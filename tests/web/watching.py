"""How much of the store each statement of a page goes through: on SQLite by the steps of its machine, on PostgreSQL by
the rows that were read for it. Neither depends on how fast the machine is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event

STEPS_AT_ONCE = 500
"""SQLite tells that it has done so many steps."""


@dataclass
class Asked:
    """A statement that a page asked: in seconds how long, and how many steps SQLite took."""

    text: str
    values: Any
    many: bool
    seconds: float = 0.0
    steps: int = 0


@dataclass
class Watch:
    """What was asked of an engine while it was watched."""

    engine: Engine
    asked: list[Asked] = field(default_factory=list)
    _begun: float = 0.0

    def plan(self, one: Asked) -> list[str]:
        """How SQLite goes about it, a line for each step."""
        with self.engine.connect() as connection:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one.text}", one.values)
            return [row[3] for row in rows]

    def read(self, one: Asked) -> dict[str, int]:
        """How many rows of each table PostgreSQL reads for it."""
        with self.engine.connect() as connection:
            found = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {one.text}", one.values)
            told = found.scalar_one()
        read: dict[str, int] = {}
        _count((json.loads(told) if isinstance(told, str) else told)[0]["Plan"], read)
        return read

    def gone_through(self, one: Asked) -> int:
        """How much it goes through: steps, or rows of the table of which most are read."""
        if self.engine.dialect.name == "sqlite":
            return one.steps
        if one.many or not one.text.lstrip("( ").upper().startswith(("SELECT", "WITH")):
            return 0
        return max(self.read(one).values(), default=0)

    def _steps(self) -> int:
        if self.asked:
            self.asked[-1].steps += STEPS_AT_ONCE
        return 0


@contextmanager
def watched(engine: Engine) -> Iterator[Watch]:
    """Watch what is asked in the block."""
    watch = Watch(engine)

    def connected(connection: Any, _record: Any) -> None:
        connection.set_progress_handler(watch._steps, STEPS_AT_ONCE)

    def before(_c: Any, _cursor: Any, text: str, values: Any, _context: Any, many: bool) -> None:
        watch.asked.append(Asked(text, values, many))
        watch._begun = perf_counter()

    def after(*_: Any) -> None:
        watch.asked[-1].seconds = perf_counter() - watch._begun

    listeners: list[tuple[str, Any]] = [("before_cursor_execute", before), ("after_cursor_execute", after)]
    if engine.dialect.name == "sqlite":
        listeners.append(("connect", connected))
    engine.dispose()
    for name, heard in listeners:
        event.listen(engine, name, heard)
    try:
        yield watch
    finally:
        for name, heard in listeners:
            event.remove(engine, name, heard)
        engine.dispose()


def _count(node: Any, read: dict[str, int]) -> None:
    if node.get("Parent Relationship") == "SubPlan" and node["Actual Loops"] == 1:
        return  # a list that is read once, where statistics tell that this is less than a look for each row
    if "Relation Name" in node and node["Actual Loops"]:
        rows = (
            node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        )
        name = node["Relation Name"]
        read[name] = read.get(name, 0) + int(rows * node["Actual Loops"])
    for below in node.get("Plans", []):
        _count(below, read)
