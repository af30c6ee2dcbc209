"""What the hub has said 250 to is there after any kill; UIDs and UIDVALIDITY stay what they were."""

from __future__ import annotations

import random
import smtplib
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from saraban.exchange.envelope import OutboxKind
from saraban.mail.hub.store import MailStore
from saraban.usecases.mailing import SendOutcome
from tests.mail.correspondence import EDU, MOC, NSO, Post, a_message, an_envelope
from tests.mailservers.fixtures import ACCOUNTS
from tests.mailservers.hub_process import HubProcess
from tests.mailservers.hub_thread import HubThread


@pytest.fixture
def mortal() -> Iterator[HubProcess]:
    """A hub that a test may kill."""
    hub = HubProcess.start(ACCOUNTS)
    yield hub
    hub.stop()


def test_what_was_accepted_survives_a_kill_with_its_uid(mortal: HubProcess) -> None:
    post = Post(mortal)
    raw = a_message(b"durable\r\n")
    assert post.send(an_envelope(raw)).outcome == SendOutcome.ACCEPTED
    with post.mailboxes.open(NSO) as reader:
        validity, [uid] = reader.uidvalidity, reader.new_uids(0)
        reader.mark_taken([uid])

    mortal.kill()
    mortal.run()

    with post.mailboxes.open(NSO) as reader:
        assert (reader.uidvalidity, reader.new_uids(0)) == (validity, [uid])
        assert reader.fetch(uid).endswith(raw)
        assert reader._imap.uid("SEARCH", "SEEN")[1] == [b"1"]
        post.send(an_envelope())
        assert post.wait_for(reader, uid) == [uid + 1]


@pytest.mark.torture
def test_kills_at_any_moment_lose_nothing_that_was_accepted(
    mortal: HubProcess, rounds: Callable[[int, int], int]
) -> None:
    accepted: set[bytes] = set()
    over = threading.Event()

    def send(sender: int) -> None:
        post, number = Post(mortal), 0
        while not over.is_set():
            text = b"from %d number %d\r\n" % (sender, number)
            if post.send(an_envelope(a_message(text))).outcome == SendOutcome.ACCEPTED:
                accepted.add(text)
                number += 1

    threads = [threading.Thread(target=send, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    chance = random.Random(11)
    for _ in range(rounds(4, 40)):
        time.sleep(0.1 + chance.random() * 0.3)
        mortal.kill()
        mortal.run()
    over.set()
    for thread in threads:
        thread.join()

    with Post(mortal).mailboxes.open(NSO) as reader:
        uids = reader.new_uids(0)
        kept = [raw[raw.rindex(b"\r\n\r\n") + 4 :] for raw in map(reader.fetch, uids)]
    assert len(accepted) > 0
    assert accepted - set(kept) == set()
    assert uids == list(range(1, len(uids) + 1))


def test_an_expunged_uid_is_never_given_again(hub: HubThread, hub_post: Post) -> None:
    hub_post.send(an_envelope())
    with hub_post.mailboxes.open(NSO) as reader:
        reader.remove([1])
    hub.down()
    hub.up()
    hub_post.send(an_envelope())

    with hub_post.mailboxes.open(NSO) as reader:
        assert reader.new_uids(0) == [2]


def test_files_that_nobody_names_are_swept_at_start_and_others_stay(hub: HubThread, hub_post: Post) -> None:
    hub_post.send(an_envelope())
    mails = hub.hub.settings.folder / "mails"
    [kept] = mails.iterdir()
    (mails / "0123456789abcdef").write_bytes(b"half a message")

    hub.down()
    hub.up()

    assert list(mails.iterdir()) == [kept]


def test_a_removed_message_leaves_no_file_unless_a_copy_needs_it(hub: HubThread, hub_post: Post) -> None:
    hub.mischief.times = 2
    hub_post.send(an_envelope())
    mails = hub.hub.settings.folder / "mails"
    with hub_post.mailboxes.open(NSO) as reader:
        reader.remove([1])
        assert len(list(mails.iterdir())) == 1
        assert reader.fetch(2)
        reader.remove([2])
    assert list(mails.iterdir()) == []


def test_a_message_that_is_too_large_leaves_nothing_behind(make_hub: Callable[[int], HubThread]) -> None:
    hub = make_hub(10_000)
    post = Post(hub)
    said = post.server.smtp_account(EDU)
    big = a_message((b"y" * 70 + b"\r\n") * 1000)

    with smtplib.SMTP(said.host, said.port) as client:
        client.login(EDU, said.password)
        assert client.docmd("MAIL", f"FROM:<{EDU}>")[0] == 250
        assert client.docmd("RCPT", f"TO:<{NSO}>")[0] == 250
        code, _ = client.data(big)
        assert code == 552
        assert client.noop()[0] == 250

    assert list((hub.hub.settings.folder / "mails").iterdir()) == []
    assert post.highest(NSO) == 0


def test_two_hubs_never_share_a_folder(hub: HubThread) -> None:
    with pytest.raises(BlockingIOError):
        MailStore(hub.hub.settings.folder)


def test_a_notice_and_its_message_are_stored_together(hub: HubThread, hub_post: Post) -> None:
    hub_post.send(an_envelope(kind=OutboxKind.LETTER))
    hub.down()

    store = MailStore(hub.hub.settings.folder)
    counts = [len(store.uids(folder.id)) for name in (MOC, NSO) if (folder := store.folder(name, "INBOX"))]
    store.close()
    hub.up()

    assert counts == [1, 1]
