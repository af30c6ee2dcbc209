"""Mails that tell people of their work, on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId, Person
from saraban.domain.notice import Notice
from saraban.domain.notice_mail import MailKind, MailState, NoticeMail
from saraban.storage.leases import Queue
from saraban.storage.shelves import plain_shelf
from saraban.storage.tables.notices import digest_days, notice_mails, notices
from saraban.storage.tables.people import people

URGENT_FOR = timedelta(hours=4)
"""After that nobody needs to be woken by mail."""
_shelf = plain_shelf(notice_mails, NoticeMail)
_people = plain_shelf(people, Person)
_PUT = {
    "sqlite": sqlite.insert(notice_mails).on_conflict_do_nothing().returning(notice_mails.c.id),
    "postgresql": postgresql.insert(notice_mails).on_conflict_do_nothing().returning(notice_mails.c.id),
}
_BEGIN = {
    "sqlite": sqlite.insert(digest_days).on_conflict_do_nothing().returning(digest_days.c.day),
    "postgresql": postgresql.insert(digest_days).on_conflict_do_nothing().returning(digest_days.c.day),
}
_REACHED = people.c.active & (people.c.email != "")
_WANTING = (
    select(people)
    .where(people.c.agency_id == bindparam("agency"), _REACHED, people.c.wants_digest)
    .order_by(people.c.id)
)
_URGENT_TO = select(people.c.id, people.c.email).where(
    people.c.id.in_(bindparam("persons", expanding=True)), _REACHED, people.c.wants_urgent
)
_UNDER_WAY = notice_mails.c.ended_at.is_(None)
_DUE = Queue(
    notice_mails,
    _UNDER_WAY & (notice_mails.c.state == MailState.WAITING) & (notice_mails.c.next_at <= bindparam("now")),
    notice_mails.c.next_at,
    state=MailState.SENDING,
    attempts=notice_mails.c.attempts + 1,
)
_LOST = (
    update(notice_mails)
    .where(_UNDER_WAY, notice_mails.c.state == MailState.SENDING, notice_mails.c.leased_until < bindparam("now"))
    .values(state=MailState.UNKNOWN, ended_at=bindparam("now"), leased_until=None)
)
_FIND = select(notice_mails).where(
    notice_mails.c.agency_id == bindparam("agency"), notice_mails.c.id == bindparam("of")
)
_MAILED = update(notices).where(notices.c.id == bindparam("of")).values(mailed_at=bindparam("now"))


class NoticeMailBooks:
    """Mails to people (usecases.notices.NoticeMails)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin_digests(self, agency_id: AgencyId, day: date) -> bool:
        """Begin to write the morning's mails of a day; False when that was done before."""
        row = {"agency_id": agency_id, "day": day}
        return self._connection.execute(_BEGIN[self._connection.dialect.name], row).first() is not None

    def wanting_digest(self, agency_id: AgencyId) -> Sequence[Person]:
        """Those who want the morning's mail."""
        return _people.find(self._connection, _WANTING, {"agency": agency_id})

    def put(self, mails: Sequence[NoticeMail]) -> int:
        """Write down those of whose occasion there was none before; how many there were."""
        statement = _PUT[self._connection.dialect.name]
        return sum(self._connection.execute(statement, _shelf.row(one)).first() is not None for one in mails)

    def claim(self, now: datetime, lease: timedelta) -> NoticeMail | None:
        """The mail that is due, for this worker alone."""
        return next(iter(_shelf.read(_DUE.claim(self._connection, now, lease, 1))), None)

    def lost(self, now: datetime) -> int:
        """End those whose worker was gone; how many there were."""
        return self._connection.execute(_LOST, {"now": now}).rowcount

    def save(self, mail: NoticeMail) -> None:
        """Write a mail back."""
        _shelf.save(self._connection, mail)

    def tell_mailed(self, notice_id: UUID, at: datetime) -> None:
        """Note at a notice that it went out."""
        self._connection.execute(_MAILED, {"of": notice_id, "now": at})

    def find(self, agency_id: AgencyId, mail_id: UUID) -> NoticeMail | None:
        """A mail of the agency."""
        return next(iter(_shelf.find(self._connection, _FIND, {"agency": agency_id, "of": mail_id})), None)


def mail_urgent(connection: Connection, told: Sequence[Notice]) -> None:
    """Write a mail for each notice of something most urgent that came before somebody who wants to hear of it so."""
    urgent = [one for one in told if one.pressing and one.kind.arrives]
    if not urgent:
        return
    found = connection.execute(_URGENT_TO, {"persons": list({one.person_id for one in urgent})})
    reached = {row.id: row.email for row in found}
    NoticeMailBooks(connection).put(
        [
            NoticeMail(
                agency_id=one.agency_id,
                person_id=one.person_id,
                kind=MailKind.URGENT,
                occasion=str(one.id),
                notice_id=one.id,
                address=reached[one.person_id],
                made_at=one.at,
                next_at=one.at,
                give_up_at=one.at + URGENT_FOR,
            )
            for one in urgent
            if one.person_id in reached
        ]
    )
