"""Entering and revoking orders, and what is done by them: drafting, endorsing, signing, with both names."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from saraban.crypto import demo_pki, keys
from saraban.domain.actor import Actor
from saraban.domain.agency import Position, PositionId, PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.capacity import Capacity, Limits
from saraban.domain.classification import Form, Secrecy
from saraban.domain.delegation import DelegationId
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted
from saraban.domain.letter import LetterState
from saraban.usecases import delegating, dispatching, drafting, routing, signing
from saraban.usecases.delegating import Order, OrderFile
from tests.builders import NOW, TODAY
from tests.usecases.conftest import Pki
from tests.usecases.house import House

DEPUTY_PASSPHRASE = "รหัสของผู้แทน"


def an_order(house: House, whom: str = "records", to: str = "head", **more: Any) -> Order:
    values: dict[str, Any] = {
        "position_id": house.ours[to].position_id,
        "person_id": house.ours[whom].person_id,
        "capacity": Capacity.DEPUTY,
        "since": TODAY,
        "until": TODAY,
        "number": "คำสั่งกรม ที่ 12/2569",
        "dated": TODAY,
    }
    return Order(**values | more)


def entered(house: House, by: str = "admin", **more: Any) -> delegating.Entered:
    return delegating.enter_delegation(house.office, actor=house.ours[by], order=an_order(house, **more))


def acting(house: House, whom: str, order: DelegationId) -> Actor | None:
    person = house.ours[whom].person_id
    assert person is not None
    with house.office.uow() as uow:
        return uow.people.actor(person, house.clock.now().date(), str(order))


@pytest.fixture
def deputys_key(house: House, pki: Pki) -> None:
    """The records officer has a signing key."""
    since, until = NOW - timedelta(days=1), NOW + timedelta(days=9)
    officer = demo_pki.issue_officer(pki.root, house.ours["records"].name, "นายทะเบียน", "สำนักงาน", since, until)
    person = house.ours["records"].person_id
    assert person is not None
    keys.store_officer(house.keys_folder, person, officer, DEPUTY_PASSPHRASE, kdf_rounds=1)


def test_a_deputy_signs_in_the_place_of_the_head_and_everything_shows_both(house: House, deputys_key: None) -> None:
    order = entered(house)
    letter_id = house.before_the_head()
    deputy = acting(house, "records", order.id)
    assert deputy is not None and order.cautions == ()
    for who, shown in ((deputy, deputy), (house.ours["clerk"], deputy), (house.ours["head"], house.ours["head"])):
        block = drafting.preview_letter(house.office, actor=who, letter_id=letter_id).block
        assert (block.name, block.title) == (shown.name, shown.title), "as he would sign it"
    signing.sign_letter(house.office, actor=deputy, letter_id=letter_id, passphrase=DEPUTY_PASSPHRASE)
    letter, head = house.letter(letter_id), house.ours["head"]

    title = f"{house.ours['records'].title} รักษาราชการแทน{head.title}"
    assert letter.state is LetterState.ISSUED and letter.signatory is not None
    assert (letter.signatory.name, letter.signatory.position, letter.signatory.capacity) == (
        deputy.name,
        title,
        "acting",
    )
    assert letter.signatory.titles == (house.ours["records"].title, f"รักษาราชการแทน{head.title}")
    assert (letter.endorsements[-1].title, letter.endorsements[-1].for_name) == (title, head.name)
    (told,) = house.told("letter.signed")
    assert told["by"]["title"] == title
    assert told["by"]["acting"] == {
        "capacity": "deputy",
        "for": head.title,
        "holder": head.name,
        "delegation": str(order.id),
        "order": "คำสั่งกรม ที่ ๑๒/๒๕๖๙ ลงวันที่ ๒๓ พฤศจิกายน ๒๕๖๙",
    }
    (kept,) = house.told("delegation.entered")
    assert (kept["values"]["position"], kept["values"]["delegate"]) == (head.title, deputy.name)
    dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)


def test_the_order_counts_at_the_moment_of_the_deed(house: House) -> None:
    order = entered(house, whom="records", to="director")
    letter_id = house.draft()
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    deputy = acting(house, "records", order.id)
    assert deputy is not None
    delegating.revoke_delegation(
        house.office, actor=house.ours["head"], delegation_id=order.id, reason="กลับมาปฏิบัติราชการ"
    )

    assert acting(house, "records", order.id) is None
    with pytest.raises(NotPermitted) as gone:  # somebody who was let in before
        routing.endorse_letter(house.office, actor=deputy, letter_id=letter_id)
    assert "คำสั่งกรม ที่ ๑๒/๒๕๖๙" in gone.value.thai and gone.value.code == "capacity-gone"
    (told,) = house.told("delegation.revoked")
    assert told["values"]["reason"] == "กลับมาปฏิบัติราชการ"
    assert house.letter(letter_id).state is LetterState.SUBMITTED


def test_a_vacant_position_in_a_route_is_filled_by_who_acts_in_it(house: House) -> None:
    vacant = Position(PositionId(uuid4()), house.ours.agency.id, house.ours.legal.id, "รองอธิบดี", PositionRole.DIRECTOR)
    with house.office.uow() as uow:
        uow.agencies.add_position(vacant)
        uow.commit()
    with pytest.raises(BadInput) as told:
        entered(house, whom="records", position_id=house.ours["head"].position_id, capacity=Capacity.IN_POST)
    assert "ตำแหน่งว่าง" in told.value.fields["capacity"]
    order = entered(house, whom="records", position_id=vacant.id, capacity=Capacity.IN_POST)
    deputy = acting(house, "records", order.id)

    assert deputy is not None
    assert deputy.lines == (house.ours["records"].title, "รักษาการในตำแหน่งรองอธิบดี")


def test_who_has_no_key_is_told_when_the_order_is_entered(house: House) -> None:
    (words,) = entered(house, whom="clerk", to="director").cautions

    assert house.ours["clerk"].name in words and "กุญแจลงนาม" in words
    assert entered(house, whom="clerk", to="central_clerk").cautions == ()


def test_what_may_not_be_is_refused_with_words(house: House) -> None:
    entered(house)
    for field, more in {
        "position": {"whom": "clerk"},
        "delegate": {"whom": "head"},
        "ceiling": {"whom": "clerk", "to": "director", "limits": Limits(ceiling=Secrecy.CONFIDENTIAL)},
    }.items():
        with pytest.raises(BadInput) as told:
            entered(house, **more)
        assert list(told.value.fields) == [field]
    with pytest.raises(BadInput) as self_entered:
        entered(house, by="records", to="director")
    assert "ผู้บันทึกคำสั่ง" in self_entered.value.fields["delegate"]
    with pytest.raises(NotPermitted):
        entered(house, by="clerk", whom="records", to="director")
    with pytest.raises(BadInput):
        entered(house, position_id=house.theirs["head"].position_id)
    with pytest.raises(BadInput):
        entered(house, person_id=house.theirs["head"].person_id, to="director")


def test_an_acting_officer_hands_on_only_with_leave(house: House) -> None:
    first = entered(house, capacity=Capacity.ON_BEHALF, limits=Limits((Form.ORDER,)), may_hand_on=True)
    deputy = acting(house, "records", first.id)
    assert deputy is not None
    further = an_order(house, whom="director", capacity=Capacity.ON_BEHALF)
    with pytest.raises(BadInput) as beyond:
        delegating.enter_delegation(house.office, actor=deputy, order=further)
    assert "ขอบเขต" in beyond.value.fields["limits"]
    delegating.enter_delegation(
        house.office, actor=deputy, order=replace(further, limits=Limits((Form.ORDER,), incoming=True))
    )
    with pytest.raises(NotPermitted):
        delegating.enter_delegation(house.office, actor=deputy, order=an_order(house, whom="director", to="clerk"))


def test_the_document_is_kept_and_opened_by_whom_it_concerns(house: House) -> None:
    page_pdf = drafting.preview_letter(house.office, actor=house.ours["clerk"], letter_id=house.draft()).pdf

    def kept(data: bytes) -> OrderFile:
        admin, file = house.ours["admin"], io.BytesIO(data)
        return delegating.keep_file(house.office, actor=admin, file=file, file_name="../คำสั่ง 12.pdf")

    made = delegating.enter_delegation(
        house.office,
        actor=house.ours["admin"],
        order=an_order(house),
        file=kept(page_pdf),
    )

    gone = OrderFile(Digest.of(b"kept with a page of yesterday"), "คำสั่ง.pdf")
    with pytest.raises(BadInput) as told:
        delegating.enter_delegation(house.office, actor=house.ours["admin"], order=an_order(house), file=gone)
    assert "เลือกไฟล์อีกครั้ง" in told.value.fields["file"]
    for who in ("records", "head", "admin"):
        opened = delegating.open_order(house.office, actor=house.ours[who], delegation_id=made.id)
        assert opened == (page_pdf, "คำสั่ง 12.pdf")
    for stranger in (house.ours["clerk"], house.theirs["admin"]):
        with pytest.raises(NotFound):
            delegating.open_order(house.office, actor=stranger, delegation_id=made.id)
    with pytest.raises(BadInput):
        kept(b"no pdf")
    with pytest.raises(ConcurrentEdit):
        delegating.revoke_delegation(
            house.office, actor=house.ours["admin"], delegation_id=made.id, reason="x", version=7
        )
