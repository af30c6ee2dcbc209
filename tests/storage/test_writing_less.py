"""What is written back is what a deed has changed, and nothing that matters is lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from saraban.domain.attachment import Digest
from saraban.domain.incoming import IncomingLetter, IncomingState
from tests.builders import NOW, StaffedAgency, an_incoming_letter
from tests.storage.conftest import NewUow
from tests.storage.test_claims import a_statement


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
