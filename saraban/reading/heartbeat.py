"""Is the installation alive: when each mailbox that it has to read was last looked into."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, func, select, union

from saraban.storage.tables.exchange import mailboxes
from saraban.storage.tables.mail import mail_accounts
from saraban.storage.tables.people import agencies

# The central mailboxes of the hosted agencies, and what they have connected beside them.
_WANTED = union(
    select(agencies.c.id.label("agency_id"), agencies.c.mailbox.label("address")),
    select(mail_accounts.c.agency_id, mail_accounts.c.address),
).subquery()
_OLDEST = select(
    func.count(_WANTED.c.address),
    func.count(mailboxes.c.checked_at),
    func.min(mailboxes.c.checked_at),
    func.count().filter(and_(mailboxes.c.problem.is_not(None), mailboxes.c.problem != "")),
).select_from(
    _WANTED.outerjoin(
        mailboxes, and_(mailboxes.c.agency_id == _WANTED.c.agency_id, mailboxes.c.address == _WANTED.c.address)
    )
)


def oldest_check(reader: Connection) -> tuple[int, int, datetime | None, int]:
    """How many mailboxes there are, how many of them were ever looked into, the longest time ago that one was, and how
    many cannot be read now."""
    wanted, checked, oldest, troubled = reader.execute(_OLDEST).one()
    return wanted, checked, oldest, troubled
