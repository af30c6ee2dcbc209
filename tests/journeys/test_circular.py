"""A circular to thirty receivers through the post: one that registers, one that waits, many with a mailbox only."""

from __future__ import annotations

from saraban.domain.agency import Correspondent
from saraban.domain.dispatch import DispatchState
from saraban.reading.receivers import picture, to_remind
from saraban.usecases.dispatching import dispatch_letter
from saraban.usecases.groups import keep_group
from saraban.usecases.registering import register_letter
from saraban.usecases.reminding import Reminded, remind_receivers
from tests.journeys.world import TOWN, World, directory

OTHERS = 28


def test_a_circular_reaches_thirty_receivers_of_a_group_and_who_is_late_is_reminded(world: World) -> None:
    villages = [Correspondent(f"v{place:02}", f"หมู่บ้านที่ {place:02}", TOWN) for place in range(OTHERS)]
    world.know(*directory(), *villages)
    clerk = world.actor(world.a, "clerk")
    group, pasted = keep_group(
        world.services, actor=clerk, name="ทุกแห่ง", text="\n".join(["b", "peer", *(v.name for v in villages)])
    )
    assert pasted.not_found == ()
    letter_id = world.issued(group.token, circular=True)
    sent = dispatch_letter(world.services, actor=clerk, letter_id=letter_id)
    assert len(sent) == OTHERS + 2
    world.settle()

    with world.office.reading.connect() as reader:
        whole = picture(reader, clerk, letter_id)
    assert (whole.total, whole.counts["received"], whole.counts["sent"]) == (OTHERS + 2, 1, OTHERS + 1)
    (arrived,) = world.incoming(world.b)
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=arrived.id)
    world.settle()

    with world.office.reading.connect() as reader:
        whole, late = picture(reader, clerk, letter_id), to_remind(reader, clerk, letter_id)
    assert whole.counts["registered"] == 1
    assert len(late) == OTHERS + 1
    before = len(world.post.lying(TOWN))
    done = remind_receivers(world.services, actor=clerk, letter_id=letter_id, dispatch_ids=late)
    world.settle()
    # The peer speaks the wire and never answered: the same bytes. A village has a mailbox only: a mail.
    assert done == Reminded(again=1, mailed=OTHERS)
    mails = world.post.lying(TOWN)
    assert len(mails) == before + OTHERS
    assert sum(b"In-Reply-To: <" in mail for mail in mails) == OTHERS
    assert world.dispatch(sent[0]).state is DispatchState.REGISTERED
    again = remind_receivers(world.services, actor=clerk, letter_id=letter_id, dispatch_ids=late)
    assert again == Reminded(today=OTHERS + 1)
