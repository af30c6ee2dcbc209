"""Keeping the register of services that are not digital yet: the administrator enters, changes and ends its lines."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.deferral import Deferral, DeferralId, ServiceFacts, read_matter
from saraban.domain.deferral_events import DeferralChanged, DeferralEnded, DeferralEntered
from saraban.domain.errors import BadInput
from saraban.domain.permissions import may_administer, require
from saraban.usecases.ports import Services


def enter(office: Services, *, actor: Actor, matter: ServiceFacts) -> DeferralId:
    """Put a service onto the register. Raises NotPermitted, BadInput."""
    require(may_administer(actor))
    matter, now = read_matter(matter), office.clock.now()
    made = Deferral(
        id=DeferralId(uuid4()),
        agency_id=actor.agency_id,
        **vars(matter),
        entered_at=now,
        entered_by=actor.name,
        changed_at=now,
    )
    with office.uow() as uow:
        uow.deferrals.add(made)
        uow.record(DeferralEntered(at=now, by=actor, thing_id=made.id, service=made.service, until=made.until))
        uow.commit()
    return made.id


def change(office: Services, *, actor: Actor, deferral_id: DeferralId, matter: ServiceFacts) -> None:
    """Say something else of a service; nothing happens when it is the same. Raises NotPermitted, NotFound, BadInput,
    StageNotAllowed once the service is ready."""
    now = office.clock.now()
    with office.uow() as uow:
        found = uow.deferrals.get(actor.agency_id, deferral_id)
        require(may_administer(actor))
        matter = read_matter(matter)
        changed = found.change(matter, now)
        if not changed:
            return
        uow.deferrals.save(found)
        fact = DeferralChanged(
            at=now, by=actor, thing_id=found.id, service=found.service, until=found.until, changed=changed
        )
        uow.record(fact)
        uow.commit()


def end(office: Services, *, actor: Actor, deferral_id: DeferralId, on: date | None = None) -> None:
    """The service is digital, from today or from that day on. Raises NotPermitted, NotFound, BadInput for a day to
    come, StageNotAllowed."""
    now = office.clock.now()
    today = office_date(now)
    with office.uow() as uow:
        found = uow.deferrals.get(actor.agency_id, deferral_id)
        require(may_administer(actor))
        if on is not None and on > today:
            raise BadInput({"on": "วันที่พร้อมอยู่ในอนาคต"})
        found.end(on or today, now)
        uow.deferrals.save(found)
        uow.record(DeferralEnded(at=now, by=actor, thing_id=found.id, service=found.service, on=on or today))
        uow.commit()
