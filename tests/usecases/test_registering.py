"""What a clerk does with a letter that came in: register it, send it back, take a held one in."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread
from uuid import uuid4

import pytest

from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, SarabanError, StageNotAllowed
from saraban.domain.incoming import IncomingId, IncomingState
from saraban.domain.receipt import Step
from saraban.storage.tables.exchange import statements
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.registers import entries
from saraban.usecases.registering import Registered, refuse_letter, register_letter, release_letter
from tests.usecases.house import House


def _register(house: House, incoming_id: IncomingId, by: str = "central_clerk") -> Registered:
    return register_letter(house.office, actor=house.ours[by], incoming_id=incoming_id)


def _owed(house: House) -> list[Step]:
    return [row.step for row in house.rows(statements)]


def test_a_registered_letter_has_its_line_its_number_and_its_receipt(house: House) -> None:
    letter = house.incoming()
    registered = _register(house, letter.id)

    assert (registered.number, registered.year) == (1, 2569)
    [line] = house.rows(entries)
    assert (line.serial, line.number, line.sender, line.addressee) == (
        1,
        "มท 0301/77",
        "กรมการปกครอง",
        "เลขาธิการสำนักงาน",
    )
    assert _owed(house) == [Step.REGISTERED]
    assert house.told("incoming.registered")[0]["values"]["number"] == 1


def test_a_letter_is_registered_once_also_when_two_clerks_press_at_once(house: House) -> None:
    letter = house.incoming()
    told: list[object] = []

    def press() -> None:
        try:
            told.append(_register(house, letter.id).number)
        except SarabanError as error:
            told.append(error.code)

    threads = [Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert told.count(1) == 1 and told.count("already-registered") == 2
    assert [row.serial for row in house.rows(entries)] == [1]


def test_the_receiving_number_begins_anew_with_the_year_in_bangkok(house: House) -> None:
    numbers = []
    for moment in (datetime(2026, 12, 31, 16, 59, tzinfo=UTC), datetime(2026, 12, 31, 17, 0, tzinfo=UTC)):
        house.clock.move_to(moment)
        registered = _register(house, house.incoming().id)
        numbers.append((registered.number, registered.year))

    assert numbers == [(1, 2569), (1, 2570)]


@pytest.mark.parametrize(("by", "refusal"), [("head", NotPermitted), ("admin", NotFound), ("records", NotFound)])
def test_only_clerks_register(house: House, by: str, refusal: type[Exception]) -> None:
    letter = house.incoming()
    with pytest.raises(refusal):
        _register(house, letter.id, by)

    assert house.rows(entries) == []


def test_the_clerk_of_another_unit_or_agency_does_not_see_the_letter(house: House) -> None:
    letter = house.incoming()
    with pytest.raises(NotFound):
        _register(house, letter.id, "clerk")
    with pytest.raises(NotFound):
        register_letter(house.office, actor=house.theirs["central_clerk"], incoming_id=letter.id)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (IncomingState.HELD, "held"),
        (IncomingState.REFUSED, "state-not-allowed"),
        (IncomingState.SUPERSEDED, "state-not-allowed"),
    ],
)
def test_what_does_not_wait_for_a_number_gets_none(house: House, state: IncomingState, code: str) -> None:
    letter = house.incoming(state=state)
    with pytest.raises(StageNotAllowed) as refused:
        _register(house, letter.id)

    assert refused.value.code == code
    assert house.rows(entries) == []
    assert _register(house, house.incoming().id).number == 1


def test_ordinary_mail_and_senders_under_another_mailbox_are_registered_without_a_receipt(house: House) -> None:
    _register(house, house.incoming(dispatch_id=None, manifest_sha256="").id)
    _register(house, house.incoming(from_mailbox="somebody@dopa.example").id)
    house.publish(without="dopa")
    _register(house, house.incoming().id)

    assert len(house.rows(entries)) == 3
    assert _owed(house) == []


def test_the_subject_of_a_classified_letter_cannot_be_searched_for(house: House) -> None:
    _register(house, house.incoming(secrecy=Secrecy.SECRET, subject="เรื่องลับ").id)

    assert house.rows(entries)[0].search_text == ""


def test_a_refused_letter_goes_back_with_its_reason(house: House) -> None:
    letter = house.incoming()
    refuse_letter(
        house.office, actor=house.ours["central_clerk"], incoming_id=letter.id, code="not-addressee", text=" ส่งผิดกรม "
    )

    assert _owed(house) == [Step.REFUSED]
    [row] = house.rows(incoming)
    assert (row.state, row.refused_code, row.refused_text) == (IncomingState.REFUSED, "not-addressee", "ส่งผิดกรม")


@pytest.mark.parametrize(
    ("code", "text", "field"), [("no-such", "", "code"), ("other", "  ", "text"), ("other", "ก" * 1001, "text")]
)
def test_a_refusal_needs_a_reason_of_the_list_and_words(house: House, code: str, text: str, field: str) -> None:
    letter = house.incoming()
    with pytest.raises(BadInput) as refused:
        refuse_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id, code=code, text=text)

    assert list(refused.value.fields) == [field]
    assert _owed(house) == []


def test_a_registered_letter_is_not_refused(house: House) -> None:
    letter = house.incoming()
    _register(house, letter.id)
    with pytest.raises(StageNotAllowed):
        refuse_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id, code="not-addressee")


def _release(house: House, incoming_id: IncomingId, reason: str = "ตรวจสอบทางโทรศัพท์แล้ว") -> None:
    release_letter(house.office, actor=house.ours["central_clerk"], incoming_id=incoming_id, reason=reason)


def test_a_released_letter_can_be_registered_and_its_sender_hears_that_it_came(house: House) -> None:
    letter = house.incoming(state=IncomingState.HELD)
    _release(house, letter.id)
    _register(house, letter.id)

    assert _owed(house) == [Step.RECEIVED, Step.REGISTERED]
    assert house.told("incoming.released")[0]["values"]["reason"] == "ตรวจสอบทางโทรศัพท์แล้ว"


def test_a_release_needs_a_reason_and_a_held_letter(house: House) -> None:
    with pytest.raises(BadInput):
        _release(house, house.incoming(state=IncomingState.HELD).id, " ")
    with pytest.raises(StageNotAllowed):
        _release(house, house.incoming().id)


def test_what_was_answered_invalid_is_not_released(house: House) -> None:
    letter = house.incoming(state=IncomingState.HELD, answered_invalid=True)
    with pytest.raises(StageNotAllowed) as refused:
        _release(house, letter.id)

    assert refused.value.code == "answered-invalid"


def test_a_held_copy_of_a_letter_that_is_in_is_not_released(house: House) -> None:
    dispatch_id = uuid4()
    first = house.incoming(dispatch_id=dispatch_id)
    copy = house.incoming(dispatch_id=dispatch_id, state=IncomingState.HELD)
    _register(house, first.id)
    with pytest.raises(RuleBroken) as refused:
        _release(house, copy.id)

    assert refused.value.code == "duplicate"
