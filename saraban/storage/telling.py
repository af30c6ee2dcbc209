"""Who is told of turns and tasks when they are written, and what of that is over when they end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Date, Uuid, and_, bindparam, or_, select, update

from saraban.domain.agency import PersonId, PositionId, PositionRole, UnitId
from saraban.domain.calendar import office_date
from saraban.domain.capacity import Capacity
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.letter import Letter
from saraban.domain.notice import OF_A_TASK, OF_A_TURN, About, Notice, NoticeKind
from saraban.domain.route import StepKind
from saraban.domain.task import Task, TaskState
from saraban.storage.delegations import limits_of
from saraban.storage.notices import NoticeBooks, holders
from saraban.storage.shelves import batched
from saraban.storage.tables.delegations import delegations
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.notices import notices
from saraban.storage.tables.organisation import clearances, in_force, position_periods
from saraban.storage.tables.people import holdings, people, positions

_DAY = bindparam("day", type_=Date)
_WORKS = (PositionRole.CLERK, PositionRole.DIRECTOR, PositionRole.HEAD)
_WHOLE = tuple(one for one in Capacity if one.is_whole)
_OF_POSITIONS: BindParameter[Any] = bindparam("positions", expanding=True)
_DEPUTIES = (
    select(delegations, people.c.id.label("deputy"))
    .select_from(
        delegations.outerjoin(
            holdings, and_(holdings.c.position_id == delegations.c.to_position_id, in_force(holdings, _DAY))
        ).join(
            people,
            or_(
                people.c.id == delegations.c.person_id,
                and_(delegations.c.person_id.is_(None), people.c.id == holdings.c.person_id),
            ),
        )
    )
    .where(
        delegations.c.position_id.in_(_OF_POSITIONS),
        delegations.c.capacity.in_(_WHOLE),
        delegations.c.revoked_at.is_(None),
        in_force(delegations, _DAY),
        people.c.active,
    )
    .order_by(people.c.id)
)
_CLEARED = (
    select(clearances.c.person_id)
    .where(clearances.c.person_id == people.c.id, in_force(clearances, _DAY))
    .exists()
    .label("cleared")
)
_IN_UNIT = (
    select(people.c.id, positions.c.clearance, _CLEARED)
    .select_from(
        positions.join(
            position_periods,
            and_(position_periods.c.position_id == positions.c.id, in_force(position_periods, _DAY)),
        )
        .join(holdings, and_(holdings.c.position_id == positions.c.id, in_force(holdings, _DAY)))
        .join(people, people.c.id == holdings.c.person_id)
    )
    .where(
        position_periods.c.unit_id == bindparam("unit", type_=Uuid),
        positions.c.role.in_(_WORKS),
        people.c.active,
    )
    .order_by(people.c.id)
)
_ABOUT = select(incoming.c.unit_id, incoming.c.secrecy, incoming.c.urgency).where(incoming.c.id == bindparam("letter"))
_OVER = (
    update(notices)
    .where(
        notices.c.about_id == bindparam("of_thing"),
        notices.c.kind.in_(bindparam("kinds", expanding=True)),
        notices.c.read_at.is_(None),
        notices.c.person_id.not_in(bindparam("others", expanding=True)),
    )
    .values(read_at=bindparam("now"))
)
_TASK_OVER = _OVER.where(
    or_(notices.c.occasion == bindparam("task"), notices.c.occasion.startswith(bindparam("task_day")))
)


def tell_turns(connection: Connection, letter: Letter, turns: Mapping[PositionId, StepKind]) -> None:
    """Tell the holders of these positions, and who acts in the place of one that is away or of none, that it is their
    turn at the letter as it was just written."""
    at, content = letter.updated_at, letter.content
    day, pressing = office_date(at), content.urgency is Urgency.MOST_URGENT
    reach = (letter.unit_id, content.secrecy, content.form)
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
        for position, person in _who_sits(connection, list(turns), day, reach)
    ]
    NoticeBooks(connection).tell(told)


def settle_turns(connection: Connection, letter: Letter, positions_now: Sequence[PositionId]) -> None:
    """What was told to those who have no turn at the letter any more is over."""
    day, content = office_date(letter.updated_at), letter.content
    reach = (letter.unit_id, content.secrecy, content.form)
    others = [person for _, person in _who_sits(connection, positions_now, day, reach)]
    values = {"of_thing": letter.id, "kinds": list(OF_A_TURN), "others": others, "now": letter.updated_at}
    connection.execute(_OVER, values)


def tell_tasks(connection: Connection, given: Sequence[Task], *, under: str = "") -> None:
    """Tell those who got a task: a person, the holder of a position and who acts in his place, all who work in a unit.
    `under`: the standing order by which the letter came to them."""
    if not given:
        return
    day = office_date(given[0].given_at)
    about = connection.execute(_ABOUT, {"letter": given[0].incoming_id}).one()
    told = [
        Notice(
            agency_id=one.agency_id,
            person_id=person,
            kind=NoticeKind.ORDER if under else NoticeKind.TASK,
            about=About.INCOMING,
            about_id=one.incoming_id,
            occasion=str(one.id),
            at=one.given_at,
            told={"by": under or one.given_by, "purpose": one.purpose.thai, "unit": _unit_of(one)},
            pressing=about.urgency is Urgency.MOST_URGENT,
        )
        for one in given
        for person in _who_got(connection, one, day, (about.unit_id, about.secrecy, None))
        if person != one.giver_id
    ]
    NoticeBooks(connection).tell(told)


def settle_task(connection: Connection, task: Task) -> None:
    """What was told about a task is over for all but the officer who has it in hand."""
    if task.state is TaskState.OPEN:
        return
    at: datetime | None = task.ended_at or task.taken_at
    values = {
        "of_thing": task.incoming_id,
        "kinds": list(OF_A_TASK),
        "others": [task.taker_id] if task.in_hand and task.taker_id is not None else [],
        "task": str(task.id),
        "task_day": f"{task.id} ",
        "now": at or task.given_at,
    }
    connection.execute(_TASK_OVER, values)


_Reach = tuple[UnitId, Secrecy, Form | None]
"""What an order must cover: the unit of a letter, its class of secrecy and its form, None for one that came in."""


def _who_sits(
    connection: Connection, positions: Sequence[PositionId], day: date, reach: _Reach
) -> Iterator[tuple[PositionId, PersonId]]:
    """Who holds these positions, and who acts in them with their whole power as far as his order reaches."""
    yield from holders(connection, positions, day).items()
    unit_id, secrecy, form = reach
    for some in batched(positions):
        for row in connection.execute(_DEPUTIES, {"positions": list(some), "day": day}).mappings():
            if not limits_of(row).beyond(unit_id=unit_id, secrecy=secrecy, form=form):
                yield PositionId(row["position_id"]), PersonId(row["deputy"])


def _who_got(connection: Connection, task: Task, day: date, reach: _Reach) -> list[PersonId]:
    if task.person_id is not None:
        return [task.person_id]
    if task.position_id is not None:
        return [person for _, person in _who_sits(connection, [task.position_id], day, reach)]
    rows = connection.execute(_IN_UNIT, {"unit": task.unit_id, "day": day})
    return [PersonId(row.id) for row in rows if reach[1].is_open or row.clearance or row.cleared]


def _unit_of(task: Task) -> str:
    """The name of the unit whose task it is; empty for one that somebody got himself."""
    return task.unit_name if task.person_id is None and task.position_id is None else ""


__all__ = ["settle_task", "settle_turns", "tell_tasks", "tell_turns"]
