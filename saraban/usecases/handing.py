"""What the word of its sender does to a letter that came in: it is given back, or makes way for a corrected one. Shared
by those who take letters and notices in and by those who decide about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.incoming import UNREGISTERED, IncomingLetter, IncomingState
from saraban.domain.receipt import Step
from saraban.exchange.forwarded import original_verdict, originals
from saraban.exchange.parse import InboundMessage
from saraban.usecases.answering import owe_statement, trusted_seal
from saraban.usecases.books import UnitOfWork
from saraban.usecases.notices import arrival_over
from saraban.usecases.ports import Services

_MAKES_WAY = UNREGISTERED | {IncomingState.REGISTERED}


def give_back(
    uow: UnitOfWork,
    letter: IncomingLetter,
    agency: Agency,
    reason: str,
    asked_at: datetime,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Give the letter back and tell its sender; the caller saves it."""
    uow.record(letter.give_back(reason=reason, asked_at=asked_at, by=by, at=at))
    arrival_over(uow.notices, letter, at)
    owe_statement(uow, letter, agency, Step.RECALLED, at=at, automatic=by.person_id is None)


def make_way(uow: UnitOfWork, letter: IncomingLetter, now: datetime, *, heard_of: bool = True) -> None:
    """The letters whose place this accepted one takes make way for it; and it for one that came before it, which there
    is none of where nothing was `heard_of` its dispatch."""
    gateway = Actor.gateway(letter.agency_id)
    if letter.replaces is not None:
        for earlier in uow.incoming.earlier(letter.agency_id, letter.from_code, letter.replaces):
            older = uow.incoming.get(letter.agency_id, earlier.id)
            if older.id != letter.id and older.state in _MAKES_WAY:
                uow.record(older.give_way(letter.id, by=gateway, at=now))
                arrival_over(uow.notices, older, now)
                uow.incoming.save(older)
    if letter.dispatch_id is None or not heard_of:
        return
    newer = uow.incoming.replacing(letter.agency_id, letter.from_code, letter.dispatch_id)
    if newer is not None and newer != letter.id:
        uow.record(letter.give_way(newer, by=gateway, at=now))
        uow.incoming.save(letter)


def given_back_on_arrival(uow: UnitOfWork, letter: IncomingLetter, agency: Agency, now: datetime) -> bool:
    """Give a letter back at once that was asked for before it came. False when it was not."""
    if letter.dispatch_id is None or not letter.manifest_sha256:
        return False
    asked = uow.incoming.recall_noted(agency.id, letter.from_code, letter.dispatch_id, letter.manifest_sha256)
    if asked is None:
        return False
    give_back(uow, letter, agency, asked.reason, asked.asked_at, by=Actor.gateway(agency.id), at=now)
    uow.incoming.save(letter)
    return True


def sent_before(office: Services, message: InboundMessage, now: datetime) -> list[dict[str, Any]]:
    """Who sent the letter before the one that sent it on to us, the first of all first, each with the verdict on its
    own seal and on the files that it listed."""
    told = []
    for original in originals(message.files):
        sender, to = original.manifest.sender, original.manifest.to
        known = office.lookups.sender_of(sender.code)
        if known is not None and known.mailbox.lower() != sender.mailbox.lower():
            known = None
        status = office.verifier.status(original.data, original.signature, trusted_seal(known), now)
        seal = original_verdict(status, original, message.files)
        told.append(
            {
                "code": sender.code,
                "name": known.name if known is not None else sender.name,
                "to": to.name,
                "number": original.manifest.number,
                "date": original.manifest.date.isoformat(),
                "dispatch": str(original.manifest.id),
                "good": seal.good,
                "seal": seal.as_dict(),
            }
        )
    return told
