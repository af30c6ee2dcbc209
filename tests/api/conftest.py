"""Two agencies of one installation for each test of the API, and a program for each person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.program import Programs
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import Installation, build_installation


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    """The installation."""
    made = build_installation(tmp_path, new_database, clock)
    yield made
    made.close()


@pytest.fixture
def programs(town: Installation) -> Programs:
    """A program for each person."""
    return Programs(town)
