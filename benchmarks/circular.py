"""A circular: one letter to thousands of agencies, from the press until the relay has every message.

The hub is a process of its own. The reference is a loop of bare smtplib over as many kept connections, which sends
messages of the same bytes and writes nothing down. The workers are processes as `flask worker` runs them, each with its
senders; what they do together is measured for one and for four of them, and whether their memory grows.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from uuid import uuid4

from sqlalchemy import exists, literal_column, or_, select

from benchmarks.bare_smtp import connected, sending, server_of, side_by_side
from benchmarks.clients import percentile
from benchmarks.databases import Databases
from benchmarks.frame import Figure, per_second, promised
from benchmarks.letters import raw_messages
from benchmarks.pages import signed_in
from benchmarks.town import NAMES, RECEIVER, SENDER, Town, founded, mailbox
from saraban.app import create_app
from saraban.bootstrap import build
from saraban.domain.agency import Correspondent, PositionRole
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.calendar import office_date
from saraban.domain.letter import Content, Letter, LetterId, LetterState, Signatory
from saraban.jobs import timetable
from saraban.settings import AgencyMail, Settings
from saraban.storage.tables.exchange import dispatches, outbox
from saraban.usecases.administering import import_directory
from saraban.usecases.delivering import deliver_next
from saraban.usecases.dispatching import compose_next, dispatch_letter
from tests.mailservers.hub_process import HubProcess

SIZE = 8_000
"""Receivers of the circular."""
PAGE_OCTETS = 10_000
WORKERS = (1, 4)
GOAL, GROWTH = 0.6, 1.25
PAGE_MS = 150.0
_PAGES, _LARGEST_PAGE = 20, 400_000
_WORD = "word-of-the-benchmarks"
_LONGEST_SECONDS = 3_600.0
_PAUSE = min(job.every_seconds for job in timetable(1))
"""How long a lane that found nothing waits, as in the timetable of `flask worker`."""
_SAMPLE = 200
_UNSENT = select(
    or_(exists().where(dispatches.c.composed.is_(False)), exists().where(outbox.c.state == literal_column("'queued'")))
)


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """The press, the page that follows it, the way to the relay with one worker and with four, and their memory."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, _bench(url, size) as bench:
            yield Figure(
                name="circular, the press",
                unit="s",
                product=partial(bench.pressed, size),
                reference="promised",
                against=lambda: 3.0 * size / SIZE,
                goal=1.0,
                better="lower",
                database=kind,
            )
            yield Figure(
                name="circular, its page",
                unit="ms",
                product=partial(bench.page_shown, size),
                reference="promised",
                against=promised(PAGE_MS),
                goal=1.0,
                better="lower",
                database=kind,
            )
            for workers in WORKERS:
                yield Figure(
                    name=f"circular, {workers} worker{'s' * (workers > 1)}",
                    unit="letters/s",
                    product=partial(bench.sent_by, workers, size),
                    reference="bare smtplib, same bytes",
                    against=partial(bench.bare_loop, workers, size),
                    goal=GOAL,
                    database=kind,
                )
                yield Figure(
                    name=f"memory of {workers} worker{'s' * (workers > 1)}",
                    unit="MiB",
                    product=bench.memory_at_the_end,
                    reference="at the first letter",
                    against=bench.memory_at_the_start,
                    goal=GROWTH,
                    better="lower",
                    database=kind,
                )


@dataclass
class Memory:
    """Resident memory of the workers of a run, at the start, in the middle and at the end, in MiB; the largest."""

    samples: list[tuple[float, float, float]] = field(default_factory=list)


class Bench:
    """A town whose sender writes to as many agencies as are wanted, all of which have one mailbox at the hub."""

    def __init__(self, town: Town, hub: HubProcess, size: int) -> None:
        self._town, self._hub, self._serial = town, hub, 0
        self._senders = town.settings.senders
        self.codes = [f"c{place:05}" for place in range(size)]
        entries = [
            Correspondent(code, name, mailbox(code), capabilities={"saraban": 1}) for code, name in NAMES.items()
        ] + [
            Correspondent(code, f"ส่วนราชการที่ {code}", mailbox(RECEIVER), capabilities={"saraban": 1})
            for code in self.codes
        ]
        import_directory(town.services, agencies=entries, publisher="การวัดความเร็ว", sha256=Digest.of(b"directory"))
        self._clerk = replace(town.head, role=PositionRole.CLERK)
        self.memory = Memory()
        app = create_app(town.settings, office=town.office)
        self._client = signed_in(app.test_client(), SENDER)

    def pressed(self, size: int) -> float:
        """Seconds of the press that dispatches an issued letter to everybody; its dispatches are taken away again."""
        letter_id = self._issued(size)
        begin = perf_counter()
        dispatch_letter(self._town.services, actor=self._clerk, letter_id=letter_id)
        seconds = perf_counter() - begin
        with self._town.office.writing.begin() as connection:
            connection.execute(dispatches.delete().where(dispatches.c.letter_id == letter_id))
        return seconds

    def page_shown(self, size: int) -> float:
        """Milliseconds within which nineteen of twenty requests for the tracking page are answered, without network;
        its dispatches are taken away again."""
        letter_id, times = self._issued(size), []
        dispatch_letter(self._town.services, actor=self._clerk, letter_id=letter_id)
        for _ in range(_PAGES):
            begin = perf_counter()
            answer = self._client.get(f"/letters/{letter_id}/tracking")
            times.append(perf_counter() - begin)
            if answer.status_code != 200 or len(answer.data) > _LARGEST_PAGE:
                raise RuntimeError(f"the page could not be had: {answer.status_code}, {len(answer.data)} octets")
        with self._town.office.writing.begin() as connection:
            connection.execute(dispatches.delete().where(dispatches.c.letter_id == letter_id))
        return percentile(times, 0.95) * 1000

    def sent_by(self, workers: int, size: int) -> float:
        """Letters a second, composed, sealed, sent and written down by so many worker processes, from the moment at
        which all are up until the relay has the last letter."""
        dispatch_letter(self._town.services, actor=self._clerk, letter_id=self._issued(size))
        spawn = multiprocessing.get_context("spawn")
        ready, go, done, told = spawn.Semaphore(0), spawn.Event(), spawn.Event(), spawn.SimpleQueue()
        team = [
            spawn.Process(target=_worker, args=(self._town.settings, ready, go, done, told)) for _ in range(workers)
        ]
        for one in team:
            one.start()
        for _ in team:
            ready.acquire()
        begin = perf_counter()
        go.set()
        while self._unsent():
            if perf_counter() - begin > _LONGEST_SECONDS or not any(one.is_alive() for one in team):
                raise RuntimeError("the circular is not sent")
            sleep(0.1)
        seconds = perf_counter() - begin
        done.set()
        self.memory.samples = [told.get() for _ in team]
        for one in team:
            one.join()
        return size / seconds

    def bare_loop(self, workers: int, size: int) -> float:
        """Letters a second over as many connections as the workers have; each message is of a letter of its own."""
        messages = self._messages(min(size, _SAMPLE))
        count = workers * self._senders
        account = self._hub.smtp_account(mailbox(SENDER))
        kept = [connected(account) for _ in range(count)]
        shares = [[messages[n % len(messages)] for n in range(place, size, count)] for place in range(count)]
        try:
            return per_second(size, lambda: side_by_side([sending(c, s) for c, s in zip(kept, shares, strict=True)]))
        finally:
            for connection in kept:
                connection.close()

    def memory_at_the_end(self) -> float:
        """Resident memory of the largest worker after the last whole circular, in MiB."""
        return max(max(middle, end) for _, middle, end in self.memory.samples)

    def memory_at_the_start(self) -> float:
        """The same worker's memory after its first letters."""
        return max((start for start, _, _ in self.memory.samples), default=1.0)

    def _unsent(self) -> bool:
        """Asked ten times a second while it is measured: it must cost nothing."""
        with self._town.office.reading.connect() as connection:
            return bool(connection.execute(_UNSENT).scalar_one())

    def _messages(self, count: int) -> list[bytes]:
        """Messages as the product makes them, which are then stopped."""
        services = self._town.services
        dispatch_letter(services, actor=self._clerk, letter_id=self._issued(count))
        while compose_next(services):
            pass
        with services.uow() as uow:
            items = uow.outbox.claim(services.clock.now(), services.lease, count)
            for item in items:
                uow.outbox.stop(item.agency_id, item.ref)
            uow.commit()
        return raw_messages(self._town, [item.envelope for item in items])

    def _issued(self, size: int) -> LetterId:
        town, head = self._town, self._town.head
        services, now = town.services, town.services.clock.now()
        assert head.person_id is not None and head.unit_id is not None
        page = os.urandom(PAGE_OCTETS)
        self._serial += 1
        letter = Letter(
            id=LetterId(uuid4()),
            agency_id=head.agency_id,
            unit_id=head.unit_id,
            drafter_id=head.person_id,
            drafter_name=head.name,
            content=Content(
                subject="การทดสอบความเร็วของหนังสือเวียน",
                addressed_to="เรียน หัวหน้าส่วนราชการ",
                body="ด้วยกรมมีความประสงค์จะวัดความเร็ว\n\nจึงเรียนมาเพื่อโปรดทราบ",
                recipients=tuple(self.codes[:size]),
                circular=True,
            ),
            created_at=now,
            updated_at=now,
            state=LetterState.ISSUED,
            files=[Attachment("หนังสือ.pdf", Role.LETTER, "application/pdf", PAGE_OCTETS, services.blobs.keep(page))],
            number=f"นร 1201/ว {self._serial}",
            number_date=office_date(now),
            signatory=Signatory(head.name, head.title),
            issued_at=now,
        )
        with services.uow() as uow:
            uow.letters.add(letter)
            uow.commit()
        return letter.id


def _worker(settings: Settings, ready: Any, go: Any, done: Any, told: Any) -> None:
    """A worker: one who composes and as many senders as the settings say, until all is done."""
    office = build(settings)
    ready.release()
    go.wait()
    first, seen = 0.0, list[float]()

    def run(work: Callable[..., int]) -> None:
        while not done.is_set():
            if not work(office.services):
                done.wait(_PAUSE)

    with ThreadPoolExecutor(settings.senders + 1) as lanes:
        for _ in range(settings.senders):
            lanes.submit(run, deliver_next)
        lanes.submit(run, compose_next)
        done.wait(1.0)
        first = _resident()
        while not done.wait(0.5):
            seen.append(_resident())
    end = _resident()
    told.put((first, seen[len(seen) // 2] if seen else end, end))
    office.close()


def _resident() -> float:
    """Resident memory of this process in MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def _bench(url: str, size: int) -> Iterator[Bench]:
    hub = HubProcess.start([(mailbox(code), _WORD) for code in (SENDER, RECEIVER)])
    try:
        smtp, imap = hub.smtp_account(mailbox(SENDER)), hub.imap_account(mailbox(SENDER))
        with founded(url, {SENDER: AgencyMail(smtp=server_of(smtp), imap=server_of(imap))}) as town:
            yield Bench(town, hub, size)
    finally:
        hub.stop()
