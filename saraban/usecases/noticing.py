"""People read their notices."""

from __future__ import annotations

from uuid import UUID

from saraban.domain.actor import Actor
from saraban.usecases.ports import Services


def mark_read(office: Services, *, actor: Actor, notice_id: UUID | None = None) -> int:
    """Note that the actor has seen one notice of his own, or all. Returns how many were unread; those of others are
    not touched."""
    if actor.person_id is None:
        return 0
    with office.uow() as uow:
        marked = uow.notices.mark_read(actor.agency_id, actor.person_id, office.clock.now(), notice_id)
        if marked:
            uow.commit()
    return marked


def mark_seen(office: Services, *, actor: Actor, about_id: UUID) -> int:
    """Note that the actor has seen what his notices about a thing tell. Returns how many were unread."""
    if actor.person_id is None:
        return 0
    with office.uow() as uow:
        marked = uow.notices.mark_about(actor.agency_id, actor.person_id, about_id, office.clock.now())
        if marked:
            uow.commit()
    return marked


def mark_list_read(office: Services, *, actor: Actor, name: str) -> None:
    """Note that the actor holds everything in a list for read, as it is now."""
    if actor.person_id is None:
        return
    with office.uow() as uow:
        uow.circulations.mark_list(actor.person_id, name, office.clock.now())
        uow.commit()
