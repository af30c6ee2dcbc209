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
from saraban.usecases.auditing import check_nightly
from saraban.usecases.closing import close_days, stamp_closes
from saraban.usecases.comparing import judge_reconciliation
from saraban.usecases.delivering import deliver_next
from saraban.usecases.dispatching import compose_next
from saraban.usecases.disputing import take_dispute
from saraban.usecases.errands import run_next_errand
from saraban.usecases.expiring import (
    end_stuck_signings,
    forget_old_keys,
    send_silent_again,
    state_undelivered,
    void_stale_numbers,
)
from saraban.usecases.fetching import fetch_mailbox, note_problem
from saraban.usecases.ports import Services
from saraban.usecases.receiving import hold_unreadable, receive_letter
from saraban.usecases.reconciling import ask_silent_again, seal_reconciliations
from saraban.usecases.refreshing import refresh_lists
from saraban.usecases.replying import take_reply
from saraban.usecases.sealing import seal_next
from saraban.usecases.sorting import sort_next

_log = logging.getLogger(__name__)
JUDGES = (take_dispute, acknowledge_receipt, acknowledge_bounce, judge_reconciliation, take_reply, receive_letter)
IDLE_SECONDS = 55.0


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
        Job("deliver", deliver_next, 0.5, side_by_side=senders),
        Job("sort", sort_mail, 0.5),
        Job("errands", do_errand, 0.5),
        Job("undelivered", state_undelivered, 60),
        Job("send again", send_silent_again, 60),
        Job("ask again", ask_silent_again, 60),
        Job("stuck signings", end_stuck_signings, 60),
        Job("stale numbers", void_stale_numbers, 60),
        Job("close days", close_days, 60),
        Job("time-stamps", stamp_closes, 300),
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
    for agency_id, code in agencies if agencies is not None else office.hosted():
        total += fetch_once(office, agency_id, code)
    total += run_until_empty(office, Job("sort", sort_mail, 0), stop)
    return total


def fetch_once(office: Services, agency_id: AgencyId, code: str) -> int:
    """Look into a mailbox once; what goes wrong is written down for the screens."""
    try:
        with office.mailboxes.open(code) as reader:
            total = 0
            while taken := fetch_mailbox(office, reader, agency_id=agency_id, owner=_owner()):
                total += taken
            return total
    except SarabanError as error:
        note_problem(office, agency_id=agency_id, problem=error.thai)
        return 0


def watch_mailbox(
    office: Services, agency_id: AgencyId, code: str, stop: threading.Event, *, idle_seconds: float = IDLE_SECONDS
) -> None:
    """Keep a mailbox open: fetch, wait for news, fetch again, until told to stop. A broken connection is opened again
    after a pause that grows."""
    pause = 1.0
    while not stop.is_set():
        try:
            with office.mailboxes.open(code) as reader:
                pause = 1.0
                while not stop.is_set():
                    if not fetch_mailbox(office, reader, agency_id=agency_id, owner=_owner()):
                        reader.idle(idle_seconds)
        except Exception as error:
            words = error.thai if isinstance(error, SarabanError) else "เปิดกล่องไปรษณีย์ไม่ได้"
            if not isinstance(error, SarabanError):
                _log.exception("mailbox of %s", code)
            with contextlib.suppress(Exception):
                note_problem(office, agency_id=agency_id, problem=words)
            stop.wait(pause)
            pause = min(pause * 2, 60.0)


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
    for agency_id, code in office.hosted():
        threading.Thread(
            target=watch_mailbox, args=(office, agency_id, code, stop), name=f"mailbox {code}", daemon=True
        ).start()
    stop.wait()
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
