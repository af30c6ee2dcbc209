"""What people are told beside their turns: work of a unit, for one who is away, batches, answers; and what of it goes
away by itself once it is dealt with."""

from __future__ import annotations

from saraban.domain.capacity import Capacity, Limits
from saraban.domain.classification import Form, Secrecy
from saraban.reading import notices as rows
from saraban.usecases import routing, standing, viewing
from saraban.usecases.tending import finish_task, take_task
from tests.usecases.house import House
from tests.usecases.test_assigning import give, post, read, registered, unit
from tests.usecases.test_batching import on_the_desk, prepared, sign
from tests.usecases.test_delegating import entered
from tests.usecases.test_noticing import submitted


def unread(house: House, who: str) -> list[str]:
    """The kinds of what a person of ours has not read, the oldest first."""
    with house.real.reading.connect() as reader:
        page = rows.listed(reader, house.ours[who], unread=True)
    return [row.kind.value for row in reversed(page.items)]


def test_all_who_work_in_a_unit_hear_of_its_work_until_one_takes_it(house: House) -> None:
    incoming_id = registered(house)
    give(house, incoming_id, action=[unit(house)])
    before = unread(house, "clerk"), unread(house, "director"), unread(house, "head")
    (task,) = read(house, incoming_id)[0].tasks
    take_task(house.office, actor=house.ours["clerk"], incoming_id=incoming_id, task_id=task.id)
    taken = unread(house, "clerk"), unread(house, "director")
    finish_task(
        house.office, actor=house.ours["clerk"], incoming_id=incoming_id, task_id=task.id, result="ตอบแล้ว", seen=None
    )

    assert before == (["task"], ["task"], [])
    assert taken == (["task"], [])
    assert unread(house, "clerk") == []


def test_of_a_classified_letter_only_the_cleared_of_the_unit_hear(house: House) -> None:
    centre = f"unit:{house.ours.central.id}"
    give(house, registered(house, secrecy=Secrecy.SECRET), action=[centre])
    classified = unread(house, "head")
    give(house, registered(house), action=[centre])

    assert classified == [] and unread(house, "head") == ["task"]


def test_a_standing_order_that_hits_says_so(house: House) -> None:
    clerk = house.ours["central_clerk"]
    standing.keep_order(house.office, actor=clerk, unit_id=house.ours.legal.id, words="รายงาน", note="")
    registered(house)

    assert unread(house, "director") == ["order"]


def test_who_acts_for_one_who_is_away_hears_what_comes_as_far_as_the_order_reaches(house: House) -> None:
    entered(house, limits=Limits(forms=(Form.ORDER,)), capacity=Capacity.DEPUTY)
    letter_id = submitted(house)
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=letter_id)
    beyond = unread(house, "records")
    give(house, registered(house), action=[post(house, "head")])

    assert sorted(unread(house, "head")) == ["step", "task"]
    assert beyond == [] and unread(house, "records") == ["task"]


def test_that_a_letter_waits_is_over_when_it_was_passed_on_or_opened(house: House) -> None:
    first, second = submitted(house), submitted(house)
    assert unread(house, "director") == ["step", "step"]
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=first)
    assert unread(house, "director") == ["step"] and unread(house, "head") == ["step"]
    viewing.open_letter(house.office, actor=house.ours["director"], letter_id=second)

    assert unread(house, "director") == []


def test_who_began_a_batch_hears_that_it_has_come_to_its_end(house: House) -> None:
    batch_id = prepared(house, on_the_desk(house, 2))
    sign(house, batch_id)
    with house.real.reading.connect() as reader:
        told = [row for row in rows.listed(reader, house.ours["head"]).items if row.kind.value == "batch"]

    assert [(row.about_id, row.told["done"], row.told["left"]) for row in told] == [(batch_id, 2, 0)]
    assert told[0].subject == "ลงนามเป็นชุด" and unread(house, "head") == ["batch"]
