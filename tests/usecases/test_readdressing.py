"""A receiver outside the directory whose address was wrong: the right one, the old sending as evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from saraban.crypto import keys
from saraban.domain.dispatch import DispatchId, DispatchState, told_apart
from saraban.domain.errors import BadInput, NotPermitted, StageNotAllowed
from saraban.storage.tables.exchange import dispatches, evidence, outbox
from saraban.storage.tables.letters import letters
from saraban.storage.tables.people import outsiders as outsiders_table
from saraban.usecases import outsiders
from saraban.usecases.delivering import deliver_next
from saraban.usecases.dispatching import compose_next, dispatch_letter
from saraban.usecases.expiring import state_undelivered
from saraban.usecases.mailing import SendOutcome, SendResult
from saraban.usecases.readdressing import correct_address
from tests.usecases.conftest import Pki
from tests.usecases.house import MASTER_KEY, House
from tests.usecases.test_dispatching import Relay

WRONG, RIGHT = "ofice@temple.example", "office@temple.example"
UNKNOWN = SendResult(
    SendOutcome.PERMANENT, 550, "5.1.1 <ofice@temple.example>: Recipient address rejected: User unknown"
)


def _refused(house: House) -> DispatchId:
    """A letter to an address that nobody has, which the relay refused for good."""
    outsiders.add_outsider(house.office, actor=house.ours["clerk"], name="วัดตัวอย่าง", mailbox=WRONG)
    house.dispatched(recipients=(WRONG,))
    compose_next(house.office)
    deliver_next(replace(house.office, transport=Relay(UNKNOWN)))
    [row] = house.rows(dispatches)
    return DispatchId(row.id)


def _correct(house: House, of: DispatchId, mailbox: str = RIGHT, who: str = "clerk") -> None:
    correct_address(house.office, actor=house.ours[who], dispatch_id=of, name="วัดตัวอย่าง", mailbox=mailbox)


def test_a_refusal_is_told_in_thai_first_and_in_the_servers_words_behind(house: House) -> None:
    _refused(house)
    [row] = house.rows(dispatches)

    thai, said = told_apart(row.problem)
    assert thai == "ส่งไม่ถึงผู้รับ (ไม่มีที่อยู่ผู้รับนี้ที่ปลายทาง)"
    assert said.startswith("550 5.1.1 ") and said.endswith("User unknown")


def test_the_statement_that_it_did_not_arrive_says_why_once(house: House) -> None:
    _refused(house)
    state_undelivered(house.office)
    [told] = [row.text for row in house.rows(evidence) if row.step == "undelivered"]

    assert told_apart(told)[0] == "ส่งไม่ถึงผู้รับ (ไม่มีที่อยู่ผู้รับนี้ที่ปลายทาง)"
    assert told.count("550 5.1.1") == 1 and told.count("เครื่องบริการตอบว่า") == 1


@pytest.mark.parametrize("stated", [False, True])
def test_the_letter_goes_to_the_right_address_and_the_old_sending_stays(house: House, stated: bool) -> None:
    old = _refused(house)
    if stated:
        state_undelivered(house.office)
    _correct(house, old)
    compose_next(house.office)
    relay = Relay()
    deliver_next(replace(house.office, transport=relay))
    state_undelivered(house.office)

    rows = {row.to_mailbox: row for row in house.rows(dispatches)}
    assert rows[RIGHT].state is DispatchState.SENT and rows[RIGHT].replaces is None
    assert rows[WRONG].state is DispatchState.UNDELIVERED and rows[WRONG].closed_for == f"แก้ที่อยู่เป็น {RIGHT}"
    assert {row.mailbox: row.active for row in house.rows(outsiders_table)} == {WRONG: False, RIGHT: True}
    assert len(house.rows(outbox)) == 2 and house.told("dispatch.readdressed")
    with pytest.raises(StageNotAllowed):
        _correct(house, old, "other@temple.example")


@pytest.mark.parametrize("stated", [False, True])
def test_what_goes_to_the_right_address_replaces_what_the_old_sending_should_have(
    either_house: House, pki: Pki, stated: bool
) -> None:
    house, clerk = either_house, either_house.ours["clerk"]
    keys.store_seal(house.keys_folder, "onep", pki.seals["onep"], MASTER_KEY)
    outsiders.add_outsider(house.office, actor=clerk, name="วัดตัวอย่าง", mailbox=WRONG)
    first = house.signed(recipients=(WRONG,))
    [sent] = dispatch_letter(house.office, actor=clerk, letter_id=first)
    new = house.signed(recipients=(WRONG,))
    [failed] = dispatch_letter(house.office, actor=clerk, letter_id=new, replaces=[sent.id])
    with house.office.uow() as uow:
        dispatch = uow.dispatches.get(house.ours.agency.id, failed.id)
        dispatch.failure, dispatch.expires_at = "relay-refused", house.clock.now()
        uow.dispatches.save(dispatch)
        uow.commit()
    house.clock.pass_by(timedelta(minutes=1))

    def replaced_by() -> UUID | None:
        [row] = [row for row in house.rows(letters) if row.id == first]
        found: UUID | None = row.replaced_by
        return found

    assert replaced_by() == new
    if stated:
        state_undelivered(house.office)
        assert replaced_by() is None
    _correct(house, failed.id)
    state_undelivered(house.office)

    assert replaced_by() == new, "it is on its way to the right address"
    assert {row.to_mailbox: row.replaces for row in house.rows(dispatches) if row.letter_id == new} == {
        WRONG: sent.id,
        RIGHT: sent.id,
    }
    taken, given = (len(house.told(f"letter.place-{what}")) for what in ("taken", "given-back"))
    assert (taken, given) == ((2, 1) if stated else (1, 0))


@pytest.mark.parametrize("mailbox", ["no address", WRONG, "saraban@nso.test", ""])
def test_an_address_that_cannot_be_it_is_refused_by_its_field(house: House, mailbox: str) -> None:
    old = _refused(house)
    known = house.theirs.agency.mailbox if mailbox == "saraban@nso.test" else mailbox
    with pytest.raises(BadInput) as error:
        _correct(house, old, known)

    assert error.value.fields.keys() == {"mailbox"}
    assert len(house.rows(dispatches)) == 1


def test_only_a_clerk_and_only_what_failed(house: House) -> None:
    old = _refused(house)
    with pytest.raises(NotPermitted):
        _correct(house, old, who="head")
    house.dispatched()
    directory = next(row.id for row in house.rows(dispatches) if row.id != old)
    with pytest.raises(StageNotAllowed):
        _correct(house, DispatchId(directory))
