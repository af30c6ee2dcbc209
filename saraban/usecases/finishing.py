"""Closing the matter of a letter, and telling its sender: what registering and tending have in common."""

from __future__ import annotations

from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.incoming import IncomingLetter
from saraban.domain.receipt import Step
from saraban.usecases.answering import owe_statement
from saraban.usecases.books import UnitOfWork


def complete(uow: UnitOfWork, letter: IncomingLetter, *, by: Actor, at: datetime) -> bool:
    """Close the matter. True when its sender is told so: where the agency wants it and the letter came under the wire.
    Raises StageNotAllowed for a letter that is not registered, whose matter is closed, or of which work is left."""
    letter.may_be_completed()
    agency = uow.agencies.get(letter.agency_id)
    owed = None
    if agency.options.tell_completed:
        owed = owe_statement(uow, letter, agency, Step.COMPLETED, at=at, automatic=False)
    uow.record(letter.complete(told=owed is not None, by=by, at=at))
    uow.incoming.save(letter)
    return owed is not None
