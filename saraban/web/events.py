"""The stream that keeps open pages up to date (server-sent events).

A stream holds a thread of the server as long as it lasts, so there are few of them at a time and each ends after a
while; the browser comes back with what it saw last, and a page that finds no room, or gives its room to a newer one of
the same person, asks every half minute instead. One thread looks for all streams of the process, with one statement. A
page that was left is noticed at its socket, so that its thread is free within a second or so; and with its database
the whole board ends (`Boards.end`)."""

from __future__ import annotations

import json
import logging
import select
import socket
import ssl
import threading
import time
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
LEFT_SECONDS = 1.0
"""How often a stream looks whether somebody still listens."""
END_SECONDS = 5.0
LIFE_SECONDS = 120.0
BACK_MILLISECONDS = 2000
_log = logging.getLogger(__name__)

Look = Callable[[Collection[UUID]], Mapping[UUID, Unread]]
Left = Callable[[], bool]


class Following:
    """One stream: whose it is, and what was last seen for the person. `yields`: a newer page of the person has its
    room."""

    def __init__(self, person: UUID) -> None:
        self.person = person
        self.latest: Unread | None = None
        self.changed = threading.Event()
        self.over = False
        self.yields = False


class Board:
    """All streams of a process, and the thread that looks for them while there are any."""

    def __init__(self, look: Look, *, most: int = MOST_STREAMS, every: float = LOOK_SECONDS) -> None:
        self._look, self._most, self._every = look, most, every
        self._lock = threading.Lock()
        self._all: list[Following] = []
        self._thread: threading.Thread | None = None
        self._woken = threading.Event()
        self._closed = False

    def follow(self, person: UUID) -> Following | None:
        """Begin a stream; None when there is no room. The oldest of the same person makes room first."""
        with self._lock:
            if self._closed:
                return None
            own = [one for one in self._all if one.person == person]
            if len(own) >= MOST_OF_ONE:
                own[0].over = own[0].yields = True
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

    def close(self) -> None:
        """End all streams and the thread; none begins here again."""
        with self._lock:
            self._closed, thread = True, self._thread
        self._end_all()
        self._woken.set()
        if thread is not None:
            thread.join(END_SECONDS)

    def _run(self) -> None:
        while True:
            with self._lock:
                people = {one.person for one in self._all}
                if not people or self._closed:
                    self._thread = None
                    return
                self._woken.clear()
            try:
                self._tell(self._look(people))
            except Exception as error:  # a database that is away for a while: the pages come back a little later
                if not self._closed:
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


class Boards:
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

    def end(self, engine: Engine) -> None:
        """End the board of a database that is about to be closed; nothing happens when there is none."""
        with self._lock:
            found = self._boards.pop(engine, None)
        if found is not None:
            found.close()


def _look(engine: weakref.ref[Engine], people: Collection[UUID]) -> Mapping[UUID, Unread]:
    reading = engine()
    if reading is None:
        return {}
    with reading.connect() as connection:
        return unread(connection, people)


BOARD = Boards()


def has_left(environ: Mapping[str, Any]) -> Left:
    """Asks whether the browser of a request has closed its connection. Where the server does not show the socket, or it
    is encrypted, nobody can tell, and the answer is no: writing to it will fail in the end."""
    line = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    if not isinstance(line, socket.socket) or isinstance(line, ssl.SSLSocket):
        return lambda: False
    return partial(_is_closed, line)


def _is_closed(line: socket.socket) -> bool:
    try:
        waiting = select.poll()
        waiting.register(line, select.POLLIN)
        return bool(waiting.poll(0)) and line.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):  # reset by the other side, or closed by the server itself
        return True


def stream(
    board: Board,
    following: Following,
    seen: str,
    told: Callable[[Unread], dict[str, Any]],
    *,
    left: Left = lambda: False,
    life: float = LIFE_SECONDS,
) -> Iterator[str]:
    """The lines of a stream: an event for each change from what the page has `seen`, a beat while nothing changes."""
    end = time.monotonic() + life
    beat = min(end, time.monotonic() + BEAT_SECONDS)
    try:
        yield f"retry: {BACK_MILLISECONDS}\n\n"
        while (now := time.monotonic()) < end and not left():
            if following.changed.wait(max(0.0, min(LEFT_SECONDS, beat - now))):
                following.changed.clear()
                if following.over:
                    if following.yields:
                        yield "event: full\ndata: {}\n\n"
                    return
                unread = following.latest or NONE
                if unread.mark != seen:
                    seen = unread.mark
                    yield f"id: {seen}\nevent: notices\ndata: {json.dumps(told(unread), ensure_ascii=False)}\n\n"
            if time.monotonic() >= beat:
                beat = min(end, time.monotonic() + BEAT_SECONDS)
                yield ": beat\n\n"
    finally:
        board.leave(following)
