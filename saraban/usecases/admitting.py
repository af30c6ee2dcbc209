"""Letting people and programs in: signing in by password, tokens."""

from __future__ import annotations

import secrets

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound, NotPermitted
from saraban.domain.events import SignedIn, TokenIssued
from saraban.usecases.ports import Services

_TOKEN_PREFIX = "sbn_"


def sign_in(office: Services, *, username: str, password: str) -> Actor:
    """The person behind a name and a password, in the position held today.

    Raises NotPermitted with the same words for an unknown name and a wrong password; both take the same time.
    """
    now = office.clock.now()
    with office.uow() as uow:
        person = uow.people.by_username(username)
    good = office.passwords.verify(person.password_hash if person else "", password)
    if person is None or not good or not person.active:
        raise NotPermitted("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง", code="wrong-password")
    with office.uow() as uow:
        actor = uow.people.actor(person.id, office_date(now))
        if actor is None:
            raise NotPermitted("บัญชีนี้ยังไม่มีตำแหน่งในวันนี้ ติดต่อผู้ดูแลระบบ", code="no-position")
        uow.record(SignedIn(at=now, by=actor, thing_id=person.id))
        uow.commit()
    return actor


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
