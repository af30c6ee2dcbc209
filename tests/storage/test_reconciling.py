"""The two lists of a comparison as the shelf gives them, and the comparisons themselves, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from saraban.domain.attachment import Digest
from saraban.domain.calendar import BANGKOK
from saraban.domain.classification import Secrecy
from saraban.domain.dispatch import DispatchState
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.reconciliation import ReceivingNumber, ReconcileItem
from saraban.usecases.registry import Reconciliation
from tests.builders import CONTENT, NOW, StaffedAgency, a_dispatch, a_letter, a_staffed_agency, an_incoming_letter
from tests.storage.conftest import NewUow
from tests.storage.fighting import side_by_side

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
LEASE = timedelta(seconds=60)


def bangkok(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of 2026 on the clock of the office."""
    return datetime(2026, month, day, hour, minute, tzinfo=BANGKOK).astimezone(UTC)


def sent(new_uow: NewUow, office: StaffedAgency, issued_at: datetime | None, **more: Any) -> UUID:
    """A dispatch to dopa whose letter was issued at that moment."""
    letter = a_letter(office["clerk"], content=more.pop("content", CONTENT), issued_at=issued_at, number="ทส ๑๐๐๑/๕")
    letter.number_date = date(2026, 11, 20)
    dispatch = a_dispatch(letter, **{"to_code": "dopa", "manifest_sha256": "ab" * 32, **more})
    with new_uow() as uow:
        uow.letters.add(letter)
        uow.dispatches.add(dispatch)
        uow.commit()
    return dispatch.id


def came(new_uow: NewUow, office: StaffedAgency, **more: Any) -> UUID:
    """A letter of dopa that came in; its dispatch id."""
    letter = an_incoming_letter(office.agency, office.central.id, **more)
    if letter.state in (IncomingState.NEW, IncomingState.REGISTERED, IncomingState.REFUSED):
        letter.accepted_key = letter.accept_key()
    with new_uow() as uow:
        uow.incoming.add(letter)
        uow.commit()
    assert letter.dispatch_id is not None
    return letter.dispatch_id


def lists(
    new_uow: NewUow, office: StaffedAgency, since: date = NOVEMBER[0], until: date = NOVEMBER[1]
) -> tuple[list[ReconcileItem], list[ReconcileItem]]:
    """What the agency sent to dopa and got from it."""
    with new_uow() as uow:
        return (
            list(uow.reconciliations.sent_to(office.agency.id, "dopa", since, until)),
            list(uow.reconciliations.received_from(office.agency.id, "dopa", since, until)),
        )


def a_comparison(office: StaffedAgency, **more: Any) -> Reconciliation:
    """A request of ours that waits for its seal."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "agency_id": office.agency.id,
        "other_code": "dopa",
        "other_name": "กรมการปกครอง",
        "ours": True,
        "request_id": uuid4(),
        "since": NOVEMBER[0],
        "until": NOVEMBER[1],
        "asked_at": NOW,
        "asked_by": "นางสาวสมใจ ใจดี",
        "request": {"kind": "reconcile-request"},
        "request_sha256": Digest.of(b"request"),
        "owes": "request",
    }
    return Reconciliation(**values | more)


def test_what_was_sent_is_told_as_the_wire_has_it(new_uow: NewUow, office: StaffedAgency) -> None:
    dispatch = sent(
        new_uow, office, bangkok(11, 20, 9).replace(microsecond=7), state=DispatchState.REGISTERED,
        register_number="๕๕", register_year=2569,
    )  # fmt: skip

    [item] = lists(new_uow, office)[0]

    assert item == ReconcileItem(
        dispatch,
        "ab" * 32,
        "ทส ๑๐๐๑/๕",
        date(2026, 11, 20),
        "registered",
        bangkok(11, 20, 9),
        ReceivingNumber("55", 2569),
    )


def test_a_letter_counts_to_the_day_on_which_it_was_issued_in_bangkok_and_not_to_that_of_its_dispatch(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    last = sent(new_uow, office, bangkok(11, 30, 23, 59), created_at=bangkok(12, 3))
    sent(new_uow, office, bangkok(12, 1, 0, 0), created_at=bangkok(12, 1))
    first = sent(new_uow, office, bangkok(11, 1, 0, 0))
    sent(new_uow, office, bangkok(10, 31, 23, 59), created_at=bangkok(11, 2))

    assert [item.dispatch for item in lists(new_uow, office)[0]] == [first, last]


def test_a_letter_received_in_the_morning_counts_to_the_evening_on_which_it_was_issued(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    evening = came(new_uow, office, issued_at=bangkok(11, 30, 20), received_at=bangkok(12, 1, 8))
    came(new_uow, office, issued_at=bangkok(10, 31, 20), received_at=bangkok(11, 1, 8))

    [item] = lists(new_uow, office)[1]

    assert (item.dispatch, item.at) == (evening, bangkok(11, 30, 20))


def test_letters_of_others_and_to_others_are_not_in_the_lists(new_uow: NewUow, office: StaffedAgency) -> None:
    stranger = a_staffed_agency("elsewhere")
    stranger.move_in(new_uow())
    sent(new_uow, office, bangkok(11, 20), to_code="cgd")
    sent(new_uow, stranger, bangkok(11, 20))
    came(new_uow, office, issued_at=bangkok(11, 20), from_code="cgd")
    came(new_uow, stranger, issued_at=bangkok(11, 20))
    came_as_mail = an_incoming_letter(
        office.agency, office.central.id, dispatch_id=None, state=IncomingState.HELD, ordinary=True
    )
    with new_uow() as uow:
        uow.incoming.add(came_as_mail)
        uow.commit()

    assert lists(new_uow, office) == ([], [])


def test_of_a_classified_letter_neither_number_nor_date_leaves_the_house(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    from dataclasses import replace

    sent(new_uow, office, bangkok(11, 20), content=replace(CONTENT, secrecy=Secrecy.SECRET))
    came(new_uow, office, issued_at=bangkok(11, 20), secrecy=Secrecy.CONFIDENTIAL)

    for [item] in lists(new_uow, office):
        assert (item.number, item.date) == ("", None) and item.manifest_sha256


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (IncomingState.HELD, "held"),
        (IncomingState.SUPERSEDED, "held"),
        (IncomingState.NEW, "received"),
        (IncomingState.REFUSED, "refused"),
        (IncomingState.REGISTERED, "registered"),
    ],
)
def test_every_state_of_a_letter_has_its_word(
    new_uow: NewUow, office: StaffedAgency, state: IncomingState, word: str
) -> None:
    registered = {"register_number": 12, "register_year": 2569} if state is IncomingState.REGISTERED else {}
    came(new_uow, office, issued_at=bangkok(11, 20), state=state, **registered)

    [item] = lists(new_uow, office)[1]

    assert item.state == word
    assert item.register == (ReceivingNumber("12", 2569) if registered else None)


def test_of_several_copies_the_accepted_one_counts_and_otherwise_the_last(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    accepted, held = uuid4(), uuid4()
    good = {"issued_at": bangkok(11, 20), "received_at": bangkok(11, 20)}
    later = {"issued_at": bangkok(11, 20), "received_at": bangkok(11, 25), "state": IncomingState.HELD}
    came(new_uow, office, dispatch_id=accepted, manifest_sha256="aa" * 32, **good)
    came(new_uow, office, dispatch_id=accepted, manifest_sha256="bb" * 32, **later)
    came(new_uow, office, dispatch_id=held, manifest_sha256="cc" * 32, **{**good, "state": IncomingState.HELD})
    came(new_uow, office, dispatch_id=held, manifest_sha256="dd" * 32, **later)

    found = {item.dispatch: (item.manifest_sha256[:2], item.state) for item in lists(new_uow, office)[1]}

    assert found == {accepted: ("aa", "received"), held: ("dd", "held")}


def test_the_copy_that_counts_decides_whether_the_dispatch_is_in_the_period(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    dispatch = uuid4()
    came(new_uow, office, dispatch_id=dispatch, issued_at=bangkok(10, 20), manifest_sha256="aa" * 32)
    came(
        new_uow, office, dispatch_id=dispatch, issued_at=bangkok(11, 20), manifest_sha256="bb" * 32,
        state=IncomingState.HELD,
    )  # fmt: skip

    assert lists(new_uow, office)[1] == []
    assert [item.at for item in lists(new_uow, office, date(2026, 10, 1))[1]] == [bangkok(10, 20)]


def test_a_held_letter_without_a_readable_manifest_counts_by_its_arrival(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    came(
        new_uow, office, state=IncomingState.HELD, received_at=bangkok(11, 20), number="", number_date=None,
        manifest_sha256=Digest.of(b"").hex,
    )  # fmt: skip

    [item] = lists(new_uow, office)[1]

    assert (item.at, item.manifest_sha256, item.number, item.date) == (bangkok(11, 20), "", "", None)


def test_the_lists_stand_in_order_of_second_and_id(new_uow: NewUow, office: StaffedAgency) -> None:
    ids = [sent(new_uow, office, bangkok(11, 20).replace(microsecond=900 - n)) for n in range(6)]
    older = sent(new_uow, office, bangkok(11, 19))

    assert [item.dispatch for item in lists(new_uow, office)[0]] == [older, *sorted(ids)]


def test_a_comparison_comes_back_as_it_was_put_down_and_is_nobody_elses(new_uow: NewUow, office: StaffedAgency) -> None:
    stranger = a_staffed_agency("elsewhere")
    stranger.move_in(new_uow())
    one = a_comparison(office)
    with new_uow() as uow:
        uow.reconciliations.add(one)
        uow.commit()
    one.answer, one.own, one.differences, one.repeats, one.owes = {"sent": []}, {"sent": []}, 3, [NOW.isoformat()], ""
    with new_uow() as uow:
        uow.reconciliations.save(one)
        uow.commit()

    with new_uow() as uow:
        assert vars(uow.reconciliations.get(office.agency.id, one.id)) == vars(one)
        found = uow.reconciliations.find(office.agency.id, "dopa", one.request_id)
        assert found is not None and found.id == one.id
        assert uow.reconciliations.find(office.agency.id, "cgd", one.request_id) is None
        assert uow.reconciliations.find(stranger.agency.id, "dopa", one.request_id) is None
        with pytest.raises(NotFound):
            uow.reconciliations.get(stranger.agency.id, one.id)


def test_what_is_owed_is_sealed_by_one_worker_only(new_uow: NewUow, office: StaffedAgency) -> None:
    with new_uow() as uow:
        uow.reconciliations.add(a_comparison(office))
        uow.reconciliations.add(a_comparison(office, owes=""))
        uow.commit()

    def work(_: int) -> list[bool]:
        with new_uow() as uow:
            claimed = uow.reconciliations.claim(NOW, LEASE, 9)
            uow.commit(final=False)
        with new_uow() as uow:
            paid = [uow.reconciliations.paid(one) for one in claimed]
            uow.commit()
        return paid

    assert [paid for each in side_by_side(3, work) for paid in each] == [True]
    assert work(0) == []


def test_a_claim_whose_lease_ended_cannot_be_paid_twice(new_uow: NewUow, office: StaffedAgency) -> None:
    with new_uow() as uow:
        uow.reconciliations.add(a_comparison(office))
        [slow] = uow.reconciliations.claim(NOW, LEASE, 9)
        [quick] = uow.reconciliations.claim(NOW + 2 * LEASE, LEASE, 9)

        assert uow.reconciliations.paid(quick)
        assert not uow.reconciliations.paid(slow)


def test_requests_are_counted_by_who_asked_and_repeats_count_too(new_uow: NewUow, office: StaffedAgency) -> None:
    hour = timedelta(hours=1)
    with new_uow() as uow:
        uow.reconciliations.add(a_comparison(office))
        uow.reconciliations.add(a_comparison(office, asked_at=NOW - 30 * hour, repeats=[(NOW - hour).isoformat()]))
        uow.reconciliations.add(a_comparison(office, ours=False))
        uow.reconciliations.add(a_comparison(office, other_code="cgd"))

        def asked(*, ours: bool) -> int:
            return uow.reconciliations.times_asked(office.agency.id, "dopa", ours=ours, after=NOW - 24 * hour)

        assert (asked(ours=True), asked(ours=False)) == (2, 1)


def test_silent_are_requests_of_ours_that_went_out_and_were_not_repeated(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    silent = a_comparison(office, owes="")
    others = [
        a_comparison(office),
        a_comparison(office, owes="", ours=False),
        a_comparison(office, owes="", answered_at=NOW),
        a_comparison(office, owes="", repeats=[NOW.isoformat()]),
        a_comparison(office, owes="", asked_at=NOW + timedelta(hours=2)),
    ]
    with new_uow() as uow:
        for one in (silent, *others):
            uow.reconciliations.add(one)

        assert [one.id for one in uow.reconciliations.silent(NOW + timedelta(hours=1), 9)] == [silent.id]
