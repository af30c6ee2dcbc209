"""What officers write on an incoming letter, and what becomes of the tasks that it gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from saraban.domain.actor import Actor
from saraban.domain.classification import Form, Secrecy
from saraban.domain.endorsing import Deed, Endorsement, give, sheet_digest, write_on
from saraban.domain.errors import BadInput, ConcurrentEdit, StageNotAllowed
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.permissions import (
    held_task,
    may_endorse_incoming,
    may_read_incoming,
    may_take_back,
    may_tend,
)
from saraban.domain.standing_order import StandingOrder, StandingOrderId
from saraban.domain.task import Purpose, Receiver, Task, TaskState, settled
from tests.builders import NOW, TODAY, a_staffed_agency, an_incoming_letter

OURS = a_staffed_agency()
CLERK, LEGAL = OURS["central_clerk"], OURS.legal


def _letter(**more: object) -> IncomingLetter:
    values = {"state": IncomingState.REGISTERED, "register_number": 7, "register_year": 2569} | more
    return an_incoming_letter(OURS.agency, OURS.central.id, **values)


def _given(
    letter: IncomingLetter, purpose: Purpose = Purpose.ACTION, to: Receiver | None = None, by: Actor = CLERK
) -> Task:
    to = to or Receiver(LEGAL.id, LEGAL.name, LEGAL.name)
    written, _ = write_on(letter, (), deed=Deed.ENDORSED, note="", by=by, at=NOW, to=[(purpose, to)])
    task, _ = give(written, purpose, to, ordinal=1, parent=None, by=by, at=NOW)
    letter.tasks.append(task)
    return task


def _to(officer: Actor, *, cleared: bool = False) -> Receiver:
    assert officer.unit_id is not None
    return Receiver(officer.unit_id, officer.unit_name, officer.title, position_id=officer.position_id, cleared=cleared)


def test_each_endorsement_is_over_the_letter_and_over_all_that_stood_there() -> None:
    letter, chain = _letter(), []
    for note in ("เสนอ", "ทราบ"):
        written, fact = write_on(letter, chain, deed=Deed.ENDORSED, note=note, by=CLERK, at=NOW)
        assert written.seen == sheet_digest(letter, chain) == fact.seen
        chain.append(written)

    assert [one.ordinal for one in chain] == [1, 2]
    changed = [replace(chain[0], digest=sheet_digest(letter, [])), chain[1]]
    assert sheet_digest(letter, changed) != sheet_digest(letter, chain)
    assert sheet_digest(replace(letter, subject="อื่น"), chain) != sheet_digest(letter, chain)


def test_who_has_not_seen_what_others_wrote_is_told_so() -> None:
    letter = _letter()
    seen = sheet_digest(letter, [])
    first, _ = write_on(letter, [], deed=Deed.ENDORSED, note="ก", by=CLERK, at=NOW, seen=seen)

    with pytest.raises(ConcurrentEdit):
        write_on(letter, [first], deed=Deed.ENDORSED, note="ข", by=CLERK, at=NOW, seen=seen)


def test_an_action_needs_a_result_and_what_is_to_be_known_needs_no_words() -> None:
    letter = _letter()
    action, known = _given(letter), _given(letter, Purpose.INFORMATION)

    with pytest.raises(BadInput):
        action.finish(result=" ", by=OURS["clerk"], at=NOW)
    known.finish(result="", by=OURS["clerk"], at=NOW)
    assert (action.state, known.state) == (TaskState.OPEN, TaskState.DONE)
    assert not settled(letter.tasks)
    action.finish(result="ส่งข้อมูลแล้ว", by=OURS["clerk"], at=NOW)
    assert settled(letter.tasks) and action.taker_name == OURS["clerk"].name


def test_what_came_back_and_nobody_has_seen_keeps_the_matter_open() -> None:
    letter = _letter()
    task = _given(letter)
    task.give_back(reason="ไม่ใช่หน้าที่", by=OURS["clerk"], at=NOW)

    assert not settled(letter.tasks)
    letter.may_be_completed()  # the clerk may close it nevertheless: nobody works at it
    task.heard = True
    assert settled(letter.tasks)


def test_a_matter_is_not_closed_while_somebody_works_at_it() -> None:
    letter = _letter()
    _given(letter)

    with pytest.raises(StageNotAllowed, match=LEGAL.name):
        letter.may_be_completed()


_DEEDS = {
    "take": lambda task: task.take(by=OURS["clerk"], at=NOW),
    "hand over": lambda task: task.hand_over(by=OURS["clerk"], at=NOW),
    "come back": lambda task: task.come_back(),
    "finish": lambda task: task.finish(result="แล้ว", by=OURS["clerk"], at=NOW),
    "give back": lambda task: task.give_back(reason="ไม่ใช่", by=OURS["clerk"], at=NOW),
    "take back": lambda task: task.take_back(reason="", by=CLERK, at=NOW),
}


@whatever(st.lists(st.sampled_from(sorted(_DEEDS)), max_size=8))
def test_a_task_that_ended_stays_so_and_one_that_did_not_has_an_owner_and_a_way_out(deeds: list[str]) -> None:
    letter = _letter()
    task = _given(letter)
    for name in deeds:
        before = task.state
        try:
            _DEEDS[name](task)
        except StageNotAllowed as error:
            assert task.state is before and error.thai
        if before in (TaskState.DONE, TaskState.RETURNED, TaskState.TAKEN_BACK):
            assert task.state is before
    if task.state in (TaskState.TAKEN, TaskState.HANDED_OVER):
        assert task.taker_id is not None
    if task.in_hand:
        assert may_tend(OURS["clerk"], letter, task) is None
    if task.state is TaskState.HANDED_OVER:
        assert may_take_back(CLERK, letter, task) is None


def test_who_has_a_task_reads_the_letter_and_when_it_is_classified_only_the_cleared() -> None:
    director, other = OURS["director"], OURS["head"]
    for secrecy, cleared in ((Secrecy.OPEN, False), (Secrecy.SECRET, False), (Secrecy.SECRET, True)):
        letter = _letter(secrecy=secrecy)
        actor = replace(director, clearance=cleared)
        assert may_read_incoming(actor, letter) is not None
        task = _given(letter, to=_to(director))
        assert (may_read_incoming(actor, letter) is None) is (secrecy.is_open or cleared)
        assert may_read_incoming(other, letter) is not None or other.unit_id == letter.unit_id
        task.take_back(reason="", by=CLERK, at=NOW)
        assert may_read_incoming(actor, letter) is not None


def test_what_somebody_of_the_unit_took_is_that_officers_and_the_directors() -> None:
    letter = _letter()
    task = _given(letter)
    colleague = replace(OURS["clerk"], person_id=OURS["admin"].person_id)
    assert held_task(colleague, letter) is task
    task.take(by=OURS["clerk"], at=NOW)

    refusal = may_tend(colleague, letter, task)
    assert refusal is not None and OURS["clerk"].name in refusal.thai
    assert may_tend(OURS["director"], letter, task) is None
    assert held_task(colleague, letter) is None


def test_the_clerk_presents_and_who_has_work_gives_it_on_and_nobody_else_writes() -> None:
    letter = _letter()
    assert may_endorse_incoming(CLERK, letter) is None
    assert may_endorse_incoming(OURS["director"], letter) is not None
    _given(letter, to=_to(OURS["director"]))
    assert may_endorse_incoming(OURS["director"], letter) is None

    for closed in (_letter(state=IncomingState.NEW, register_number=None), _letter(completed_at=NOW)):
        refusal = may_endorse_incoming(CLERK, closed)
        assert refusal is not None and refusal.thai


def test_a_task_is_late_when_its_day_is_over_and_it_is_in_hand() -> None:
    task = _given(_letter())
    task.due = TODAY
    assert not task.overdue(TODAY)
    assert task.overdue(TODAY + timedelta(days=1))
    task.finish(result="แล้ว", by=OURS["clerk"], at=NOW)
    assert not task.overdue(TODAY + timedelta(days=1))


def _order(**more: object) -> StandingOrder:
    values: dict[str, Any] = {"words": "", "sender_code": "", "sender_name": "", "form": "", "note": ""} | more
    return StandingOrder(
        id=StandingOrderId(uuid4()),
        agency_id=OURS.agency.id,
        unit_id=LEGAL.id,
        purpose=Purpose.ACTION,
        changed_at=NOW,
        changed_by="",
        **values,
    )


@pytest.mark.parametrize(
    ("order", "letter", "covers"),
    [
        ({"words": "รายงาน ประจำปี"}, {}, True),
        ({"words": "ประชุม"}, {}, False),
        ({"sender_code": "dopa"}, {}, True),
        ({"sender_code": "moi"}, {}, False),
        ({"form": Form.EXTERNAL.value, "words": "รายงาน"}, {}, True),
        ({"form": Form.STAMPED.value}, {}, False),
        ({"sender_code": "dopa"}, {"secrecy": Secrecy.CONFIDENTIAL}, False),
        ({"sender_code": "dopa", "active": False}, {}, False),
    ],
)
def test_a_standing_order_covers_what_it_says_and_never_what_is_classified(
    order: dict[str, object], letter: dict[str, object], covers: bool
) -> None:
    assert _order(**order).covers(_letter(**letter)) is covers


def test_a_standing_order_must_say_something() -> None:
    with pytest.raises(BadInput):
        _order().expect_whole()
    _order(words="รายงาน").expect_whole()
    assert isinstance(write_on(_letter(), (), deed=Deed.KNOWN, note="", by=CLERK, at=NOW)[0], Endorsement)
