"""Replies to our letters: of people, of machines, of strangers, and with a letter inside."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from saraban import jobs
from saraban.crypto import demo_pki, keys
from saraban.domain.attachment import Digest
from saraban.domain.dispatch import REPLIED, Dispatch, DispatchState, EvidenceKind
from saraban.storage.tables.exchange import dispatches, evidence, inbox
from saraban.storage.tables.letters import incoming
from saraban.usecases.books import InboxItem
from saraban.usecases.confirming import confirm_by_hand
from saraban.usecases.dispatching import compose_next
from saraban.usecases.outsiders import add_outsider
from tests.usecases.house import MASTER_KEY, House

SCHOOL = "office@school.example"
PDF = "JVBERi0xLjQK"


@pytest.fixture
def sent(either_house: House) -> tuple[House, Dispatch]:
    """A letter to a school without the system, on either database."""
    house = either_house
    since, until = house.clock.now() - timedelta(days=1), house.clock.now() + timedelta(days=30)
    root = demo_pki.make_root("root", since, until)
    seal = demo_pki.issue_seal(root, "o", "saraban@onep.example", since, until)
    keys.store_seal(house.keys_folder, "onep", seal, MASTER_KEY)
    add_outsider(house.office, actor=house.ours["clerk"], name="โรงเรียนบ้านสวน", mailbox=SCHOOL)
    house.dispatched(recipients=(SCHOOL,))
    compose_next(house.office)
    [row] = house.rows(dispatches)
    with house.office.uow() as uow:
        dispatch = uow.dispatches.get(house.ours.agency.id, row.id)
    return house, dispatch


def come_in(house: House, *headers: str, text: str = "ได้รับแล้ว เลขรับ ๔๕", sender: str = SCHOOL, body: str = "") -> bytes:
    """A mail comes into our mailbox and is sorted. Returns its bytes."""
    head = [f"From: {sender}", "To: saraban@onep.example", f"Message-ID: <{uuid4()}@school.example>", *headers]
    raw = ("\r\n".join(head) + "\r\n" + (body or f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n")).encode()
    item = InboxItem(
        uuid4(), house.ours.agency.id, "saraban@onep.example", 1, len(house.rows(inbox)) + 1,
        house.office.blobs.keep(raw), house.clock.now(),
    )  # fmt: skip
    with house.office.uow() as uow:
        uow.inbox.take_in(item, str(item.id), Digest.of(raw))
        uow.commit()
    jobs.sort_mail(house.office)
    return raw


def tied(dispatch_id: UUID) -> str:
    """The header that ties a reply to the dispatch."""
    return f"In-Reply-To: <{dispatch_id}@onep.example>"


def now(house: House, dispatch: Dispatch) -> Dispatch:
    """The dispatch as it stands."""
    with house.office.uow() as uow:
        return uow.dispatches.get(dispatch.agency_id, dispatch.id)


def test_a_persons_reply_is_kept_with_its_words_and_asks_to_be_read(sent: tuple[House, Dispatch]) -> None:
    house, dispatch = sent
    raw = come_in(house, tied(dispatch.id), text="ได้รับแล้ว เลขรับ ๔๕\r\n> เดิม")

    waiting = now(house, dispatch)
    assert (waiting.state, waiting.proved_by, waiting.problem) == (DispatchState.QUEUED, None, REPLIED)
    [proof] = house.rows(evidence)
    assert (proof.text, proof.counts, proof.raw) == ("ได้รับแล้ว เลขรับ ๔๕", False, Digest.of(raw))
    assert [row.outcome for row in house.rows(inbox)] == ["acknowledged"]
    assert house.rows(incoming) == [] and "dispatch.confirmed" not in house.journal()
    assert house.told("dispatch.evidence-shown")[0]["values"]["step"] == "reply"


@pytest.mark.parametrize(("number", "state"), [("๔๕", DispatchState.REGISTERED), ("", DispatchState.RECEIVED)])
def test_a_clerk_who_has_read_the_reply_writes_down_what_it_confirms(
    sent: tuple[House, Dispatch], number: str, state: DispatchState
) -> None:
    house, dispatch = sent
    raw = come_in(house, tied(dispatch.id))

    confirm_by_hand(
        house.office,
        actor=house.ours["clerk"],
        dispatch_id=dispatch.id,
        kind=EvidenceKind.REPLY,
        name="ครูใหญ่",
        number=number,
    )

    done = now(house, dispatch)
    assert (done.state, done.proved_by, done.problem) == (state, EvidenceKind.REPLY, "")
    [proof] = [row for row in house.rows(evidence) if row.counts]
    assert proof.raw == Digest.of(raw)


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-replied", "Subject: Out of office", "Precedence: bulk"])
def test_a_machines_reply_is_shown_and_moves_nothing(sent: tuple[House, Dispatch], header: str) -> None:
    house, dispatch = sent
    come_in(house, tied(dispatch.id), header)

    assert (now(house, dispatch).state, now(house, dispatch).problem) == (DispatchState.QUEUED, "")
    [proof] = house.rows(evidence)
    assert (proof.counts, proof.step) == (False, "auto-reply")
    assert house.rows(incoming) == [] and "dispatch.confirmed" not in house.journal()


def test_an_absence_note_that_answers_nothing_of_ours_is_in_the_log_and_no_card(sent: tuple[House, Dispatch]) -> None:
    house, _ = sent
    come_in(house, "Auto-Submitted: auto-replied", "Subject: Out of office", sender="stranger@elsewhere.example")

    assert house.rows(incoming) == [] and house.rows(evidence) == []
    [mail] = house.rows(inbox)
    assert mail.outcome == "discarded" and "ตอบอัตโนมัติ" in mail.note
    assert house.told("mail.discarded")[0]["values"]["reason"] == mail.note


def test_a_reply_from_elsewhere_is_shown_and_moves_nothing(sent: tuple[House, Dispatch]) -> None:
    house, dispatch = sent
    come_in(house, tied(dispatch.id), sender="stranger@elsewhere.example")

    assert (now(house, dispatch).state, now(house, dispatch).problem) == (DispatchState.QUEUED, "")
    assert "stranger@elsewhere.example" in house.rows(evidence)[0].text


def test_an_id_that_was_only_written_is_believed_from_the_receiver_alone(sent: tuple[House, Dispatch]) -> None:
    house, dispatch = sent
    quoted = f"รับแล้ว\r\n> รหัสการส่ง {dispatch.id}"
    come_in(house, text=quoted, sender="stranger@elsewhere.example")
    assert house.rows(evidence) == [] and len(house.rows(incoming)) == 1

    come_in(house, text=quoted, sender="head@school.example")
    assert now(house, dispatch).problem == REPLIED


def test_a_reply_that_carries_a_letter_is_both(sent: tuple[House, Dispatch]) -> None:
    house, dispatch = sent
    come_in(
        house,
        tied(dispatch.id),
        body="Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\nok\r\n"
        "--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=answer.pdf\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{PDF}\r\n--m--\r\n",
    )

    assert now(house, dispatch).problem == REPLIED
    assert [row.ordinary for row in house.rows(incoming)] == [True]


def test_the_same_reply_fetched_again_is_one_piece_of_evidence(sent: tuple[House, Dispatch]) -> None:
    house, dispatch = sent
    raw = come_in(house, tied(dispatch.id))
    item = InboxItem(
        uuid4(), house.ours.agency.id, "saraban@onep.example", 2, 1, house.office.blobs.keep(raw), house.clock.now()
    )
    with house.office.uow() as uow:
        uow.inbox.take_in(item, "x", Digest.of(b"x"))
        uow.commit()
    jobs.sort_mail(house.office)

    assert len(house.rows(evidence)) == 1 and house.journal().count("dispatch.evidence-shown") == 1
