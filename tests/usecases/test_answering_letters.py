"""A letter is answered: the draft names it, and when the answer goes out the work is done and the matter closed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saraban.domain.content import Reference
from saraban.domain.endorsing import Deed
from saraban.domain.errors import NotFound
from saraban.domain.task import TaskState
from saraban.usecases import dispatching, drafting, routing
from tests.builders import CONTENT
from tests.usecases.house import House
from tests.usecases.test_assigning import give, read, registered, unit


def test_the_answer_closes_the_work_for_which_it_was_written(house: House) -> None:
    incoming_id = registered(house)
    give(house, incoming_id, action=[unit(house)])
    clerk = house.ours["clerk"]
    content = replace(CONTENT, references=(Reference("มท 0301/77", None, "กรมการปกครอง"),))
    letter_id = drafting.start_letter(house.office, actor=clerk, content=content, answers=incoming_id)
    (task,) = read(house, incoming_id)[0].tasks
    assert (task.state, task.reply_id, task.taker_name) == (TaskState.TAKEN, letter_id, clerk.name)

    routing.submit_letter(house.office, actor=clerk, letter_id=letter_id)
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=letter_id)
    house.sign(letter_id)
    assert read(house, incoming_id)[0].completed_at is None
    dispatching.dispatch_letter(house.office, actor=clerk, letter_id=letter_id)

    letter, written = read(house, incoming_id)
    assert letter.tasks[0].state is TaskState.DONE and letter.completed_by == clerk.name
    assert written[-1].deed is Deed.RESULT and "ตอบแล้วตามหนังสือ" in written[-1].note
    assert [one["values"]["reply_id"] for one in house.told("incoming.reply-sent")] == [str(letter_id)]


def test_nobody_answers_what_he_may_not_read(house: House) -> None:
    incoming_id = registered(house)
    with pytest.raises(NotFound):
        drafting.start_letter(house.office, actor=house.ours["clerk"], content=CONTENT, answers=incoming_id)

    assert house.journal().count("letter.drafted") == 0
