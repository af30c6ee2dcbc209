"""Work that is silent for minutes, and a lease that is kept meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")


def while_told(lease: timedelta, tell: Callable[[], None], work: Callable[[], T]) -> T:
    """Do it in a thread of its own, and tell every quarter of the lease that it goes on: another worker would begin the
    errand again. What `tell` raises is raised when the work has ended."""
    with ThreadPoolExecutor(1) as apart:
        done = apart.submit(work)
        while not done.done():
            wait([done], lease.total_seconds() / 4)
            tell()
        return done.result()
