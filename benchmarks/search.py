"""The search over everything against the bare query of its index: FTS5 on SQLite, pg_trgm on PostgreSQL.

Every round asks the same thirty questions, frequent and rare, and takes the slowest but one: with so few that is what
p95 is. The reference is the one query that a page of answers needs: the same words asked of the index, the newest fifty
first, each with its subject and a piece of its text around the word; with nobody's rights, no ranks and one order.
Beside it stand the whole page as the application answers it, against the time that is promised at a million letters
(`--size 1000000`), and what indexing a letter costs, against writing its row down.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from time import perf_counter
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Connection, delete, func, insert, or_, select, text

from benchmarks.databases import Databases
from benchmarks.frame import Figure, promised
from benchmarks.many_letters import NEW, PLACES, RARE, WORDS, fill, prose, row
from benchmarks.pages import signed_in
from benchmarks.town import RECEIVER, Town, founded
from saraban.app import create_app
from saraban.reading.search import look
from saraban.storage.search import like_pattern, normal_form
from saraban.storage.tables.finding import documents, waiting
from saraban.storage.tables.letters import incoming
from saraban.usecases.indexing import index_next

SIZE = 10_000
"""How many letters there are."""
ROUNDS = 5
GOAL = 1.5
PROMISED_MILLISECONDS = 100.0
_PAGE = 50
_INDEXED_AGAIN = 200
_ASKED = (*WORDS[:14], *PLACES, *RARE, "งบประมาณ เชียงใหม่", "พัสดุ ราคากลาง บึงกาฬ", "บาดาล", "อนุเคราะห์")


_BARE_FTS = text(
    "SELECT rowid, subject, snippet(search_documents_fts, -1, '[', ']', '…', 64) FROM search_documents_fts "
    f"WHERE search_documents_fts MATCH :asked ORDER BY rowid DESC LIMIT {_PAGE + 1}"
)


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Milliseconds of the slowest questions, and of indexing a letter."""
    for kind in databases.kinds:
        with ExitStack() as stack:
            town = stack.enter_context(founded(stack.enter_context(databases.migrated(kind))))
            fill(town, size)
            reader = stack.enter_context(town.office.reading.connect())
            yield Figure(
                name=f"search, p95, {size:,}",
                unit="ms",
                product=partial(_p95, partial(_looked, reader, town)),
                reference="the bare index",
                against=partial(_p95, partial(_bare, reader)),
                goal=GOAL,
                better="lower",
                database=kind,
            )
            client = signed_in(create_app(town.settings, office=town.office).test_client(), RECEIVER)
            yield Figure(
                name=f"search page, p95, {size:,}",
                unit="ms",
                product=partial(_p95, partial(_opened, client)),
                reference="promised",
                against=promised(PROMISED_MILLISECONDS),
                goal=1.0,
                better="lower",
                database=kind,
            )
            yield Figure(
                name=f"indexing a letter, {size:,}",
                unit="ms",
                product=partial(_indexing, town),
                reference="writing its row",
                against=partial(_writing, town),
                goal=40.0,
                better="lower",
                database=kind,
            )


def _p95(ask: Any) -> float:
    times = []
    for words in _ASKED:
        begin = perf_counter()
        ask(words)
        times.append(perf_counter() - begin)
    return sorted(times)[int(len(times) * 0.95) - 1] * 1000


def _looked(reader: Connection, town: Town, words: str) -> None:
    if not look(reader, town.clerk, words, limit=_PAGE).hits:
        raise RuntimeError(f"nothing was found of {words}")


def _opened(client: FlaskClient, words: str) -> None:
    answer = client.get("/search", query_string={"q": words})
    if answer.status_code != 200 or b"<mark>" not in answer.data:
        raise RuntimeError(f"nothing was found of {words}: {answer.status_code}")


def _bare(reader: Connection, words: str) -> None:
    parts = normal_form(words).split()
    if reader.dialect.name == "sqlite":
        asked = " AND ".join(f'"{part}"' for part in parts)
        reader.execute(_BARE_FTS, {"asked": asked}).all()
        return
    columns = (documents.c.subject, documents.c.marks, documents.c.words, documents.c.scans)
    conditions = [or_(*(one.like(like_pattern(part), escape="\\") for one in columns)) for part in parts]
    around = func.substr(documents.c.words, func.greatest(1, func.strpos(documents.c.words, parts[0]) - 40), 160)
    shown = select(documents.c.id, documents.c.owner_id, documents.c.subject, around)
    reader.execute(shown.where(*conditions).order_by(documents.c.id.desc()).limit(_PAGE + 1)).all()


def _indexing(town: Town) -> float:
    """Milliseconds in which a letter that changed is indexed anew."""
    with town.office.writing.begin() as connection:
        changed = select(incoming.c.id).limit(_INDEXED_AGAIN)
        ids = list(connection.execute(changed).scalars())
        for one in ids:
            changes = {"text": f"แก้ไขเพิ่มเติม {random.random()} {prose(random)}"}
            connection.execute(incoming.update().where(incoming.c.id == one).values(**changes))
    begin = perf_counter()
    while index_next(town.services):
        pass
    return (perf_counter() - begin) / _INDEXED_AGAIN * 1000


def _writing(town: Town) -> float:
    """Milliseconds in which the row of a letter is written down, each in a transaction of its own. The rows stay, and
    do not enter the index: to delete one, databases look through all letters for those that refer to it."""
    begin = perf_counter()
    for n in range(20):
        with town.office.writing.begin() as connection:
            connection.execute(insert(incoming), [row(town, random, NEW + n)])
    spent = (perf_counter() - begin) / 20 * 1000
    with town.office.writing.begin() as connection:
        connection.execute(delete(waiting))
    return spent
