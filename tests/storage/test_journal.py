"""The journal's chain: it holds under threads, and nobody changes, drops or moves a line unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent, LetterDrafted, LetterReturned
from saraban.storage.journal import JournalAudit, link
from saraban.storage.tables.journal import journal
from tests.builders import NOW, StaffedAgency, a_staffed_agency
from tests.storage.conftest import NewUow
from tests.storage.fighting import side_by_side


def _drafted(by: Actor, line: str = "ขอเชิญประชุม") -> DomainEvent:
    return LetterDrafted(at=NOW, by=by, letter_id=uuid4(), subject_line=line)


def _write(new_uow: NewUow, *events: DomainEvent) -> None:
    with new_uow() as uow:
        for event in events:
            uow.record(event)
        uow.commit()


@pytest.fixture
def audit(engine: Engine) -> JournalAudit:
    """Who checks the chains."""
    return JournalAudit(engine)


@pytest.fixture
def written(new_uow: NewUow, office: StaffedAgency) -> StaffedAgency:
    """An agency whose journal has five lines."""
    clerk = office["clerk"]
    events = [_drafted(clerk, f"เรื่องที่ {n}") for n in range(4)]
    _write(new_uow, *events)
    _write(
        new_uow,
        LetterReturned(at=NOW, by=office["head"], letter_id=uuid4(), reason="แก้คำผิด", content=Digest.of(b"x")),
    )
    return office


def _tamper(engine: Engine, statement: str, **values: object) -> None:
    with engine.connect() as connection, connection.begin():
        assert connection.execute(text(statement), values).rowcount > 0


@pytest.mark.torture
def test_a_chain_that_eight_threads_write_is_whole_and_complete(
    new_uow: NewUow, office: StaffedAgency, audit: JournalAudit, rounds: Callable[[int, int], int]
) -> None:
    each = rounds(5, 40)

    def write(_: int) -> None:
        for n in range(each):
            _write(new_uow, _drafted(office["clerk"], f"เรื่อง {n}"), _drafted(office["clerk"]))

    side_by_side(8, write)

    assert audit.length(office.agency.id) == 8 * each * 2
    assert audit.breaks(office.agency.id) == []


def test_two_agencies_that_write_in_one_transaction_from_both_sides_do_not_lock_each_other_out(
    new_uow: NewUow, office: StaffedAgency, audit: JournalAudit
) -> None:
    other = a_staffed_agency("dopa")
    other.move_in(new_uow())
    pair = (office["clerk"], other["clerk"])

    def write(thread: int) -> None:
        for _ in range(5):
            first, second = pair if thread % 2 else pair[::-1]
            _write(new_uow, _drafted(first), _drafted(second))

    side_by_side(4, write)

    assert [audit.length(a.agency.id) for a in (office, other)] == [20, 20]
    assert audit.breaks(office.agency.id) == audit.breaks(other.agency.id) == []


def test_an_event_of_a_transaction_that_was_not_committed_leaves_no_line(
    new_uow: NewUow, office: StaffedAgency, audit: JournalAudit
) -> None:
    with new_uow() as uow:
        uow.record(_drafted(office["clerk"]))

    assert audit.length(office.agency.id) == 0


def test_a_line_tells_who_what_and_when_in_its_own_text(engine: Engine, written: StaffedAgency) -> None:
    with engine.connect() as connection:
        row = connection.execute(select(journal).where(journal.c.seq == 5)).one()

    told = json.loads(row.text)
    assert told["event"] == row.name == "letter.returned"
    assert told["by"]["name"] == "นางปราณี มีสุข"
    assert told["values"]["reason"] == "แก้คำผิด"
    assert told["at"] == "2026-11-23T02:30:00+00:00"
    assert row.subject is not None and told["values"]["letter_id"] == str(row.subject)


TAMPERINGS = {
    "text": "UPDATE journal SET text = replace(text, 'เรื่องที่ 2', 'เรื่องที่ 9') WHERE seq = 3",
    "text that is no JSON": "UPDATE journal SET text = 'ไม่มี' WHERE seq = 3",
    "text that is a list": "UPDATE journal SET text = '[]' WHERE seq = 3",
    "digest": "UPDATE journal SET digest = :digest WHERE seq = 3",
    "digest that is none": "UPDATE journal SET digest = 'x' WHERE seq = 3",
    "name": "UPDATE journal SET name = 'letter.withdrawn' WHERE seq = 3",
    "moment": "UPDATE journal SET at = :later WHERE seq = 3",
    "subject": "UPDATE journal SET subject = :other WHERE seq = 3",
    "subject taken away": "UPDATE journal SET subject = NULL WHERE seq = 3",
    "number": "UPDATE journal SET seq = 77 WHERE seq = 3",
    "first line gone": "DELETE FROM journal WHERE seq = 1",
    "line gone": "DELETE FROM journal WHERE seq = 3",
    "last line gone": "DELETE FROM journal WHERE seq = 5",
    "everything gone": "DELETE FROM journal",
    "head's number": "UPDATE journal_heads SET seq = 4",
    "head's digest": "UPDATE journal_heads SET digest = :digest",
    "head's digest that is none": "UPDATE journal_heads SET digest = 'x'",
    "head gone": "DELETE FROM journal_heads",
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found(
    what: str, engine: Engine, database_kind: str, written: StaffedAgency, audit: JournalAudit
) -> None:
    assert audit.breaks(written.agency.id) == []
    values = {
        "digest": Digest.of(b"forged").hex,
        "later": str(NOW + timedelta(days=1)).removesuffix("+00:00")
        if database_kind == "sqlite"
        else NOW + timedelta(days=1),
        "other": uuid4().hex if database_kind == "sqlite" else uuid4(),
    }
    statement = TAMPERINGS[what]

    _tamper(engine, statement, **{name: value for name, value in values.items() if f":{name}" in statement})

    assert audit.breaks(written.agency.id) != []


@pytest.mark.parametrize("seq", range(1, 6))
def test_a_changed_line_is_named_wherever_it_stands(
    seq: int, engine: Engine, written: StaffedAgency, audit: JournalAudit
) -> None:
    _tamper(engine, "UPDATE journal SET text = replace(text, '2026', '2025') WHERE seq = :seq", seq=seq)

    assert {line.seq for line in audit.breaks(written.agency.id)} == {seq}


def test_a_line_moved_into_another_agencys_journal_is_found_in_both(
    engine: Engine, database_kind: str, new_uow: NewUow, written: StaffedAgency, audit: JournalAudit
) -> None:
    other = a_staffed_agency("dopa")
    other.move_in(new_uow())
    to = other.agency.id.hex if database_kind == "sqlite" else other.agency.id

    _tamper(engine, "UPDATE journal SET agency_id = :to WHERE seq = 1", to=to)

    assert audit.breaks(written.agency.id) != []
    assert audit.breaks(other.agency.id) != []


def test_a_line_forged_with_a_fitting_digest_does_not_fit_the_next_one(
    engine: Engine, written: StaffedAgency, audit: JournalAudit
) -> None:
    with engine.connect() as connection:
        lines = connection.execute(select(journal.c.text, journal.c.digest).order_by(journal.c.seq)).all()
    forged = lines[2].text.replace("เรื่องที่ 2", "เรื่องที่ 9")
    digest = link(lines[1].digest, forged)

    _tamper(
        engine, "UPDATE journal SET text = :forged, digest = :digest WHERE seq = 3", forged=forged, digest=digest.hex
    )

    assert [line.seq for line in audit.breaks(written.agency.id)] == [4]


def test_the_words_of_a_break_are_for_people(engine: Engine, written: StaffedAgency, audit: JournalAudit) -> None:
    _tamper(engine, "DELETE FROM journal WHERE seq = 2")

    assert [(line.seq, line.reason) for line in audit.breaks(written.agency.id)] == [
        (2, "ขาดรายการก่อนลำดับ 3 จึงตรวจลำดับ 3 กับรายการก่อนหน้าไม่ได้")
    ], "the next line was not altered, and nobody says so"
