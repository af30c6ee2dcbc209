"""Threads that begin at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def side_by_side(threads: int, work: Callable[[int], T]) -> list[T]:
    """What `work(0)` … `work(threads - 1)` give when they start at the same moment; the first error is raised."""
    gate = threading.Barrier(threads)

    def run(number: int) -> T:
        gate.wait(10)
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))
