"""A clerk says that two letters belong to one matter, or that they do not."""

from __future__ import annotations

from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.matter import MatterTied, tie
from saraban.domain.permissions import may_tie, require
from saraban.usecases.ports import Services


def tie_letters(
    office: Services, *, actor: Actor, thing_id: UUID, other_id: UUID, joined: bool, reason: str = ""
) -> None:
    """Join two letters or lines of the agency into one matter, or part them. That the clerk may read both is asked by
    the door, which has shown them. Raises NotPermitted, NotFound for what is not the agency's, BadInput."""
    require(may_tie(actor))
    now = office.clock.now()
    kept = tie(actor.agency_id, thing_id, other_id, joined=joined, by=actor.name, reason=reason, at=now)
    with office.uow() as uow:
        if any(uow.matters.agency_of(one) != actor.agency_id for one in (thing_id, other_id)):
            raise NotFound
        uow.matters.tie(kept)
        uow.record(
            MatterTied(at=now, by=actor, thing_id=thing_id, other_id=other_id, joined=joined, reason=kept.reason)
        )
        uow.commit()
