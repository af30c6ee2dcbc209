"""What a relay may do wrong, played by the hub: each trouble becomes the right kind of result."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from saraban.exchange.envelope import OutboxKind
from saraban.mail import smtp
from saraban.mail.errors import TemporaryFailure
from saraban.mail.imap import ImapMailbox
from saraban.mail.smtp import SmtpTransport
from saraban.usecases.mailing import SendOutcome
from tests.mail.correspondence import MOC, NSO, Post, a_message, an_envelope, no_files
from tests.mailservers.hub_thread import HubThread
from tests.mailservers.proxy import Proxy


def test_a_relay_that_is_down_is_waited_for(hub: HubThread, hub_post: Post) -> None:
    hub.down()
    result = hub_post.send(an_envelope())
    with pytest.raises(TemporaryFailure), hub_post.mailboxes.open(NSO):
        pass
    hub.up()

    assert (result.outcome, result.code, result.ambiguous) == (SendOutcome.TEMPORARY, 0, False)
    assert hub_post.send(an_envelope()).outcome == SendOutcome.ACCEPTED


def test_a_relay_that_restarts_between_two_messages_gets_both(hub: HubThread, hub_post: Post) -> None:
    assert hub_post.send(an_envelope()).outcome == SendOutcome.ACCEPTED
    hub.down()
    hub.up()

    assert hub_post.send(an_envelope()).outcome == SendOutcome.ACCEPTED
    assert len(hub_post.fetched(NSO, 0, 2)) == 2


def test_a_connection_lost_after_the_final_dot_is_ambiguous(hub: HubThread, hub_post: Post) -> None:
    raw = a_message(b"once\r\n")
    hub.mischief.drop_next_accept = True

    first = hub_post.send(an_envelope(raw))
    second = hub_post.send(an_envelope(raw))

    assert (first.outcome, first.code, first.ambiguous) == (SendOutcome.TEMPORARY, 0, True)
    assert (second.outcome, second.ambiguous) == (SendOutcome.ACCEPTED, False)
    copies = hub_post.fetched(NSO, 0, 2)
    assert [copy.endswith(raw) for copy in copies] == [True, True]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("reply", "outcome"), [("451 4.7.1 later", SendOutcome.TEMPORARY), ("554 5.7.1 never", SendOutcome.PERMANENT)]
)
def test_the_kind_of_a_refusal_is_that_of_its_code(
    hub: HubThread, hub_post: Post, stage: str, reply: str, outcome: str
) -> None:
    hub.mischief.replies[stage] = [reply]

    result = hub_post.send(an_envelope())

    assert (result.outcome, f"{result.code} {result.reply}") == (outcome, reply)
    assert hub_post.highest(NSO) == 0
    assert hub_post.send(an_envelope()).outcome == SendOutcome.ACCEPTED


def test_552_for_a_recipient_means_wait_and_for_a_message_never(hub: HubThread, hub_post: Post) -> None:
    hub.mischief.replies = {"RCPT": ["552 5.2.2 too many recipients"]}
    assert hub_post.send(an_envelope()).outcome == SendOutcome.TEMPORARY

    hub.mischief.replies = {"DATA": ["552 5.3.4 too large"]}
    assert hub_post.send(an_envelope()).outcome == SendOutcome.PERMANENT


def test_421_on_a_kept_connection_is_answered_with_a_fresh_one(hub: HubThread, hub_post: Post) -> None:
    hub_post.send(an_envelope())
    hub.mischief.replies["MAIL"] = ["421 4.4.2 idle too long"]

    assert hub_post.send(an_envelope()).outcome == SendOutcome.ACCEPTED


def test_421_again_and_again_is_a_reason_to_wait(hub: HubThread, hub_post: Post) -> None:
    hub.mischief.replies["MAIL"] = ["421 4.3.2 closing"] * 5

    result = hub_post.send(an_envelope())

    assert (result.outcome, result.ambiguous) == (SendOutcome.TEMPORARY, False)
    assert len(hub.mischief.replies["MAIL"]) == 4


def test_a_relay_without_null_sender_gets_the_mailbox_and_is_remembered(hub: HubThread, hub_post: Post) -> None:
    hub.mischief.null_sender_reply = "550 5.7.1 null sender not allowed"
    receipt = an_envelope(sender="", fallback=MOC)

    first, second = hub_post.send(receipt), hub_post.send(receipt)

    assert (first.outcome, second.outcome) == (SendOutcome.ACCEPTED, SendOutcome.ACCEPTED)
    assert "ไม่รับผู้ส่งว่าง" in first.reply and "ไม่รับผู้ส่งว่าง" in second.reply
    assert [sender for stage, sender in hub.mischief.seen if stage == "MAIL"] == ["", MOC, MOC]
    assert hub_post.fetched(NSO, 0, 2)[0].startswith(b"Return-Path: <saraban@moc.test>\r\n")


def test_a_null_sender_that_is_only_put_off_is_not_replaced(hub: HubThread, hub_post: Post) -> None:
    hub.mischief.null_sender_reply = "450 4.7.1 greylisted"

    result = hub_post.send(an_envelope(sender="", fallback=MOC))

    assert (result.outcome, result.code) == (SendOutcome.TEMPORARY, 450)


def test_a_mailbox_that_stands_in_for_the_null_sender_may_be_put_off_too(hub: HubThread, hub_post: Post) -> None:
    hub.mischief.null_sender_reply = "550 5.7.1 null sender not allowed"
    hub.mischief.replies["MAIL"] = ["451 4.7.1 later"]

    result = hub_post.send(an_envelope(sender="", fallback=MOC))

    assert (result.outcome, result.code) == (SendOutcome.TEMPORARY, 451)


def test_a_mailbox_without_idle_is_asked_now_and_then(hub: HubThread, hub_post: Post) -> None:
    proxy = Proxy(hub.imap_port, ((b" IDLE ", b" XDLE "),))
    mailbox = ImapMailbox(replace(hub.imap_account(NSO), port=proxy.port))
    assert "IDLE" not in mailbox.capabilities
    assert mailbox.new_uids(0) == []
    assert not mailbox.idle(0.1)

    hub_post.send(an_envelope())

    assert mailbox.idle(0.1)
    assert mailbox.new_uids(0) == [1]
    mailbox.close()
    proxy.close()
    assert b" IDLE\r\n" not in proxy.heard


def test_a_message_delivered_twice_lies_twice_in_the_mailbox(hub: HubThread, hub_post: Post) -> None:
    hub.mischief.times = 2

    hub_post.send(an_envelope())

    first, second = hub_post.fetched(NSO, 0, 2)
    assert first == second


def test_a_connection_cut_in_the_middle_of_fetching_fails_for_now_only(hub: HubThread, hub_post: Post) -> None:
    hub_post.send(an_envelope())
    with hub_post.mailboxes.open(NSO) as reader:
        hub.mischief.drop_imap_at = "UID"
        with pytest.raises(TemporaryFailure):
            reader.fetch(1)

    assert len(hub_post.fetched(NSO, 0)) == 1


def test_a_changed_uidvalidity_is_seen_at_the_next_opening(hub: HubThread, hub_post: Post) -> None:
    for _ in range(3):
        hub_post.send(an_envelope())
    with hub_post.mailboxes.open(NSO) as reader:
        first = reader.uidvalidity
        reader.remove([1])
    hub.renumber(NSO)

    with hub_post.mailboxes.open(NSO) as reader:
        assert reader.uidvalidity != first
        assert reader.new_uids(0) == [1, 2]


def test_a_relay_that_takes_no_notices_is_not_asked_for_them(hub: HubThread, hub_post: Post) -> None:
    hub.mischief.without_dsn = True

    result = hub_post.send(an_envelope(kind=OutboxKind.LETTER))

    assert (result.outcome, result.dsn) == (SendOutcome.ACCEPTED, False)
    assert hub_post.highest(MOC) == 0


def test_connections_of_an_account_that_nobody_asks_for_any_more_are_closed(
    hub: HubThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "_IDLE_SECONDS", 0.2)
    monkeypatch.setattr(smtp, "ACCOUNT_SECONDS", 0.2)
    right = hub.smtp_account(MOC)
    accounts = [right, replace(right, timeout_seconds=9.0)]
    transport = SmtpTransport(lambda *_: accounts[0])
    assert transport.send(MOC, an_envelope(), no_files).outcome == SendOutcome.ACCEPTED
    [[kept]] = transport._idle.values()
    accounts.pop(0)
    time.sleep(0.3)

    assert transport.send(MOC, an_envelope(), no_files).outcome == SendOutcome.ACCEPTED

    assert list(transport._idle) == accounts
    assert kept._smtp.sock is None, "its socket is closed"
    transport.close()


def test_an_account_is_looked_up_once_for_a_circular_and_at_once_when_it_did_not_serve(
    hub: HubThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "ACCOUNT_SECONDS", 60.0)
    right = hub.smtp_account(MOC)
    answers = [replace(right, password="old"), right, replace(right, password="changed later")]
    transport = SmtpTransport(lambda *_: answers.pop(0))

    outcomes = [transport.send(MOC, an_envelope(), no_files).outcome for _ in range(4)]

    assert outcomes == [SendOutcome.TEMPORARY, *[SendOutcome.ACCEPTED] * 3]
    assert len(answers) == 1
    transport.close()


def test_an_account_that_was_changed_counts_within_a_second(hub: HubThread, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "ACCOUNT_SECONDS", 0.05)
    right = hub.smtp_account(MOC)
    answers = [right, replace(right, password="changed")]
    transport = SmtpTransport(lambda *_: answers.pop(0))
    assert transport.send(MOC, an_envelope(), no_files).outcome == SendOutcome.ACCEPTED
    time.sleep(0.1)

    assert transport.send(MOC, an_envelope(), no_files).outcome == SendOutcome.TEMPORARY
    transport.close()
