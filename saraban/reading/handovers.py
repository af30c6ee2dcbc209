"""Lists of forms 21 and 22, as screens show them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, func, select

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.handover import MAY_BE_LISTED, HandoverList, handover_of
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


def asked_for(reader: Connection, actor: Actor) -> int:
    """How many letters the National Archives asked for that can be put onto a list (usecases.archive.Handovers.due)."""
    require(may_see_archive(actor))
    c = t.kept_items.c
    free = [one.is_(None) for one in (c.handover_id, c.disposal_id, c.deposit_id, c.held_by)]
    waits = (c.asked_by.is_not(None), c.state.in_(MAY_BE_LISTED), *free)
    statement = select(func.count()).select_from(t.kept_items).where(c.agency_id == actor.agency_id, *waits)
    return int(reader.execute(statement).scalar_one())


def handover(reader: Connection, actor: Actor, list_id: UUID) -> HandoverList:
    """A list; NotFound otherwise."""
    require(may_see_archive(actor))
    which = (t.handovers.c.id == list_id, t.handovers.c.agency_id == actor.agency_id)
    row = reader.execute(select(t.handovers).where(*which)).mappings().first()
    if row is None:
        raise NotFound
    return handover_of(dict(row))
