"""Letting programs in: tokens. People sign in through `entering`."""

from __future__ import annotations

import secrets

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.events import TokenIssued
from saraban.usecases.ports import Services

_TOKEN_PREFIX = "sbn_"


def issue_token(office: Services, *, username: str) -> str:
    """A new token with which a program acts as this person. It is shown once; only its digest is kept."""
    now = office.clock.now()
    token = _TOKEN_PREFIX + secrets.token_urlsafe(32)
    with office.uow() as uow:
        person = uow.people.by_username(username)
        if person is None:
            raise NotFound(f"ไม่พบผู้ใช้ “{username}”")
        uow.people.add_token(Digest.of(token.encode()), person.id, now)
        by = uow.people.actor(person.id, office_date(now)) or Actor.gateway(person.agency_id)
        uow.record(TokenIssued(at=now, by=by, thing_id=person.id, username=person.username))
        uow.commit()
    return token
