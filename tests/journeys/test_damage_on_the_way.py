"""Gateways that damage a file, write the mail anew or add a footer; and the good copy that comes after."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest

from saraban.domain.attachment import Role
from saraban.domain.dispatch import DispatchState
from saraban.domain.errors import StageNotAllowed
from saraban.domain.incoming import IncomingState
from saraban.domain.receipt import Reason, ReasonCode, Step
from saraban.storage.tables.exchange import outbox
from saraban.usecases import resending
from saraban.usecases.registering import refuse_letter, register_letter
from tests.journeys.peer import PDF
from tests.journeys.post_office import letters, receipts, reserialised, with_footer
from tests.journeys.world import PEER, A, B, World

_A_MINUTE = timedelta(minutes=1)
# A name of RFC 2231 that begins with the first letter of หนังสือ, with its continuations.
_PAGES_NAME = re.compile(rb"(file)?name\*0?\*?=UTF-8''%E0%B8%AB[^\r\n]*(?:\r\n (?:file)?name\*\d[^\r\n]*)*")
PDF_IN_BASE64 = base64.b64encode(b"%PDF-1")[:6]


def damaged(raw: bytes, place: int = 200) -> bytes:
    """The letter with one other character inside its page."""
    at = raw.index(PDF_IN_BASE64) + place
    return raw[:at] + (b"A" if raw[at : at + 1] != b"A" else b"B") + raw[at + 1 :]


def test_a_damaged_letter_is_answered_invalid_and_the_good_copy_closes_its_card(world: World) -> None:
    dispatch = world.sent()
    world.post.change(B, damaged)
    world.collect(world.b)
    (card,) = world.incoming(world.b)
    assert card.state is IncomingState.HELD and card.answered_invalid
    assert "file-damaged" in [f["code"] for f in card.findings]
    world.clock.pass_by(_A_MINUTE)

    world.settle()

    assert [letter.state for letter in world.incoming(world.b)].count(IncomingState.SUPERSEDED) == 1
    (good,) = world.incoming(world.b, IncomingState.NEW)
    assert world.receipts_given(world.b) == ["invalid", "received"]
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=good.id)
    world.settle()
    assert world.dispatch(dispatch).state is DispatchState.REGISTERED


def test_a_good_copy_in_the_same_second_as_the_damaged_one_still_stands_as_received(world: World) -> None:
    dispatch = world.sent()
    world.post.change(B, damaged)
    world.settle()
    assert world.receipts_given(world.b) == ["invalid", "received"]
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED


def test_a_copy_after_the_closed_card_brings_the_received_again_and_not_the_invalid(world: World) -> None:
    world.sent()
    world.post.change(B, damaged)
    world.collect(world.b)
    world.clock.pass_by(_A_MINUTE)
    world.send_out()
    world.collect(world.a)
    world.send_out()
    (good,) = world.post.lying(B, letters)
    world.settle()
    assert world.post.lying(A, receipts) == []

    world.post.put(B, good)
    world.collect(world.b)
    world.send_out()

    (again,) = world.post.lying(A, receipts)
    assert b"X-Saraban-Step: received" in again
    (letter,) = world.incoming(world.b, IncomingState.NEW)
    assert letter.copies == 1


def test_a_letter_that_is_damaged_twice_comes_whole_with_the_third_copy(world: World) -> None:
    dispatch = world.sent()
    first = world.post.lying(B, letters)
    for place in (0, 1):
        world.post.change(B, lambda raw, place=place: damaged(raw, 200 + place))
        world.collect(world.b)
        world.clock.pass_by(_A_MINUTE)
        world.send_out()
        world.collect(world.a)
        world.send_out()
    again = world.post.lying(B, letters)
    assert [_body(raw) for raw in again] == [_body(raw) for raw in first], "the gateway sends the same bytes by itself"
    world.settle()

    states = [letter.state for letter in world.incoming(world.b)]
    assert sorted(states) == [IncomingState.NEW, IncomingState.SUPERSEDED, IncomingState.SUPERSEDED]
    after = world.dispatch(dispatch)
    assert (after.state, after.resends) == (DispatchState.RECEIVED, 2)


def test_a_letter_that_is_damaged_every_time_is_sent_three_times_in_all(world: World) -> None:
    dispatch = world.sent()
    copies = 0
    while world.post.lying(B, letters):
        copies += 1
        world.post.change(B, lambda raw, place=copies: damaged(raw, 200 + place))
        world.collect(world.b)
        world.clock.pass_by(_A_MINUTE)
        world.send_out()
        world.collect(world.a)
        world.send_out()
    assert copies == 3
    assert world.dispatch(dispatch).state is DispatchState.INVALID
    assert world.dispatch(dispatch).resends == 2


def test_the_same_damage_again_makes_no_second_card_and_brings_the_same_answer(world: World) -> None:
    world.sent()
    world.post.change(B, damaged)
    (spoilt,) = world.post.lying(B, letters)
    world.collect(world.b)
    world.send_out()
    (first,) = world.post.take_out(A, receipts)

    world.post.put(B, spoilt)
    world.collect(world.b)
    world.send_out()

    (second,) = world.post.lying(A, receipts)
    assert _body(first) == _body(second)
    assert len(world.incoming(world.b)) == 1


def test_a_clerk_sends_the_same_envelope_again_once_the_damage_on_the_way_is_mended(world: World) -> None:
    dispatch = world.sent()
    clerk = world.actor(world.a, "clerk")
    for _ in range(2):  # the same damage twice brings the same answer twice, upon which nothing moves
        world.post.change(B, damaged)
        world.collect(world.b)
        world.clock.pass_by(_A_MINUTE)
        world.send_out()
        world.collect(world.a)
        world.send_out()
    assert (world.dispatch(dispatch).state, world.post.lying(B, letters)) == (DispatchState.INVALID, [])

    resending.send_again(world.services, actor=clerk, dispatch_id=dispatch.id)
    assert world.dispatch(dispatch).problem.startswith("ส่งซองเดิมอีกครั้งแล้ว")
    world.settle()

    assert world.dispatch(dispatch).state is DispatchState.RECEIVED and not world.dispatch(dispatch).problem
    with pytest.raises(StageNotAllowed):
        resending.send_again(world.services, actor=clerk, dispatch_id=dispatch.id)


def test_what_the_receiver_cannot_take_is_not_sent_again_as_it_is(world: World) -> None:
    dispatch = world.sent()
    world.settle()
    (letter,) = world.incoming(world.b, IncomingState.NEW)
    refuse_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id, code="unreadable")
    world.settle()

    with pytest.raises(StageNotAllowed, match="ร่างฉบับแก้ไข"):
        resending.send_again(world.services, actor=world.actor(world.a, "clerk"), dispatch_id=dispatch.id)


def test_a_letter_that_a_gateway_wrote_anew_is_accepted_by_its_manifest(world: World) -> None:
    dispatch = world.sent(files={"แผนงาน ปี ๒๕๗๐.txt": "ก".encode() * 1_000})
    world.post.change(B, reserialised)
    world.settle()
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.NEW
    assert len(letter.files) == 2
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED


def test_a_page_that_a_gateway_gave_another_name_is_still_the_page_under_its_sealed_name(world: World) -> None:
    files = {"หนังสือ.pdf": PDF, "กำหนดการ.pdf": PDF + b"%"}
    raw = world.peer.letter(world.peer.manifest(world.b.party, files), files)
    renamed = _PAGES_NAME.sub(rb'\1name="ATT00001.bin"', raw)
    assert renamed.count(b"ATT00001.bin") == 2
    world.post.put(B, renamed)
    world.collect(world.b)

    (letter,) = world.incoming(world.b)

    assert letter.state is IncomingState.NEW
    assert [(f.name, f.role) for f in letter.files] == [
        ("หนังสือ.pdf", Role.LETTER),
        ("กำหนดการ.pdf", Role.ENCLOSURE),
    ]


def test_a_footer_breaks_the_outer_signature_and_the_manifest_still_decides(world: World) -> None:
    dispatch = world.sent()
    world.post.change(B, with_footer)
    world.settle()
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.NEW
    assert [f["code"] for f in letter.findings] == ["outer-broken"]
    assert letter.mic == "", "a MIC over a broken part would prove nothing"
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED


def test_an_invalid_about_another_manifest_is_shown_and_makes_the_gateway_send_once_more(world: World) -> None:
    dispatch = world.sent("peer")
    assert len(world.post.lying(PEER, letters)) == 1
    reason = Reason(ReasonCode.MANIFEST_INVALID, "อ่านไม่ได้")
    told = world.peer.statement(dispatch, Step.INVALID, at=world.clock.now(), manifest_sha256="0" * 64, reason=reason)
    world.peer.post(A, world.peer.receipt(told))
    world.settle()
    assert world.dispatch(dispatch).state is DispatchState.RELAYED
    first, second = world.post.lying(PEER, letters)
    assert _body(first) == _body(second)
    (shown,) = [e for e in world.evidence(dispatch) if e.step == "invalid"]
    assert not shown.counts and shown.text
    assert [row.state for row in world.rows(outbox, world.a)] == ["sent"]


def _body(raw: bytes) -> bytes:
    return raw[raw.index(b"From: ") :]


def test_the_verdict_on_a_damaged_letter_says_that_it_is_not_intact(world: World) -> None:
    world.sent()
    world.post.change(B, damaged)
    world.collect(world.b)

    (card,) = world.incoming(world.b)

    assert card.seal is not None
    assert (card.seal["intact"], card.seal["valid"], card.seal["trusted"]) == (False, True, True)
    assert "หนังสือ.pdf" in card.seal["reasons"]["intact"]
