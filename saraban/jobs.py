"""The timetable: a table of jobs, each one use case run until nothing is left, and the scheduler that runs them.

`flask worker` runs it in a process of its own. Leases make two workers harmless; any may be killed at any moment.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

import click
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from saraban import doorway
from saraban.domain.agency import AgencyId
from saraban.domain.errors import SarabanError
from saraban.usecases.acknowledging import acknowledge_bounce, acknowledge_receipt
from saraban.usecases.asking_issuers import ask_silent_issuers_again, forget_lookups
from saraban.usecases.auditing import check_nightly
from saraban.usecases.closing import close_days
from saraban.usecases.comparing import judge_reconciliation
from saraban.usecases.connecting import Watched, renew_tokens, watched_mailboxes
from saraban.usecases.delivering import deliver_next
from saraban.usecases.digesting import send_notice_mail, take_notice_bounce, write_digests
from saraban.usecases.dispatching import compose_next
from saraban.usecases.disputing import take_dispute
from saraban.usecases.errand_results import remove_old_results
from saraban.usecases.errands import run_next_errand
from saraban.usecases.expiring import (
    end_stuck_signings,
    forget_old_keys,
    send_silent_again,
    state_undelivered,
    void_stale_numbers,
    warn_of_silence,
)
from saraban.usecases.fetching import clear_taken, fetch_mailbox, note_problem
from saraban.usecases.indexing import index_next, read_next_scan
from saraban.usecases.judging_lookups import judge_lookup
from saraban.usecases.kept import forget_words
from saraban.usecases.kept_files import remove_files, remove_leftovers
from saraban.usecases.lending import end_reading
from saraban.usecases.mailing import MailboxReader
from saraban.usecases.measuring import measure_disk, measure_mailbox
from saraban.usecases.noting_reads import seal_readings, take_in_readings
from saraban.usecases.ports import Services
from saraban.usecases.pressing import press_deadlines
from saraban.usecases.recalling import take_recall
from saraban.usecases.receiving import hold_unreadable, receive_letter
from saraban.usecases.reconciling import ask_silent_again, seal_reconciliations
from saraban.usecases.refreshing import refresh_lists
from saraban.usecases.reminded import take_reminder
from saraban.usecases.replying import take_reply
from saraban.usecases.scanning import clear_trays
from saraban.usecases.sealing import seal_next
from saraban.usecases.sealing_lookups import seal_lookups
from saraban.usecases.settling_held import settle_held_files
from saraban.usecases.sorting import sort_next
from saraban.usecases.stamping_late import stamp_late
from saraban.usecases.sweeping import sweep_nightly
from saraban.usecases.transferring import draw_twenty_years

_log = logging.getLogger(__name__)
JUDGES = (
    take_dispute,
    take_recall,
    acknowledge_receipt,
    take_notice_bounce,
    acknowledge_bounce,
    judge_reconciliation,
    judge_lookup,
    take_reminder,
    take_reply,
    receive_letter,
)
IDLE_SECONDS = 55.0
IDLE_SLICE = 10.0
LOOK_SECONDS = 3.0
"""How soon the worker sees that a mailbox was connected, changed or disconnected."""


@dataclass(frozen=True)
class Job:
    """A name, what to do (returns how much was done), how often in seconds, how many side by side."""

    name: str
    work: Callable[[Services], int]
    every_seconds: float
    side_by_side: int = 1


def sort_mail(office: Services) -> int:
    """Judge what came in."""
    return sort_next(office, judges=JUDGES, hold_unreadable=hold_unreadable)


def do_errand(office: Services) -> int:
    """Do the oldest piece of work that a person ordered."""
    return run_next_errand(office, doers=office.doers)


def timetable(senders: int) -> tuple[Job, ...]:
    """All jobs but the mailboxes, which have one thread each."""
    return (
        Job("compose", compose_next, 0.5),
        Job("seal", seal_next, 0.5),
        Job("seal comparisons", seal_reconciliations, 0.5),
        Job("seal lookups", seal_lookups, 0.5),
        Job("deliver", deliver_next, 0.5, side_by_side=senders),
        Job("sort", sort_mail, 0.5),
        Job("held files", settle_held_files, 5),
        Job("errands", do_errand, 0.5),
        Job("index", index_next, 0.5),
        Job("read scans", read_next_scan, 5),
        Job("undelivered", state_undelivered, 60),
        Job("warnings", warn_of_silence, 60),
        Job("send again", send_silent_again, 60),
        Job("ask again", ask_silent_again, 60),
        Job("ask issuers again", ask_silent_issuers_again, 60),
        Job("kept long enough", forget_lookups, 600),
        Job("stuck signings", end_stuck_signings, 60),
        Job("stale numbers", void_stale_numbers, 60),
        Job("close days", close_days, 60),
        Job("deadlines", press_deadlines, 300),
        Job("borrowed letters", end_reading, 60),
        Job("morning mails", write_digests, 30),
        Job("mails to our people", send_notice_mail, 5),
        Job("time-stamps", stamp_late, 30),
        Job("mail tokens", renew_tokens, 20),
        Job("measure disk", measure_disk, 60),
        Job("reading log", take_in_readings, 2),
        Job("days of the reading log", seal_readings, 600),
        Job("lists of twenty years", draw_twenty_years, 3600),
        Job("destroyed files", remove_files, 600),
        Job("leftovers of uploads", remove_leftovers, 3600),
        Job("store of files", sweep_nightly, 3600),
        Job("scans put away", clear_trays, 3600),
        Job("files of errands", remove_old_results, 3600),
        Job("destroyed words", forget_words, 600),
        Job("check registers", check_nightly, 3600),
        Job("revocation lists", refresh_lists, 3600),
        Job("old keys", forget_old_keys, 3600),
    )


def run_until_empty(office: Services, job: Job, stop: threading.Event) -> int:
    """Run a job until it finds nothing to do. A failure is logged and waits for the next turn."""
    total = 0
    try:
        while not stop.is_set():
            done = job.work(office)
            if not done:
                break
            total += done
    except Exception:
        _log.exception("job %s failed", job.name)
    return total


def run_everything_once(office: Services, agencies: list[tuple[AgencyId, str]] | None = None) -> int:
    """One round of every job and mailbox in this thread: what a test or `flask worker --once` calls. Returns how much
    was done."""
    stop, total = threading.Event(), 0
    for job in timetable(1):
        total += run_until_empty(office, job, stop)
    chosen = None if agencies is None else {agency_id for agency_id, _ in agencies}
    for box in watched_mailboxes(office):
        if chosen is None or box.agency_id in chosen:
            total += fetch_once(office, box)
    total += run_until_empty(office, Job("sort", sort_mail, 0), stop)
    return total


def fetch_once(office: Services, box: Watched) -> int:
    """Look into a mailbox once; what goes wrong is written down for the screens."""
    try:
        with office.mailboxes.open(box.agency_code, box.address) as reader:
            total = 0
            while taken := _fetch(office, box, reader):
                total += taken
            _look_after(office, box, reader)
            return total
    except SarabanError as error:
        note_problem(office, agency_id=box.agency_id, problem=error.thai, address=box.address)
        return 0


def watch_mailbox(office: Services, box: Watched, stop: threading.Event, *, idle_seconds: float = IDLE_SECONDS) -> None:
    """Keep a mailbox open: fetch, wait for news, fetch again, until told to stop. A broken connection is opened again
    after a pause that grows."""
    pause = 1.0
    while not stop.is_set():
        try:
            with office.mailboxes.open(box.agency_code, box.address) as reader:
                pause = 1.0
                while not stop.is_set():
                    if not _fetch(office, box, reader):
                        _look_after(office, box, reader)
                        _wait_for_news(reader, stop, idle_seconds)
        except Exception as error:
            words = error.thai if isinstance(error, SarabanError) else "เปิดกล่องไปรษณีย์ไม่ได้"
            if not isinstance(error, SarabanError):
                _log.exception("mailbox %s", box.address)
            with contextlib.suppress(Exception):
                note_problem(office, agency_id=box.agency_id, problem=words, address=box.address)
            stop.wait(pause)
            pause = min(pause * 2, 60.0)


def _fetch(office: Services, box: Watched, reader: MailboxReader) -> int:
    return fetch_mailbox(office, reader, agency_id=box.agency_id, owner=_owner(), address=box.address)


def _look_after(office: Services, box: Watched, reader: MailboxReader) -> None:
    """What is done with an open mailbox while nothing new lies in it."""
    measure_mailbox(office, reader, agency_id=box.agency_id, address=box.address)
    while clear_taken(office, reader, agency_id=box.agency_id, address=box.address):
        pass


def _wait_for_news(reader: MailboxReader, stop: threading.Event, seconds: float) -> None:
    """Idle in slices, so that a change of the settings does not have to wait for the end of a long silence."""
    while seconds > 0 and not stop.is_set():
        slice_seconds = min(seconds, IDLE_SLICE)
        if reader.idle(slice_seconds):
            return
        seconds -= slice_seconds


class Watchers:
    """The threads of the mailboxes, one each. `look` starts those that are new and stops those that are no longer
    there; a mailbox whose settings have changed gets a fresh one."""

    def __init__(self, office: Services) -> None:
        self._office = office
        self._running: dict[Watched, tuple[threading.Thread, threading.Event]] = {}

    def look(self) -> None:
        """Compare what is wanted with what runs. Never raises: a database that is away for a while changes nothing."""
        try:
            wanted = set(watched_mailboxes(self._office))
        except Exception:
            _log.exception("the mailboxes could not be listed")
            return
        for box in [box for box in self._running if box not in wanted]:
            self._running.pop(box)[1].set()
        for box in wanted:
            thread, _ = self._running.get(box, (None, None))
            if thread is None or not thread.is_alive():
                self._start(box)

    def stop(self) -> None:
        """Tell all of them to end; they are daemons and hold nothing that is not committed."""
        for _, stop in self._running.values():
            stop.set()

    def _start(self, box: Watched) -> None:
        stop = threading.Event()
        name = f"mailbox {box.address}"
        thread = threading.Thread(target=watch_mailbox, args=(self._office, box, stop), name=name, daemon=True)
        self._running[box] = (thread, stop)
        thread.start()


def run_worker(office: Services, *, senders: int) -> None:
    """Run the timetable and the mailboxes until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(12 + senders)}, timezone="Asia/Bangkok")
    for job in timetable(senders):
        for lane in range(job.side_by_side):
            scheduler.add_job(
                run_until_empty,
                "interval",
                args=(office, job, stop),
                seconds=job.every_seconds,
                id=f"{job.name} {lane}",
                max_instances=1,
                coalesce=True,
            )
    office.mail_reader.read(b"From: <>\r\n\r\n")  # the forkserver starts before there are threads
    scheduler.start()
    watchers = Watchers(office)
    watchers.look()
    while not stop.wait(LOOK_SECONDS):
        watchers.look()
    watchers.stop()
    scheduler.shutdown(wait=True)


def open_door(app: Flask) -> None:
    """Register `flask worker`."""
    app.cli.add_command(_worker)


@click.command("worker", help="รับส่งไปรษณีย์และงานเบื้องหลัง (process ของตัวเอง)")
@click.option("--once", is_flag=True, help="ทำงานรอบเดียวแล้วจบ")
def _worker(once: bool) -> None:
    """Run the timetable and the mailboxes in this process."""
    office = doorway.office()
    if once:
        click.echo(f"ทำแล้ว {run_everything_once(office.services)} รายการ")
        return
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    run_worker(office.services, senders=office.settings.senders)


def _owner() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
