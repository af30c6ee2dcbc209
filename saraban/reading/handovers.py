"""Lists of forms 21 and 22, as screens show them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.handover import HandoverList, handover_of
from saraban.domain.permissions import may_see_archive, require
from saraban.storage.tables import archive as t

SHOWN = 200


def handovers(reader: Connection, actor: Actor) -> list[HandoverList]:
    """The lists, the newest first."""
    require(may_see_archive(actor))
    of_agency = select(t.handovers).where(t.handovers.c.agency_id == actor.agency_id)
    rows = reader.execute(of_agency.order_by(t.handovers.c.drawn_at.desc()).limit(SHOWN)).mappings()
    return [handover_of(dict(row)) for row in rows]


def handover(reader: Connection, actor: Actor, list_id: UUID) -> HandoverList:
    """A list; NotFound otherwise."""
    require(may_see_archive(actor))
    which = (t.handovers.c.id == list_id, t.handovers.c.agency_id == actor.agency_id)
    row = reader.execute(select(t.handovers).where(*which)).mappings().first()
    if row is None:
        raise NotFound
    return handover_of(dict(row))
