"""Orders on the shelf, and what they make of a person on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, Holding, Position, PositionId, PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.capacity import Capacity, Limits
from saraban.domain.classification import Form, Secrecy
from saraban.domain.delegation import Authority, Delegation, DelegationId
from saraban.domain.errors import NotFound
from tests.builders import NOW, TODAY, StaffedAgency
from tests.storage.conftest import NewUow


def an_order(office: StaffedAgency, to: str, whom: str, **more: Any) -> Delegation:
    """An order that the second officer acts for the first."""
    values: dict[str, Any] = {
        "id": DelegationId(uuid4()),
        "agency_id": office.agency.id,
        "position_id": office[to].position_id,
        "capacity": Capacity.DEPUTY,
        "person_id": office[whom].person_id,
        "to_position_id": None,
        "since": TODAY,
        "until": TODAY,
        "limits": Limits(),
        "document": Authority("คำสั่งกรม ที่ 12/2569", TODAY),
        "entered_at": NOW,
        "entered_by": "นายทวี จดไว้",
    }
    return Delegation(**values | more)


def kept(new_uow: NewUow, *orders: Delegation) -> None:
    with new_uow() as uow:
        for one in orders:
            uow.delegations.add(one)
        uow.commit()


def as_what(new_uow: NewUow, who: Actor, on: date = TODAY) -> list[str]:
    assert who.person_id is not None
    with new_uow() as uow:
        return [one.title for one in uow.delegations.capacities(who.person_id, on)]


def test_an_order_comes_back_as_it_was_kept(new_uow: NewUow, office: StaffedAgency) -> None:
    limits = Limits((Form.ORDER, Form.RULE), (office.legal.id,), Secrecy.CONFIDENTIAL, incoming=False)
    document = Authority("คำสั่งกรม ที่ 12/2569", TODAY, Digest.of(b"x"), "คำสั่ง.pdf")
    order = an_order(office, "head", "director", limits=limits, document=document, may_hand_on=True)
    kept(new_uow, order)
    with new_uow() as uow:
        found = uow.delegations.get(office.agency.id, order.id)
        assert vars(found) == vars(order)
        with pytest.raises(NotFound):
            uow.delegations.get(AgencyId(uuid4()), order.id)
        found.revoked_at = NOW
        uow.delegations.save(found)
        assert uow.delegations.live(office.agency.id, TODAY) == []
        assert found.version == 2


def test_an_order_makes_another_of_a_person_on_its_days_only(new_uow: NewUow, office: StaffedAgency) -> None:
    order = an_order(office, "head", "director", limits=Limits((Form.ORDER,)))
    kept(new_uow, order)
    director, head = office["director"], office["head"]
    own = director.title
    assert director.person_id is not None
    with new_uow() as uow:
        mine, deputy = uow.delegations.capacities(director.person_id, TODAY)
        assert uow.people.actor(director.person_id, TODAY) == director == mine
        assert uow.people.actor(director.person_id, TODAY, str(order.id)) == deputy
        assert uow.people.actor(director.person_id, TODAY, "no such") is None
        assert uow.delegations.deputies(office.agency.id, deputy.position_id or PositionId(uuid4()), TODAY) == [deputy]

    assert (deputy.name, deputy.position_id, deputy.role) == (director.name, head.position_id, PositionRole.HEAD)
    assert (deputy.unit_id, deputy.central, deputy.clearance) == (office.central.id, True, False)
    assert deputy.lines == (own, f"รักษาราชการแทน{head.title}")
    assert deputy.acting is not None
    assert (deputy.acting.for_name, deputy.acting.until) == (head.name, TODAY)
    assert deputy.acting.limits == (Limits((Form.ORDER,)),)
    assert as_what(new_uow, director, TODAY - timedelta(days=1)) == [own]
    assert as_what(new_uow, director, TODAY + timedelta(days=1)) == [own]


def test_clearance_is_that_of_the_position_as_far_as_the_order_goes(new_uow: NewUow, office: StaffedAgency) -> None:
    open_only = an_order(office, "central_clerk", "clerk")
    secret = an_order(office, "central_clerk", "records", limits=Limits(ceiling=Secrecy.CONFIDENTIAL))
    kept(new_uow, open_only, secret)
    with new_uow() as uow:
        cleared = {
            one.name: one.clearance
            for one in uow.delegations.deputies(office.agency.id, office.officers["central_clerk"].position.id, TODAY)
        }

    assert cleared == {office["clerk"].name: False, office["records"].name: True}


def test_whoever_holds_the_named_position_acts_and_a_vacant_post_has_no_name(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    vacant = Position(PositionId(uuid4()), office.agency.id, office.legal.id, "รองอธิบดี", PositionRole.DIRECTOR)
    with new_uow() as uow:
        uow.agencies.add_position(vacant)
        uow.commit()
    order = an_order(
        office, "head", "director", person_id=None, to_position_id=office["clerk"].position_id,
        position_id=vacant.id, capacity=Capacity.IN_POST,
    )  # fmt: skip
    kept(new_uow, order)
    clerk = office["clerk"]

    assert as_what(new_uow, clerk) == [clerk.title, f"{clerk.title} รักษาการในตำแหน่งรองอธิบดี"]
    with new_uow() as uow:
        assert clerk.person_id is not None
        acting = uow.delegations.capacities(clerk.person_id, TODAY)[1].acting
        assert acting is not None and acting.for_whom == "รองอธิบดี (ตำแหน่งว่าง)"
        assert [one.name for one in uow.delegations.deputies(office.agency.id, vacant.id, TODAY)] == [clerk.name]
        uow.people.hold(Holding(clerk.person_id, vacant.id, TODAY))  # who holds it acts for himself
        uow.commit()
    assert as_what(new_uow, clerk) == ["รองอธิบดี", clerk.title]


def test_who_stands_in_for_a_position_has_what_was_handed_on_to_it(new_uow: NewUow, office: StaffedAgency) -> None:
    records, director, head = office["records"], office["director"], office["head"]
    power = an_order(
        office, "head", "director", capacity=Capacity.ON_BEHALF, person_id=None, to_position_id=director.position_id,
        limits=Limits((Form.ORDER,)), until=None,
    )  # fmt: skip
    stands_in = an_order(office, "director", "records")
    kept(new_uow, power, stands_in)
    assert records.person_id is not None
    with new_uow() as uow:
        *_, stacked = uow.delegations.capacities(records.person_id, TODAY)

    assert stacked.lines == (
        records.title,
        f"รักษาราชการแทน{director.title}",
        f"ปฏิบัติราชการแทน{head.title}",
    )
    assert stacked.acting is not None
    assert stacked.acting.limits == (Limits((Form.ORDER,)), Limits())
    assert (stacked.acting.until, stacked.key) == (TODAY, f"{stands_in.id}.{power.id}")


def test_power_that_was_handed_on_goes_no_further_unless_its_order_says_so(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    power = an_order(
        office, "head", "director", capacity=Capacity.ON_BEHALF, person_id=None,
        to_position_id=office["director"].position_id,
    )  # fmt: skip
    behalf = an_order(office, "director", "records", capacity=Capacity.ON_BEHALF)
    kept(new_uow, power, behalf)
    assert len(as_what(new_uow, office["records"])) == 2
    with new_uow() as uow:
        found = uow.delegations.get(office.agency.id, power.id)
        found.may_hand_on = True
        uow.delegations.save(found)
        uow.commit()
    assert len(as_what(new_uow, office["records"])) == 3
