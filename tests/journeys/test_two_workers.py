"""Two workers with the same message in hand, as it happens when a lease ends while its holder is still at work."""

from __future__ import annotations

from datetime import timedelta

from saraban import jobs
from saraban.usecases.receiving import hold_unreadable, receive_letter
from saraban.usecases.sorting import sort_next
from tests.journeys.world import World


def test_a_message_that_another_worker_judged_meanwhile_is_left_alone(world: World) -> None:
    world.sent()
    with world.services.mailboxes.open("b") as reader:
        jobs.fetch_mailbox(world.services, reader, agency_id=world.b.id, owner="test")
    first_has_judged = []

    def slow(office: object, item: object, message: object) -> bool:
        if not first_has_judged:
            first_has_judged.append(True)
            world.clock.pass_by(timedelta(minutes=2))  # the lease ends, another worker takes the message and judges it
            assert sort_next(world.services, judges=(receive_letter,), hold_unreadable=hold_unreadable) == 1
        return receive_letter(office, item, message)  # type: ignore[arg-type]

    sort_next(world.services, judges=(slow,), hold_unreadable=hold_unreadable)  # type: ignore[arg-type]

    assert world.outcomes(world.b) == ["accepted"]
    (letter,) = world.incoming(world.b)
    assert letter.copies == 0, "one message is no copy of itself"
