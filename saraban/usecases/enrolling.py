"""People of the organisation: their accounts, their passwords, and what they may read."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Person, PersonId
from saraban.domain.calendar import long_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.numbering import thai_digits
from saraban.domain.organisation import Clearance, check_days, read_authority, read_name, read_username
from saraban.domain.organisation_events import (
    ClearanceEnded,
    ClearanceGranted,
    PasswordChosen,
    PasswordReset,
    PersonAdded,
    PersonRenamed,
    PersonSwitched,
)
from saraban.domain.permissions import may_administer, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.notices import mail_set, notice_address
from saraban.usecases.ports import Services

MOST_PASSWORD = 200
LEAST_PASSWORD = 12
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 12


def add_person(office: Services, *, actor: Actor, name: str, username: str, email: str = "") -> tuple[PersonId, str]:
    """Give a person an account, and an address for mails about the work; the password that is given back works once,
    until the person chooses another."""
    require(may_administer(actor))
    name, username = read_name(name, "name", "ชื่อและนามสกุล"), read_username(username)
    password = one_time_password()
    hashed = office.passwords.hash(password)
    with office.uow() as uow:
        if uow.people.by_username(username) is not None:
            raise BadInput({"username": f"มีผู้ใช้ “{username}” แล้ว เลือกชื่ออื่น"})
        person = Person(PersonId(uuid4()), actor.agency_id, name, username, hashed, password_once=True)
        person.email, now = notice_address(uow.directory, email), office.clock.now()
        uow.people.add(person)
        uow.record(PersonAdded(at=now, by=actor, thing_id=person.id, person=name, username=username))
        if person.email:
            uow.record(mail_set(person, at=now, by=actor))
        uow.commit()
    return person.id, password


def rename_person(office: Services, *, actor: Actor, person_id: PersonId, name: str, authority: str) -> None:
    """Call a person otherwise from now on; what was signed keeps the name of its day."""
    require(may_administer(actor))
    name, authority = read_name(name, "name", "ชื่อและนามสกุล"), read_authority(authority)
    with office.uow() as uow:
        person = _person(uow, actor, person_id)
        before, person.name = person.name, name
        uow.people.save(person)
        uow.record(
            PersonRenamed(
                at=office.clock.now(), by=actor, thing_id=person.id, before=before, person=name, authority=authority
            )
        )
        uow.commit()


def switch_person(office: Services, *, actor: Actor, person_id: PersonId, active: bool, reason: str) -> None:
    """Close an account, or open it again. Nobody closes his own."""
    require(may_administer(actor))
    reason = " ".join(reason.split())
    if not reason:
        raise BadInput({"reason": "ใส่เหตุผล เช่น ลาออก เกษียณอายุ"})
    if person_id == actor.person_id:
        raise RuleBroken("ปิดบัญชีของตนเองไม่ได้ ให้ผู้ดูแลระบบคนอื่นทำ", code="own-account")
    with office.uow() as uow:
        person = _person(uow, actor, person_id)
        if person.active == active:
            return
        person.active = active
        uow.people.save(person)
        uow.record(
            PersonSwitched(
                at=office.clock.now(), by=actor, thing_id=person.id, person=person.name, active=active, reason=reason
            )
        )
        uow.commit()


def reset_password(office: Services, *, actor: Actor, person_id: PersonId) -> str:
    """Give a person a password that works once; the old one opens nothing any more."""
    require(may_administer(actor))
    password = one_time_password()
    hashed = office.passwords.hash(password)
    with office.uow() as uow:
        person = _person(uow, actor, person_id)
        person.password_hash, person.password_once = hashed, True
        uow.people.save(person)
        uow.record(PasswordReset(at=office.clock.now(), by=actor, thing_id=person.id, person=person.name))
        uow.commit()
    return password


def grant_clearance(
    office: Services, *, actor: Actor, person_id: PersonId, since: date, authority: str, until: date | None = None
) -> None:
    """Let a person read what is classified, by an order."""
    require(may_administer(actor))
    authority = read_authority(authority)
    check_days(since, until)
    with office.uow() as uow:
        person = _person(uow, actor, person_id)
        for known in uow.people.clearances(person.id):
            if (until is None or known.since <= until) and (known.until is None or known.until >= since):
                raise RuleBroken(f"{person.name}ได้รับอนุญาตอยู่แล้วตั้งแต่ {_day(known.since)}", code="already-cleared")
        uow.people.clear(Clearance(person.id, since, until, authority))
        uow.record(
            ClearanceGranted(
                at=office.clock.now(),
                by=actor,
                thing_id=person.id,
                person=person.name,
                since=since,
                until=until,
                authority=authority,
            )
        )
        uow.commit()


def end_clearance(
    office: Services, *, actor: Actor, person_id: PersonId, since: date, until: date, authority: str
) -> None:
    """Give a clearance its last day."""
    require(may_administer(actor))
    authority = read_authority(authority)
    check_days(since, until)
    with office.uow() as uow:
        person = _person(uow, actor, person_id)
        known = next((one for one in uow.people.clearances(person.id) if one.since == since), None)
        if known is None:
            raise NotFound
        uow.people.clear(replace(known, until=until))
        uow.record(
            ClearanceEnded(
                at=office.clock.now(),
                by=actor,
                thing_id=person.id,
                person=person.name,
                until=until,
                authority=authority,
            )
        )
        uow.commit()


def password_is_once(office: Services, *, actor: Actor) -> bool:
    """Was the person's password given by the administrator, so that another must be chosen?"""
    assert actor.person_id is not None
    with office.uow() as uow:
        return uow.people.get(actor.person_id).password_once


def choose_password(office: Services, *, actor: Actor, old: str, new: str, again: str) -> None:
    """Choose a password of one's own. Raises BadInput by field ("old", "new", "again")."""
    if actor.person_id is None:
        raise NotFound
    with office.uow() as uow:
        person = _person(uow, actor, actor.person_id)
    wrong = {}
    if not office.passwords.verify(person.password_hash, old):
        wrong["old"] = "รหัสผ่านเดิมไม่ถูกต้อง"
    if len(new) < LEAST_PASSWORD:
        wrong["new"] = "รหัสผ่านใหม่ยาวอย่างน้อย ๑๒ ตัว"
    elif len(new) > MOST_PASSWORD:
        wrong["new"] = "รหัสผ่านใหม่ยาวเกิน ๒๐๐ ตัว"
    elif new == old or person.username in new.lower():
        wrong["new"] = "ใช้รหัสผ่านเดิมหรือที่มีชื่อผู้ใช้อยู่ไม่ได้"
    elif new != again:
        wrong["again"] = "พิมพ์รหัสผ่านใหม่สองครั้งไม่เหมือนกัน"
    if wrong:
        raise BadInput(wrong)
    hashed = office.passwords.hash(new)
    with office.uow() as uow:
        person = _person(uow, actor, actor.person_id)
        person.password_hash, person.password_once = hashed, False
        uow.people.save(person)
        uow.record(PasswordChosen(at=office.clock.now(), by=actor, thing_id=person.id))
        uow.commit()


def one_time_password() -> str:
    """A password to be told once, in signs that nobody takes for one another."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def _person(uow: UnitOfWork, actor: Actor, person_id: PersonId) -> Person:
    person = uow.people.get(person_id)
    if person.agency_id != actor.agency_id:
        raise NotFound
    return person


def _day(day: date) -> str:
    return thai_digits(long_date(day))
