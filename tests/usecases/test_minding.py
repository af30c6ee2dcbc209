"""Who sees to a trouble, what is put off, and dead letters: sent once more or stopped, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from saraban.domain.dispatch import Dispatch, DispatchState
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.storage.tables.exchange import dispatches, outbox
from saraban.storage.tables.problems import problem_notes
from saraban.usecases import dispatching, expiring, minding, resending
from saraban.usecases.delivering import deliver_next
from saraban.usecases.mailing import SendOutcome, SendResult
from tests.usecases.house import House

KEY = "mailbox:saraban@onep.example"


class Relay:
    """The port Transport: it answers as it is told, and remembers what it got."""

    def __init__(self) -> None:
        self.answer = SendResult(SendOutcome.PERMANENT, 550, "no such mailbox")
        self.sent: list[str] = []

    def send(self, _code: str, envelope: object, _blob: object) -> SendResult:
        """Answer."""
        self.sent.append(envelope.sha256.hex)  # type: ignore[attr-defined]  # an Envelope
        return self.answer

    def close(self) -> None:
        """Nothing to close."""


def with_relay(house: House) -> tuple[House, Relay]:
    """The house, whose relay is a stand-in."""
    relay = Relay()
    real = replace(house.real, services=replace(house.office, transport=relay))
    return House(real, house.ours, house.theirs, house.clock), relay


def note(house: House) -> object:
    """What was said about our card; there is one at most."""
    found = house.rows(problem_notes)
    assert len(found) <= 1
    return found[0] if found else None


def test_a_card_is_taken_handed_on_put_off_and_brought_back(either_house: House) -> None:
    house = either_house
    clerk, admin = house.ours["central_clerk"], house.ours["admin"]
    card = {"key": KEY, "about": None, "title": "กล่องกลาง"}

    minding.take_problem(house.office, actor=clerk, **card)
    assert note(house).owner_name == clerk.name
    minding.take_problem(house.office, actor=clerk, owner=admin, **card)
    assert note(house).owner_id == admin.person_id
    until = house.clock.now() + timedelta(days=2)
    minding.put_problem_off(house.office, actor=admin, until=until, reason=" รอ  ช่าง ", **card)
    assert (note(house).put_off_until, note(house).put_off_reason, note(house).put_off_by) == (
        until,
        "รอ ช่าง",
        admin.name,
    )
    minding.bring_problem_back(house.office, actor=clerk, **card)
    minding.bring_problem_back(house.office, actor=clerk, **card)

    assert note(house).put_off_until is None and note(house).owner_id == admin.person_id
    told = [name for name in house.journal() if name.startswith("problem.")]
    assert told == ["problem.taken", "problem.taken", "problem.put-off", "problem.brought-back"]


def test_putting_off_asks_for_a_time_and_a_reason(house: House) -> None:
    card = {"key": KEY, "about": None, "title": "กล่องกลาง"}
    now, clerk = house.clock.now(), house.ours["central_clerk"]
    for until in (now, now + timedelta(days=91)):
        with pytest.raises(BadInput) as told:
            minding.put_problem_off(house.office, actor=clerk, until=until, reason=" ", **card)
        assert set(told.value.fields) == {"until", "reason"}
    with pytest.raises(NotPermitted):
        minding.take_problem(house.office, actor=replace(clerk, person_id=None), **card)
    assert note(house) is None


@pytest.fixture
def refused(house: House) -> tuple[House, Relay, Dispatch]:
    """A letter that the relay has refused."""
    with_stand_in, relay = with_relay(house)
    letter_id = with_stand_in.dispatched()
    dispatching.compose_next(with_stand_in.office)
    deliver_next(with_stand_in.office)
    assert with_stand_in.letter(letter_id)
    return with_stand_in, relay, the_dispatch(with_stand_in)


def the_dispatch(house: House) -> Dispatch:
    """The one dispatch."""
    row = house.rows(dispatches)[0]
    with house.office.uow() as uow:
        return uow.dispatches.get(house.ours.agency.id, row.id)


@pytest.mark.parametrize("stated", [False, True])
def test_a_dead_letter_goes_once_more_with_the_same_bytes(refused: tuple[House, Relay, Dispatch], stated: bool) -> None:
    house, relay, dispatch = refused
    assert dispatch.failure == "relay-refused"
    if stated:
        expiring.state_undelivered(house.office)
        assert the_dispatch(house).state is DispatchState.UNDELIVERED

    relay.answer = SendResult(SendOutcome.ACCEPTED, 250, "queued")
    with pytest.raises(NotPermitted):
        resending.send_again(house.office, actor=house.ours["director"], dispatch_id=dispatch.id)
    resending.send_again(house.office, actor=house.ours["clerk"], dispatch_id=dispatch.id)
    deliver_next(house.office)

    assert len(relay.sent) == 2 and len(set(relay.sent)) == 1
    after = the_dispatch(house)
    assert after.state is (DispatchState.UNDELIVERED if stated else DispatchState.SENT)
    assert after.failure == "" and after.expires_at > house.clock.now() + timedelta(hours=1)
    assert expiring.state_undelivered(house.office) == 0
    assert house.told("dispatch.retried")


def test_too_late_bytes_are_not_sent_again(refused: tuple[House, Relay, Dispatch]) -> None:
    house, _, dispatch = refused
    house.clock.pass_by(timedelta(days=60))

    with pytest.raises(RuleBroken, match="พ้นกำหนดเวลา"):
        resending.send_again(house.office, actor=house.ours["clerk"], dispatch_id=dispatch.id)


def test_a_sending_is_stopped_with_a_reason_and_stated_as_undelivered(house: House) -> None:
    house, relay = with_relay(house)
    relay.answer = SendResult(SendOutcome.TEMPORARY, 451, "later")
    house.dispatched()
    dispatching.compose_next(house.office)
    deliver_next(house.office)
    dispatch, clerk = the_dispatch(house), house.ours["clerk"]
    with pytest.raises(BadInput):
        resending.stop_sending(house.office, actor=clerk, dispatch_id=dispatch.id, reason=" ")

    resending.stop_sending(house.office, actor=clerk, dispatch_id=dispatch.id, reason="ส่งทางอื่นแล้ว")
    house.clock.pass_by(timedelta(hours=1))
    deliver_next(house.office)
    expiring.state_undelivered(house.office)

    after = the_dispatch(house)
    assert len(relay.sent) == 1 and house.rows(outbox)[0].state == "stopped"
    assert (after.state, after.closed_for) == (DispatchState.UNDELIVERED, "ส่งทางอื่นแล้ว")
    with pytest.raises(StageNotAllowed):
        resending.stop_sending(house.office, actor=clerk, dispatch_id=dispatch.id, reason="อีกครั้ง")
    assert house.told("dispatch.closed")[0]["values"]["reason"] == "ส่งทางอื่นแล้ว"


def test_what_was_closed_before_it_was_composed_is_never_sent(house: House) -> None:
    house, relay = with_relay(house)
    house.dispatched()
    dispatch = the_dispatch(house)

    resending.stop_sending(house.office, actor=house.ours["clerk"], dispatch_id=dispatch.id, reason="ผิดฉบับ")
    dispatching.compose_next(house.office)
    deliver_next(house.office)

    assert relay.sent == [] and not house.rows(outbox)


def test_only_what_was_given_up_and_is_ours_can_be_sent_again(refused: tuple[House, Relay, Dispatch]) -> None:
    house, _, dispatch = refused
    for ref in (uuid4(), UUID(str(dispatch.id))):
        with pytest.raises(NotFound):
            resending.send_message_again(house.office, actor=house.ours["central_clerk"], ref=ref)
    with pytest.raises(NotFound):
        resending.send_again(house.office, actor=house.theirs["clerk"], dispatch_id=dispatch.id)
    with pytest.raises(NotPermitted):
        resending.stop_message(house.office, actor=house.ours["clerk"], ref=dispatch.id, reason="x")
