"""Where people are told of their work, by which mails, and the calendar of their deadlines."""

from __future__ import annotations

import secrets
from datetime import timedelta

from saraban.domain.actor import Actor
from saraban.domain.agency import Person, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound, NotPermitted, RuleBroken, TooMuch
from saraban.domain.notice_events import CalendarMade, CalendarWithdrawn
from saraban.domain.notice_mail import MailKind, NoticeMail
from saraban.domain.permissions import may_administer, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.notices import mail_set, notice_address
from saraban.usecases.ports import Services

TOKEN_OCTETS = 24
"""192 bits by lot: nobody guesses the address of a calendar."""
_TRIAL_EVERY = timedelta(minutes=2)
_TRIAL_FOR = timedelta(minutes=30)


def choose_mails(office: Services, *, actor: Actor, email: str, digest: bool, urgent: bool) -> None:
    """Set where the actor is told of the work, empty for nowhere, and by which mails. Raises BadInput ("email")."""
    person_id = _own(actor)
    with office.uow() as uow:
        person = uow.people.get(person_id)
        before = person.email, person.wants_digest, person.wants_urgent
        person.email = notice_address(uow.directory, email)
        person.wants_digest, person.wants_urgent = digest, urgent
        if before != (person.email, person.wants_digest, person.wants_urgent):
            _save(office, uow, actor, person)


def set_email(office: Services, *, actor: Actor, person_id: PersonId, email: str) -> None:
    """Set where a person of the agency is told of the work, as its administrator. Raises BadInput ("email")."""
    require(may_administer(actor))
    with office.uow() as uow:
        person = uow.people.get(person_id)
        if person.agency_id != actor.agency_id:
            raise NotFound
        address = notice_address(uow.directory, email)
        if person.email != address:
            person.email = address
            _save(office, uow, actor, person)


def try_mail(office: Services, *, actor: Actor) -> str:
    """Write a mail to the actor that says nothing but that it arrives; to which address. Raises RuleBroken without an
    address, TooMuch when the last one was written a moment ago."""
    person_id, now = _own(actor), office.clock.now()
    with office.uow() as uow:
        person = uow.people.get(person_id)
        if not person.email:
            raise RuleBroken("ใส่อีเมลแจ้งเตือนแล้วบันทึกก่อน จึงส่งอีเมลทดสอบได้", code="no-address")
        slot = int(now.timestamp() // _TRIAL_EVERY.total_seconds())
        mail = NoticeMail(
            agency_id=actor.agency_id,
            person_id=person_id,
            kind=MailKind.TRIAL,
            occasion=str(slot),
            address=person.email,
            made_at=now,
            next_at=now,
            give_up_at=now + _TRIAL_FOR,
        )
        if not uow.notice_mails.put([mail]):
            raise TooMuch("เพิ่งส่งอีเมลทดสอบไป รอ ๒ นาทีแล้วลองอีกครั้ง")
        uow.commit()
    return person.email


def make_calendar(office: Services, *, actor: Actor) -> str:
    """Give the actor's calendar a new address; the token of it, which is told once and kept nowhere. An older one
    opens nothing any more."""
    person_id, now, token = _own(actor), office.clock.now(), secrets.token_urlsafe(TOKEN_OCTETS)
    with office.uow() as uow:
        uow.people.set_calendar(person_id, Digest.of(token.encode()), now)
        uow.record(CalendarMade(at=now, by=actor, thing_id=person_id))
        uow.commit()
    return token


def withdraw_calendar(office: Services, *, actor: Actor) -> bool:
    """Let nobody read the actor's calendar any more; was there one?"""
    person_id, now = _own(actor), office.clock.now()
    with office.uow() as uow:
        if not uow.people.set_calendar(person_id, None, now):
            return False
        uow.record(CalendarWithdrawn(at=now, by=actor, thing_id=person_id))
        uow.commit()
    return True


def _own(actor: Actor) -> PersonId:
    if actor.person_id is None:
        raise NotPermitted("ตั้งการแจ้งเตือนได้เฉพาะบุคคลที่มีบัญชี ผู้ดูแลระบบเพิ่มบัญชีได้")
    return actor.person_id


def _save(office: Services, uow: UnitOfWork, actor: Actor, person: Person) -> None:
    uow.people.save(person)
    uow.record(mail_set(person, at=office.clock.now(), by=actor))
    uow.commit()
