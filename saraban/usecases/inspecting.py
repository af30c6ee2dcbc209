"""Looking after the installation: whether the agency's seal will hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.usecases.ports import Services

WARN_BEFORE = timedelta(days=60)


@dataclass(frozen=True)
class SealInForce:
    """The seal with which the agency would send now: whose it is, its mailbox, how long it is valid, whether it ends
    within sixty days; or, without one, `why` in Thai."""

    name: str = ""
    mailbox: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    ends_soon: bool = False
    why: str = ""


def seal_in_force(office: Services, *, actor: Actor) -> SealInForce:
    """The seal of the actor's agency at this moment; everybody of the agency may know whether it can send."""
    now = office.clock.now()
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
    try:
        seal = office.seals.sealer(agency.code, now)
    except NotFound as error:
        return SealInForce(why=error.thai)
    return SealInForce(seal.name, seal.mailbox, seal.valid_from, seal.valid_to, seal.valid_to - now < WARN_BEFORE)
