"""The walk of a registered letter: presented, given on, taken, answered for, returned, taken back, closed."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from saraban.domain.agency import AgencyOptions
from saraban.domain.classification import Secrecy
from saraban.domain.endorsing import Deed, Endorsement, sheet_digest
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, SarabanError
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.receipt import Step
from saraban.domain.task import Purpose, Task, TaskState
from saraban.storage.tables.exchange import statements
from saraban.usecases.assigning import endorse_incoming, take_back_task
from saraban.usecases.bookkeeping import set_options
from saraban.usecases.registering import register_letter
from saraban.usecases.tending import finish_task, return_task, take_task
from tests.builders import TODAY
from tests.usecases.house import House


def registered(house: House, **more: object) -> IncomingId:
    """A letter that has its receiving number."""
    letter = house.incoming(**more)
    register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id)
    return letter.id


def read(house: House, incoming_id: IncomingId) -> tuple[IncomingLetter, list[Endorsement]]:
    """The letter with its tasks, and what stands on it."""
    with house.office.uow() as uow:
        letter = uow.incoming.get(house.ours.agency.id, incoming_id)
        return letter, list(uow.tasks.written(letter.agency_id, incoming_id))


def unit(house: House) -> str:
    """The word for the legal unit."""
    return f"unit:{house.ours.legal.id}"


def post(house: House, name: str) -> str:
    """The word for an officer's position."""
    return f"position:{house.ours[name].position_id}"


def give(house: House, incoming_id: IncomingId, by: str = "central_clerk", **more: Any) -> None:
    """Endorse as this officer."""
    endorse_incoming(house.office, actor=house.ours[by], incoming_id=incoming_id, **more)


def _task(house: House, incoming_id: IncomingId, to_name: str) -> Task:
    return next(one for one in read(house, incoming_id)[0].tasks if one.to_name == to_name)


def test_a_letter_walks_from_the_clerk_to_the_head_to_the_unit_and_its_matter_closes(house: House) -> None:
    admin = house.ours["admin"]
    set_options(house.office, actor=admin, options=AgencyOptions(tell_completed=True))
    incoming_id = registered(house)
    give(house, incoming_id, action=[post(house, "head")], note="เพื่อโปรดพิจารณา")
    give(house, incoming_id, by="head", action=[unit(house)], information=[post(house, "director")], note="มอบ กม.")
    letter, written = read(house, incoming_id)

    assert [(one.deed, one.title, one.note) for one in written] == [
        (Deed.ENDORSED, house.ours["central_clerk"].title, "เพื่อโปรดพิจารณา"),
        (Deed.ENDORSED, house.ours["head"].title, "มอบ กม."),
    ]
    assert written[1].seen == sheet_digest(letter, written[:1])
    assert [(one.to_name, one.purpose, one.state) for one in letter.tasks] == [
        (house.ours["head"].title, Purpose.ACTION, TaskState.HANDED_OVER),
        (house.ours.legal.name, Purpose.ACTION, TaskState.OPEN),
        (house.ours["director"].title, Purpose.INFORMATION, TaskState.OPEN),
    ]
    task = _task(house, incoming_id, house.ours.legal.name)
    clerk = house.ours["clerk"]
    take_task(house.office, actor=clerk, incoming_id=incoming_id, task_id=task.id)
    closed = finish_task(house.office, actor=clerk, incoming_id=incoming_id, task_id=task.id, result="ส่งข้อมูลแล้ว")

    letter, written = read(house, incoming_id)
    assert closed and letter.completed_by == clerk.name
    assert written[-1].deed is Deed.RESULT and written[-1].note == "ส่งข้อมูลแล้ว"
    assert [row.step for row in house.rows(statements)] == [Step.REGISTERED, Step.COMPLETED]
    [director] = house.told("incoming.endorsed")[1:2]
    assert director["values"]["seen"] == written[1].seen.hex and director["values"]["digest"] == written[1].digest.hex


def test_who_asks_for_an_opinion_keeps_the_work_and_who_returns_gives_it_back(house: House) -> None:
    incoming_id = registered(house)
    give(house, incoming_id, action=[post(house, "head")])
    give(house, incoming_id, by="head", opinion=[post(house, "director")])
    head, asked = (_task(house, incoming_id, house.ours[name].title) for name in ("head", "director"))
    assert (head.state, asked.parent_id) == (TaskState.TAKEN, head.id)
    director = house.ours["director"]
    finish_task(house.office, actor=director, incoming_id=incoming_id, task_id=asked.id, result="เห็นควร")

    give(house, incoming_id, by="head", action=[unit(house)])
    work = _task(house, incoming_id, house.ours.legal.name)
    with pytest.raises(BadInput):
        return_task(house.office, actor=house.ours["clerk"], incoming_id=incoming_id, task_id=work.id, reason=" ")
    return_task(house.office, actor=house.ours["clerk"], incoming_id=incoming_id, task_id=work.id, reason="ไม่ใช่หน้าที่")
    head = _task(house, incoming_id, house.ours["head"].title)
    assert head.state is TaskState.TAKEN
    assert read(house, incoming_id)[1][-1].deed is Deed.RETURNED
    assert read(house, incoming_id)[0].completed_at is None


def test_what_was_given_is_taken_back_with_all_that_came_of_it(house: House) -> None:
    incoming_id = registered(house)
    give(house, incoming_id, action=[post(house, "director")])
    give(house, incoming_id, by="director", action=[unit(house)])
    first = _task(house, incoming_id, house.ours["director"].title)
    with pytest.raises(NotPermitted):
        take_back_task(house.office, actor=house.ours["clerk"], incoming_id=incoming_id, task_id=first.id)

    take_back_task(
        house.office, actor=house.ours["central_clerk"], incoming_id=incoming_id, task_id=first.id, reason="ส่งผิด"
    )
    states = {one.state for one in read(house, incoming_id)[0].tasks}
    assert states == {TaskState.TAKEN_BACK}
    with pytest.raises(NotFound):
        take_task(house.office, actor=house.ours["director"], incoming_id=incoming_id, task_id=first.id)


def test_an_endorsement_says_what_is_wrong_and_writes_nothing(house: House) -> None:
    incoming_id = registered(house)
    wrong = [
        ({}, "action"),
        ({"action": ["unit:nobody"]}, "action"),
        ({"action": [f"unit:{house.theirs.legal.id}"]}, "action"),
        ({"action": [unit(house)], "information": [unit(house)]}, "information"),
        ({"action": [unit(house)], "due": TODAY - timedelta(days=1)}, "due"),
        ({"action": [unit(house)], "note": "ก" * 2001}, "note"),
        ({"opinion": [post(house, "central_clerk")]}, "opinion"),
    ]
    for asked, field in wrong:
        with pytest.raises(BadInput) as caught:
            give(house, incoming_id, **asked)
        assert list(caught.value.fields) == [field]

    assert read(house, incoming_id)[1] == []
    with pytest.raises(NotPermitted):
        give(house, house.incoming().id, action=[unit(house)])
    with pytest.raises(NotFound):
        endorse_incoming(house.office, actor=house.theirs["central_clerk"], incoming_id=incoming_id, action=["x"])


def test_a_classified_letter_goes_to_the_cleared_alone(house: House) -> None:
    incoming_id = registered(house, secrecy=Secrecy.CONFIDENTIAL)
    for word in (unit(house), post(house, "director")):
        with pytest.raises(BadInput) as caught:
            give(house, incoming_id, action=[word])
        assert "ชั้นความลับ" in caught.value.fields["action"]

    assert read(house, incoming_id)[0].tasks == []
    give(house, incoming_id, action=[f"unit:{house.ours.central.id}"])
    assert [one.to_name for one in read(house, incoming_id)[0].tasks] == [house.ours.central.name]


def test_of_two_who_write_at_once_one_reads_again(house: House) -> None:
    incoming_id = registered(house)
    letter, written = read(house, incoming_id)
    seen, told = sheet_digest(letter, written), []

    def press() -> None:
        try:
            give(house, incoming_id, action=[unit(house)], seen=seen)
            told.append("written")
        except ConcurrentEdit:
            told.append("again")
        except SarabanError as error:  # pragma: no cover - tells what went wrong
            told.append(error.code)

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(told) == ["again", "written"]
    assert len(read(house, incoming_id)[1]) == len(read(house, incoming_id)[0].tasks) == 1
