"""Deadlines for all doors: what shows something that waits asks here, and the agency's clock is read once a request."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from flask import g

from saraban.domain.deadline import Due, DueClock, Gap
from saraban.domain.letter import Letter
from saraban.doorway import actor, reader, services
from saraban.reading import deadlines as rows
from saraban.reading.incoming import IncomingRow


def due_of(
    urgency: Any, since: datetime, asked: date | None = None, position: UUID | None = None, *, mine: bool = False
) -> Due:
    """The deadline of what came before somebody at that moment. The clock stands while that position is vacant; with
    `mine` it is the actor's own."""
    clock = _clock()
    position = actor().position_id if mine else position
    gaps = _gaps(position, since.date(), clock.today) if position is not None else []
    return clock.of(urgency, since, asked=asked, gaps=gaps)


def due_of_letter(letter: Letter) -> Due | None:
    """The deadline of a letter that waits before officers: the first of theirs. None when it waits for nobody."""
    content = letter.content
    waiting = rows.waiting(reader(), actor(), letter.id)
    dues = [due_of(content.urgency, one.since, content.response_due, one.position_id) for one in waiting]
    return min(dues, key=lambda due: due.day, default=None)


def due_of_arrival(row: IncomingRow) -> Due:
    """By when a letter that came in is to be dealt with: one from the public by the day of its answer, which its sender
    was told, any other by its speed class."""
    return due_on(row.duty_on) if row.duty_on is not None else due_of(row.urgency, row.received_at)


def due_on(day: date) -> Due:
    """How near a day is that an officer has ordered."""
    return _clock().on(day)


def _clock() -> DueClock:
    if "saraban_due_clock" not in g:
        g.saraban_due_clock = rows.due_clock(reader(), actor(), services().clock.now())
    return cast(DueClock, g.saraban_due_clock)


def _gaps(position: UUID, since: date, today: date) -> list[Gap]:
    """When the position was vacant, read once a page for all that lies before it."""
    known: dict[UUID, tuple[date, list[Gap]]] = g.setdefault("saraban_gaps", {})
    found = known.get(position)
    if found is None or found[0] > since:
        # A year back at once: the next row may be older, and is not to cost another statement.
        first = min(since, date(today.year - 1, today.month, 1))
        found = known[position] = (first, rows.vacancies(reader(), position, first, today))
    return found[1]
