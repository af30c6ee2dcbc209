"""A sender reminds us of its letter: the mail is tied to that letter and shown on it, and is no letter of its own
(docs/wire.md, section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.incoming import IncomingState
from saraban.domain.reminder_events import IncomingReminded
from saraban.exchange.parse import InboundMessage
from saraban.exchange.reminders import reminds
from saraban.exchange.replies import own_words
from saraban.usecases.books import EarlierIncoming, InboxItem, UnitOfWork
from saraban.usecases.ports import Services

_MOST_WORDS = 1_000
_OPEN_FIRST = (IncomingState.NEW.value, IncomingState.HELD.value, IncomingState.REGISTERED.value)


def take_reminder(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Note on the incoming letter that its sender reminds us of it. False for a mail that is no reminder, that does not
    come from the mailbox of the letter's sender, or that has files: a clerk has to see those as they are.

    It carries no seal, so that it moves nothing and is answered by nothing.
    """
    told = reminds(message)
    if told is None or message.files or message.manifest is not None or message.statement is not None:
        return False
    dispatch_id, time = told
    now = office.clock.now()
    with office.uow() as uow:
        sender = uow.directory.by_mailbox(message.from_address)
        if sender is None:
            return False
        found = _best(uow.incoming.earlier(item.agency_id, sender.code, dispatch_id))
        if found is None:
            return False
        if uow.inbox.copies(item):
            uow.inbox.decide(item, "duplicate", "", now)
        else:
            _note(uow, item, message, found, time, now)
        uow.commit()
    return True


def _best(found: Sequence[EarlierIncoming]) -> EarlierIncoming | None:
    """Of several copies the one that a clerk works on."""
    rank = {state: place for place, state in enumerate(_OPEN_FIRST)}
    return min(found, key=lambda one: rank.get(one.state, len(rank)), default=None)


def _note(
    uow: UnitOfWork, item: InboxItem, message: InboundMessage, found: EarlierIncoming, time: int, now: datetime
) -> None:
    gateway, words = Actor.gateway(item.agency_id), own_words(message.text)[:_MOST_WORDS]
    uow.inbox.decide(item, "acknowledged", f"ผู้ส่งเตือนให้ลงรับ ครั้งที่ {time}", now)
    uow.record(IncomingReminded(at=now, by=gateway, incoming_id=found.id, time=time, text=words, raw=item.sha256.hex))
