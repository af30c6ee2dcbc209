"""Which letters of a list are under a hold that stops their disposal, wherever they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Dialect, Integer, or_, select

from saraban.storage.planning import Spelt, among, as_id, ids_told, spelt, told
from saraban.storage.tables.archive import kept_items

_MOST_HELD = 200
"""Holds are rare: so many at most are all read, which is cheaper than asking for each letter of a list."""


def held_among(reader: Connection, things: Iterable[UUID | None]) -> frozenset[UUID]:
    """Of these letters and register lines those that are under hold; a letter is when its line is, and its line with
    it. Nothing is asked of the database for none."""
    wanted = {thing for thing in things if thing is not None}
    if not wanted:
        return frozenset()
    rows = _all_held(reader.dialect).rows(reader, {"most": _MOST_HELD + 1})
    if len(rows) > _MOST_HELD:
        rows = _held(reader.dialect).rows(reader, {"things": ids_told(sorted(wanted), reader.dialect)})
    return frozenset(wanted & {as_id(one) for row in rows for one in row if one is not None})


_SELECT = select(kept_items.c.entry_id, kept_items.c.subject_of).where(kept_items.c.held_by.is_not(None))


@cache
def _all_held(dialect: Dialect) -> Spelt:
    return spelt(_SELECT.limit(told("most", Integer)), dialect)


@cache
def _held(dialect: Dialect) -> Spelt:
    these = (among(column, "things", dialect) for column in (kept_items.c.entry_id, kept_items.c.subject_of))
    return spelt(_SELECT.where(or_(*these)), dialect)


def under_hold(thing: ColumnElement[UUID], *, line: bool) -> ColumnElement[bool]:
    """The condition that a letter, or a register `line`, is under hold, for statements that read one anyway: those that
    are held are gone through once for all rows."""
    column = kept_items.c.entry_id if line else kept_items.c.subject_of
    return thing.in_(select(column).where(kept_items.c.held_by.is_not(None), column.is_not(None)))
