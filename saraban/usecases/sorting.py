"""Sorting what came in (clause 36): read a message and hand it to whoever judges its kind."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from saraban.domain.errors import ConcurrentEdit, NotFound
from saraban.exchange.parse import InboundMessage, Unreadable
from saraban.usecases.books import AlreadyJudged, InboxItem
from saraban.usecases.ports import Services

MOST_TRIES = 5
_TRIES_AT_ONCE = 3
_log = logging.getLogger(__name__)

Judge = Callable[[Services, InboxItem, InboundMessage], bool]
"""Judges a message; False when it is not of its kind."""
HoldUnreadable = Callable[[Services, InboxItem, str, str], None]
"""Holds a message that cannot be read: (office, item, reason code, Thai words)."""


def sort_next(office: Services, *, judges: tuple[Judge, ...], hold_unreadable: HoldUnreadable, limit: int = 20) -> int:
    """Judge messages that wait. Returns how many; 0 when none waits. One that fails is tried again later, and held
    after five tries; the others go on."""
    with office.uow() as uow:
        items = uow.inbox.claim(office.clock.now(), office.lease, limit)
        if not items:
            return 0
        uow.commit(final=False)
    for item, message in _read_ahead(office, items):
        try:
            _sort(office, item, message, judges, hold_unreadable)
        except AlreadyJudged:
            continue
        except Exception:
            _log.exception("message %s could not be judged (try %d)", item.sha256, item.attempts)
            if item.attempts >= MOST_TRIES:
                hold_unreadable(office, item, "unreadable", "ระบบอ่านไปรษณีย์ฉบับนี้ไม่สำเร็จหลายครั้ง")
    return len(items)


def _read_ahead(
    office: Services, items: Sequence[InboxItem]
) -> Iterator[tuple[InboxItem, Callable[[], InboundMessage]]]:
    """The messages with the way to get what was read. While one is judged, the child process reads the next; no more
    than that one, because messages are large."""

    def read(item: InboxItem) -> InboundMessage:
        return office.mail_reader.read(office.blobs.open(item.sha256))

    with ThreadPoolExecutor(1, "reading") as ahead:
        following = ahead.submit(read, items[0])
        for place, item in enumerate(items, start=1):
            present = following
            if place < len(items):
                following = ahead.submit(read, items[place])
            yield item, present.result


def _sort(
    office: Services,
    item: InboxItem,
    read: Callable[[], InboundMessage],
    judges: tuple[Judge, ...],
    hold_unreadable: HoldUnreadable,
) -> None:
    try:
        message = read()
    except Unreadable as error:
        hold_unreadable(office, item, error.code, str(error))
        return
    except NotFound as error:
        hold_unreadable(office, item, "unreadable", str(error))
        return
    for judge in judges:
        if _judge(office, item, message, judge):
            return


def _judge(office: Services, item: InboxItem, message: InboundMessage, judge: Judge) -> bool:
    for _ in range(_TRIES_AT_ONCE):
        try:
            return judge(office, item, message)
        except ConcurrentEdit:  # the sender or another sorter wrote to the same dispatch at this moment
            continue
    return judge(office, item, message)
