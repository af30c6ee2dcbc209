"""Is the installation alive: when each hosted mailbox was last looked into."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from saraban.storage.tables.exchange import mailboxes
from saraban.storage.tables.people import agencies

_OLDEST = select(
    func.count(agencies.c.id), func.count(mailboxes.c.checked_at), func.min(mailboxes.c.checked_at)
).select_from(agencies.outerjoin(mailboxes, mailboxes.c.agency_id == agencies.c.id))


def oldest_check(reader: Connection) -> tuple[int, int, datetime | None]:
    """How many mailboxes there are, how many of them were ever looked into, and the longest time ago that one was."""
    hosted, checked, oldest = reader.execute(_OLDEST).one()
    return hosted, checked, oldest
