"""Nothing is said to a server that is not the right one: neither the password nor a letter."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from saraban.domain.errors import BadInput
from saraban.mail.accounts import MailAccount, Security
from saraban.mail.errors import InsecureConnection, TemporaryFailure
from saraban.mail.imap import ImapMailbox
from saraban.mail.smtp import SmtpTransport
from saraban.usecases.mailing import SendOutcome, SendResult
from tests.mail.correspondence import MOC, Post, an_envelope, no_files
from tests.mailservers.certificates import make_certificate
from tests.mailservers.proxy import Proxy
from tests.mailservers.stack import MailStack

MakeProxy = Callable[..., Proxy]


@pytest.fixture
def between() -> Iterator[MakeProxy]:
    """Makes proxies in front of a server."""
    made: list[Proxy] = []

    def make(account: MailAccount, **how: object) -> Proxy:
        made.append(Proxy(account.port, **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()


def _send(account: MailAccount) -> SendResult:
    transport = SmtpTransport(lambda *_: account)
    result = transport.send(MOC, an_envelope(), no_files)
    transport.close()
    return result


def test_a_server_with_the_certificate_of_another_authority_gets_nothing(post: Post, tmp_path: Path) -> None:
    other = make_certificate(tmp_path).ca_file

    result = _send(replace(post.server.smtp_account(MOC), ca_file=other))

    assert result.outcome == SendOutcome.TEMPORARY
    assert "ใบรับรอง" in result.reply
    with pytest.raises(InsecureConnection, match="ใบรับรอง"):
        ImapMailbox(replace(post.server.imap_account(MOC), ca_file=other))


def test_a_server_with_the_certificate_of_another_host_gets_nothing(post: Post, between: MakeProxy) -> None:
    outgoing, incoming = post.server.smtp_account(MOC), post.server.imap_account(MOC)
    out, into = between(outgoing, host="127.0.0.2"), between(incoming, host="127.0.0.2")

    result = _send(replace(outgoing, host=out.host, port=out.port))

    assert "ใบรับรอง" in result.reply
    with pytest.raises(InsecureConnection, match="ใบรับรอง"):
        ImapMailbox(replace(incoming, host=into.host, port=into.port))


def test_a_stripped_starttls_is_noticed_before_the_password_is_said(post: Post, between: MakeProxy) -> None:
    outgoing, incoming = post.server.smtp_account(MOC), post.server.imap_account(MOC)
    changes = ((b"STARTTLS", b"XTHEREIS"), (b"LOGINDISABLED", b"AUTH=PLAIN"))
    out, into = between(outgoing, changes=changes), between(incoming, changes=changes)

    result = _send(replace(outgoing, port=out.port))
    with pytest.raises(InsecureConnection, match="STARTTLS"):
        ImapMailbox(replace(incoming, port=into.port))

    assert (result.outcome, "STARTTLS" in result.reply) == (SendOutcome.TEMPORARY, True)
    secret = outgoing.password.encode()
    for said in (bytes(out.heard), bytes(into.heard)):
        assert said != b""
        assert b"AUTH" not in said.upper()
        assert secret not in said and base64.b64encode(secret)[:6] not in said


def test_words_put_in_before_the_handshake_are_not_believed_after_it(post: Post, between: MakeProxy) -> None:
    incoming = post.server.imap_account(MOC)
    begins = (b"OK begin TLS\r\n", b"OK Begin TLS negotiation now.\r\n")
    into = between(incoming, changes=tuple((words, words + b"* 99 EXISTS\r\n") for words in begins))

    with pytest.raises(TemporaryFailure, match="before the TLS handshake"):
        ImapMailbox(replace(incoming, port=into.port))


def test_tls_from_the_first_byte_works_as_well(postfix_dovecot: MailStack) -> None:
    assert _send(postfix_dovecot.smtp_account(MOC, "tls")).outcome == SendOutcome.ACCEPTED
    mailbox = ImapMailbox(postfix_dovecot.imap_account(MOC, "tls"))
    assert mailbox.certificate["issuer"]
    mailbox.close()


def test_a_server_that_never_answers_is_left_after_the_timeout(post: Post, between: MakeProxy) -> None:
    outgoing, incoming = post.server.smtp_account(MOC), post.server.imap_account(MOC)
    out, into = between(outgoing, silent=True), between(incoming, silent=True)
    began = time.monotonic()

    result = _send(replace(outgoing, port=out.port, timeout_seconds=0.3))
    with pytest.raises(TemporaryFailure):
        ImapMailbox(replace(incoming, port=into.port, timeout_seconds=0.3))

    assert (result.outcome, result.ambiguous) == (SendOutcome.TEMPORARY, False)
    assert time.monotonic() - began < 3


def test_a_kept_connection_that_has_died_is_replaced_without_anybody_noticing(post: Post, between: MakeProxy) -> None:
    outgoing = post.server.smtp_account(MOC)
    out = between(outgoing)
    transport = SmtpTransport(lambda *_: replace(outgoing, port=out.port))
    before = post.highest("saraban@nso.test")
    assert transport.send(MOC, an_envelope(), no_files).outcome == SendOutcome.ACCEPTED
    assert transport.send(MOC, an_envelope(), no_files).outcome == SendOutcome.ACCEPTED
    assert out.connections == 1

    out.cut()
    result = transport.send(MOC, an_envelope(), no_files)

    assert (result.outcome, out.connections) == (SendOutcome.ACCEPTED, 2)
    assert len(post.fetched("saraban@nso.test", before, 3)) == 3
    transport.close()


def test_a_mailbox_whose_connection_is_cut_fails_for_now_only(post: Post, between: MakeProxy) -> None:
    incoming = post.server.imap_account(MOC)
    into = between(incoming)
    mailbox = ImapMailbox(replace(incoming, port=into.port))

    into.cut()

    with pytest.raises(TemporaryFailure):
        mailbox.new_uids(0)
    mailbox.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_a_connection_in_clear_is_allowed_within_the_machine(host: str) -> None:
    assert MailAccount(host, 25, "none", "u", "p").security == "none"


@pytest.mark.parametrize(
    ("host", "port", "security", "field"),
    [
        ("mail.go.th", 25, "none", "security"),
        ("127.0.0.1.example.com", 25, "none", "security"),
        ("mail.go.th", 25, "ssl", "security"),
        ("mail.go.th", 0, "tls", "port"),
        ("", 25, "tls", "host"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(host: str, port: int, security: Security, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        MailAccount(host, port, security, "u", "p")

    assert list(refused.value.fields) == [field]


def test_an_account_does_not_show_its_password() -> None:
    assert "secret-word" not in repr(MailAccount("localhost", 25, "none", "u", "secret-word"))
