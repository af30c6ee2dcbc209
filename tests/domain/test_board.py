"""Office hours between two moments, and who sees whose figures."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId, PositionRole, UnitId
from saraban.domain.board import Asked, BoardScope, OfficeHours, middle
from saraban.domain.calendar import BANGKOK
from saraban.domain.permissions import may_see_board
from saraban.domain.workdays import WorkCalendar

OWN, OTHER = UnitId(uuid4()), UnitId(uuid4())


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("2026-11-23 09:00", "2026-11-23 10:30", 90),
        ("2026-11-23 11:30", "2026-11-23 13:30", 60),  # over noon
        ("2026-11-20 16:00", "2026-11-23 09:00", 60),  # over a weekend
        ("2026-12-04 16:30", "2026-12-08 08:30", 0),  # over Father's Day, moved to the Monday
        ("2026-11-23 20:00", "2026-11-23 21:00", 0),
        ("2026-11-21 10:00", "2026-11-24 08:45", 435),  # from a Saturday, over a whole Monday
        ("2026-11-23 10:00", "2026-11-23 09:00", 0),
        ("2026-11-24 10:00", "2026-11-23 09:00", 0),
    ],
)
def test_only_office_hours_are_counted(since: str, until: str, minutes: int) -> None:
    begin, end = (datetime.fromisoformat(text).replace(tzinfo=BANGKOK) for text in (since, until))

    assert OfficeHours(WorkCalendar()).minutes(begin, end) == minutes


def test_the_middle_of_nothing_is_unknown() -> None:
    assert (middle([]), middle([10, 30]), middle([1, 90, 5])) == (None, 20, 5)


def test_figures_are_seen_by_oneself_ones_director_and_the_head() -> None:
    def seen(role: PositionRole) -> set[str]:
        who = Actor(AgencyId(uuid4()), "ก", PersonId(uuid4()), PositionId(uuid4()), OWN, role=role)
        boards = {
            "me": Asked(BoardScope.ME),
            "own": Asked(BoardScope.UNIT, OWN),
            "other": Asked(BoardScope.UNIT, OTHER),
            "agency": Asked(BoardScope.AGENCY),
        }
        return {name for name, asked in boards.items() if may_see_board(who, asked) is None}

    assert seen(PositionRole.CLERK) == {"me"}
    assert seen(PositionRole.DIRECTOR) == {"me", "own"}
    assert seen(PositionRole.HEAD) == {"me", "own", "other", "agency"}
    assert seen(PositionRole.RECORDS) == seen(PositionRole.ADMIN) == {"me", "agency"}
    assert may_see_board(Actor.gateway(AgencyId(uuid4())), Asked(BoardScope.ME)) is not None
