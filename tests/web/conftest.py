"""An installation with two agencies for each test of the screens, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.mailservers.fixtures import hub
from tests.web.installation import Browser, Installation, build_installation

__all__ = ["hub"]


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    """Two agencies of one installation (`reading-…`, `learning-…`), officers in every post, nothing written yet."""
    made = build_installation(tmp_path, new_database, clock)
    yield made
    made.close()


@pytest.fixture
def clerk(town: Installation) -> Browser:
    """The central clerk of กรมส่งเสริมการอ่าน at the browser."""
    return town.client("reading-clerk")
