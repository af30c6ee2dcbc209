"""Minding troubles: who sees to a card, and until when it is put off. Doors show the cards that an actor may see,
and ask here with the card's key."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.permissions import may_mind, require
from saraban.domain.problem import ProblemNote
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services


def take_problem(
    office: Services, *, actor: Actor, key: str, about: UUID | None, title: str, owner: Actor | None = None
) -> None:
    """รับเรื่อง: the actor sees to it, or `owner`, a colleague of the agency who sees the card too."""
    owner = owner or actor
    require(may_mind(actor))
    require(may_mind(owner))
    with office.uow() as uow:
        note = _note(uow, actor, key, about)
        assert owner.person_id is not None  # `may_mind` lets only people in
        now = office.clock.now()
        uow.record(note.take(title=title, owner_id=owner.person_id, owner=owner.name, by=actor, at=now))
        uow.problems.write(note)
        uow.commit()


def put_problem_off(
    office: Services, *, actor: Actor, key: str, about: UUID | None, title: str, until: datetime, reason: str
) -> None:
    """พักเรื่อง: out of sight until that moment, with a reason. Raises BadInput by field."""
    require(may_mind(actor))
    with office.uow() as uow:
        note = _note(uow, actor, key, about)
        now = office.clock.now()
        uow.record(note.put_off(title=title, until=until, reason=reason, by=actor, at=now))
        uow.problems.write(note)
        uow.commit()


def bring_problem_back(office: Services, *, actor: Actor, key: str, about: UUID | None, title: str) -> None:
    """Into sight again before its time; without that nothing happens."""
    require(may_mind(actor))
    with office.uow() as uow:
        note = _note(uow, actor, key, about)
        event = note.bring_back(title=title, by=actor, at=office.clock.now())
        if event is None:
            return
        uow.record(event)
        uow.problems.write(note)
        uow.commit()


def _note(uow: UnitOfWork, actor: Actor, key: str, about: UUID | None) -> ProblemNote:
    return uow.problems.find(actor.agency_id, key) or ProblemNote(actor.agency_id, key, about)
