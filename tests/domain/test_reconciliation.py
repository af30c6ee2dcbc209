"""Laying two lists side by side: the table of docs/wire-reconcile.md, section 6, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.dispatch import DispatchState
from saraban.domain.incoming import IncomingState
from saraban.domain.reconciliation import (
    Difference,
    Outcome,
    ReceivingNumber,
    ReconcileAnswer,
    ReconcileItem,
    Remedy,
    Way,
    compare,
    taken_in_as,
)

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 25)
FIVE = ReceivingNumber("5", 2569)
SENDERS = [state.value for state in DispatchState]
RECEIVERS = ["held", "received", "refused", "forwarded", "recalled", "registered", "completed"]


def item(state: str, dispatch: UUID | None = None, **more: Any) -> ReconcileItem:
    """A dispatch of today as one side holds it."""
    values: dict[str, Any] = {"manifest_sha256": "ab" * 32, "number": "ทส 1", "date": DAY, "state": state, "at": NOW}
    return ReconcileItem(dispatch or uuid4(), **values | more)


def answer(**more: Any) -> ReconcileAnswer:
    """An answer about November that was made an hour later."""
    values: dict[str, Any] = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)}
    plain = ReconcileAnswer(uuid4(), uuid4(), "b", "b@b", "a", "a@a", NOW + timedelta(hours=1), **values)
    return replace(plain, **more)


def as_sender(sent: ReconcileItem | None, received: ReconcileItem | None, **more: Any) -> list[Difference]:
    """What the sender finds."""
    return compare([sent] if sent else [], [], answer(received=(received,) if received else (), **more))


def as_receiver(sent: ReconcileItem | None, received: ReconcileItem | None, **more: Any) -> list[Difference]:
    """What the receiver finds."""
    return compare([], [received] if received else [], answer(sent=(sent,) if sent else (), **more))


def both(sender: str, receiver: str, **more: Any) -> tuple[Difference, Difference]:
    """What sender and receiver find about a dispatch that both have."""
    one = uuid4()
    sent = item(sender, one, **more.get("sent", {}))
    received = item(receiver, one, **more.get("received", {}))
    [ours], [theirs] = as_sender(sent, received), as_receiver(sent, received)
    assert (ours.way, theirs.way) == (Way.SENT, Way.RECEIVED)
    return ours, theirs


@pytest.mark.parametrize(
    ("sender", "receiver", "outcome", "for_sender", "for_receiver"),
    [
        ("received", "received", Outcome.AGREES, Remedy.NONE, Remedy.NONE),
        ("registered", "completed", Outcome.AGREES, Remedy.NONE, Remedy.NONE),
        ("refused", "refused", Outcome.AGREES, Remedy.NONE, Remedy.NONE),
        ("invalid", "held", Outcome.AGREES, Remedy.NONE, Remedy.NONE),
        ("sent", "received", Outcome.RECEIPT_MISSING, Remedy.ASK_RECEIPT, Remedy.ASK_AGAIN),
        ("relayed", "registered", Outcome.RECEIPT_MISSING, Remedy.ASK_RECEIPT, Remedy.ASK_AGAIN),
        ("undelivered", "registered", Outcome.RECEIPT_MISSING, Remedy.ASK_RECEIPT, Remedy.ASK_AGAIN),
        ("received", "refused", Outcome.RECEIPT_MISSING, Remedy.ASK_RECEIPT, Remedy.ASK_AGAIN),
        ("sent", "held", Outcome.HELD, Remedy.LOOK, Remedy.LOOK),
        ("undelivered", "held", Outcome.HELD, Remedy.LOOK, Remedy.LOOK),
        ("registered", "received", Outcome.STATE_DIFFERS, Remedy.LOOK, Remedy.LOOK),
        ("received", "held", Outcome.STATE_DIFFERS, Remedy.LOOK, Remedy.LOOK),
        ("refused", "forwarded", Outcome.STATE_DIFFERS, Remedy.LOOK, Remedy.LOOK),
        ("a-later-word", "registered", Outcome.AGREES, Remedy.NONE, Remedy.NONE),
        ("sent", "a-later-word", Outcome.AGREES, Remedy.NONE, Remedy.NONE),
    ],
)
def test_states_that_both_have(
    sender: str, receiver: str, outcome: Outcome, for_sender: Remedy, for_receiver: Remedy
) -> None:
    ours, theirs = both(sender, receiver)

    assert ours.outcome is theirs.outcome is outcome
    assert (ours.remedy, theirs.remedy) == (for_sender, for_receiver)
    assert ours.thai and theirs.thai and ours.agrees is (for_sender is Remedy.NONE)


@pytest.mark.parametrize(
    ("state", "outcome", "for_sender", "for_receiver"),
    [
        ("sent", (Outcome.THEY_LACK, Outcome.WE_LACK), Remedy.SEND_AGAIN, Remedy.ASK_AGAIN),
        ("registered", (Outcome.THEY_LACK, Outcome.WE_LACK), Remedy.SEND_AGAIN, Remedy.ASK_AGAIN),
        ("undelivered", (Outcome.THEY_LACK, Outcome.WE_LACK), Remedy.SEND_AGAIN, Remedy.ASK_AGAIN),
        ("queued", (Outcome.NOT_SENT_YET, Outcome.NOT_SENT_YET), Remedy.NONE, Remedy.NONE),
        ("recalled", (Outcome.AGREES, Outcome.AGREES), Remedy.NONE, Remedy.NONE),
        ("refused", (Outcome.STATE_DIFFERS, Outcome.STATE_DIFFERS), Remedy.LOOK, Remedy.LOOK),
        ("forwarded", (Outcome.STATE_DIFFERS, Outcome.STATE_DIFFERS), Remedy.LOOK, Remedy.LOOK),
    ],
)
def test_what_only_the_sender_has(
    state: str, outcome: tuple[Outcome, Outcome], for_sender: Remedy, for_receiver: Remedy
) -> None:
    [ours], [theirs] = as_sender(item(state), None), as_receiver(item(state), None)

    assert (ours.outcome, theirs.outcome) == outcome
    assert (ours.remedy, theirs.remedy) == (for_sender, for_receiver)


def test_what_only_the_receiver_has_needs_a_person() -> None:
    [ours], [theirs] = as_sender(None, item("registered")), as_receiver(None, item("registered"))

    assert (ours.outcome, theirs.outcome) == (Outcome.UNKNOWN_HERE, Outcome.UNKNOWN_THERE)
    assert ours.remedy is theirs.remedy is Remedy.LOOK


def test_rows_are_tried_in_the_order_digests_register_entries_states() -> None:
    six = ReceivingNumber("6", 2569)
    entries = {"sent": {"register": FIVE}, "received": {"register": six}}
    other = {"sent": {"register": FIVE, "manifest_sha256": "cd" * 32}, "received": {"register": six}}

    assert [x.outcome for x in both("registered", "registered", **other)] == [Outcome.CONTENT_DIFFERS] * 2
    assert [x.outcome for x in both("registered", "received", **entries)] == [Outcome.NUMBER_DIFFERS] * 2
    assert [x.remedy for x in both("registered", "registered", **entries)] == [Remedy.NUMBER_WRONG, Remedy.LOOK]


def test_a_number_in_other_digits_is_the_same_number_and_in_another_year_it_is_not() -> None:
    thai = {"sent": {"register": ReceivingNumber("๕ ", 2569)}, "received": {"register": FIVE}}
    year = {"sent": {"register": ReceivingNumber("5", 2568)}, "received": {"register": FIVE}}

    assert both("registered", "registered", **thai)[0].outcome is Outcome.AGREES
    assert both("registered", "registered", **year)[0].outcome is Outcome.NUMBER_DIFFERS


def test_a_register_entry_that_only_the_receiver_has_is_a_lost_receipt() -> None:
    ours, _ = both("completed", "registered", received={"register": FIVE})
    assert ours.outcome is Outcome.RECEIPT_MISSING


def test_a_digest_that_one_side_cannot_tell_is_no_difference() -> None:
    ours, _ = both("sent", "held", received={"manifest_sha256": ""})
    assert ours.outcome is Outcome.HELD


def test_items_outside_the_period_are_passed_over_by_the_day_of_the_office() -> None:
    last = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)  # a minute to midnight in Bangkok

    assert len(as_receiver(item("sent", at=last), None)) == 1
    assert as_receiver(item("sent", at=last + timedelta(minutes=1)), None) == []


def test_nothing_follows_from_absence_in_a_cut_answer_or_of_what_was_issued_after_it() -> None:
    assert as_sender(item("sent"), None, truncated=True) == []
    assert as_sender(item("sent", at=NOW + timedelta(hours=2)), None) == []
    assert len(as_sender(None, item("received"), truncated=True)) == 1


def test_every_state_of_an_incoming_letter_has_a_word_of_the_wire() -> None:
    assert {taken_in_as(state) for state in IncomingState} <= set(RECEIVERS)


@given(st.sampled_from(SENDERS), st.sampled_from(RECEIVERS), st.booleans(), st.booleans())
def test_both_sides_find_the_same_about_what_both_have(sender: str, receiver: str, told: bool, entered: bool) -> None:
    ours, theirs = both(
        sender, receiver, sent={"register": FIVE if told else None}, received={"register": FIVE if entered else None}
    )
    assert ours.outcome is theirs.outcome and ours.dispatch == theirs.dispatch
    assert ours.thai.strip() and theirs.thai.strip()


@given(st.lists(st.tuples(st.sampled_from(SENDERS), st.sampled_from(RECEIVERS), st.integers(0, 2)), max_size=12))
def test_every_dispatch_of_either_side_is_found_once_in_each_way(rows: list[tuple[str, str, int]]) -> None:
    ids = [uuid4() for _ in rows]
    ours = [item(s, one) for one, (s, _, who) in zip(ids, rows, strict=True) if who != 1]
    theirs = tuple(item(r, one) for one, (_, r, who) in zip(ids, rows, strict=True) if who != 0)

    found = compare(ours, [], answer(received=theirs))

    assert sorted(d.dispatch for d in found) == sorted(ids)
    assert [(d.way, d.dispatch) for d in found] == sorted(((d.way, d.dispatch) for d in found), key=lambda p: p[1])


@pytest.mark.parametrize(
    ("before", "outcome", "by_now", "settled"),
    [
        (("sent", None), Outcome.THEY_LACK, "sent", False),
        (("sent", None), Outcome.THEY_LACK, "received", True),
        (("sent", "registered"), Outcome.RECEIPT_MISSING, "sent", False),
        (("sent", "registered"), Outcome.RECEIPT_MISSING, "received", False),
        (("sent", "registered"), Outcome.RECEIPT_MISSING, "registered", True),
        (("sent", "held"), Outcome.HELD, "invalid", True),
    ],
)
def test_a_sender_sees_what_was_set_right_since(
    before: tuple[str, str | None], outcome: Outcome, by_now: str, settled: bool
) -> None:
    one = uuid4()
    [found] = as_sender(item(before[0], one), item(before[1], one) if before[1] else None)

    assert found.outcome is outcome
    assert found.settled_by(item(by_now, one)) is settled
    assert not found.settled_by(None)


def test_a_receiver_sees_what_was_set_right_since() -> None:
    one = uuid4()
    [lacking], [held] = as_receiver(item("sent", one), None), as_receiver(item("sent", one), item("held", one))

    assert lacking.settled_by(item("held", one)) and not lacking.settled_by(None)
    assert held.settled_by(item("received", one)) and not held.settled_by(item("held", one))
