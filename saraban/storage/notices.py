"""Notices on the shelf; those of turns are written with the turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Connection, Date, bindparam, func, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId, PersonId, PositionId
from saraban.domain.issued import IssuedId
from saraban.domain.notice import Notice, NoticeKind
from saraban.domain.route import StepKind
from saraban.domain.task import IN_HAND
from saraban.storage.notice_mails import mail_urgent
from saraban.storage.shelves import batched, plain_shelf
from saraban.storage.tables.delegations import delegations
from saraban.storage.tables.desk import turns
from saraban.storage.tables.issued_runs import issued_run_lines
from saraban.storage.tables.letters import letters
from saraban.storage.tables.notices import deadline_days, notices
from saraban.storage.tables.organisation import in_force
from saraban.storage.tables.people import holdings, people
from saraban.storage.tables.tasks import tasks
from saraban.usecases.notices import Ordered, Waiting

_notices = plain_shelf(notices, Notice)
_TELL = {
    "sqlite": sqlite.insert(notices).on_conflict_do_nothing().returning(notices.c.id),
    "postgresql": postgresql.insert(notices).on_conflict_do_nothing().returning(notices.c.id),
}
_HOLDERS = (
    select(holdings.c.position_id, holdings.c.person_id)
    .join(people, people.c.id == holdings.c.person_id)
    .where(
        holdings.c.position_id.in_(bindparam("positions", expanding=True)),
        in_force(holdings, bindparam("day", type_=Date)),
        people.c.active,
    )
    .order_by(holdings.c.person_id)
)
_BEGIN = {
    "sqlite": sqlite.insert(deadline_days).on_conflict_do_nothing().returning(deadline_days.c.day),
    "postgresql": postgresql.insert(deadline_days).on_conflict_do_nothing().returning(deadline_days.c.day),
}
_WAITING = (
    select(turns.c.letter_id, turns.c.position_id, turns.c.since, letters.c.urgency, letters.c.response_due)
    .join(letters, letters.c.id == turns.c.letter_id)
    .where(turns.c.agency_id == bindparam("agency"), turns.c.kind != StepKind.INFORM)
    .order_by(turns.c.since, turns.c.letter_id)
)
_ORDERED = select(
    *(tasks.c.id, tasks.c.incoming_id, func.coalesce(tasks.c.taker_id, tasks.c.person_id), tasks.c.position_id),
    tasks.c.due,
).where(tasks.c.agency_id == bindparam("agency"), tasks.c.state.in_(IN_HAND), tasks.c.due.is_not(None))
_OF_POSITIONS: BindParameter[Any] = bindparam("positions", expanding=True)
_HELD = union_all(
    select(holdings.c.position_id, holdings.c.since, holdings.c.until).where(holdings.c.position_id.in_(_OF_POSITIONS)),
    select(delegations.c.position_id, delegations.c.since, delegations.c.until).where(
        delegations.c.position_id.in_(_OF_POSITIONS), delegations.c.revoked_at.is_(None)
    ),
)
_OWN = (notices.c.agency_id == bindparam("of_agency")) & (notices.c.person_id == bindparam("of_person"))
_UNREAD = _OWN & notices.c.read_at.is_(None)
_its_line, _same_sheet = issued_run_lines.alias(), issued_run_lines.alias()
_UNREAD_OF_RUN = (
    select(notices.c.id)
    .join(_same_sheet, _same_sheet.c.document_id == notices.c.about_id)
    .join(_its_line, _its_line.c.run_id == _same_sheet.c.run_id)
    .where(_UNREAD, notices.c.kind == bindparam("of_kind"), _its_line.c.document_id == bindparam("of_document"))
    .limit(1)
)
_READ_ALL = update(notices).where(_UNREAD).values(read_at=bindparam("now"))
_READ_ONE = _READ_ALL.where(notices.c.id == bindparam("of_id"))
_SETTLE = (
    update(notices)
    .where(
        notices.c.about_id == bindparam("of_thing"),
        notices.c.kind.in_(bindparam("kinds", expanding=True)),
        notices.c.read_at.is_(None),
    )
    .values(read_at=bindparam("now"))
)
_READ_ABOUT = _READ_ALL.where(notices.c.about_id == bindparam("of_thing"))


class NoticeBooks:
    """Notices (usecases.notices.Notices)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tell(self, told: Sequence[Notice]) -> int:
        """Write down what people did not hear of before; how many there were."""
        statement = _TELL[self._connection.dialect.name]
        new = [one for one in told if self._connection.execute(statement, _notices.row(one)).first() is not None]
        mail_urgent(self._connection, new)
        return len(new)

    def has_unread_of_run(
        self, agency_id: AgencyId, person_id: PersonId, kind: NoticeKind, document_id: IssuedId
    ) -> bool:
        """Was the person told something of this kind, that he has not seen, about a document of the same sheet?"""
        values = {"of_agency": agency_id, "of_person": person_id, "of_kind": kind, "of_document": document_id}
        return self._connection.execute(_UNREAD_OF_RUN, values).first() is not None

    def holders(self, positions: Sequence[PositionId], on: date) -> Mapping[PositionId, PersonId]:
        """Who holds these positions on a day."""
        return holders(self._connection, positions, on)

    def begin_day(self, agency_id: AgencyId, day: date) -> bool:
        """Begin to tell the deadlines of a day; False when that was done before."""
        row = {"agency_id": agency_id, "day": day}
        return self._connection.execute(_BEGIN[self._connection.dialect.name], row).first() is not None

    def waiting(self, agency_id: AgencyId) -> Sequence[Waiting]:
        """All that waits before officers of the agency."""
        rows = self._connection.execute(_WAITING, {"agency": agency_id})
        return [Waiting(*row) for row in rows]

    def ordered(self, agency_id: AgencyId) -> Sequence[Ordered]:
        """The tasks of the agency that have a day and are not done."""
        return [Ordered(*row) for row in self._connection.execute(_ORDERED, {"agency": agency_id})]

    def held(self, positions: Sequence[PositionId]) -> Mapping[PositionId, Sequence[tuple[date, date | None]]]:
        """When somebody held these positions, or acted for them by an order."""
        found: dict[PositionId, list[tuple[date, date | None]]] = {}
        for some in batched(positions):
            for row in self._connection.execute(_HELD, {"positions": some}):
                found.setdefault(PositionId(row.position_id), []).append((row.since, row.until))
        return found

    def mark_read(self, agency_id: AgencyId, person_id: PersonId, at: datetime, notice_id: UUID | None = None) -> int:
        """Note that the person has seen one notice, or all; how many were unread."""
        values = {"of_agency": agency_id, "of_person": person_id, "now": at}
        if notice_id is None:
            return self._connection.execute(_READ_ALL, values).rowcount
        return self._connection.execute(_READ_ONE, {**values, "of_id": notice_id}).rowcount

    def settle(self, about_id: UUID, kinds: Sequence[NoticeKind], at: datetime) -> int:
        """What was told to anybody about a thing by these kinds is dealt with; how many were unread."""
        values = {"of_thing": about_id, "kinds": list(kinds), "now": at}
        return self._connection.execute(_SETTLE, values).rowcount

    def mark_about(self, agency_id: AgencyId, person_id: PersonId, about_id: UUID, at: datetime) -> int:
        """Note that the person has seen what his notices about a thing tell; how many were unread."""
        values = {"of_agency": agency_id, "of_person": person_id, "of_thing": about_id, "now": at}
        return self._connection.execute(_READ_ABOUT, values).rowcount


def holders(connection: Connection, positions: Sequence[PositionId], on: date) -> dict[PositionId, PersonId]:
    """Who holds these positions on a day."""
    found = {}
    for some in batched(positions):
        for row in connection.execute(_HOLDERS, {"positions": list(some), "day": on}):
            found[PositionId(row.position_id)] = PersonId(row.person_id)
    return found
