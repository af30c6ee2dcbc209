"""The stream that keeps open pages up to date (server-sent events).

A stream holds a thread of the server as long as it lasts, so there are few of them at a time and each ends after a
while; the browser comes back with what it saw last, and a page that finds no room asks every half minute instead. One
thread looks for all streams of the process, with one statement."""

from __future__ import annotations

import json
import logging
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from saraban.reading.notices import NONE, Unread, unread

MOST_STREAMS = 4
"""Of the eight threads of a process."""
LOOK_SECONDS = 2.0
MOST_OF_ONE = 2
"""Of one person: the server hears late that a page was left, and the next page has a stream of its own."""
BEAT_SECONDS = 10.0
LIFE_SECONDS = 120.0
BACK_MILLISECONDS = 2000
_log = logging.getLogger(__name__)

Look = Callable[[Collection[UUID]], Mapping[UUID, Unread]]


class Following:
    """One stream: whose it is, and what was last seen for the person."""

    def __init__(self, person: UUID) -> None:
        self.person = person
        self.latest: Unread | None = None
        self.changed = threading.Event()
        self.over = False


class Board:
    """All streams of a process, and the thread that looks for them while there are any."""

    def __init__(self, look: Look, *, most: int = MOST_STREAMS, every: float = LOOK_SECONDS) -> None:
        self._look, self._most, self._every = look, most, every
        self._lock = threading.Lock()
        self._all: list[Following] = []
        self._thread: threading.Thread | None = None
        self._woken = threading.Event()

    def follow(self, person: UUID) -> Following | None:
        """Begin a stream; None when there is no room. The oldest of the same person makes room first."""
        with self._lock:
            own = [one for one in self._all if one.person == person]
            if len(own) >= MOST_OF_ONE:
                own[0].over = True
                own[0].changed.set()
                self._all.remove(own[0])
            if len(self._all) >= self._most:
                return None
            made = Following(person)
            self._all.append(made)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="events", daemon=True)
                self._thread.start()
            self._woken.set()
        return made

    def leave(self, following: Following) -> None:
        """End a stream."""
        with self._lock, suppress(ValueError):
            self._all.remove(following)

    def _run(self) -> None:
        while True:
            with self._lock:
                people = {one.person for one in self._all}
                if not people:
                    self._thread = None
                    return
                self._woken.clear()
            try:
                self._tell(self._look(people))
            except Exception as error:  # a database that is away for a while: the pages come back a little later
                _log.warning("the notices could not be looked for: %s", error)
                self._end_all()
            self._woken.wait(self._every)

    def _end_all(self) -> None:
        with self._lock:
            for one in self._all:
                one.over = True
                one.changed.set()
            self._all.clear()

    def _tell(self, seen: Mapping[UUID, Unread]) -> None:
        with self._lock:
            for one in self._all:
                now = seen.get(one.person, NONE)
                if one.latest != now:
                    one.latest = now
                    one.changed.set()


class _Boards:
    """The board of each database that is read; one that is gone takes its board with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._boards: weakref.WeakKeyDictionary[Engine, Board] = weakref.WeakKeyDictionary()

    def of(self, engine: Engine) -> Board:
        """The board of this database."""
        with self._lock:
            found = self._boards.get(engine)
            if found is None:
                found = self._boards[engine] = Board(partial(_look, weakref.ref(engine)))
            return found


def _look(engine: weakref.ref[Engine], people: Collection[UUID]) -> Mapping[UUID, Unread]:
    reading = engine()
    if reading is None:
        return {}
    with reading.connect() as connection:
        return unread(connection, people)


BOARD = _Boards()


def stream(
    board: Board,
    following: Following,
    seen: str,
    told: Callable[[Unread], dict[str, Any]],
    *,
    life: float = LIFE_SECONDS,
) -> Iterator[str]:
    """The lines of a stream: an event for each change from what the page has `seen`, a beat while nothing changes."""
    left = life
    try:
        yield f"retry: {BACK_MILLISECONDS}\n\n"
        while left > 0:
            if following.changed.wait(min(BEAT_SECONDS, left)):
                following.changed.clear()
                if following.over:
                    return
                unread = following.latest or NONE
                if unread.mark != seen:
                    seen = unread.mark
                    yield f"id: {seen}\nevent: notices\ndata: {json.dumps(told(unread), ensure_ascii=False)}\n\n"
                left -= LOOK_SECONDS
            else:
                left -= BEAT_SECONDS
                yield ": beat\n\n"
    finally:
        board.leave(following)
