"""Days of the office (Asia/Bangkok, UTC+7 without summer time) in SQL, the same on both databases."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from saraban.domain.calendar import BANGKOK


class office_day(FunctionElement[str]):
    """The day of the office of a moment, as ISO text."""

    type = Text()
    name = "office_day"
    inherit_cache = True

    def __init__(self, moment: ColumnElement[datetime]) -> None:
        super().__init__(moment)


@compiles(office_day, "sqlite")
def _of_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"date({compiler.process(element.clauses, **how)}, '+7 hours')"


@compiles(office_day, "postgresql")
def _of_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **how)} AT TIME ZONE 'Asia/Bangkok', 'YYYY-MM-DD')"


class office_hour(FunctionElement[str]):
    """The day and hour of the office of a moment: "2026-11-23 09"."""

    type = Text()
    name = "office_hour"
    inherit_cache = True

    def __init__(self, moment: ColumnElement[datetime]) -> None:
        super().__init__(moment)


@compiles(office_hour, "sqlite")
def _hour_of_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"strftime('%Y-%m-%d %H', {compiler.process(element.clauses, **how)}, '+7 hours')"


@compiles(office_hour, "postgresql")
def _hour_of_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **how)} AT TIME ZONE 'Asia/Bangkok', 'YYYY-MM-DD HH24')"


def day_begins(day: date) -> datetime:
    """The moment at which a day of the office begins."""
    return datetime.combine(day, time(), BANGKOK)
