"""Deadlines are told in the morning of working days: near, today, late, and to the next higher officer once."""

from __future__ import annotations

from datetime import datetime

from saraban.domain.calendar import BANGKOK
from saraban.domain.classification import Urgency
from saraban.reading import notices as rows
from saraban.usecases.pressing import press_deadlines
from saraban.usecases.routing import submit_letter
from tests.usecases.house import House


def told(house: House, who: str) -> list[str]:
    """What a person of ours is told about deadlines, the oldest first."""
    with house.real.reading.connect() as reader:
        page = rows.listed(reader, house.ours[who])
    return [row.kind.value for row in reversed(page.items) if row.kind.value != "step"]


def at(house: House, text: str) -> int:
    """Let it be that moment in the office, and let the job run until it finds nothing to do."""
    moment = datetime.fromisoformat(text).replace(tzinfo=BANGKOK)
    house.clock.move_to(moment)
    done = 0
    while count := press_deadlines(house.office):
        done += count
    return done


def test_an_officer_hears_each_stage_once_and_the_next_higher_once(either_house: House) -> None:
    at(either_house, "2026-11-26 07:00")
    letter_id = either_house.draft(urgency=Urgency.URGENT)
    submit_letter(either_house.office, actor=either_house.ours["clerk"], letter_id=letter_id)

    assert at(either_house, "2026-11-27 07:29") == 0
    assert at(either_house, "2026-11-27 08:00") == 2 and told(either_house, "director") == []
    assert at(either_house, "2026-11-27 09:00") == 0
    at(either_house, "2026-11-30 08:00")
    assert told(either_house, "director") == ["near"]
    for day in ("2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-08"):
        at(either_house, f"{day} 08:00")

    assert told(either_house, "director") == ["near", "today", "late"]
    assert told(either_house, "head") == ["escalated"]


def test_nothing_is_told_on_holidays(house: House) -> None:
    at(house, "2026-12-03 10:00")
    letter_id = house.draft(urgency=Urgency.MOST_URGENT)
    submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert at(house, "2026-12-05 08:00") == at(house, "2026-12-07 08:00") == 0
    assert told(house, "director") == []
    assert at(house, "2026-12-08 08:00") == 2 and told(house, "director") == ["late"]


def test_what_moved_on_is_no_longer_pressed(house: House) -> None:
    letter_id = house.before_the_head(urgency=Urgency.MOST_URGENT)
    at(house, "2026-12-01 08:00")

    assert letter_id is not None
    assert told(house, "director") == [] and told(house, "head") == ["late"]
