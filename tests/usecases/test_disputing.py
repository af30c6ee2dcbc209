"""A sender questions our receiving number: what the clerk's answer says, with which bytes, and who may give it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import update

from saraban.domain.dispatch import Dispatch, DispatchId, DispatchState
from saraban.domain.errors import NotFound, NotPermitted, RuleBroken, SarabanError, StageNotAllowed
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.receipt import Step
from saraban.domain.register import EntryId
from saraban.storage.tables.exchange import dispatches, outbox, statements
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.registers import entries
from saraban.usecases.amending import void_number
from saraban.usecases.books import UnitOfWork
from saraban.usecases.dispatching import compose_next
from saraban.usecases.disputing import NumberTold, question_number, tell_number_again
from saraban.usecases.registering import register_letter
from saraban.usecases.resending import stop_sending
from saraban.usecases.sealing import seal_next
from tests.builders import evidence
from tests.usecases.house import House


def tell(house: House, question: IncomingLetter, by: str = "central_clerk") -> NumberTold:
    """Our clerk presses the button."""
    return tell_number_again(house.office, actor=house.ours[by], incoming_id=question.id)


def registered(house: House, *, sealed: bool = True, **more: Any) -> IncomingLetter:
    """A letter with number 1 in our register, whose receipt has left."""
    letter = house.incoming(**more)
    register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id)
    if sealed:
        seal_next(house.office)
        with house.real.writing.begin() as connection:
            connection.execute(update(outbox).values(state="sent"))
    return letter


def questioned(house: House, letter: IncomingLetter, **more: Any) -> IncomingLetter:
    """The question of its sender, which waits for a person."""
    plain = {"dispatch_id": None, "manifest_sha256": "", "state": IncomingState.HELD}
    return house.incoming(about=letter.id, **plain | more)


def said_wrongly(house: House, number: str) -> None:
    """Behind our back, the receipt that was given names another number."""
    [row] = house.rows(statements)
    payload = json.loads(row.payload)
    payload["register"]["number"] = number
    with house.real.writing.begin() as connection:
        connection.execute(update(statements).values(payload=json.dumps(payload, ensure_ascii=False)))


def stands(house: House, letter: IncomingLetter) -> IncomingLetter:
    """The letter as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.incoming.get(letter.agency_id, letter.id)


def test_a_number_that_was_said_rightly_goes_again_with_the_same_bytes(house: House) -> None:
    question = questioned(house, registered(house))
    [before] = house.rows(outbox)
    house.clock.pass_by(timedelta(days=40))

    assert tell(house, question) == NumberTold(1, 2569)

    [after] = house.rows(outbox)
    assert (after.state, after.ref, after.segments, after.sha256) == (
        "queued", before.ref, before.segments, before.sha256
    )  # fmt: skip
    assert after.give_up_at > house.clock.now()
    assert len(house.rows(statements)) == 1


def test_a_receipt_that_is_not_sealed_yet_is_not_given_twice(house: House) -> None:
    tell(house, questioned(house, registered(house, sealed=False)))

    assert len(house.rows(statements)) == 1 and house.rows(outbox) == []


def test_who_was_told_two_numbers_is_answered_by_a_later_receipt_and_not_by_one_that_he_has(house: House) -> None:
    letter = registered(house)
    said_wrongly(house, "77")
    house.clock.pass_by(timedelta(hours=1))
    tell(house, questioned(house, letter))
    seal_next(house.office)
    house.clock.pass_by(timedelta(hours=1))
    asked_at = house.clock.now()

    assert tell(house, questioned(house, letter)) == NumberTold(1, 2569)

    said = [json.loads(row.payload) for row in sorted(house.rows(statements), key=lambda row: row.made_at)]
    assert [one["register"]["number"] for one in said] == ["77", "1", "1"]
    assert datetime.fromisoformat(said[-1]["at"]) >= asked_at


def test_a_number_that_was_said_wrongly_needs_a_new_statement_with_that_of_the_register(house: House) -> None:
    letter = registered(house)
    said_wrongly(house, "77")
    question = questioned(house, letter)
    house.clock.pass_by(timedelta(hours=3))

    assert tell(house, question) == NumberTold(1, 2569)

    first, second = sorted(house.rows(statements), key=lambda row: row.made_at)
    was, now = json.loads(first.payload), json.loads(second.payload)
    assert (second.step, second.sealed, second.incoming_id) == (Step.REGISTERED, None, letter.id)
    assert now["register"] == was["register"] | {"number": "1"}
    assert (now["of"], now["manifest_sha256"]) == (was["of"], was["manifest_sha256"])
    assert now["id"] != was["id"] and now["at"] > was["at"]
    assert [row.state for row in house.rows(outbox)] == ["sent"], "the wrong one does not go again"


def test_a_receipt_that_was_never_given_is_given_now(house: House) -> None:
    house.publish(without="dopa")
    letter = registered(house)
    house.publish()
    question = questioned(house, letter)

    tell(house, question)

    [row] = house.rows(statements)
    register = json.loads(row.payload)["register"]
    assert (register["number"], register["year"], register["by"]) == ("1", 2569, house.ours["central_clerk"].name)


def test_the_register_counts_and_the_letter_says_the_same_afterwards(house: House) -> None:
    letter = registered(house)
    with house.real.writing.begin() as connection:
        connection.execute(update(incoming).where(incoming.c.id == letter.id).values(register_number=77))

    assert tell(house, questioned(house, letter)).number == 1

    assert stands(house, letter).register_number == 1
    assert stands(house, letter).state is IncomingState.REGISTERED
    assert len(house.rows(statements)) == 1


def test_the_question_is_settled_once_and_both_histories_tell(house: House) -> None:
    letter = registered(house)
    question = questioned(house, letter)
    tell(house, question)

    assert stands(house, question).state is IncomingState.ANSWERED
    told = house.told("incoming.number-told-again")
    assert {one["values"]["incoming_id"] for one in told} == {str(letter.id), str(question.id)}
    assert {(one["values"]["number"], one["values"]["year"]) for one in told} == {(1, 2569)}
    with pytest.raises(StageNotAllowed, match="แจ้งเลขทะเบียนอีกครั้งแล้ว"):
        tell(house, question)
    assert len(house.told("incoming.number-told-again")) == 2


def test_a_letter_asks_nothing(house: House) -> None:
    with pytest.raises(StageNotAllowed, match="ไม่ได้ถามถึงเลขทะเบียนรับ"):
        tell(house, registered(house))


def test_a_void_number_is_not_told(house: House) -> None:
    question = questioned(house, registered(house))
    [line] = house.rows(entries)
    void_number(
        house.office, actor=house.ours["central_clerk"], entry_id=EntryId(line.id), reason="ลงซ้ำ", authority="คำสั่ง"
    )

    with pytest.raises(RuleBroken) as refused:
        tell(house, question)

    assert refused.value.code == "number-void"
    assert stands(house, question).state is IncomingState.HELD
    assert [row.state for row in house.rows(outbox)] == ["sent"]


def test_a_sender_whose_mailbox_the_directory_no_longer_names_gets_no_new_statement(house: House) -> None:
    question = questioned(house, registered(house))
    said_wrongly(house, "77")
    house.publish(without="dopa")

    with pytest.raises(RuleBroken) as refused:
        tell(house, question)

    assert refused.value.code == "sender-unknown"
    assert stands(house, question).state is IncomingState.HELD and len(house.rows(statements)) == 1


@pytest.mark.parametrize(("by", "refusal"), [("head", NotPermitted), ("records", NotFound), ("clerk", NotFound)])
def test_only_the_clerks_of_the_letter_tell(house: House, by: str, refusal: type[SarabanError]) -> None:
    question = questioned(house, registered(house))

    with pytest.raises(refusal):
        tell(house, question, by)
    with pytest.raises(NotFound):
        tell_number_again(house.office, actor=house.theirs["central_clerk"], incoming_id=question.id)

    assert stands(house, question).state is IncomingState.HELD
    assert [row.state for row in house.rows(outbox)] == ["sent"]


def test_two_clerks_who_press_at_once_tell_once(house: House) -> None:
    question = questioned(house, registered(house))
    said_wrongly(house, "77")
    told: list[object] = []

    def press() -> None:
        try:
            told.append(tell(house, question).number)
        except SarabanError as error:
            told.append(error.code)

    threads = [Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(told, key=str) == [1, "answered-already", "answered-already"]
    assert len(house.rows(statements)) == 2


def contradicted(house: House, *numbers: str) -> DispatchId:
    """A letter of ours whose receiver has named these receiving numbers in its receipts, one after another."""
    house.dispatched()
    compose_next(house.office)
    with house.office.uow() as uow:
        dispatch = uow.dispatches.get(house.ours.agency.id, house.rows(dispatches)[0].id)
        say(uow, dispatch, *numbers)
        uow.commit()
    return dispatch.id


def say(uow: UnitOfWork, dispatch: Dispatch, *numbers: str, after: int = 0) -> None:
    """Receipts with these numbers come in."""
    for place, number in enumerate(numbers, start=after):
        statement = {"register": {"number": number, "year": 2569}}
        uow.dispatches.note(evidence(DispatchState.REGISTERED, dispatch, minutes=place, statement=statement))
    dispatch.climb(uow.dispatches.evidence(dispatch))
    uow.dispatches.save(dispatch)


def test_the_receiver_of_two_receipts_that_differ_is_told_once_and_its_answer_settles_it(house: House) -> None:
    clerk = house.ours["clerk"]
    dispatch_id = contradicted(house, "55", "66")
    house.clock.pass_by(timedelta(minutes=10))

    question_number(house.office, actor=clerk, dispatch_id=dispatch_id)
    with pytest.raises(RuleBroken, match="แจ้งผู้รับแล้ว"):
        question_number(house.office, actor=clerk, dispatch_id=dispatch_id)

    [row] = house.rows(statements)
    payload = json.loads(row.payload)
    assert (payload["step"], payload["of"]) == (Step.NUMBER_WRONG.value, str(dispatch_id))
    assert "๕๕/๒๕๖๙" in payload["reason"]["text"] and "๖๖/๒๕๖๙" in payload["reason"]["text"]
    assert len(house.told("dispatch.number-disputed")) == 1
    with house.office.uow() as uow:
        dispatch = uow.dispatches.get(house.ours.agency.id, dispatch_id)
        assert dispatch.contradicted
        say(uow, dispatch, "66", after=15)
        assert not dispatch.contradicted and dispatch.register_number == "66"


@pytest.mark.parametrize("numbers", [(), ("55",), ("55", "55")])
def test_a_receiver_whose_receipts_agree_is_not_told_anything(house: House, numbers: tuple[str, ...]) -> None:
    dispatch_id = contradicted(house, *numbers)

    with pytest.raises(RuleBroken, match="ตรงกัน"):
        question_number(house.office, actor=house.ours["clerk"], dispatch_id=dispatch_id)
    with pytest.raises(NotFound):
        question_number(house.office, actor=house.theirs["clerk"], dispatch_id=dispatch_id)
    with pytest.raises(NotPermitted):
        question_number(house.office, actor=house.ours["head"], dispatch_id=dispatch_id)
    assert house.rows(statements) == []


def test_a_contradiction_may_be_closed_with_a_reason_and_what_agrees_may_not(house: House) -> None:
    dispatch_id = contradicted(house, "55", "66")

    stop_sending(house.office, actor=house.ours["clerk"], dispatch_id=dispatch_id, reason="โทรถามแล้ว เลข ๖๖ ถูกต้อง")

    [row] = house.rows(dispatches)
    assert (row.state, row.closed_for) == (DispatchState.REGISTERED, "โทรถามแล้ว เลข ๖๖ ถูกต้อง")
    with pytest.raises(StageNotAllowed):
        stop_sending(house.office, actor=house.ours["clerk"], dispatch_id=agreed_about(house), reason="ไม่มีเหตุ")


def agreed_about(house: House) -> DispatchId:
    """Another letter, whose receipts agree."""
    before = {row.id for row in house.rows(dispatches)}
    house.dispatched()
    [new] = [row.id for row in house.rows(dispatches) if row.id not in before]
    with house.office.uow() as uow:
        say(uow, uow.dispatches.get(house.ours.agency.id, new), "7")
        uow.commit()
    return DispatchId(new)
