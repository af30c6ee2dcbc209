"""Processes that are killed at any moment: nothing is lost, nothing happens twice, no number is missing."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from sqlalchemy import func, select

from saraban.bootstrap import SystemClock, build
from saraban.domain.attachment import Digest
from saraban.domain.dispatch import DispatchState
from saraban.domain.errors import ConcurrentEdit
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.register import BookKind
from saraban.exchange.manifest import Party
from saraban.storage.tables import exchange
from saraban.storage.tables.letters import incoming
from saraban.usecases.registering import register_letter
from tests.fakes import FixedClock
from tests.journeys import keyring
from tests.journeys.peer import Peer
from tests.journeys.post_office import PostOffice
from tests.journeys.processes import Running, environment, wait_until, worker
from tests.journeys.world import ACCOUNTS, NAMES, PEER, House, World, found_agencies, settings_for
from tests.mailservers.hub_process import HubProcess

pytestmark = [pytest.mark.torture, pytest.mark.serial]


class WallClock(FixedClock):
    """The machine's clock, in the place of the one that the tests move."""

    def __init__(self) -> None:
        super().__init__(SystemClock().now())

    def now(self) -> object:  # type: ignore[override]
        """Now."""
        return SystemClock().now()


def world_on_the_wall_clock(folder: Path, database_url: str, server: HubProcess) -> World:
    """The installation of the journeys, with real time and with this server's mail."""
    clock = WallClock()
    office = build(settings_for(folder, database_url, server))
    houses = found_agencies(office)
    peer = Peer(Party("peer", NAMES["peer"], PEER), keyring.seal(NAMES["peer"], PEER), server, clock)  # type: ignore[arg-type]
    return World(office, clock, server, PostOffice(server), *houses, peer)  # type: ignore[arg-type]


class Clerks(threading.Thread):
    """The people at both agencies: by turns they sign and send letters to each other, and register what has come."""

    def __init__(self, world: World, letters: int) -> None:
        super().__init__(daemon=True)
        self.world, self.letters = world, letters
        self.sent, self.over, self.failure = 0, threading.Event(), ""

    def run(self) -> None:
        """Work until all letters are sent and `over` is set."""
        try:
            while self.sent < self.letters or not self.over.is_set():
                if self.sent < self.letters:
                    by, to = ((self.world.a, "b"), (self.world.b, "a"))[self.sent % 2]
                    self.world.queued(to, by=by, subject=f"หนังสือฉบับที่ {self.sent + 1}")
                    self.sent += 1
                else:
                    self.over.wait(0.2)
                self.register_what_came()
        except Exception as error:
            self.failure = repr(error)
            raise

    def register_what_came(self) -> None:
        """Register every letter that waits; one that a worker writes on at that moment (another copy of it came) is
        opened again on the next round, as its refusal says."""
        for house in (self.world.a, self.world.b):
            clerk = self.world.actor(house, "clerk")
            for letter in self.world.incoming(house, IncomingState.NEW):
                with suppress(ConcurrentEdit):
                    register_letter(self.world.services, actor=clerk, incoming_id=letter.id)


def tally(world: World) -> Counter[str]:
    """How many dispatches stand on which rung."""
    table = exchange.dispatches
    with world.office.reading.connect() as connection:
        rows = connection.execute(select(table.c.state, func.count()).group_by(table.c.state)).all()
    return Counter({state.value: count for state, count in rows})


def test_workers_and_the_mail_server_killed_at_random_lose_nothing_and_double_nothing(
    tmp_path: Path, database_url: str, rounds: Callable[[int, int], int]
) -> None:
    letters, least_kills, hub_kills = rounds(20, 500), rounds(5, 60), rounds(1, 4)
    chance = random.Random(uuid4().int)
    hub = HubProcess.start(ACCOUNTS)
    world = world_on_the_wall_clock(tmp_path / "data", database_url, hub)
    env, log = environment(world.office.settings), tmp_path / "worker.log"
    workers = [worker(env, log), worker(env, log)]
    clerks, kills, victim, left_behind = Clerks(world, letters), 0, 0, []
    try:
        wait_until(lambda: len(psutil.Process(workers[0].pid).children()) > 0, 60, lambda: log.read_text())
        clerks.start()
        # Six things are done for a letter: it and its two receipts are sent, and judged at the other end.
        for point in sorted(chance.uniform(0, 5.5 * letters) for _ in range(least_kills)):
            _let_them_work(world, clerks, point)
            # Mostly the one that was spared last time: who is killed again while he starts has nothing in hand.
            victim = (victim + 1) % 2 if chance.random() < 0.8 else victim
            assert workers[victim].alive, log.read_text()[-4_000:]
            left_behind += workers[victim].kill()
            kills += 1
            workers[victim] = worker(env, log)
            if hub_kills and kills % 3 == 0:
                hub.kill()
                hub.run()
                hub_kills -= 1
        wait_until(
            lambda: tally(world)["registered"] == letters,
            rounds(120, 400),
            lambda: f"{tally(world)} of {letters} after {kills} kills\n{clerks.failure}\n{log.read_text()[-6_000:]}",
        )
        clerks.over.set()
        clerks.join(30)
        # What the last victim had claimed is free again when its lease ends, and is tried then.
        lease = world.services.lease.total_seconds()
        wait_until(lambda: not _waiting(world), lease + 60, lambda: f"queues that never empty: {_waiting(world)}")
        _check(world, letters)
        _, stay = psutil.wait_procs(left_behind, 10)
        assert stay == [], "children of killed workers live on"
        copies = sum(letter.copies for house in (world.a, world.b) for letter in world.incoming(house))
        print(f"{letters} letters in both directions, {kills} workers killed, {copies} copies that were dropped")
    finally:
        clerks.over.set()
        for running in workers:
            running.stop()
        for orphan in (child for child in left_behind if child.is_running()):
            orphan.kill()
        hub.stop()
        clerks.join(30)
        world.office.close()


def _done(world: World) -> int:
    """How many messages were sent and judged."""
    outbox, inbox = exchange.outbox, exchange.inbox
    with world.office.reading.connect() as connection:
        sent = connection.execute(select(func.count()).where(outbox.c.state == "sent")).scalar_one()
        return int(sent + connection.execute(select(func.count()).where(inbox.c.outcome != "")).scalar_one())


def _let_them_work(world: World, clerks: Clerks, point: float) -> None:
    """Wait until so much was done."""
    done, until = _done(world), time.monotonic() + 90
    while done < point:
        assert not clerks.failure, clerks.failure
        assert time.monotonic() < until, f"nothing more is done after {done}"
        time.sleep(0.05)
        before, done = done, _done(world)
        until = time.monotonic() + 90 if done > before else until


def _waiting(world: World) -> list[str]:
    """What still waits to be sent or judged, and until when."""
    outbox, inbox = exchange.outbox, exchange.inbox
    now = SystemClock().now()
    with world.office.reading.connect() as connection:
        queued = connection.execute(select(outbox).where(outbox.c.state == "queued")).all()
        unjudged = connection.execute(select(inbox).where(inbox.c.outcome == "")).all()
    out = [
        f"{row.kind} to {row.rcpt_to}: {row.attempts} tries, the next {row.next_at - now} from now, "
        f"leased until {row.leased_until}, {row.last_reply}"
        for row in queued
    ]
    return out + [f"mail {row.id}, {row.attempts} tries, leased until {row.leased_until}" for row in unjudged]


def _check(world: World, letters: int) -> None:
    _check_one_way(world, world.a, world.b, letters - letters // 2)
    _check_one_way(world, world.b, world.a, letters // 2)
    for house in (world.a, world.b):
        outbox = world.rows(exchange.outbox, house)
        owed = len(world.rows(exchange.dispatches, house)) + 2 * len(world.incoming(house))
        assert len(outbox) == owed, "each letter and each receipt has one message, whose bytes go however often it goes"
        assert {row.state for row in outbox} == {"sent"}
        assert set(world.outcomes(house)) <= {"accepted", "duplicate", "acknowledged", "discarded"}
    world.check_the_books()


def _check_one_way(world: World, sender: House, receiver: House, letters: int) -> None:
    came = world.incoming(receiver)
    assert len({letter.dispatch_id for letter in came}) == len(came) == letters
    assert {letter.state for letter in came} == {IncomingState.REGISTERED}
    assert sorted(letter.register_number or 0 for letter in came) == list(range(1, letters + 1))
    assert sorted(world.receipts_given(receiver)) == ["received"] * letters + ["registered"] * letters
    assert [line.serial for line in world.book(sender, BookKind.SENDING)] == list(range(1, letters + 1))
    assert [line.serial for line in world.book(receiver, BookKind.RECEIVING)] == list(range(1, letters + 1))
    numbers = {str(letter.dispatch_id): str(letter.register_number) for letter in came}
    for row in world.rows(exchange.dispatches, sender):
        assert row.state is DispatchState.REGISTERED and row.register_number == numbers[str(row.id)]
    proofs = Counter(
        (row.dispatch_id, row.step) for row in world.rows(exchange.evidence, sender) if row.kind.value == "receipt"
    )
    assert len(proofs) == 2 * letters and set(proofs.values()) == {1}, "each receipt is kept once"
    assert world.outcomes(receiver).count("accepted") == letters


def test_eight_clerks_who_stumble_and_are_killed_leave_no_gap_in_the_register(
    tmp_path: Path, database_url: str, rounds: Callable[[int, int], int]
) -> None:
    letters, least_kills = rounds(200, 3_000), rounds(8, 60)
    chance = random.Random(uuid4().int)
    hub = HubProcess(ACCOUNTS, tmp_path / "hub")
    hub.smtp_port = hub.imap_port = 1  # nobody asks for mail here
    world = world_on_the_wall_clock(tmp_path / "data", database_url, hub)
    _put_on_the_shelf(world, letters)
    env = {**environment(world.office.settings), "STUMBLES": "20"}
    log, command = tmp_path / "hands.log", ["tests.journeys.registering_hand"]
    hands = [Running(command, env, log) for _ in range(8)]
    kills = 0
    try:
        wait_until(lambda: log.read_text().count("ready") >= 4, 90, lambda: log.read_text())
        while _registered(world) < letters:
            time.sleep(chance.uniform(0.05, 0.3))
            place = chance.randrange(8)
            if hands[place].alive and kills < least_kills:
                hands[place].kill()
                kills += 1
            if not hands[place].alive:
                hands[place] = Running(command, env, log)
        lines = world.book(world.b, BookKind.RECEIVING)
        assert [line.serial for line in lines] == list(range(1, letters + 1))
        assert len({line.subject_of for line in lines}) == letters
        assert len(world.receipts_given(world.b)) == letters
        world.check_the_books()
        assert "Traceback" not in log.read_text(), log.read_text()[-4_000:]
        print(f"{letters} letters, {kills} clerks killed")
    finally:
        for hand in hands:
            hand.kill()
        world.office.close()


def _registered(world: World) -> int:
    with world.office.reading.connect() as connection:
        query = select(func.count()).where(incoming.c.state == IncomingState.REGISTERED)
        return int(connection.execute(query).scalar_one())


def _put_on_the_shelf(world: World, letters: int) -> None:
    clerk = world.actor(world.b, "clerk")
    assert clerk.unit_id is not None
    now = world.clock.now()
    with world.services.uow() as uow:
        for n in range(letters):
            letter = IncomingLetter(
                id=IncomingId(uuid4()),
                agency_id=world.b.id,
                unit_id=clerk.unit_id,
                state=IncomingState.NEW,
                received_at=now,
                raw_sha256=Digest.of(b""),
                message_id=f"<{n}@peer.test>",
                from_mailbox=PEER,
                from_code="peer",
                from_name=NAMES["peer"],
                dispatch_id=uuid4(),
                manifest_sha256="0" * 64,
                number=f"ทส 0901/{n}",
                subject=f"หนังสือฉบับที่ {n}",
            )
            letter.accepted_key = letter.accept_key()
            uow.incoming.add(letter)
        uow.commit()
