"""What must hold at every mail server; each test runs with the hub and with Postfix and Dovecot."""

from __future__ import annotations

import base64
import hashlib
import random
import threading
import time
from email import message_from_bytes, policy
from uuid import uuid4

import pytest

from saraban.domain.attachment import Digest
from saraban.exchange.envelope import Literal, OutboxKind
from saraban.mail.accounts import MailAccount
from saraban.mail.errors import AuthenticationFailure, MailGone
from saraban.mail.imap import ImapMailboxes
from saraban.mail.smtp import SmtpTransport
from saraban.usecases.mailing import SendOutcome
from tests.mail.correspondence import EDU, MOC, NSO, Post, a_message, an_envelope, encoded, no_files


def test_a_sent_message_arrives_with_its_exact_bytes(post: Post) -> None:
    before = post.highest(NSO)
    raw = a_message(b".first\r\n..second\r\n\r\n.\r\nFrom here\r\n\r\n")

    result = post.send(an_envelope(raw))

    assert (result.outcome, result.code, result.ambiguous) == (SendOutcome.ACCEPTED, 250, False)
    [received] = post.fetched(NSO, before)
    assert received.endswith(raw)
    assert received.startswith(b"Return-Path: <saraban@moc.test>\r\n")
    assert b"Received: from " in received[: -len(raw)]


def test_twenty_megabytes_out_of_segments_arrive_with_their_exact_bytes(post: Post) -> None:
    before = post.highest(NSO)
    file = random.Random(7).randbytes(14_000_000)
    text = base64.encodebytes(file).replace(b"\n", b"\r\n")
    head, foot = a_message(b"begin\r\n"), b"\r\n--end--\r\n"
    raw = head + text + foot
    parts = (Literal(head), encoded(text), Literal(foot))
    assert len(raw) > 19_000_000

    result = post.transport.send(MOC, an_envelope(raw, segments=parts), {Digest.of(text): text}.__getitem__)

    assert result.outcome == SendOutcome.ACCEPTED, result
    with post.mailboxes.open(NSO) as reader:
        [uid] = post.wait_for(reader, before)
        received = reader.fetch(uid)
        assert reader.size(uid) == len(received)
    assert hashlib.sha256(received[-len(raw) :]).digest() == hashlib.sha256(raw).digest()


def test_thai_headers_and_names_come_through_unchanged(post: Post) -> None:
    before = post.highest(NSO)
    subject = base64.b64encode("ที่ นร ๑๒๐๐/๑ เรื่อง ขอเชิญประชุม".encode()).decode()

    post.send(an_envelope(a_message(b"x\r\n", subject=f"=?utf-8?b?{subject}?=")))

    [received] = post.fetched(NSO, before)
    assert message_from_bytes(received, policy=policy.default)["Subject"] == "ที่ นร ๑๒๐๐/๑ เรื่อง ขอเชิญประชุม"


def test_a_mailbox_that_does_not_exist_is_refused_for_good(post: Post) -> None:
    result = post.send(an_envelope(recipient="nobody@nso.test"))

    assert (result.outcome, result.code) == (SendOutcome.PERMANENT, 550)
    assert "5.1.1" in result.reply


def test_the_connection_serves_the_next_message_after_a_refusal(post: Post) -> None:
    before = post.highest(NSO)
    post.send(an_envelope(recipient="nobody@nso.test"))

    assert post.send(an_envelope()).outcome == SendOutcome.ACCEPTED
    assert len(post.fetched(NSO, before)) == 1


def test_nobody_sends_under_the_address_of_another_agency(post: Post) -> None:
    result = post.send(an_envelope(sender=EDU), by=MOC)

    assert (result.outcome, result.code) == (SendOutcome.PERMANENT, 553)


def test_a_receipt_leaves_with_the_null_sender(post: Post) -> None:
    before = post.highest(NSO)

    result = post.send(an_envelope(sender="", fallback=MOC))

    assert (result.outcome, result.dsn) == (SendOutcome.ACCEPTED, False)
    [received] = post.fetched(NSO, before)
    assert received.startswith(b"Return-Path: <>\r\n")


def test_a_letter_brings_a_delivery_notice_that_names_its_envelope(post: Post) -> None:
    before, envid = post.highest(MOC), uuid4()

    result = post.send(an_envelope(kind=OutboxKind.LETTER, envid=envid))

    assert (result.outcome, result.dsn) == (SendOutcome.ACCEPTED, True)
    [notice] = post.fetched(MOC, before)
    report = message_from_bytes(notice, policy=policy.default)
    assert (report.get_content_type(), report.get_param("report-type")) == ("multipart/report", "delivery-status")
    fields = list(report.iter_parts())[1].get_payload()
    assert isinstance(fields, list)
    assert fields[0]["Original-Envelope-Id"] == str(envid)
    assert fields[1]["Action"] in ("relayed", "delivered")
    assert NSO in fields[1]["Final-Recipient"]


def test_a_receipt_asks_for_no_delivery_notice(post: Post) -> None:
    before = post.highest(MOC)
    there = post.highest(NSO)

    post.send(an_envelope(kind=OutboxKind.RECEIPT))

    post.fetched(NSO, there)
    assert post.highest(MOC) == before


def test_a_wrong_password_waits_and_is_told_in_thai(post: Post) -> None:
    right_out, right_in = post.server.smtp_account(MOC), post.server.imap_account(MOC)
    wrong = SmtpTransport(lambda *_: _with_password(right_out, "wrong"))

    result = wrong.send(MOC, an_envelope(), no_files)

    assert result.outcome == SendOutcome.TEMPORARY
    assert "รหัสผ่าน" in result.reply
    with (
        pytest.raises(AuthenticationFailure, match="รหัสผ่าน"),
        ImapMailboxes(lambda *_: _with_password(right_in, "wrong")).open(MOC),
    ):
        pass


def _with_password(account: MailAccount, password: str) -> MailAccount:
    return MailAccount(account.host, account.port, account.security, account.user, password, account.ca_file, 10)


def test_fetching_does_not_mark_as_read_and_taking_does(post: Post) -> None:
    before = post.highest(NSO)
    post.send(an_envelope())
    with post.mailboxes.open(NSO) as reader:
        [uid] = post.wait_for(reader, before)
        reader.fetch(uid)
        assert not _seen(post, uid)

        reader.mark_taken([uid])

        assert _seen(post, uid)


def _seen(post: Post, uid: int) -> bool:
    with post.mailboxes.open(NSO) as reader:
        _, found = reader._imap.uid("SEARCH", "SEEN", "UID", str(uid))
    return found != [b""] and found != [None]


def test_idle_wakes_when_a_message_comes(post: Post) -> None:
    with post.mailboxes.open(NSO) as reader:
        after = max(reader.new_uids(0), default=0)
        timer = threading.Timer(0.3, post.send, [an_envelope()])
        began = time.monotonic()
        timer.start()

        assert reader.idle(10)

        assert time.monotonic() - began < 5
        timer.join()
        assert len(post.wait_for(reader, after)) == 1


def test_idle_ends_by_itself_and_the_connection_still_works(post: Post) -> None:
    with post.mailboxes.open(EDU) as reader:
        after = max(reader.new_uids(0), default=0)

        assert not reader.idle(0.3)

        assert reader.new_uids(after) == []


def test_what_comes_between_two_commands_ends_the_next_idle_at_once(post: Post) -> None:
    with post.mailboxes.open(NSO) as reader:
        after = max(reader.new_uids(0), default=0)
        post.send(an_envelope())
        post.fetched(NSO, after)
        began = time.monotonic()

        assert reader.idle(10)

        assert time.monotonic() - began < 3


def test_only_uids_above_the_mark_are_named(post: Post) -> None:
    before = post.highest(NSO)
    for _ in range(3):
        post.send(an_envelope())
    with post.mailboxes.open(NSO) as reader:
        uids = post.wait_for(reader, before, 3)

        assert uids == sorted(uids)
        assert reader.new_uids(uids[0]) == uids[1:]
        assert reader.new_uids(uids[-1]) == []


def test_a_message_that_is_gone_is_said_to_be_gone(post: Post) -> None:
    before = post.highest(NSO)
    post.send(an_envelope())
    with post.mailboxes.open(NSO) as reader:
        [uid] = post.wait_for(reader, before)
        assert reader.remove([uid])

        with pytest.raises(MailGone):
            reader.size(uid)
        with pytest.raises(MailGone):
            reader.fetch(uid)


def test_four_senders_side_by_side_lose_and_double_nothing(post: Post) -> None:
    before = post.highest(NSO)
    messages = [a_message(b"number %d\r\n" % n) for n in range(40)]

    def send(some: list[bytes]) -> None:
        for raw in some:
            assert post.send(an_envelope(raw)).outcome == SendOutcome.ACCEPTED

    threads = [threading.Thread(target=send, args=(messages[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    received = post.fetched(NSO, before, 40)
    assert sorted(raw[raw.index(b"From: <") :] for raw in received) == sorted(messages)


def test_a_message_above_the_servers_limit_is_refused_before_it_leaves(post: Post) -> None:
    raw = a_message(b"x" * 76 + b"\r\n")
    huge = an_envelope(raw, segments=(Literal(raw),))
    huge = type(huge)(**{**vars(huge), "size": 40_000_000})

    result = post.send(huge)

    assert (result.outcome, result.code) == (SendOutcome.PERMANENT, 552)


def test_bytes_that_are_not_those_of_the_envelope_never_arrive(post: Post) -> None:
    before = post.highest(NSO)
    right = a_message(b"right\r\n")
    damaged = an_envelope(right, segments=(Literal(right.replace(b"right", b"wrong")),))

    result = post.send(damaged)

    assert result.outcome == SendOutcome.TEMPORARY
    assert not result.ambiguous
    good = a_message(b"after\r\n")
    post.send(an_envelope(good))
    [received] = post.fetched(NSO, before)
    assert received.endswith(good)


def test_a_file_that_cannot_be_opened_stops_the_message(post: Post) -> None:
    before = post.highest(NSO)
    head = a_message(b"begin\r\n")
    text = b"QUJD\r\n"

    result = post.transport.send(MOC, an_envelope(head + text, segments=(Literal(head), encoded(text))), no_files)

    assert result.outcome == SendOutcome.TEMPORARY
    assert "อ่านไฟล์ของซองไม่ได้" in result.reply
    assert post.highest(NSO) == before


@pytest.mark.parametrize("address", ["ผู้รับ@nso.test", "a@nso.test\r\nRSET"])
def test_an_address_that_smtp_cannot_carry_is_refused_for_good(post: Post, address: str) -> None:
    assert post.send(an_envelope(recipient=address)).outcome == SendOutcome.PERMANENT
