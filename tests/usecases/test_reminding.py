"""Reminding receivers of a circular: who gets what, how often, and what is taken away as a sheet."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from uuid import UUID, uuid4

import pytest

from saraban.domain.dispatch import Dispatch, DispatchId, DispatchState
from saraban.domain.errors import BadInput, NotFound, NotPermitted
from saraban.domain.letter import LetterId
from saraban.storage.tables.exchange import dispatches, outbox
from saraban.usecases import dispatching, reminding
from saraban.usecases.errands import order_errand, run_next_errand
from tests.builders import a_correspondent
from tests.usecases.house import House

MANY = 240


def _circular(house: House, count: int, **capable: object) -> tuple[LetterId, list[UUID]]:
    """A circular to so many agencies; the ids of its dispatches in the order of their codes."""
    codes = [f"x{place:04}" for place in range(count)]
    house.publish(*(a_correspondent(code, **capable) for code in codes))
    letter_id = house.signed(recipients=tuple(codes))
    made = dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    return letter_id, [one.id for one in made]


def _stand(house: House, dispatch_id: UUID, state: DispatchState) -> None:
    with house.office.uow() as uow:
        found = uow.dispatches.get(house.ours.agency.id, DispatchId(dispatch_id))
        found.state = state
        uow.dispatches.save(found)
        uow.commit()


def _dispatch(house: House, dispatch_id: UUID) -> Dispatch:
    with house.office.uow() as uow:
        return uow.dispatches.get(house.ours.agency.id, DispatchId(dispatch_id))


def _remind(house: House, letter_id: LetterId, ids: list[UUID]) -> reminding.Reminded:
    return reminding.remind_receivers(house.office, actor=house.ours["clerk"], letter_id=letter_id, dispatch_ids=ids)


def test_who_never_answered_gets_the_same_bytes_and_who_did_not_register_a_mail_that_answers_the_letter(
    house: House,
) -> None:
    letter_id, [silent, received, registered, queued] = _circular(house, 4)
    while dispatching.compose_next(house.office):
        pass
    before = {row.ref: row.sha256 for row in house.rows(outbox)}
    for one, state in (
        (silent, DispatchState.SENT),
        (received, DispatchState.RECEIVED),
        (registered, DispatchState.REGISTERED),
    ):
        _stand(house, one, state)
    done = _remind(house, letter_id, [silent, received, registered, queued])

    assert done == reminding.Reminded(again=1, mailed=1, not_due=2)
    [mail] = [row for row in house.rows(outbox) if row.ref not in before]
    assert {row.ref: row.sha256 for row in house.rows(outbox) if row.ref in before} == before
    with house.office.uow() as uow:
        envelope = uow.outbox.envelope(house.ours.agency.id, mail.ref)
    assert envelope is not None
    raw = b"".join(envelope.chunks(house.office.blobs.open))
    message = message_from_bytes(raw, policy=policy.default)
    domain = house.ours.agency.mailbox.partition("@")[2]
    assert message["In-Reply-To"] == f"<{received}@{domain}>"
    assert message["To"].addresses[0].addr_spec == _dispatch(house, received).to_mailbox
    assert message["Auto-Submitted"] is None
    assert "ยังไม่มีเลขทะเบียนรับ" in message.get_content()
    assert {told["values"]["how"] for told in house.told("dispatch.reminded")} == {"same-bytes", "mail"}


def test_a_receiver_is_reminded_once_a_day(house: House) -> None:
    letter_id, [one] = _circular(house, 1)
    _stand(house, one, DispatchState.RECEIVED)

    assert _remind(house, letter_id, [one]).mailed == 1
    assert _remind(house, letter_id, [one]) == reminding.Reminded(today=1)
    house.clock.pass_by(timedelta(hours=25))
    assert _remind(house, letter_id, [one]).mailed == 1
    assert _dispatch(house, one).reminders == 2
    assert len({row.message_id for row in house.rows(outbox)}) == 2


def test_only_clerks_of_the_letter_remind_and_only_of_its_own_dispatches(house: House) -> None:
    letter_id, [one] = _circular(house, 1)
    _stand(house, one, DispatchState.RECEIVED)
    with pytest.raises(NotPermitted):
        reminding.remind_receivers(house.office, actor=house.ours["head"], letter_id=letter_id, dispatch_ids=[one])
    with pytest.raises(NotFound):
        reminding.remind_receivers(house.office, actor=house.theirs["clerk"], letter_id=letter_id, dispatch_ids=[one])
    with pytest.raises(BadInput):
        _remind(house, letter_id, [])
    assert _remind(house, letter_id, [uuid4()]) == reminding.Reminded()


def test_hundreds_are_reminded_in_the_background_and_a_second_go_leaves_them_alone(house: House) -> None:
    letter_id, ids = _circular(house, MANY, capabilities={})
    for row in house.rows(dispatches):
        _stand(house, row.id, DispatchState.SENT)
    order = {"letter": str(letter_id), "dispatches": [str(one) for one in ids]}
    for _ in range(2):
        order_errand(house.office, actor=house.ours["clerk"], kind=reminding.ERRAND, title="เตือน", order=order)
        assert run_next_errand(house.office, doers=house.office.doers) == 1

    assert len(house.told("dispatch.reminded")) == MANY
    assert {row.reminders for row in house.rows(dispatches)} == {1}


def test_a_circular_is_written_at_once_and_its_files_are_kept_once(house: House) -> None:
    letter_id, ids = _circular(house, MANY)
    while dispatching.compose_next(house.office):
        pass
    made = house.rows(outbox)

    assert sorted(row.ref for row in made) == sorted(ids)
    files = {part[1] for row in made for part in row.segments if not isinstance(part, str)}
    assert len(files) == 1
    assert len({row.sha256 for row in made}) == MANY
    assert len(house.told("letter.dispatched")) == 1
    assert house.letter(letter_id).state.value == "dispatched"
