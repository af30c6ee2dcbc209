"""Batches of the desk: signed once each, in the order of the list, whatever is killed on the way."""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.process import BaseProcess
from uuid import uuid4

import pytest

from saraban.bootstrap import build
from saraban.domain.batch import Batch, BatchDeed, BatchId, BatchState, LineState
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, RuleBroken, WrongPassphrase
from saraban.domain.letter import Letter, LetterId, LetterState
from saraban.domain.register import EntryState
from saraban.domain.route import RouteStep, StepKind, StepState
from saraban.storage.tables.registers import entries
from saraban.usecases import batching, drafting, routing, signing
from saraban.usecases.batching import CHANGED, Wanted
from saraban.usecases.ports import Services
from tests.builders import CONTENT
from tests.usecases.house import PASSPHRASE, House

Rounds = Callable[[int, int], int]


def on_the_desk(house: House, count: int, role: str = "head") -> list[Wanted]:
    """Letters that wait for the head's signature, or for the director's endorsement."""
    clerk, at = house.ours["clerk"], house.clock.now()
    assert clerk.person_id is not None and clerk.unit_id is not None
    made = []
    with house.office.uow() as uow:
        for number in range(count):
            letter = Letter(
                id=LetterId(uuid4()),
                agency_id=house.ours.agency.id,
                unit_id=clerk.unit_id,
                drafter_id=clerk.person_id,
                drafter_name=clerk.name,
                content=replace(CONTENT, subject=f"เรื่องที่ {number + 1}"),
                created_at=at,
                updated_at=at,
                state=LetterState.ENDORSED if role == "head" else LetterState.SUBMITTED,
                route=[_step(house, 1, StepKind.ENDORSE, "director"), _step(house, 2, StepKind.SIGN, "head")],
            )
            if role == "head":
                letter.route[0].state = StepState.DONE
            uow.letters.add(letter)
            uow.letters.save(letter)
            made.append(Wanted(letter.id, letter.version))
        uow.commit()
    return made


def _step(house: House, ordinal: int, kind: StepKind, role: str) -> RouteStep:
    officer = house.ours[role]
    assert officer.position_id is not None
    return RouteStep(ordinal, kind, officer.position_id, officer.title, officer.unit_name)


def at_once(work: Callable[[], None]) -> None:
    """Goes through the batch before the call returns."""
    work()


def prepared(house: House, wanted: list[Wanted], role: str = "head") -> BatchId:
    """A batch of these letters."""
    deed = BatchDeed.SIGN if role == "head" else BatchDeed.ENDORSE
    return batching.prepare_batch(house.office, actor=house.ours[role], deed=deed, wanted=wanted)


def sign(house: House, batch_id: BatchId, passphrase: str = PASSPHRASE, office: Services | None = None) -> None:
    """Sign what remains, as the head."""
    batching.sign_batch(
        office or house.office,
        actor=house.ours["head"],
        batch_id=batch_id,
        passphrase=passphrase,
        sign=signing.sign_with,
        spawn=at_once,
    )


def batch_of(house: House, batch_id: BatchId) -> Batch:
    """The batch as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.batches.get(house.ours.agency.id, batch_id)


def test_a_batch_is_signed_in_its_order_with_one_passphrase(house: House) -> None:
    wanted = on_the_desk(house, 3)
    wanted.reverse()
    batch_id = prepared(house, [*wanted, wanted[0]])
    sign(house, batch_id)

    batch = batch_of(house, batch_id)
    assert batch.state is BatchState.ENDED
    assert [(line.letter_id, line.state, line.number) for line in batch.lines] == [
        (one.letter_id, LineState.DONE, f"ทส 1002/{n}") for n, one in enumerate(wanted, 1)
    ]
    assert house.letter(wanted[0].letter_id).state is LetterState.ISSUED
    assert house.told("desk.batch-begun")[0]["values"]["letters"] == 3
    with pytest.raises(RuleBroken):
        sign(house, batch_id)


def test_what_changed_since_it_was_listed_is_told_and_left(house: House) -> None:
    early, late, last = on_the_desk(house, 3)
    _through_the_drafter(house, early.letter_id)
    batch_id = prepared(house, [early, late, last])
    assert [line.why for line in batch_of(house, batch_id).lines] == [CHANGED, "", ""]

    _through_the_drafter(house, late.letter_id)
    sign(house, batch_id)

    assert [(line.state, line.why, line.number) for line in batch_of(house, batch_id).lines] == [
        (LineState.LEFT, CHANGED, ""),
        (LineState.LEFT, CHANGED, ""),
        (LineState.DONE, "", "ทส 1002/1"),
    ]
    assert house.letter(late.letter_id).state is LetterState.ENDORSED


def _through_the_drafter(house: House, letter_id: LetterId) -> None:
    """Sent back, changed and submitted again."""
    ours = house.ours
    routing.return_letter(house.office, actor=ours["head"], letter_id=letter_id, reason="แก้")
    content = replace(house.letter(letter_id).content, subject="แก้แล้ว")
    drafting.revise_letter(house.office, actor=ours["clerk"], letter_id=letter_id, content=content)
    routing.submit_letter(house.office, actor=ours["clerk"], letter_id=letter_id)
    routing.endorse_letter(house.office, actor=ours["director"], letter_id=letter_id)


def test_a_wrong_passphrase_begins_nothing_and_nobody_else_goes_through_it(house: House) -> None:
    batch_id = prepared(house, on_the_desk(house, 1))
    with pytest.raises(WrongPassphrase):
        sign(house, batch_id, "ผิด")
    assert batch_of(house, batch_id).state is BatchState.PREPARED and house.rows(entries) == []

    for actor, refusal in ((house.ours["director"], NotPermitted), (house.theirs["head"], NotFound)):
        with pytest.raises(refusal):
            batching.sign_batch(
                house.office, actor=actor, batch_id=batch_id, passphrase="", sign=signing.sign_with, spawn=at_once
            )


def test_a_batch_has_letters_but_no_more_than_two_hundred(house: House) -> None:
    with pytest.raises(BadInput):
        prepared(house, [])
    with pytest.raises(BadInput):
        prepared(house, on_the_desk(house, 201))
    kept, left = on_the_desk(house, 2)
    batch_id = prepared(house, [kept, left])
    batching.take_out(house.office, actor=house.ours["head"], batch_id=batch_id, letter_ids=[left.letter_id])
    assert [line.letter_id for line in batch_of(house, batch_id).lines] == [kept.letter_id]


def test_a_batch_is_stopped_after_the_letter_in_hand_and_goes_on_later(house: House) -> None:
    batch_id, head = prepared(house, on_the_desk(house, 3)), house.ours["head"]

    def and_stop(*args: object, **more: object) -> object:
        signed = signing.sign_with(*args, **more)  # type: ignore[arg-type]
        batching.stop_batch(house.office, actor=head, batch_id=batch_id)
        return signed

    batching.sign_batch(
        house.office, actor=head, batch_id=batch_id, passphrase=PASSPHRASE, sign=and_stop, spawn=at_once
    )
    batch = batch_of(house, batch_id)
    assert (batch.state, len(batch.remaining)) == (BatchState.STOPPED, 2)

    sign(house, batch_id)
    assert [line.number for line in batch_of(house, batch_id).lines] == [f"ทส 1002/{n}" for n in (1, 2, 3)]


def test_letters_are_endorsed_as_a_batch_with_the_same_words(house: House) -> None:
    wanted = on_the_desk(house, 3, "director")
    batch_id = prepared(house, wanted, "director")
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=wanted[1].letter_id)
    batching.endorse_batch(
        house.office,
        actor=house.ours["director"],
        batch_id=batch_id,
        note="เห็นควรลงนาม",
        endorse=routing.endorse_letter,
        spawn=at_once,
    )

    states = [line.state for line in batch_of(house, batch_id).lines]
    assert states == [LineState.DONE, LineState.LEFT, LineState.DONE]
    assert [house.letter(wanted[0].letter_id).endorsements[-1].note] == ["เห็นควรลงนาม"]


def test_a_batch_whose_process_is_killed_signs_each_letter_once_and_in_order(
    either_house: House, rounds: Rounds
) -> None:
    house, count, kills = either_house, rounds(12, 200), rounds(2, 10)
    wanted = on_the_desk(house, count)
    batch_id = prepared(house, wanted)
    for kill in range(kills + 1):
        process = multiprocessing.get_context("fork").Process(target=_sign_apart, args=(house, batch_id))
        process.start()
        if kill < kills:
            _wait_for(house, batch_id, random.randint(count * kill // kills, count * (kill + 1) // kills - 1), process)
            time.sleep(random.uniform(0, 0.08))
            process.kill()
        process.join(500)
        if batch_of(house, batch_id).state is BatchState.RUNNING:
            with pytest.raises(ConcurrentEdit):
                sign(house, batch_id)
        house.clock.pass_by(house.office.lease)

    batch = batch_of(house, batch_id)
    assert [(line.state, line.why) for line in batch.lines] == [(LineState.DONE, "")] * count
    assert [line.number for line in batch.lines] == [f"ทส 1002/{n}" for n in range(1, count + 1)]
    letters = [house.letter(one.letter_id) for one in wanted]
    assert [letter.number for letter in letters] == [line.number for line in batch.lines]
    assert {letter.state for letter in letters} == {LetterState.ISSUED}
    lines = house.rows(entries)
    assert sorted((row.serial, row.state) for row in lines) == [(n, EntryState.USED) for n in range(1, count + 1)]
    for letter in letters:
        assert letter.issued_file is not None
        assert house.office.blobs.open(letter.issued_file.sha256).count(b"/ByteRange") == 1
        assert [one.deed for one in letter.endorsements] == ["ลงนาม"]


def _sign_apart(house: House, batch_id: BatchId) -> None:
    """In a process of its own, with connections of its own."""
    office = build(house.real.settings, clock=house.clock).services
    with contextlib.suppress(RuleBroken):  # a kill that came too late has left nothing to do
        sign(house, batch_id, office=replace(office, renderer=house.office.renderer))


def _wait_for(house: House, batch_id: BatchId, done: int, process: BaseProcess) -> None:
    """Wait until so many letters are done."""
    until = time.monotonic() + 300
    while process.is_alive() and time.monotonic() < until:
        if sum(line.state is LineState.DONE for line in batch_of(house, batch_id).lines) >= done:
            return
        time.sleep(0.02)
