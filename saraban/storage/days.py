"""Days of the office (Asia/Bangkok, UTC+7 without summer time) in SQL, the same on both databases."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from saraban.domain.calendar import BANGKOK
from saraban.storage.types import UtcDateTime


class office_day(FunctionElement[str]):
    """The day of the office of a moment, as ISO text."""

    type = Text()
    name = "office_day"
    inherit_cache = True

    def __init__(self, moment: ColumnElement[datetime]) -> None:
        super().__init__(moment)


@compiles(office_day, "sqlite")
def _of_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"date({_seconds(compiler.process(element.clauses, **how))}, '+7 hours')"


@compiles(office_day, "postgresql")
def _of_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **how)} AT TIME ZONE 'Asia/Bangkok', 'YYYY-MM-DD')"


class whole_hour(FunctionElement[datetime]):
    """The moment at which the hour of a moment began; of the office's clock too, which is whole hours from UTC."""

    type = UtcDateTime()
    name = "whole_hour"
    inherit_cache = True

    def __init__(self, moment: ColumnElement[datetime]) -> None:
        super().__init__(moment)


@compiles(whole_hour, "sqlite")
def _hour_of_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"substr({compiler.process(element.clauses, **how)}, 1, 13) || ':00:00.000000'"


@compiles(whole_hour, "postgresql")
def _hour_of_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"date_trunc('hour', {compiler.process(element.clauses, **how)}, 'UTC')"


class office_month(FunctionElement[str]):
    """The month of the office of a moment, as ISO text ("2026-11")."""

    type = Text()
    name = "office_month"
    inherit_cache = True

    def __init__(self, moment: ColumnElement[datetime]) -> None:
        super().__init__(moment)


@compiles(office_month, "sqlite")
def _month_of_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"strftime('%Y-%m', {_seconds(compiler.process(element.clauses, **how))}, '+7 hours')"


@compiles(office_month, "postgresql")
def _month_of_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **how)} AT TIME ZONE 'Asia/Bangkok', 'YYYY-MM')"


class minutes_between(FunctionElement[int]):
    """The whole minutes from the first moment to the second."""

    type = Integer()
    name = "minutes_between"
    inherit_cache = True

    def __init__(self, since: ColumnElement[datetime], until: ColumnElement[datetime]) -> None:
        super().__init__(since, until)


@compiles(minutes_between, "sqlite")
def _minutes_of_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    since, until = (f"strftime('%s', {_seconds(compiler.process(one, **how))})" for one in element.clauses)
    return f"(({until} - {since}) / 60)"


@compiles(minutes_between, "postgresql")
def _minutes_of_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    since, until = (compiler.process(one, **how) for one in element.clauses)
    return f"floor(extract(epoch FROM {until} - {since}) / 60)::int"


def _seconds(moment: str) -> str:
    """A moment of SQLite without its fraction of a second: its functions count in thousandths, and would round the last
    half of one up to the next day."""
    return f"substr({moment}, 1, 19)"


def day_begins(day: date) -> datetime:
    """The moment at which a day of the office begins."""
    return datetime.combine(day, time(), BANGKOK)
