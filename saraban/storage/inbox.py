"""The inbox: messages as they came, unique on (mailbox, uidvalidity, uid), and how far each mailbox was read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.storage.leases import Queue
from saraban.storage.tables.exchange import inbox, mailboxes
from saraban.usecases.books import AlreadyJudged, InboxItem, MailboxMark

_PLACE = ["mailbox", "uidvalidity", "uid"]
_TAKE = {
    "postgresql": postgresql.insert(inbox).on_conflict_do_nothing(index_elements=_PLACE).returning(inbox.c.id),
    "sqlite": sqlite.insert(inbox).on_conflict_do_nothing(index_elements=_PLACE).returning(inbox.c.id),
}
_UNJUDGED = Queue(
    inbox,
    inbox.c.outcome == literal_column("''"),  # not a parameter: the index was made for this very word
    inbox.c.taken_at,
    attempts=inbox.c.attempts + 1,
)
_DECIDE = (
    update(inbox)
    .where(inbox.c.id == bindparam("item"), inbox.c.outcome == "")
    .values(
        outcome=bindparam("new_outcome"),
        note=bindparam("why"),
        decided_at=bindparam("at"),
        sender=bindparam("by_whom"),
        subject=bindparam("of_what"),
        leased_until=None,
    )
)
_COPIES = (
    select(func.count())
    .select_from(inbox)
    .where(
        inbox.c.agency_id == bindparam("agency"),
        inbox.c.content_key == select(inbox.c.content_key).where(inbox.c.id == bindparam("item")).scalar_subquery(),
        inbox.c.id != bindparam("item"),
        inbox.c.outcome.not_in(("", "duplicate")),
    )
)
_PUT_OFF = (
    update(inbox)
    .where(inbox.c.id == bindparam("item"), inbox.c.outcome == "")
    .values(
        note=bindparam("why"),
        leased_until=bindparam("until"),
        attempts=inbox.c.attempts - 1,
        sender=bindparam("by_whom"),
        subject=bindparam("of_what"),
    )
)
_ONE_HELD = (
    select(inbox.c.id)
    .where(inbox.c.agency_id == bindparam("agency"), inbox.c.sha256 == bindparam("bytes"), inbox.c.outcome == "held")
    .order_by(inbox.c.taken_at, inbox.c.id)
    .limit(1)
    .scalar_subquery()
)
_REOPEN = (
    update(inbox)
    .where(inbox.c.id == _ONE_HELD)
    .values(outcome="", note="", decided_at=None, attempts=0, leased_until=None)
)
_OF_BOX = (mailboxes.c.agency_id == bindparam("agency")) & (mailboxes.c.address == bindparam("box"))
_MARK = select(mailboxes).where(_OF_BOX)
_BEGIN_MARK = {
    "postgresql": postgresql.insert(mailboxes).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(mailboxes).on_conflict_do_nothing(),
}
_SAVE_MARK = (
    update(mailboxes)
    .where(_OF_BOX)
    .values(
        uidvalidity=bindparam("validity"),
        last_uid=bindparam("last"),
        checked_at=bindparam("checked"),
        problem=bindparam("what"),
    )
)
_ADVANCE = (
    update(mailboxes)
    .where(_OF_BOX, mailboxes.c.uidvalidity == bindparam("validity"), mailboxes.c.last_uid < bindparam("last"))
    .values(last_uid=bindparam("last"))
)
_LEASE = (
    update(mailboxes)
    .where(
        _OF_BOX,
        or_(
            mailboxes.c.leased_until.is_(None),
            mailboxes.c.leased_until < bindparam("now"),
            mailboxes.c.leased_by == bindparam("owner"),
        ),
    )
    .values(leased_by=bindparam("owner"), leased_until=bindparam("until"))
)


class InboxBooks:
    """The inbox on the shelf (usecases.books.Inbox)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take_in(self, item: InboxItem, message_id: str, content_key: Digest) -> bool:
        """Keep the row once."""
        kept = self._connection.execute(
            _TAKE[self._connection.dialect.name],
            {
                "id": item.id,
                "agency_id": item.agency_id,
                "mailbox": item.mailbox,
                "uidvalidity": item.uidvalidity,
                "uid": item.uid,
                "sha256": item.sha256,
                "message_id": message_id,
                "content_key": content_key,
                "taken_at": item.taken_at,
                "attempts": 0,
                "outcome": "",
                "note": "",
                "whole": item.whole,
                "sender": "",
                "subject": "",
            },
        )
        return kept.first() is not None

    def copies(self, item: InboxItem) -> int:
        """How many judged rows carry the same content key and are no copies themselves."""
        return int(self._connection.execute(_COPIES, {"agency": item.agency_id, "item": item.id}).scalar_one())

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[InboxItem]:
        """Lease messages that were not judged yet."""
        rows = _UNJUDGED.claim(self._connection, now, lease, limit)
        return [
            InboxItem(
                id=r["id"],
                agency_id=r["agency_id"],
                mailbox=r["mailbox"],
                uidvalidity=r["uidvalidity"],
                uid=r["uid"],
                sha256=r["sha256"],
                taken_at=r["taken_at"],
                attempts=r["attempts"],
                whole=r["whole"],
            )
            for r in rows
        ]

    def decide(self, item: InboxItem, outcome: str, note: str, at: datetime) -> None:
        """Write down what became of it; AlreadyJudged when that was done before."""
        values = {"item": item.id, "new_outcome": outcome, "why": note, "at": at} | _told(item)
        if self._connection.execute(_DECIDE, values).rowcount != 1:
            raise AlreadyJudged

    def put_off(self, item: InboxItem, why: str, until: datetime) -> None:
        """Not before that moment."""
        self._connection.execute(_PUT_OFF, {"item": item.id, "why": why, "until": until} | _told(item))

    def reopen(self, agency_id: AgencyId, sha256: Digest) -> bool:
        """Judge one anew."""
        return self._connection.execute(_REOPEN, {"agency": agency_id, "bytes": sha256}).rowcount == 1

    def mark(self, agency_id: AgencyId, address: str) -> MailboxMark:
        """How far the mailbox was read; begins at nothing."""
        box = {"agency": agency_id, "box": address}
        row = self._connection.execute(_MARK, box).first()
        if row is None:
            begin_mark(self._connection, agency_id, address)
            row = self._connection.execute(_MARK, box).one()
        return MailboxMark(agency_id, address, row.uidvalidity, row.last_uid, row.checked_at, row.problem)

    def save_mark(self, mark: MailboxMark) -> None:
        """Remember how far it was read."""
        self._connection.execute(
            _SAVE_MARK,
            {
                "agency": mark.agency_id,
                "box": mark.address,
                "validity": mark.uidvalidity,
                "last": mark.last_uid,
                "checked": mark.checked_at,
                "what": mark.problem,
            },
        )

    def advance(self, agency_id: AgencyId, address: str, uidvalidity: int, uid: int) -> None:
        """Read up to this mail, as long as the folder has this UIDVALIDITY; never back."""
        values = {"agency": agency_id, "box": address, "validity": uidvalidity, "last": uid}
        self._connection.execute(_ADVANCE, values)

    def lease_mailbox(self, agency_id: AgencyId, address: str, owner: str, now: datetime, lease: timedelta) -> bool:
        """One fetcher a mailbox."""
        self.mark(agency_id, address)
        values = {"agency": agency_id, "box": address, "owner": owner, "now": now, "until": now + lease}
        return self._connection.execute(_LEASE, values).rowcount == 1


def _told(item: InboxItem) -> dict[str, str]:
    """Who wrote it about what, as far as it is kept beside the bytes."""
    return {"by_whom": item.sender[:320], "of_what": item.subject[:500]}


def begin_mark(connection: Connection, agency_id: AgencyId, address: str) -> None:
    """See to it that the mailbox has a row."""
    first = {"uidvalidity": 0, "last_uid": 0, "problem": "", "leased_by": "", "notice": ""}
    begin = _BEGIN_MARK[connection.dialect.name]
    connection.execute(begin, {"agency_id": agency_id, "address": address, **first})
