"""Orders by which one acts for another: what is refused, how long they count, how far they reach, what is printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId, PositionRole, UnitId
from saraban.domain.capacity import Acting, Capacity, Limits
from saraban.domain.classification import Form, Secrecy
from saraban.domain.content import Signatory
from saraban.domain.delegation import Authority, Delegation, DelegationId, Standing, Surroundings, refuse_faults
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.permissions import may_delegate, may_endorse, may_read_letter, may_sign
from tests.builders import CONTENT, NOW, TODAY, a_letter, a_route, an_actor

HEAD, DEPUTY, OTHER = (PositionId(uuid4()) for _ in range(3))
HEAD_PERSON, DEPUTY_PERSON, OTHER_PERSON, RECORDER = (PersonId(uuid4()) for _ in range(4))
HELD = {HEAD_PERSON: {HEAD}, DEPUTY_PERSON: {DEPUTY}, OTHER_PERSON: {OTHER}}


def an_order(**more: Any) -> Delegation:
    """An order that the deputy acts for the head from today on, for ten days."""
    values: dict[str, Any] = {
        "id": DelegationId(uuid4()),
        "agency_id": AgencyId(uuid4()),
        "position_id": HEAD,
        "capacity": Capacity.DEPUTY,
        "person_id": DEPUTY_PERSON,
        "to_position_id": None,
        "since": TODAY,
        "until": TODAY + timedelta(days=9),
        "limits": Limits(),
        "document": Authority("คำสั่งกรม ที่ 12/2569", TODAY),
        "entered_at": NOW,
        "entered_by": "นายทวี จดไว้",
    }
    return Delegation(**values | more)


def around(**more: Any) -> Surroundings:
    values: dict[str, Any] = {
        "today": TODAY,
        "holders": {HEAD_PERSON},
        "holder_name": "นางปราณี มีสุข",
        "delegates": {DEPUTY_PERSON},
        "cleared": False,
        "enterer": RECORDER,
        "positions": HELD,
    }
    return Surroundings(**values | more)


def refused(order: Delegation, **more: Any) -> dict[str, str]:
    with pytest.raises(BadInput) as told:
        refuse_faults(order, around(**more))
    return told.value.fields


def test_a_good_order_is_taken() -> None:
    refuse_faults(an_order(), around())
    refuse_faults(an_order(until=None, person_id=None, to_position_id=DEPUTY), around())


@pytest.mark.parametrize(
    ("order", "more", "field", "words"),
    [
        ({"since": TODAY - timedelta(days=1)}, {}, "since", "ย้อนหลังไม่ได้"),
        ({"until": TODAY - timedelta(days=1)}, {}, "until", "ก่อนวันเริ่ม"),
        ({"document": Authority(" ", TODAY)}, {}, "number", "เลขที่ของคำสั่ง"),
        ({"document": Authority("ที่ 1", TODAY + timedelta(days=1))}, {}, "dated", "หลังวันเริ่ม"),
        ({"person_id": None}, {"delegates": set()}, "delegate", "เลือกผู้"),
        ({"person_id": HEAD_PERSON}, {"delegates": {HEAD_PERSON}}, "delegate", "มอบให้ตนเองไม่ได้"),
        ({"person_id": None, "to_position_id": HEAD}, {}, "delegate", "มอบให้ตนเองไม่ได้"),
        ({}, {"enterer": DEPUTY_PERSON}, "delegate", "ผู้บันทึกคำสั่ง"),
        ({}, {"delegates": set()}, "delegate", "ว่างอยู่"),
        ({"limits": Limits(ceiling=Secrecy.SECRET)}, {}, "ceiling", "ไม่ได้รับอนุญาต"),
        ({"capacity": Capacity.IN_POST}, {}, "capacity", "ตำแหน่งว่าง"),
    ],
)
def test_what_an_order_may_not_be_is_told_by_its_field(
    order: dict[str, Any], more: dict[str, Any], field: str, words: str
) -> None:
    told = refused(an_order(**order), **more)

    assert words in told[field]


def test_two_orders_of_one_sort_do_not_cover_the_same_letters_on_the_same_day() -> None:
    old = an_order(limits=Limits(forms=(Form.ORDER,), incoming=False))
    new = an_order(person_id=OTHER_PERSON, since=TODAY + timedelta(days=9), until=None)

    assert (
        "คำสั่งกรม ที่ ๑๒/๒๕๖๙ ลงวันที่ ๒๓ พฤศจิกายน ๒๕๖๙" in refused(new, others=[old], delegates={OTHER_PERSON})["position"]
    )
    for other in (
        replace(new, since=TODAY + timedelta(days=10)),
        replace(new, limits=Limits(forms=(Form.RULE,))),
        replace(new, capacity=Capacity.ON_BEHALF),
    ):
        refuse_faults(other, around(others=[old], delegates={OTHER_PERSON}))
    revoked = replace(old, revoked_at=NOW)
    refuse_faults(new, around(others=[revoked], delegates={OTHER_PERSON}))


def test_orders_that_lead_back_are_refused_also_over_a_third() -> None:
    onward = an_order(position_id=DEPUTY, person_id=OTHER_PERSON)
    back = an_order(position_id=OTHER, person_id=None, to_position_id=HEAD)

    assert "วนกลับ" in refused(an_order(), others=[onward, back])["delegate"]
    refuse_faults(an_order(), around(others=[onward]))
    refuse_faults(an_order(), around(others=[onward, replace(back, since=TODAY + timedelta(days=30), until=None)]))


def test_handing_on_needs_leave_and_stays_within_what_was_given() -> None:
    given_power = an_order(capacity=Capacity.ON_BEHALF, limits=Limits(forms=(Form.ORDER, Form.RULE)))
    further = an_order(
        capacity=Capacity.ON_BEHALF, person_id=OTHER_PERSON, under=given_power.id, limits=Limits(forms=(Form.ORDER,))
    )
    allowed = replace(given_power, may_hand_on=True)
    more: dict[str, Any] = {"delegates": {OTHER_PERSON}, "others": [allowed]}

    assert "ไม่ให้มอบช่วงต่อ" in refused(further, **more, under=given_power)["position"]
    refuse_faults(further, around(**more, under=allowed))
    assert "until" in refused(replace(further, until=None), **more, under=allowed)
    assert "limits" in refused(replace(further, limits=Limits()), **more, under=allowed)
    assert "capacity" in refused(replace(further, capacity=Capacity.DEPUTY), **more, under=allowed)


def test_an_order_counts_from_its_first_day_through_its_last_unless_it_is_revoked() -> None:
    order = an_order(since=TODAY, until=TODAY + timedelta(days=1))
    days = [TODAY + timedelta(days=n) for n in (-1, 0, 1, 2)]

    assert [order.standing(day) for day in days] == [
        Standing.COMING,
        Standing.IN_FORCE,
        Standing.IN_FORCE,
        Standing.ENDED,
    ]
    with pytest.raises(BadInput):
        order.revoke(reason=" ", position="", delegate="", by=an_actor(), at=NOW, on=TODAY)
    fact = order.revoke(reason="กลับมาปฏิบัติราชการ", position="อธิบดี", delegate="ก", by=an_actor(), at=NOW, on=TODAY)
    assert (fact.reason, order.standing(TODAY)) == ("กลับมาปฏิบัติราชการ", Standing.REVOKED)
    with pytest.raises(StageNotAllowed):
        order.revoke(reason="x", position="", delegate="", by=an_actor(), at=NOW, on=TODAY)


# --- acting -------------------------------------------------------------------------------------------------------

ANYTHING = Limits()


def acting_for(officer: Actor, limits: Limits = ANYTHING, **more: Any) -> Actor:
    """Somebody else who acts for this officer."""
    values: dict[str, Any] = {
        "key": "x",
        "delegation_id": uuid4(),
        "capacity": Capacity.DEPUTY,
        "own_lines": ("รองอธิบดี",),
        "for_title": officer.title,
        "for_name": officer.name,
        "order": "คำสั่งกรม ที่ ๑๒/๒๕๖๙",
        "limits": (limits,),
    }
    acting = Acting(**values | more)
    return replace(officer, person_id=PersonId(uuid4()), name="นายสอง แทนได้", title=acting.title, acting=acting)


def test_a_deputy_has_the_place_of_the_position_in_a_route_and_both_names_are_kept() -> None:
    clerk = an_actor()
    director, head = (an_actor(role, agency_id=clerk.agency_id) for role in (PositionRole.DIRECTOR, PositionRole.HEAD))
    letter = a_letter(clerk)
    letter.submit(a_route(director, head), by=clerk, at=NOW)
    deputy = acting_for(director)

    assert may_endorse(deputy, letter) is None
    letter.endorse(by=deputy, note="เห็นควร", at=NOW)

    done = letter.endorsements[-1]
    assert (done.person_name, done.title, done.for_name) == (
        "นายสอง แทนได้",
        "รองอธิบดี รักษาราชการแทนผู้อำนวยการ",
        director.name,
    )
    assert (letter.route[0].person_id, letter.route[0].person_name) == (deputy.person_id, deputy.name)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(forms=(Form.ORDER,)), "ไม่รวมหนังสือแบบหนังสือภายนอก"),
        (Limits(units=(UnitId(uuid4()),)), "ไม่รวมหนังสือของหน่วยงานอื่น"),
        (Limits(ceiling=Secrecy.CONFIDENTIAL), "ไม่รวมหนังสือชั้นลับมาก"),
    ],
)
def test_a_letter_outside_of_the_order_is_refused_with_its_limits(limits: Limits, words: str) -> None:
    clerk = an_actor()
    head = an_actor(PositionRole.HEAD, agency_id=clerk.agency_id)
    letter = a_letter(clerk, content=replace(CONTENT, secrecy=Secrecy.SECRET))
    if limits.ceiling is Secrecy.OPEN:
        letter.content = CONTENT
    letter.submit(a_route(head), by=clerk, at=NOW)
    refusal = may_sign(acting_for(head, limits), letter)

    assert refusal is not None and not refusal.hidden
    assert words in refusal.thai and "คำสั่งกรม ที่ ๑๒/๒๕๖๙" in refusal.thai
    assert may_sign(head, letter) is None


def test_who_drafted_a_letter_reads_it_in_whatever_capacity_and_signs_it_as_the_order_allows() -> None:
    clerk = an_actor()
    head = an_actor(PositionRole.HEAD, agency_id=clerk.agency_id)
    narrow, wide = (
        replace(acting_for(head, limits), person_id=clerk.person_id) for limits in (Limits((Form.ORDER,)), Limits())
    )
    letter = a_letter(clerk)
    letter.submit(a_route(head), by=clerk, at=NOW)

    assert may_read_letter(narrow, letter) is None
    assert may_sign(narrow, letter) is not None
    assert may_sign(wide, letter) is None


@pytest.mark.parametrize(
    ("capacity", "printed", "wire"),
    [
        (Capacity.DEPUTY, "รักษาราชการแทนอธิบดีกรมการปกครอง", "acting"),
        (Capacity.ON_BEHALF, "ปฏิบัติราชการแทนอธิบดีกรมการปกครอง", "on-behalf"),
        (Capacity.IN_PLACE, "ทำการแทนอธิบดีกรมการปกครอง", "deputising"),
        (Capacity.IN_POST, "รักษาการในตำแหน่งอธิบดีกรมการปกครอง", "acting"),
        (Capacity.STAND_IN, "รักษาการแทนอธิบดีกรมการปกครอง", "acting"),
    ],
)
def test_the_capacity_stands_below_the_own_post(capacity: Capacity, printed: str, wire: str) -> None:
    head = an_actor(PositionRole.HEAD, title="อธิบดีกรมการปกครอง")
    signer = Signatory.of(acting_for(head, capacity=capacity))

    assert signer.titles == ("รองอธิบดี", printed)
    assert (signer.position, signer.capacity) == (f"รองอธิบดี {printed}", wire)
    assert Signatory.of(head).titles == ("อธิบดีกรมการปกครอง",)


def test_who_may_enter_orders() -> None:
    clerk, records = an_actor(), an_actor(PositionRole.RECORDS)
    deputy = acting_for(records)

    assert may_delegate(records, HEAD) is None
    assert may_delegate(clerk, clerk.position_id) is None
    assert may_delegate(clerk, HEAD) is not None
    assert may_delegate(deputy, deputy.position_id) is not None
    handing = acting_for(records, may_hand_on=True)
    assert may_delegate(handing, handing.position_id) is None
    assert may_delegate(handing, HEAD) is not None


_LIMITS = st.builds(
    Limits,
    forms=st.lists(st.sampled_from([Form.ORDER, Form.RULE, Form.EXTERNAL]), unique=True).map(tuple),
    units=st.lists(st.sampled_from([UnitId(uuid4()) for _ in range(2)]), unique=True).map(tuple),
    ceiling=st.sampled_from(list(Secrecy)),
    incoming=st.booleans(),
)


@given(one=_LIMITS, other=_LIMITS, secrecy=st.sampled_from(list(Secrecy)))
def test_what_is_within_limits_is_covered_by_them_and_what_both_cover_meets(
    one: Limits, other: Limits, secrecy: Secrecy
) -> None:
    units = {*one.units, *other.units, UnitId(uuid4())}
    letters: list[dict[str, Any]] = [
        {"unit_id": unit, "secrecy": secrecy, "form": form}
        for unit in units
        for form in (None, Form.ORDER, Form.RULE, Form.EXTERNAL, Form.NEWS)
    ]
    of_one = [letter for letter in letters if not one.beyond(**letter)]
    of_both = [letter for letter in of_one if not other.beyond(**letter)]

    if one.within(other):
        assert of_both == of_one
    if of_both:
        assert one.meets(other) and other.meets(one)


def test_an_order_is_cited_with_thai_digits() -> None:
    assert Authority("คำสั่งกรม ที่ 12/2569", date(2026, 10, 1)).words == "คำสั่งกรม ที่ ๑๒/๒๕๖๙ ลงวันที่ ๑ ตุลาคม ๒๕๖๙"
