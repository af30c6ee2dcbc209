"""Counts that are gathered in memory and written together, so that a look costs no transaction of its own."""

from __future__ import annotations

import atexit
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping

_log = logging.getLogger(__name__)


class Tally:
    """Gathers counts by name and hands them to `write` within `seconds` after the first of them, and when the process
    ends in order. What cannot be written is kept and tried again with the next; a process that is killed loses the last
    seconds."""

    def __init__(self, write: Callable[[Mapping[str, int]], None], seconds: float = 2.0) -> None:
        self._write, self._seconds = write, seconds
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._counts: Counter[str] = Counter()
        self._timer: threading.Timer | None = None
        atexit.register(self.flush)

    def add(self, name: str) -> None:
        """Count one more."""
        with self._lock:
            self._counts[name] += 1
            if self._timer is None:
                self._timer = threading.Timer(self._seconds, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write what is there now."""
        with self._writing:
            with self._lock:
                counts, self._counts = self._counts, Counter()
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
            if not counts:
                return
            try:
                self._write(counts)
            except Exception as error:
                # A count is not worth an answer that fails; the database may be back in a moment.
                _log.warning("the counts could not be written yet: %s", type(error).__name__)
                with self._lock:
                    self._counts.update(counts)
