"""A letter that its sender wants back: stopped before it left, given back before it was registered, and after that as
a clerk decides; with one end at both agencies in whatever order request and registration come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saraban.domain.dispatch import Dispatch, DispatchState
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.reading.notices import listed
from saraban.storage.tables.letters import recalls
from saraban.usecases.recalling import AskedBack, answer_recall, ask_back
from saraban.usecases.registering import refuse_letter, register_letter
from tests.journeys.post_office import letters, receipts
from tests.journeys.world import A, B, World

WHY = "ส่งผิดฉบับ ขอแก้ไขใหม่"


def asks(world: World, dispatch: Dispatch, reason: str = WHY) -> AskedBack:
    """The sender's clerk presses the button."""
    return ask_back(world.services, actor=world.actor(world.a, "clerk"), dispatches=[dispatch.id], reason=reason)


def registers(world: World) -> IncomingLetter:
    """The receiver's clerk registers what waits."""
    (letter,) = world.incoming(world.b, IncomingState.NEW)
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id)
    return letter


def answers(world: World, letter: IncomingLetter, consent: bool, reason: str = "") -> None:
    """The receiver's clerk answers."""
    actor = world.actor(world.b, "clerk")
    answer_recall(world.services, actor=actor, incoming_id=letter.id, consent=consent, reason=reason)


def _unread(world: World) -> list[str]:
    """What the receiver's clerk has not read."""
    with world.office.reading.connect() as reader:
        return [row.kind.value for row in listed(reader, world.actor(world.b, "clerk"), unread=True).items]


def test_what_has_not_left_is_stopped_and_nobody_hears_of_it(world: World) -> None:
    dispatch = world.queued()

    assert asks(world, dispatch) == AskedBack(stopped=1, asked=0)

    world.settle()
    after = world.dispatch(dispatch)
    assert (after.state, after.stopped_at) == (DispatchState.RECALLED, world.clock.now())
    assert world.post.lying(B) == [] and world.incoming(world.b) == []
    assert world.receipts_given(world.a) == []
    assert "dispatch.stopped" in world.events(dispatch.letter_id)
    with pytest.raises(StageNotAllowed, match="เรียกคืนแล้ว"):
        asks(world, dispatch)


def test_before_it_is_registered_the_receivers_gateway_gives_it_back_by_itself(world: World) -> None:
    dispatch = world.sent()
    world.settle()

    assert asks(world, dispatch) == AskedBack(stopped=0, asked=1)
    world.settle()

    (letter,) = world.incoming(world.b)
    assert (letter.state, letter.recall_reason) == (IncomingState.RECALLED, WHY)
    assert world.receipts_given(world.b) == ["received", "recalled"]
    after = world.dispatch(dispatch)
    assert (after.state, after.recall_answer) == (DispatchState.RECALLED, "recalled")
    assert {e.step for e in world.evidence(dispatch)} >= {"received", "recall-requested", "recalled"}
    with pytest.raises(StageNotAllowed, match="เรียกหนังสือนี้คืนแล้ว ลงรับไม่ได้"):
        register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id)
    assert world.services.blobs.has(letter.raw_sha256), "it is kept as evidence"


@pytest.mark.parametrize("consent", [True, False])
def test_after_that_a_clerk_answers_and_the_number_stays(world: World, consent: bool) -> None:
    dispatch = world.sent()
    world.settle()
    registers(world)
    world.settle()
    asks(world, dispatch)
    world.settle()
    (letter,) = world.incoming(world.b, IncomingState.REGISTERED)
    assert letter.recall_asked_at is not None and not letter.recall_answer
    assert _unread(world) == ["recall"], "the clerk hears of it"

    if not consent:
        with pytest.raises(BadInput) as refused:
            answers(world, letter, False)
        assert refused.value.fields == {"reason": "ใส่เหตุผลที่ไม่คืน"}
    answers(world, letter, consent, "เสนอผู้บริหารแล้ว")
    world.settle()

    wanted = "recalled" if consent else "recall-refused"
    (letter,) = world.incoming(world.b)
    after = world.dispatch(dispatch)
    assert (letter.state, letter.recall_answer) == (IncomingState.REGISTERED, wanted)
    assert (after.state, after.recall_answer, after.register_number) == (DispatchState.REGISTERED, wanted, "1")
    with pytest.raises(StageNotAllowed, match="ตอบคำขอเรียกคืนแล้ว"):
        answers(world, letter, True)
    assert _unread(world) == [], "and no more, once it is answered"


def test_a_request_that_crosses_with_the_registration_has_one_end_at_both_sides(world: World) -> None:
    """The receiver registers while the request is on its way: the clerk is asked, whichever mail arrives first."""
    dispatch = world.sent()
    world.settle()
    asks(world, dispatch)
    world.send_out()
    registers(world)
    world.settle()

    (letter,) = world.incoming(world.b)
    assert (letter.state, letter.recall_answer) == (IncomingState.REGISTERED, "")
    assert world.dispatch(dispatch).state is DispatchState.REGISTERED
    answers(world, letter, True)
    world.settle()
    (letter,) = world.incoming(world.b)
    after = world.dispatch(dispatch)
    assert (letter.state, letter.recall_answer) == (IncomingState.REGISTERED, "recalled")
    assert (after.state, after.recall_answer) == (DispatchState.REGISTERED, "recalled")


def test_answers_that_overtake_each_other_end_the_same(world: World) -> None:
    dispatch = world.sent()
    world.settle()
    letter = registers(world)
    asks(world, dispatch)
    world.send_out()
    world.collect(world.b)
    answers(world, letter, True)
    world.send_out()
    world.post.reorder(A, receipts)
    world.settle()

    after = world.dispatch(dispatch)
    assert (after.state, after.recall_answer, after.register_number) == (DispatchState.REGISTERED, "recalled", "1")


def test_a_request_that_overtakes_its_letter_waits_for_it(world: World) -> None:
    dispatch = world.sent()
    late = world.post.take_out(B, letters)
    asks(world, dispatch)
    world.settle()
    assert world.incoming(world.b) == []
    assert len(world.rows(recalls, world.b)) == 1

    world.post.put(B, *late)
    world.settle()

    (letter,) = world.incoming(world.b)
    assert (letter.state, letter.recall_reason) == (IncomingState.RECALLED, WHY)
    assert sorted(world.receipts_given(world.b)) == ["recalled", "received"]
    assert world.dispatch(dispatch).state is DispatchState.RECALLED


def test_a_letter_that_was_sent_back_is_not_there_to_be_given_back(world: World) -> None:
    dispatch = world.sent()
    world.settle()
    (letter,) = world.incoming(world.b)
    refuse_letter(
        world.services,
        actor=world.actor(world.b, "clerk"),
        incoming_id=letter.id,
        code="not-addressee",
        text="ไม่ใช่ภารกิจ",
    )
    asks(world, dispatch)
    world.settle()

    (letter,) = world.incoming(world.b)
    after = world.dispatch(dispatch)
    assert (letter.state, letter.recall_answer) == (IncomingState.REFUSED, "recall-refused")
    assert (after.state, after.recall_answer, after.problem) == (DispatchState.REFUSED, "recall-refused", "")


def test_a_request_that_was_lost_goes_once_more_after_a_day_with_the_same_bytes(world: World) -> None:
    dispatch = world.sent()
    world.settle()
    asks(world, dispatch)
    world.send_out()
    (first,) = world.post.take_out(B, receipts)
    with pytest.raises(StageNotAllowed, match="รอผู้รับตอบ"):
        asks(world, dispatch)
    world.clock.pass_by(timedelta(hours=25))
    asks(world, dispatch)
    world.send_out()
    (again,) = world.post.lying(B, receipts)
    assert first[first.index(b"From: ") :] == again[again.index(b"From: ") :]
    world.settle()
    assert world.dispatch(dispatch).state is DispatchState.RECALLED


def test_the_same_request_twice_brings_the_same_answer(world: World) -> None:
    dispatch = world.sent()
    world.settle()
    asks(world, dispatch)
    world.send_out()
    world.post.repeat(B, which=receipts)
    world.settle()
    assert world.receipts_given(world.b) == ["received", "recalled"]
    assert world.dispatch(dispatch).state is DispatchState.RECALLED
