"""A corrected letter in place of one that was sent, as anybody is told who has the code of the old one.

The old letter is marked as replaced as soon as the new one is queued for all who may hold it. The mark holds while no
dispatch that takes its place is known to have failed: one that was stopped, could not be delivered, was not valid, was
sent back or given back ends it, and the old letter holds again at once; one that failed at an address that was then
corrected is followed by the dispatch to the right one. A receipt that comes late all the same sets it
anew, unless another letter has the place meanwhile. Each change of what anybody is told is an event of the old letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import ADDRESS_CORRECTED, NEVER_CAME, Dispatch, DispatchState
from saraban.domain.letter import Letter, LetterId
from saraban.domain.step_events import PlaceGivenBack, PlaceTaken
from saraban.usecases.books import UnitOfWork


def take_places(uow: UnitOfWork, letter: Letter, replaced: Iterable[LetterId], *, by: Actor, at: datetime) -> None:
    """Mark as replaced by this letter what it replaces at all its receivers; who sends it may replace them."""
    for old_id in replaced:
        if uow.letters.take_place(letter.id, old_id, office_date(at)):
            uow.record(PlaceTaken(at=at, by=by, letter_id=old_id, by_letter=letter.id, number=letter.number or ""))


def settle_place(
    uow: UnitOfWork, dispatch: Dispatch, before: DispatchState = DispatchState.QUEUED, *, by: Actor, at: datetime
) -> None:
    """After a dispatch moved on from the rung `before`: give back the place of the letter that it should replace when
    it is known not to have come, and take it again when that was not so."""
    failed = dispatch.state in NEVER_CAME
    if dispatch.replaces is None or failed is (before in NEVER_CAME):
        return
    if failed and dispatch.closed_for.startswith(ADDRESS_CORRECTED):
        return
    old = uow.dispatches.find(dispatch.agency_id, dispatch.replaces)
    if old is None:
        return
    if not failed:
        uow.dispatches.save(dispatch)  # the mark goes by how all of them stand
        letter = uow.letters.get(dispatch.agency_id, dispatch.letter_id)
        _take_again(uow, letter, old.letter_id, by, at)
    elif uow.letters.give_place_back(dispatch.letter_id, old.letter_id):
        told = {"to": dispatch.to_code, "state": dispatch.state.value}
        uow.record(PlaceGivenBack(at=at, by=by, letter_id=old.letter_id, by_letter=dispatch.letter_id, **told))


def follow_address(uow: UnitOfWork, letter: Letter, new: Dispatch, *, by: Actor, at: datetime) -> None:
    """A dispatch of the letter goes to a corrected address, and takes the place there that the one before should have
    taken."""
    old = uow.dispatches.find(new.agency_id, new.replaces) if new.replaces is not None else None
    if old is not None:
        _take_again(uow, letter, old.letter_id, by, at)


def _take_again(uow: UnitOfWork, letter: Letter, old_id: LetterId, by: Actor, at: datetime) -> None:
    if uow.letters.take_place(letter.id, old_id, office_date(at), again=True):
        uow.record(PlaceTaken(at=at, by=by, letter_id=old_id, by_letter=letter.id, number=letter.number or ""))
