"""Boards of an agency with a hundred thousand letters out, as many in, and as many tasks in a year: how long the server
takes for the page of the whole agency, of a unit, and of an officer.

The reference is the promised time within which nineteen of twenty are answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from time import perf_counter

from flask.testing import FlaskClient

from benchmarks.clients import percentile
from benchmarks.databases import Databases
from benchmarks.frame import Figure, promised
from benchmarks.pages import signed_in
from benchmarks.town import founded
from benchmarks.year import CODE, lived
from saraban.app import create_app

SIZE = 100_000
"""How many letters out, letters in and tasks the agency has."""
ASKED = 20
PROMISED_MILLISECONDS = 500.0
BOARDS = (
    ("the agency", "head", "/boards?scope=agency"),
    ("the agency, half a year", "head", "/boards?scope=agency&weeks=26"),
    ("a unit", "3-0", "/boards?scope=unit"),
    ("an officer", "3-1", "/boards"),
)


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Milliseconds for each board."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, founded(url) as town:
            lived(town, size)
            app = create_app(town.settings, office=town.office)
            for name, who, path in BOARDS:
                client = signed_in(app.test_client(), CODE, who)
                yield Figure(
                    name=f"board of {name}",
                    unit="ms",
                    product=partial(_answered, client, path),
                    reference="promised",
                    against=promised(PROMISED_MILLISECONDS),
                    goal=1.0,
                    better="lower",
                    database=kind,
                )


def _answered(client: FlaskClient, path: str) -> float:
    """Milliseconds within which nineteen of twenty are answered."""
    times = []
    for _ in range(ASKED):
        begin = perf_counter()
        answer = client.get(path)
        times.append(perf_counter() - begin)
        if answer.status_code != 200:
            raise RuntimeError(f"the board could not be had: {answer.status_code}")
    return percentile(times, 0.95) * 1000
