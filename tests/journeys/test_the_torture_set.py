"""Hundreds of real bad mails and thousands of spoilt ones of our own: none raises, none stops the mailbox, and nothing
that was changed on the way is ever taken for what was sent."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from saraban.domain.agency import Correspondent
from saraban.domain.incoming import IncomingState
from saraban.domain.receipt import Step
from saraban.exchange.manifest import Manifest, ManifestInvalid, read_manifest
from saraban.exchange.parse import InboundMessage, Unreadable, read_message
from saraban.exchange.screening import Disposition, Facts, screen
from saraban.mail.reader import ChildProcessReader
from saraban.usecases.answering import trusted_seal
from tests.journeys.peer import PDF
from tests.journeys.post_office import letters, receipts
from tests.journeys.world import NAMES, PEER, A, B, World
from tests.torture.mutations import MUTATIONS, mutant
from tests.torture.samples import samples

pytestmark = [pytest.mark.torture, pytest.mark.only_database("sqlite")]

ROOT = Path(__file__).resolve().parents[2]
FILES = {"หนังสือ.pdf": PDF, "แบบสำรวจ ๑.xlsx": bytes(range(256)) * 20}


@pytest.fixture
def guarded(world: World) -> Iterator[World]:
    """The world with the worker's own reader: a child process with limits."""
    reader = ChildProcessReader()
    world.office = replace(world.office, services=replace(world.services, mail_reader=reader))
    yield world
    reader.close()


def test_every_sample_is_read_in_little_memory_and_time() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.reading_hand"], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    told = json.loads(done.stdout)
    print(told)
    assert told["raised"] == {}
    assert told["count"] >= 480
    assert told["grown_kb"] < 200 * 1024
    assert told["seconds"] < 60


def test_no_sample_stops_the_mailbox(guarded: World, rounds: Callable[[int, int], int]) -> None:
    world, every = guarded, list(samples())
    chosen = random.Random(2569).sample(every, min(len(every), rounds(40, len(every))))
    for _, raw in chosen:
        world.post.put(B, raw)
    world.peer.post(B, world.peer.letter(world.peer.manifest(world.b.party)))

    start = time.monotonic()
    _work_off(world)

    outcomes = Counter(world.outcomes(world.b))
    print(f"{len(chosen)} samples through the mailbox in {time.monotonic() - start:.1f} s: {dict(outcomes)}")
    assert outcomes.total() == len(chosen) + 1 and outcomes[""] == 0, "each has its verdict"
    (good,) = world.incoming(world.b, IncomingState.NEW)
    assert good.from_mailbox == PEER, "the good letter behind them came in, and nothing else was taken for a letter"


def test_no_mutant_raises_or_is_taken_for_what_it_is_not(world: World, rounds: Callable[[int, int], int]) -> None:
    sent = world.peer.manifest(world.b.party, FILES)
    letter, dispatch = world.peer.letter(sent, FILES), world.queued("peer")
    dispatch = world.dispatch(dispatch)
    told = world.peer.statement(dispatch, Step.REGISTERED, at=world.clock.now())
    first = world.peer.receipt(world.peer.statement(dispatch, Step.RECEIVED, at=world.clock.now()))
    originals = {"letter": letter, "receipt": world.peer.receipt(told), "first answer": first}
    signed = {name: _signed(read_message(raw)) for name, raw in originals.items()}
    fates: Counter[str] = Counter()
    slowest = (0.0, "")
    for seed in range(rounds(200, 5_000)):
        name = ("letter", "letter", "receipt", "first answer")[seed % 4]
        what, raw = mutant(originals[name], seed)
        start = time.process_time()
        try:
            message = read_message(raw)
        except Unreadable:
            fates[f"{name}: refused"] += 1
            continue
        finally:
            slowest = max(slowest, (time.process_time() - start, f"{name} {what}"))
        fates[f"{name}: {_judged(world, message, raw, signed[name], f'{name} {what}')}"] += 1
    print(f"{dict(sorted(fates.items()))}; the slowest took {slowest[0]:.2f} s ({slowest[1]})")
    assert slowest[0] < 5.0, slowest
    assert fates["letter: accept"] > 0 < fates["letter: hold"], (
        "not everything is damage, and not all damage is forgiven"
    )
    assert fates["receipt: counts"] > 0 < fates["receipt: nothing"]


def test_mutants_stop_no_mailbox_and_move_no_dispatch_that_they_do_not_speak_of(
    guarded: World, rounds: Callable[[int, int], int]
) -> None:
    world = guarded
    dispatch = world.sent("peer")
    (ours,) = world.post.lying(PEER, letters)
    theirs = world.peer.letter(world.peer.manifest(world.b.party, FILES), FILES)
    told = world.peer.receipt(world.peer.statement(dispatch, Step.RECEIVED, at=world.clock.now()))
    many = rounds(len(MUTATIONS) * 2, 400)
    for seed in range(many):
        world.post.put(B, mutant(theirs, seed)[1] or b"\r\n", mutant(ours, seed)[1] or b"\r\n")
        world.post.put(A, mutant(told, seed)[1] or b"\r\n")
    good = world.peer.manifest(world.b.party, subject="ฉบับที่ดี")
    world.peer.post(B, world.peer.letter(good))

    _work_off(world)

    assert "" not in world.outcomes(world.b) + world.outcomes(world.a)
    taken = world.incoming(world.b, IncomingState.NEW)
    print(f"{3 * many} mutants: {Counter(world.outcomes(world.b))} and {Counter(world.outcomes(world.a))}")
    assert good.subject in [letter.subject for letter in taken]
    assert len({letter.dispatch_id for letter in taken}) == len(taken) <= 2, "of all mutants one letter at most"
    assert world.dispatch(dispatch).state.value in ("sent", "relayed", "received")
    for letter in taken:
        if letter.subject != good.subject:
            assert {file.name: file.sha256.hex for file in letter.files}.keys() == FILES.keys()
    assert world.post.lying(PEER, receipts), "the good letter was answered"


def _work_off(world: World) -> None:
    """Let the world work until nothing moves, however much lies in the mailboxes."""
    for _ in range(20):
        with suppress(AssertionError):  # "never comes to an end": there was more than it does at once
            world.settle()
            return
    raise AssertionError("the mailbox stands still")


def _signed(message: InboundMessage) -> tuple[bytes | None, list[str]]:
    """What a seal speaks for: the manifest with the digests of its files (whose names may suffer), or the statement."""
    content = message.manifest if message.manifest is not None else message.statement
    return content, sorted(file.sha256.hex for file in message.files)


def _judged(
    world: World, message: InboundMessage, raw: bytes, original: tuple[bytes | None, list[str]], what: str
) -> str:
    """What becomes of a mutant that can be read. Fails when it is believed and is not what was sent."""
    peer = Correspondent("peer", NAMES["peer"], PEER)
    now, verify = world.clock.now(), world.services.verifier.status
    trust = trusted_seal(peer)
    if message.manifest is None:
        if message.statement is None:
            return "nothing"
        if not verify(message.statement, message.statement_p7s or b"", trust, now).good:
            return "nothing"
        assert message.statement == original[0], what
        return "counts"
    manifest: Manifest | None = None
    problem = ""
    try:
        manifest = read_manifest(message.manifest)
    except ManifestInvalid as error:
        problem = str(error)
    seal = verify(message.manifest, message.manifest_p7s or b"", trust, now)
    outer = verify(message.outer.digest, message.outer.signature, trust, now) if message.outer else None
    facts = Facts(now, "b", B, peer if message.from_address == PEER else None)
    verdict = screen(message, len(raw), manifest, problem or None, seal, outer, facts)
    if verdict.disposition is Disposition.ACCEPT:
        assert _signed(message) == original, what
    return verdict.disposition.value
