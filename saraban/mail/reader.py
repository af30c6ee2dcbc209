"""Reading foreign mail in a child process with limits of memory and time, so that no mail can stop the worker."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from concurrent.futures.process import BrokenProcessPool

from saraban.exchange.parse import InboundMessage, Unreadable, read_message

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 20
WALL_SECONDS = 60


class ChildProcessReader:
    """Reads messages in a pool of one forkserver child that is replaced when a mail kills it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def read(self, raw: bytes) -> InboundMessage:
        """The message. Raises Unreadable when it is beyond reading, takes too much time or too much memory."""
        with self._lock:
            pool = self._pool or self._start()
            try:
                result = pool.submit(_read_limited, raw).result(timeout=WALL_SECONDS)
            except TooLong:
                self._replace()
                raise Unreadable("unreadable", "อ่านไปรษณีย์ฉบับนี้ใช้เวลานานเกินกำหนด") from None
            except BrokenProcessPool:
                self._replace()
                raise Unreadable("unreadable", "ไปรษณีย์ฉบับนี้ทำให้ตัวอ่านหยุดทำงาน") from None
        if isinstance(result, Unreadable):
            raise result
        return result

    def close(self) -> None:
        """Stop the child."""
        with self._lock:
            self._replace()

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["saraban.exchange.parse"])
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_prepare_child)
        return self._pool

    def _replace(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for child in list((pool._processes or {}).values()):
            with contextlib.suppress(ProcessLookupError):
                child.kill()
        pool.shutdown(wait=False, cancel_futures=True)


class DirectReader:
    """Reads in this process: for tests and for mail that we made ourselves."""

    def read(self, raw: bytes) -> InboundMessage:
        """The message; Unreadable when it is beyond reading."""
        return read_message(raw)


def _prepare_child() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _end_with_parent() -> None:
    """A killed worker cannot stop its child, which would wait for work for ever, and its forkserver with it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read_limited(raw: bytes) -> InboundMessage | Unreadable:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS, hard))
    try:
        return read_message(raw)
    except Unreadable as error:
        return Unreadable(error.code, str(error))
    except MemoryError:
        return Unreadable("unreadable", "ไปรษณีย์ฉบับนี้ใช้หน่วยความจำเกินกำหนด")
    except RecursionError:
        return Unreadable("unreadable", "ไปรษณีย์ฉบับนี้ซ้อนกันลึกเกินกำหนด")
