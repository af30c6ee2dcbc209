"""Delivery notices of real servers: what became of which message."""

from __future__ import annotations

from pathlib import Path

import pytest

from saraban.exchange.bounce_reasons import BounceReason, reason_of
from saraban.exchange.bounces import Bounce
from saraban.exchange.parse import read_message
from tests.exchange.letters import DISPATCH

SAMPLES = Path(__file__).parents[1] / "assets" / "mail"
EXPECTED = {
    "bsd-lhost-postfix-04": ("failed", "5.1.1", "kijitora@example.co.jp", "<A8F82EDD-E518-4F5C-8C70-BC4EFF24AB9F@ex"),
    "bsd-lhost-exim-02": ("failed", "5.1.1", "kijitora@example.jp", "<E1X58pB-0004bW-2s@marutamachi.example.o"),
    "bsd-lhost-qmail-06": ("failed", "4.2.2", "kijitora@example.jp", "<57D03121-12F7-4801-B30F-9E44B15E56DC@ex"),
    "bsd-lhost-gmail-09": ("delayed", None, "kijitora@9jo.example.jp", "<2F5AEFBF-6E99-4DDC-A664-6BC1D7CCF3D4@gm"),
    "bsd-lhost-dragonfly-01": (
        "failed",
        "5.7.26",
        "pseudo-local-part@google.example.com",
        "<66681288.e06d1.3824794@df.example.jp>",
    ),
    "bsd-lhost-opensmtpd-06": (
        "delayed",
        "4.4.7",
        "nekochan@libsisimai.org",
        "<201612140903.uBE938DJ094645@nyaan.examp",
    ),
    "bsd-lhost-amazonworkmail-02": (
        "failed",
        "5.2.1",
        "sabineko@example.jp",
        "<000001523f20aeff-9f2bb10f-0500-407a-9f9",
    ),
    "bsd-rfc3464-28": ("delivered", "2.1.5", "kijitora@neko.example.jp", "<20151025071802.22CC00222233@neko-222-22"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_notice_of_a_real_server_is_understood(name: str) -> None:
    action, status, recipient, original = EXPECTED[name]

    bounce = read_message((SAMPLES / f"{name}.eml").read_bytes()).bounce

    assert bounce is not None
    assert (bounce.action, bounce.recipient) == (action, recipient)
    assert bounce.original_message_id.startswith(original)
    assert status is None or bounce.status == status
    assert bounce.thai


@pytest.mark.parametrize("name", ["bsd-arf-15", "bsd-rfc3834-02", "not-is-not-bounce-01"])
def test_a_complaint_an_absence_note_and_a_person_are_no_bounces(name: str) -> None:
    assert read_message((SAMPLES / f"{name}.eml").read_bytes()).bounce is None


def a_notice(*recipients: str, envid: str = str(DISPATCH)) -> bytes:
    """A DSN of RFC 3464 about a letter of ours."""
    status = f"Reporting-MTA: dns; mx.receiver.go.th\r\nOriginal-Envelope-Id: {envid}\r\n\r\n" + "\r\n".join(recipients)
    return (
        "From: MAILER-DAEMON@mx.receiver.go.th\r\nReturn-Path: <>\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=d\r\n\r\n"
        "--d\r\n\r\nSee below.\r\n"
        f"--d\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n"
        f"--d\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{DISPATCH}@sender.go.th>\r\n\r\n--d--\r\n"
    ).encode()


FAILED = (
    "Final-Recipient: rfc822; saraban@receiver.go.th\r\nAction: failed\r\nStatus: 5.2.2\r\n"
    "Diagnostic-Code: smtp; full\r\n"
)
DELAYED = "Final-Recipient: rfc822; b@receiver.go.th\r\nAction: delayed\r\nStatus: 4.4.1\r\n"


def test_a_notice_names_the_dispatch_by_envid_and_by_message_id() -> None:
    assert read_message(a_notice(FAILED)).bounce == Bounce(
        original_message_id=f"<{DISPATCH}@sender.go.th>",
        envid=str(DISPATCH),
        recipient="saraban@receiver.go.th",
        action="failed",
        status="5.2.2",
        diagnostic="smtp; full",
        thai="ไปรษณีย์ตีกลับ ส่งไม่ถึงผู้รับ (กล่องไปรษณีย์ผู้รับเต็ม)",
        reason=BounceReason.MAILBOX_FULL,
    )


def test_of_several_recipients_the_worst_is_told() -> None:
    bounce = read_message(a_notice(DELAYED, FAILED)).bounce

    assert bounce is not None and bounce.action == "failed"


def test_an_action_nobody_knows_is_judged_by_its_status() -> None:
    bounce = read_message(a_notice(DELAYED.replace("delayed", "waiting"))).bounce

    assert bounce is not None and (bounce.action, bounce.status) == ("delayed", "4.4.1")


def test_a_person_who_writes_about_a_bounce_is_no_bounce() -> None:
    raw = (
        b"From: officer@receiver.go.th\r\nSubject: Re: letter\r\n\r\n"
        b"> The following address failed: <a@b.go.th>\r\n> 550 5.1.1 unknown\r\n"
    )

    assert read_message(raw).bounce is None


@pytest.mark.parametrize("sender", [b"", b"From: \xa1\xc3\xc1 <>\r\n", b"From: nobody\r\n"])
def test_a_notice_without_a_usable_from_leaves_no_traceback_in_the_log(
    sender: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    raw = sender + b"Subject: failure notice\r\nReturn-Path: <>\r\n\r\nHi. This is the qmail-send program.\r\n"

    read_message(raw)

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


FREE_FORMS = sorted((SAMPLES / "flufl").glob("*.txt"))


def test_the_samples_of_the_library_are_all_there() -> None:
    assert len(FREE_FORMS) == 117


@pytest.mark.parametrize("path", FREE_FORMS, ids=lambda path: path.stem)
def test_no_free_form_bounce_stops_the_reader(path: Path) -> None:
    message = read_message(path.read_bytes())

    assert message.bounce is None or (
        message.bounce.thai and message.bounce.action in ("failed", "delayed", "delivered")
    )


def test_most_free_form_bounces_are_known_with_their_recipient() -> None:
    found = [read_message(path.read_bytes()).bounce for path in FREE_FORMS]
    known = [bounce for bounce in found if bounce is not None and bounce.recipient]

    failed = [bounce for bounce in known if bounce.action == "failed"]
    assert len(known) >= 108
    assert sum(bounce.reason is not BounceReason.UNKNOWN for bounce in failed) >= 67


@pytest.mark.parametrize(
    ("status", "words", "reason"),
    [
        ("5.1.1", "", BounceReason.NO_SUCH_USER),
        ("5.2.2", "user unknown", BounceReason.MAILBOX_FULL),
        ("5.3.4", "", BounceReason.TOO_BIG),
        ("5.7.1", "", BounceReason.BLOCKED),
        ("4.4.7", "", BounceReason.TIMED_OUT),
        ("4.4.1", "", BounceReason.UNREACHABLE),
        ("5.0.0", "550 The email account that you tried to reach is over quota", BounceReason.MAILBOX_FULL),
        ("", "552 message size exceeds fixed limit", BounceReason.TOO_BIG),
        ("", "550 <a@b>: Recipient address rejected: User unknown in local recipient table", BounceReason.NO_SUCH_USER),
        ("", "550 5.x blocked using zen.spamhaus.org", BounceReason.BLOCKED),
        ("", "Host or domain name not found. Name service error", BounceReason.UNREACHABLE),
        ("", "This account has been disabled", BounceReason.DISABLED),
        ("", "delivery retry time-out: giving up", BounceReason.TIMED_OUT),
        ("", "message contained a virus", BounceReason.CONTENT),
        ("", "554 no", BounceReason.BLOCKED),
        ("", "", BounceReason.UNKNOWN),
    ],
)
def test_the_class_of_a_bounce(status: str, words: str, reason: BounceReason) -> None:
    assert reason_of(status, words) is reason


def test_every_class_but_the_unknown_has_its_words() -> None:
    assert [reason for reason in BounceReason if not reason.thai] == [BounceReason.UNKNOWN]
