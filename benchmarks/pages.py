"""The page of a register with many lines: how long the server takes for it, and how many a second gunicorn serves.

The reference of the rate is a bare Flask view under the same gunicorn that runs the same query (`bare_page.py`).
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from time import perf_counter
from urllib.parse import urlencode
from uuid import UUID

from flask.testing import FlaskClient

from benchmarks.clients import Heard, ask_for, percentile
from benchmarks.databases import Databases
from benchmarks.frame import Figure, promised
from benchmarks.lines import fill
from benchmarks.town import PASSWORD, RECEIVER, SENDER, Town, founded
from saraban.app import create_app
from saraban.reading.paging import write_cursor
from tests.mailservers.stack import free_ports

SIZE = 100_000
"""How many lines the large register has; the small one has a hundredth."""
CLIENTS = 16
ASKED = 40
SECONDS = 1.5
PROMISED_SERVER_MILLISECONDS = 60.0
PROMISED_SLOWEST_MILLISECONDS = 250.0
PROMISED_PAGES = {"sqlite": 200.0, "postgresql": 130.0}
_GUNICORN = ("-w", "2", "--threads", "8", "--keep-alive", "30", "--log-level", "error")
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Server time in itself and against a small register; pages a second and the slowest against gunicorn's best."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, founded(url) as town:
            large, small = fill(town, RECEIVER, size), size // 100
            fill(town, SENDER, small)
            app = create_app(town.settings, office=town.office)
            of_large, of_small = (signed_in(app.test_client(), code) for code in (RECEIVER, SENDER))
            for reference, against, goal in (
                ("promised", promised(PROMISED_SERVER_MILLISECONDS), 1.0),
                (f"{small:,} lines", partial(_server_time, of_small, small), 1.5),
            ):
                yield Figure(
                    name=f"register page, {size:,} lines, p95",
                    unit="ms",
                    product=partial(_server_time, of_large, size),
                    reference=reference,
                    against=against,
                    goal=goal,
                    better="lower",
                    database=kind,
                )
            with served(town) as ours, _bare(town, large) as bare:
                cookie = _cookie(ours, RECEIVER)
                yield Figure(
                    name=f"register page, {CLIENTS} clients",
                    unit="pages/s",
                    product=lambda port=ours, cookie=cookie: _asked(port, size, cookie).per_second,
                    reference="promised",
                    against=promised(PROMISED_PAGES[kind]),
                    goal=1.0,
                    database=kind,
                )
                yield Figure(
                    name=f"register page, {CLIENTS} clients",
                    unit="pages/s",
                    product=lambda port=ours, cookie=cookie: _asked(port, size, cookie).per_second,
                    reference="a bare view, same query",
                    against=lambda port=bare: _asked_bare(port, size).per_second,
                    goal=0.5,
                    database=kind,
                )
                yield Figure(
                    name=f"register page, {CLIENTS} clients, p99",
                    unit="ms",
                    product=lambda port=ours, cookie=cookie: _asked(port, size, cookie).percentile(0.99) * 1000,
                    reference="promised",
                    against=promised(PROMISED_SLOWEST_MILLISECONDS),
                    goal=1.0,
                    better="lower",
                    database=kind,
                )


def _path(lines: int) -> str:
    """A page somewhere in the book."""
    return f"/registers/receiving?cursor={write_cursor(random.randint(min(60, lines), lines))}"


# --- in this process ------------------------------------------------------------------------------------------


def signed_in(client: FlaskClient, code: str, post: str = "clerk") -> FlaskClient:
    """The client with the session of an agency's clerk, or of its head."""
    token = _token(client.get("/login").get_data(as_text=True))
    answer = client.post("/login", data={"csrf_token": token, "username": f"{post}-{code}", "password": PASSWORD})
    if answer.status_code != 302:
        raise RuntimeError(f"the {post} could not sign in: {answer.status_code}")
    return client


def _server_time(client: FlaskClient, lines: int) -> float:
    """Milliseconds within which the application answers nineteen of twenty requests, without any network."""
    times = []
    for _ in range(ASKED):
        path, begin = _path(lines), perf_counter()
        answer = client.get(path)
        times.append(perf_counter() - begin)
        if answer.status_code != 200:
            raise RuntimeError(f"the page could not be had: {answer.status_code}")
    return percentile(times, 0.95) * 1000


# --- with gunicorn --------------------------------------------------------------------------------------------


def _asked(port: int, lines: int, cookie: str) -> Heard:
    return ask_for(SECONDS, port, lambda: _path(lines), clients=CLIENTS, cookie=cookie)


def _asked_bare(port: int, lines: int) -> Heard:
    return ask_for(SECONDS, port, lambda: f"/?before={random.randint(min(60, lines), lines)}", clients=CLIENTS)


@contextmanager
def served(town: Town, **more: str) -> Iterator[int]:
    """The product under gunicorn, with more of its environment; gives its port."""
    settings = town.settings
    environment = {
        "SARABAN_DATA": str(settings.data_folder),
        "DATABASE_URL": settings.database_url,
        "SARABAN_SECRET_KEY": settings.secret_key,
        "SARABAN_MASTER_KEY": settings.master_key,
        "SARABAN_ROOTS": str(settings.roots_file),
        "SARABAN_INSECURE_COOKIES": "1",
        "SARABAN_PUBLIC_URL": settings.public_url,
        **more,
    }
    with gunicorn("wsgi:app", "/login", environment) as port:
        yield port


@contextmanager
def _bare(town: Town, book: UUID) -> Iterator[int]:
    environment = {"BENCH_DATABASE": town.settings.database_url, "BENCH_BOOK": str(book)}
    with gunicorn("benchmarks.bare_page:create_app()", "/?before=100", environment) as port:
        yield port


@contextmanager
def gunicorn(app: str, ready: str, environment: Mapping[str, str]) -> Iterator[int]:
    """An application under gunicorn as it is run; gives its port when it answers there."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "gunicorn", *_GUNICORN, "-b", f"127.0.0.1:{port}", app]
    server = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        until = time.monotonic() + 60
        while not _answers(port, ready):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"gunicorn does not serve {app}")
            time.sleep(0.05)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _answers(port: int, path: str) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False


def _cookie(port: int, code: str) -> str:
    """Sign in as a browser does; the cookies of the session."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/login")
    answer = connection.getresponse()
    first, token = _cookies(answer.getheader("Set-Cookie")), _token(answer.read().decode())
    form = urlencode({"csrf_token": token, "username": f"clerk-{code}", "password": PASSWORD})
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    kind = "application/x-www-form-urlencoded"
    connection.request("POST", "/login", form, {"Cookie": first, "Content-Type": kind})
    answer = connection.getresponse()
    if answer.status != 302:
        raise RuntimeError(f"the clerk could not sign in: {answer.status}")
    return _cookies(answer.getheader("Set-Cookie"))


def _cookies(header: str | None) -> str:
    return (header or "").partition(";")[0]


def _token(page: str) -> str:
    found = _TOKEN.search(page)
    if found is None:
        raise RuntimeError("the login page has no token")
    return found[1]
