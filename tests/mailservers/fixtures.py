"""Fixtures for tests that need a mail server; a `conftest.py` imports those that it wants to offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mailservers.hub_process import HubProcess
from tests.mailservers.hub_thread import HubThread
from tests.mailservers.real_clamd import RealClamd
from tests.mailservers.stack import MailStack

ACCOUNTS = (
    ("saraban@moc.test", "รหัส-moc"),
    ("saraban@nso.test", "pw nso"),
    ("saraban@edu.test", "pw-edu"),
)


@contextmanager
def _running(kind: type[MailStack] | type[HubProcess]) -> Iterator[MailStack | HubProcess]:
    if reason := kind.why_not():
        pytest.skip(reason)
    server = kind.start(ACCOUNTS)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postfix_dovecot() -> Iterator[MailStack | HubProcess]:
    """A real Postfix with Dovecot; skipped with its reason where it cannot run."""
    with _running(MailStack) as server:
        yield server


@pytest.fixture(scope="session")
def hub_process() -> Iterator[MailStack | HubProcess]:
    """The hub in a process of its own, with STARTTLS."""
    with _running(HubProcess) as server:
        yield server


@pytest.fixture
def real_clamd() -> Iterator[RealClamd]:
    """A real clamd that knows EICAR; skipped with its reason where there is none."""
    if reason := RealClamd.why_not():
        pytest.skip(reason)
    daemon = RealClamd()
    try:
        daemon.up()
        yield daemon
    finally:
        daemon.stop()


@pytest.fixture(params=["hub_process", "postfix_dovecot"])
def mail_server(request: pytest.FixtureRequest) -> MailStack | HubProcess:
    """The same test with the hub and with the real servers."""
    server: MailStack | HubProcess = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubThread]:
    """A hub in this process that can be made to misbehave."""
    server = HubThread(ACCOUNTS, tmp_path / "hub")
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def make_hub(tmp_path: Path) -> Iterator[Callable[[int], HubThread]]:
    """Makes hubs with another limit of size."""
    made: list[HubThread] = []

    def make(size_limit: int) -> HubThread:
        made.append(HubThread(ACCOUNTS, tmp_path / f"hub{len(made)}", size_limit))
        return made[-1]

    yield make
    for server in made:
        server.stop()
