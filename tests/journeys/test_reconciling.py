"""Two agencies lay their lists side by side: what was lost is found and mended, and who lies gets nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from saraban.crypto.cms import HeldKey
from saraban.crypto.seal import KeySealer
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import DispatchState
from saraban.domain.errors import BadInput, NotFound, RuleBroken, StageNotAllowed
from saraban.domain.incoming import IncomingState
from saraban.domain.reconciliation import Difference, Outcome, Remedy, Way
from saraban.exchange import reconcile as wire
from saraban.exchange.parse import read_message
from saraban.exchange.reconcile import ReconcileAnswer, ReconcileItem, ReconcileRequest, laid_side_by_side
from saraban.storage.tables.exchange import outbox, statements
from saraban.storage.tables.letters import incoming as incoming_table
from saraban.usecases import reconciling
from saraban.usecases.disputing import dispute_numbers, tell_number_again
from saraban.usecases.registering import register_letter, release_letter
from saraban.usecases.registry import Reconciliation
from tests.journeys import keyring
from tests.journeys.peer import Store
from tests.journeys.post_office import letters, receipts
from tests.journeys.world import NAMES, PEER, A, B, House, World

NOBODY = UUID(int=0)


def comparisons(raw: bytes) -> bool:
    """Requests and answers of the wire."""
    return b"\r\nSaraban-Envelope: 1; kind=reconcile" in raw[:8_000]


def as_sent(*raws: bytes) -> list[bytes]:
    """The messages without the traces that the relay wrote above them."""
    return [raw[raw.index(b"From: ") :] for raw in raws]


@pytest.fixture
def world(world: World) -> World:
    """All agencies with the system take part."""
    world.correspondents = [
        replace(c, capabilities={**c.capabilities, "reconcile": 1}) if c.speaks_saraban else c
        for c in world.correspondents
    ]
    world.know(*world.correspondents)
    return world


def today(world: World) -> date:
    """The day of the office."""
    return office_date(world.clock.now())


def ask(world: World, by: House, of: str, since: date | None = None, until: date | None = None) -> Reconciliation:
    """The clerk of an agency asks another about today."""
    day = today(world)
    return reconciling.ask_to_reconcile(
        world.services, actor=world.actor(by, "clerk"), other_code=of, since=since or day, until=until or day
    )


def as_it_stands(world: World, house: House, one: Reconciliation) -> Reconciliation:
    """The comparison as it lies on the shelf now."""
    with world.services.uow() as uow:
        return uow.reconciliations.get(house.id, one.id)


def found(world: World, house: House, one: Reconciliation) -> dict[UUID, Difference]:
    """What a comparison found, by dispatch."""
    stands = as_it_stands(world, house, one)
    assert stands.answered_at is not None, "nobody answered"
    return {d.dispatch: d for d in laid_side_by_side(stands.answer, stands.own)}


def compared(world: World, by: House, of: str) -> dict[UUID, Difference]:
    """Ask, let the post work, and lay side by side."""
    one = ask(world, by, of)
    world.settle()
    return found(world, by, one)


def register_all(world: World, house: House) -> None:
    """The clerk gives every new letter its number."""
    for letter in world.incoming(house, IncomingState.NEW):
        register_letter(world.services, actor=world.actor(house, "clerk"), incoming_id=letter.id)


# --- between two agencies of this system ------------------------------------------------------------------------


def test_what_both_have_agrees_and_the_rest_is_named(world: World) -> None:
    whole = world.sent()
    world.settle()
    register_all(world, world.b)
    world.settle()
    answered = world.sent(by=world.b, **{"recipients": ("a",)})
    world.settle()
    one = ask(world, world.a, "b")
    world.send_out()
    world.collect(world.b)
    world.send_out()
    waiting = world.queued(subject="ยังรออยู่ในกล่องออก")
    world.collect(world.a)

    differences = found(world, world.a, one)

    assert {d: (x.way, x.outcome) for d, x in differences.items()} == {
        whole.id: (Way.SENT, Outcome.AGREES),
        answered.id: (Way.RECEIVED, Outcome.AGREES),
        waiting.id: (Way.SENT, Outcome.NOT_SENT_YET),
    }
    assert differences[whole.id].ours == differences[whole.id].theirs


def test_a_lost_letter_is_found_by_its_sender_and_the_same_bytes_bring_it(world: World) -> None:
    lost = world.sent()
    [raw] = world.post.take_out(B, letters)
    one = ask(world, world.a, "b")
    world.settle()
    assert found(world, world.a, one)[lost.id].remedy is Remedy.SEND_AGAIN

    clerk = world.actor(world.a, "clerk")
    assert reconciling.send_again(world.services, actor=clerk, reconciliation_id=one.id, dispatches=[lost.id]) == 1
    world.send_out()
    assert as_sent(*world.post.lying(B, letters)) == as_sent(raw)
    world.settle()

    assert world.dispatch(lost).state is DispatchState.RECEIVED
    assert [letter.state for letter in world.incoming(world.b)] == [IncomingState.NEW]
    assert "dispatch.sent-again" in world.events(lost.letter_id)


def test_a_lost_letter_is_found_by_its_receiver_who_asks_for_it_in_a_new_request(world: World) -> None:
    lost, other = world.sent(), world.sent(subject="หนังสือฉบับที่สอง")
    raws = world.post.take_out(B, letters)
    one = ask(world, world.b, "a")
    world.settle()
    assert {d: x.outcome for d, x in found(world, world.b, one).items()} == dict.fromkeys(
        (lost.id, other.id), Outcome.WE_LACK
    )

    clerk = world.actor(world.b, "clerk")
    again = reconciling.ask_again(world.services, actor=clerk, reconciliation_id=one.id, dispatches=[lost.id, other.id])
    world.send_out(), world.collect(world.a), world.send_out()
    assert sorted(as_sent(*world.post.lying(B, letters))) == sorted(as_sent(*raws))
    world.settle()

    assert {letter.dispatch_id for letter in world.incoming(world.b)} == {lost.id, other.id}
    answer = as_it_stands(world, world.b, again).answer
    assert answer is not None and set(answer["sent_again"]) == {str(lost.id), str(other.id)}
    settled = compared(world, world.b, "a")
    assert all(x.outcome is Outcome.AGREES for x in settled.values())


def test_a_lost_receipt_comes_back_when_the_sender_sends_the_same_bytes(world: World) -> None:
    dispatch = world.sent()
    world.collect(world.b)
    world.send_out()
    register_all(world, world.b)
    world.send_out()
    lost = world.post.take_out(A, receipts)
    assert len(lost) == 2
    one = ask(world, world.a, "b")
    world.settle()
    difference = found(world, world.a, one)[dispatch.id]
    assert (difference.outcome, difference.remedy) == (Outcome.RECEIPT_MISSING, Remedy.ASK_RECEIPT)

    reconciling.send_again(
        world.services, actor=world.actor(world.a, "clerk"), reconciliation_id=one.id, dispatches=[dispatch.id]
    )
    world.send_out(), world.collect(world.b), world.send_out()
    assert as_sent(*world.post.lying(A, receipts)) == as_sent(*lost), (
        "every receipt again, the same bytes, in their order"
    )
    world.settle()

    stands = world.dispatch(dispatch)
    assert (stands.state, stands.register_number) == (DispatchState.REGISTERED, "1")
    assert len(world.incoming(world.b)) == 1


def test_receipts_are_sent_again_after_their_first_time_has_run_out(world: World) -> None:
    dispatch = world.sent()
    world.settle()
    register_all(world, world.b)
    world.send_out()
    world.post.take_out(A, receipts)
    world.later(days=20)
    one = ask(world, world.a, "b", since=today(world) - timedelta(days=30))
    world.settle()

    reconciling.send_again(
        world.services, actor=world.actor(world.a, "clerk"), reconciliation_id=one.id, dispatches=[dispatch.id]
    )
    world.settle()

    assert world.dispatch(dispatch).state is DispatchState.REGISTERED


def test_the_receiver_lets_its_lost_receipts_go_out_by_asking_for_the_letter_again(world: World) -> None:
    dispatch = world.sent()
    world.collect(world.b)
    register_all(world, world.b)
    world.send_out()
    world.post.take_out(A, receipts)
    one = ask(world, world.b, "a")
    world.settle()
    assert found(world, world.b, one)[dispatch.id].outcome is Outcome.RECEIPT_MISSING

    reconciling.ask_again(
        world.services, actor=world.actor(world.b, "clerk"), reconciliation_id=one.id, dispatches=[dispatch.id]
    )
    world.settle()

    assert world.dispatch(dispatch).state is DispatchState.REGISTERED


def test_a_wrong_number_is_told_to_the_receiver_and_shown_there_to_a_clerk(world: World) -> None:
    dispatch = world.sent()
    world.settle()
    register_all(world, world.b)
    world.send_out()
    [receipt] = world.post.lying(A, receipts)
    world.settle()
    with world.office.writing.begin() as connection:  # behind the back of the receiver's register
        connection.execute(update(incoming_table).values(register_number=77))
    one = ask(world, world.a, "b")
    world.settle()
    assert found(world, world.a, one)[dispatch.id].remedy is Remedy.NUMBER_WRONG

    clerk = world.actor(world.a, "clerk")
    dispute_numbers(world.services, actor=clerk, reconciliation_id=one.id, dispatches=[dispatch.id])
    with pytest.raises(RuleBroken, match="แจ้งผู้รับแล้ว"):
        dispute_numbers(world.services, actor=clerk, reconciliation_id=one.id, dispatches=[dispatch.id])
    world.settle()

    [card] = world.incoming(world.b, IncomingState.HELD)
    [letter] = world.incoming(world.b, IncomingState.REGISTERED)
    assert card.findings[0]["check"] == "number_questioned" and "๗๗/๒๕๖๙" in str(card.findings[0]["thai"])
    assert "incoming.number-questioned" in world.events(letter.id)
    assert world.dispatch(dispatch).state is DispatchState.REGISTERED, "a notice moves nothing"
    assert world.receipts_given(world.b) == ["received", "registered"], "a notice is never answered by itself"

    told = tell_number_again(world.services, actor=world.actor(world.b, "clerk"), incoming_id=card.id)
    world.send_out()
    assert (told.number, told.year) == (1, 2569), "the register counts, and not what the letter says"
    assert as_sent(*world.post.lying(A, receipts)) == as_sent(receipt), "the register says what was said: same bytes"
    world.settle()
    assert world.incoming(world.b, IncomingState.HELD) == []
    assert compared(world, world.a, "b")[dispatch.id].outcome is Outcome.AGREES


def test_a_number_that_was_said_wrongly_is_put_right_by_a_new_receipt(world: World) -> None:
    dispatch = world.sent()
    world.settle()
    register_all(world, world.b)
    with world.office.writing.begin() as connection:  # the receipt that leaves names another number
        owed = statements.c.sealed.is_(None)
        payload = json.loads(connection.execute(select(statements.c.payload).where(owed)).scalar_one())
        payload["register"]["number"] = "77"
        connection.execute(update(statements).where(owed).values(payload=json.dumps(payload, ensure_ascii=False)))
    world.settle()
    assert world.dispatch(dispatch).register_number == "77"
    one = ask(world, world.a, "b")
    world.settle()
    clerk = world.actor(world.a, "clerk")
    dispute_numbers(world.services, actor=clerk, reconciliation_id=one.id, dispatches=[dispatch.id])
    world.settle()
    [card] = world.incoming(world.b, IncomingState.HELD)
    world.later(hours=1)

    tell_number_again(world.services, actor=world.actor(world.b, "clerk"), incoming_id=card.id)
    world.settle()

    stands = world.dispatch(dispatch)
    assert (stands.state, stands.register_number, stands.problem) == (DispatchState.REGISTERED, "1", "")
    assert world.receipts_given(world.b) == ["received", "registered", "registered"]
    assert [e.step for e in world.evidence(dispatch)].count("registered") == 2, "all evidence is kept"
    assert compared(world, world.a, "b")[dispatch.id].outcome is Outcome.AGREES
    with pytest.raises(StageNotAllowed):
        tell_number_again(world.services, actor=world.actor(world.b, "clerk"), incoming_id=card.id)


def test_a_held_letter_is_seen_from_both_sides(world: World) -> None:
    dispatch = world.sent()
    world.know(*(c for c in world.correspondents if c.code != "a"))
    world.collect(world.b)
    world.know(*world.correspondents)
    [card] = world.incoming(world.b, IncomingState.HELD)
    with world.office.writing.begin() as connection:  # the mailbox was known, only its seal was not
        connection.execute(update(incoming_table).values(from_code="a"))

    ours, theirs = compared(world, world.a, "b"), compared(world, world.b, "a")

    assert (ours[dispatch.id].outcome, theirs[dispatch.id].outcome) == (Outcome.HELD, Outcome.HELD)
    release_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=card.id, reason="ตรวจแล้ว")
    world.settle()
    assert compared(world, world.a, "b")[dispatch.id].outcome is Outcome.AGREES


def test_the_same_letter_counts_to_the_same_day_on_both_sides_of_midnight(world: World) -> None:
    evening = datetime.fromisoformat("2026-11-30T23:50:00+07:00")
    world.clock.move_to(evening)
    dispatch = world.sent()
    world.clock.move_to(evening + timedelta(hours=9))
    world.settle()

    november = ask(world, world.a, "b", date(2026, 11, 1), date(2026, 11, 30))
    december = ask(world, world.a, "b", date(2026, 12, 1), date(2026, 12, 1))
    world.settle()

    assert found(world, world.a, november)[dispatch.id].outcome is Outcome.AGREES
    assert found(world, world.a, december) == {}


def test_nothing_is_asked_of_an_agency_that_does_not_take_part(world: World) -> None:
    with pytest.raises(BadInput) as refused:
        ask(world, world.a, "town")
    assert "ยังไม่รองรับ" in refused.value.fields["agency"]
    world.know(*(replace(c, capabilities={"saraban": 1}) if c.code == "a" else c for c in world.correspondents))
    with pytest.raises(RuleBroken, match="ติดต่อผู้ดูแลระบบ"):
        ask(world, world.a, "b")


def test_a_silent_agency_is_asked_once_more_with_the_same_bytes(world: World) -> None:
    one = ask(world, world.a, "peer")
    world.send_out()
    [first] = world.post.lying(PEER, comparisons)
    world.later(hours=23)
    assert len(world.post.lying(PEER, comparisons)) == 1
    world.later(hours=2)
    world.later(hours=48)

    assert as_sent(*world.post.lying(PEER, comparisons)) == as_sent(first, first)
    assert len(as_it_stands(world, world.a, one).repeats) == 1


def test_a_request_whose_relay_refuses_it_is_given_up_and_others_go_on(world: World) -> None:
    one = ask(world, world.a, "peer")
    world.later(days=4)
    with world.office.reading.connect() as connection:
        states = dict(connection.execute(outbox.select().with_only_columns(outbox.c.ref, outbox.c.state)).all())
    assert states[one.request_id] == "sent" and as_it_stands(world, world.a, one).answered_at is None


# --- with an agency that only the test plays --------------------------------------------------------------------


def message(
    world: World,
    said: wire.Reconciliation,
    *,
    seal: HeldKey | None = None,
    data: bytes | None = None,
    spoil: Callable[[bytes], bytes] = bytes,
) -> bytes:
    """A request or answer of the peer as bytes. `data` may be anything; `spoil` changes the inner signature."""
    store, now = Store(), world.clock.now()
    sealer = KeySealer(seal or world.peer.seal)
    made = wire.request_bytes if isinstance(said, ReconcileRequest) else wire.answer_bytes
    data = made(said) if data is None else data  # type: ignore[operator]
    name = world.peer.party.name
    entity = wire.reconcile_entity(said, data, spoil(sealer.seal(Digest.of(data), now)), sender_name=name)
    outer = sealer.seal(entity.digest(store.__getitem__), now)
    envelope = wire.reconcile_envelope(said, entity, outer, at=now, blob=store.__getitem__, sender_name=name)
    return b"".join(envelope.chunks(store.__getitem__))


def a_request(world: World, **changes: Any) -> ReconcileRequest:
    """The peer asks agency a about today."""
    plain = ReconcileRequest(uuid4(), "peer", PEER, "a", A, world.clock.now(), today(world), today(world))
    return replace(plain, **changes)


def an_answer(world: World, to: Reconciliation, **changes: Any) -> ReconcileAnswer:
    """The peer answers a request of agency a."""
    plain = ReconcileAnswer(uuid4(), to.request_id, "peer", PEER, "a", A, world.clock.now(), to.since, to.until)
    return replace(plain, **changes)


def answers(world: World) -> list[ReconcileAnswer]:
    """The answers that lie in the peer's mailbox."""
    said = [read_message(raw).reconcile for raw in world.post.lying(PEER, comparisons)]
    read = [wire.read_reconcile(data) for data in said if data is not None]
    return [one for one in read if isinstance(one, ReconcileAnswer)]


def test_a_strangers_request_is_answered_to_the_byte_of_the_page(world: World) -> None:
    sent = world.sent("peer")
    manifest = world.peer.manifest(world.a.party)
    world.peer.post(A, world.peer.letter(manifest))
    world.settle()
    register_all(world, world.a)
    world.settle()
    world.post.take_out(PEER)
    request = a_request(world)
    world.peer.post(A, message(world, request))
    world.settle()

    [raw] = world.post.lying(PEER)
    mail = read_message(raw)
    [answer] = answers(world)
    assert mail.saraban is not None and (mail.saraban.kind, mail.saraban.id, mail.saraban.of) == (
        "reconcile", answer.id, request.id
    )  # fmt: skip
    assert mail.in_reply_to == f"<{request.id}@peer.test>" and mail.message_id == f"<{answer.id}@a.test>"
    assert (mail.auto_submitted, mail.from_address, mail.to_addresses) == ("auto-replied", A, (PEER,))
    assert world.services.verifier.status(
        mail.reconcile or b"", mail.reconcile_p7s or b"", keyring_trust(world), world.clock.now()
    ).good
    [ours], [theirs] = answer.sent, answer.received
    assert (ours.dispatch, ours.state, ours.register) == (sent.id, "relayed", None)
    assert (theirs.dispatch, theirs.state, theirs.number) == (manifest.id, "registered", manifest.number)
    assert theirs.register is not None and theirs.register.number == "1" and not answer.truncated
    assert theirs.manifest_sha256 == Digest.of(manifest.to_bytes()).hex
    assert (answer.of, answer.since, answer.until) == (request.id, request.since, request.until)


def keyring_trust(world: World) -> Any:
    """What the directory says of agency a's seal."""
    from saraban.usecases.answering import trusted_seal

    with world.services.uow() as uow:
        return trusted_seal(uow.directory.by_code("a"))


def test_the_answer_holds_nothing_but_letters_between_the_two(world: World) -> None:
    world.sent("b", "town")
    world.sent(by=world.b, **{"recipients": ("a",)})
    world.settle()
    world.peer.post(A, message(world, a_request(world)))
    world.settle()

    [answer] = answers(world)
    assert (answer.sent, answer.received) == ((), ())


def test_the_same_request_gets_the_same_answer_bytes_and_sends_nothing_again(world: World) -> None:
    dispatch = world.sent("peer")
    first_letter = world.post.take_out(PEER, letters)
    request = message(world, a_request(world, send_again=(dispatch.id,)))
    world.peer.post(A, request)
    world.settle()
    assert as_sent(*world.post.take_out(PEER, letters)) == as_sent(*first_letter)
    [answer] = world.post.take_out(PEER, comparisons)

    world.peer.post(A, request)
    world.peer.post(A, request)
    world.settle()

    assert set(as_sent(*world.post.lying(PEER, comparisons))) == set(as_sent(answer))
    assert world.post.lying(PEER, letters) == []


def test_the_same_id_with_other_bytes_is_shown_and_not_answered(world: World) -> None:
    request = a_request(world)
    world.peer.post(A, message(world, request))
    world.settle()
    world.post.take_out(PEER)
    world.peer.post(A, message(world, replace(request, since=today(world) - timedelta(days=1))))
    world.settle()

    assert world.post.lying(PEER) == []
    [card] = world.incoming(world.a, IncomingState.HELD)
    assert "เนื้อหาไม่ตรงกับครั้งก่อน" in str(card.findings[0]["thai"])


def test_only_dispatches_that_were_sent_to_the_asking_agency_are_sent_again(world: World) -> None:
    theirs, of_others = world.sent("peer"), world.sent("b")
    world.settle()
    waiting = world.queued("peer")
    world.post.take_out(PEER)
    ids = (theirs.id, of_others.id, waiting.id, uuid4())
    world.peer.post(A, message(world, a_request(world, send_again=ids)))
    world.collect(world.a)

    with world.office.reading.connect() as connection:
        queued = set(
            connection.execute(
                outbox.select().with_only_columns(outbox.c.ref).where(outbox.c.state == "queued")
            ).scalars()
        )
    assert queued == {theirs.id}
    world.settle()
    assert [answer.sent_again for answer in answers(world)] == [(theirs.id,)]


def test_more_than_twenty_four_requests_a_day_are_not_answered(world: World) -> None:
    for _ in range(26):
        world.peer.post(A, message(world, a_request(world)))
    world.settle()
    assert len(answers(world)) == 24
    world.later(hours=25)
    world.peer.post(A, message(world, a_request(world)))
    world.settle()
    assert len(answers(world)) == 25


LIES: dict[str, Callable[[World], tuple[wire.Reconciliation, dict[str, Any]]]] = {
    "a forged seal": lambda w: (a_request(w), {"spoil": lambda p7s: p7s[:-8] + bytes(8)}),
    "no signature": lambda w: (a_request(w), {"spoil": lambda _: b""}),
    "another agency's seal": lambda w: (a_request(w), {"seal": keyring.seal(NAMES["b"], B)}),
    "another agency's name": lambda w: (a_request(w, from_code="b", from_mailbox=B), {}),
    "another agency's code": lambda w: (a_request(w, from_code="b"), {}),
    "an unknown agency": lambda w: (a_request(w, from_code="nobody"), {}),
    "for another agency": lambda w: (a_request(w, to_code="b", to_mailbox=B), {}),
    "other bytes inside": lambda w: (a_request(w), {"data": b'{"saraban":1,"kind":"reconcile-request"}'}),
    "another id inside": lambda w: (a_request(w), {"data": wire.request_bytes(a_request(w))}),
    "no json": lambda w: (a_request(w), {"data": b"\xff\x00{" * 99}),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_shown_to_a_clerk_and_never_answered(world: World, lie: str) -> None:
    said, how = LIES[lie](world)
    raw = message(world, said, **how)
    world.peer.post(A, raw)
    world.settle()
    world.peer.post(A, raw)
    world.settle()

    assert world.post.lying(PEER) == [] and world.post.lying(B) == []
    [card] = world.incoming(world.a)
    assert card.state is IncomingState.HELD and card.findings[0]["check"] == "reconciliation"
    assert str(card.findings[0]["thai"]).strip()
    assert world.receipts_given(world.a) == []


def test_an_agency_that_does_not_take_part_is_not_answered(world: World) -> None:
    world.know(*(replace(c, capabilities={"saraban": 1}) if c.code == "peer" else c for c in world.correspondents))
    world.peer.post(A, message(world, a_request(world)))
    world.settle()
    assert world.post.lying(PEER) == [] and len(world.incoming(world.a, IncomingState.HELD)) == 1


def test_a_request_copied_by_a_stranger_is_answered_only_to_the_directorys_mailbox(world: World) -> None:
    raw = message(world, a_request(world))
    world.peer.post(A, raw)
    world.settle()
    [answer] = world.post.take_out(PEER)
    world.post.put(A, raw.replace(b"From: ", b"Reply-To: <thief@evil.test>\r\nFrom: ", 1))
    world.settle()
    assert as_sent(*world.post.lying(PEER)) == as_sent(answer)


def test_an_answer_counts_only_when_it_was_asked_for(world: World) -> None:
    one = ask(world, world.a, "peer")
    world.send_out()
    strange = an_answer(world, one)
    for wrong in (
        replace(strange, id=uuid4(), of=uuid4()),
        replace(strange, id=uuid4(), since=one.since - timedelta(days=1)),
    ):
        world.peer.post(A, message(world, wrong))
    world.peer.post(A, message(world, replace(strange, id=uuid4()), spoil=lambda p7s: p7s[:-8] + bytes(8)))
    other = ask(world, world.a, "b")
    world.peer.post(A, message(world, an_answer(world, other)))
    world.collect(world.a)

    assert as_it_stands(world, world.a, one).answered_at is None
    assert as_it_stands(world, world.a, other).answered_at is None
    assert len(world.incoming(world.a, IncomingState.HELD)) == 4
    world.peer.post(A, message(world, strange))
    world.settle()
    assert as_it_stands(world, world.a, one).answered_at is not None


def test_a_second_answer_changes_nothing(world: World) -> None:
    dispatch = world.sent("peer")
    one = ask(world, world.a, "peer")
    world.send_out()
    item = ReconcileItem(dispatch.id, dispatch.manifest_sha256, "", None, "received", world.clock.now())
    world.peer.post(A, message(world, an_answer(world, one)))
    world.settle()
    first = as_it_stands(world, world.a, one)
    world.peer.post(A, message(world, an_answer(world, one, received=(item,))))
    world.settle()

    assert vars(as_it_stands(world, world.a, one)) == vars(first)
    assert world.incoming(world.a) == []
    assert found(world, world.a, one)[dispatch.id].outcome is Outcome.THEY_LACK


def test_nothing_follows_from_absence_in_a_truncated_answer(world: World) -> None:
    dispatch = world.sent("peer")
    one = ask(world, world.a, "peer")
    world.send_out()
    world.peer.post(A, message(world, an_answer(world, one, truncated=True)))
    world.settle()

    assert found(world, world.a, one) == {}
    with pytest.raises(NotFound):
        reconciling.send_again(
            world.services, actor=world.actor(world.a, "clerk"), reconciliation_id=one.id, dispatches=[dispatch.id]
        )


def test_an_answer_moves_no_dispatch(world: World) -> None:
    dispatch = world.sent("peer")
    world.settle()
    one = ask(world, world.a, "peer")
    world.send_out()
    claims = ReconcileItem(dispatch.id, dispatch.manifest_sha256, "", None, "completed", world.clock.now())
    before = (world.dispatch(dispatch), world.evidence(dispatch))
    world.peer.post(A, message(world, an_answer(world, one, received=(claims,))))
    world.settle()

    assert found(world, world.a, one)[dispatch.id].outcome is Outcome.RECEIPT_MISSING
    assert vars(world.dispatch(dispatch)) == vars(before[0]) and world.evidence(dispatch) == before[1]


def test_a_liar_cannot_make_us_send_again_what_is_not_ours_to_send(world: World) -> None:
    theirs = world.sent(by=world.b, **{"recipients": ("peer",)})
    one = ask(world, world.a, "peer")
    world.send_out()
    claimed = ReconcileItem(theirs.id, "ab" * 32, "", None, "received", world.clock.now())
    world.peer.post(A, message(world, an_answer(world, one, received=(claimed,))))
    world.settle()

    assert found(world, world.a, one)[theirs.id].outcome is Outcome.UNKNOWN_HERE
    with pytest.raises(RuleBroken):
        reconciling.send_again(
            world.services, actor=world.actor(world.a, "clerk"), reconciliation_id=one.id, dispatches=[theirs.id]
        )
