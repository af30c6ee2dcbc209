"""Connected mailboxes and how full they are, on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, bindparam, delete, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.errors import NotFound
from saraban.domain.mailbox import ConnectedMailbox, Login
from saraban.storage.inbox import begin_mark
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.exchange import inbox, mailboxes
from saraban.storage.tables.mail import fill_levels, mail_accounts
from saraban.storage.tables.people import agencies
from saraban.usecases.connections import FillLevel, TakenMail

_shelf: Shelf[ConnectedMailbox] = plain_shelf(mail_accounts, ConnectedMailbox)
_a = mail_accounts.c
_BY_ADDRESS = select(mail_accounts).where(_a.address == bindparam("box"))
_OF = (
    select(mail_accounts)
    .where(_a.agency_id == bindparam("agency"))
    .order_by(_a.unit_id.is_not(None), _a.address)  # the central one has no unit
)
_ALL = select(mail_accounts).order_by(_a.address)
_OF_UNIT = select(mail_accounts).where(_a.agency_id == bindparam("agency"), _a.unit_id == bindparam("unit"))
_OF_CODE = (
    select(mail_accounts).join(agencies, agencies.c.id == _a.agency_id).where(agencies.c.code == bindparam("of_code"))
)
_EXPIRING = (
    select(mail_accounts)
    .where(
        _a.login == Login.OAUTH,
        or_(_a.token_until.is_(None), _a.token_until < bindparam("moment")),
        or_(_a.token_leased_until.is_(None), _a.token_leased_until < bindparam("now")),
    )
    .with_for_update(skip_locked=True)
)
_OF_BOX = (mailboxes.c.agency_id == bindparam("agency")) & (mailboxes.c.address == bindparam("box"))
_NOTICE = update(mailboxes).where(_OF_BOX).values(notice=bindparam("words"), notice_at=bindparam("moment"))
_EXAMINED = update(mailboxes).where(_OF_BOX).values(examination=bindparam("found"), examined_at=bindparam("moment"))
_SIZE = {
    "sqlite": text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"),
    "postgresql": text("SELECT pg_database_size(current_database())"),
}
_DAY = select(fill_levels).where(fill_levels.c.place == bindparam("where"), fill_levels.c.day == bindparam("on"))
_TAKEN = (
    select(inbox.c.id, inbox.c.uid, inbox.c.sha256)
    .where(
        inbox.c.mailbox == bindparam("box"),
        inbox.c.uidvalidity == bindparam("validity"),
        inbox.c.taken_at < bindparam("moment"),
        inbox.c.whole.is_(True),
        inbox.c.outcome != "",
        inbox.c.cleared_at.is_(None),
    )
    .order_by(inbox.c.uid)
    .limit(bindparam("most"))
)
_CLEARED = update(inbox).where(inbox.c.id.in_(bindparam("ids", expanding=True))).values(cleared_at=bindparam("moment"))


class ConnectionBooks:
    """Connected mailboxes on the shelf (usecases.connections.Connections)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, mailbox: ConnectedMailbox) -> None:
        """Keep a new one."""
        _shelf.add(self._connection, mailbox)

    def get(self, agency_id: AgencyId, mailbox_id: UUID) -> ConnectedMailbox:
        """The agency's mailbox with this id; NotFound for another agency's."""
        found = _shelf.get(self._connection, mailbox_id)
        if found.agency_id != agency_id:
            raise NotFound
        return found

    def save(self, mailbox: ConnectedMailbox) -> None:
        """Write it back over the version that was read."""
        _shelf.save(self._connection, mailbox)

    def remove(self, mailbox: ConnectedMailbox) -> None:
        """Forget its settings and its secret."""
        self._connection.execute(delete(mail_accounts).where(_a.id == mailbox.id))

    def of(self, agency_id: AgencyId) -> Sequence[ConnectedMailbox]:
        """The agency's mailboxes, the central one first."""
        return _shelf.find(self._connection, _OF, {"agency": agency_id})

    def all(self) -> Sequence[ConnectedMailbox]:
        """Those of all agencies."""
        return _shelf.find(self._connection, _ALL)

    def by_address(self, address: str) -> ConnectedMailbox | None:
        """The one at this address, whoever has it."""
        return next(iter(_shelf.find(self._connection, _BY_ADDRESS, {"box": address})), None)

    def of_unit(self, agency_id: AgencyId, unit_id: UnitId) -> ConnectedMailbox | None:
        """The unit's own mailbox."""
        return next(iter(_shelf.find(self._connection, _OF_UNIT, {"agency": agency_id, "unit": unit_id})), None)

    def expiring(self, now: datetime, before: datetime) -> Sequence[ConnectedMailbox]:
        """Those whose access token ends before that moment."""
        return _shelf.find(self._connection, _EXPIRING, {"now": now, "moment": before})

    def notice(self, agency_id: AgencyId, address: str, words: str, at: datetime) -> None:
        """Tell about the mailbox; empty words take it back."""
        begin_mark(self._connection, agency_id, address)
        values = {"agency": agency_id, "box": address, "words": words, "moment": at if words else None}
        self._connection.execute(_NOTICE, values)

    def examined(self, agency_id: AgencyId, address: str, findings: Sequence[dict[str, Any]], at: datetime) -> None:
        """What an examination has found so far."""
        begin_mark(self._connection, agency_id, address)
        values = {"agency": agency_id, "box": address, "found": list(findings), "moment": at}
        self._connection.execute(_EXAMINED, values)

    def examined_at(self, agency_id: AgencyId, address: str) -> datetime | None:
        """When the last examination went on."""
        found: datetime | None = self._connection.execute(
            select(mailboxes.c.examined_at).where(_OF_BOX), {"agency": agency_id, "box": address}
        ).scalar_one_or_none()
        return found

    def database_octets(self) -> int:
        """How large the database is: its pages, or what PostgreSQL tells."""
        return int(self._connection.execute(_SIZE[self._connection.dialect.name]).scalar_one())

    def fill(self, level: FillLevel) -> None:
        """Write down how full a place is; the last word of a day counts."""
        values = {"agency_id": level.agency_id, "used": level.used, "allowed": level.allowed, "at": level.at}
        key = {"place": level.place, "day": level.day}
        if self._connection.dialect.name == "postgresql":
            put = postgresql.insert(fill_levels).values(**key, **values)
            self._connection.execute(put.on_conflict_do_update(index_elements=list(key), set_=values))
        else:
            lite = sqlite.insert(fill_levels).values(**key, **values)
            self._connection.execute(lite.on_conflict_do_update(index_elements=list(key), set_=values))

    def filled(self, place: str, day: date) -> FillLevel | None:
        """How full it was that day."""
        row = self._connection.execute(_DAY, {"where": place, "on": day}).first()
        return None if row is None else FillLevel(place, day, row.used, row.allowed, row.at, row.agency_id)

    def taken(self, address: str, uidvalidity: int, before: datetime, limit: int) -> Sequence[TakenMail]:
        """Whole, judged mails of the folder that still lie there, the oldest first."""
        values = {"box": address, "validity": uidvalidity, "moment": before, "most": limit}
        return [TakenMail(row.id, row.uid, row.sha256) for row in self._connection.execute(_TAKEN, values)]

    def cleared(self, ids: Sequence[UUID], at: datetime) -> None:
        """They no longer lie in the folder."""
        if ids:
            self._connection.execute(_CLEARED, {"ids": list(ids), "moment": at})


def find_connected(engine: Engine, agency_code: str, address: str) -> ConnectedMailbox | None:
    """The mailbox that an agency has at this address; without an address, or for one that it has not connected, its
    central one."""
    with engine.connect() as connection:
        found = {m.address: m for m in _shelf.find(connection, _OF_CODE, {"of_code": agency_code})}
    central = next((m for m in found.values() if m.unit_id is None), None)
    return found.get(address, central)
