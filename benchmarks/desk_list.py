"""The desk of an executive for whom ten thousand letters wait: how long the server takes for its page.

Measured on the application itself: the pile with the letter on top beside it, the next pages of the pile, and letters
anywhere in it. The reference is the promised time within which nineteen of twenty are answered. That the desk costs as
many statements with few letters as with all is asserted.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import partial
from time import perf_counter
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.clients import percentile
from benchmarks.databases import Databases
from benchmarks.desks import put_on_desk
from benchmarks.frame import Figure, promised
from benchmarks.pages import signed_in
from benchmarks.town import SENDER, Town, founded
from saraban.app import create_app

SIZE = 10_000
"""How many letters wait."""
_FEW = 40
ASKED = 40
PROMISED_MILLISECONDS = 80.0
_NEXT = re.compile(r'href="(/desk\?cursor=[^"]+)"')


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Milliseconds for the desk as it opens, and for a page somewhere in its pile."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, founded(url) as town:
            app = create_app(town.settings, office=town.office)
            client = signed_in(app.test_client(), SENDER, post="head")
            put_on_desk(town, _FEW)
            few = _statements(town, client)
            put_on_desk(town, size - _FEW)
            if (many := _statements(town, client)) != few:
                raise RuntimeError(f"{_FEW} letters cost {few} statements, {size} cost {many}")
            addresses = _addresses(client)
            for name, product in (
                ("the desk opens", partial(_answered, client, ["/desk"])),
                ("a page of the desk", partial(_answered, client, addresses)),
            ):
                yield Figure(
                    name=f"{name}, {size:,}",
                    unit="ms",
                    product=product,
                    reference="promised",
                    against=promised(PROMISED_MILLISECONDS),
                    goal=1.0,
                    better="lower",
                    database=kind,
                )


def _statements(town: Town, client: FlaskClient) -> int:
    """How many statements the desk costs once it was opened before."""
    said: list[str] = []

    def note(*told: Any) -> None:
        said.append(told[2])

    client.get("/desk")
    engines = (town.office.reading, town.office.writing)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    client.get("/desk")
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    return len(said)


def _addresses(client: FlaskClient) -> list[str]:
    """The first pages of the pile after the top."""
    found, address = [], "/desk"
    while len(found) < 20 and (following := _NEXT.search(client.get(address).get_data(as_text=True))):
        address = following[1].replace("&amp;", "&")
        found.append(address)
    return found


def _answered(client: FlaskClient, addresses: list[str]) -> float:
    """Milliseconds within which nineteen of twenty are answered."""
    times = []
    for _ in range(ASKED):
        path, begin = random.choice(addresses), perf_counter()
        answer = client.get(path)
        times.append(perf_counter() - begin)
        if answer.status_code != 200:
            raise RuntimeError(f"the desk could not be had: {answer.status_code}")
    return percentile(times, 0.95) * 1000
