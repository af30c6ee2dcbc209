"""The last check of the registers as screens show it: an agency's own, and secret books for the cleared only."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection, Engine

from saraban.domain.register import BookKind
from saraban.reading.audit import last_check
from saraban.usecases.registry import BookCheck, RegistersCheck
from tests.reading.office import NOW, YEAR, Office, open_office

SOME_ID = UUID(int=7)


def _book(kind: BookKind, **more: object) -> dict[str, object]:
    made = BookCheck(SOME_ID, kind, "หน่วยงาน", YEAR, 1, 1, 9, 9, 0, 0)
    values = {**vars(made), **more, "kind": kind.value, "book_id": str(made.book_id)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _keep(office: Office, **report: object) -> None:
    values = {"books": [], "faults": [], "closes": []} | report
    with office.uow() as uow:
        uow.closes.keep_check(RegistersCheck(office.agency.id, NOW, NOW, "คุณตรวจ", 18, 3, values))
        uow.commit()


def _fault(entry_id: object = None, **more: object) -> dict[str, object]:
    values = {"book": "ทะเบียนหนังสือรับ", "serial": 3, "reason": "ถูกแก้", "day": "2026-11-23", "secret": False}
    return {**values, "entry_id": str(entry_id) if entry_id else None, **more}


def test_an_agency_reads_its_own_newest_check(office: Office, reader: Connection, engine: Engine) -> None:
    assert last_check(reader, office.central_clerk) is None
    _keep(office)
    _keep(office, closes=[{"day": "2026-11-22", "seal": "เสีย", "stamped_at": None, "time_stamp": ""}])
    other = open_office(engine, "dnp")

    found = last_check(reader, office.central_clerk)

    assert found is not None and (found.by, found.lines, found.faults) == ("คุณตรวจ", 18, 3)
    assert [verdict.seal for verdict in found.closes.values()] == ["เสีย"]
    assert last_check(reader, other.central_clerk) is None


def test_a_fault_leads_to_its_line_only_where_the_line_is_there_and_ours(
    office: Office, reader: Connection, engine: Engine
) -> None:
    line, theirs = office.entry(), open_office(engine, "dnp").entry()
    _keep(office, faults=[_fault(line.id), _fault(theirs.id), _fault(SOME_ID), _fault()])

    found = last_check(reader, office.central_clerk)

    assert found is not None
    assert [one.entry_id for one in found.problems] == [line.id, None, None, None]


def test_secret_books_and_their_faults_are_for_the_cleared(office: Office, reader: Connection) -> None:
    _keep(
        office,
        books=[_book(BookKind.RECEIVING, gaps=[2]), _book(BookKind.SECRET_RECEIVING, gaps=[4])],
        faults=[_fault(secret=True)],
    )

    cleared = last_check(reader, office.central_clerk)
    others = last_check(reader, replace(office.central_clerk, clearance=False))

    assert cleared is not None and others is not None
    assert (len(cleared.books), len(cleared.problems), cleared.hidden, cleared.lines) == (2, 1, 0, 18)
    assert (len(others.books), len(others.problems), others.hidden, others.lines) == (1, 0, 2, 9)
