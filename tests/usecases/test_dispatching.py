"""Sending out: who may be sent what, and one agency's trouble that does not become the others'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.dispatch import DispatchState
from saraban.domain.errors import NotFound, NotPermitted, RuleBroken
from saraban.domain.letter import LetterState
from saraban.exchange.envelope import Envelope
from saraban.storage.tables.exchange import dispatches, outbox
from saraban.usecases import dispatching
from saraban.usecases.delivering import deliver_next
from saraban.usecases.mailing import SendOutcome, SendResult
from tests.builders import a_correspondent
from tests.usecases.house import House


class Relay:
    """A transport that says what it is told to say, and keeps what it was given."""

    def __init__(self, *answers: SendResult | Exception) -> None:
        self.answers, self.seen = list(answers), list[bytes]()

    def send(self, agency_code: str, envelope: Envelope, blob: Callable[[Digest], bytes]) -> SendResult:
        """Take the message and give the next answer."""
        self.seen.append(b"".join(envelope.chunks(blob)))
        answer = self.answers.pop(0) if self.answers else SendResult(SendOutcome.ACCEPTED, 250, "2.0.0 ok")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """Nothing is held."""


def _dispatch(house: House, **changes: object):  # type: ignore[no-untyped-def]
    return dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=house.signed(**changes))


def test_every_receiver_gets_a_dispatch_of_its_own(house: House) -> None:
    house.publish(a_correspondent("cgd"), a_correspondent("paper", capabilities={}))
    made = _dispatch(house, recipients=("dopa", "cgd", "paper"))

    assert [d.to_code for d in made] == ["dopa", "cgd", "paper"]
    assert [d.expires_at - d.created_at for d in made] == [timedelta(hours=72)] * 2 + [timedelta(days=15)]
    assert house.letter(made[0].letter_id).state is LetterState.DISPATCHED


@pytest.mark.parametrize(
    ("code", "changes"),
    [("secrecy-not-allowed", {"secrecy": Secrecy.CONFIDENTIAL}), ("secrecy-not-allowed", {"secrecy": Secrecy.SECRET})],
)
def test_a_classified_letter_does_not_leave_by_mail(house: House, code: str, changes: dict[str, object]) -> None:
    letter_id = house.signed(**changes)
    with pytest.raises(RuleBroken) as refused:
        dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert refused.value.code == code
    assert house.letter(letter_id).state is LetterState.ISSUED


def test_an_agency_without_a_seal_cannot_send(house: House) -> None:
    letter_id = house.signed()
    for path in (house.keys_folder / "onep").iterdir():
        path.unlink()
    with pytest.raises(RuleBroken) as refused:
        dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert refused.value.code == "no-seal"
    assert house.rows(dispatches) == []


def test_a_letter_that_a_receiver_cannot_take_is_not_sent_to_anybody(house: House) -> None:
    house.publish(a_correspondent("small", name="กรมเล็ก", capabilities={"saraban": 1, "max_bytes": 100_000}))
    with pytest.raises(RuleBroken, match="กรมเล็ก") as refused:
        _dispatch(house, recipients=("dopa", "small"))

    assert refused.value.code == "too-large"
    assert house.rows(dispatches) == []


def test_a_receiver_that_left_the_directory_since_signing_is_told(house: House) -> None:
    letter_id = house.signed()
    house.publish(without="dopa")
    with pytest.raises(RuleBroken) as refused:
        dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert refused.value.code == "unknown-receiver"


def test_only_an_issued_letter_is_sent_only_once_and_only_by_clerks(house: House) -> None:
    letter_id = house.signed()
    with pytest.raises(NotPermitted):
        dispatching.dispatch_letter(house.office, actor=house.ours["head"], letter_id=letter_id)
    with pytest.raises(NotFound):
        dispatching.dispatch_letter(house.office, actor=house.theirs["clerk"], letter_id=letter_id)
    dispatching.dispatch_letter(house.office, actor=house.ours["central_clerk"], letter_id=letter_id)

    for unready in (letter_id, house.before_the_head()):
        with pytest.raises(RuleBroken):
            dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=unready)


def test_composing_writes_one_message_for_each_dispatch_and_never_a_second(house: House) -> None:
    letter_id = house.dispatched()

    assert dispatching.compose_next(house.office) == 1
    house.clock.pass_by(timedelta(minutes=5))
    assert dispatching.compose_next(house.office) == 0
    [message] = house.rows(outbox)
    [dispatch] = house.rows(dispatches)
    assert (message.ref, dispatch.letter_id, dispatch.composed) == (dispatch.id, letter_id, True)
    assert message.give_up_at == dispatch.expires_at


def test_a_message_that_waited_leaves_byte_for_byte_as_it_was_composed(house: House) -> None:
    house.dispatched()
    dispatching.compose_next(house.office)
    relay = Relay(SendResult(SendOutcome.TEMPORARY, 451, "4.3.0 later"))
    office = replace(house.office, transport=relay)

    deliver_next(office)
    [waiting] = house.rows(dispatches)
    house.clock.pass_by(timedelta(minutes=5))
    deliver_next(office)

    [message], [sent] = house.rows(outbox), house.rows(dispatches)
    assert "ครั้งที่ ๑" in waiting.problem and waiting.state is DispatchState.QUEUED
    assert (sent.problem, sent.state) == ("", DispatchState.SENT)
    assert relay.seen[0] == relay.seen[1]
    assert (Digest.of(relay.seen[0]), len(relay.seen[0])) == (message.sha256, message.size)


def test_an_agency_whose_seal_is_lost_does_not_keep_the_others_letters_waiting(house: House) -> None:
    house.dispatched()
    with house.real.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE agencies SET code = 'gone' WHERE code = 'onep'")
    dispatching.compose_next(house.office)
    assert house.rows(outbox) == []
    assert "ทำซองไม่สำเร็จ" in house.rows(dispatches)[0].problem

    with house.real.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE agencies SET code = 'onep' WHERE code = 'gone'")
    house.clock.pass_by(timedelta(minutes=2))
    dispatching.compose_next(house.office)
    assert [row.problem for row in house.rows(dispatches)] == [""]
    assert len(house.rows(outbox)) == 1


def test_a_message_that_cannot_even_be_tried_waits_and_the_next_one_leaves(house: House) -> None:
    house.dispatched()
    house.dispatched()
    dispatching.compose_next(house.office)
    office = replace(house.office, transport=Relay(NotFound("ยังไม่ได้ตั้งค่ากล่องไปรษณีย์ของ onep ใน mail.toml")))

    assert deliver_next(office) == 2

    states = sorted((row.state, row.problem[:6]) for row in house.rows(dispatches))
    assert states == [(DispatchState.QUEUED, "รอส่งอ"), (DispatchState.SENT, "")]
    assert any("mail.toml" in row.problem for row in house.rows(dispatches))


def test_what_the_relay_refuses_for_good_is_shown_with_its_words(house: House) -> None:
    house.dispatched()
    dispatching.compose_next(house.office)
    deliver_next(replace(house.office, transport=Relay(SendResult(SendOutcome.PERMANENT, 550, "5.1.1 no such user"))))

    [dispatch], [message] = house.rows(dispatches), house.rows(outbox)
    assert dispatch.failure == "relay-refused" and "550 5.1.1 no such user" in dispatch.problem
    assert message.state == "failed"


def test_a_message_whose_time_ran_out_while_it_waited_is_not_sent(house: House) -> None:
    house.dispatched()
    dispatching.compose_next(house.office)
    house.clock.pass_by(timedelta(hours=72))
    relay = Relay()
    deliver_next(replace(house.office, transport=relay))

    assert relay.seen == []
    assert [row.state for row in house.rows(outbox)] == ["failed"]


def test_a_message_for_which_the_relay_has_no_room_now_goes_back_as_if_it_had_never_been_tried(house: House) -> None:
    house.publish(a_correspondent("cgd"))
    house.dispatched(recipients=("dopa", "cgd"))
    dispatching.compose_next(house.office)
    relay = Relay(SendResult(SendOutcome.LATER, 0, "", after_seconds=30.0))
    office = replace(house.office, transport=relay)

    assert deliver_next(office) == 2
    assert len(relay.seen) == 1  # the second of the same mailbox did not even ask
    assert [(row.attempts, row.state, row.leased_until) for row in house.rows(outbox)] == [(0, "queued", None)] * 2
    assert {row.problem for row in house.rows(dispatches)} == {""}
    assert house.told("dispatch.postponed") == []
    assert deliver_next(office) == 0
    house.clock.pass_by(timedelta(seconds=31))
    assert deliver_next(office) == 2
    assert {row.state for row in house.rows(outbox)} == {"sent"}
