"""Deadlines are told in the morning of working days: near, today, late, and to the next higher officer once."""

from __future__ import annotations

from datetime import date, datetime

from saraban.domain.calendar import BANGKOK
from saraban.domain.classification import Urgency
from saraban.domain.notice import About, NoticeKind
from saraban.reading import notices as rows
from saraban.usecases import transferring
from saraban.usecases.pressing import press_deadlines
from saraban.usecases.routing import submit_letter
from saraban.usecases.transferring import draw_twenty_years
from tests.usecases.archive import paper, proposed, stored
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


def test_the_archive_hears_of_lists_of_twenty_years_and_of_the_survey_before_and_after_their_days(
    either_house: House,
) -> None:
    house = either_house
    stored(house, paper(house, "ครบยี่สิบปี", letter_date=date(2007, 5, 1)), class_code="history")
    stored(house, paper(house, "ครบอายุ"))
    at(house, "2028-01-05 06:00")
    assert draw_twenty_years(house.office) == 1
    with house.real.reading.connect() as reader:
        [drawn] = rows.listed(reader, house.ours["records"]).items
    assert (drawn.kind, drawn.about, drawn.subject) == (
        *(NoticeKind.HANDOVER, About.HANDOVER),
        "บัญชีส่งมอบหนังสือครบ ๒๐ ปี ๑/๒๕๗๐",
    )
    for day in ("01-05", "01-18", "01-31", "02-01", "02-03", "02-22", "02-29", "03-01", "03-06"):
        at(house, f"2028-{day} 08:00")

    handover, survey = (["near", "today", "late"] for _ in range(2))
    assert told(house, "records") == ["handover", "survey", *handover, *survey]
    assert told(house, "head") == ["escalated", "escalated"] and told(house, "clerk") == []
    list_id = proposed(house, 2570)
    transferring.hand_over(
        house.office, actor=house.ours["records"], list_id=drawn.about_id, on=date(2028, 3, 6), number="๑", receiver=""
    )
    with house.real.reading.connect() as reader:
        unread = [one for who in ("records", "head") for one in rows.listed(reader, house.ours[who], unread=True).items]
    assert {one.about_id for one in unread} == {list_id}


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
