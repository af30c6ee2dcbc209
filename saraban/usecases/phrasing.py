"""An officer's own phrases. They are nobody else's and say nothing about letters: the journal does not tell of them."""

from __future__ import annotations

from collections.abc import Sequence

from saraban.domain.actor import Actor
from saraban.domain.errors import NotPermitted
from saraban.domain.own_phrases import checked_phrases
from saraban.usecases.ports import Services


def keep_phrases(office: Services, *, actor: Actor, kind: str, phrases: Sequence[str]) -> tuple[str, ...]:
    """Keep these in the place of those before, and give them as they are kept."""
    if actor.person_id is None:
        raise NotPermitted("เก็บข้อความได้เฉพาะผู้ที่เข้าสู่ระบบ")
    kept = checked_phrases(kind, phrases)
    with office.uow() as uow:
        uow.batches.keep_phrases(actor.person_id, kind, kept)
        uow.commit()
    return kept
