"""Noting who reads what: the doors note, the worker takes in and marks, and each past day is tied into the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionRole
from saraban.domain.calendar import office_date
from saraban.domain.reading_log import MANY_WITHIN, Reading, ReadingDeed, ReadingsSealed, marks_of
from saraban.domain.workdays import WorkCalendar
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services

LATE = timedelta(minutes=10)
"""A line that was noted before midnight may come in a little later."""


def note_reading(
    office: Services,
    *,
    actor: Actor,
    deed: ReadingDeed,
    subject_id: UUID | None = None,
    what: str = "",
    address: str = "",
) -> None:
    """Note that somebody read something now. What the installation does by itself is not noted."""
    if actor.person_id is None:
        return
    office.reading_spool.note(
        Reading(
            id=uuid4(),
            agency_id=actor.agency_id,
            at=office.clock.now(),
            person_id=actor.person_id,
            name=actor.name,
            title=actor.title,
            unit_id=actor.unit_id,
            central=actor.central and actor.role is PositionRole.CLERK,
            deed=deed,
            subject_id=subject_id,
            what=what,
            address=address,
        )
    )


def take_in_readings(office: Services) -> int:
    """Put a batch of noted lines into the database, marked; gives how many lines it had. A batch that a killed worker
    left behind is taken in again, and nothing twice."""
    taken = office.reading_spool.take()
    if taken is None:
        return 0
    name, batch = taken
    with office.uow() as uow:
        known = uow.readings.known({one.id for one in batch})
        _add(uow, [one for one in batch if one.id not in known], office_date(office.clock.now()))
        uow.commit(final=False)
    office.reading_spool.done(name)
    return max(len(batch), 1)


def seal_readings(office: Services) -> int:
    """Tie one past day of each agency's log into its journal: from then on a line that is changed, added or missing is
    found. Gives how many days were tied in."""
    today, done = office_date(office.clock.now() - LATE), 0
    for agency_id, _ in office.hosted():
        with office.uow() as uow:
            day = uow.readings.open_day(agency_id, today)
            if day is None:
                continue
            lines, root = uow.readings.day(agency_id, day)
            uow.readings.seal(agency_id, day, lines, root)
            by = Actor.gateway(agency_id)
            uow.record(ReadingsSealed(at=office.clock.now(), by=by, day=day.isoformat(), lines=lines, root=root.hex))
            uow.commit()
            done += 1
    return done


def _add(uow: UnitOfWork, fresh: Sequence[Reading], today: date) -> None:
    owners = uow.readings.owners({one.subject_id for one in fresh if one.subject_id is not None})
    calendars = {agency: WorkCalendar.of(uow.duties.changes(agency)) for agency in {one.agency_id for one in fresh}}
    read = _read_by(uow, fresh)
    rows = []
    for one in fresh:
        owner = owners.get(one.subject_id) if one.subject_id is not None else None
        marks = marks_of(
            one,
            owner=owner.unit_id if owner is not None else None,
            others=read[one.person_id],
            calendar=calendars[one.agency_id],
        )
        rows.append((one, owner, marks))
    uow.readings.add(rows, today)


def _read_by(uow: UnitOfWork, fresh: Sequence[Reading]) -> dict[PersonId, list[tuple[UUID, datetime]]]:
    """What each of these people read, in this batch and shortly before it."""
    found: dict[PersonId, list[tuple[UUID, datetime]]] = defaultdict(list)
    for one in fresh:
        if one.person_id not in found:
            since = min(other.at for other in fresh if other.person_id == one.person_id) - MANY_WITHIN
            found[one.person_id] = list(uow.readings.recent(one.person_id, since))
    for one in fresh:
        if one.subject_id is not None:
            found[one.person_id].append((one.subject_id, one.at))
    return found
