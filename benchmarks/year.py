"""A year of an agency, for benchmarks of what is told about all of its letters; the same on both databases.

A letter out, a letter in and a task are written once; all others are copies of them inside the database, each of its
own moment, unit and officers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    MetaData,
    Table,
    Uuid,
    and_,
    case,
    insert,
    literal,
    not_,
    null,
    select,
)

from benchmarks.town import PASSWORD, Town
from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.endorsing import Deed
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.letter import Content, Letter, LetterId, LetterState
from saraban.domain.route import RouteStep, StepKind, StepState
from saraban.domain.task import Purpose, TaskState
from saraban.storage.days import day_begins
from saraban.storage.tables.desk import turns
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import incoming, letters, route_steps
from saraban.storage.tables.tasks import endorsements, tasks
from saraban.storage.types import UtcDateTime
from saraban.usecases.administering import NewPerson, NewUnit, open_agency

CODE = "0303"
UNITS, POSTS = 20, 5
DAYS = 365
_OPEN = 50
"""One of so many is not at its end: it lies before an officer, is to be registered, or in somebody's hands."""
_KINDS = (StepKind.ENDORSE, StepKind.APPROVE, StepKind.SIGN)
_AT_ONCE = 10_000
_AFTER = 1_000
"""What the agency was founded with stands in its journal before."""

_plan = Table(
    "bench_year",
    MetaData(),
    Column("n", Integer, primary_key=True),
    *(
        Column(name, Uuid)
        for name in ("letter", "came", "task", "unit", "first_post", "second_post", "first", "second")
    ),
    *(Column(name, UtcDateTime) for name in ("begun", "endorsed", "approved", "issued")),
    Column("due", Date),
    Column("open", Boolean),
)


@dataclass(frozen=True)
class Year:
    """The agency's head, the director of one of its units, and an officer of it."""

    head: Actor
    director: Actor
    officer: Actor


def lived(town: Town, size: int) -> Year:
    """An agency of twenty units with five posts each, after a year with so many letters out, letters in and tasks."""
    actors = _agency(town)
    head, now = actors["head"], town.services.clock.now()
    _write_models(town, head, now)
    engine = town.office.writing
    with engine.begin() as connection:
        _plan.create(connection)
        rows = list(_planned(actors, now, size))
        for start in range(0, size, _AT_ONCE):
            connection.execute(insert(_plan), rows[start : start + _AT_ONCE])
    with engine.begin() as connection:
        _copy(connection, head)
        _plan.drop(connection)
    if engine.dialect.name == "postgresql":  # what a database does by itself in the year
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return Year(head, actors["3-0"], actors["3-1"])


def _agency(town: Town) -> dict[str, Actor]:
    units = [NewUnit("SEC", "สำนักงานเลขานุการกรม", "1301", central=True, phone="0 2000 0000")]
    units += [NewUnit(f"U{n:02}", f"กองที่ {n}", f"13{n + 2:02}", phone="0 2000 0000") for n in range(UNITS)]
    people = [NewPerson("นายประเสริฐ งานดี", f"head-{CODE}", PASSWORD, "SEC", "อธิบดี", PositionRole.HEAD)]
    for unit in range(UNITS):
        for post in range(POSTS):
            role = PositionRole.CLERK if post else PositionRole.DIRECTOR
            title = f"นักจัดการงานทั่วไป {unit}-{post}" if post else f"ผู้อำนวยการกองที่ {unit}"
            name = f"นายทดสอบ ลำดับที่ {unit}-{post}"
            people.append(NewPerson(name, f"{unit}-{post}-{CODE}", PASSWORD, f"U{unit:02}", title, role))
    ids = open_agency(
        town.services,
        code=CODE,
        name="กรมงานมาก",
        abbr="งม",
        series="13",
        mailbox=f"saraban@d{CODE}.test",
        units=units,
        people=people,
        since=date(2020, 1, 1),
    )
    found: dict[str, Actor] = {}
    with town.services.uow() as uow:
        for username, person_id in ids.items():
            actor = uow.people.actor(person_id, office_date(town.services.clock.now()))
            assert actor is not None
            found[username.removesuffix(f"-{CODE}")] = actor
    return found


def _write_models(town: Town, head: Actor, now: datetime) -> None:
    """A letter out with its three steps, a letter in, and a task: the only ones of the agency."""
    assert head.person_id is not None and head.unit_id is not None and head.position_id is not None
    body = "ด้วยกรมได้ดำเนินการตามแผนปฏิบัติราชการแล้ว จึงเรียนมาเพื่อโปรดทราบ\n\n" * 10
    letter = Letter(
        id=LetterId(uuid4()),
        agency_id=head.agency_id,
        unit_id=head.unit_id,
        drafter_id=head.person_id,
        drafter_name=head.name,
        content=Content(subject="รายงานผลการดำเนินงาน", addressed_to="เรียน อธิบดี", body=body),
        created_at=now,
        updated_at=now,
        state=LetterState.SUBMITTED,
        route=[RouteStep(n, kind, head.position_id, head.title, head.unit_name) for n, kind in enumerate(_KINDS, 1)],
    )
    came = IncomingLetter(
        id=IncomingId(uuid4()),
        agency_id=head.agency_id,
        unit_id=head.unit_id,
        state=IncomingState.NEW,
        received_at=now,
        raw_sha256=Digest.of(b"raw"),
        message_id=f"<{uuid4()}@elsewhere.test>",
        from_mailbox="saraban@elsewhere.test",
        from_name="สำนักงานจังหวัดทดสอบ",
        number="ทส 0203/1",
        subject="ขอเชิญประชุมคณะกรรมการ",
        addressed_to="เรียน อธิบดี",
        text="ด้วยสำนักงานจังหวัดกำหนดจัดประชุม " * 10,
    )
    with town.services.uow() as uow:
        uow.letters.add(letter)
        uow.letters.save(letter)
        uow.incoming.add(came)
        uow.commit()
    digest, of_letter = Digest.of(b"model"), {"agency_id": head.agency_id, "incoming_id": came.id, "ordinal": 1}
    written = {**of_letter, "id": uuid4(), "at": now, "deed": Deed.ENDORSED, "person_id": head.person_id}
    written |= {"person_name": head.name, "title": head.title, "unit_name": head.unit_name, "note": "เพื่อดำเนินการ"}
    written |= {"to": [], "seen": digest, "digest": digest, "under": ""}
    task = {**of_letter, "id": uuid4(), "endorsement_id": written["id"], "purpose": Purpose.ACTION}
    task |= {"unit_id": head.unit_id, "unit_name": head.unit_name, "to_name": head.unit_name, "given_at": now}
    task |= {"given_by": head.name, "given_title": head.title, "state": TaskState.OPEN, "taker_name": ""}
    task |= {"ended_by": "", "result": "", "heard": False, "version": 1}
    said = {"agency_id": head.agency_id, "seq": 0, "at": now, "name": "letter.submitted", "subject": letter.id}
    with town.office.writing.begin() as connection:
        connection.execute(insert(endorsements), written)
        connection.execute(insert(tasks), task)
        connection.execute(insert(journal), {**said, "text": '{"event":"letter.submitted"}', "digest": digest})


def _planned(actors: dict[str, Actor], now: datetime, size: int) -> Iterator[dict[str, Any]]:
    """What becomes of each letter and task: they come in office hours, all days of the year."""
    today = office_date(now)
    for n in range(size):
        day = today - timedelta(days=n * DAYS // size)
        begun = min(day_begins(day) + timedelta(hours=8, minutes=30 + n * 37 % 480), now)
        unit = n % UNITS
        first, second = actors[f"{unit}-{1 + n // UNITS % (POSTS - 1)}"], actors[f"{unit}-0"]
        yield {
            "n": n + 1,
            "letter": uuid4(),
            "came": uuid4(),
            "task": uuid4(),
            "unit": first.unit_id,
            "first_post": first.position_id,
            "second_post": second.position_id,
            "first": first.person_id,
            "second": second.person_id,
            "begun": begun,
            "endorsed": begun + timedelta(hours=1 + n % 5),
            "approved": begun + timedelta(hours=20 + n % 30),
            "issued": begun + timedelta(hours=60 + n % 50),
            "due": day + timedelta(days=7),
            "open": n % _OPEN == 0 or day > today - timedelta(days=5),
        }


def _copy(connection: Connection, head: Actor) -> None:
    p, is_open = _plan.c, _plan.c.open

    def ended(value: Any, otherwise: Any = None) -> ColumnElement[Any]:
        return case((is_open, null() if otherwise is None else otherwise), else_=value)

    def in_words(table: Table, state: Any) -> ColumnElement[Any]:
        return literal(state, table.c.state.type)

    def state(table: Table, while_open: Any, at_end: Any) -> ColumnElement[Any]:
        return case((is_open, in_words(table, while_open)), else_=in_words(table, at_end))

    def copy(table: Table, changed: dict[str, Any], *only: ColumnElement[bool]) -> None:
        columns = [changed.get(one.name, one) for one in table.c]
        rows = select(*columns).select_from(table.join(_plan, table.c.agency_id == head.agency_id)).where(*only)
        connection.execute(insert(table).from_select([one.name for one in table.c], rows, include_defaults=False))

    of_unit = {"unit_id": p.unit}
    moments = {"created_at": p.begun, "updated_at": ended(p.issued, p.endorsed), "issued_at": ended(p.issued)}
    copy(
        letters,
        {**of_unit, **moments, "id": p.letter, "drafter_id": p.first}
        | {
            "state": case(
                (is_open, in_words(letters, LetterState.SUBMITTED)),
                (p.n % 3 == 1, in_words(letters, LetterState.ISSUED)),  # a memorandum, which stays in the house
                else_=in_words(letters, LetterState.CLOSED),
            )
        },
    )
    ordinal = route_steps.c.ordinal

    def of_step(first: Any, second: Any, third: Any) -> ColumnElement[Any]:
        return case((ordinal == 1, first), (ordinal == 2, second), else_=third)

    waits = and_(is_open, ordinal > 1)
    copy(
        route_steps,
        {
            "letter_id": p.letter,
            "position_id": of_step(p.first_post, p.second_post, route_steps.c.position_id),
            "person_id": case((waits, null()), else_=of_step(p.first, p.second, literal(head.person_id, Uuid))),
            "at": case((waits, null()), else_=of_step(p.endorsed, p.approved, p.issued)),
            "state": case(
                (waits, in_words(route_steps, StepState.WAITING)),
                else_=in_words(route_steps, StepState.DONE),
            ),
        },
    )
    second = {"letter_id": p.letter, "position_id": p.second_post, "since": p.endorsed}
    copy(turns, {**second, "kind": literal(StepKind.APPROVE, turns.c.kind.type)}, is_open)
    copy(journal, {"seq": p.n + _AFTER, "at": p.begun, "subject": p.letter}, journal.c.seq == 0)
    ends = {"completed_at": ended(p.issued), "state": state(incoming, IncomingState.NEW, IncomingState.REGISTERED)}
    copy(incoming, {**of_unit, **ends, "id": p.came, "received_at": p.begun})
    taken = {"taker_id": case((and_(is_open, p.n % 3 == 1), null()), else_=p.first)}
    taken["state"] = case(
        (not_(is_open), in_words(tasks, TaskState.DONE)),
        (p.n % 3 == 1, in_words(tasks, TaskState.OPEN)),
        else_=in_words(tasks, TaskState.TAKEN),
    )
    given = {"id": p.task, "incoming_id": p.came, "given_at": p.begun, "due": p.due, "ended_at": ended(p.approved)}
    copy(tasks, {**of_unit, **given, **taken})
