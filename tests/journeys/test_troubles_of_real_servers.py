"""Two agencies write to each other through a real Postfix and Dovecot to which everything happens that happens to mail
servers. In the end both registers agree, and every dispatch has its proofs."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from saraban import jobs
from saraban.domain.agency import Correspondent
from saraban.domain.dispatch import Dispatch, DispatchState
from saraban.domain.incoming import IncomingState
from saraban.domain.register import BookKind
from saraban.mail.accounts import MailAccount
from saraban.mail.imap import ImapMailbox
from saraban.usecases.registering import register_letter
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.journeys.processes import wait_until
from tests.journeys.world import ACCOUNTS, OUTWARD, B, House, World, build_world, directory
from tests.mailservers.certificates import make_certificate
from tests.mailservers.configuration import BOUNCING
from tests.mailservers.greylist import Greylist
from tests.mailservers.scissors import Scissors
from tests.mailservers.stack import MailStack

pytestmark = [pytest.mark.torture, pytest.mark.serial, pytest.mark.only_database("sqlite")]

QUOTA_KIB = 60_000
GHOST = "nobody@bounce.test"
STEP = timedelta(seconds=20)


@dataclass
class Post:
    """The servers, and what can be done to them. Agencies submit with STARTTLS and read over IMAPS, through wires that
    can be cut."""

    stack: MailStack
    submission: Scissors
    mailbox: Scissors
    greylist: Greylist

    def smtp_account(self, address: str) -> MailAccount:
        """The submission account of a mailbox."""
        return replace(self.stack.smtp_account(address, "starttls"), port=self.submission.port)

    def imap_account(self, address: str) -> MailAccount:
        """The IMAP account of a mailbox."""
        return replace(self.stack.imap_account(address, "tls"), port=self.mailbox.port)


_BRIM = 8_000
"""Less room than any letter of ours needs."""


@pytest.fixture
def servers() -> Iterator[Post]:
    """Postfix and Dovecot with a quota and a greylist."""
    if reason := MailStack.why_not():
        pytest.skip(reason)
    greylist = Greylist()
    stack = MailStack.start(ACCOUNTS, quota_kib=QUOTA_KIB, greylist=greylist.port, patient=True)
    made = Post(stack, Scissors(stack.smtp_port), Scissors(stack.imaps_port), greylist)
    yield made
    for thing in (made.submission, made.mailbox, greylist):
        thing.close()
    stack.stop()


@dataclass
class Correspondence:
    """Letters in both directions, and the people and jobs at both ends."""

    world: World
    letters: int
    dispatches: list[Dispatch]

    def write(self, count: int) -> None:
        """So many more letters are signed and handed over, by turns from either side."""
        for _ in range(min(count, self.letters - len(self.dispatches))):
            number = len(self.dispatches)
            by, to = (self.world.a, "b") if number % 2 == 0 else (self.world.b, "a")
            self.dispatches.append(self.world.queued(to, by=by, subject=f"หนังสือฉบับที่ {number + 1}"))
            self.turn()

    def turn(self) -> bool:
        """A turn of all jobs but the mailboxes, whose threads idle; then the clerks register what has come. True, so
        that it can stand in a condition."""
        for work in (*OUTWARD, jobs.sort_mail):
            work(self.world.services)
        for house in (self.world.a, self.world.b):
            clerk = self.world.actor(house, "clerk")
            for letter in self.world.incoming(house, IncomingState.NEW):
                register_letter(self.world.services, actor=clerk, incoming_id=letter.id)
        self.world.clock.pass_by(STEP)
        return True

    def turns(self, count: int, seconds: float = 0.1) -> None:
        """Turns with a pause behind each."""
        for _ in range(count):
            self.turn()
            time.sleep(seconds)

    def states(self) -> Counter[str]:
        """How many letters stand where."""
        return Counter(self.world.dispatch(dispatch).state.value for dispatch in self.dispatches)

    def all_registered(self) -> bool:
        """Has every letter come, and has its sender heard of it?"""
        return self.turn() and self.states()["registered"] == self.letters


@pytest.fixture
def world(tmp_path: Path, new_database: NewDatabase, clock: FixedClock, servers: Post) -> Iterator[World]:
    """The world of the journeys at these servers, with a thread for each mailbox, and with two receivers that do not
    exist: the relay refuses one, and accepts the other and bounces it later."""
    made = build_world(tmp_path / "data", new_database, clock, servers)  # type: ignore[arg-type]
    made.know(
        *directory(), Correspondent("ghost", "กรมที่ไม่มีกล่อง", GHOST), Correspondent("gone", "กรมที่ย้ายไปแล้ว", BOUNCING)
    )
    watchers = jobs.Watchers(made.services)
    watchers.look()
    yield made
    watchers.stop()
    made.check_the_books()
    made.office.close()


def test_whatever_happens_to_the_servers_both_registers_agree_in_the_end(
    world: World, servers: Post, rounds: Callable[[int, int], int], tmp_path: Path
) -> None:
    letters, chance = rounds(20, 300), random.Random(2569)
    course = Correspondence(world, letters, [])
    share = max(2, letters // 9)
    start = time.monotonic()

    course.write(share)
    ghost, gone = world.queued("ghost"), world.queued("gone")

    servers.greylist.strict = True
    course.write(share)
    servers.greylist.strict = False

    servers.submission.answers = rounds(2, 15)
    course.write(share)
    servers.mailbox.fetches = rounds(2, 15)
    course.write(share)

    course.write(share // 2)
    servers.stack.down()
    course.write(share - share // 2)
    assert course.states()["queued"] > 0, "nobody was there to take them"
    servers.stack.up()
    course.turns(3)

    swapped = make_certificate(tmp_path / "swapped")
    servers.stack.show(swapped)
    world.services.transport.close()
    _hang_up(servers)
    course.write(share)
    assert course.states()["queued"] > 0, "nothing is said to a server that cannot prove its name"
    trusted = servers.stack.ca_file
    trusted.write_bytes(trusted.read_bytes() + swapped.ca_file.read_bytes())
    course.turns(3)

    _fill_up(servers, B)
    course.write(share)
    for _ in range(40):  # until the letters have come as far as the full mailbox
        course.turns(1, 0.3)
        if "Quota exceeded" in servers.stack.log():
            break
    waits = course.states()
    assert "Quota exceeded" in servers.stack.log(), "the full mailbox put nothing off"
    _empty(servers, B)

    while len(course.dispatches) < letters:
        course.write(chance.randint(1, 3))
        if letters > 100 and chance.random() < 0.1:
            servers.submission.answers += 1
            servers.mailbox.fetches += 1
    wait_until(course.all_registered, rounds(60, 300), lambda: f"{course.states()}\n{servers.stack.log()[-5_000:]}")
    servers.submission.answers = servers.mailbox.fetches = 0
    wait_until(lambda: course.turn() and _relayed(course) == letters, 30, "a notice of the relay is missing")
    wait_until(lambda: course.turn() and world.dispatch(gone).failure == "bounced", 30, "the bounce is missing")
    world.look_at_the_clock()
    course.turns(2)

    _check(course, ghost, gone)
    copies = sum(letter.copies for house in (world.a, world.b) for letter in world.incoming(house))
    print(
        f"{letters} letters in {time.monotonic() - start:.0f} s; {servers.greylist.put_off} greylisted, "
        f"{servers.submission.cuts} cut after DATA, {servers.mailbox.cuts} cut while fetching, {copies} copies, "
        f"with a full mailbox {dict(waits)}"
    )
    assert servers.greylist.put_off >= share and servers.submission.cuts >= 2 <= servers.mailbox.cuts
    assert copies >= 1, "what was cut after DATA came twice, and was registered once"


def _check(course: Correspondence, ghost: Dispatch, gone: Dispatch) -> None:
    world = course.world
    _agree(course, world.a, world.b)
    _agree(course, world.b, world.a)
    for dispatch in course.dispatches:
        steps = Counter(proof.step for proof in world.evidence(dispatch) if proof.kind.value == "receipt")
        assert steps == {"received": 1, "registered": 1}, steps
        assert {"sent", "relayed"} <= _steps(world, dispatch)
    for dispatch, failure in ((ghost, "relay-refused"), (gone, "bounced")):
        now = world.dispatch(dispatch)
        assert (now.state, now.failure) == (DispatchState.UNDELIVERED, failure)


def _agree(course: Correspondence, sender: House, receiver: House) -> None:
    """What one says it has registered, the other has heard, number by number."""
    world = course.world
    sent = [world.dispatch(dispatch) for dispatch in course.dispatches if dispatch.agency_id == sender.id]
    came = world.incoming(receiver, IncomingState.REGISTERED)
    numbers = {letter.dispatch_id: str(letter.register_number) for letter in came}
    assert {dispatch.id: dispatch.register_number for dispatch in sent} == numbers and len(came) == len(sent)
    lines = world.book(receiver, BookKind.RECEIVING)
    assert [line.serial for line in lines] == list(range(1, len(sent) + 1))
    assert world.incoming(receiver, IncomingState.NEW, IncomingState.HELD) == []


def _steps(world: World, dispatch: Dispatch) -> set[str]:
    return {proof.step for proof in world.evidence(dispatch)}


def _relayed(course: Correspondence) -> int:
    return sum("relayed" in _steps(course.world, dispatch) for dispatch in course.dispatches)


def _hang_up(servers: Post) -> None:
    """The connections that were made before the certificate was swapped end, as they do at the latest after a while."""
    servers.stack.down()
    servers.stack.up()


def _fill_up(servers: Post, address: str) -> None:
    """Fill a mailbox to the brim, in a folder that the gateway does not read: mail that is still on its way between
    Postfix and Dovecot is counted late, so that once is not always enough."""
    box = ImapMailbox(servers.stack.imap_account(address))
    box._imap.create('"full"')
    for _ in range(20):
        used, allowed = box.quota() or (0, 0)
        assert allowed, "Dovecot tells no quota"
        if allowed - used < _BRIM:
            break
        text = (b"x" * 70 + b"\r\n") * ((allowed - used - _BRIM // 2) // 72)
        box.append(b"From: <x@a.test>\r\n\r\n" + text, folder="full")
        time.sleep(0.2)
    box.close()


def _empty(servers: Post, address: str) -> None:
    box = ImapMailbox(replace(servers.stack.imap_account(address), folder="full"))
    fillers = box.new_uids(0)
    assert fillers and box.remove(fillers)
    box.close()
