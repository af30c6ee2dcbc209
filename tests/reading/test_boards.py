"""The figures of boards and the letters behind them, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, event, insert, update

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.board import Asked, BoardScope, Flow
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.endorsing import Deed, give, write_on
from saraban.domain.errors import BadInput, NotFound, NotPermitted
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import Letter, LetterState
from saraban.domain.permissions import may_see_board
from saraban.domain.route import StepKind, StepState
from saraban.domain.task import Purpose, Receiver, Task
from saraban.reading.behind import Figure, behind
from saraban.reading.boards import Board, board
from saraban.storage.tables.desk import turns
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import letters, route_steps
from saraban.storage.tables.people import holdings
from tests.reading.office import DIGEST, NOW, Office

ME, AGENCY = Asked(BoardScope.ME), Asked(BoardScope.AGENCY)
DAYS_AGO = 24 * 60


@pytest.fixture
def busy(office: Office) -> Office:
    """A Monday morning: two letters wait for the director, one of them for two weeks; one waits for the head, who is
    asked after the director took an hour and a half of a Friday and a Monday."""
    both = (office.director, office.head)
    _waits(office, office.letter(subject="ค้างนาน", state=LetterState.SUBMITTED, steps=both), office.director, 14)
    _waits(office, office.letter(subject="ปกติ", state=LetterState.SUBMITTED, steps=both), office.director, 0)
    secret = Secrecy.SECRET
    hidden = office.letter(subject="ลับ", state=LetterState.SUBMITTED, steps=both, secrecy=secret)
    _waits(office, hidden, office.head, 0)
    issued = office.letter(subject="ออกแล้ว", state=LetterState.ISSUED, number="ทส 1/1")
    with office.engine.begin() as connection:
        first = (route_steps.c.letter_id == hidden.id) & (route_steps.c.ordinal == 1)
        done: dict[str, Any] = {"state": StepState.DONE, "at": NOW, "person_id": office.director.person_id}
        connection.execute(update(route_steps).where(first).values(**done))
        submitted = NOW - timedelta(days=3, minutes=-390)  # Friday 16.00, before Monday 9.30
        connection.execute(
            insert(journal),
            {"agency_id": office.agency.id, "seq": 900, "at": submitted, "name": "letter.submitted",
             "subject": hidden.id, "text": "{}", "digest": DIGEST},
        )  # fmt: skip
        connection.execute(update(letters).where(letters.c.id == issued.id).values(issued_at=NOW))
    office.incoming(subject="ใหม่")
    office.incoming(subject="ใหม่ค้าง", urgency=Urgency.URGENT, minutes=-7 * DAYS_AGO)
    office.incoming(subject="ของกอง", unit=office.legal, state=IncomingState.HELD, minutes=-60)
    return office


def _waits(office: Office, letter: Letter, officer: Actor, days: int) -> None:
    row = {"letter_id": letter.id, "agency_id": office.agency.id, "position_id": officer.position_id}
    kind = StepKind.SIGN if officer is office.head else StepKind.ENDORSE
    with office.engine.begin() as connection:
        connection.execute(turns.delete().where(turns.c.letter_id == letter.id))
        since = NOW - timedelta(days=days)
        connection.execute(insert(turns), {**row, "kind": kind, "haste": 3, "since": since})


@pytest.fixture
def tasked(office: Office) -> Office:
    """Tasks of the legal unit: two that nobody has taken, one of them late; one with its director, who has done another
    in an hour and a half over a weekend; a classified one that the clerk took. The head was asked for his opinion."""
    yesterday = date(2026, 11, 22)
    friday = NOW - timedelta(days=3, minutes=-390)
    to_unit = Receiver(office.legal.id, office.legal.name, "กองกฎหมาย")
    to_director = replace(to_unit, name=office.director.title, position_id=office.director.position_id)
    to_head = Receiver(office.central.id, office.central.name, office.head.name, person_id=office.head.person_id)
    _task(office, to_unit, due=yesterday)
    _task(office, to_unit, Purpose.INFORMATION)
    _task(office, to_director, due=NOW.date())
    done = _task(office, to_director, at=friday, save=False)
    done.finish(result="เสร็จแล้ว", by=office.director, at=NOW)
    _save(office, done)
    taken = _task(office, to_unit, due=yesterday, secrecy=Secrecy.SECRET, save=False)
    taken.take(by=office.legal_clerk, at=NOW)
    _save(office, taken)
    _task(office, to_head, Purpose.OPINION)
    return office


def _task(
    office: Office,
    to: Receiver,
    purpose: Purpose = Purpose.ACTION,
    *,
    due: date | None = None,
    at: datetime = NOW,
    secrecy: Secrecy = Secrecy.OPEN,
    save: bool = True,
) -> Task:
    letter = office.incoming(state=IncomingState.REGISTERED, secrecy=secrecy)
    written, _ = write_on(letter, (), deed=Deed.ENDORSED, note="", by=office.central_clerk, at=at, due=due)
    task, _ = give(written, purpose, to, ordinal=1, parent=None, by=office.central_clerk, at=at)
    with office.uow() as uow:
        uow.tasks.write(written)
        uow.commit()
    if save:
        _save(office, task)
    return task


def _save(office: Office, task: Task) -> None:
    with office.uow() as uow:
        uow.tasks.add(task)
        uow.commit()


def _unit(office: Office) -> Asked:
    return Asked(BoardScope.UNIT, office.legal.id)


def _waiting(found: Board) -> dict[str, tuple[int, int | None]]:
    return {row.code: (row.count, row.late) for row in found.waiting if row.count}


def test_what_waits_and_is_late_is_counted_for_a_person_a_unit_and_the_agency(busy: Office, reader: Connection) -> None:
    mine = board(reader, busy.director, ME, NOW)
    unit = board(reader, busy.director, _unit(busy), NOW)
    whole = board(reader, busy.records, AGENCY, NOW)

    assert _waiting(mine) == {"endorse": (2, 1)}
    assert _waiting(unit) == {"endorse": (2, 1), "held": (1, None), "go": (1, None)}
    assert _waiting(whole) == {
        "endorse": (2, 1),
        "sign": (1, 0),
        "register": (2, 1),
        "held": (1, None),
        "go": (1, None),
    }
    assert (whole.count, whole.late, whole.done) == (7, 2, 1)
    assert [(row.holder, row.waiting, row.late, row.done) for row in unit.parts] == [("คุณdirector", 2, 1, 1)]
    assert {(row.name, row.waiting, row.done) for row in whole.parts} == {
        ("สำนักงานเลขานุการกรม", 1, 0),
        ("กองกฎหมาย", 2, 1),
    }
    assert mine.parts == []


def test_steps_take_office_hours_and_flows_stand_in_their_week_and_hour(busy: Office, reader: Connection) -> None:
    whole = board(reader, busy.head, AGENCY, NOW)
    endorsed = next(row for row in whole.steps if row.kind is StepKind.ENDORSE)

    assert (endorsed.done, endorsed.minutes) == (1, 90)
    assert whole.trend[Flow.RECEIVED][-2:] == [1, 2]
    assert whole.trend[Flow.ISSUED][-1] == 1 and sum(whole.trend[Flow.CLOSED]) == 0
    assert whole.heat[Flow.DONE][0][9] == 1 and whole.heat[Flow.RECEIVED][0][8:10] == [1, 2]
    assert whole.weeks[-1] == date(2026, 11, 23) and len(whole.weeks) == 12


def test_every_number_leads_to_as_many_letters(busy: Office, reader: Connection) -> None:
    for who, asked in ((busy.director, ME), (busy.director, _unit(busy)), (busy.head, AGENCY)):
        shown = board(reader, who, asked, NOW)
        numbers = {Figure("waiting", row.code): row.count for row in shown.waiting}
        numbers |= {Figure("late", row.code): row.late for row in shown.waiting if row.late is not None}
        numbers |= {Figure("done", row.kind.value): row.done for row in shown.steps}
        numbers |= {Figure("waiting", part=row.id): row.waiting for row in shown.parts}
        numbers |= {Figure("late", part=row.id): row.late for row in shown.parts}
        numbers |= {
            Figure("flow", flow.value, week=week): number
            for flow, row in shown.trend.items()
            for week, number in list(zip(shown.weeks, row, strict=True))[-2:]
        }
        numbers |= {
            Figure("flow", flow.value, weekday=0, hour=hour): shown.heat[flow][0][hour]
            for flow in shown.heat
            for hour in (8, 9)
        }
        for figure, number in numbers.items():
            assert behind(reader, who, asked, figure, NOW).total == number, figure


def test_of_letters_that_one_may_not_read_only_the_number_is_told(busy: Office, reader: Connection) -> None:
    everything = Figure("waiting")
    records = behind(reader, busy.records, AGENCY, everything, NOW)
    head = behind(reader, busy.head, AGENCY, everything, NOW)
    first = behind(reader, busy.head, AGENCY, everything, NOW, limit=1)
    rest = behind(reader, busy.head, AGENCY, everything, NOW, cursor=first.page.next)

    assert (records.total, records.hidden, records.page.items) == (3, 3, [])
    assert (head.total, head.hidden) == (3, 0) and "ลับ" not in [row.subject for row in head.page.items]
    assert [row.id for row in first.page.items + rest.page.items] == [row.id for row in head.page.items]
    assert {row.post for row in head.page.items} == {busy.director.title, busy.head.title}


def test_tasks_are_counted_by_purpose_and_by_whose_they_are(tasked: Office, reader: Connection) -> None:
    def told(who: Actor, asked: Asked) -> dict[str, tuple[int, int, int, int | None]]:
        found = board(reader, who, asked, NOW).tasks
        return {row.purpose.value: (row.waiting, row.late, row.done, row.minutes) for row in found.purposes}

    unit = board(reader, tasked.director, _unit(tasked), NOW).tasks
    whole = board(reader, tasked.records, AGENCY, NOW).tasks
    nothing = (0, 0, 0, None)

    assert told(tasked.director, ME) == {"action": (1, 0, 1, 90), "opinion": nothing, "information": nothing}
    assert told(tasked.head, ME) == {"action": nothing, "opinion": (1, 0, 0, None), "information": nothing}
    assert told(tasked.head, AGENCY) == {
        "action": (3, 2, 1, 90),
        "opinion": (1, 0, 0, None),
        "information": (1, 0, 0, None),
    }
    assert [(row.name, row.untaken, row.waiting, row.late, row.done, row.minutes) for row in unit.parts] == [
        ("กองกฎหมาย", True, 2, 1, 0, None),
        (tasked.legal_clerk.name, False, 1, 1, 0, None),
        (tasked.director.name, False, 1, 0, 1, 90),
    ]
    assert {(row.name, row.waiting, row.done) for row in whole.parts} == {
        ("สำนักงานเลขานุการกรม", 1, 0),
        ("กองกฎหมาย", 4, 1),
    }
    assert (whole.waiting, whole.late) == (5, 2)


def test_every_number_of_tasks_leads_to_as_many_tasks(tasked: Office, reader: Connection) -> None:
    for who, asked in ((tasked.director, ME), (tasked.director, _unit(tasked)), (tasked.head, AGENCY)):
        shown = board(reader, who, asked, NOW).tasks
        numbers = {}
        for row in shown.purposes:
            kind = row.purpose.value
            numbers[Figure("tasks", kind)] = row.waiting
            numbers |= {Figure("tasks-late", kind): row.late, Figure("tasks-done", kind): row.done}
        for part in shown.parts:
            numbers |= {Figure("tasks", part=part.id): part.waiting, Figure("tasks-late", part=part.id): part.late}
            numbers[Figure("tasks-done", part=part.id)] = part.done
        assert sum(numbers.values())
        for figure, number in numbers.items():
            assert behind(reader, who, asked, figure, NOW).total == number, figure
    late = behind(reader, tasked.director, _unit(tasked), Figure("tasks-late"), NOW)
    assert [(row.post, row.due, row.received) for row in late.page.items] == [("กองกฎหมาย", date(2026, 11, 22), True)]
    assert late.hidden == 1, "the classified one is counted and not shown"
    with pytest.raises(BadInput):
        behind(reader, tasked.head, AGENCY, Figure("tasks", "sign"), NOW)


def test_what_may_not_be_seen_or_does_not_exist_is_refused(busy: Office, reader: Connection) -> None:
    with pytest.raises(NotPermitted, match="ผู้อำนวยการ"):
        board(reader, busy.legal_clerk, _unit(busy), NOW)
    with pytest.raises(NotPermitted):
        behind(reader, busy.director, AGENCY, Figure("waiting"), NOW)
    with pytest.raises(NotFound):
        board(reader, busy.head, Asked(BoardScope.UNIT, UnitId(uuid4())), NOW)
    wrong = Figure("flow", "sold"), Figure("waiting", "register"), Figure("flow", "done", week=date(2020, 1, 6))
    for figure in wrong:
        with pytest.raises(BadInput):
            behind(reader, busy.head, ME, figure, NOW)
    assert may_see_board(replace(busy.head, person_id=None), ME) is not None


def test_the_clock_of_a_post_that_was_vacant_went_slower(busy: Office, reader: Connection) -> None:
    someday = NOW + timedelta(days=1)
    with busy.engine.begin() as connection:
        mine = holdings.c.person_id == busy.director.person_id
        connection.execute(update(holdings).where(mine).values(since=date(2026, 11, 20)))

    assert _waiting(board(reader, busy.director, ME, someday)) == {"endorse": (2, 0)}


def test_a_board_asks_a_fixed_number_of_queries(busy: Office, reader: Connection, engine: Engine) -> None:
    def asked() -> int:
        said: list[str] = []
        event.listen(reader.engine, "before_cursor_execute", listener := lambda *a: said.append(a[2]))
        board(reader, busy.head, AGENCY, NOW)
        event.remove(reader.engine, "before_cursor_execute", listener)
        return len(said)

    before = asked()
    for number in range(5):
        more = busy.letter(subject=f"อีก {number}", state=LetterState.SUBMITTED, steps=(busy.director, busy.head))
        _waits(busy, more, busy.director, number)
        busy.incoming(minutes=-number * DAYS_AGO)
        _task(busy, Receiver(busy.legal.id, busy.legal.name, "กองกฎหมาย"))

    assert asked() == before <= 24
