"""What only real servers can prove: XOAUTH2, certificates that were swapped, a mailbox that is full."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from saraban.mail import imap
from saraban.mail.accounts import MailAccount
from saraban.mail.doctor import examine
from saraban.mail.errors import AuthenticationFailure, TemporaryFailure
from saraban.mail.imap import ImapMailbox
from saraban.mail.smtp import SmtpTransport
from saraban.mail.smtp_session import SmtpSession
from saraban.mail.tokens import HttpTokenOffice
from saraban.usecases.mailing import Finding, SendOutcome
from tests.mail.correspondence import MOC, NSO, a_message, an_envelope, no_files
from tests.mailservers.certificates import make_certificate
from tests.mailservers.fixtures import ACCOUNTS
from tests.mailservers.provider import Provider
from tests.mailservers.stack import MailStack

AT = datetime.now(UTC)
Start = Callable[..., MailStack]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts Postfix and Dovecot with what a test asks for."""
    if reason := MailStack.why_not():
        pytest.skip(reason)
    made: list[MailStack] = []

    def stack(**how: object) -> MailStack:
        made.append(MailStack.start(ACCOUNTS, **how))  # type: ignore[arg-type]
        return made[-1]

    yield stack
    for server in made:
        server.stop()


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider of tokens."""
    made = Provider(MOC)
    yield made
    made.close()


def examined(smtp: MailAccount, imap: MailAccount, wait_seconds: float = 10) -> dict[str, Finding]:
    """What the doctor finds, by step."""
    found = examine(smtp, imap, MOC, at=AT, token=uuid4().hex, wait_seconds=wait_seconds)
    return {finding.step: finding for finding in found}


def a_token(provider: Provider) -> str:
    """A fresh access token."""
    got = HttpTokenOffice().refresh(provider.token_url, *provider.client, provider.refresh_token, "mail", AT)
    return got.value


def test_tokens_open_both_doors_and_revoked_ones_do_not(start: Start, provider: Provider) -> None:
    stack = start(token_info=provider.token_info)
    token = a_token(provider)
    out, into = (
        replace(account, password="", token=token) for account in (stack.smtp_account(MOC), stack.imap_account(MOC))
    )

    found = examined(out, into)
    assert [f"{one.step}: {one.words}" for one in found.values() if one.good is False] == []
    assert found["same-bytes"].good

    provider.revoked.add(token)
    out, into = (replace(account, token="access-of-nobody") for account in (out, into))
    with pytest.raises(AuthenticationFailure):
        SmtpSession(out)
    with pytest.raises(AuthenticationFailure) as told:
        ImapMailbox(into)
    assert "access-of-nobody" not in told.value.thai
    assert "โทเค็น" in examined(out, into)["imap-auth"].fix


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("case", "words", "fix"),
    [
        ("other root", "ไม่รู้จักใบรับรองราก", "วางใบรับรองราก"),
        ("other host", "ใบรับรองออกให้ mail.elsewhere.test", "ชื่อเครื่องที่อยู่ในใบรับรอง"),
        ("ended", "หมดอายุเมื่อ", "ต่ออายุ"),
    ],
)
def test_a_swapped_certificate_is_told_for_what_it_is(
    start: Start, tmp_path: Path, security: str, case: str, words: str, fix: str
) -> None:
    stack = start()
    host = "mail.elsewhere.test" if case == "other host" else "localhost"
    swapped = make_certificate(tmp_path, host, ended=case == "ended")
    stack.show(swapped)
    trusted = stack.ca_file if case == "other root" else swapped.ca_file
    out = replace(stack.smtp_account(MOC, security), ca_file=trusted)  # type: ignore[arg-type]
    into = replace(stack.imap_account(MOC, security), ca_file=trusted)  # type: ignore[arg-type]

    found = examined(out, into)

    for step in ("smtp-tls", "imap-tls"):
        assert found[step].good is False
        assert words in found[step].words and fix in found[step].fix, found[step]
    assert "send-to-self" not in found and "smtp-auth" not in found


def test_a_root_as_text_replaces_those_of_the_machine(start: Start) -> None:
    stack = start()
    root = stack.ca_file.read_text()
    out = replace(stack.smtp_account(MOC, "tls"), ca_file=None, ca_text=root)
    into = replace(stack.imap_account(MOC, "tls"), ca_file=None, ca_text=root)

    found = examined(out, into)

    assert [one.step for one in found.values() if one.good is False] == []
    soon = {step: one for step, one in found.items() if step.endswith("-tls")}
    assert {one.good for one in soon.values()} == {None}, "it ends within a day"
    later = examine(out, into, MOC, at=AT - timedelta(days=30), token=uuid4().hex)
    assert all(one.good for one in later if one.step.endswith("-tls"))


def test_a_door_with_the_wrong_kind_of_encryption_is_told(start: Start) -> None:
    stack = start()
    out = replace(stack.smtp_account(MOC, "tls"), port=stack.smtp_port, timeout_seconds=3.0)
    into = replace(stack.imap_account(MOC, "starttls"), port=stack.imaps_port, timeout_seconds=3.0)

    found = examined(out, into)

    assert found["smtp-tls"].good is False and "587" in found["smtp-tls"].fix
    assert found["imap-tls"].good is False and "993" in found["imap-tls"].fix
    assert "ไม่ตอบในเวลาที่กำหนด" in found["imap-tls"].words and "timed out" not in found["imap-tls"].words


def test_the_quota_is_read_and_a_full_mailbox_is_told(start: Start) -> None:
    stack = start(quota_kib=200)
    account = stack.imap_account(MOC)
    reader = ImapMailbox(account)
    assert reader.quota() == (0, 200 * 1024)
    reader.append(a_message(b"x" * 150_000 + b"\r\n", recipient=MOC))
    used, allowed = reader.quota() or (0, 0)
    reader.close()
    assert 150_000 < used < allowed

    transport = SmtpTransport(lambda *_: stack.smtp_account(NSO))
    filling = a_message(b"y" * 40_000 + b"\r\n", sender=NSO, recipient=MOC)
    assert transport.send("", an_envelope(filling, sender=NSO, recipient=MOC), no_files).outcome == SendOutcome.ACCEPTED
    transport.close()
    for _ in range(100):  # Postfix hands it over when it comes to it
        reader = ImapMailbox(account)
        used, _ = reader.quota() or (0, 0)
        reader.close()
        if used > 185_000:
            break
        time.sleep(0.1)
    found = examined(stack.smtp_account(MOC), account, wait_seconds=3)
    assert found["imap-quota"].good is None and "%" in found["imap-quota"].words
    assert "เพิ่มโควตา" in found["imap-quota"].fix

    reader = ImapMailbox(account)
    used, _ = reader.quota() or (0, 0)
    reader.append(a_message(b"z" * (allowed - used - 1500) + b"\r\n", recipient=MOC))
    with pytest.raises(TemporaryFailure, match=r"(?i)quota"):
        reader.append(a_message(b"z" * 10_000 + b"\r\n", recipient=MOC))
    reader.close()
    full = examined(stack.smtp_account(MOC), account)["imap-quota"]
    assert full.good is False and "กล่องเต็ม" in full.words and "เพิ่มโควตา" in full.fix


def test_a_server_without_quota_says_so(start: Start) -> None:
    stack = start()

    assert ImapMailbox(stack.imap_account(MOC)).quota() is None
    assert "ไม่บอกโควตา" in examined(stack.smtp_account(MOC), stack.imap_account(MOC))["imap-quota"].words


def test_a_server_without_idle_is_asked_again_and_again(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "_POLL_SECONDS", 0.2)
    stack = start(idle=False)
    reader, writer = (ImapMailbox(stack.imap_account(MOC)) for _ in range(2))
    assert "IDLE" not in reader.capabilities
    reader.new_uids(0)

    assert not reader.idle(0.5)
    threading.Timer(1.0, writer.append, [a_message(recipient=MOC)]).start()
    began = time.monotonic()
    assert reader.idle(20) and time.monotonic() - began < 10
    assert len(reader.new_uids(0)) == 1
    for one in (reader, writer):
        one.close()


@pytest.mark.parametrize("idle", [True, False], ids=["with MOVE", "without MOVE"])
def test_taken_mail_is_moved_into_a_folder_that_is_made_for_it(start: Start, idle: bool) -> None:
    stack = start(idle=idle)
    reader = ImapMailbox(stack.imap_account(MOC))
    for text in (b"one\r\n", b"two\r\n", b"three\r\n"):
        reader.append(a_message(text, recipient=MOC))
    uids = reader.new_uids(0)

    assert reader.move([uids[0], uids[1], 4711], "saraban-taken")
    assert reader.move([uids[0]], "saraban-taken"), "what has left already does not matter"
    assert reader.new_uids(0) == [uids[2]]
    assert reader.remove([uids[2], 4711]) and reader.new_uids(0) == []
    reader.close()
    taken = ImapMailbox(replace(stack.imap_account(MOC), folder="saraban-taken"))
    assert len(taken.new_uids(0)) == 2
    taken.close()
