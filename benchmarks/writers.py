"""Processes that work at the same moment, each with an installation of its own over one database, like web workers."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from time import perf_counter
from typing import Any

from benchmarks.town import Town
from saraban.bootstrap import build
from saraban.domain.actor import Actor
from saraban.settings import Settings

PATIENCE = 600
"""Seconds until all must have started."""
Way = Callable[[Any], object]
"""One way to do one piece of work."""
Ways = Callable[..., dict[str, Way]]
"""Makes all ways out of an office and its clerk; it stands at the top of a module, so that another process finds it."""


class Writers:
    """So many processes, from the beginning of the block to its end."""

    def __init__(self, town: Town, count: int, ways: Ways) -> None:
        # Forked from a process that has read the modules once: thirty starts of Python would take minutes.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([ways.__module__])
        self.count = count
        self._barrier = context.Barrier(count + 1)
        self._lines = [context.Pipe() for _ in range(count)]
        self._processes = [
            context.Process(target=_writer, args=(town.settings, town.clerk, ways, theirs, self._barrier), daemon=True)
            for _, theirs in self._lines
        ]

    def __enter__(self) -> Writers:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_error: object) -> None:
        for ours, _ in self._lines:
            ours.send(None)
        for process in self._processes:
            process.join(10)

    def rate(self, way: str, pieces: Sequence[Any]) -> float:
        """Pieces a second of all together, from the common start to the last piece."""
        for place, (ours, _) in enumerate(self._lines):
            ours.send((way, pieces[place :: self.count]))
        self._barrier.wait(PATIENCE)
        begin = perf_counter()
        for ours, _ in self._lines:
            problem = ours.recv()
            if problem:
                raise RuntimeError(problem)
        return len(pieces) / (perf_counter() - begin)


def _writer(settings: Settings, clerk: Actor, ways: Ways, line: Any, barrier: Barrier) -> None:
    known = ways(build(settings), clerk)
    while (order := line.recv()) is not None:
        way, pieces = order
        barrier.wait(PATIENCE)
        try:
            for piece in pieces:
                known[way](piece)
            line.send("")
        except Exception as error:
            line.send(f"{type(error).__name__}: {error}")
