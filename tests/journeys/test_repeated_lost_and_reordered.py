"""Mail comes twice, late, in another order or not at all: the registers and the ladder are the same in the end."""

from __future__ import annotations

from datetime import timedelta

from saraban.domain.dispatch import DispatchState
from saraban.domain.incoming import IncomingState
from saraban.domain.register import BookKind
from saraban.usecases.registering import register_letter
from tests.journeys import keyring
from tests.journeys.post_office import letters, receipts
from tests.journeys.world import NAMES, PEER, A, B, World

ORDINARY = b"From: <someone@example.com>\r\nMessage-ID: <o@example.com>\r\nSubject: hello\r\n\r\nhello\r\n"


def same_mail(one: bytes, other: bytes) -> bool:
    """Are these the same bytes, apart from what the relay wrote on top?"""
    return one[one.index(b"From: ") :] == other[other.index(b"From: ") :]


def test_a_copy_makes_no_second_letter_and_is_answered_with_the_same_receipt(world: World) -> None:
    dispatch = world.sent()
    (letter,) = world.post.lying(B, letters)
    world.collect(world.b)
    world.send_out()
    (first,) = world.post.take_out(A, receipts)
    world.clock.pass_by(timedelta(hours=1))

    world.post.put(B, letter)
    world.collect(world.b)
    world.send_out()

    (second,) = world.post.take_out(A, receipts)
    assert same_mail(first, second)
    (card,) = world.incoming(world.b)
    assert card.copies == 1 and world.outcomes(world.b)[-2:] == ["accepted", "duplicate"]
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=card.id)
    world.post.put(A, first, second)
    world.post.put(B, letter)
    world.settle()
    assert len(world.book(world.b, BookKind.RECEIVING)) == 1
    assert [e.step for e in world.evidence(dispatch)].count("received") == 1
    assert world.dispatch(dispatch).state is DispatchState.REGISTERED


def test_copies_that_arrive_together_are_one_letter(world: World) -> None:
    world.sent()
    world.post.repeat(B, times=4)
    world.settle()
    assert len(world.incoming(world.b)) == 1
    assert sorted(world.outcomes(world.b)) == ["accepted"] + ["duplicate"] * 4
    assert world.receipts_given(world.b) == ["received"]


def test_a_folder_that_is_numbered_anew_takes_nothing_twice(world: World) -> None:
    dispatch = world.sent()
    world.post.put(B, ORDINARY)
    forged = keyring.strangers_seal(NAMES["peer"], PEER)
    world.peer.post(B, world.peer.letter(world.peer.manifest(world.b.party), seal=forged))
    world.settle()
    (card,) = world.incoming(world.b, IncomingState.NEW)
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=card.id)
    world.settle()
    before = _everything(world, dispatch)

    world.hub.renumber(A)
    world.hub.renumber(B)
    world.settle()

    assert _everything(world, dispatch) == before
    assert len(world.outcomes(world.b)) == 6, "the raw messages were taken in again, and judged"
    world.sent(subject="ฉบับต่อไป")
    world.settle()
    assert [letter.subject for letter in world.incoming(world.b, IncomingState.NEW)] == ["ฉบับต่อไป"]


def test_letters_and_receipts_in_reverse_order_end_where_they_should(world: World) -> None:
    dispatches = [world.sent(subject=f"ฉบับที่ {n}") for n in range(3)]
    world.post.reorder(B, letters)
    world.collect(world.b)
    for letter in world.incoming(world.b):
        register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id)
    world.send_out()
    assert len(world.post.lying(A, receipts)) == 6
    world.post.reorder(A, receipts)
    world.settle()
    assert {world.dispatch(d).state for d in dispatches} == {DispatchState.REGISTERED}
    assert sorted(world.dispatch(d).register_number for d in dispatches) == ["1", "2", "3"]


def test_a_letter_that_was_lost_is_sent_again_after_a_day_and_received(world: World) -> None:
    dispatch = world.sent()
    assert len(world.post.take_out(B, letters)) == 1
    world.settle()
    assert world.dispatch(dispatch).state is DispatchState.RELAYED
    world.later(hours=24, seconds=1)
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED
    assert len(world.incoming(world.b)) == 1


def test_a_receipt_that_was_lost_comes_again_with_the_next_copy(world: World) -> None:
    dispatch = world.sent()
    world.collect(world.b)
    world.send_out()
    assert len(world.post.take_out(A, receipts)) == 1
    world.later(hours=24, seconds=1)
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED
    assert world.receipts_given(world.b) == ["received"] and len(world.incoming(world.b)) == 1


def test_a_receipt_that_comes_before_the_relays_answer_is_counted(world: World) -> None:
    dispatch = world.queued()
    world.hub.mischief.drop_next_accept = True
    world.send_out()
    assert world.dispatch(dispatch).state is DispatchState.QUEUED
    assert len(world.post.lying(B, letters)) == 1, "the relay had kept the letter before the line went dead"

    world.collect(world.b)
    world.send_out()
    world.collect(world.a)
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED
    world.later(minutes=1)

    assert world.dispatch(dispatch).state is DispatchState.RECEIVED
    assert len(world.incoming(world.b)) == 1


def _everything(world: World, dispatch: object) -> list[object]:
    return [
        [(letter.id, letter.state) for letter in world.incoming(world.b)],
        [line.id for line in world.book(world.b, BookKind.RECEIVING)],
        sorted(str(e.id) for e in world.evidence(dispatch)),  # type: ignore[arg-type]
        world.receipts_given(world.b),
        world.dispatch(dispatch).state,  # type: ignore[arg-type]
    ]
