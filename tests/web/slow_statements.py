"""`python -m tests.web.slow_statements sqlite|postgresql TIMES [--statistics] [PERSON ...]`: every page that people
find in a store in which everything is copied so many times, and the statements that go through much of it.
People are `clerk`, `director`, `head`, `records`, `admin`, `auditor`, `plan-clerk`, `plan-director`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import databases, postgres_server
from tests.databases import NewPostgreSQL, NewSqlite
from tests.fakes import FixedClock
from tests.web.everything import sent_out, something_of_everything
from tests.web.filled_store import fill
from tests.web.installation import LEARNING, Installation, build_installation
from tests.web.walking import pages_of
from tests.web.watching import Watch, watched

SHOWN = {"sqlite": 10_000, "postgresql": 900}
"""Steps of SQLite's machine, rows that PostgreSQL reads of one table, from which on a statement is shown."""
_WORDS = "การสำรวจความพร้อมในการรับส่งหนังสือทางไปรษณีย์อิเล็กทรอนิกส์กลาง"
_PEOPLE = ("clerk", "director", "head", "records", "admin", "plan-clerk", "plan-director")


def main() -> None:
    """Fill a store, open everything, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=databases.KINDS)
    parser.add_argument("times", type=int)
    parser.add_argument("people", nargs="*")
    parser.add_argument("--statistics", action="store_true")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, _town(asked.kind, Path(folder)) as town:
        something_of_everything(town, _WORDS)
        sent_out(town, _WORDS)
        small = town.actor("learning-plan-clerk").unit_id
        with town.office.writing.begin() as connection:
            fill(connection, town.agencies[LEARNING], asked.times, small)
        if asked.statistics or asked.kind == "postgresql":
            with town.office.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
        told: set[str] = set()
        for person in asked.people or _PEOPLE:
            with watched(town.office.reading) as watch:
                _look(town, watch, f"learning-{person}", told)


def _look(town: Installation, watch: Watch, who: str, told: set[str]) -> None:
    before = 0
    for address, _, _ in pages_of(town, who):
        new = watch.asked[before:]
        for one in new:
            cost = watch.gone_through(one)
            if cost > SHOWN[watch.engine.dialect.name] and one.text not in told:
                told.add(one.text)
                print(f"\n{cost:,} for {who} at {address}, {one.seconds * 1000:.1f} ms\n{one.text}", flush=True)
        before = len(watch.asked)


@contextmanager
def _town(kind: str, folder: Path) -> Iterator[Installation]:
    session = postgres_server.session_folder()
    try:
        made = (
            NewSqlite(session, folder / "saraban.db")
            if kind == "sqlite"
            else NewPostgreSQL(session, postgres_server.server_url(session))
        )
        town = build_installation(folder, made, FixedClock(datetime(2026, 11, 23, 2, 30, tzinfo=UTC)))
        yield town
        town.close()
    finally:
        databases.drop_kept(session)
        postgres_server.stop(session)


if __name__ == "__main__":
    main()
