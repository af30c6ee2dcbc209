"""Work in the background: done by the worker, told to the person, and whole however often a worker dies on it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.errors import ConcurrentEdit, NotFound, NotPermitted, RuleBroken
from saraban.reading.errands import ErrandRow, one, own
from saraban.usecases.errand_results import KEPT, remove_old_results
from saraban.usecases.errands import MOST_TRIES, errand_file, order_errand, run_next_errand
from saraban.usecases.kept_files import remove_files
from saraban.usecases.ports import Doer, Made, Services, Step
from saraban.usecases.registry import Errand
from tests.builders import an_actor
from tests.usecases.house import House


class Killed(BaseException):
    """The worker is killed: nothing catches it."""


def order(house: House, kind: str = "writing", by: str = "clerk") -> UUID:
    return order_errand(house.office, actor=house.ours[by], kind=kind, title="เขียนรายการ", order={"lines": 3})


def shown(house: House, errand_id: UUID, by: str = "clerk") -> ErrandRow:
    with house.real.reading.connect() as reader:
        return one(reader, house.ours[by], errand_id)


def writes(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """Writes a file of three lines and tells about each."""
    for done in range(1, 4):
        step(done, 3)
    return Made(3, "รายการ.txt", "text/plain", office.blobs.keep("สามบรรทัด".encode()))


def run(house: House, doer: Doer = writes) -> int:
    return run_next_errand(house.office, doers={"writing": doer})


def test_an_errand_is_done_and_its_file_is_the_persons_alone(either_house: House) -> None:
    house = either_house
    errand = order(house)
    assert shown(house, errand).state == "waiting"

    assert run(house) == 1
    assert run(house) == 0

    row = shown(house, errand)
    assert (row.state, row.done, row.total, row.file_name) == ("done", 3, 3, "รายการ.txt")
    made = errand_file(house.office, actor=house.ours["clerk"], errand_id=errand)
    assert (made.data.decode(), made.media_type) == ("สามบรรทัด", "text/plain")
    for stranger in (house.ours["director"], house.theirs["clerk"]):
        with pytest.raises(NotFound):
            errand_file(house.office, actor=stranger, errand_id=errand)
        with house.real.reading.connect() as reader:
            assert own(reader, stranger).items == []
            with pytest.raises(NotFound):
                one(reader, stranger, errand)


def test_the_file_of_an_errand_is_kept_for_thirty_days_and_then_it_says_so(either_house: House) -> None:
    house = either_house
    errand = order(house)
    run(house)
    result = Digest.of("สามบรรทัด".encode())
    house.clock.pass_by(KEPT)
    assert remove_old_results(house.office) == 0 and not shown(house, errand).result_gone

    house.clock.pass_by(timedelta(seconds=1))
    assert remove_old_results(house.office) == 1
    assert remove_old_results(house.office) == 0
    row = shown(house, errand)
    assert (row.state, row.file_name, row.has_result, row.result_gone) == ("done", "รายการ.txt", False, True)
    with pytest.raises(NotFound, match="ระบบลบไฟล์นี้แล้ว"):
        errand_file(house.office, actor=house.ours["clerk"], errand_id=errand)
    assert remove_files(house.office) == 1 and not house.office.blobs.has(result)


def test_the_doer_acts_for_the_person_who_ordered(house: House) -> None:
    seen: list[tuple[Actor, dict[str, object]]] = []

    def looks(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        seen.append((actor, errand.order))
        return Made(0, words="ไม่มีอะไรให้ทำ")

    errand = order(house)
    run(house, looks)

    assert seen[0][0].person_id == house.ours["clerk"].person_id and seen[0][1] == {"lines": 3}
    assert shown(house, errand).problem == "ไม่มีอะไรให้ทำ"
    with pytest.raises(NotFound):
        errand_file(house.office, actor=house.ours["clerk"], errand_id=errand)


def test_the_oldest_is_done_first(house: House) -> None:
    first = order(house)
    house.clock.pass_by(timedelta(seconds=1))
    second = order(house)

    run(house)

    assert shown(house, first).state == "done" and shown(house, second).state == "waiting"


def test_what_the_person_can_mend_is_told_in_words_and_not_tried_again(house: House) -> None:
    def refuses(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        raise RuleBroken("ยังไม่มีทะเบียนเล่มนี้")

    errand = order(house)

    assert run(house, refuses) == 1
    assert run(house, refuses) == 0
    row = shown(house, errand)
    assert (row.state, row.problem) == ("failed", "ยังไม่มีทะเบียนเล่มนี้")
    assert row.ended_at is not None


def test_a_fault_of_ours_is_tried_three_times_after_the_lease_and_then_told(house: House) -> None:
    tries: list[int] = []

    def breaks(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        tries.append(errand.attempts)
        raise ZeroDivisionError

    errand = order(house)
    for _ in range(6):
        run(house, breaks)
        house.clock.pass_by(house.office.lease + timedelta(seconds=1))

    assert tries == [1, 2, 3] == list(range(1, MOST_TRIES + 1))
    row = shown(house, errand)
    assert row.state == "failed" and "ภายใน" in row.problem


def test_an_errand_of_a_killed_worker_is_begun_again_when_its_lease_has_ended(either_house: House) -> None:
    house = either_house

    def dies(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        step(2, 3)
        raise Killed

    errand = order(house)
    with pytest.raises(Killed):
        run(house, dies)
    row = shown(house, errand)
    assert (row.state, row.done, row.total) == ("running", 2, 3)
    assert run(house) == 0

    house.clock.pass_by(house.office.lease + timedelta(seconds=1))

    assert run(house) == 1
    assert shown(house, errand).state == "done"


def test_an_errand_that_kills_every_worker_ends_with_words(house: House) -> None:
    def dies(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        raise Killed

    errand = order(house)
    for _ in range(MOST_TRIES):
        with pytest.raises(Killed):
            run(house, dies)
        house.clock.pass_by(house.office.lease + timedelta(seconds=1))

    assert run(house, dies) == 1
    row = shown(house, errand)
    assert row.state == "failed" and "หลายครั้ง" in row.problem


def test_telling_how_far_it_is_keeps_the_lease(house: House) -> None:
    between: list[int] = []

    def is_slow(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        for done in range(1, 5):
            house.clock.pass_by(house.office.lease * 0.7)
            step(done, 4)
            between.append(run_next_errand(house.office, doers={"writing": writes}))
        return Made(4)

    errand = order(house)
    run(house, is_slow)

    assert between == [0, 0, 0, 0]
    assert shown(house, errand).done == 4


def test_a_worker_that_was_silent_for_too_long_has_no_say_any_more(either_house: House) -> None:
    house = either_house
    told: list[str] = []

    def sleeps(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        house.clock.pass_by(office.lease + timedelta(seconds=1))
        assert run(house) == 1
        house.clock.pass_by(timedelta(seconds=1))
        with pytest.raises(ConcurrentEdit):
            step(1, 3)
        told.append("too late")
        return Made(1, "ของเก่า.txt", "text/plain", office.blobs.keep(b"old"))

    errand = order(house)
    run(house, sleeps)

    assert told == ["too late"]
    row = shown(house, errand)
    assert (row.state, row.done, row.file_name) == ("done", 3, "รายการ.txt")


def test_progress_is_written_at_most_twice_a_second(house: House) -> None:
    written: list[int] = []

    def looks(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        for done in range(1, 11):
            step(done, 100)
            written.append(shown(house, errand.id).done)
        house.clock.pass_by(timedelta(seconds=1))
        step(11, 100)
        written.append(shown(house, errand.id).done)
        return Made(100)

    order(house)
    run(house, looks)

    assert written == [1] * 10 + [11]


def test_only_a_person_orders_work(house: House) -> None:
    with pytest.raises(NotPermitted):
        order_errand(
            house.office, actor=an_actor(of=house.ours.agency, person_id=None), kind="writing", title="", order={}
        )


def test_an_errand_that_does_not_exist_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        errand_file(house.office, actor=house.ours["clerk"], errand_id=uuid4())
