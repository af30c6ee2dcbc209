"""A circular to thirty receivers through the post: one that registers, one that waits, many with a mailbox only."""

from __future__ import annotations

from saraban.domain.agency import Correspondent
from saraban.domain.dispatch import DispatchState
from saraban.domain.incoming import IncomingState
from saraban.reading.receivers import picture, to_remind
from saraban.storage.tables.exchange import inbox
from saraban.usecases.dispatching import dispatch_letter
from saraban.usecases.groups import keep_group
from saraban.usecases.registering import register_letter
from saraban.usecases.reminding import Reminded, remind_receivers
from tests.journeys.world import TOWN, A, B, World, directory

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


def test_a_reminder_lands_on_its_letter_and_not_among_ordinary_mail(world: World) -> None:
    dispatch = world.sent("b")
    world.settle()
    (arrived,) = world.incoming(world.b)
    clerk = world.actor(world.a, "clerk")
    done = remind_receivers(world.services, actor=clerk, letter_id=dispatch.letter_id, dispatch_ids=[dispatch.id])
    world.settle()

    assert done == Reminded(mailed=1)
    assert [letter.id for letter in world.incoming(world.b)] == [arrived.id]
    assert world.incoming(world.b, IncomingState.HELD) == []
    assert world.events(arrived.id)[-1] == "incoming.reminded"
    # A stranger's copy of it is no reminder: a clerk sees it as the mail that it is.
    mails = [world.services.blobs.open(row.sha256) for row in world.rows(inbox, world.b)]
    (reminder,) = [mail for mail in mails if b"In-Reply-To: <" in mail]
    world.post.put(B, reminder.replace(f"<{A}>".encode(), b"<x@elsewhere.test>"))
    world.collect(world.b)
    assert [letter.ordinary for letter in world.incoming(world.b, IncomingState.HELD)] == [True]
