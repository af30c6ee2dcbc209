"""What every test may ask for: a clock that stands still, databases, and a count of rounds."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import settings

from tests.fakes import FixedClock

pytest_plugins = ["tests.databases", "tests.dialects", "tests.reporting"]

# A machine that does three things at once is slow at times; a property is not wrong because of it.
settings.register_profile("house", deadline=None)
settings.register_profile("full", deadline=None, max_examples=1000)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--full`, by which long fights are fought to the end."""
    parser.addoption("--full", action="store_true", help="run torture tests and properties with their full counts")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how hard the property tests search."""
    settings.load_profile("full" if config.getoption("--full") else "house")


def pytest_collection_finish() -> None:
    """What was loaded for all tests stays to the end: whoever looks for what can be thrown away need not go through it
    again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything that drives a browser as serial: it has its turn after the tests that reckon and store."""
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.serial)


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at Monday 23 November 2026, 09:30 in Bangkok, until a test moves it."""
    return FixedClock(datetime(2026, 11, 23, 2, 30, tzinfo=UTC))


@pytest.fixture(scope="session")
def rounds(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """`rounds(short, full)` is the first number in daily runs and the second under `--full` (`make torture`)."""
    full = bool(request.config.getoption("--full"))
    return lambda short, whole: whole if full else short
