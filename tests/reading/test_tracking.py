"""Dispatches, their evidence in time, and counts."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine

from saraban.domain.dispatch import Dispatch, DispatchState, Evidence, EvidenceKind
from saraban.domain.errors import NotFound
from saraban.domain.letter import LetterState
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.reading.tracking import dispatch, dispatches, tally, timeline
from saraban.usecases.outgoing import OutboxItem
from tests.reading.office import DIGEST, NOW, Office, open_office


def _note(office: Office, of: Dispatch, step: str, kind: EvidenceKind, minutes: int, **more: object) -> None:
    at = NOW + timedelta(minutes=minutes)
    evidence = Evidence(uuid4(), office.agency.id, of.id, step, kind, at, NOW, **more)  # type: ignore[arg-type]
    with office.uow() as uow:
        uow.dispatches.note(evidence)
        uow.commit()


def test_a_timeline_begins_in_the_queue_and_goes_by_time_whatever_the_order_of_arrival(
    office: Office, reader: Connection
) -> None:
    sent = office.dispatch(office.letter(state=LetterState.DISPATCHED))
    _note(office, sent, "registered", EvidenceKind.RECEIPT, 9, verdict={"intact": True}, raw=DIGEST)
    _note(office, sent, "sent", EvidenceKind.SMTP_REPLY, 1, text="250 ok")
    _note(office, sent, "received", EvidenceKind.RECEIPT, -60, counts=False, statement={"step": "received"})

    rows = timeline(reader, office.central_clerk, sent.id)

    assert [(row.step, row.kind) for row in rows] == [
        ("queued", None),
        ("received", "receipt"),
        ("sent", "smtp-reply"),
        ("registered", "receipt"),
    ]
    assert rows[0].at == NOW
    assert (rows[1].counts, rows[1].statement) == (False, {"step": "received"})
    assert (rows[3].verdict, rows[3].raw) == ({"intact": True}, DIGEST)
    assert rows[2].text == "250 ok"


def test_steps_of_one_moment_stand_in_the_order_of_the_ladder(office: Office, reader: Connection) -> None:
    sent = office.dispatch(office.letter())
    for step in ("registered", "sent", "received", "number-wrong"):
        _note(office, sent, step, EvidenceKind.RECEIPT, 1)

    steps = [row.step for row in timeline(reader, office.central_clerk, sent.id)]

    assert steps == ["queued", "sent", "received", "registered", "number-wrong"]


def test_receivers_in_trouble_come_first(office: Office, reader: Connection) -> None:
    letter = office.letter()
    office.dispatch(letter, "a", state=DispatchState.RECEIVED)
    office.dispatch(letter, "d", problem="รอส่งอีกครั้ง")
    office.dispatch(letter, "c", state=DispatchState.REGISTERED, problem="เก่า")
    office.dispatch(letter, "b", state=DispatchState.UNDELIVERED)

    assert [row.to_code for row in dispatches(reader, office.central_clerk, letter.id)] == ["b", "d", "a", "c"]
    assert tally(reader, office.central_clerk, letter.id) == {
        "received": 1,
        "queued": 1,
        "registered": 1,
        "undelivered": 1,
    }


def test_a_dispatch_tells_how_its_message_fares(office: Office, reader: Connection) -> None:
    sent = office.dispatch(office.letter())
    before = dispatch(reader, office.central_clerk, sent.id)
    assert (before.attempts, before.next_at, before.last_reply, before.outbox_state) == (0, None, "", None)
    item = OutboxItem(
        id=uuid4(),
        agency_id=office.agency.id,
        agency_code=office.agency.code,
        kind=OutboxKind.LETTER,
        ref=sent.id,
        envelope=Envelope("saraban@onep.example", "saraban@moi.example", "<d@x>", (), DIGEST, 0, OutboxKind.LETTER),
        give_up_at=NOW + timedelta(days=3),
    )
    with office.uow() as uow:
        uow.outbox.put(item, NOW)
        uow.commit()
    with office.uow() as uow:
        (claimed,) = uow.outbox.claim(NOW, timedelta(minutes=5), 1)
        uow.outbox.postpone(claimed, "451 later", NOW + timedelta(minutes=4))
        uow.commit()

    after = dispatch(reader, office.central_clerk, sent.id)

    assert (after.attempts, after.next_at, after.last_reply) == (1, NOW + timedelta(minutes=4), "451 later")
    assert dispatches(reader, office.central_clerk, sent.letter_id) == [after]


def test_tracking_is_not_found_for_those_who_may_not_read_the_letter(
    office: Office, reader: Connection, engine: Engine
) -> None:
    letter = office.letter(unit=office.central, by=office.central_clerk)
    sent = office.dispatch(letter)

    for actor in (office.legal_clerk, open_office(engine, "dnp").central_clerk):
        for look, key in ((dispatches, letter.id), (tally, letter.id), (dispatch, sent.id), (timeline, sent.id)):
            with pytest.raises(NotFound):
                look(reader, actor, key)  # type: ignore[operator]
