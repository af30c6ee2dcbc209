"""Queues: two workers never hold the same row at once, and what a dead worker held comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select

from saraban.domain.attachment import Digest
from saraban.domain.receipt import Receipt, ReceiptId, Step
from saraban.exchange.envelope import Encoded, Envelope, Literal, OutboxKind
from saraban.storage.tables.exchange import outbox
from saraban.usecases.books import InboxItem, Statement, UnitOfWork
from saraban.usecases.outgoing import OutboxItem
from tests.builders import NOW, StaffedAgency, a_dispatch, a_letter
from tests.storage.conftest import NewUow
from tests.storage.fighting import side_by_side

LEASE = timedelta(seconds=60)


def an_envelope() -> Envelope:
    file = Digest.of(b"file")
    return Envelope(
        mail_from="saraban@onep.example",
        rcpt_to="saraban@dopa.example",
        message_id=f"<{uuid4()}@onep.example>",
        segments=(Literal(b"From: x\r\n\r\n\x00\xff"), Encoded(file, Digest.of(b"ZmlsZQ==\r\n"), 10)),
        sha256=Digest.of(b"all"),
        size=23,
        kind=OutboxKind.LETTER,
        envid=uuid4(),
    )


def an_outbox_item(office: StaffedAgency) -> OutboxItem:
    return OutboxItem(uuid4(), office.agency.id, "onep", OutboxKind.LETTER, uuid4(), an_envelope(), NOW + 99 * LEASE)


def an_inbox_item(office: StaffedAgency, uid: int = 1) -> InboxItem:
    return InboxItem(uuid4(), office.agency.id, office.agency.mailbox, 7, uid, Digest.of(b"raw %d" % uid), NOW)


def a_statement(office: StaffedAgency) -> Statement:
    receipt = Receipt(
        id=ReceiptId(uuid4()),
        of=uuid4(),
        manifest_sha256=Digest.of(b"m").hex,
        step=Step.RECEIVED,
        from_code="onep",
        from_mailbox="saraban@onep.example",
        to_code="dopa",
        to_mailbox="saraban@dopa.example",
        at=NOW,
    )
    return Statement(
        receipt, office.agency.id, None, "<m@dopa.example>", first_answer=True, automatic=True, made_at=NOW
    )


def _put_outbox(uow: UnitOfWork, office: StaffedAgency, n: int) -> UUID:
    item = an_outbox_item(office)
    uow.outbox.put(item, NOW + timedelta(milliseconds=n))
    return item.id


def _put_inbox(uow: UnitOfWork, office: StaffedAgency, n: int) -> UUID:
    item = replace(an_inbox_item(office, n + 1), taken_at=NOW + timedelta(milliseconds=n))
    uow.inbox.take_in(item, "<m>", item.sha256)
    return item.id


def _put_dispatch(uow: UnitOfWork, office: StaffedAgency, n: int) -> UUID:
    letter = a_letter(office["clerk"])
    uow.letters.add(letter)
    dispatch = a_dispatch(letter, created_at=NOW + timedelta(milliseconds=n))
    uow.dispatches.add(dispatch)
    return dispatch.id


def _put_statement(uow: UnitOfWork, office: StaffedAgency, n: int) -> UUID:
    statement = replace(a_statement(office), made_at=NOW + timedelta(milliseconds=n))
    uow.statements.add(statement)
    return statement.receipt.id


QUEUES: dict[str, tuple[Callable[[UnitOfWork, StaffedAgency, int], UUID], Callable[..., Sequence[UUID]]]] = {
    "outbox": (_put_outbox, lambda uow, now, most: [i.id for i in uow.outbox.claim(now, LEASE, most)]),
    "inbox": (_put_inbox, lambda uow, now, most: [i.id for i in uow.inbox.claim(now, LEASE, most)]),
    "dispatches": (
        _put_dispatch,
        lambda uow, now, most: [d.id for d in uow.dispatches.claim_uncomposed(now, LEASE, most)],
    ),
    "statements": (
        _put_statement,
        lambda uow, now, most: [s.receipt.id for s in uow.statements.claim_uncomposed(now, LEASE, most)],
    ),
}
LATER = NOW + timedelta(seconds=1)


@pytest.fixture(params=QUEUES)
def queue(request: pytest.FixtureRequest, new_uow: NewUow, office: StaffedAgency):  # type: ignore[no-untyped-def]
    """A queue with twelve rows: (their ids, the oldest first; a claim of at most so many at a moment)."""
    put, claim = QUEUES[request.param]
    with new_uow() as uow:
        put_in = {n: put(uow, office, n) for n in (7, 2, 11, 0, 5, 9, 1, 10, 3, 8, 4, 6)}
        uow.commit()
    ids = [put_in[n] for n in range(12)]

    def claim_now(now=LATER, most: int = 20) -> list[UUID]:  # type: ignore[no-untyped-def]
        with new_uow() as uow:
            found = list(claim(uow, now, most))
            uow.commit(final=False)
        return found

    return ids, claim_now


def test_workers_side_by_side_never_hold_the_same_row_and_nothing_is_left_over(queue) -> None:  # type: ignore[no-untyped-def]
    ids, claim = queue

    def work(_: int) -> list[UUID]:
        held: list[UUID] = []
        while found := claim(most=2):
            held += found
        return held

    held = [row for rows in side_by_side(4, work) for row in rows]
    held += claim()  # what a worker passed over while another held its lock

    assert sorted(held) == sorted(ids)


def test_what_is_claimed_comes_in_its_order(queue) -> None:  # type: ignore[no-untyped-def]
    ids, claim = queue
    assert claim(most=5) + claim(most=5) + claim() == ids


def test_a_lease_keeps_others_away_until_it_ends(queue) -> None:  # type: ignore[no-untyped-def]
    ids, claim = queue
    assert sorted(claim()) == sorted(ids)

    assert claim(LATER + LEASE - timedelta(seconds=1)) == []
    assert sorted(claim(LATER + LEASE + timedelta(seconds=1))) == sorted(ids)


def test_a_claim_that_was_rolled_back_holds_nothing(queue, new_uow: NewUow, request) -> None:  # type: ignore[no-untyped-def]
    ids, claim = queue
    with new_uow() as uow:
        for _, claimed in QUEUES.values():
            claimed(uow, LATER, 20)

    assert sorted(claim()) == sorted(ids)


@pytest.mark.only_database("postgresql")
def test_on_postgresql_a_worker_passes_over_rows_that_another_is_claiming(queue, new_uow: NewUow, request) -> None:  # type: ignore[no-untyped-def]
    ids, claim = queue
    name = request.node.callspec.params["queue"]
    with new_uow() as slow:
        first = list(QUEUES[name][1](slow, LATER, 5))
        second = claim()  # would wait for ever without SKIP LOCKED
        slow.commit(final=False)

    assert len(first) == 5 and len(second) == 7
    assert sorted([*first, *second]) == sorted(ids)


def test_a_message_comes_back_from_the_outbox_byte_for_byte(new_uow: NewUow, office: StaffedAgency) -> None:
    item = an_outbox_item(office)
    with new_uow() as uow:
        uow.outbox.put(item, NOW)
        [claimed] = uow.outbox.claim(NOW, LEASE, 5)

    assert claimed.envelope == item.envelope
    assert (claimed.attempts, claimed.ref, claimed.give_up_at) == (1, item.ref, item.give_up_at)


def test_a_message_that_was_sent_postponed_failed_or_stopped_is_not_due(new_uow: NewUow, office: StaffedAgency) -> None:
    items = [an_outbox_item(office) for _ in range(4)]
    with new_uow() as uow:
        for item in items:
            uow.outbox.put(item, NOW)
        uow.outbox.sent(items[0], "250 ok", NOW)
        uow.outbox.postpone(items[1], "451 later", NOW + timedelta(hours=1))
        uow.outbox.fail(items[2], "550 no", NOW)
        uow.outbox.stop(office.agency.id, items[3].ref)

        assert uow.outbox.claim(NOW + timedelta(minutes=59), LEASE, 9) == []
        assert [i.id for i in uow.outbox.claim(NOW + timedelta(hours=1), LEASE, 9)] == [items[1].id]


def test_what_was_sent_may_be_queued_again_with_its_attempts_counted_anew(
    engine: Engine, new_uow: NewUow, office: StaffedAgency
) -> None:
    item = an_outbox_item(office)
    with new_uow() as uow:
        uow.outbox.put(item, NOW)
        uow.outbox.claim(NOW, LEASE, 1)
        uow.outbox.sent(item, "250 ok", NOW)
        assert uow.outbox.again(office.agency.id, item.ref, NOW)
        assert not uow.outbox.again(office.agency.id, uuid4(), NOW)
        uow.commit()

    with engine.connect() as connection:
        row = connection.execute(select(outbox.c.state, outbox.c.attempts, outbox.c.sha256)).one()
    assert tuple(row) == ("queued", 0, item.envelope.sha256)


def test_a_message_is_taken_in_once_for_its_place_in_the_mailbox(new_uow: NewUow, office: StaffedAgency) -> None:
    item = an_inbox_item(office)
    again = InboxItem(uuid4(), item.agency_id, item.mailbox, item.uidvalidity, item.uid, item.sha256, NOW)
    with new_uow() as uow:
        assert uow.inbox.take_in(item, "<m>", item.sha256)
        assert not uow.inbox.take_in(again, "<m>", item.sha256)


def test_fetchers_that_take_in_the_same_message_together_keep_it_once(new_uow: NewUow, office: StaffedAgency) -> None:
    def take_in(_: int) -> bool:
        with new_uow() as uow:
            kept = uow.inbox.take_in(an_inbox_item(office), "<m>", Digest.of(b"key"))
            uow.commit()
        return kept

    assert sorted(side_by_side(4, take_in)) == [False, False, False, True]


def test_a_mailbox_has_one_fetcher_at_a_time_and_the_next_when_the_lease_ends(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    agency = office.agency

    def lease(owner: str, now=NOW) -> bool:  # type: ignore[no-untyped-def]
        with new_uow() as uow:
            got = uow.inbox.lease_mailbox(agency.id, agency.mailbox, owner, now, LEASE)
            uow.commit(final=False)
        return got

    assert sorted(side_by_side(4, lambda n: lease(f"worker {n}"))) == [False, False, False, True]
    assert lease("late worker", NOW + LEASE + timedelta(seconds=1))


def test_a_copy_is_counted_by_its_content_once_the_first_was_judged(new_uow: NewUow, office: StaffedAgency) -> None:
    first, second = an_inbox_item(office, 1), an_inbox_item(office, 2)
    with new_uow() as uow:
        for item in (first, second):
            uow.inbox.take_in(item, "<m>", Digest.of(b"same content"))
        before = uow.inbox.copies(second)
        uow.inbox.decide(first, "accepted", "", NOW)

        assert (before, uow.inbox.copies(second)) == (0, 1)
