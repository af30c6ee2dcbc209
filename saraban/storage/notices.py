"""Notices on the shelf; those of turns are written with the turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, Date, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId, PersonId, PositionId
from saraban.domain.calendar import office_date
from saraban.domain.classification import Urgency
from saraban.domain.letter import Letter
from saraban.domain.notice import About, Notice, NoticeKind
from saraban.domain.route import StepKind
from saraban.storage.shelves import plain_shelf
from saraban.storage.tables.notices import notices
from saraban.storage.tables.organisation import in_force
from saraban.storage.tables.people import holdings, people

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
_OWN = (notices.c.agency_id == bindparam("of_agency")) & (notices.c.person_id == bindparam("of_person"))
_UNREAD = _OWN & notices.c.read_at.is_(None)
_READ_ALL = update(notices).where(_UNREAD).values(read_at=bindparam("now"))
_READ_ONE = _READ_ALL.where(notices.c.id == bindparam("of_id"))


class NoticeBooks:
    """Notices (usecases.notices.Notices)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tell(self, told: Sequence[Notice]) -> int:
        """Write down what people did not hear of before; how many there were."""
        statement = _TELL[self._connection.dialect.name]
        rows = (_notices.row(one) for one in told)
        return sum(self._connection.execute(statement, row).first() is not None for row in rows)

    def holders(self, positions: Sequence[PositionId], on: date) -> Mapping[PositionId, PersonId]:
        """Who holds these positions on a day."""
        return holders(self._connection, positions, on)

    def mark_read(self, agency_id: AgencyId, person_id: PersonId, at: datetime, notice_id: UUID | None = None) -> int:
        """Note that the person has seen one notice, or all; how many were unread."""
        values = {"of_agency": agency_id, "of_person": person_id, "now": at}
        if notice_id is None:
            return self._connection.execute(_READ_ALL, values).rowcount
        return self._connection.execute(_READ_ONE, {**values, "of_id": notice_id}).rowcount


def holders(connection: Connection, positions: Sequence[PositionId], on: date) -> dict[PositionId, PersonId]:
    """Who holds these positions on a day."""
    if not positions:
        return {}
    rows = connection.execute(_HOLDERS, {"positions": list(positions), "day": on})
    return {PositionId(row.position_id): PersonId(row.person_id) for row in rows}


def tell_turns(connection: Connection, letter: Letter, turns: Mapping[PositionId, StepKind]) -> None:
    """Tell the holders of these positions that it is their turn at the letter as it was just written."""
    at, pressing = letter.updated_at, letter.content.urgency is Urgency.MOST_URGENT
    told = [
        Notice(
            agency_id=letter.agency_id,
            person_id=person,
            kind=NoticeKind.INFORM if turns[position] is StepKind.INFORM else NoticeKind.STEP,
            about=About.LETTER,
            about_id=letter.id,
            occasion=str(letter.version),
            at=at,
            told={"deed": turns[position].thai},
            pressing=pressing,
        )
        for position, person in holders(connection, list(turns), office_date(at)).items()
    ]
    NoticeBooks(connection).tell(told)
