"""Sealed statements that are not believed: shown to a clerk as a card, or noted among what is not taken in. They are
never answered. Shared by those who judge comparisons and questions about documents."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Correspondent
from saraban.domain.events import LetterHeld, MailDiscarded
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.exchange.parse import InboundMessage
from saraban.usecases.books import InboxItem, UnitOfWork


def show_doubt(
    uow: UnitOfWork,
    item: InboxItem,
    message: InboundMessage,
    sender: Correspondent | None,
    doubt: str,
    now: datetime,
    *,
    check: str,
) -> None:
    """Hold it as a card for a clerk, with the reason; a further copy is only noted. `check` names what was asked of it
    (web.check_words)."""
    if uow.inbox.copies(item):
        uow.inbox.decide(item, "duplicate", doubt, now)
        return
    believed = sender is not None and message.from_address == sender.mailbox.lower()
    letter = IncomingLetter(
        id=IncomingId(uuid4()),
        agency_id=item.agency_id,
        unit_id=uow.agencies.central_unit(item.agency_id).id,
        state=IncomingState.HELD,
        received_at=item.taken_at,
        raw_sha256=item.sha256,
        message_id=message.message_id,
        from_mailbox=message.from_address,
        from_code=sender.code if sender is not None and believed else "",
        from_name=sender.name if sender is not None and believed else message.from_name or message.from_address,
        subject=message.subject or "(ไม่มีเรื่อง)",
        text=message.text[:20_000],
        ordinary=True,
        findings=({"check": check, "code": check, "thai": doubt, "blocking": True},),
    )
    uow.incoming.add(letter)
    uow.inbox.decide(item, "held", doubt, now)
    gateway = Actor.gateway(item.agency_id)
    uow.record(LetterHeld(at=now, by=gateway, incoming_id=letter.id, sender=message.from_address, reasons=(check,)))


def note_and_drop(uow: UnitOfWork, item: InboxItem, reason: str, now: datetime) -> None:
    """Take it in without doing anything, and write down why."""
    uow.inbox.decide(item, "discarded", reason, now)
    uow.record(MailDiscarded(at=now, by=Actor.gateway(item.agency_id), inbox_id=item.id, reason=reason))
