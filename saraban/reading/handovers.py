"""Lists of forms 21 and 22, as screens show them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.handover import HandoverList, handover_of
from saraban.domain.permissions import may_see_archive, require
from saraban.reading.archive import SHOWN
from saraban.reading.paging import Page, cut, older_than, write_cursor
from saraban.storage.tables import archive as t


def handovers(reader: Connection, actor: Actor, cursor: str | None = None, limit: int = SHOWN) -> Page[HandoverList]:
    """The lists, the newest first."""
    require(may_see_archive(actor))
    c = t.handovers.c
    statement = select(t.handovers).where(c.agency_id == actor.agency_id)
    if cursor:
        statement = statement.where(older_than(c.drawn_at, c.id, cursor))
    ordered = statement.order_by(c.drawn_at.desc(), c.id.desc()).limit(limit + 1)
    found = reader.execute(ordered).mappings().all()
    rows, following = cut(found, limit, lambda row: write_cursor(row["drawn_at"], row["id"]))
    return Page([handover_of(dict(row)) for row in rows], following)


def handover(reader: Connection, actor: Actor, list_id: UUID) -> HandoverList:
    """A list; NotFound otherwise."""
    require(may_see_archive(actor))
    which = (t.handovers.c.id == list_id, t.handovers.c.agency_id == actor.agency_id)
    row = reader.execute(select(t.handovers).where(*which)).mappings().first()
    if row is None:
        raise NotFound
    return handover_of(dict(row))
