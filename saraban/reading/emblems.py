"""The agency's emblem as the administrator sees it: which is in use, and what became of those before."""

from __future__ import annotations

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.book_events import EmblemRemoved, EmblemSet
from saraban.domain.permissions import may_administer, require
from saraban.reading.letters import JournalRow, journal_row
from saraban.storage.tables.journal import journal
from saraban.storage.tables.people import agencies


def emblem(reader: Connection, actor: Actor) -> Digest | None:
    """The file in use; None while the stand-in is printed."""
    require(may_administer(actor))
    found: Digest | None = reader.execute(
        select(agencies.c.emblem).where(agencies.c.id == actor.agency_id)
    ).scalar_one()
    return found


def history(reader: Connection, actor: Actor) -> list[JournalRow]:
    """When emblems were put in place and taken away, and by whom, oldest first."""
    require(may_administer(actor))
    rows = reader.execute(
        select(journal.c.seq, journal.c.at, journal.c.name, journal.c.text)
        .where(
            journal.c.agency_id == actor.agency_id,
            journal.c.subject == actor.agency_id,
            journal.c.name.in_((EmblemSet.name, EmblemRemoved.name)),
        )
        .order_by(journal.c.seq)
    )
    return [journal_row(row) for row in rows]
