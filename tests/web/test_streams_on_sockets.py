"""Streams at the server that the demo and its README run (gunicorn with eight threads), over real sockets."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from saraban.web.events import MOST_STREAMS
from tests.web.installation import MASTER_KEY, PASSWORD, Installation

THREADS = 8
PEOPLE = ("clerk", "director", "head", "records", "admin", "plan-clerk")


@pytest.fixture
def port(town: Installation, tmp_path: Path) -> Iterator[int]:
    """The port of a server with one process over the town."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    with town.office.writing.connect():
        pass  # the database is made when somebody connects, and the server is no part of this process
    environment = {
        **os.environ,
        "SARABAN_DATA": str(tmp_path),
        "DATABASE_URL": town.office.settings.database_url,
        "SARABAN_SECRET_KEY": town.office.settings.secret_key,
        "SARABAN_MASTER_KEY": MASTER_KEY,
        "SARABAN_INSECURE_COOKIES": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{number}", "--workers", "1"]
    command += ["--threads", str(THREADS), "--graceful-timeout", "1", "--log-level", "warning", "wsgi:app"]
    server = subprocess.Popen(command, env=environment, cwd=Path(__file__).resolve().parents[2])
    try:
        _wait_for(number)
        yield number
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as line:
                line.request("GET", "/login")
                line.getresponse()
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def _sign_in(port: int, username: str) -> str:
    """The cookie of a session."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as line:
        line.request("GET", "/login")
        asked = line.getresponse()
        token = re.search(r'name="csrf_token" value="([^"]+)"', asked.read().decode())
        assert token is not None
        headers = {"Cookie": _cookie(asked), "Content-Type": "application/x-www-form-urlencoded"}
        typed = urlencode({"username": username, "password": PASSWORD, "csrf_token": token[1]})
        line.request("POST", "/login", typed, headers)
        answer = line.getresponse()
        assert answer.status == 302, answer.read().decode()
        return _cookie(answer)


def _cookie(answer: HTTPResponse) -> str:
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]


def _follow(port: int, cookie: str) -> tuple[HTTPConnection, HTTPResponse]:
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", "/notices/events", headers={"Cookie": cookie})
    return line, line.getresponse()


@pytest.mark.only_database("sqlite")
def test_pages_that_follow_hold_up_no_others_and_are_let_go_when_they_are_left(port: int) -> None:
    cookies = [_sign_in(port, f"reading-{one}") for one in PEOPLE]
    following = [_follow(port, cookie) for cookie in cookies[:MOST_STREAMS]]
    begun = [answer.readline() for _, answer in following]
    line, refused = _follow(port, cookies[MOST_STREAMS])
    line.close()
    started = time.monotonic()
    for cookie in cookies * 2:  # more pages than there are threads, while all the streams are open
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as page:
            page.request("GET", "/notices/now", headers={"Cookie": cookie})
            assert page.getresponse().status == 200
    took = time.monotonic() - started

    for line, answer in following:  # the pages are left
        answer.close()
        line.close()
    left, again = time.monotonic(), 204
    while again == 204 and time.monotonic() < left + 8:
        line, answer = _follow(port, cookies[-1])
        again = answer.status
        answer.close()
        line.close()

    assert begun == [b"retry: 2000\n"] * MOST_STREAMS and refused.status == 204
    assert took < 6, "a stream held up the pages"
    assert again == 200, "a stream whose page was left still holds its thread"
