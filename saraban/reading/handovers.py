"""Lists of forms 21 and 22, as screens show them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.handover import HandoverList, handover_of
from saraban.domain.permissions import may_see_archive, require
from saraban.reading.archive import SHOWN
from saraban.reading.paging import Page, newest_first
from saraban.storage.tables import archive as t


def handovers(reader: Connection, actor: Actor, cursor: str | None = None, limit: int = SHOWN) -> Page[HandoverList]:
    """The lists, the newest first."""
    require(may_see_archive(actor))
    c = t.handovers.c
    statement = select(t.handovers).where(c.agency_id == actor.agency_id)
    by = (c.drawn_at, c.id)
    return newest_first(reader, statement, by, lambda row: handover_of(dict(row._mapping)), cursor=cursor, limit=limit)


def handover(reader: Connection, actor: Actor, list_id: UUID) -> HandoverList:
    """A list; NotFound otherwise."""
    require(may_see_archive(actor))
    which = (t.handovers.c.id == list_id, t.handovers.c.agency_id == actor.agency_id)
    row = reader.execute(select(t.handovers).where(*which)).mappings().first()
    if row is None:
        raise NotFound
    return handover_of(dict(row))
