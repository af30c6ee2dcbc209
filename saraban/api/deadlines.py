"""Deadlines for programs: by when something that waits is due, who set that day, and how near it is."""

from __future__ import annotations

from marshmallow import Schema

from saraban.api import shapes as s
from saraban.api.repeating import Json
from saraban.domain.deadline import Due, Source, Standing
from saraban.domain.incoming import IncomingState
from saraban.doorway.deadlines import due_of_arrival
from saraban.reading.incoming import IncomingRow


class DeadlineShape(Schema):
    """`days` are the working days left, or those it is late. `stopped`: nobody holds the post, and the clock stands."""

    day = s.day()
    source = s.one_of(Source)
    standing = s.one_of(Standing)
    days = s.whole(3)
    stopped = s.true()


def deadline(due: Due | None) -> Json | None:
    """A deadline as programs see it; None for what has none."""
    if due is None:
        return None
    return {
        "day": due.day.isoformat(),
        "source": due.source.value,
        "standing": due.standing.value,
        "days": due.days,
        "stopped": due.stopped,
    }


def of_arrival(row: IncomingRow) -> Json | None:
    """By when a letter that came in is to be registered, or answered where it is from the public; None once it was
    decided about."""
    return deadline(due_of_arrival(row)) if row.state is IncomingState.NEW else None
