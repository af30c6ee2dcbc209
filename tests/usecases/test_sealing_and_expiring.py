"""What the clock brings: statements sealed, silence stated, half-done work ended."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from uuid import uuid4

import pytest

from saraban.domain.dispatch import Dispatch, DispatchState, Evidence, EvidenceKind
from saraban.domain.letter import LetterState
from saraban.domain.register import BookKind, EntryState
from saraban.storage.tables.exchange import dispatches, evidence, outbox, statements
from saraban.storage.tables.journal import journal
from saraban.storage.tables.registers import entries
from saraban.usecases import dispatching, expiring, registering, sealing
from saraban.usecases.books import AlreadyDone, OnceKey
from saraban.usecases.delivering import deliver_next
from saraban.usecases.mailing import SendOutcome, SendResult
from tests.builders import YEAR, an_entry
from tests.usecases.house import House
from tests.usecases.test_dispatching import Relay


def _remove_seal(house: House, code: str) -> dict[str, bytes]:
    kept = {}
    for path in (house.keys_folder / code).iterdir():
        kept[path.name] = path.read_bytes()
        path.unlink()
    return kept


def a_receipt_evidence(dispatch: Dispatch, at: datetime) -> Evidence:
    """A receipt that says `received`."""
    return Evidence(uuid4(), dispatch.agency_id, dispatch.id, "received", EvidenceKind.RECEIPT, at, at)


def _owe(house: House) -> None:
    letter = house.incoming()
    registering.register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id)


def test_a_statement_that_is_owed_is_sealed_once_and_queued_from_the_null_sender(house: House) -> None:
    _owe(house)

    assert (sealing.seal_next(house.office), sealing.seal_next(house.office)) == (1, 0)
    [message], [statement] = house.rows(outbox), house.rows(statements)
    assert (message.mail_from, message.fallback_from) == ("", "saraban@onep.example")
    assert message.rcpt_to == "saraban@dopa.example"
    raw = house.office.blobs.open(statement.sealed)
    assert b"statement.json" in raw and statement.sealed == message.sha256


def test_a_statement_whose_agency_has_no_seal_waits_until_it_has_one(house: House) -> None:
    _owe(house)
    kept = _remove_seal(house, "onep")
    sealing.seal_next(house.office)
    assert house.rows(outbox) == []

    for name, data in kept.items():
        (house.keys_folder / "onep" / name).write_bytes(data)
    house.clock.pass_by(timedelta(minutes=2))
    sealing.seal_next(house.office)
    assert len(house.rows(outbox)) == 1


def _sent(house: House) -> None:
    house.dispatched()
    dispatching.compose_next(house.office)
    deliver_next(replace(house.office, transport=Relay()))


def test_silence_until_the_end_is_stated_under_our_own_seal(house: House) -> None:
    _sent(house)
    house.clock.pass_by(timedelta(hours=71, minutes=59))
    assert expiring.state_undelivered(house.office) == 0
    house.clock.pass_by(timedelta(minutes=1))

    assert expiring.state_undelivered(house.office) == 1
    assert expiring.state_undelivered(house.office) == 0

    [dispatch] = house.rows(dispatches)
    said = next(row for row in house.rows(evidence) if row.step == "undelivered")
    assert dispatch.state is DispatchState.UNDELIVERED
    assert said.verdict["intact"] and said.verdict["valid"] and said.verdict["trusted"]
    parts = message_from_bytes(house.office.blobs.open(said.raw)).walk()
    statement = next(part for part in parts if part.get_content_type() == "application/json")
    assert json.loads(statement.get_payload(decode=True))["step"] == "undelivered"


def test_a_receipt_that_came_before_the_end_is_not_contradicted(house: House) -> None:
    _sent(house)
    with house.real.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE dispatches SET state = 'received'")
    house.clock.pass_by(timedelta(days=9))

    assert expiring.state_undelivered(house.office) == 0


def test_dispatches_of_an_agency_without_a_seal_do_not_keep_another_agencys_from_being_stated(house: House) -> None:
    for _ in range(3):
        _sent(house)
    _remove_seal(house, "onep")
    with house.real.writing.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE dispatches SET agency_id = ?, expires_at = datetime(expires_at, '+1 hour') "
            "WHERE id = (SELECT max(id) FROM dispatches)",
            (house.theirs.agency.id.hex,),
        )
    house.clock.pass_by(timedelta(hours=80))

    assert [expiring.state_undelivered(house.office, limit=2) for _ in range(2)] == [1, 0]


def test_a_silent_receiver_gets_the_same_bytes_once_more_after_a_day_and_not_again(house: House) -> None:
    _sent(house)
    assert expiring.send_silent_again(house.office) == 0
    house.clock.pass_by(timedelta(hours=24, minutes=1))

    assert (expiring.send_silent_again(house.office), expiring.send_silent_again(house.office)) == (1, 0)
    assert [row.state for row in house.rows(outbox)] == ["queued"]
    assert [row.resends for row in house.rows(dispatches)] == [1]


def _killed_while_signing(house: House):  # type: ignore[no-untyped-def]
    letter_id, head = house.before_the_head(), house.ours["head"]
    with house.office.uow() as uow:
        letter = uow.letters.get(head.agency_id, letter_id)
        book, serial = uow.registers.take(head.agency_id, BookKind.SENDING, None, YEAR)
        number = f"ทส 1002/{serial}"
        uow.registers.enter(
            an_entry(head.agency_id, book, serial, state=EntryState.RESERVED, subject_of=letter_id, number=number)
        )
        uow.record(letter.begin_signing(by=head, number=number, on=letter.created_at.date(), at=house.clock.now()))
        uow.letters.save(letter)
        uow.commit()
    return letter_id


def test_a_letter_whose_signing_was_killed_goes_back_before_its_signatory_with_its_number(house: House) -> None:
    letter_id = _killed_while_signing(house)
    house.clock.pass_by(timedelta(minutes=9))
    assert expiring.end_stuck_signings(house.office) == 0
    house.clock.pass_by(timedelta(minutes=2))

    assert expiring.end_stuck_signings(house.office) == 1
    assert house.letter(letter_id).state is LetterState.ENDORSED
    assert house.sign(letter_id).number == "ทส 1002/1"


@pytest.mark.parametrize(("hours", "voided"), [(14, 0), (15, 1)])
def test_a_number_without_a_letter_of_its_day_is_voided_after_midnight_in_bangkok(
    house: House, hours: int, voided: int
) -> None:
    _killed_while_signing(house)  # at 09:30 in Bangkok
    house.clock.pass_by(timedelta(hours=hours))

    assert expiring.void_stale_numbers(house.office) == voided
    [line] = house.rows(entries)
    assert line.state is (EntryState.VOID if voided else EntryState.RESERVED)
    assert bool(line.void_reason and line.void_authority) is bool(voided)


def test_a_key_is_remembered_for_a_week_and_then_forgotten(house: House) -> None:
    key = house.office.once(OnceKey("person:1", "key", "fingerprint"))
    with key() as uow:
        uow.commit()
    house.clock.pass_by(timedelta(days=7))
    expiring.forget_old_keys(house.office)
    with pytest.raises(AlreadyDone), key():
        pass

    house.clock.pass_by(timedelta(seconds=1))
    expiring.forget_old_keys(house.office)
    with key() as uow:
        uow.commit()


def _time_goes(house: House, hours: float) -> list[str]:
    """The warnings after this time, and what each dispatch's problem says."""
    house.clock.pass_by(timedelta(hours=hours))
    expiring.warn_of_silence(house.office)
    return [row.problem for row in house.rows(dispatches)]


def test_people_are_told_at_half_and_at_nine_tenths_of_the_time_and_once_each(house: House) -> None:
    house.dispatched()

    early, half, between = _time_goes(house, 35), _time_goes(house, 2), _time_goes(house, 2)
    late = _time_goes(house, 26)
    told = expiring.warn_of_silence(house.office)

    assert early == [""] and "ครึ่งเวลา" in half[0] and between == half
    assert "หนึ่งในสิบ" in late[0] and "ครึ่งเวลา" not in late[0] and told == 0
    assert [row.name for row in house.rows(journal)].count("dispatch.runs-out") == 2


def test_an_answer_takes_the_warning_away_and_is_warned_of_no_more(house: House) -> None:
    house.dispatched()
    dispatching.compose_next(house.office)
    _time_goes(house, 37)
    [row] = house.rows(dispatches)
    with house.office.uow() as uow:
        dispatch = uow.dispatches.get(row.agency_id, row.id)
        uow.dispatches.note(a_receipt_evidence(dispatch, house.clock.now()))
        dispatch.climb(uow.dispatches.evidence(dispatch))
        uow.dispatches.save(dispatch)
        uow.commit()

    assert _time_goes(house, 30) == [""]


def test_the_statement_of_silence_says_what_kept_it_and_not_the_warning(house: House) -> None:
    house.dispatched()
    dispatching.compose_next(house.office)
    deliver_next(replace(house.office, transport=Relay(SendResult(SendOutcome.TEMPORARY, 451, "4.7.1 greylisted"))))
    _time_goes(house, 66)
    house.clock.pass_by(timedelta(hours=7))
    expiring.state_undelivered(house.office)

    [row] = [row for row in house.rows(evidence) if row.step == "undelivered"]
    assert "รอส่งอีกครั้ง" in row.text and "โทรสอบถาม" not in row.text
    assert "โทรสอบถาม" not in house.rows(dispatches)[0].problem
