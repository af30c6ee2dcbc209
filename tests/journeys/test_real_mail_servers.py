"""The whole way of a letter through a real Postfix and Dovecot; skipped with its reason where they cannot run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from saraban.domain.dispatch import DispatchState, EvidenceKind
from saraban.domain.incoming import IncomingState
from saraban.usecases.registering import register_letter
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.journeys.processes import wait_until
from tests.journeys.world import ACCOUNTS, World, build_world
from tests.mailservers.stack import MailStack


@pytest.fixture
def stack() -> Iterator[MailStack]:
    """Postfix and Dovecot with the mailboxes of the journeys."""
    if reason := MailStack.why_not():
        pytest.skip(reason)
    server = MailStack.start(ACCOUNTS)
    yield server
    server.stop()


@pytest.fixture
def real_world(tmp_path: Path, new_database: NewDatabase, clock: FixedClock, stack: MailStack) -> Iterator[World]:
    """The world of the journeys with its mail at the real servers."""
    made = build_world(tmp_path / "data", new_database, clock, stack)  # type: ignore[arg-type]
    yield made
    made.check_the_books()
    made.office.close()


def moving(world: World, true: Callable[[], bool]) -> Callable[[], bool]:
    """Let the worker work, then look."""

    def look() -> bool:
        world.send_out()
        world.collect()
        return true()

    return look


def test_a_letter_goes_through_postfix_and_dovecot_and_comes_back_registered(real_world: World) -> None:
    world = real_world
    dispatch = world.sent(files={"กำหนดการ.txt": "วาระที่ ๑\n.\n..จุดนำหน้า\n".encode()})
    assert world.dispatch(dispatch).state is DispatchState.SENT
    wait_until(moving(world, lambda: world.dispatch(dispatch).state is DispatchState.RECEIVED), 30, "no receipt came")
    wait_until(moving(world, lambda: "relayed" in {e.step for e in world.evidence(dispatch)}), 30, "no DSN came")
    relayed = next(e for e in world.evidence(dispatch) if e.step == "relayed")
    assert relayed.kind is EvidenceKind.DSN and relayed.text
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.NEW and letter.findings == (), "nothing was changed on the way"
    assert letter.outer is not None and letter.outer["intact"] is True and letter.mic

    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id)
    wait_until(moving(world, lambda: world.dispatch(dispatch).state is DispatchState.REGISTERED), 30, "not registered")
    assert world.dispatch(dispatch).register_number == "1"
