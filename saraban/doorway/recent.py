"""Answers that many ask for at once: made for the first, and given to the others for a few seconds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Keeps at most `most` answers, each for `seconds` after it was asked for; with 0 seconds none. Each process keeps
    its own, in memory only."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds, self._most = seconds, most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def given(self, key: Hashable, make: Callable[[], T | None]) -> T | None:
        """The answer that is kept under this key, or what `make` makes now. None, which is no answer, is never kept.
        How old an answer is counts from before it was made: what it tells may have changed since."""
        if self._seconds <= 0:
            return make()
        now = monotonic()
        with self._lock:
            since, kept = self._kept.get(key, (0.0, None))
        if kept is not None and now - since < self._seconds:
            return kept
        made = make()
        if made is not None:
            self._keep(key, now, made)
        return made

    def _keep(self, key: Hashable, now: float, made: T) -> None:
        with self._lock:
            self._kept[key] = (now, made)
            self._kept.move_to_end(key)
            while self._kept and (len(self._kept) > self._most or self._is_over(now)):
                self._kept.popitem(last=False)

    def _is_over(self, now: float) -> bool:
        """Is the one that was kept first of no more use?"""
        since, _ = next(iter(self._kept.values()))
        return now - since >= self._seconds
