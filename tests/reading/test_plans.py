"""SQLite finds what every page asks for by the way to few rows, whether somebody had it gather statistics or not. (The
product never does; and statistics of a quiet day, on which all letters stand in one state, tell that a state is no way
to find few.)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, Table, event, insert, select

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.endorsing import Deed
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.task import Purpose, TaskState
from saraban.reading import tasks as work
from saraban.reading.dashboards import nav
from saraban.storage.tables import metadata
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.tasks import endorsements, tasks
from tests.reading.office import DIGEST, NOW, TODAY, Office

pytestmark = pytest.mark.only_database("sqlite")
MANY = 1_500
LARGE = ("incoming", "letters", "entries", "tasks", "given", "dispatches", "journal", "notices", "readers", "listed")
LARGE += ("inbox", "outbox", "statements", "evidence", "circulations", "route_steps")
"""Tables that grow from year to year, and other names under which statements speak of them."""
_FEW = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}


@pytest.fixture(params=[False, True], ids=["without statistics", "with statistics"])
def quiet(request: pytest.FixtureRequest, office: Office, engine: Engine) -> Office:
    """An office with many letters and tasks, all of which are at their end."""
    came = office.incoming(state=IncomingState.REGISTERED)
    went = office.letter(state=LetterState.CLOSED)
    clerk, director = office.central_clerk, office.director
    by = {"agency_id": office.agency.id, "incoming_id": came.id, "ordinal": 1}
    said = {**by, "id": uuid4(), "at": NOW, "deed": Deed.ENDORSED, "person_id": clerk.person_id, "note": "", "to": []}
    said |= {"person_name": clerk.name, "title": "", "unit_name": "", "seen": DIGEST, "digest": DIGEST, "under": ""}
    task = {**by, "id": uuid4(), "endorsement_id": said["id"], "purpose": Purpose.ACTION, "unit_id": office.legal.id}
    task |= {"unit_name": "", "to_name": "", "given_at": NOW, "given_by": "", "given_title": "", "taker_name": ""}
    task |= {"state": TaskState.DONE, "taker_id": director.person_id, "giver_id": clerk.person_id, "ended_at": NOW}
    task |= {"ended_by": "", "result": "", "heard": True, "version": 1}
    with engine.begin() as connection:
        connection.execute(insert(endorsements), said)
        connection.execute(insert(tasks), task)
        for table, row, moment in ((incoming, came.id, "received_at"), (letters, went.id, "updated_at")):
            _multiply(connection, table, row, moment)
        first = connection.execute(select(incoming.c.id).limit(MANY)).scalars().all()
        connection.execute(insert(tasks), [{**task, "id": uuid4(), "incoming_id": one} for one in first])
        if request.param:
            connection.exec_driver_sql("ANALYZE")
    engine.dispose()
    return office


def _multiply(connection: Connection, table: Table, row_id: Any, moment: str) -> None:
    row = dict(connection.execute(select(table).where(table.c.id == row_id)).mappings().one())
    at = [row[moment] - timedelta(minutes=n) for n in range(1, MANY)]
    connection.execute(insert(table), [{**row, "id": uuid4(), moment: one} for one in at])


@pytest.fixture
def plans(reader: Connection) -> Iterator[list[str]]:
    """The plan of every statement that is asked of the reader, line by line."""
    found: list[str] = []
    told: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith("EXPLAIN"):
            told.append((statement, values))

    class Plans(list[str]):
        def __iter__(self) -> Iterator[str]:
            for statement, values in told:
                for row in reader.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all():
                    yield row[3]

    event.listen(reader, "before_cursor_execute", note)
    yield Plans(found)
    event.remove(reader, "before_cursor_execute", note)


def walks(plans: list[str]) -> list[str]:
    """The lines of plans that go through a large table, or through all that one agency has in it."""
    found = []
    for line in plans:
        way = re.match(r"(SCAN|SEARCH) (\w+)\b(?: USING (?:COVERING )?INDEX (\w+))?(?: \((.*)\))?", line)
        if way is None or way[2] not in LARGE or way[3] in _FEW:
            continue
        if way[1] == "SCAN" or way[4] == "agency_id=?":
            found.append(line)
    return found


OFFICERS = ("central_clerk", "legal_clerk", "director", "head", "records")


@pytest.mark.parametrize("who", OFFICERS)
def test_the_counts_beside_the_menu_walk_no_table(
    quiet: Office, reader: Connection, plans: list[str], who: str
) -> None:
    actor: Actor = getattr(quiet, who)

    nav(reader, actor, NOW)

    assert walks(plans) == []


@pytest.mark.parametrize("who", OFFICERS)
def test_what_somebody_has_to_do_is_found_by_his_tasks(
    quiet: Office, reader: Connection, plans: list[str], who: str
) -> None:
    actor: Actor = getattr(quiet, who)
    today: date = TODAY

    work.waiting_tasks(reader, actor, today)
    work.counts(reader, actor, today)
    for whose in ("mine", "unit", "given") if actor.role is not PositionRole.RECORDS else ("mine", "given"):
        for state in ("open", "due"):
            work.tasks_of(reader, actor, today, whose=whose, state=state)

    assert walks(plans) == []
