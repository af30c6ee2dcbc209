"""Asking for a comparison and mending what it found: who may, what is refused, and what is written down."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken
from saraban.domain.reconciliation import ReceivingNumber, ReconcileAnswer, ReconcileItem, ReconcileRequest
from saraban.exchange.envelope import OutboxKind
from saraban.exchange.reconcile import answer_bytes, lists_as_json, read_reconcile, request_bytes
from saraban.storage.tables.closing import reconciliations
from saraban.storage.tables.exchange import outbox, statements
from saraban.usecases import delivering, disputing, reconciling
from saraban.usecases.mailing import SendOutcome, SendResult
from saraban.usecases.registry import Reconciliation
from tests.builders import TODAY, a_correspondent, an_actor
from tests.usecases.house import House


@pytest.fixture(autouse=True)
def both_take_part(house: House) -> None:
    """The directory says of both agencies that they compare."""
    able = {"saraban": 1, "reconcile": 1}
    house.publish(
        *(a_correspondent(s.agency.code, name=s.agency.name, capabilities=able) for s in (house.ours, house.theirs))
    )


def ask(house: House, **more: Any) -> Reconciliation:
    """Our central clerk asks dopa about this month."""
    values: dict[str, Any] = {
        "actor": central(house), "other_code": "dopa", "since": TODAY.replace(day=1), "until": TODAY
    }  # fmt: skip
    return reconciling.ask_to_reconcile(house.office, **values | more)


def central(house: House) -> Any:
    """A clerk of the central unit."""
    return replace(house.ours["clerk"], central=True)


def answered(house: House, ours: tuple[ReconcileItem, ...], theirs: tuple[ReconcileItem, ...]) -> Reconciliation:
    """A comparison whose answer lists these as received from us, beside these that we sent."""
    one = ask(house)
    answer = ReconcileAnswer(
        uuid4(), one.request_id, "dopa", "saraban@dopa.example", "onep", "saraban@onep.example",
        house.clock.now() + timedelta(hours=1), one.since, one.until, received=theirs,
    )  # fmt: skip
    with house.office.uow() as uow:
        kept = uow.reconciliations.get(one.agency_id, one.id)
        kept.answer, kept.own = json.loads(answer_bytes(answer)), lists_as_json(ours, [])
        kept.answered_at, kept.owes = house.clock.now(), ""
        uow.reconciliations.save(kept)
        uow.commit()
    return one


def a_sent_item(house: House, **more: Any) -> ReconcileItem:
    """A dispatch of ours that is composed, as our list has it."""
    from saraban.usecases.dispatching import compose_next

    house.dispatched()
    compose_next(house.office)
    with house.office.uow() as uow:
        items = uow.reconciliations.sent_to(house.ours.agency.id, "dopa", TODAY, TODAY)
    return replace(items[-1], **more)


def test_a_request_is_written_down_whole_and_sealed_later(house: House) -> None:
    one = ask(house)

    [row] = house.rows(reconciliations)
    assert (row.id, row.owes, row.ours, row.answer) == (one.id, "request", True, None)
    read = read_reconcile(json.dumps(row.request).encode())
    assert isinstance(read, ReconcileRequest) and (read.to_code, read.since) == ("dopa", one.since)
    assert house.rows(outbox) == []
    [told] = house.told("reconciliation.asked")
    assert "dopa" in str(told)

    assert reconciling.seal_reconciliations(house.office) == 1
    assert reconciling.seal_reconciliations(house.office) == 0
    [waiting] = house.rows(outbox)
    assert (waiting.kind, waiting.ref, waiting.state) == (OutboxKind.RECONCILE, one.request_id, "queued")
    assert request_bytes(read) and one.request_sha256.hex == row.request_sha256.hex


@pytest.mark.parametrize("who", ["clerk", "director", "head"])
def test_others_than_central_clerks_and_records_officers_may_not(house: House, who: str) -> None:
    with pytest.raises(NotPermitted):
        ask(house, actor=replace(house.ours[who], central=who != "clerk"))
    assert house.rows(reconciliations) == []


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (TODAY, TODAY - timedelta(1), "until"),
        (TODAY - timedelta(366), TODAY, "until"),
        (TODAY + timedelta(1), TODAY + timedelta(2), "since"),
    ],
)
def test_a_period_that_is_none_is_refused_beside_its_field(house: House, since: date, until: date, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        ask(house, since=since, until=until)
    assert list(refused.value.fields) == [field]


def test_a_period_of_366_days_is_the_longest(house: House) -> None:
    assert ask(house, since=TODAY - timedelta(365)).since == TODAY - timedelta(365)


def test_an_agency_without_a_seal_is_told_who_can_help(house: House) -> None:
    shutil.rmtree(house.keys_folder / "onep")
    with pytest.raises(RuleBroken, match="ติดต่อผู้ดูแลระบบ"):
        ask(house)


def test_more_than_twenty_four_a_day_are_not_asked(house: House) -> None:
    for _ in range(24):
        ask(house)
    with pytest.raises(RuleBroken, match="ครบ ๒๔ ครั้ง"):
        ask(house)
    house.clock.pass_by(timedelta(hours=25))
    ask(house)


def test_one_agency_that_cannot_seal_does_not_keep_the_others_waiting(house: House) -> None:
    ask(house)
    other = reconciling.ask_to_reconcile(
        house.office,
        actor=replace(house.theirs["clerk"], central=True),
        other_code="onep",
        since=TODAY,
        until=TODAY,
    )
    shutil.rmtree(house.keys_folder / "onep")

    reconciling.seal_reconciliations(house.office)

    assert [row.ref for row in house.rows(outbox)] == [other.request_id]
    assert sorted(row.owes for row in house.rows(reconciliations)) == ["", "request"]


def test_the_same_bytes_leave_again_after_their_time_had_run_out(house: House) -> None:
    item = a_sent_item(house, state="sent")
    one = answered(house, (item,), ())
    with house.office.uow() as uow:
        dispatch = uow.dispatches.get(house.ours.agency.id, item.dispatch)  # type: ignore[arg-type]
        dispatch.state = type(dispatch.state)("sent")
        uow.dispatches.save(dispatch)
        uow.commit()
    house.clock.pass_by(timedelta(days=9))

    reconciling.send_again(
        house.office, actor=central(house), reconciliation_id=one.id, dispatches=[item.dispatch, item.dispatch]
    )

    [row] = [row for row in house.rows(outbox) if row.ref == item.dispatch]
    assert row.state == "queued" and row.give_up_at > house.clock.now()
    assert len(house.told("dispatch.sent-again")) == 1


def test_what_waits_or_was_recalled_is_not_sent_again(house: House) -> None:
    item = a_sent_item(house)
    one = answered(house, (replace(item, state="sent"),), ())
    with pytest.raises(RuleBroken, match="ยังไม่ได้ส่งหรือเรียกคืนแล้ว"):
        reconciling.send_again(house.office, actor=central(house), reconciliation_id=one.id, dispatches=[item.dispatch])


def test_a_remedy_is_only_for_what_the_comparison_found(house: House) -> None:
    item = a_sent_item(house, state="sent")
    one = answered(house, (item,), (item,))
    for dispatches, error in (([], BadInput), ([uuid4()], NotFound), ([item.dispatch], RuleBroken)):
        for deed in (reconciling.send_again, reconciling.ask_again, disputing.dispute_numbers):
            if deed is disputing.dispute_numbers and not dispatches:
                continue
            with pytest.raises(error):
                deed(house.office, actor=central(house), reconciliation_id=one.id, dispatches=dispatches)  # type: ignore[operator]
    with pytest.raises(NotFound):
        reconciling.send_again(
            house.office,
            actor=an_actor(of=house.theirs.agency, central=True),
            reconciliation_id=one.id,
            dispatches=[item.dispatch],
        )


def test_the_receiver_is_told_once_that_its_number_is_wrong(house: House) -> None:
    item = a_sent_item(house, state="registered", register=ReceivingNumber("5", 2569))
    one = answered(house, (item,), (replace(item, register=ReceivingNumber("7", 2569)),))

    disputing.dispute_numbers(house.office, actor=central(house), reconciliation_id=one.id, dispatches=[item.dispatch])
    with pytest.raises(RuleBroken, match="แจ้งผู้รับแล้ว"):
        disputing.dispute_numbers(
            house.office, actor=central(house), reconciliation_id=one.id, dispatches=[item.dispatch]
        )

    [row] = house.rows(statements)
    payload = json.loads(row.payload)
    assert (payload["step"], payload["of"]) == ("number-wrong", str(item.dispatch))
    assert "๕/๒๕๖๙" in payload["reason"]["text"] and "๗/๒๕๖๙" in payload["reason"]["text"]
    assert len(house.told("dispatch.number-disputed")) == 1


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (SendResult(SendOutcome.ACCEPTED, 250, "ok"), "sent"),
        (SendResult(SendOutcome.TEMPORARY, 451, "later"), "queued"),
        (SendResult(SendOutcome.PERMANENT, 550, "no such mailbox"), "failed"),
    ],
)
def test_a_request_in_the_outbox_settles_by_what_the_relay_says(house: House, result: SendResult, state: str) -> None:
    class Relay:
        def send(self, *_: object) -> SendResult:
            return result

        def close(self) -> None: ...

    ask(house)
    reconciling.seal_reconciliations(house.office)
    delivering.deliver_next(replace(house.office, transport=Relay()))  # type: ignore[arg-type]

    [row] = house.rows(outbox)
    assert row.state == state and result.reply in row.last_reply


def test_a_request_that_waits_too_long_is_given_up(house: House) -> None:
    ask(house)
    reconciling.seal_reconciliations(house.office)
    house.clock.pass_by(timedelta(days=4))
    delivering.deliver_next(house.office)

    [row] = house.rows(outbox)
    assert row.state == "failed" and "พ้นกำหนดเวลา" in row.last_reply


def test_today_is_the_day_of_the_office(house: House) -> None:
    assert office_date(house.clock.now()) == TODAY and isinstance(ask(house).id, UUID)
