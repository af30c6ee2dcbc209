"""What units and positions were called, and where they stood, from day to day; and how to read it for a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Date, ForeignKey, Index, Table, Text, Uuid, and_, extract, or_, select

from saraban.domain.calendar import BUDDHIST_OFFSET
from saraban.storage.tables.metadata import metadata

# The periods of a unit or a position follow one another without a gap: the first goes back to the beginning of time,
# the last one has no end.
unit_periods = Table(
    "unit_periods",
    metadata,
    Column("unit_id", Uuid, ForeignKey("units.id"), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    Column("name", Text, nullable=False),
    Column("parent_id", Uuid, ForeignKey("units.id")),
    # The order that says so.
    Column("authority", Text, nullable=False),
    Index("ix_unit_periods_parent_id", "parent_id"),
)

# The units that carry on the work of one that ended or gave a part away.
unit_successions = Table(
    "unit_successions",
    metadata,
    Column("unit_id", Uuid, ForeignKey("units.id"), primary_key=True),
    Column("successor_id", Uuid, ForeignKey("units.id"), primary_key=True),
    Column("since", Date, nullable=False),
    Column("authority", Text, nullable=False),
    Index("ix_unit_successions_successor_id", "successor_id"),
)

position_periods = Table(
    "position_periods",
    metadata,
    Column("position_id", Uuid, ForeignKey("positions.id"), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    Column("title", Text, nullable=False),
    Column("unit_id", Uuid, ForeignKey("units.id"), nullable=False),
    Column("authority", Text, nullable=False),
    Index("ix_position_periods_unit_id", "unit_id"),
)

# Who may read what is classified, by an order of its own, whatever post the person holds.
clearances = Table(
    "clearances",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    Column("authority", Text, nullable=False),
)


def in_force(table: Any, day: Any) -> ColumnElement[bool]:
    """The condition that a row with `since` and `until`, either of which may be open, holds on a day (a date or an
    expression)."""
    return and_(
        or_(table.c.since.is_(None), table.c.since <= day),
        or_(table.c.until.is_(None), table.c.until >= day),
    )


def unit_name(unit_id: ColumnElement[Any], on: Any) -> ColumnElement[Any]:
    """The name of the unit on a day: a date, an expression, or None for the last that is known."""
    named = unit_periods.alias()
    return _last_name(named, named.c.unit_id == unit_id, named.c.since <= _day(on))


def unit_name_in_year(unit_id: ColumnElement[Any], year: ColumnElement[Any], on: Any) -> ColumnElement[Any]:
    """The name of the unit at the end of a Buddhist year, or on a day of that year when it is not over yet."""
    named = unit_periods.alias()
    by_then = extract("year", named.c.since) + BUDDHIST_OFFSET <= year
    return _last_name(named, named.c.unit_id == unit_id, named.c.since <= _day(on), by_then)


def _last_name(named: Any, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(named.c.name).where(*conditions).order_by(named.c.since.desc()).limit(1).scalar_subquery()


def _day(on: Any) -> Any:
    return date.max if on is None else on
