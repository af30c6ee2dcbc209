"""Nothing is reached without a login but what stands on a short list, and nothing is changed by a GET."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from tests.databases import new_sqlite
from tests.fakes import FixedClock
from tests.web.installation import build_installation

# What anybody may ask for, each with its reason.
OPEN = {
    "/login": "one has to come in somewhere",
    "/static/<version>/<path:filename>": "styles, scripts and fonts of the login page",
    "/health": "machines that watch over this one",
    "/r/<token>": "a receiver without the system, who has the link of its mail",
    "/r/<token>/files/<sha256>": "the files of that letter",
    "/d/<token>": "a holder of an issued document, who has the link of its mail",
    "/d/<token>/file.pdf": "the file of that document",
    "/d/<token>/print.pdf": "that document for paper",
    "/m/<code>": "anybody opens the papers of a meeting behind their QR code, or hears that a code by mail is needed",
    "/m/<code>/files/<sha256>": "a file of those papers",
    "/m/<code>/code": "a participant has a one-time code mailed",
    "/m/<code>/open": "the code is typed",
    "/m/own/<key>": "a participant of a meeting, who has the link of his mail",
    "/m/own/<key>/files": "what he hands in",
    "/m/own/<key>/files/<sha256>/qr.png": "the QR code of what he handed in",
    "/m/own/<key>/here": "he signs in",
    "/m/room/<key>": "who stands at the door of a meeting while it is time signs in",
    "/api/v1/openapi.json": "the description of the API",
    "/v": "anybody verifies a document: where its code is typed",
    "/v/<code>": "anybody verifies a document by its code",
    "/v/<code>/file": "anybody has the signatures of a document's file checked",
    "/v/<code>/time-stamps/<sha256>": "anybody fetches the time-stamp that a document's file got later",
    "/api/v1/verify/<code>": "the same for programs",
    "/w": "anybody writes to an agency: which take letters",
    "/w/to/<agency>": "anybody writes to an agency through its form",
    "/w/follow": "who wrote follows the letter: where number and code are typed",
    "/w/f/<code>": "the same by the code of the receipt",
    "/w/follow/answer": "who wrote fetches the answer",
    "/api/v1/follow/<code>": "the same for programs",
    "/api/v1/hand-in/<agency>": "anybody writes to an agency, by program",
    "/public": "anybody reads what agencies announce",
    "/public/<agency>": "what an agency announces, and how it is reached",
    "/public/<agency>/<uuid:publication_id>": "one announcement",
    "/public/<agency>/<uuid:publication_id>/files/<sha256>": "the files of that announcement",
    "/public/<agency>/feed.atom": "the announcements as a feed",
    "/public/<agency>/data.csv": "the announcements as open data",
    "/public/<agency>/dataset.json": "the description of that data",
    "/register": "anybody reads which agencies have opened their register of licences",
    "/register/<agency>": "anybody looks for what an agency has issued",
    "/register/<agency>/<kind>/data.csv": "a kind of it as open data",
    "/register/<agency>/<kind>/dataset.json": "the description of that data",
    "/api/v1/public-register/<agency>": "the same for programs",
    "/calendar/<token>.ics": "a telephone that has the address of a person's calendar",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole application with all of its doors."""
    folder: Path = tmp_path_factory.mktemp("routes")
    town = build_installation(folder, new_sqlite(folder), FixedClock(datetime(2026, 11, 23, 2, 30, tzinfo=UTC)))
    yield town.app
    town.close()


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Every route as (method, rule, address with made-up values)."""
    found = []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append((method, rule.rule, _address(app, rule)))
    return found


def _address(app: Flask, rule: Rule) -> str:
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        if isinstance(converter, AnyConverter):
            values[name] = sorted(converter.items)[0]
        elif isinstance(converter, UUIDConverter):
            values[name] = UUID(int=1)
        else:
            values[name] = 1 if isinstance(converter, IntegerConverter) else "x"
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def test_every_route_asks_for_a_login_or_stands_on_the_short_list(app: Flask) -> None:
    client = app.test_client()
    open_to_all = set()
    for method, rule, address in addresses(app):
        answer = client.open(address, method=method)
        refused = answer.status_code == 401 or (
            answer.status_code == 302 and answer.headers["Location"].startswith("/login")
        )
        if not refused:
            open_to_all.add(rule)

    assert open_to_all == set(OPEN)


def test_there_are_routes_of_every_screen(app: Flask) -> None:
    screens = {endpoint.split(".")[0] for endpoint in app.view_functions}

    assert screens >= {
        "auth", "home", "letters", "routing", "incoming", "tracking", "registers", "search", "directory", "admin",
        "health", "help",
    }  # fmt: skip
    assert len(addresses(app)) > 50


def test_deeds_are_done_by_post_only(app: Flask) -> None:
    deeds = {"register", "refuse", "release", "submit", "endorse", "give_back", "sign", "dispatch", "withdraw"}
    deeds |= {"logout", "autosave", "acknowledge", "confirm", "make_letter", "set_aside"}
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[-1] in deeds and "GET" in (rule.methods or set())
    ]

    assert wrong == []
