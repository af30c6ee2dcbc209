"""Outsiders who look at kept letters, or copy them (clause 65): asked for, permitted, shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.keeping import KeepingState
from saraban.domain.permissions import (
    may_ask_for_visitor,
    may_permit_visit,
    may_see_visit,
    may_show_to_visitor,
    require,
)
from saraban.domain.permissions.refusal import Refusal
from saraban.domain.register import EntryId, EntryState, RegisterEntry
from saraban.domain.visit import Visit
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services


@dataclass(frozen=True)
class Visitor:
    """Who wants to look: the name, by what he shows who he is, what for, and whether he wants copies."""

    name: str
    evidence: str
    purpose: str
    copies: bool = False


def ask(office: Services, *, actor: Actor, entry_id: EntryId, visitor: Visitor) -> UUID:
    """Write down that an outsider wants to look at a letter. Raises NotPermitted, BadInput, RuleBroken."""
    now = office.clock.now()
    with office.uow() as uow:
        entry = uow.registers.get(actor.agency_id, entry_id)
        require(may_ask_for_visitor(actor, entry.secrecy))
        item = next(iter(uow.keeping.items(actor.agency_id, [entry.id])), None)
        if entry.state is not EntryState.USED or (item is not None and item.state.gone):
            raise RuleBroken("ดูได้เฉพาะหนังสือที่ยังเก็บอยู่", code="gone")
        made = Visit(
            *(uuid4(), actor.agency_id, entry.id, entry.unit_id, visitor.name.strip(), visitor.evidence.strip()),
            purpose=visitor.purpose.strip(),
            copies=visitor.copies,
            asked_at=now,
            asked_by=actor.name,
        )
        uow.record(made.asked(by=actor))
        uow.visits.add(made)
        uow.commit()
    return made.id


def permit(office: Services, *, actor: Actor, visit_id: UUID) -> None:
    """Let it be looked at."""
    with office.uow() as uow:
        visit, entry = _visit(uow, actor, visit_id)
        require(may_permit_visit(actor, visit.unit_id, entry.secrecy))
        uow.record(visit.permit(by=actor, at=office.clock.now()))
        uow.visits.save(visit)
        uow.commit()


def refuse(office: Services, *, actor: Actor, visit_id: UUID, reason: str) -> None:
    """Do not, and say why."""
    with office.uow() as uow:
        visit, entry = _visit(uow, actor, visit_id)
        require(may_permit_visit(actor, visit.unit_id, entry.secrecy))
        uow.record(visit.refuse(reason, by=actor, at=office.clock.now()))
        uow.visits.save(visit)
        uow.commit()


def show(office: Services, *, actor: Actor, visit_id: UUID, on: date | None = None, copied: str = "") -> None:
    """It was looked at today, or on that day, while the officer was there; and what was copied. Raises BadInput for a
    day to come."""
    now = office.clock.now()
    today = office_date(now)
    if on is not None and on > today:
        raise BadInput({"on": "วันที่ดูอยู่ในอนาคต"})
    with office.uow() as uow:
        visit, entry = _visit(uow, actor, visit_id)
        require(_shows(uow, actor, visit, entry))
        uow.record(visit.show(on or today, copied, by=actor, at=now))
        uow.visits.save(visit)
        uow.commit()


def nobody_came(office: Services, *, actor: Actor, visit_id: UUID) -> None:
    """It is over without anybody having come."""
    with office.uow() as uow:
        visit, entry = _visit(uow, actor, visit_id)
        require(_shows(uow, actor, visit, entry))
        uow.record(visit.nobody_came(by=actor, at=office.clock.now()))
        uow.visits.save(visit)
        uow.commit()


def _visit(uow: UnitOfWork, actor: Actor, visit_id: UUID) -> tuple[Visit, RegisterEntry]:
    visit = uow.visits.get(actor.agency_id, visit_id)
    require(may_see_visit(actor, visit))
    return visit, uow.registers.get(actor.agency_id, EntryId(visit.entry_id))


def _shows(uow: UnitOfWork, actor: Actor, visit: Visit, entry: RegisterEntry) -> Refusal | None:
    item = next(iter(uow.keeping.items(actor.agency_id, [entry.id])), None)
    stored = item is not None and item.state is KeepingState.STORED
    return may_show_to_visitor(actor, visit.unit_id, entry.secrecy, stored=stored)
