"""The whole way of a letter between two agencies, and the ways that end earlier."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from saraban.domain.dispatch import DispatchState, EvidenceKind
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.incoming import IncomingState
from saraban.domain.register import BookKind
from saraban.exchange.parse import read_message
from saraban.storage.tables.exchange import outbox
from saraban.usecases.registering import refuse_letter, register_letter
from tests.journeys.post_office import letters, receipts
from tests.journeys.world import TOWN, A, B, World


def test_a_letter_is_sent_and_registered_and_both_registers_and_receipts_say_so(world: World) -> None:
    dispatch = world.queued(files={"กำหนดการ.txt": "วาระที่ ๑".encode()})
    assert world.dispatch(dispatch).state is DispatchState.QUEUED
    world.send_out()
    assert world.dispatch(dispatch).state is DispatchState.SENT

    world.settle()
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.NEW and letter.findings == ()
    assert [f.name for f in letter.files][1:] == ["กำหนดการ.txt"]
    assert letter.seal is not None and all(letter.seal[part] for part in ("intact", "valid", "trusted", "in_time"))
    given = register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id)
    world.settle()

    done = world.dispatch(dispatch)
    assert (done.state, done.register_number, done.register_year) == (DispatchState.REGISTERED, "1", 2569)
    assert given.number == 1
    (line,) = world.book(world.a, BookKind.SENDING)
    assert (line.number, line.addressee) == ("นร 1201/1", "กรมทดสอบปลายทาง")
    (line,) = world.book(world.b, BookKind.RECEIVING)
    assert (line.serial, line.number, line.sender) == (1, "นร 1201/1", "กรมทดสอบต้นทาง")
    proofs = {e.step: e for e in world.evidence(dispatch)}
    assert {"sent", "relayed", "received", "registered"} <= proofs.keys()
    for step in ("received", "registered"):
        verdict = proofs[step].verdict
        assert verdict is not None and all(verdict[part] for part in ("intact", "valid", "trusted", "in_time"))
        assert proofs[step].raw is not None and world.services.blobs.has(proofs[step].raw)
    assert proofs["relayed"].kind is EvidenceKind.DSN


def test_a_letter_is_refused_with_its_reason(world: World) -> None:
    dispatch = world.sent()
    world.settle()
    (letter,) = world.incoming(world.b)
    clerk = world.actor(world.b, "clerk")

    refuse_letter(world.services, actor=clerk, incoming_id=letter.id, code="not-addressee", text="เป็นภารกิจของกรมอื่น")
    world.settle()

    assert world.dispatch(dispatch).state is DispatchState.REFUSED
    (proof,) = [e for e in world.evidence(dispatch) if e.step == "refused"]
    assert "เป็นภารกิจของกรมอื่น" in proof.text
    with pytest.raises(StageNotAllowed):
        register_letter(world.services, actor=clerk, incoming_id=letter.id)
    assert world.book(world.b, BookKind.RECEIVING) == []


def test_refusing_for_another_reason_asks_for_words(world: World) -> None:
    world.sent()
    world.settle()
    (letter,) = world.incoming(world.b)
    with pytest.raises(BadInput) as refusal:
        refuse_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id, code="other")
    assert "text" in refusal.value.fields


def test_a_receipt_is_never_answered(world: World) -> None:
    world.sent()
    world.settle()
    rows = world.rows(outbox, world.a)
    assert [row.kind.value for row in rows] == ["letter"]
    assert world.receipts_given(world.b) == ["received"]
    assert world.post.lying(B, receipts) == []


def test_a_letter_to_a_mere_mailbox_stops_where_the_relay_took_it(world: World) -> None:
    dispatch = world.sent("town")
    world.settle()
    assert world.dispatch(dispatch).state is DispatchState.RELAYED
    (raw,) = world.post.lying(TOWN, letters)
    assert "ขอเชิญประชุม" in read_message(raw).subject

    world.later(days=5)

    assert len(world.post.lying(TOWN, letters)) == 1, "silence of a mere mailbox means nothing"
    world.later(days=20)
    assert world.dispatch(dispatch).state is DispatchState.RELAYED


def test_our_own_letter_that_comes_back_is_discarded(world: World) -> None:
    world.sent()
    (raw,) = world.post.lying(B, letters)
    world.post.put(A, raw)
    world.settle()
    assert world.incoming(world.a) == []
    assert "discarded" in world.outcomes(world.a)
    assert len(world.incoming(world.b)) == 1


def test_the_new_year_begins_at_midnight_in_bangkok_with_number_one_on_both_sides(world: World) -> None:
    world.clock.move_to(datetime(2026, 12, 31, 16, 59, 50, tzinfo=UTC))
    world.sent(subject="ฉบับสุดท้ายของปี")
    world.settle()
    (old,) = world.incoming(world.b)
    clerk = world.actor(world.b, "clerk")
    register_letter(world.services, actor=clerk, incoming_id=old.id)
    dispatch = world.sent(subject="ค้างข้ามปี")
    world.settle()

    world.later(seconds=10)
    (late,) = world.incoming(world.b, IncomingState.NEW)
    given = register_letter(world.services, actor=clerk, incoming_id=late.id)
    world.sent(subject="ฉบับแรกของปี")
    world.settle()

    assert (given.number, given.year) == (1, 2570)
    assert world.dispatch(dispatch).register_year == 2570
    sending = [(e.year, e.serial) for e in world.book(world.a, BookKind.SENDING)]
    assert sending == [(2569, 1), (2569, 2), (2570, 1)]
    assert [(e.year, e.serial) for e in world.book(world.b, BookKind.RECEIVING)] == [(2569, 1), (2570, 1)]
