"""The figures of the report to the OPDC, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, update

from saraban.domain.book import BookKind
from saraban.domain.dispatch import DispatchState, Evidence, EvidenceKind
from saraban.domain.errors import NotFound, NotPermitted
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import Letter, LetterState
from saraban.domain.progress import Period, Traffic
from saraban.domain.register import EntryState, Origin
from saraban.reading.progress import Report, report
from saraban.storage.tables.exchange import dispatches
from saraban.storage.tables.letters import letters
from saraban.storage.tables.registers import entries
from tests.reading.office import NOW, Office, open_office

YEAR = Period(2570)
NOVEMBER = 1
MONTH = 30 * 24 * 60


def _sent(office: Office, minutes: int, *, pages: int = 2, **more: Any) -> Letter:
    letter = office.letter(state=LetterState.DISPATCHED, number="ทส 1/1", minutes=minutes)
    with office.engine.begin() as connection:
        at = NOW + timedelta(minutes=minutes)
        connection.execute(update(letters).where(letters.c.id == letter.id).values(issued_at=at, pages=pages))
    states = {"state": DispatchState.SENT, "created_at": NOW + timedelta(minutes=minutes)}
    for code, registered in more.items():
        dispatch = office.dispatch(letter, code, **states)
        if registered is not None:
            with office.uow() as uow:
                shown = Evidence(
                    id=uuid4(),
                    agency_id=office.agency.id,
                    dispatch_id=dispatch.id,
                    step="registered",
                    kind=EvidenceKind.RECEIPT,
                    at=dispatch.created_at + timedelta(minutes=registered),
                    noted_at=NOW,
                )
                uow.dispatches.note(shown)
                uow.commit()
    return letter


@pytest.fixture
def busy(office: Office) -> Office:
    """November and, a month earlier, October: letters by the system to two agencies, by mail, on paper; what came."""
    _sent(office, 0, moi=10, moe=95)
    _sent(office, 60, pages=5, mof=None)
    _sent(office, -MONTH, moi=2 * 24 * 60)
    outside = _sent(office, 0)
    by_mail = office.dispatch(outside, "x", state=DispatchState.SENT)
    with office.engine.begin() as connection:
        connection.execute(update(dispatches).where(dispatches.c.id == by_mail.id).values(speaks_saraban=False))
    office.dispatch(outside, "waits", state=DispatchState.QUEUED)
    paper = office.letter(state=LetterState.ISSUED, number="ทส 1/2", recipients=())
    lines = [office.entry(), office.entry(), office.entry(state=EntryState.VOID)]
    lines.append(office.entry(kind=BookKind.RECEIVING, unit=office.central))
    before = office.entry(kind=BookKind.RECEIVING)
    with office.engine.begin() as connection:
        connection.execute(update(letters).where(letters.c.id == paper.id).values(issued_at=NOW))
        found = entries.c.id.in_([one.id for one in lines])
        connection.execute(update(entries).where(found).values(origin=Origin.PAPER))
        connection.execute(update(entries).where(entries.c.id == before.id).values(origin=Origin.BEFORE))
    registered = {"state": IncomingState.REGISTERED, "registered_at": NOW + timedelta(minutes=30)}
    office.incoming(**registered)
    office.incoming(unit=office.legal)
    office.incoming(ordinary=True, minutes=-MONTH)
    office.incoming(state=IncomingState.HELD)
    other = open_office(office.engine, "dopa")
    _sent(other, 0, moi=1)
    return office


def test_letters_are_counted_by_way_month_and_unit(busy: Office, reader: Connection) -> None:
    found = report(reader, busy.records, YEAR, NOW)

    october, november = found.months[0].traffic, found.months[NOVEMBER].traffic
    assert october == Traffic(sent_system=1, received_mail=1, pages=2)
    assert november == Traffic(
        sent_system=3, sent_mail=1, sent_paper=3, received_system=2, received_paper=1, pages=2 + 2 + 5 + 2
    )
    assert found.total.traffic == october + november
    assert all(row.traffic == Traffic() for row in found.months[2:])
    by_unit = {row.name: row.traffic for row in found.units}
    assert by_unit["สำนักงานเลขานุการกรม"] == Traffic(received_system=1, received_mail=1, received_paper=1)
    assert by_unit["กองกฎหมาย"] == Traffic(sent_system=4, sent_mail=1, sent_paper=3, received_system=1, pages=13)


def test_medians_are_those_of_signed_times_of_the_receivers_and_of_our_own(busy: Office, reader: Connection) -> None:
    found = report(reader, busy.records, YEAR, NOW)

    assert [(row.times.sent, row.times.sent_of) for row in found.months[:2]] == [(2880, 1), (10, 2)]
    assert (found.total.times.sent, found.total.times.received) == (95, 30)


def test_what_is_issued_and_saved_is_told_by_month(busy: Office, reader: Connection) -> None:
    found = report(reader, busy.records, YEAR, NOW)

    assert [(one.code, one.numbers[:3], one.total) for one in found.documents] == [("external", (1, 4, 0), 5)]
    assert found.pages_saved == 13 and found.copies[0].total == 0


def test_the_report_of_a_unit_has_nothing_of_others(busy: Office, reader: Connection) -> None:
    found = report(reader, busy.director, YEAR, NOW, busy.legal.id)

    assert found.unit_name == "กองกฎหมาย" and [row.name for row in found.units] == ["กองกฎหมาย"]
    assert found.total.traffic == Traffic(sent_system=4, sent_mail=1, sent_paper=3, received_system=1, pages=13)
    assert report(reader, busy.head, YEAR, NOW, busy.central.id).total.traffic.received == 3


def test_only_who_sees_the_board_of_the_agency_sees_its_report(office: Office, reader: Connection) -> None:
    def asks(who: str, unit: Any = None) -> Report:
        return report(reader, getattr(office, who), YEAR, NOW, unit)

    assert [asks(who).total.traffic for who in ("head", "records")] == [Traffic(), Traffic()]
    for who, unit in (
        ("legal_clerk", None),
        ("central_clerk", None),
        ("director", None),
        ("director", office.central.id),
    ):
        with pytest.raises(NotPermitted):
            asks(who, unit)
    with pytest.raises(NotFound):
        asks("head", uuid4())
