"""A world for each journey, with a hub in this process, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.journeys.world import ACCOUNTS, World, build_world
from tests.mailservers.hub_thread import HubThread


@pytest.fixture
def world(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[World]:
    """Two agencies and the post between them. At the end of every journey its registers and journals are whole."""
    hub = HubThread(ACCOUNTS, tmp_path / "hub", size_limit=60_000_000)
    made = build_world(tmp_path / "data", new_database, clock, hub)
    try:
        yield made
        made.check_the_books()
    finally:
        made.office.close()
        hub.stop()
