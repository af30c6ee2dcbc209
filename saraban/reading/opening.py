"""Which of several letters an actor may open, so that a list links only where the link leads somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.register import BookKind
from saraban.reading.scope import visible_incoming, visible_letters
from saraban.storage.planning import of_found
from saraban.storage.tables.letters import incoming, letters


def openable(reader: Connection, actor: Actor, kind: BookKind, ids: Iterable[UUID | None]) -> set[UUID]:
    """Of the letters behind lines of a register (incoming for books of what comes in, outgoing for others) those
    that the actor may read."""
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return set()
    if kind.incoming:
        statement = select(incoming.c.id).where(incoming.c.id.in_(wanted), of_found(visible_incoming(actor)))
    else:
        statement = select(letters.c.id).where(letters.c.id.in_(wanted), of_found(visible_letters(actor)))
    return set(reader.execute(statement).scalars())
