"""The examination of a mailbox names the first thing that is wrong, in Thai."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from saraban.mail.accounts import MailAccount
from saraban.mail.doctor import examine
from saraban.usecases.mailing import Finding
from tests.mail.correspondence import MOC, Post
from tests.mailservers.certificates import make_certificate
from tests.mailservers.stack import free_ports

AT = datetime.now(UTC)


def _examined(smtp: MailAccount, imap: MailAccount, at: datetime = AT) -> dict[str, Finding]:
    findings = list(examine(smtp, imap, MOC, at=at, token=uuid4().hex, wait_seconds=10))
    assert all(any("\u0e00" <= c <= "\u0e7f" for c in finding.words) for finding in findings)
    return {finding.step: finding for finding in findings}


def test_a_healthy_mailbox_passes_every_step_and_is_left_as_it_was(post: Post) -> None:
    with post.mailboxes.open(MOC) as reader:
        before = reader.new_uids(0)

    found = _examined(post.server.smtp_account(MOC), post.server.imap_account(MOC))

    assert [step for step, finding in found.items() if finding.good is False] == []
    assert list(found)[-3:] == ["send-to-self", "fetch-back", "same-bytes"]
    wanted = ("smtp-dns", "smtp-tcp", "smtp-auth", "smtp-size", "smtp-dsn", "imap-auth", "imap-idle", "same-bytes")
    assert [step for step in wanted if found[step].good is not True] == []
    with post.mailboxes.open(MOC) as reader:
        assert reader.new_uids(0) == before


def test_a_certificate_that_ends_soon_is_told(post: Post) -> None:
    found = _examined(post.server.smtp_account(MOC), post.server.imap_account(MOC))
    earlier = _examined(post.server.smtp_account(MOC), post.server.imap_account(MOC), AT - timedelta(days=30))

    assert (found["smtp-tls"].good, found["imap-tls"].good) == (None, None)
    assert (earlier["smtp-tls"].good, earlier["imap-tls"].good) == (True, True)


def test_the_first_wrong_thing_is_named_and_nothing_is_sent(post: Post, tmp_path: Path) -> None:
    out, into = post.server.smtp_account(MOC), post.server.imap_account(MOC)
    [closed] = free_ports(1)
    other = make_certificate(tmp_path).ca_file

    unknown = _examined(replace(out, host="nowhere.invalid"), into)["smtp-dns"]
    assert unknown.good is False and "Errno" not in unknown.words
    refused = _examined(replace(out, port=closed), into)["smtp-tcp"]
    assert refused.good is False and "ไม่มีบริการที่พอร์ตนี้" in refused.words and "Errno" not in refused.words
    assert _examined(replace(out, ca_file=other), into)["smtp-tls"].good is False
    assert _examined(out, replace(into, password="wrong"))["imap-auth"].good is False
    found = _examined(replace(out, password="wrong"), into)
    assert found["smtp-auth"].good is False
    assert found["round-trip"].good is False
    assert "send-to-self" not in found
