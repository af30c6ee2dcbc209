"""What is written back is what a deed has changed, and nothing that matters is lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from saraban.domain.attachment import Digest
from saraban.domain.dispatch import Dispatch
from saraban.domain.errors import ConcurrentEdit
from saraban.domain.incoming import IncomingLetter, IncomingState
from tests.builders import NOW, StaffedAgency, a_dispatch, a_letter, a_staffed_agency, an_incoming_letter, evidence
from tests.storage.conftest import NewUow
from tests.storage.fighting import side_by_side
from tests.storage.test_claims import a_statement, an_outbox_item


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    """The statements that the engine sends meanwhile."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def _kept(new_uow: NewUow, office: StaffedAgency, **more: Any) -> IncomingLetter:
    letter = an_incoming_letter(agency_id=office.agency.id, unit_id=office.central.id, **more)
    with new_uow() as uow:
        uow.incoming.add(letter)
        uow.commit()
    return letter


def _read_again(new_uow: NewUow, letter: IncomingLetter) -> IncomingLetter:
    with new_uow() as uow:
        return uow.incoming.get(letter.agency_id, letter.id)


def test_a_deed_on_an_incoming_letter_writes_the_columns_that_it_changed(
    new_uow: NewUow, office: StaffedAgency, engine: Engine
) -> None:
    letter = _kept(new_uow, office, text="ข้อความยาว")
    with new_uow() as uow, statements_of(engine) as sent:
        read = uow.incoming.get(letter.agency_id, letter.id)
        read.register(number=7, year=2569, by=office["clerk"], at=NOW)
        uow.incoming.save(read)
        uow.commit()

    (update,) = [statement for statement in sent if statement.startswith("UPDATE incoming")]
    assert "register_number" in update
    assert "mic=" not in update and "text=" not in update
    again = _read_again(new_uow, letter)
    assert (again.state, again.register_number, again.text) == (IncomingState.REGISTERED, 7, "ข้อความยาว")
    assert again.version == letter.version + 1


def test_a_change_inside_a_dictionary_is_written_too(new_uow: NewUow, office: StaffedAgency) -> None:
    letter = _kept(new_uow, office, details={"purpose": "action"})
    with new_uow() as uow:
        read = uow.incoming.get(letter.agency_id, letter.id)
        read.details["purpose"] = "information"
        uow.incoming.save(read)
        uow.commit()

    assert _read_again(new_uow, letter).details == {"purpose": "information"}


def test_a_letter_saved_twice_in_one_transaction_keeps_both_changes(new_uow: NewUow, office: StaffedAgency) -> None:
    letter = _kept(new_uow, office)
    with new_uow() as uow:
        read = uow.incoming.get(letter.agency_id, letter.id)
        read.copies = 3
        uow.incoming.save(read)
        read.copies, read.refused_text = 0, "ไม่ใช่ของเรา"
        uow.incoming.save(read)
        uow.commit()

    again = _read_again(new_uow, letter)
    assert (again.copies, again.refused_text, again.version) == (0, "ไม่ใช่ของเรา", letter.version + 2)


def test_a_statement_that_another_worker_has_sealed_keeps_its_first_message(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    statement = a_statement(office)
    with new_uow() as uow:
        uow.statements.add(statement)
        uow.commit()
    with new_uow() as uow:
        assert uow.statements.sealed(statement.receipt.id, Digest.of(b"first"))
        uow.commit()
    with new_uow() as uow:
        assert not uow.statements.sealed(statement.receipt.id, Digest.of(b"second"))
        uow.commit()

    with new_uow() as uow:
        assert uow.statements.get(office.agency.id, statement.receipt.id).sealed == Digest.of(b"first")


def _sendings(new_uow: NewUow, office: StaffedAgency, how_many: int) -> list[Dispatch]:
    letter = a_letter(office["clerk"])
    made = [a_dispatch(letter) for _ in range(how_many)]
    with new_uow() as uow:
        uow.letters.add(letter)
        uow.dispatches.add(*made)
        uow.commit()
    return made


def test_workers_that_hold_the_same_dispatches_wait_for_each_other_and_lose_nothing(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    ids = [one.id for one in _sendings(new_uow, office, 3)]

    def work(number: int) -> None:
        for _ in range(5):
            with new_uow() as uow:
                held = uow.dispatches.held(office.agency.id, ids if number % 2 else ids[::-1])
                for one in held:
                    one.resends += 1
                uow.dispatches.settle(held)
                uow.commit()

    side_by_side(4, work)
    with new_uow() as uow:
        assert [one.resends for one in uow.dispatches.held(office.agency.id, ids)] == [20, 20, 20]


def test_what_was_read_before_others_settled_it_is_not_written_over_it(new_uow: NewUow, office: StaffedAgency) -> None:
    (sent,) = _sendings(new_uow, office, 1)
    with new_uow() as uow:
        before = uow.dispatches.get(office.agency.id, sent.id)
    with new_uow() as uow:
        held = uow.dispatches.held(office.agency.id, [sent.id])
        uow.dispatches.settle(held)
        uow.commit()
    with new_uow() as uow, pytest.raises(ConcurrentEdit):
        uow.dispatches.save(before)


def test_many_are_settled_with_their_evidence_in_few_statements(
    new_uow: NewUow, office: StaffedAgency, engine: Engine
) -> None:
    made = _sendings(new_uow, office, 9)
    items = [replace(an_outbox_item(office), ref=one.id, manifest=one.id.bytes) for one in made]
    with new_uow() as uow, statements_of(engine) as sent:
        uow.outbox.put_all(items, NOW)
        held = uow.dispatches.held(office.agency.id, [one.id for one in made])
        known = uow.dispatches.evidence_of(held)
        uow.dispatches.settle(held, [evidence("sent", one) for one in held])
        uow.outbox.all_sent([(item, f"250 {place}", NOW) for place, item in enumerate(items)])
        uow.commit()
    assert len([statement for statement in sent if not statement.startswith("BEGIN")]) == 6

    with new_uow() as uow:
        again = uow.dispatches.held(office.agency.id, [one.id for one in made])
        assert {one.version for one in again} == {2}
        assert [known[one.id] for one in again] == [[]] * 9
        assert [len(found) for found in uow.dispatches.evidence_of(again).values()] == [1] * 9
        assert [uow.outbox.manifest(office.agency.id, one.id) for one in made] == [one.id.bytes for one in made]
        assert uow.outbox.manifest(a_staffed_agency("dopa").agency.id, made[0].id) is None
        assert uow.dispatches.held(a_staffed_agency("dopa").agency.id, [made[0].id]) == []
        assert uow.outbox.claim(NOW + timedelta(days=1), timedelta(seconds=60), 9) == []
