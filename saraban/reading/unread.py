"""What a person has not read: nothing seen of it since it changed, and the list not held for read since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_

from saraban.domain.actor import Actor
from saraban.storage.tables.circulation import read_marks, sightings

LETTERS, INCOMING, TASKS, DESK = "letters", "incoming", "tasks", "desk"
LISTS = (LETTERS, INCOMING, TASKS, DESK)
"""The lists that a person can hold for read as a whole."""


def unread(
    actor: Actor, name: str, about_id: ColumnElement[Any], *moments: ColumnElement[datetime]
) -> ColumnElement[bool]:
    """The condition that the actor has not seen the thing with this id since the last of these moments (those that
    are NULL do not count), and has not marked the list of this name as read since."""
    if actor.person_id is None:
        return false()
    seen = (
        exists()
        .where(
            sightings.c.person_id == actor.person_id,
            sightings.c.about_id == about_id,
            *(_since(sightings.c.at, moment) for moment in moments),
        )
        .correlate_except(sightings)
    )
    marked = (
        exists()
        .where(
            read_marks.c.person_id == actor.person_id,
            read_marks.c.list == name,
            *(_since(read_marks.c.at, moment) for moment in moments),
        )
        .correlate_except(read_marks)
    )
    return and_(not_(seen), not_(marked))


def _since(at: ColumnElement[datetime], moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    return or_(moment.is_(None), at >= moment)
