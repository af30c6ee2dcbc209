"""Receivers without the system: the mail that they get, the link in it, and what clerks write down."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from threading import Thread

import pytest

from saraban.crypto import demo_pki, keys
from saraban.domain.attachment import Digest
from saraban.domain.dispatch import Dispatch, DispatchState, EvidenceKind
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, SarabanError, StageNotAllowed
from saraban.exchange.parse import read_message
from saraban.storage.tables.exchange import dispatches, evidence
from saraban.usecases import confirming, dispatching, outsiders
from saraban.usecases.dispatching import compose_next
from saraban.usecases.drafting import start_letter
from tests.builders import CONTENT
from tests.usecases.house import House

SITE = "https://saraban.example.go.th"
TEMPLE = "office@temple.example"


def _open_to_all(house: House, site: str = SITE) -> None:
    house.real = replace(house.real, services=replace(house.real.services, public_url=site))


def _sent(house: House, **changes: object) -> tuple[Dispatch, str]:
    """A letter to a receiver of our own list, and the text of its mail."""
    outsiders.add_outsider(house.office, actor=house.ours["clerk"], name="วัดตัวอย่าง", mailbox=TEMPLE)
    letter_id = house.dispatched(**({"recipients": (TEMPLE,)} | changes))
    compose_next(house.office)
    [row] = house.rows(dispatches)
    with house.office.uow() as uow:
        dispatch = uow.dispatches.get(house.ours.agency.id, row.id)
        envelope = uow.outbox.envelope(house.ours.agency.id, row.id)
    assert dispatch.letter_id == letter_id and envelope is not None
    return dispatch, read_message(b"".join(envelope.chunks(house.office.blobs.open))).text


def _token(text: str) -> str:
    found = re.search(rf"{SITE}/r/(\S+)", text)
    assert found is not None
    return found[1]


def _again(house: House, dispatch: Dispatch) -> Dispatch:
    with house.office.uow() as uow:
        return uow.dispatches.get(dispatch.agency_id, dispatch.id)


def test_a_receiver_outside_the_directory_gets_a_mail_that_explains_itself(house: House) -> None:
    _open_to_all(house)
    dispatch, text = _sent(house)

    assert (dispatch.to_name, dispatch.to_mailbox, dispatch.speaks_saraban) == ("วัดตัวอย่าง", TEMPLE, False)
    letter = house.letter(dispatch.letter_id)
    for said in ("วัดตัวอย่าง", letter.content.subject, letter.files[0].sha256.hex, "certutil", "ลายมือชื่อดิจิทัล", "Reply"):
        assert said in text
    assert str(dispatch.id) in text
    token = _token(text)
    assert dispatch.link == Digest.of(token.encode()) and len(token) >= 22


def test_the_token_is_in_no_table_but_in_the_mail(house: House) -> None:
    _open_to_all(house)
    dispatch, text = _sent(house)
    token = _token(text)

    assert token not in repr(house.rows(dispatches)) + repr(house.journal()) + repr(house.told("letter.dispatched"))
    assert dispatch.link is not None and token not in dispatch.link.hex


def test_without_a_public_address_the_mail_asks_for_a_reply_or_a_call(house: House) -> None:
    _open_to_all(house, "")
    dispatch, text = _sent(house)

    assert dispatch.link is None and "/r/" not in text
    assert "ตอบกลับไปรษณีย์ฉบับนี้" in text and "โทรศัพท์" in text


def test_an_agency_with_the_system_gets_no_link(house: House) -> None:
    _open_to_all(house)
    house.dispatched()
    compose_next(house.office)

    assert [row.link for row in house.rows(dispatches)] == [None]


def test_the_link_is_acknowledged_once_as_evidence_of_its_own_class(house: House) -> None:
    _open_to_all(house)
    dispatch, text = _sent(house)
    token = _token(text)
    page = confirming.open_link(house.office, token=token)
    assert page.done is None and page.letter.number
    assert house.rows(evidence) == []  # looking is not acknowledging

    done = confirming.acknowledge_by_link(
        house.office, token=token, name="พระครูตัวอย่าง", position="เลขานุการเจ้าอาวาส", number="๔๕", day=date(2026, 11, 23)
    )

    assert done.done is not None and done.done.kind is EvidenceKind.LINK
    now = _again(house, dispatch)
    assert (now.state, now.register_number, now.register_year) == (DispatchState.REGISTERED, "45", 2569)
    assert now.proved_by is EvidenceKind.LINK
    [told] = house.told("dispatch.confirmed")
    assert (told["values"]["kind"], told["values"]["who"]) == ("link", "พระครูตัวอย่าง")
    with pytest.raises(StageNotAllowed):
        confirming.acknowledge_by_link(house.office, token=token, name="คนอื่น", position="อื่น")
    assert confirming.open_link(house.office, token=token).done == done.done


def test_without_a_receiving_number_it_is_received_and_no_more(house: House) -> None:
    _open_to_all(house)
    dispatch, text = _sent(house)

    confirming.acknowledge_by_link(house.office, token=_token(text), name="นางสาวรับ", position="ธุรการ")

    assert _again(house, dispatch).state is DispatchState.RECEIVED


def test_two_who_press_at_once_are_one_acknowledgement(either_house: House) -> None:
    house = either_house
    since, until = house.clock.now() - timedelta(days=1), house.clock.now() + timedelta(days=30)
    root = demo_pki.make_root("root", since, until)
    keys.store_seal(
        house.keys_folder, "onep", demo_pki.issue_seal(root, "o", "saraban@onep.example", since, until), "m" * 40
    )
    _open_to_all(house)
    dispatch, text = _sent(house)
    told: list[str] = []

    def press(name: str) -> None:
        try:
            confirming.acknowledge_by_link(house.office, token=_token(text), name=name, position="ธุรการ")
            told.append("done")
        except SarabanError as error:
            told.append(error.code)

    threads = [Thread(target=press, args=(f"คนที่ {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert told.count("done") == 1 and len(told) == 4
    assert len(house.rows(evidence)) == 1
    assert _again(house, dispatch).state is DispatchState.RECEIVED


@pytest.mark.parametrize("token", ["", "x", "A" * 24, "ก" * 24, "../../etc", "A" * 5000])
def test_a_token_that_nobody_has_is_not_found(house: House, token: str) -> None:
    with pytest.raises(NotFound):
        confirming.open_link(house.office, token=token)


def test_an_expired_link_looks_like_one_that_never_was(house: House) -> None:
    _open_to_all(house)
    _, text = _sent(house)
    with pytest.raises(NotFound) as unknown:
        confirming.open_link(house.office, token="A" * 24)
    house.clock.pass_by(timedelta(days=91))
    with pytest.raises(NotFound) as expired:
        confirming.open_link(house.office, token=_token(text))

    assert expired.value.thai == unknown.value.thai
    with pytest.raises(NotFound):
        confirming.acknowledge_by_link(house.office, token=_token(text), name="สาย", position="ธุรการ")


def test_what_is_missing_is_told_by_field_and_nothing_is_kept(house: House) -> None:
    _open_to_all(house)
    _, text = _sent(house)
    with pytest.raises(BadInput) as refused:
        confirming.acknowledge_by_link(
            house.office, token=_token(text), name=" ", position="", day=house.clock.now().date() + timedelta(days=2)
        )

    assert set(refused.value.fields) == {"name", "position", "day"}
    assert house.rows(evidence) == []


def test_files_are_given_by_the_link_and_no_others(house: House) -> None:
    _open_to_all(house)
    dispatch, text = _sent(house)
    letter = house.letter(dispatch.letter_id)
    file, data = confirming.open_link_file(house.office, token=_token(text), sha256=letter.files[0].sha256)

    assert file == letter.files[0] and Digest.of(data) == file.sha256
    with pytest.raises(NotFound):
        confirming.open_link_file(house.office, token=_token(text), sha256=house.office.blobs.keep(b"another"))


def _by_phone(house: House, dispatch: Dispatch, who: str = "clerk", **more: object) -> Dispatch:
    values: dict[str, object] = {"name": "นายรับสาย", "phone": "0 2555 0100"} | more
    return confirming.confirm_by_hand(
        house.office,
        actor=house.ours[who],
        dispatch_id=dispatch.id,
        kind=EvidenceKind.PHONE,
        **values,  # type: ignore[arg-type]
    )


def test_a_call_is_written_down_by_the_clerk(house: House) -> None:
    dispatch, _ = _sent(house)
    house.clock.pass_by(timedelta(hours=3))
    at = house.clock.now() - timedelta(hours=1)

    done = _by_phone(house, dispatch, number="12", note="จะส่งหนังสือตอบ", at=at)

    assert (done.state, done.proved_by, done.register_number) == (DispatchState.REGISTERED, EvidenceKind.PHONE, "12")
    [proof] = house.rows(evidence)
    assert proof.at == at and "0 2555 0100" in repr(proof.statement) and proof.counts
    assert house.told("dispatch.confirmed")[0]["values"]["kind"] == "phone"


def test_a_call_needs_a_number_a_name_and_a_time_that_was(house: House) -> None:
    dispatch, _ = _sent(house)
    with pytest.raises(BadInput) as refused:
        _by_phone(house, dispatch, name="", phone="")
    assert set(refused.value.fields) == {"name", "phone"}
    for wrong in (house.clock.now() + timedelta(minutes=1), dispatch.created_at - timedelta(days=1)):
        with pytest.raises(BadInput) as refused:
            _by_phone(house, dispatch, at=wrong)
        assert set(refused.value.fields) == {"at"}


def test_who_may_write_it_down(house: House) -> None:
    dispatch, _ = _sent(house)
    with pytest.raises(NotPermitted):
        _by_phone(house, dispatch, who="head")
    with pytest.raises(NotFound):
        confirming.confirm_by_hand(
            house.office,
            actor=house.theirs["clerk"],
            dispatch_id=dispatch.id,
            kind=EvidenceKind.PHONE,
            name="x",
            phone="1",
        )


def test_a_reply_can_be_written_down_only_when_one_came(house: House) -> None:
    dispatch, _ = _sent(house)
    with pytest.raises(RuleBroken):
        confirming.confirm_by_hand(
            house.office, actor=house.ours["clerk"], dispatch_id=dispatch.id, kind=EvidenceKind.REPLY, name="นายรับ"
        )
    with pytest.raises(BadInput):
        confirming.confirm_by_hand(
            house.office, actor=house.ours["clerk"], dispatch_id=dispatch.id, kind=EvidenceKind.RECEIPT, name="นายรับ"
        )


def test_the_list_is_the_agencys_own_and_knows_the_directory(house: House) -> None:
    clerk = house.ours["clerk"]
    made = outsiders.add_outsider(house.office, actor=clerk, name=" วัด  ตัวอย่าง ", mailbox=" Office@Temple.Example ")
    assert (made.name, made.mailbox) == ("วัด ตัวอย่าง", TEMPLE)
    renamed = outsiders.add_outsider(house.office, actor=house.ours["admin"], name="วัดตัวอย่างวราราม", mailbox=TEMPLE)
    assert renamed.id == made.id and house.journal().count("receiver.added") == 2
    for name, mailbox, field in (
        ("กรมการปกครอง", "saraban@dopa.example", "mailbox"),
        ("เรา", "saraban@onep.example", "mailbox"),
        ("", TEMPLE, "name"),
        ("x", "not an address", "mailbox"),
        ("x", "a@b", "mailbox"),
        ("x\n" + "y" * 300, TEMPLE, "name"),
    ):
        with pytest.raises(BadInput) as refused:
            outsiders.add_outsider(house.office, actor=clerk, name=name, mailbox=mailbox)
        assert set(refused.value.fields) == {field}
    with pytest.raises(NotPermitted):
        outsiders.add_outsider(house.office, actor=house.ours["head"], name="วัด", mailbox="b@c.example")


def test_another_agencys_receivers_cannot_be_chosen_nor_retired_ones(house: House) -> None:
    made = outsiders.add_outsider(house.office, actor=house.ours["clerk"], name="วัดตัวอย่าง", mailbox=TEMPLE)
    with pytest.raises(BadInput):
        content = replace(CONTENT, recipients=(TEMPLE,))
        start_letter(house.office, actor=house.theirs["clerk"], content=content)
    with pytest.raises(NotFound):
        outsiders.retire_outsider(house.office, actor=house.theirs["clerk"], outsider_id=made.id)
    outsiders.retire_outsider(house.office, actor=house.ours["clerk"], outsider_id=made.id)
    with pytest.raises(BadInput) as refused:
        house.draft(recipients=(TEMPLE,))
    assert "recipients" in refused.value.fields


def test_a_receiver_that_was_retired_after_issue_is_told_when_sending(house: House) -> None:
    made = outsiders.add_outsider(house.office, actor=house.ours["clerk"], name="วัดตัวอย่าง", mailbox=TEMPLE)
    letter_id = house.signed(recipients=(TEMPLE,))
    outsiders.retire_outsider(house.office, actor=house.ours["clerk"], outsider_id=made.id)
    with pytest.raises(RuleBroken) as refused:
        dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert refused.value.code == "unknown-receiver"
