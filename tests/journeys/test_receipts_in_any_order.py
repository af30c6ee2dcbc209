"""The same receipts end on the same rung, in whatever order they come; and what proves nothing moves nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest

from saraban.domain.agency import Correspondent
from saraban.domain.dispatch import Dispatch, DispatchState
from saraban.domain.receipt import Receipt, Step
from saraban.usecases.dispatching import dispatch_letter
from tests.journeys import keyring
from tests.journeys.peer import Peer
from tests.journeys.world import NAMES, PEER, A, World

STEPS = (
    Step.RECEIVED,
    Step.INVALID,
    Step.UNDELIVERED,
    Step.REFUSED,
    Step.FORWARDED,
    Step.RECALLED,
    Step.RECALL_REFUSED,
    Step.REGISTERED,
    Step.COMPLETED,
)
"""What the peer says, each an hour after the one before."""
MOST_STEPS = 6
END_OF = {
    DispatchState.COMPLETED: lambda steps: Step.COMPLETED in steps,
    DispatchState.REGISTERED: lambda steps: Step.REGISTERED in steps,
    # On one rung the later signed time holds.
    DispatchState.RECALLED: lambda steps: Step.RECALLED in steps,
    DispatchState.FORWARDED: lambda steps: Step.FORWARDED in steps,
    DispatchState.REFUSED: lambda steps: Step.REFUSED in steps,
    # The peer says `received` first and `invalid` an hour later.
    DispatchState.INVALID: lambda steps: Step.INVALID in steps,
    DispatchState.RECEIVED: lambda steps: Step.RECEIVED in steps,
    DispatchState.UNDELIVERED: lambda steps: Step.UNDELIVERED in steps,
    DispatchState.RELAYED: lambda steps: True,
}


def test_receipts_in_every_order_end_on_the_same_rung(world: World, rounds: Callable[[int, int], int]) -> None:
    orders = _orders(rounds(24, 240))
    peers = [f"p{n}" for n in range(len(orders))]
    able = {"saraban": 1}
    world.know(*world.correspondents, *(Correspondent(code, code, PEER, capabilities=able) for code in peers))
    letter_id = world.issued(*peers)
    dispatches = list(dispatch_letter(world.services, actor=world.actor(world.a, "clerk"), letter_id=letter_id))
    world.send_out()
    world.collect(world.a)
    sent_at = world.clock.now()
    world.clock.pass_by(timedelta(hours=73))

    for place in range(max(len(order) for order in orders)):
        messages = []
        for dispatch, order in zip(dispatches, orders, strict=True):
            if place < len(order) and order[place] is not Step.UNDELIVERED:
                hours = STEPS.index(order[place]) + 1
                said = _statement(world, dispatch, order[place], hours, sent_at)
                messages.append(world.peer.receipt(said))
        world.post.put(A, *messages)
        world.collect(world.a)
        if any(place < len(order) and order[place] is Step.UNDELIVERED for order in orders):
            _let_time_run_out(world, dispatches, orders, place)

    for dispatch, order in zip(dispatches, orders, strict=True):
        wanted = next(state for state, holds in END_OF.items() if holds(order))
        after = world.dispatch(dispatch)
        assert after.state is wanted, order
        assert bool(after.register_number) is (Step.REGISTERED in order), order
        answers = {Step.RECALLED, Step.RECALL_REFUSED} & set(order)
        answer = Step.RECALLED if Step.RECALLED in answers else next(iter(answers), None)
        assert after.recall_answer == (answer.value if answer else ""), order


def _orders(count: int) -> list[tuple[Step, ...]]:
    """So many orders of two to six of the steps, the same in every run; all permutations are the domain's test."""
    chance = random.Random(2569)
    chosen = [
        which for size in range(2, MOST_STEPS + 1) for which in chance.sample(list(combinations(STEPS, size)), 12)
    ]
    return [tuple(chance.sample(which, len(which))) for which in (chance.choice(chosen) for _ in range(count))]


def _statement(world: World, dispatch: Dispatch, step: Step, hours: int, sent_at: object) -> Receipt:
    at = world.dispatch(dispatch).created_at + timedelta(hours=hours)
    return world.peer.statement(world.dispatch(dispatch), step, at=at, from_code=dispatch.to_code)


def _let_time_run_out(world: World, dispatches: list[Dispatch], orders: list[tuple[Step, ...]], place: int) -> None:
    """Let the clock's job see only those whose turn it is: the others have an hour more."""
    with world.services.uow() as uow:
        for dispatch, order in zip(dispatches, orders, strict=True):
            now = uow.dispatches.get(dispatch.agency_id, dispatch.id)
            due = place < len(order) and order[place] is Step.UNDELIVERED
            now.expires_at = world.clock.now() + timedelta(hours=-1 if due else 1)
            uow.dispatches.save(now)
        uow.commit()
    world.look_at_the_clock()


@pytest.mark.parametrize("forged", ["broken", "garbage", "stranger", "other-agency", "other-manifest", "other-mailbox"])
def test_a_receipt_that_proves_nothing_is_shown_and_moves_nothing(world: World, forged: str) -> None:
    dispatch = world.sent("peer")
    world.collect(world.a)
    before = world.dispatch(dispatch)
    true = world.peer.statement(before, Step.REGISTERED, at=world.clock.now())
    false, more, speaker = true, {}, world.peer
    if forged == "broken":
        more = {"spoil": lambda p7s: p7s[:-1] + bytes([p7s[-1] ^ 1])}
    elif forged == "garbage":
        more = {"spoil": lambda p7s: b"not a signature"}
    elif forged == "stranger":
        more = {"seal": keyring.strangers_seal(NAMES["peer"], PEER)}
    elif forged == "other-agency":
        speaker = Peer(world.b.party, keyring.seal(NAMES["b"], world.b.mailbox), world.hub, world.clock)
        false = replace(true, from_code="b", from_mailbox=world.b.mailbox)
    elif forged == "other-manifest":
        false = replace(true, manifest_sha256="0" * 64)
    raw = speaker.receipt(false, **more)  # type: ignore[arg-type]
    if forged == "other-mailbox":
        raw = raw.replace(b"<saraban@peer.test>", b"<someone@peer.test>", 1)
    world.post.put(A, raw)
    world.settle()

    after = world.dispatch(dispatch)
    assert (after.state, after.register_number) == (before.state, "")
    (shown,) = [e for e in world.evidence(dispatch) if e.step == "registered"]
    assert not shown.counts and shown.text and shown.raw is not None and shown.verdict is not None
    assert "ยังไม่ได้ตรวจ" not in shown.text, "it was checked, and the words say what is wrong"
    world.post.put(A, world.peer.receipt(true))
    world.settle()
    assert world.dispatch(dispatch).state is DispatchState.REGISTERED, "the true receipt bears the same id and counts"


def test_a_receipt_about_a_dispatch_that_is_not_ours_is_discarded(world: World) -> None:
    dispatch = world.sent("peer")
    world.collect(world.a)
    said = world.peer.statement(
        dispatch, Step.REGISTERED, at=world.clock.now(), to_code="b", to_mailbox=world.b.mailbox
    )
    world.post.put(world.b.mailbox, world.peer.receipt(said))
    world.settle()
    assert world.outcomes(world.b) == ["discarded"]
    assert world.dispatch(dispatch).state is DispatchState.RELAYED
    assert world.incoming(world.b) == []


def test_a_receiver_cannot_say_for_us_that_there_is_no_proof_of_receipt(world: World) -> None:
    dispatch = world.sent("peer")
    world.collect(world.a)
    before = world.dispatch(dispatch).state
    world.post.put(A, world.peer.receipt(world.peer.statement(dispatch, Step.UNDELIVERED, at=world.clock.now())))
    world.settle()
    assert world.dispatch(dispatch).state is before
    (shown,) = [e for e in world.evidence(dispatch) if e.step == "undelivered"]
    assert not shown.counts and shown.text


def test_of_two_registrations_the_later_one_holds_and_both_are_kept(world: World) -> None:
    dispatch = world.sent("peer")
    first = world.peer.statement(dispatch, Step.REGISTERED, at=world.clock.now())
    assert first.register is not None
    later = world.clock.now() + timedelta(hours=1)
    second = world.peer.statement(
        dispatch, Step.REGISTERED, at=later, register=replace(first.register, number="56", at=later)
    )
    world.post.put(A, world.peer.receipt(second), world.peer.receipt(first))
    world.settle()
    assert world.dispatch(dispatch).register_number == "56"
    assert [e.step for e in world.evidence(dispatch)].count("registered") == 2
