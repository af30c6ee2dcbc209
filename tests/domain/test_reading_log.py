"""What is unusual about a reading, and what is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.calendar import BANGKOK
from saraban.domain.reading_log import MANY_THINGS, Mark, Reading, ReadingDeed, marks_of
from saraban.domain.workdays import WorkCalendar

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=BANGKOK)
LETTER = UUID(int=9)
OURS, THEIRS = UnitId(UUID(int=1)), UnitId(UUID(int=2))
CALENDAR = WorkCalendar.of([])


def a_reading(at: datetime = MONDAY, *, central: bool = False, about: UUID | None = LETTER) -> Reading:
    """A letter opened by somebody of our unit."""
    me, agency = PersonId(UUID(int=3)), AgencyId(UUID(int=4))
    return Reading(uuid4(), agency, at, me, "พรทิพย์", "เจ้าหน้าที่", OURS, central, ReadingDeed.OPEN, about, "", "10.0.0.1")


def _marks(reading: Reading, owner: UnitId | None = OURS, others: int = 0) -> set[Mark]:
    read = [(uuid4(), reading.at - timedelta(seconds=number)) for number in range(others)]
    return set(marks_of(reading, owner=owner, others=read, calendar=CALENDAR))


def test_a_letter_of_the_own_unit_in_office_hours_is_not_unusual() -> None:
    assert _marks(a_reading()) == set()


@pytest.mark.parametrize(
    ("hour", "minute", "off"), [(8, 29, True), (8, 30, False), (12, 15, False), (16, 29, False), (16, 30, True)]
)
def test_office_hours_begin_and_end_to_the_minute(hour: int, minute: int, off: bool) -> None:
    assert (Mark.OFF_HOURS in _marks(a_reading(MONDAY.replace(hour=hour, minute=minute)))) is off


def test_saturdays_and_holidays_are_outside_office_hours() -> None:
    assert Mark.OFF_HOURS in _marks(a_reading(datetime(2026, 11, 21, 10, tzinfo=BANGKOK)))
    assert Mark.OFF_HOURS in _marks(a_reading(datetime(2026, 12, 10, 10, tzinfo=BANGKOK)))


def test_a_letter_of_another_unit_is_marked_but_not_for_the_central_clerk() -> None:
    assert _marks(a_reading(), THEIRS) == {Mark.OTHER_UNIT}
    assert _marks(a_reading(central=True), THEIRS) == set()
    assert _marks(a_reading(), None) == set()


def test_many_different_letters_in_ten_minutes_are_marked_and_the_same_one_many_times_is_not() -> None:
    reading = a_reading()
    again: list[tuple[UUID | None, datetime]] = [(reading.subject_id, MONDAY)] * 100
    long_ago: list[tuple[UUID | None, datetime]] = [(uuid4(), MONDAY - timedelta(minutes=11))] * 100

    assert Mark.MANY not in _marks(reading, others=MANY_THINGS - 2)
    assert Mark.MANY in _marks(reading, others=MANY_THINGS - 1)
    assert marks_of(reading, owner=OURS, others=[*again, *long_ago], calendar=CALENDAR) == ()
    assert Mark.MANY not in _marks(a_reading(about=None), others=MANY_THINGS)
