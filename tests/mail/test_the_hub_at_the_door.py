"""The hub driven by programs that are not ours: smtplib, imaplib, openssl, and a raw socket."""

from __future__ import annotations

import base64
import imaplib
import smtplib
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.mail.correspondence import EDU, MOC, NSO, Post, a_message, an_envelope
from tests.mailservers.hub_process import HubProcess
from tests.mailservers.hub_thread import HubThread

PASSWORD = "pw-edu"


@pytest.fixture
def client(hub: HubThread) -> Iterator[smtplib.SMTP]:
    """An smtplib connection that has logged in."""
    with smtplib.SMTP(hub.host, hub.smtp_port) as made:
        made.login(EDU, PASSWORD)
        yield made


@pytest.fixture
def mailbox(hub: HubThread) -> Iterator[imaplib.IMAP4]:
    """An imaplib connection that has logged in."""
    made = imaplib.IMAP4(hub.host, hub.imap_port, 10)
    made.login(EDU, PASSWORD)
    yield made
    made.logout()


def _fill(client: smtplib.SMTP, count: int = 3) -> list[bytes]:
    messages = [a_message(b"text %d\r\n" % n, sender=EDU, recipient=EDU, subject=f"no {n}") for n in range(count)]
    for raw in messages:
        client.sendmail(EDU, [EDU], raw)
    return messages


def test_without_a_login_no_mail_is_taken(hub: HubThread) -> None:
    with smtplib.SMTP(hub.host, hub.smtp_port) as stranger:
        stranger.ehlo()
        assert stranger.mail(EDU)[0] == 530
        assert stranger.rcpt(NSO)[0] in (503, 530)
        assert stranger.docmd("DATA")[0] in (503, 530)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            stranger.login(EDU, "wrong")


def test_size_and_dsn_are_offered_and_pipelining_is_not(client: smtplib.SMTP) -> None:
    assert client.esmtp_features["size"] == "35000000"
    assert client.has_extn("dsn")
    assert not client.has_extn("pipelining")
    assert client.mail(EDU, ["SIZE=36000000"])[0] == 552


def test_one_message_to_two_mailboxes_lies_in_both(client: smtplib.SMTP, hub_post: Post) -> None:
    raw = a_message()

    assert client.sendmail(EDU, [NSO, MOC], raw, rcpt_options=["NOTIFY=NEVER"]) == {}

    assert hub_post.fetched(NSO, 0)[0].endswith(raw)
    assert hub_post.fetched(MOC, 0)[0].endswith(raw)


def test_a_refused_recipient_does_not_hinder_the_other(client: smtplib.SMTP, hub_post: Post) -> None:
    refused = client.sendmail(EDU, [NSO, "nobody@nso.test"], a_message())

    assert refused["nobody@nso.test"][0] == 550
    assert len(hub_post.fetched(NSO, 0)) == 1


def test_notices_only_for_those_who_asked_with_the_names_that_they_gave(client: smtplib.SMTP, hub_post: Post) -> None:
    client.mail(EDU, ["RET=HDRS", "ENVID=a+2Bb"])
    client.rcpt(NSO, ["NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;desk+2B1@nso.test"])
    client.rcpt(MOC, ["NOTIFY=FAILURE"])
    client.data(a_message(b"secret body\r\n"))

    [notice] = hub_post.fetched(EDU, 0)
    assert b"Original-Envelope-Id: a+b\r\n" in notice
    assert b"Original-Recipient: rfc822;desk+1@nso.test\r\n" in notice
    assert f"Final-Recipient: rfc822; {NSO}\r\n".encode() in notice
    assert b"secret body" not in notice


def test_what_is_smuggled_behind_the_final_dot_is_not_obeyed(hub: HubThread, hub_post: Post) -> None:
    with socket.create_connection((hub.host, hub.smtp_port), 10) as wire:
        lines = wire.makefile("rb")
        secret = base64.b64encode(f"\0{EDU}\0{PASSWORD}".encode()).decode()
        for command in ("EHLO x", f"AUTH PLAIN {secret}", f"MAIL FROM:<{EDU}>", f"RCPT TO:<{NSO}>", "DATA"):
            if command == "EHLO x":
                lines.readline()
            wire.sendall(command.encode() + b"\r\n")
            while (line := lines.readline())[3:4] == b"-":
                pass
            assert line[:1] in b"23", (command, line)
        smuggled = f"MAIL FROM:<{EDU}>\r\nRCPT TO:<{MOC}>\r\nDATA\r\nfalse\r\n.\r\n"

        wire.sendall(b"true\r\n.\r\n" + smuggled.encode())

        assert lines.readline().startswith(b"250")
        with suppress(ConnectionResetError):
            assert lines.read() == b""
    assert hub_post.fetched(NSO, 0)[0].endswith(b"\r\ntrue\r\n")
    assert hub_post.highest(MOC) == 0


def _becomes(so: Callable[[], bool], seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while not so() and time.monotonic() < until:
        time.sleep(0.01)
    return so()


def test_a_client_that_goes_away_in_the_middle_leaves_nothing(hub: HubThread, hub_post: Post) -> None:
    client = smtplib.SMTP(hub.host, hub.smtp_port)
    client.login(EDU, PASSWORD)
    client.mail(EDU)
    client.rcpt(NSO)
    client.docmd("DATA")
    client.send(b"half a mess")
    mails = hub.hub.settings.folder / "mails"
    assert _becomes(lambda: len(list(mails.iterdir())) == 1), "what comes is written down as it comes"
    client.close()

    assert _becomes(lambda: not list(mails.iterdir()))
    assert hub_post.highest(NSO) == 0


def test_folders_are_listed_counted_and_made(client: smtplib.SMTP, mailbox: imaplib.IMAP4) -> None:
    _fill(client)

    assert mailbox.create("งานเก่า".encode("utf-7").decode())[0] == "OK"
    names = b" ".join(line for line in mailbox.list()[1] if isinstance(line, bytes))
    assert all(name in names for name in (b'"INBOX"', b'"Processed"', b'"Quarantine"'))
    assert mailbox.status("INBOX", "(MESSAGES UNSEEN UIDNEXT)") == ("OK", [b'"INBOX" (MESSAGES 3 UNSEEN 3 UIDNEXT 4)'])
    assert mailbox.select("nowhere")[0] == "NO"


def test_parts_of_messages_are_fetched(client: smtplib.SMTP, mailbox: imaplib.IMAP4) -> None:
    raw = _fill(client)[1]
    mailbox.select("INBOX")

    whole = mailbox.uid("FETCH", "2", "(RFC822.SIZE BODY.PEEK[])")[1][0]
    head = mailbox.uid("FETCH", "2", "(BODY.PEEK[HEADER])")[1][0][1]
    text = mailbox.uid("FETCH", "2", "(BODY.PEEK[TEXT]<5.3>)")[1][0]
    field = mailbox.fetch("2", "(FLAGS INTERNALDATE BODY.PEEK[HEADER.FIELDS (Subject)])")[1][0]

    assert whole[1].endswith(raw)
    assert f"RFC822.SIZE {len(whole[1])} ".encode() in whole[0]
    assert head + b"text 1\r\n" == whole[1]
    assert (text[1], b"BODY[TEXT]<5>" in text[0]) == (b"1\r\n", True)
    assert field[1] == b"Subject: no 1\r\n\r\n"
    assert b"FLAGS ()" in field[0]


def test_reading_without_peek_marks_as_seen_unless_examined(client: smtplib.SMTP, mailbox: imaplib.IMAP4) -> None:
    _fill(client, 2)
    mailbox.select("INBOX", readonly=True)
    mailbox.fetch("1", "(BODY[])")
    assert mailbox.search(None, "UNSEEN")[1] == [b"1 2"]
    assert mailbox.store("1", "+FLAGS", "\\Seen")[0] == "NO"

    mailbox.select("INBOX")
    mailbox.fetch("1", "(BODY[])")
    assert mailbox.search(None, "UNSEEN")[1] == [b"2"]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("ALL", b"1 2 3"),
        ("UID 2:*", b"2 3"),
        ("2:3 UNSEEN", b"2 3"),
        ("SEEN", b"1"),
        ('SUBJECT "NO 2"', b"3"),
        ('HEADER Subject "no 1"', b"2"),
        ("NOT UID 1,3", b"2"),
        ("OR UID 1 UID 3", b"1 3"),
        ("LARGER 100000", b""),
        ("SINCE 1-Jan-2020 SMALLER 100000", b"1 2 3"),
        ("BEFORE 1-Jan-2020", b""),
        ("(UID 1:2) UNDELETED", b"1 2"),
        ("UID 99:*", b"3"),
    ],
)
def test_searching(client: smtplib.SMTP, mailbox: imaplib.IMAP4, keys: str, found: bytes) -> None:
    _fill(client)
    mailbox.select("INBOX")
    mailbox.store("1", "+FLAGS.SILENT", "\\Seen")

    assert mailbox.uid("SEARCH", keys) == ("OK", [found])


def test_messages_are_copied_moved_and_expunged(client: smtplib.SMTP, mailbox: imaplib.IMAP4) -> None:
    raw = _fill(client)[0]
    mailbox.select("INBOX")

    assert mailbox.uid("COPY", "1:2", "Processed")[0] == "OK"
    assert mailbox.uid("MOVE", "1", "Quarantine")[0] == "OK"
    mailbox.uid("STORE", "2", "+FLAGS.SILENT", "(\\Deleted)")
    assert mailbox.expunge()[0] == "OK"

    assert mailbox.uid("SEARCH", "ALL")[1] == [b"3"]
    assert mailbox.status("Processed", "(MESSAGES)")[1] == [b'"Processed" (MESSAGES 2)']
    mailbox.select("Quarantine")
    assert mailbox.fetch("1", "(BODY.PEEK[])")[1][0][1].endswith(raw)


def test_a_message_is_appended_with_flags(mailbox: imaplib.IMAP4) -> None:
    raw = a_message(b"kept\r\n")

    assert mailbox.append("Sent", "(\\Seen)", None, raw)[0] == "OK"

    mailbox.select("Sent")
    [answer, _] = mailbox.fetch("1", "(FLAGS BODY.PEEK[])")[1]
    assert (answer[1], b"FLAGS (\\Seen)" in answer[0]) == (raw, True)


def test_another_client_hears_of_what_came_and_went(
    hub: HubThread, client: smtplib.SMTP, mailbox: imaplib.IMAP4
) -> None:
    _fill(client)
    mailbox.select("INBOX")
    other = imaplib.IMAP4(hub.host, hub.imap_port, 10)
    other.login(EDU, PASSWORD)
    other.select("INBOX")
    other.uid("STORE", "1", "+FLAGS.SILENT", "(\\Deleted)")
    other.expunge()
    other.logout()
    _fill(client, 1)

    mailbox.noop()

    assert mailbox.untagged_responses["EXPUNGE"] == [b"1"]
    assert mailbox.untagged_responses["EXISTS"][-1] == b"3"
    assert mailbox.uid("SEARCH", "ALL")[1] == [b"2 3 4"]


def test_three_wrong_passwords_end_the_connection(hub: HubThread) -> None:
    stranger = imaplib.IMAP4(hub.host, hub.imap_port, 10)
    for _ in range(3):
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
            stranger.login(EDU, "wrong")

    with pytest.raises((imaplib.IMAP4.abort, OSError)):
        stranger.noop()


def _say(hub: HubThread, *lines: bytes) -> bytes:
    with socket.create_connection((hub.host, hub.imap_port), 10) as wire:
        wire.sendall(b"".join(line + b"\r\n" for line in lines))
        wire.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: wire.recv(65_536), b""))


@pytest.mark.parametrize(
    "line",
    [
        b"a FETCH 1 (BODY[]",
        b"a UID FETCH x FLAGS",
        b'a LOGIN "half',
        b"a " + b"(" * 50,
        b"a NONSENSE",
        b"a SELECT INBOX",
        b"a UID",
        b"a )",
        b"a LOGIN (a) (b)",
    ],
)
def test_a_line_that_makes_no_sense_is_answered_with_bad(hub: HubThread, line: bytes) -> None:
    said = _say(hub, line, b"b NOOP", b"c LOGOUT")

    assert b"\r\na BAD " in said
    assert b"\r\nb OK " in said


@pytest.mark.parametrize("line", [b"", b"\xff\xfe\x00", b"*", b"a{99999999999999999999}"])
def test_a_line_without_a_tag_does_not_end_the_service(hub: HubThread, line: bytes) -> None:
    assert b"\r\nb OK " in _say(hub, line, b"b NOOP", b"c LOGOUT")


def test_a_stranger_cannot_make_the_hub_hold_much(hub: HubThread) -> None:
    assert b"a NO [LIMIT]" in _say(hub, b"a LOGIN {30000000}")
    assert b"b OK" not in _say(hub, b"a LOGIN {30000000+}", b"b NOOP")
    assert b"BYE line too long" in _say(hub, b"a NOOP " + b"x" * 200_000)


def test_openssl_reaches_both_doors(hub_process: HubProcess) -> None:
    for protocol, port in (("smtp", hub_process.smtp_port), ("imap", hub_process.imap_port)):
        command = ["openssl", "s_client", "-starttls", protocol, "-connect", f"localhost:{port}"]
        command += ["-CAfile", str(hub_process.ca_file), "-verify_return_error", "-brief"]
        ends = "QUIT\r\n" if protocol == "smtp" else "a LOGOUT\r\n"
        done = subprocess.run(command, input=ends, capture_output=True, text=True, timeout=20)
        assert "Verification: OK" in done.stderr, done.stderr


def test_a_command_put_in_behind_starttls_is_not_obeyed(hub_process: HubProcess) -> None:
    with socket.create_connection(("127.0.0.1", hub_process.imap_port), 10) as wire:
        wire.sendall(b"a STARTTLS\r\nb NOOP\r\n")
        with suppress(ConnectionResetError):
            said = b"".join(iter(lambda: wire.recv(65_536), b""))

    assert b"a OK" in said and b"b OK" not in said


def test_many_idling_clients_are_all_woken(hub: HubThread, hub_post: Post) -> None:
    woken: list[bool] = []

    def wait() -> None:
        with hub_post.mailboxes.open(NSO) as reader:
            reader.new_uids(0)
            ready.wait(10)
            woken.append(reader.idle(10))

    ready = threading.Barrier(11)
    threads = [threading.Thread(target=wait) for _ in range(10)]
    for thread in threads:
        thread.start()
    ready.wait(10)
    hub_post.send(an_envelope())
    for thread in threads:
        thread.join(15)

    assert woken == [True] * 10
