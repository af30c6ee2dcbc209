"""Which letters of a list are under a hold that stops their disposal, wherever they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Connection, bindparam, or_, select

from saraban.storage.tables.archive import kept_items

_THESE: BindParameter[Any] = bindparam("things", expanding=True)
_HELD = select(kept_items.c.entry_id, kept_items.c.subject_of).where(
    or_(kept_items.c.entry_id.in_(_THESE), kept_items.c.subject_of.in_(_THESE)), kept_items.c.held_by.is_not(None)
)


def held_among(reader: Connection, things: Iterable[UUID | None]) -> frozenset[UUID]:
    """Of these letters and register lines those that are under hold; a letter is when its line is, and its line with
    it. Nothing is asked of the database for none."""
    wanted = {thing for thing in things if thing is not None}
    if not wanted:
        return frozenset()
    rows = reader.execute(_HELD, {"things": sorted(wanted)})
    return frozenset(wanted & {one for row in rows for one in (row.entry_id, row.subject_of)})
