"""A corrected letter in place of one that was sent, at the receivers that its sender picked, in whatever order the two
arrive."""

from __future__ import annotations

from typing import Any

import pytest

from saraban.domain.dispatch import Dispatch, DispatchState
from saraban.domain.errors import RuleBroken, StageNotAllowed
from saraban.domain.incoming import IncomingState
from saraban.usecases.dispatching import dispatch_letter
from saraban.usecases.recalling import ask_back
from saraban.usecases.registering import register_letter
from tests.journeys.post_office import letters
from tests.journeys.world import PEER, B, World
from tests.stranger.reading import read


def corrected(world: World, *old: Dispatch, to: tuple[str, ...] = ("b",), **content: Any) -> list[Dispatch]:
    """A new letter with the right day, sent in place of the old dispatches."""
    letter_id = world.issued(*to, subject="ขอเชิญประชุมคณะกรรมการ (แก้ไขวัน)", **content)
    clerk = world.actor(world.a, "clerk")
    return list(dispatch_letter(world.services, actor=clerk, letter_id=letter_id, replaces=[one.id for one in old]))


def test_the_old_one_is_closed_when_it_is_not_registered(world: World) -> None:
    old = world.sent()
    world.settle()
    (new,) = corrected(world, old)
    assert new.replaces == old.id
    world.send_out()
    (raw,) = world.post.lying(B, letters)
    assert read(raw).manifest["replaces"] == str(old.id)
    world.settle()

    (first,) = world.incoming(world.b, IncomingState.REPLACED)
    (second,) = world.incoming(world.b, IncomingState.NEW)
    assert (first.replaced_by, second.replaces) == (second.id, old.id)
    with pytest.raises(StageNotAllowed, match="ฉบับแก้ไขมาแทนหนังสือนี้แล้ว ลงรับไม่ได้"):
        register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=first.id)
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=second.id)
    world.settle()
    assert world.dispatch(old).state is DispatchState.RECEIVED
    assert world.dispatch(new).state is DispatchState.REGISTERED


def test_a_registered_one_stays_and_both_name_each_other(world: World) -> None:
    old = world.sent()
    world.settle()
    (first,) = world.incoming(world.b)
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=first.id)
    corrected(world, old)
    world.settle()

    (first,) = world.incoming(world.b, IncomingState.REGISTERED)
    (second,) = world.incoming(world.b, IncomingState.NEW)
    assert (first.replaced_by, first.register_number) == (second.id, 1)
    assert "incoming.replacement-arrived" in world.events(first.id)


def test_the_corrected_one_that_overtakes_the_old_one_closes_it_on_arrival(world: World) -> None:
    old = world.sent()
    late = world.post.take_out(B, letters)
    corrected(world, old)
    world.settle()
    world.post.put(B, *late)
    world.settle()

    (first,) = world.incoming(world.b, IncomingState.REPLACED)
    (second,) = world.incoming(world.b, IncomingState.NEW)
    assert first.replaced_by == second.id
    assert world.dispatch(old).state is DispatchState.RECEIVED


def test_only_the_receivers_that_were_picked_are_told_so(world: World) -> None:
    letter_id = world.issued("b", "peer")
    first = dispatch_letter(world.services, actor=world.actor(world.a, "clerk"), letter_id=letter_id)
    world.settle()
    at_b = next(one for one in first if one.to_code == "b")
    corrected(world, at_b, to=("b", "peer"))
    world.settle()

    named = [read(raw).manifest.get("replaces") for raw in world.post.lying(PEER, letters)]
    assert named == [None, None]
    assert len(world.incoming(world.b, IncomingState.REPLACED)) == 1


def test_a_closed_one_that_is_asked_back_is_given_back(world: World) -> None:
    old = world.sent()
    world.settle()
    corrected(world, old)
    world.settle()
    ask_back(world.services, actor=world.actor(world.a, "clerk"), dispatches=[old.id], reason="มีฉบับแก้ไขแล้ว")
    world.settle()
    assert world.dispatch(old).state is DispatchState.RECALLED
    assert len(world.incoming(world.b, IncomingState.RECALLED)) == 1


def test_another_agency_cannot_close_what_is_not_its_own(world: World) -> None:
    old = world.sent()
    world.settle()
    world.post.put(B, world.peer.letter(world.peer.manifest(world.b.party, replaces=old.id)))
    world.settle()
    states = sorted(letter.state.value for letter in world.incoming(world.b))
    assert states == ["new", "new"]


def test_what_cannot_be_replaced_is_refused_before_anything_leaves(world: World) -> None:
    to_peer = world.sent("peer")
    with pytest.raises(RuleBroken, match="ผู้รับของฉบับเดิม"):
        corrected(world, to_peer)
    letter_id = world.issued()
    first, *_ = dispatch_letter(world.services, actor=world.actor(world.a, "clerk"), letter_id=letter_id)
    (second,) = corrected(world, first)
    with pytest.raises(RuleBroken, match="ฉบับเดียวต่อหนึ่งผู้รับ"):
        corrected(world, first, second)
    world.settle()
    assert len(world.incoming(world.b)) == 2
