"""The views of a list that a person keeps."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from saraban.domain.actor import Actor
from saraban.storage.tables.closing import saved_views


@dataclass(frozen=True)
class ViewRow:
    """A view: its name, the rest of the list's address, and whether the list opens with it."""

    id: UUID
    name: str
    query: str
    is_default: bool


_OWN = (
    select(*(saved_views.c[name] for name in ("id", "name", "query", "is_default")))
    .where(saved_views.c.person_id == bindparam("person"), saved_views.c.screen == bindparam("of_screen"))
    .order_by(saved_views.c.made_at, saved_views.c.id)
)


def own(reader: Connection, actor: Actor, screen: str) -> list[ViewRow]:
    """The person's own views of a screen, the oldest first."""
    rows = reader.execute(_OWN, {"person": actor.person_id, "of_screen": screen})
    return [ViewRow(row.id, row.name, row.query, row.is_default) for row in rows]
