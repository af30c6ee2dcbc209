"""Letters for benchmarks: issued, sealed and composed by the product, so that their bytes are those of the wire."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from benchmarks.town import NAMES, RECEIVER, SENDER, Town, mailbox
from saraban.domain.attachment import Attachment, Role
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import Dispatch, DispatchId
from saraban.domain.letter import Content, Letter, LetterId, LetterState, Signatory
from saraban.exchange.envelope import Envelope
from saraban.usecases.dispatching import compose_next

_ALL = 1_000_000


def queue_letters(town: Town, count: int, octets: int) -> list[Envelope]:
    """Issue a letter whose page has so many octets, dispatch it that many times to the receiver, and compose each
    dispatch into the outbox. Gives the envelopes that now wait there."""
    made = _dispatch(town, count, octets)
    while compose_next(town.services):
        pass
    services = town.services
    with services.uow() as uow:
        # Looked at only: the lease is taken back, because nothing is committed.
        waiting = uow.outbox.claim(services.clock.now(), services.lease, _ALL)
        return [item.envelope for item in waiting if item.ref in made]


def raw_messages(town: Town, envelopes: Sequence[Envelope]) -> list[bytes]:
    """The bytes of the messages, as the relay gets them."""
    return [b"".join(envelope.chunks(town.services.blobs.open)) for envelope in envelopes]


def _dispatch(town: Town, count: int, octets: int) -> set[UUID]:
    services, head, now = town.services, town.head, town.services.clock.now()
    assert head.person_id is not None and head.unit_id is not None
    page = os.urandom(octets)
    letter = Letter(
        id=LetterId(uuid4()),
        agency_id=head.agency_id,
        unit_id=head.unit_id,
        drafter_id=head.person_id,
        drafter_name=head.name,
        content=Content(
            subject="การทดสอบความเร็วของการรับส่งหนังสือ",
            addressed_to=f"เรียน อธิบดี{NAMES[RECEIVER]}",
            body="ด้วยกรมมีความประสงค์จะวัดความเร็ว\n\nจึงเรียนมาเพื่อโปรดทราบ",
            recipients=(RECEIVER,),
        ),
        created_at=now,
        updated_at=now,
        state=LetterState.DISPATCHED,
        files=[Attachment("หนังสือ.pdf", Role.LETTER, "application/pdf", octets, services.blobs.keep(page))],
        number="นร 1201/1",
        number_date=office_date(now),
        signatory=Signatory(head.name, head.title),
        issued_at=now,
    )
    ids = {DispatchId(uuid4()) for _ in range(count)}
    with services.uow() as uow:
        uow.letters.add(letter)
        for dispatch_id in ids:
            uow.dispatches.add(
                Dispatch(
                    id=dispatch_id,
                    agency_id=town.agencies[SENDER].id,
                    letter_id=letter.id,
                    to_code=RECEIVER,
                    to_name=NAMES[RECEIVER],
                    to_mailbox=mailbox(RECEIVER),
                    speaks_saraban=True,
                    created_at=now,
                    expires_at=now + timedelta(hours=72),
                )
            )
        uow.commit()
    return set(ids)
