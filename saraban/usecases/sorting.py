"""Sorting what came in (clause 36): read a message and hand it to whoever judges its kind."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from time import monotonic

from saraban.domain.agency import Correspondent
from saraban.domain.errors import ConcurrentEdit, NotFound
from saraban.exchange.parse import InboundMessage, Unreadable
from saraban.usecases.books import AlreadyJudged, InboxItem
from saraban.usecases.ports import Lookups, Services
from saraban.usecases.viruses import SCAN_AGAIN, UNSCANNED, ScannerAway, TooLargeToScan, VirusScanner

MOST_TRIES = 5
MOMENT_SECONDS = 1.0
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
    office = replace(office, lookups=_Remembered(office.lookups))
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


class _Remembered:
    """Lookups that ask once for all messages of a mailbox how it stands, and for a sender once in a moment: a seal is
    believed by what the directory says now, or said when the message before it was judged."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups
        self._senders: dict[str, tuple[float, Correspondent | None]] = {}
        self.sender_of = lookups.sender_of
        self.standing = cache(lookups.standing)

    def sender_at(self, mailbox: str) -> Correspondent | None:
        asked, sender = self._senders.get(mailbox, (-MOMENT_SECONDS, None))
        if monotonic() - asked >= MOMENT_SECONDS:
            sender = self._lookups.sender_at(mailbox)
            self._senders[mailbox] = monotonic(), sender
        return sender


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
        _hold_unread(office, item, error, hold_unreadable)
        return
    except NotFound as error:
        hold_unreadable(office, item, "unreadable", str(error))
        return
    item.sender, item.subject = message.from_address, message.subject
    try:
        _scan(office.scanner, item, message, office.blobs.open(item.sha256))
    except ScannerAway as error:
        _put_off(office, item, error)
        return
    # What the scanner stopped is nothing but a letter to be held: no receipt and no answer is read out of it.
    for judge in judges[-1:] if item.virus else judges:
        if _judge(office, item, message, judge):
            return


def _hold_unread(office: Services, item: InboxItem, error: Unreadable, hold_unreadable: HoldUnreadable) -> None:
    """What cannot be read is scanned all the same: a clerk may want to open its bytes."""
    code, words = error.code, str(error)
    try:
        if virus := office.scanner.virus_in(office.blobs.open(item.sha256)):
            code, words = "infected", f"พบไวรัส {virus} เปิดไม่ได้"
    except ScannerAway as away:
        _put_off(office, item, away)
        return
    except TooLargeToScan:
        words += " และใหญ่เกินที่ตัวตรวจไวรัสรับได้"
    hold_unreadable(office, item, code, words)


def _scan(scanner: VirusScanner, item: InboxItem, message: InboundMessage, raw: bytes) -> None:
    """Look through the mail as it came, and through every file that was read out of it: the scanner's own reader may
    see less than ours. Raises ScannerAway."""
    if not scanner.on:
        return
    whole = True
    try:
        item.virus = scanner.virus_in(raw)
    except TooLargeToScan:
        whole = False
    too_large: list[str] = []
    for file in message.files:
        if item.virus:
            return
        try:
            item.virus = scanner.virus_in(file.data)
        except TooLargeToScan:
            too_large.append(file.safe[:100])
    if not whole and not message.files:
        too_large.append("ไปรษณีย์ทั้งฉบับ")
    item.unscanned = ", ".join(too_large)


def _put_off(office: Services, item: InboxItem, error: ScannerAway) -> None:
    """The mail waits, whole, until the scanner answers; the card of it is read out of the inbox."""
    _log.warning("message %s waits for the scanner: %s", item.sha256, error)
    with office.uow() as uow:
        uow.inbox.put_off(item, f"{UNSCANNED}: {error.thai}", office.clock.now() + SCAN_AGAIN)
        uow.commit()


def _judge(office: Services, item: InboxItem, message: InboundMessage, judge: Judge) -> bool:
    for _ in range(_TRIES_AT_ONCE):
        try:
            return judge(office, item, message)
        except ConcurrentEdit:  # the sender or another sorter wrote to the same dispatch at this moment
            continue
    return judge(office, item, message)
