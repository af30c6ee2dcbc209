"""The same request twice is one deed: keys that programs send as Idempotency-Key and forms as a hidden field.

The key goes into the use case's unit of work, so that it becomes durable with the deed itself or not at all. What was
answered is kept beside it; when it was lost (the process died between the two), the answer is made again from the
thing that the deed was about. Keys are kept for seven days.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import IO, Any
from uuid import UUID

from flask import current_app

from saraban.domain.actor import Actor
from saraban.domain.errors import BadInput, ConcurrentEdit
from saraban.doorway import services
from saraban.usecases.books import AlreadyDone, OnceKey
from saraban.usecases.ports import Services

Answer = dict[str, Any]
LONGEST_KEY = 200
WAIT_SECONDS = "ONCE_WAIT_SECONDS"  # of the application: how long a repeat waits for the first request
_IN_FLIGHT = "saraban-in-flight"
_PART = 1 << 20


class StillRunning(ConcurrentEdit):
    """The same request is being worked on at this moment and has not ended in time."""

    code = "still-running"

    def __init__(self) -> None:
        super().__init__("คำขอเดียวกันนี้กำลังทำอยู่ รอสักครู่แล้วส่งคำขอเดิมอีกครั้ง")


@dataclass(frozen=True)
class Said:
    """An answer, and whether it is the repetition of an earlier one."""

    answer: Answer
    repeated: bool = False


def once_key(holder: Actor, key: str | None, *asked: object) -> OnceKey | None:
    """The key of a person for what was asked; None when none was sent. The parts of `asked` are JSON values and make
    the fingerprint; leave secrets out of them. Raises BadInput for a key that is too long or not printable ASCII."""
    if not key:
        return None
    if len(key) > LONGEST_KEY or not all(" " <= sign <= "~" for sign in key):
        raise BadInput({"Idempotency-Key": f"ใช้อักขระ ASCII ที่พิมพ์ได้ ไม่เกิน {LONGEST_KEY} ตัว"})
    if holder.acting is not None:
        asked = (*asked, holder.key)
    text = json.dumps(asked, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return OnceKey(f"person:{holder.person_id}", key, hashlib.sha256(text.encode()).hexdigest())


def stream_fingerprint(stream: IO[bytes]) -> str:
    """The SHA-256 of what a stream holds; it is wound back to its beginning."""
    stream.seek(0)
    digest = hashlib.sha256()
    while part := stream.read(_PART):
        digest.update(part)
    stream.seek(0)
    return digest.hexdigest()


def do_once(key: OnceKey | None, work: Callable[[Services], Answer], rebuild: Callable[[UUID], Answer]) -> Said:
    """Do the work with the services it is given, or repeat what was said when the key has done it before.

    `work` calls one use case with these services and returns the answer, which must be JSON. `rebuild` makes the answer
    again from the id of the thing that the work was about. Raises RuleBroken (`idempotency-key-reused`) for a key
    that stands for something else, StillRunning when the first request does not end in time, and what `work` raises.
    """
    office = services()
    if key is None:
        return Said(work(office))
    keyed = replace(office, uow=office.once(key))
    with _one_at_a_time(key):
        try:
            answer = work(keyed)
        except AlreadyDone as done:
            return Said(_earlier(done, rebuild), repeated=True)
        except Exception:
            # Another process may have done it while we tried: its key, not our failure, is the answer then.
            meanwhile = _look_up(keyed)
            if meanwhile is None:
                raise
            return Said(_earlier(meanwhile, rebuild), repeated=True)
    office.remember(key, _plain(answer))
    return Said(answer)


def _earlier(done: AlreadyDone, rebuild: Callable[[UUID], Answer]) -> Answer:
    if done.answer is not None:
        return done.answer
    if done.subject is None:
        raise StillRunning
    return rebuild(done.subject)


def _look_up(keyed: Services) -> AlreadyDone | None:
    try:
        with keyed.uow():
            return None
    except AlreadyDone as done:
        return done


def _plain(answer: Mapping[str, Any]) -> Answer:
    plain: Answer = json.loads(json.dumps(answer))
    return plain


class _InFlight:
    """The keys whose first request is being worked on in this process: a second waits for it."""

    def __init__(self) -> None:
        self._guard = threading.Condition()
        self._running: set[tuple[str, str]] = set()

    @contextmanager
    def only(self, key: OnceKey, wait_seconds: float) -> Iterator[None]:
        """Have the key alone. Raises StillRunning when another does not let go of it in time."""
        name = (key.holder, key.key)
        with self._guard:
            if not self._guard.wait_for(lambda: name not in self._running, timeout=wait_seconds):
                raise StillRunning
            self._running.add(name)
        try:
            yield
        finally:
            with self._guard:
                self._running.discard(name)
                self._guard.notify_all()


def _one_at_a_time(key: OnceKey) -> AbstractContextManager[None]:
    in_flight: _InFlight = current_app.extensions.setdefault(_IN_FLIGHT, _InFlight())
    return in_flight.only(key, current_app.config.get(WAIT_SECONDS, 20.0))
