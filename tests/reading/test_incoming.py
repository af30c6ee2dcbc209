"""The list of incoming letters, its counts and neighbours, and the receipts given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.receipt import Receipt, ReceiptId, RegisteredAs, Step
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.reading.incoming import counts, incoming, letter, neighbours, receipts_given, waiting
from saraban.usecases.books import Statement
from saraban.usecases.outgoing import OutboxItem
from tests.reading.office import DIGEST, NOW, YEAR, Office


def test_each_state_has_its_list_and_its_count(office: Office, reader: Connection) -> None:
    for minutes, state in enumerate(IncomingState):
        office.incoming(subject=state.value, state=state, minutes=minutes)
    office.incoming(subject="ของกอง", unit=office.legal, minutes=99)

    clerk = office.central_clerk
    listed = {
        state: [row.subject for row in incoming(reader, clerk, state=state).items]
        for state in ("new", "held", "registered", "refused", "all")
    }

    assert listed == {
        "new": ["ของกอง", "new"],
        "held": ["held"],
        "registered": ["registered"],
        "refused": ["refused"],
        "all": ["ของกอง", *(state.value for state in reversed(IncomingState))],
    }
    assert counts(reader, clerk) == {"new": 2, "held": 1, "recall": 0}
    assert counts(reader, office.legal_clerk) == {"new": 1, "held": 0, "recall": 0}
    assert [row.subject for row in incoming(reader, clerk, state="gone").items] == ["replaced", "recalled", "forwarded"]


def test_a_mail_that_was_tried_again_stands_in_the_list_once(office: Office, reader: Connection) -> None:
    mails = {name: Digest.of(name.encode()) for name in ("twice", "elsewhere")}
    for state in (IncomingState.SUPERSEDED, IncomingState.SUPERSEDED, IncomingState.HELD):
        office.incoming(subject="twice", state=state, raw_sha256=mails["twice"])
    office.incoming(subject="a good copy came", state=IncomingState.SUPERSEDED, raw_sha256=mails["elsewhere"])

    clerk = office.central_clerk
    assert sorted((row.subject, row.state.value) for row in incoming(reader, clerk).items) == [
        ("a good copy came", "superseded"),
        ("twice", "held"),
    ]
    assert counts(reader, clerk)["held"] == 1


def test_a_state_that_does_not_exist_is_bad_input(office: Office, reader: Connection) -> None:
    with pytest.raises(BadInput):
        incoming(reader, office.central_clerk, state="superseded")


def test_a_row_tells_the_blocking_findings_and_counts_the_files(office: Office, reader: Connection) -> None:
    findings = (
        {"check": "seal", "code": "signature-missing", "thai": "ไม่มีตรา", "blocking": True},
        {"check": "size", "code": "large", "thai": "ใหญ่", "blocking": False},
    )
    made = office.incoming(state=IncomingState.HELD, findings=findings, files=3, ordinary=True, copies=2)

    row = letter(reader, office.central_clerk, made.id)

    assert row.reasons == [findings[0]]
    assert (row.file_count, row.copies, row.ordinary) == (3, 2, True)
    listed = replace(row, unread=True)  # nobody has opened it
    assert incoming(reader, office.central_clerk, state="held").items == [listed]
    assert waiting(reader, office.central_clerk, IncomingState.HELD) == [row]


def test_pages_give_every_letter_once(office: Office, reader: Connection) -> None:
    made = {office.incoming(minutes=n // 3).id for n in range(7)}
    first = incoming(reader, office.central_clerk, limit=4)
    second = incoming(reader, office.central_clerk, limit=4, cursor=first.next)

    assert (len(first.items), len(second.items), second.next) == (4, 3, None)
    assert {row.id for row in first.items + second.items} == made


def test_a_letter_is_found_by_subject_sender_and_number(office: Office, reader: Connection) -> None:
    office.incoming(subject="แผนน้ำ", number="มท ๐๒๐๑/๗๗")
    office.incoming(subject="แผนไฟ", number="มท 0201/78")

    for q in ("แผนน้ํา", "0201/77", "มท0201/๗๗ มหาดไทย"):
        assert [row.subject for row in incoming(reader, office.central_clerk, q=q).items] == ["แผนน้ำ"]


def test_neighbours_are_those_of_the_same_state_in_the_order_of_the_list(office: Office, reader: Connection) -> None:
    made = [office.incoming(minutes=n // 2) for n in range(4)]
    office.incoming(minutes=1, state=IncomingState.HELD)
    order = [row.id for row in incoming(reader, office.central_clerk, state="new").items]

    found = [neighbours(reader, office.central_clerk, each) for each in order]

    assert found == [(None, order[1]), (order[0], order[2]), (order[1], order[3]), (order[2], None)]
    assert set(order) == {one.id for one in made}


def test_what_may_not_be_read_is_not_found(office: Office, reader: Connection) -> None:
    secret = office.incoming(unit=office.legal, secrecy=Secrecy.SECRET)

    for look in (letter, neighbours, receipts_given):
        with pytest.raises(NotFound):
            look(reader, office.legal_clerk, secret.id)
    assert incoming(reader, office.legal_clerk).items == []


def test_receipts_stand_with_what_became_of_their_messages(office: Office, reader: Connection) -> None:
    made = office.incoming()
    owed = [_statement(office, made.id, step, n) for n, step in enumerate((Step.RECEIVED, Step.REGISTERED))]
    item = OutboxItem(
        id=uuid4(),
        agency_id=office.agency.id,
        agency_code=office.agency.code,
        kind=OutboxKind.RECEIPT,
        ref=owed[0].receipt.id,
        envelope=Envelope("saraban@onep.example", "saraban@moi.example", "<r@x>", (), DIGEST, 0, OutboxKind.RECEIPT),
        give_up_at=NOW + timedelta(days=3),
    )
    with office.uow() as uow:
        for statement in owed:
            uow.statements.add(statement)
        uow.statements.sealed(owed[0].receipt.id, DIGEST)
        uow.outbox.put(item, NOW)
        uow.outbox.sent(item, "250 ok", NOW + timedelta(minutes=1))
        uow.commit()

    first, second = receipts_given(reader, office.central_clerk, made.id)

    assert (first.step, first.sealed, first.outbox_state, first.last_reply) == ("received", DIGEST, "sent", "250 ok")
    assert first.sent_at == NOW + timedelta(minutes=1)
    assert (second.step, second.sealed, second.outbox_state, second.sent_at) == ("registered", None, None, None)


def _statement(office: Office, incoming_id: object, step: Step, minutes: int) -> Statement:
    at = NOW + timedelta(minutes=minutes)
    receipt = Receipt(
        id=ReceiptId(uuid4()),
        of=uuid4(),
        manifest_sha256="0" * 64,
        step=step,
        from_code="onep",
        from_mailbox="saraban@onep.example",
        to_code="moi",
        to_mailbox="saraban@moi.example",
        at=at,
        register=RegisteredAs("9", YEAR, at) if step is Step.REGISTERED else None,
    )
    return Statement(receipt, office.agency.id, incoming_id, "<one@moi.example>", made_at=at)  # type: ignore[arg-type]
