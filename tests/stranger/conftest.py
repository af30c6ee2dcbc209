"""A world with the stranger as its third agency. The clock stands where openssl's does, which reads the machine's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.journeys import keyring
from tests.journeys.world import ACCOUNTS, NAMES, PEER, World, build_world
from tests.mailservers.hub_thread import HubThread
from tests.stranger.seals import OPENSSL, Key
from tests.stranger.stranger import Stranger


@pytest.fixture(autouse=True)
def openssl_is_there() -> None:
    """Skip, and say so, where nobody can play the stranger."""
    if OPENSSL is None:
        pytest.skip("NOT TESTED against another implementation: there is no openssl command on this machine")


@pytest.fixture
def clock() -> FixedClock:
    """A clock that starts now: the stranger's signatures say the machine's time."""
    return FixedClock(datetime.now(UTC))


@pytest.fixture
def world(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[World]:
    """Two hosted agencies and a mailbox for the stranger. In the end the registers and journals are whole."""
    hub = HubThread(ACCOUNTS, tmp_path / "hub", size_limit=60_000_000)
    made = build_world(tmp_path / "data", new_database, clock, hub)
    try:
        yield made
        made.check_the_books()
    finally:
        made.office.close()
        hub.stop()


@pytest.fixture
def stranger(world: World, tmp_path: Path) -> Stranger:
    """The software of the agency `peer`, which got its mailbox, its key and the roots as files."""
    held = keyring.seal(NAMES["peer"], PEER)
    key = Key(tmp_path / "stranger.pem", tmp_path / "stranger-key.pem")
    key.certificate.write_text(held.pem)
    key.key.write_bytes(held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    roots = tmp_path / "roots.pem"
    roots.write_text(keyring.root().pem)
    smtp, imap = world.hub.smtp_account(PEER), world.hub.imap_account(PEER)
    return Stranger("peer", NAMES["peer"], PEER, asdict(smtp), asdict(imap), key, roots)
