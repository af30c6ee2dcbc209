"""Revocation lists in a folder: put there by somebody, or fetched from where their issuers publish them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import pem

from saraban.crypto import revocation
from saraban.crypto.revocation import RevocationLists
from tests.crypto.ministry import AT, YEAR, another_root, the_issuer, the_root
from tests.crypto.signing_others import HOUR, a_list

DAY = timedelta(days=1)


class Publisher:
    """An issuer's place on loopback: what it gives, and how often it was asked."""

    def __init__(self) -> None:
        self.given, self.status, self.asked, self.address = b"", 200, 0, ""


@contextmanager
def publishing() -> Iterator[Publisher]:
    """A place that publishes one list."""
    place = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place.asked += 1
            self.send_response(place.status)
            if place.status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(place.given)))
            self.end_headers()
            self.wfile.write(place.given)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    place.address = f"http://127.0.0.1:{server.server_port}/list.crl"
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def place() -> Iterator[Publisher]:
    """An issuer that publishes its list."""
    with publishing() as made:
        made.given = a_list(the_root())
        yield made


@pytest.fixture
def lists(tmp_path: Path, place: Publisher) -> RevocationLists:
    """The lists of an installation whose signatures need that one."""
    made = RevocationLists(tmp_path / "crls", timeout_seconds=2)
    made.want([place.address])
    return made


def fetched_at(folder: Path, seconds: float) -> None:
    """Let what was fetched be of that time."""
    for path in folder.glob("crls/fetched-*.crl"):
        os.utime(path, (seconds, seconds))


def test_revocation_lists_are_read_again_when_they_change(tmp_path: Path) -> None:
    lists = RevocationLists(tmp_path / "crls")
    assert lists.all() == []
    (tmp_path / "crls").mkdir()
    first, newer = a_list(the_root()), a_list(the_root(), at=AT + DAY)
    (tmp_path / "crls" / "a.crl").write_bytes(first)
    (tmp_path / "crls" / "b.crl").write_bytes(b"no list")
    assert lists.all() == [first]

    (tmp_path / "crls" / "b.crl").write_bytes(newer)
    (tmp_path / "crls" / "c.crl").write_bytes(pem.armor("X509 CRL", newer))

    assert lists.all() == [first, newer, newer]


def test_a_wanted_list_is_fetched_once_and_again_when_it_is_old(
    lists: RevocationLists, place: Publisher, tmp_path: Path
) -> None:
    assert lists.refresh(AT) == 1
    assert lists.all() == [place.given]
    fetched_at(tmp_path, AT.timestamp())
    assert (lists.refresh(AT + HOUR), place.asked) == (0, 1)

    place.given = a_list(the_root(), at=AT + DAY)
    assert (lists.refresh(AT + DAY), place.asked) == (1, 2)
    assert lists.all() == [place.given]


def test_a_list_that_ends_soon_is_fetched_again_at_once(
    lists: RevocationLists, place: Publisher, tmp_path: Path
) -> None:
    place.given = a_list(the_root(), lasts=2 * HOUR)
    lists.refresh(AT)
    fetched_at(tmp_path, AT.timestamp())
    place.given = a_list(the_root(), at=AT + HOUR)

    assert (lists.refresh(AT + HOUR), place.asked) == (1, 2)


@pytest.mark.parametrize(
    "given", [b"", b"no list", a_list(the_issuer(), at=AT + DAY), a_list(another_root(), at=AT - YEAR)]
)
def test_what_is_no_newer_list_of_the_same_issuer_does_not_replace_a_good_one(
    lists: RevocationLists, place: Publisher, tmp_path: Path, given: bytes
) -> None:
    lists.refresh(AT)
    good, place.given = place.given, given
    fetched_at(tmp_path, (AT - DAY).timestamp())

    assert lists.refresh(AT) == 0
    assert lists.all() == [good]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_issuer_that_gives_nothing_is_asked_next_time(lists: RevocationLists, place: Publisher, status: int) -> None:
    place.status = status
    assert (lists.refresh(AT), lists.all()) == (0, [])
    place.status = 200

    assert lists.refresh(AT) == 1


def test_an_issuer_that_gives_too_much_or_is_not_there_costs_little(
    lists: RevocationLists, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocation, "LARGEST_LIST", 10)
    lists.want(["http://127.0.0.1:9/nobody.crl"])

    assert (lists.refresh(AT), lists.all()) == (0, [])


def test_only_addresses_of_the_web_are_remembered_and_not_without_end(
    lists: RevocationLists, place: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists.want(["file:///etc/passwd", "ldap://127.0.0.1/list"])
    monkeypatch.setattr(revocation, "MOST_WANTED", 1)
    lists.want([place.address + "?more"])

    assert lists.refresh(AT) == 1
    assert place.asked == 1
