"""The relay is down, says no, or returns the letter; the receiver is silent: what the sender is told, and when."""

from __future__ import annotations

from datetime import timedelta

from saraban.domain.dispatch import Dispatch, DispatchState, Evidence
from saraban.domain.receipt import ReasonCode, Receipt, Step
from saraban.exchange.parse import read_message
from saraban.exchange.receipts import read_statement
from saraban.storage.tables.exchange import outbox
from tests.journeys.post_office import letters, receipts
from tests.journeys.test_repeated_lost_and_reordered import same_mail
from tests.journeys.world import PEER, A, B, World


def our_statement(world: World, dispatch: Dispatch) -> tuple[Evidence, Receipt]:
    """The sealed negative evidence that the gateway made for itself."""
    (evidence,) = [e for e in world.evidence(dispatch) if e.step == "undelivered"]
    assert evidence.raw is not None
    statement = read_message(world.services.blobs.open(evidence.raw)).statement
    assert statement is not None
    return evidence, read_statement(statement)


def a_bounce(dispatch: Dispatch, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery status notification as Postfix writes it."""
    lines = [
        "From: MAILER-DAEMON@mx.test (Mail Delivery System)",
        f"To: {A}",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "Message-ID: <bounce@mx.test>",
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "I'm sorry to have to inform you that your message could not be delivered.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.test",
        f"Original-Envelope-Id: {dispatch.id}",
        "",
        f"Final-Recipient: rfc822; {PEER}",
        f"Action: {action}",
        f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


def test_a_relay_that_is_down_keeps_the_letter_waiting_until_it_is_back(world: World) -> None:
    dispatch = world.queued()
    world.hub.down()
    world.send_out()
    waiting = world.dispatch(dispatch)
    assert waiting.state is DispatchState.QUEUED and waiting.problem.startswith("รอส่งอีกครั้ง")
    (first,) = world.rows(outbox, world.a)
    world.clock.pass_by(timedelta(seconds=10))
    world.send_out()
    (second,) = world.rows(outbox, world.a)
    assert second.attempts == 2
    assert second.next_at - world.clock.now() > first.next_at - (world.clock.now() - timedelta(seconds=10))

    world.hub.up()
    world.later(minutes=2)

    done = world.dispatch(dispatch)
    assert done.state is DispatchState.RECEIVED and done.problem == ""
    assert world.events(dispatch.letter_id).count("dispatch.postponed") == 2


def test_a_relay_that_says_not_now_is_asked_again(world: World) -> None:
    dispatch = world.queued()
    world.hub.mischief.replies["RCPT"] = ["451 4.3.2 please come back later"]
    world.send_out()
    assert "451" in world.dispatch(dispatch).problem
    world.later(seconds=10)
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED


def test_a_relay_that_says_no_ends_in_our_own_sealed_statement(world: World) -> None:
    dispatch = world.queued()
    world.hub.mischief.replies["RCPT"] = ["550 5.1.1 no such mailbox"]
    world.send_out()
    world.later(minutes=1)
    assert world.dispatch(dispatch).state is DispatchState.UNDELIVERED
    evidence, receipt = our_statement(world, dispatch)
    assert receipt.reason is not None and receipt.reason.code is ReasonCode.RELAY_REFUSED
    assert "550 5.1.1 no such mailbox" in receipt.reason.text
    assert evidence.verdict is not None and evidence.verdict["problem"] is None and evidence.verdict["valid"]
    world.later(days=4)
    assert world.post.lying(B) == [] and len(world.evidence(dispatch)) == 1


def test_a_bounce_ends_in_our_own_sealed_statement_and_a_late_receipt_beats_it(world: World) -> None:
    dispatch = world.sent("peer")
    world.settle()
    world.post.put(A, a_bounce(dispatch))
    world.settle()
    assert "ตีกลับ" in world.dispatch(dispatch).problem
    world.later(minutes=1)
    assert world.dispatch(dispatch).state is DispatchState.UNDELIVERED
    assert our_statement(world, dispatch)[1].reason.code is ReasonCode.BOUNCED  # type: ignore[union-attr]

    told = world.peer.statement(dispatch, Step.RECEIVED, at=dispatch.created_at)
    world.peer.post(A, world.peer.receipt(told))
    world.settle()
    done = world.dispatch(dispatch)
    assert (done.state, done.failure, done.problem) == (DispatchState.RECEIVED, "", "")


def test_a_notice_of_delay_is_shown_and_ends_nothing(world: World) -> None:
    dispatch = world.sent("peer")
    world.settle()
    world.post.put(A, a_bounce(dispatch, "delayed", "4.4.1"))
    world.settle()
    world.later(minutes=1)
    waiting = world.dispatch(dispatch)
    assert waiting.state is DispatchState.RELAYED and waiting.problem
    assert "delayed" in [e.step for e in world.evidence(dispatch)]


def test_silence_brings_the_same_bytes_once_more_and_then_our_own_statement(world: World) -> None:
    dispatch = world.sent("peer")
    world.later(hours=23, minutes=59)
    assert len(world.post.lying(PEER, letters)) == 1
    world.later(minutes=2)
    first, second = world.post.lying(PEER, letters)
    assert same_mail(first, second)
    world.later(hours=24)
    assert len(world.post.lying(PEER, letters)) == 2
    assert world.dispatch(dispatch).state is DispatchState.RELAYED

    world.later(hours=24)

    assert world.dispatch(dispatch).state is DispatchState.UNDELIVERED
    _, receipt = our_statement(world, dispatch)
    assert receipt.reason is not None and receipt.reason.code is ReasonCode.EXPIRED
    told = world.peer.statement(dispatch, Step.REGISTERED, at=world.clock.now())
    world.peer.post(A, world.peer.receipt(told))
    world.settle()
    assert world.dispatch(dispatch).state is DispatchState.REGISTERED
    assert {"undelivered", "registered"} <= {e.step for e in world.evidence(dispatch)}, "all evidence is kept"


def test_a_letter_whose_time_ran_out_in_the_queue_is_not_sent_any_more(world: World) -> None:
    dispatch = world.queued()
    world.hub.down()
    world.send_out()
    world.clock.pass_by(timedelta(hours=73))
    world.hub.up()

    world.send_out()

    assert world.post.lying(B) == []
    world.later(minutes=1)
    assert world.post.lying(B) == []
    assert world.dispatch(dispatch).state is DispatchState.UNDELIVERED
    assert our_statement(world, dispatch)[1].reason.code is ReasonCode.EXPIRED  # type: ignore[union-attr]


def test_a_receipt_that_cannot_be_sent_is_tried_again_and_the_letter_is_not_sent_again(world: World) -> None:
    dispatch = world.sent()
    world.collect(world.b)
    world.hub.mischief.replies["DATA"] = ["451 4.3.0 no room", "451 4.3.0 no room"]
    world.send_out()
    world.settle()
    assert world.post.lying(A, receipts) == [] and world.dispatch(dispatch).state is DispatchState.RELAYED
    world.later(seconds=10)
    world.later(minutes=1)
    world.later(minutes=3)
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED
    assert world.dispatch(dispatch).resends == 0
